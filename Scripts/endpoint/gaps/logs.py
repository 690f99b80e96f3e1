"""CloudWatch Logs: what a log group carries besides retention and key.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
"""

import time
import uuid

from gaps import amends, answers, forgets, prepares
from moto.logs.models import logs_backends
from wire import AWSError

# The values that PutRetentionPolicy accepts.
RETENTION = {
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
}  # fmt: skip

# (account, region, log group name) -> what moto has no place for.
GROUPS: dict[tuple, dict] = {}
# (account, region, ARN) -> the resource policy of one log group.
RESOURCE_POLICIES: dict[tuple, dict] = {}


@forgets
def forget():
    GROUPS.clear()
    RESOURCE_POLICIES.clear()


def group_name(identifier: str) -> str:
    """The name in an identifier, which is a name or an ARN, with or without `:*`."""
    if identifier.startswith("arn:"):
        return identifier.split(":log-group:", 1)[1].removesuffix(":*")
    return identifier


def moto_group(call, name: str):
    groups = logs_backends[call.account][call.region].groups
    if name not in groups:
        raise AWSError("ResourceNotFoundException", "The specified log group does not exist.")
    return groups[name]


def details(call, identifier: str) -> dict:
    name = group_name(identifier)
    moto_group(call, name)
    return GROUPS.setdefault((call.account, call.region, name), {})


def refuse_if(condition: bool, code: str, message: str) -> None:
    if condition:
        raise AWSError(code, message)


@prepares("logs:CreateLogGroup")
def check_create(call):
    name = call.params.get("logGroupName", "")
    group_class = call.params.get("logGroupClass", "STANDARD")
    refuse_if(
        group_class not in ("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
        "InvalidParameterException",
        f"{group_class} is not a log group class.",
    )
    refuse_if(
        name.startswith("aws/"),
        "InvalidParameterException",
        "Log groups starting with aws/ are reserved for AWS.",
    )


@amends("logs:CreateLogGroup")
def remember_create(call, result):
    name = call.params["logGroupName"]
    # Of an earlier group of this name nothing remains.
    GROUPS[(call.account, call.region, name)] = {
        "logGroupClass": call.params.get("logGroupClass", "STANDARD"),
        "deletionProtectionEnabled": call.params.get("deletionProtectionEnabled", False),
    }
    return result


@prepares("logs:DeleteLogGroup")
def check_delete(call):
    group = details(call, call.params["logGroupName"])
    refuse_if(
        group.get("deletionProtectionEnabled", False),
        "ValidationException",
        "The log group has deletion protection enabled.",
    )


@amends("logs:DeleteLogGroup")
def remember_delete(call, result):
    name = call.params["logGroupName"]
    GROUPS.pop((call.account, call.region, name), None)
    for key in [k for k in RESOURCE_POLICIES if group_name(k[2]) == name]:
        del RESOURCE_POLICIES[key]
    return result


@prepares("logs:PutRetentionPolicy")
def check_retention(call):
    days = call.params.get("retentionInDays")
    refuse_if(
        days not in RETENTION,
        "InvalidParameterException",
        f"{days} is not one of the allowed numbers of days.",
    )


@amends("logs:DescribeLogGroups")
def complete_groups(call, result):
    wanted = [group_name(i) for i in call.params.get("logGroupIdentifiers", [])]
    group_class = call.params.get("logGroupClass")
    pattern = call.params.get("logGroupNamePattern", "")
    shown = []
    for group in result.get("logGroups", []):
        name = group["logGroupName"]
        kept = GROUPS.get((call.account, call.region, name), {})
        group["logGroupArn"] = group["arn"].removesuffix(":*")
        group["logGroupClass"] = kept.get("logGroupClass", "STANDARD")
        group["deletionProtectionEnabled"] = kept.get("deletionProtectionEnabled", False)
        group["bearerTokenAuthenticationEnabled"] = kept.get("bearerToken", False)
        if "dataProtection" in kept:
            group["dataProtectionStatus"] = "ACTIVATED"
        if (
            (not wanted or name in wanted)
            and group_class in (None, group["logGroupClass"])
            and pattern.lower() in name.lower()
        ):
            shown.append(group)
    return {**result, "logGroups": shown}


@answers("logs:ListLogGroups")
def list_groups(call):
    groups = logs_backends[call.account][call.region].groups.values()
    summaries = [
        {
            "logGroupName": group.name,
            "logGroupArn": group.arn.removesuffix(":*"),
            "logGroupClass": GROUPS.get((call.account, call.region, group.name), {}).get(
                "logGroupClass", "STANDARD"
            ),
        }
        for group in sorted(groups, key=lambda g: g.name)
    ]
    return {"logGroups": summaries}


@answers("logs:AssociateKmsKey", "logs:DisassociateKmsKey")
def set_key(call):
    identifier = call.params.get("logGroupName") or call.params.get("resourceIdentifier", "")
    moto_group(call, group_name(identifier)).kms_key_id = call.params.get("kmsKeyId")
    return {}


@answers("logs:PutLogGroupDeletionProtection")
def set_deletion_protection(call):
    group = details(call, call.params["logGroupIdentifier"])
    group["deletionProtectionEnabled"] = call.params["deletionProtectionEnabled"]
    return {}


@answers("logs:PutBearerTokenAuthentication")
def set_bearer_token(call):
    group = details(call, call.params["logGroupIdentifier"])
    group["bearerToken"] = call.params["bearerTokenAuthenticationEnabled"]
    return {}


@answers("logs:PutDataProtectionPolicy")
def put_data_protection(call):
    group = details(call, call.params["logGroupIdentifier"])
    group["dataProtection"] = {
        "logGroupIdentifier": call.params["logGroupIdentifier"],
        "policyDocument": call.params["policyDocument"],
        "lastUpdatedTime": int(time.time() * 1000),
    }
    return group["dataProtection"]


@answers("logs:GetDataProtectionPolicy")
def get_data_protection(call):
    identifier = call.params["logGroupIdentifier"]
    group = details(call, identifier)
    return group.get("dataProtection", {"logGroupIdentifier": identifier})


@answers("logs:DeleteDataProtectionPolicy")
def delete_data_protection(call):
    details(call, call.params["logGroupIdentifier"]).pop("dataProtection", None)
    return {}


@answers("logs:PutIndexPolicy")
def put_index_policy(call):
    group = details(call, call.params["logGroupIdentifier"])
    name = group_name(call.params["logGroupIdentifier"])
    group["indexPolicy"] = {
        "logGroupIdentifier": moto_group(call, name).arn.removesuffix(":*"),
        "lastUpdateTime": int(time.time() * 1000),
        "policyDocument": call.params["policyDocument"],
        "source": "LOG_GROUP",
    }
    return {"indexPolicy": group["indexPolicy"]}


@answers("logs:DescribeIndexPolicies")
def describe_index_policies(call):
    groups = [details(call, i) for i in call.params["logGroupIdentifiers"]]
    return {"indexPolicies": [g["indexPolicy"] for g in groups if "indexPolicy" in g]}


@answers("logs:DeleteIndexPolicy")
def delete_index_policy(call):
    details(call, call.params["logGroupIdentifier"]).pop("indexPolicy", None)
    return {}


@prepares("logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DeleteResourcePolicy")
def resource_policy_scope(call):
    """A policy of one resource is answered here, a policy of the account by moto."""
    if call.params.get("resourceArn") or call.params.get("policyScope") == "RESOURCE":
        call.answer = RESOURCE_POLICY[call.operation]


def put_resource_policy(call):
    arn = call.params["resourceArn"]
    moto_group(call, group_name(arn))
    policy = {
        "policyDocument": call.params["policyDocument"],
        "lastUpdatedTime": int(time.time() * 1000),
        "policyScope": "RESOURCE",
        "resourceArn": arn,
        "revisionId": uuid.uuid4().hex,
    }
    RESOURCE_POLICIES[(call.account, call.region, arn)] = policy
    return {"resourcePolicy": policy, "revisionId": policy["revisionId"]}


def describe_resource_policies(call):
    arn = call.params.get("resourceArn")
    return {
        "resourcePolicies": [
            policy
            for (account, region, key), policy in sorted(RESOURCE_POLICIES.items())
            if (account, region) == (call.account, call.region) and arn in (None, key)
        ]
    }


def delete_resource_policy(call):
    key = (call.account, call.region, call.params["resourceArn"])
    if RESOURCE_POLICIES.pop(key, None) is None:
        raise AWSError("ResourceNotFoundException", "The resource has no policy.")
    return {}


RESOURCE_POLICY = {
    "PutResourcePolicy": put_resource_policy,
    "DescribeResourcePolicies": describe_resource_policies,
    "DeleteResourcePolicy": delete_resource_policy,
}
