"""ECS: services, and how their deployments go.

A deployment takes a second. How it goes says the tag of an image: see `COURSES`.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone

from gaps import answers
from gaps.ecs import Region, age, now, region, strategy
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from wire import AWSError

DEPLOYMENT_SECONDS = 1.0
ROLLBACK_SECONDS = 0.5
DRAINING_SECONDS = 1.0

# What is part of a revision of a service: a change of it is deployed.
REVISION = [
    "taskDefinition", "capacityProviderStrategy", "launchType", "platformVersion", "loadBalancers",
    "serviceRegistries", "networkConfiguration", "serviceConnectConfiguration", "volumeConfigurations",
    "vpcLatticeConfigurations",
]
# What only deployments show.
OF_DEPLOYMENTS = ["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"]
ENDED = {"SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"}
BREAKER = "ECS deployment circuit breaker: tasks failed to start."
PULL = "CannotPullContainerError: pull image manifest has been retried 1 time(s): not found"
EXIT = "Essential container in task exited"

# How a deployment goes by the tag of an image. Other tags: it succeeds.
COURSES = {
    # Its tasks fail, and the circuit breaker ends it where there is one.
    "broken": {"tasks": PULL, "reason": BREAKER},
    "dies": {"tasks": EXIT, "reason": BREAKER},
    # The same, and what ran before fails as well.
    "sinks": {"tasks": EXIT, "reason": BREAKER, "rollback": "ROLLBACK_FAILED"},
    # An alarm goes off.
    "alarms": {"reason": "ECS deployment alarm: one or more alarms were triggered.", "alarms": True},
    # A person stops it, in the console.
    "stopped": {"reason": "Service deployment stopped by user.", "end": "STOPPED"},
    # Somebody else starts another one of what ran before.
    "superseded": {"supersedes": True},
    # It waits for a person.
    "pauses": {"pauses": True},
    # It stays under way until somebody ends it.
    "stays": {"stays": True},
}


class Deployment:
    def __init__(self, service: Service, source: dict | None):
        self.service = service
        self.id = f"ecs-svc/{uuid.uuid4().int % 10**19}"
        tail = f"{service.cluster}/{service.name}/{uuid.uuid4().hex[:21]}"
        self.arn = f"{service.here.prefix}service-deployment/{tail}"
        self.target = service.new_revision()
        self.source = source
        self.began = now()
        self.ended = None
        self.status = "PENDING"
        self.reason = None
        self.rollback = None
        # Where it waits for a person.
        self.hook = None

    @property
    def course(self) -> dict:
        return self.service.course(self.target["taskDefinition"])

    @property
    def configuration(self) -> dict:
        return self.service.settings.get("deploymentConfiguration", {})

    def advance(self) -> None:
        """Goes on as far as time has."""
        if self.status in ENDED:
            return
        passed, course = age(self.began), self.course
        if self.rollback:
            if age(self.rollback["startedAt"]) >= ROLLBACK_SECONDS:
                self.end(course.get("rollback", "ROLLBACK_SUCCESSFUL"), self.rollback["reason"])
        elif passed < DEPLOYMENT_SECONDS:
            self.status = "PENDING" if passed < DEPLOYMENT_SECONDS / 4 else "IN_PROGRESS"
        elif "end" in course:
            self.end(course["end"], course["reason"])
        elif "supersedes" in course and self.source:
            self.go_back()
            self.service.deploy()
        elif "pauses" in course and self.hook is None:
            self.hook = {
                "hookId": f"{uuid.uuid4().hex[:12]}",
                "targetType": "PAUSE",
                "status": "AWAITING_ACTION",
                "expiresAt": now() + timedelta(days=1),
                "timeoutAction": "ROLLBACK",
            }
        elif "stays" in course or self.hook and self.hook["status"] == "AWAITING_ACTION":
            self.status = "IN_PROGRESS"
        elif "reason" not in course:
            self.end("SUCCESSFUL", None)
        elif "tasks" in course and not self.configuration.get("deploymentCircuitBreaker", {}).get("enable"):
            self.status = "IN_PROGRESS"
        elif self.source is None or "tasks" in course and not self.configuration[
            "deploymentCircuitBreaker"
        ].get("rollback"):
            self.end("STOPPED", course["reason"])
        else:
            self.roll_back(course["reason"])

    def roll_back(self, reason: str) -> None:
        if self.source is None:
            return self.end("STOPPED", reason)
        self.status = "ROLLBACK_IN_PROGRESS"
        self.rollback = {
            "reason": reason,
            "startedAt": now(),
            "serviceRevisionArn": self.source["serviceRevisionArn"],
        }
        self.go_back()
        self.service.told("(deployment {0}) deployment failed: tasks failed to start.", self.id)

    def go_back(self) -> None:
        """The service is what it was before."""
        for member in REVISION:
            self.service.settings.pop(member, None)
            if member in self.source:
                self.service.settings[member] = self.source[member]

    def end(self, status: str, reason: str | None) -> None:
        self.status, self.reason, self.ended = status, reason, now()
        if status == "SUCCESSFUL":
            self.service.current = self.target

    @property
    def failed_tasks(self) -> int:
        """How many tasks in a row have not started."""
        failing = "tasks" in self.course and age(self.began) >= DEPLOYMENT_SECONDS
        return 4 if failing and not self.rollback else 0

    def brief(self) -> dict:
        shown = {
            "serviceDeploymentArn": self.arn,
            "serviceArn": self.service.arn,
            "clusterArn": f"{self.service.here.prefix}cluster/{self.service.cluster}",
            "createdAt": self.began,
            "startedAt": self.began,
            "targetServiceRevisionArn": self.target["serviceRevisionArn"],
            "status": self.status,
        }
        if self.reason:
            shown["statusReason"] = self.reason
        if self.ended:
            shown["finishedAt"] = self.ended
        return shown

    def whole(self) -> dict:
        shown = self.brief()
        shown.pop("targetServiceRevisionArn")
        shown["targetServiceRevision"] = {"arn": self.target["serviceRevisionArn"]}
        if self.source:
            shown["sourceServiceRevisions"] = [{"arn": self.source["serviceRevisionArn"]}]
        if self.rollback:
            shown["rollback"] = self.rollback
        if self.hook:
            shown["lifecycleHookDetails"] = [self.hook]
        if "alarms" in self.course:
            names = self.configuration.get("alarms", {}).get("alarmNames", [])
            shown["alarms"] = {
                "status": "TRIGGERED" if self.rollback else "MONITORING",
                "alarmNames": names,
                "triggeredAlarmNames": names[:1] if self.rollback else [],
            }
        return shown

    def shown(self, status: str, count: int) -> dict:
        """As the service shows it."""
        done = self.status == "SUCCESSFUL"
        members = {k: v for k, v in self.target.items() if k in REVISION and k != "loadBalancers"}
        members.pop("serviceRegistries", None)
        return {
            **members,
            "id": self.id,
            "status": status,
            "desiredCount": count,
            "runningCount": count if done else 0,
            "pendingCount": 0 if done else count,
            "createdAt": self.began,
            "updatedAt": self.ended or self.began,
            "failedTasks": self.failed_tasks,
            "rolloutState": "COMPLETED" if done
            else "FAILED" if self.status in ENDED else "IN_PROGRESS",
        }


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


def instant(value) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    return datetime.fromtimestamp(float(value), timezone.utc)


@answers("ecs:ListServiceDeployments")
def list_deployments(call):
    """The newest first, a page at a time. One that has just begun shows a moment later."""
    found = service(call, call.params["service"])
    found.advance()
    after = call.params.get("createdAt", {}).get("after")
    seen = [
        d
        for d in found.deployments
        if age(d.began) > DEPLOYMENT_SECONDS / 8 and (after is None or d.began > instant(after))
    ]
    begin = int(call.params.get("nextToken") or 0)
    end = begin + call.params.get("maxResults", 20)
    page = {"serviceDeployments": [d.brief() for d in seen[::-1][begin:end]]}
    return {**page, "nextToken": str(end)} if end < len(seen) else page


@answers("ecs:DescribeServiceDeployments")
def describe_deployments(call):
    arns = call.params["serviceDeploymentArns"]
    if len(arns) > 20:
        raise AWSError("InvalidParameterException", "At most 20 ARNs can be described.")
    shown = []
    for found in region(call).services.values():
        found.advance()
        shown += [d.whole() for d in found.deployments if d.arn in arns]
    return {"serviceDeployments": shown, "failures": []}


@answers("ecs:DescribeServiceRevisions")
def describe_revisions(call):
    arns = call.params["serviceRevisionArns"]
    revisions = [r for s in region(call).services.values() for r in s.revisions]
    return {
        "serviceRevisions": [r for r in revisions if r["serviceRevisionArn"] in arns],
        "failures": [],
    }


@answers("ecs:ListTasks")
def list_tasks(call):
    """Of a service whose tasks fail, one that has stopped."""
    found = service(call, call.params["serviceName"])
    stopped = any("tasks" in d.course for d in found.deployments)
    if call.params.get("desiredStatus") != "STOPPED" or not stopped:
        return {"taskArns": []}
    return {"taskArns": [f"{found.here.prefix}task/{found.cluster}/{uuid.uuid5(uuid.NAMESPACE_OID, found.arn).hex}"]}


@answers("ecs:DescribeTasks")
def describe_tasks(call):
    shown = []
    for arn in call.params["tasks"]:
        for found in region(call).services.values():
            if uuid.uuid5(uuid.NAMESPACE_OID, found.arn).hex != arn.rpartition("/")[2]:
                continue
            last = [d for d in found.deployments if "tasks" in d.course][-1]
            reason = last.course["tasks"]
            exited = {"name": "bot", "exitCode": 1} if reason == EXIT else {"name": "bot"}
            shown.append(
                {
                    "taskArn": arn,
                    "lastStatus": "STOPPED",
                    "createdAt": last.began + timedelta(seconds=DEPLOYMENT_SECONDS / 2),
                    "stoppedReason": reason,
                    "containers": [exited],
                }
            )
    return {"tasks": shown, "failures": []}


def under_way(call) -> Deployment:
    """The deployment that is to be ended or goes on."""
    for found in region(call).services.values():
        found.advance()
        for deployment in found.deployments:
            if deployment.arn == call.params["serviceDeploymentArn"]:
                if deployment.status in ENDED:
                    raise AWSError(
                        "ConflictException", "The service deployment is in a terminal state."
                    )
                return deployment
    raise AWSError("ServiceDeploymentNotFoundException", "The service deployment does not exist.")


@answers("ecs:StopServiceDeployment")
def stop_deployment(call):
    deployment = under_way(call)
    reason = "Service deployment stopped by user."
    if call.params.get("stopType", "ROLLBACK") == "ROLLBACK":
        deployment.roll_back(reason)
    else:
        deployment.end("STOPPED", reason)
    return {"serviceDeploymentArn": deployment.arn}


@answers("ecs:ContinueServiceDeployment")
def continue_deployment(call):
    deployment = under_way(call)
    hook = deployment.hook
    if hook is None or hook["hookId"] != call.params["hookId"] or hook["status"] != "AWAITING_ACTION":
        raise AWSError("InvalidParameterException", "The hook does not await an action.")
    if call.params.get("action") == "ROLLBACK":
        hook["status"] = "FAILED"
        deployment.roll_back("Service deployment rolled back at a lifecycle hook.")
    else:
        hook["status"] = "SUCCEEDED"
    return {"serviceDeploymentArn": deployment.arn}
