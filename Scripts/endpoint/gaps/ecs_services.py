"""ECS: services. How their deployments go is in `ecs_courses.py`, what is asked of them in
`ecs_deployments.py`.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
"""

from __future__ import annotations

import uuid

from gaps import answers
from gaps.ecs import Region, age, now, region, strategy
from gaps.ecs_courses import COURSES, ENDED, REVISION, ROLLBACK_SECONDS, Deployment
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from wire import AWSError

DRAINING_SECONDS = 1.0
# What only deployments show.
OF_DEPLOYMENTS = ["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"]


class Service:
    def __init__(self, here: Region, cluster: str, params: dict):
        self.here, self.cluster, self.name = here, cluster, params["serviceName"]
        self.arn = f"{here.prefix}service/{cluster}/{self.name}"
        self.made = now()
        self.token = params.get("clientToken")
        self.deleted = None
        self.events: list[dict] = []
        self.revisions: list[dict] = []
        self.deployments: list[Deployment] = []
        self.current: dict | None = None
        self.settings = settings(here, params)
        self.count_changed = self.made
        if self.controller == "ECS":
            self.deploy()

    @property
    def controller(self) -> str:
        return self.settings.get("deploymentController", {}).get("type", "ECS")

    @property
    def status(self) -> str:
        if self.deleted is None:
            return "ACTIVE"
        return "DRAINING" if age(self.deleted) < DRAINING_SECONDS else "INACTIVE"

    def told(self, message: str, *details: str) -> None:
        text = f"(service {self.name}) {message.format(*details)}"
        self.events.insert(0, {"id": str(uuid.uuid4()), "createdAt": now(), "message": text})

    def course(self, revision: str) -> dict:
        containers = self.here.revision(revision)["containerDefinitions"]
        tags = [container["image"].rpartition(":")[2] for container in containers]
        return next((COURSES[tag] for tag in tags if tag in COURSES), {})

    def new_revision(self) -> dict:
        number = uuid.uuid4().int % 10**19
        revision = {
            "serviceRevisionArn": f"{self.here.prefix}service-revision/{self.cluster}/{self.name}/{number}",
            "serviceArn": self.arn,
            "clusterArn": f"{self.here.prefix}cluster/{self.cluster}",
            "createdAt": now(),
            **{k: v for k, v in self.settings.items() if k in REVISION},
        }
        self.revisions.append(revision)
        return revision

    def deploy(self) -> None:
        for earlier in self.deployments:
            if earlier.status not in ENDED:
                earlier.end("STOPPED", "The deployment was superseded by a newer one.")
        self.deployments.append(Deployment(self, self.current))
        self.told("(deployment {0}) has started 1 tasks: (task {1}).", self.deployments[-1].id, "1a")

    def update(self, params: dict) -> None:
        changed = {k: v for k, v in settings(self.here, params, update=True).items()}
        revised = [k for k in REVISION if k in changed and changed[k] != self.settings.get(k)]
        if "capacityProviderStrategy" in revised and not params.get("forceNewDeployment"):
            raise AWSError(
                "InvalidParameterException",
                "When you make a change to a capacity provider strategy on a service that is already "
                "using one, you must force a new deployment.",
            )
        if "desiredCount" in changed and changed["desiredCount"] != self.settings.get("desiredCount"):
            self.count_changed = now()
        if "capacityProviderStrategy" in changed:
            self.settings.pop("launchType", None)
            if not changed["capacityProviderStrategy"]:
                self.settings["launchType"] = "FARGATE"
        self.settings.update(changed)
        if self.controller == "ECS" and (revised or params.get("forceNewDeployment")):
            self.deploy()

    def advance(self) -> None:
        for deployment in self.deployments:
            deployment.advance()

    def shown(self, tags: bool = False) -> dict:
        self.advance()
        count = self.settings.get("desiredCount", 0) if self.status == "ACTIVE" else 0
        last = self.deployments[-1] if self.deployments else None
        settled = age(self.count_changed) > ROLLBACK_SECONDS and (
            last is None or last.status in ("SUCCESSFUL", "ROLLBACK_SUCCESSFUL")
        )
        running = count if settled else 0
        members = {k: v for k, v in self.settings.items() if k not in OF_DEPLOYMENTS}
        shown = {
            **members,
            "serviceArn": self.arn,
            "serviceName": self.name,
            "clusterArn": f"{self.here.prefix}cluster/{self.cluster}",
            "status": self.status,
            "desiredCount": count,
            "runningCount": running,
            "pendingCount": count - running,
            "createdAt": self.made,
            "events": self.events[:100],
            "deployments": self.shown_deployments(count),
            "roleArn": members.get("role")
            or f"arn:aws:iam::{self.here.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        }
        shown.pop("role", None)
        if tags:
            shown["tags"] = self.here.tag_list(self.arn)
        return shown

    def shown_deployments(self, count: int) -> list[dict]:
        if not self.deployments:
            return []
        last = self.deployments[-1]
        if last.rollback:
            # The primary one is that which goes back.
            done = last.status == "ROLLBACK_SUCCESSFUL"
            back = last.shown("PRIMARY", count)
            for member in REVISION:
                back.pop(member, None)
                if member in last.source and member not in ("loadBalancers", "serviceRegistries"):
                    back[member] = last.source[member]
            back["rolloutState"] = (
                "COMPLETED" if done else "FAILED" if last.status in ENDED else "IN_PROGRESS"
            )
            return [back] if done else [back, last.shown("ACTIVE", count)]
        shown = [last.shown("PRIMARY", count)]
        # The tasks of the old one go on where it was stopped.
        if last.status != "SUCCESSFUL" and last.source:
            old = last.shown("ACTIVE", count)
            old["taskDefinition"] = last.source["taskDefinition"]
            shown.append(old)
        return shown


def settings(here: Region, params: dict, update: bool = False) -> dict:
    """What ECS makes of the parameters."""
    kept = set(REVISION) | {
        "availabilityZoneRebalancing", "deploymentConfiguration", "deploymentController",
        "desiredCount", "enableECSManagedTags", "enableExecuteCommand", "healthCheckGracePeriodSeconds",
        "placementConstraints", "placementStrategy", "propagateTags", "role", "schedulingStrategy",
    }
    made = {k: v for k, v in params.items() if k in kept}
    if "taskDefinition" in made:
        revision = here.revision(made["taskDefinition"])
        if revision["status"] == "INACTIVE":
            raise AWSError("ClientException", "TaskDefinition is inactive")
        made["taskDefinition"] = revision["taskDefinitionArn"]
    if "capacityProviderStrategy" in made:
        made["capacityProviderStrategy"] = strategy(made["capacityProviderStrategy"])
    if "networkConfiguration" in made:
        network = made["networkConfiguration"]["awsvpcConfiguration"]
        made["networkConfiguration"] = {
            "awsvpcConfiguration": {"assignPublicIp": "DISABLED", **network}
        }
    if not update:
        rolling = {"maximumPercent": 200, "minimumHealthyPercent": 100, "strategy": "ROLLING"}
        breaker = {"enable": False, "rollback": False}
        given = made.get("deploymentConfiguration", {})
        made["deploymentConfiguration"] = {
            "deploymentCircuitBreaker": breaker, "bakeTimeInMinutes": 0, **rolling, **given
        }
        initial = {
            "availabilityZoneRebalancing": "ENABLED", "deploymentController": {"type": "ECS"},
            "enableECSManagedTags": False, "enableExecuteCommand": False, "loadBalancers": [],
            "placementConstraints": [], "placementStrategy": [], "propagateTags": "NONE",
            "schedulingStrategy": "REPLICA", "serviceRegistries": [],
        }
        if "capacityProviderStrategy" not in made:
            initial["launchType"] = "EC2"
        if made.get("launchType") == "FARGATE" or "FARGATE" in str(made.get("capacityProviderStrategy")):
            initial["platformVersion"] = "LATEST"
        made = {**initial, **made}
    return made


def check(call, cluster: dict, params: dict) -> None:
    """Raises what ECS refuses because of something else."""
    known = {s for zones in ec2_backends[call.account][call.region].subnets.values() for s in zones}
    network = params.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    for subnet in network.get("subnets", []):
        if subnet not in known:
            raise AWSError(
                "InvalidParameterException",
                f"Error retrieving subnet information for [{subnet}]: The subnet ID '{subnet}' does not "
                "exist (ErrorCode: InvalidSubnetID.NotFound)",
            )
    groups = elbv2_backends[call.account][call.region].target_groups
    for balancer in params.get("loadBalancers", []):
        group = groups.get(balancer.get("targetGroupArn"))
        if group is not None and not group.load_balancer_arns:
            raise AWSError(
                "InvalidParameterException",
                f"The target group with targetGroupArn {group.arn} does not have an associated load "
                "balancer.",
            )
    for item in params.get("capacityProviderStrategy", []):
        if item["capacityProvider"] not in cluster["capacityProviders"]:
            raise AWSError(
                "InvalidParameterException",
                f"The specified capacity provider {item['capacityProvider']} was not found in the "
                "cluster.",
            )


def service(call, name: str) -> Service:
    here = region(call)
    cluster = here.cluster(call.params.get("cluster"))
    found = here.services.get((cluster["clusterName"], name.split("/")[-1]))
    if found is None:
        raise AWSError("ServiceNotFoundException", "Service not found.")
    if found.status == "INACTIVE":
        raise AWSError("ServiceNotActiveException", "Service was not ACTIVE.")
    return found


@answers("ecs:CreateService")
def create(call):
    here, params = region(call), call.params
    cluster = here.cluster(params.get("cluster"))
    key = (cluster["clusterName"], params["serviceName"])
    found = here.services.get(key)
    if found is not None and found.status == "ACTIVE":
        if found.token is None or found.token != params.get("clientToken"):
            raise AWSError(
                "InvalidParameterException", "Creation of service was not idempotent."
            )
        return {"service": found.shown(tags=True)}
    if found is not None and found.status == "DRAINING":
        raise AWSError(
            "InvalidParameterException", "Unable to Start a service that is still Draining."
        )
    check(call, cluster, params)
    made = Service(here, cluster["clusterName"], params)
    here.services[key] = made
    here.tags[made.arn] = {}
    here.put_tags(made.arn, params.get("tags"))
    return {"service": made.shown(tags=True)}


@answers("ecs:UpdateService")
def update(call):
    found = service(call, call.params["service"])
    if found.status != "ACTIVE":
        raise AWSError("ServiceNotActiveException", "Service was not ACTIVE.")
    check(call, region(call).cluster(call.params.get("cluster")), call.params)
    found.advance()
    found.update(call.params)
    return {"service": found.shown()}


@answers("ecs:DeleteService")
def delete(call):
    found = service(call, call.params["service"])
    if found.settings.get("desiredCount", 0) > 0 and not call.params.get("force"):
        raise AWSError(
            "InvalidParameterException", "The service cannot be stopped while it is scaled above 0."
        )
    found.deleted = found.deleted or now()
    return {"service": found.shown()}


@answers("ecs:DescribeServices")
def describe(call):
    here, names = region(call), call.params["services"]
    cluster = here.cluster(call.params.get("cluster"))
    if len(names) > 10:
        raise AWSError("InvalidParameterException", "Services cannot have more than 10 elements.")
    tags = "TAGS" in call.params.get("include", [])
    shown, failures = [], []
    for name in names:
        found = here.services.get((cluster["clusterName"], name.split("/")[-1]))
        if found is None:
            failures.append({"arn": name, "reason": "MISSING"})
        else:
            shown.append(found.shown(tags))
    return {"services": shown, "failures": failures}


@answers("ecs:ListServices")
def list_services(call):
    here = region(call)
    cluster = here.cluster(call.params.get("cluster"))["clusterName"]
    live = [s for (name, _), s in here.services.items() if name == cluster and s.status == "ACTIVE"]
    return {"serviceArns": [s.arn for s in live]}
