"""ECS: how deployments of services go.

A deployment takes a second. How it goes says the tag of an image: see `COURSES`.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from gaps.ecs import age, now

if TYPE_CHECKING:
    from gaps.ecs_services import Service

DEPLOYMENT_SECONDS = 1.0
ROLLBACK_SECONDS = 0.5

# What is part of a revision of a service: a change of it is deployed.
REVISION = [
    "taskDefinition", "capacityProviderStrategy", "launchType", "platformVersion", "loadBalancers",
    "serviceRegistries", "networkConfiguration", "serviceConnectConfiguration", "volumeConfigurations",
    "vpcLatticeConfigurations",
]
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
