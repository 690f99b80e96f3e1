"""Elastic Load Balancing: target groups and what is registered in them, as AWS answers them.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/
"""

from gaps import answers
from gaps.elbv2 import arn, check_name, find, keep, new_id, settings, shown, state, write, written
from wire import AWSError

HEALTH = (
    "HealthCheckEnabled",
    "HealthCheckIntervalSeconds",
    "HealthCheckPath",
    "HealthCheckPort",
    "HealthCheckProtocol",
    "HealthCheckTimeoutSeconds",
    "HealthyThresholdCount",
    "Matcher",
    "UnhealthyThresholdCount",
)


def health(params: dict) -> dict:
    """The health check of a group of which nothing is said."""
    kind = params.get("TargetType", "instance")
    protocol = params.get("Protocol")
    grpc = params.get("ProtocolVersion") == "GRPC"
    if kind == "lambda":
        return {
            "HealthCheckEnabled": False,
            "HealthCheckIntervalSeconds": 35,
            "HealthCheckPath": "/",
            "HealthCheckTimeoutSeconds": 30,
            "HealthyThresholdCount": 5,
            "Matcher": {"HttpCode": "200"},
            "UnhealthyThresholdCount": 2,
        }
    found = {
        "HealthCheckEnabled": True,
        "HealthCheckIntervalSeconds": 10 if protocol == "GENEVE" else 30,
        "HealthCheckPort": "80" if protocol == "GENEVE" else "traffic-port",
        "HealthyThresholdCount": 5,
        "UnhealthyThresholdCount": 2,
    }
    usual = "HTTP" if protocol in ("HTTP", "HTTPS") or kind == "alb" else "TCP"
    checked = params.get("HealthCheckProtocol", usual)
    found["HealthCheckProtocol"] = usual
    if checked in ("HTTP", "HTTPS"):
        found["HealthCheckPath"] = "/AWS.ALB/healthcheck" if grpc else "/"
        code = "200" if protocol in ("HTTP", "HTTPS") else "200-399"
        found["Matcher"] = {"GrpcCode": "12"} if grpc else {"HttpCode": code}
    found["HealthCheckTimeoutSeconds"] = (
        5 if protocol in ("HTTP", "HTTPS", "GENEVE") else 6 if checked == "HTTP" else 10
    )
    return found


def attributes(params: dict) -> dict:
    kind, protocol = params.get("TargetType", "instance"), params.get("Protocol")
    failover = {
        f"target_group_health.{where}.minimum_healthy_targets.{unit}": value
        for where in ("dns_failover", "unhealthy_state_routing")
        for unit, value in (("count", "1"), ("percentage", "off"))
    }
    zones = {"load_balancing.cross_zone.enabled": "use_load_balancer_configuration"}
    if kind == "lambda":
        sticky = {"stickiness.type": "lb_cookie", "stickiness.lb_cookie.duration_seconds": "86400"}
        multiple = {"lambda.multi_value_headers.enabled": "false", "stickiness.enabled": "false"}
        return {**multiple, **zones, **failover, **sticky}
    common = {"deregistration_delay.timeout_seconds": "300", "stickiness.enabled": "false"}
    if protocol in ("HTTP", "HTTPS"):
        return {
            **common,
            **zones,
            **failover,
            "load_balancing.algorithm.anomaly_mitigation": "off",
            "load_balancing.algorithm.type": "round_robin",
            "slow_start.duration_seconds": "0",
            "stickiness.app_cookie.cookie_name": "",
            "stickiness.app_cookie.duration_seconds": "86400",
            "stickiness.lb_cookie.duration_seconds": "86400",
            "stickiness.type": "lb_cookie",
        }
    if protocol == "GENEVE":
        return {
            **common,
            "stickiness.type": "source_ip_dest_ip_proto",
            "target_failover.on_deregistration": "no_rebalance",
            "target_failover.on_unhealthy": "no_rebalance",
        }
    return {
        **common,
        **zones,
        **failover,
        "deregistration_delay.connection_termination.enabled": "false",
        "preserve_client_ip.enabled": "true",
        "proxy_protocol_v2.enabled": "false",
        "stickiness.type": "source_ip",
        "target_health_state.unhealthy.connection_termination.enabled": "true",
        "target_health_state.unhealthy.draining_interval_seconds": "0",
    }


@answers("elbv2:CreateTargetGroup")
def create_group(call):
    params = call.params
    check_name(params["Name"])
    for known in state(call).groups.values():
        if known["TargetGroupName"] == params["Name"]:
            if known["_settings"] != settings(params):
                raise AWSError(
                    "DuplicateTargetGroupName",
                    f"A target group with the same name '{params['Name']}' exists, but with "
                    "different settings",
                )
            return {"TargetGroups": [group(call, known)]}
    kind = params.get("TargetType", "instance")
    for key in ("Protocol", "Port", "VpcId"):
        if (key in params) == (kind == "lambda"):
            raise AWSError(
                "ValidationError",
                f"{key} {'cannot' if kind == 'lambda' else 'must'} be specified for the target "
                f"type {kind}",
            )
    own = arn(call, f"targetgroup/{params['Name']}/{new_id()}")
    made = {
        "TargetGroupArn": own,
        "TargetGroupName": params["Name"],
        "TargetType": kind,
        **health(params),
        **{key: params[key] for key in HEALTH if key in params},
    }
    for key in ("Protocol", "Port", "VpcId", "TargetControlPort"):
        if key in params:
            made[key] = params[key]
    if kind != "lambda":
        made["IpAddressType"] = params.get("IpAddressType", "ipv4")
    if params.get("Protocol") in ("HTTP", "HTTPS"):
        made["ProtocolVersion"] = params.get("ProtocolVersion", "HTTP1")
    state(call).groups[own] = keep(call, own, made, _attributes=attributes(params), _targets={})
    return {"TargetGroups": [group(call, state(call).groups[own])]}


def users(call, own: str) -> list[str]:
    """The load balancers that forward to a group."""
    found = set()
    for listener in state(call).listeners.values():
        if own in groups_of(listener["DefaultActions"]):
            found.add(listener["LoadBalancerArn"])
    for rule in state(call).rules.values():
        if own in groups_of(rule["Actions"]):
            found.add(state(call).listeners[rule["_listener"]]["LoadBalancerArn"])
    return sorted(found)


def groups_of(actions: list[dict]) -> list[str]:
    return [
        entry["TargetGroupArn"]
        for action in actions
        for entry in action.get("ForwardConfig", {}).get("TargetGroups", [])
    ]


def group(call, known: dict) -> dict:
    return {**shown(known), "LoadBalancerArns": users(call, known["TargetGroupArn"])}


@answers("elbv2:DescribeTargetGroups")
def describe_groups(call):
    arns, names = call.params.get("TargetGroupArns", []), call.params.get("Names", [])
    found = [find(call, a) for a in arns] if arns else list(state(call).groups.values())
    if names:
        found = [g for g in found if g["TargetGroupName"] in names]
        if len(found) < len(names):
            raise AWSError("TargetGroupNotFound", "One or more target groups not found")
    balancer = call.params.get("LoadBalancerArn")
    if balancer:
        found = [g for g in found if balancer in users(call, g["TargetGroupArn"])]
    return {"TargetGroups": [group(call, g) for g in found]}


@answers("elbv2:ModifyTargetGroup")
def modify_group(call):
    known = find(call, call.params["TargetGroupArn"])
    wanted = {key: call.params[key] for key in HEALTH if key in call.params}
    if wanted.get("HealthCheckEnabled") is False and known["TargetType"] != "lambda":
        raise AWSError(
            "InvalidConfigurationRequest", "Health check enabled must be true for this target type"
        )
    known.update(wanted)
    return {"TargetGroups": [group(call, known)]}


@answers("elbv2:DescribeTargetGroupAttributes")
def describe_attributes(call):
    return written(find(call, call.params["TargetGroupArn"])["_attributes"])


@answers("elbv2:ModifyTargetGroupAttributes")
def modify_attributes(call):
    return write(call, call.params["TargetGroupArn"])


@answers("elbv2:DeleteTargetGroup")
def delete_group(call):
    own = call.params["TargetGroupArn"]
    find(call, own)
    if users(call, own):
        raise AWSError(
            "ResourceInUse",
            f"Target group '{own}' is currently in use by a listener or a rule",
        )
    del state(call).groups[own]
    state(call).tags.pop(own, None)
    return {}


def key(known: dict, target: dict) -> tuple:
    return target["Id"], target.get("Port", known.get("Port"))


@answers("elbv2:RegisterTargets")
def register(call):
    known = find(call, call.params["TargetGroupArn"])
    for target in call.params["Targets"]:
        kept = dict(target)
        if known["TargetType"] != "lambda":
            kept.setdefault("Port", known["Port"])
        known["_targets"][key(known, target)] = kept
    return {}


@answers("elbv2:DeregisterTargets")
def deregister(call):
    known = find(call, call.params["TargetGroupArn"])
    for target in call.params["Targets"]:
        known["_targets"].pop(key(known, target), None)
    return {}


@answers("elbv2:DescribeTargetHealth")
def describe_health(call):
    known = find(call, call.params["TargetGroupArn"])
    port = known.get("HealthCheckPort", "traffic-port")
    found = []
    for target in known["_targets"].values():
        checked = str(target.get("Port", "")) if port == "traffic-port" else port
        described = {"Target": target, "TargetHealth": {"State": "healthy"}}
        if checked:
            described["HealthCheckPort"] = checked
        found.append(described)
    return {"TargetHealthDescriptions": found}
