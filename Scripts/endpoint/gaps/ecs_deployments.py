"""ECS: what is asked of deployments, of revisions of services and of the tasks that failed, and what a person
does about a deployment.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone

from gaps import answers
from gaps.ecs import age, region
from gaps.ecs_courses import DEPLOYMENT_SECONDS, ENDED, EXIT, Deployment
from gaps.ecs_services import service
from wire import AWSError


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
