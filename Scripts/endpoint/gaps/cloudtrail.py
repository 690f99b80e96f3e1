"""CloudTrail: LookupEvents, over the calls that this endpoint has served.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import json
import re
import time

from gaps import answers, forgets, witnesses
from wire import AWSError

# (account, region) -> events, the oldest first.
EVENTS: dict[tuple, list[dict]] = {}

# Services whose events are recorded in us-east-1 alone.
GLOBAL = {"iam"}

ID = re.compile(r"(vpc|subnet|sg|sgr)-[0-9a-f]{8,17}")
# Parameters whose value CloudTrail lists as a resource.
NAMED = {"Bucket", "RoleName", "GroupId", "VpcId", "SubnetId"}


@forgets
def forget():
    EVENTS.clear()


@witnesses
def record(call, request_id: str) -> None:
    """An event as CloudTrail keeps it. Calls by hand (keys that end in HAND) are by a person."""
    by_hand = call.access_key.endswith("HAND")
    user = "ada" if by_hand else "trueup"
    region = "us-east-1" if call.service in GLOBAL else call.region
    now = time.time()
    request = json.loads(json.dumps(call.params, default=str))
    event = {
        "EventId": request_id,
        "EventName": call.operation,
        "ReadOnly": "false",
        "AccessKeyId": call.access_key,
        "EventTime": now,
        "EventSource": f"{call.service}.amazonaws.com",
        "Username": user,
        "Resources": [{"ResourceName": name} for name in sorted(set(names(request)))],
        "CloudTrailEvent": json.dumps(
            {
                "eventVersion": "1.10",
                "userIdentity": {
                    "type": "IAMUser",
                    "arn": f"arn:aws:iam::{call.account}:user/{user}",
                    "accountId": call.account,
                    "userName": user,
                },
                "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
                "eventName": call.operation,
                "awsRegion": region,
                "requestParameters": request,
                "requestID": request_id,
            }
        ),
    }
    EVENTS.setdefault((call.account, region), []).append(event)


@answers("cloudtrail:LookupEvents")
def lookup_events(call):
    """The newest first; one attribute at most."""
    attributes = call.params.get("LookupAttributes", [])
    if len(attributes) > 1:
        raise AWSError("InvalidLookupAttributesException", "Only one attribute can be looked up.")
    found = EVENTS.get((call.account, call.region), [])
    start, end = seconds(call.params.get("StartTime")), seconds(call.params.get("EndTime"))
    if start and end and start > end:
        raise AWSError("InvalidTimeRangeException", "The start time is after the end time.")
    for attribute in attributes:
        found = [event for event in found if matches(event, attribute)]
    return {
        "Events": [
            event
            for event in reversed(found)
            if (not start or event["EventTime"] >= start) and (not end or event["EventTime"] <= end)
        ]
    }


def matches(event: dict, attribute: dict) -> bool:
    key, value = attribute["AttributeKey"], attribute["AttributeValue"]
    if key == "ResourceName":
        return any(resource["ResourceName"] == value for resource in event["Resources"])
    return event.get(key) == value


def names(value, key: str = "") -> list[str]:
    if isinstance(value, dict):
        return [name for k, item in value.items() for name in names(item, k)]
    if isinstance(value, list):
        return [name for item in value for name in names(item, key)]
    is_name = isinstance(value, str) and (key in NAMED or ID.fullmatch(value))
    return [value] if is_name else []


def seconds(value) -> float | None:
    if value is None or isinstance(value, (int, float)):
        return value
    return value.timestamp() if hasattr(value, "timestamp") else float(value)
