"""Application Auto Scaling: what of it moto refuses, forgets or leaves behind.

https://docs.aws.amazon.com/autoscaling/application/APIReference/
"""

from __future__ import annotations

import uuid
from collections import defaultdict

from gaps import answers, forgets
from gaps.ecs import now, region
from moto.cloudwatch.models import cloudwatch_backends
from wire import AWSError

KEYS = ("ServiceNamespace", "ResourceId", "ScalableDimension")
CONFIGURATIONS = [
    "StepScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration",
    "PredictiveScalingPolicyConfiguration",
]
SUSPENDED = [
    "DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended",
]


class Scaling:
    """What an account has in a region: targets, and their policies and actions by name."""

    def __init__(self):
        self.targets: dict[tuple, dict] = {}
        self.policies: dict[tuple, dict] = {}
        self.actions: dict[tuple, dict] = {}


REGIONS: dict[tuple[str, str], Scaling] = defaultdict(Scaling)


@forgets
def forget():
    REGIONS.clear()


def here(call) -> Scaling:
    return REGIONS[call.account, call.region]


def key(params: dict) -> tuple:
    return tuple(params[name] for name in KEYS)


def target(call) -> dict:
    found = here(call).targets.get(key(call.params))
    if found is None:
        raise AWSError("ObjectNotFoundException", "No scalable target registered for this resource.")
    return found


@answers("application-autoscaling:RegisterScalableTarget")
def register(call):
    params, known = call.params, here(call).targets
    if params["ServiceNamespace"] == "ecs":
        _, cluster, name = params["ResourceId"].split("/")
        service = region(call).services.get((cluster, name))
        if service is None or service.status != "ACTIVE":
            raise AWSError(
                "ValidationException", f"ECS service doesn't exist: {params['ResourceId']}"
            )
    found = known.get(key(params))
    if found is None:
        if "MinCapacity" not in params or "MaxCapacity" not in params:
            raise AWSError("ValidationException", "MinCapacity and MaxCapacity are required.")
        service = params["ServiceNamespace"]
        found = known[key(params)] = {
            **{name: params[name] for name in KEYS},
            "RoleARN": f"arn:aws:iam::{call.account}:role/aws-service-role/{service}"
            f".application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_{service}",
            "CreationTime": now(),
            "SuspendedState": {name: False for name in SUSPENDED},
            "ScalableTargetARN": f"arn:aws:application-autoscaling:{call.region}:{call.account}:"
            f"scalable-target/{uuid.uuid4().hex[:20]}",
        }
    for name in ("MinCapacity", "MaxCapacity"):
        if name in params:
            found[name] = params[name]
    found["SuspendedState"] = {**found["SuspendedState"], **params.get("SuspendedState", {})}
    return {"ScalableTargetARN": found["ScalableTargetARN"]}


@answers("application-autoscaling:DescribeScalableTargets")
def describe_targets(call):
    namespace = call.params["ServiceNamespace"]
    known = here(call).targets.values()
    return {"ScalableTargets": [t for t in known if t["ServiceNamespace"] == namespace]}


@answers("application-autoscaling:DeregisterScalableTarget")
def deregister(call):
    """Policies and actions of the target go along."""
    target(call)
    found, wanted = here(call), key(call.params)
    del found.targets[wanted]
    for policy in [k for k in found.policies if k[:3] == wanted]:
        drop_alarms(call, found.policies.pop(policy))
    for action in [k for k in found.actions if k[:3] == wanted]:
        del found.actions[action]
    return {}


@answers("application-autoscaling:PutScalingPolicy")
def put_policy(call):
    target(call)
    params, known = call.params, here(call).policies
    name = (*key(params), params["PolicyName"])
    old = known.get(name, {})
    if old and old["PolicyType"] != params.get("PolicyType", old["PolicyType"]):
        raise AWSError("ValidationException", "The type of a policy cannot be changed.")
    service, resource = params["ServiceNamespace"], params["ResourceId"]
    policy = known[name] = {
        **{member: params[member] for member in KEYS},
        "PolicyName": params["PolicyName"],
        "PolicyType": params.get("PolicyType", "StepScaling"),
        "PolicyARN": old.get("PolicyARN")
        or f"arn:aws:autoscaling:{call.region}:{call.account}:scalingPolicy:{uuid.uuid4()}:resource/"
        f"{service}/{resource}:policyName/{params['PolicyName']}",
        "CreationTime": old.get("CreationTime") or now(),
        "Alarms": old.get("Alarms", []),
        **{member: params[member] for member in CONFIGURATIONS if member in params},
    }
    tracking = policy.get("TargetTrackingScalingPolicyConfiguration")
    if tracking is not None:
        tracking.setdefault("DisableScaleIn", False)
        policy["Alarms"] = policy["Alarms"] or make_alarms(call, policy)
    return {"PolicyARN": policy["PolicyARN"], "Alarms": policy["Alarms"]}


def make_alarms(call, policy: dict) -> list[dict]:
    backend, alarms = cloudwatch_backends[call.account][call.region], []
    for side, operator in (("High", "GreaterThanThreshold"), ("Low", "LessThanThreshold")):
        alarm = backend.put_metric_alarm(
            name=f"TargetTracking-{policy['ResourceId']}-Alarm{side}-{uuid.uuid4()}",
            namespace="AWS/ECS",
            metric_name="CPUUtilization",
            metric_data_queries=[],
            comparison_operator=operator,
            evaluation_periods=3,
            period=60,
            threshold=50.0,
            statistic="Average",
            description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy['PolicyARN']}.",
            dimensions=[],
            alarm_actions=[policy["PolicyARN"]],
        )
        alarms.append({"AlarmName": alarm.name, "AlarmARN": alarm.alarm_arn})
    return alarms


def drop_alarms(call, policy: dict) -> None:
    cloudwatch_backends[call.account][call.region].delete_alarms(
        [alarm["AlarmName"] for alarm in policy["Alarms"]]
    )


@answers("application-autoscaling:DescribeScalingPolicies")
def describe_policies(call):
    if call.params.get("MaxResults", 10) > 10:
        raise AWSError("ValidationException", "MaxResults is 10 at most.")
    namespace = call.params["ServiceNamespace"]
    known = here(call).policies.values()
    return {"ScalingPolicies": [p for p in known if p["ServiceNamespace"] == namespace]}


@answers("application-autoscaling:DeleteScalingPolicy")
def delete_policy(call):
    found = here(call).policies.pop((*key(call.params), call.params["PolicyName"]), None)
    if found is None:
        raise AWSError("ObjectNotFoundException", "No scaling policy found.")
    drop_alarms(call, found)
    return {}


@answers("application-autoscaling:PutScheduledAction")
def put_action(call):
    target(call)
    params = call.params
    name = (*key(params), params["ScheduledActionName"])
    here(call).actions[name] = {
        **{k: v for k, v in params.items()},
        "ScheduledActionARN": f"arn:aws:autoscaling:{call.region}:{call.account}:scheduledAction:"
        f"{uuid.uuid4()}",
        "CreationTime": now(),
    }
    return {}


@answers("application-autoscaling:DescribeScheduledActions")
def describe_actions(call):
    namespace = call.params["ServiceNamespace"]
    known = here(call).actions.values()
    return {"ScheduledActions": [a for a in known if a["ServiceNamespace"] == namespace]}


@answers("application-autoscaling:DeleteScheduledAction")
def delete_action(call):
    name = (*key(call.params), call.params["ScheduledActionName"])
    if here(call).actions.pop(name, None) is None:
        raise AWSError("ObjectNotFoundException", "No scheduled action found.")
    return {}
