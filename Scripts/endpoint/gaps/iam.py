"""IAM: documents are checked, lists show only what AWS's show, and client ids can be changed."""

import json
import re

from gaps import amends, answers, prepares
from moto.iam.models import iam_backends
from wire import AWSError


@prepares("iam:CreateRole", "iam:UpdateAssumeRolePolicy")
def check_trust(call):
    """A trust policy is JSON with principals that are allowed to assume."""
    key = "AssumeRolePolicyDocument" if call.operation == "CreateRole" else "PolicyDocument"
    malformed = AWSError("MalformedPolicyDocument", "This policy contains invalid Json")
    try:
        document = json.loads(call.params.get(key, ""))
    except ValueError:
        raise malformed from None
    if not isinstance(document, dict) or "Statement" not in document:
        raise malformed
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        if not {"Effect", "Action"} <= set(statement) or "Resource" in statement:
            raise AWSError(
                "MalformedPolicyDocument",
                "AssumeRole policy may only specify STS AssumeRole actions.",
            )
        if not {"Principal", "NotPrincipal"} & set(statement):
            raise AWSError("MalformedPolicyDocument", "Missing required field Principal")


@prepares("iam:CreateRole")
def check_role(call):
    check_trust(call)
    name = call.params.get("RoleName", "")
    if not re.fullmatch(r"[\w+=,.@-]{1,64}", name):
        raise AWSError("ValidationError", f"The role name {name} is not valid.")
    refuse_twins(call.params.get("Tags", []))


@prepares("iam:TagRole")
def keep_case(call):
    """Keys of a role's tags ignore case, and keep the one that they have.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
    """
    tags = call.params.get("Tags", [])
    refuse_twins(tags)
    spelled = {tag["Key"].lower(): tag["Key"] for tag in tags_of_role(call)}
    for tag in tags:
        tag["Key"] = spelled.get(tag["Key"].lower(), tag["Key"])


@prepares("iam:UntagRole")
def ignore_case(call):
    spelled = {tag["Key"].lower(): tag["Key"] for tag in tags_of_role(call)}
    keys = call.params.get("TagKeys", [])
    call.params["TagKeys"] = [spelled.get(key.lower(), key) for key in keys]


def tags_of_role(call) -> list[dict]:
    name = call.params["RoleName"]
    return next((r.tags for r in backend(call).roles.values() if r.name == name), [])


def refuse_twins(tags: list[dict]):
    keys = [tag["Key"].lower() for tag in tags]
    if len(set(keys)) < len(keys):
        raise AWSError(
            "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        )


@amends("iam:ListRoles")
def leave_out_details(call, result):
    """Tags, the boundary and the last use come only from GetRole.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
    """
    for role in result.get("Roles", []):
        for key in ("Tags", "PermissionsBoundary", "RoleLastUsed"):
            role.pop(key, None)
    return result


def backend(call):
    return iam_backends[call.account]["aws"]


@prepares("iam:DeletePolicy")
def check_deletion(call):
    """A policy that is attached, or that has other versions than the default one, is kept.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
    """
    policy = backend(call).managed_policies.get(call.params["PolicyArn"])
    if policy is None:
        return
    if policy.attachment_count:
        raise AWSError("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
    if len(policy.versions) > 1:
        raise AWSError(
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the "
            "policy's versions. The default version is deleted with the policy.",
            409,
        )


@amends("iam:ListInstanceProfiles")
def leave_out_tags(call, result):
    """Tags come only from GetInstanceProfile and ListInstanceProfileTags.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html
    """
    for profile in result.get("InstanceProfiles", []):
        profile.pop("Tags", None)
    return result


@answers("iam:ListInstanceProfileTags")
def list_instance_profile_tags(call):
    name = call.params["InstanceProfileName"]
    profile = backend(call).instance_profiles.get(name)
    if profile is None:
        raise AWSError("NoSuchEntity", f"Instance Profile {name} cannot be found.", 404)
    return {"Tags": profile.tags, "IsTruncated": False}


def oidc_provider(call):
    arn = call.params["OpenIDConnectProviderArn"]
    provider = backend(call).open_id_providers.get(arn)
    if provider is None:
        raise AWSError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}", 404)
    return provider


@answers("iam:AddClientIDToOpenIDConnectProvider")
def add_client_id(call):
    """Adding one that is there succeeds.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html
    """
    provider = oidc_provider(call)
    if call.params["ClientID"] not in provider.client_id_list:
        provider.client_id_list = [*provider.client_id_list, call.params["ClientID"]]
    return {}


@answers("iam:RemoveClientIDFromOpenIDConnectProvider")
def remove_client_id(call):
    """Removing one that is not there succeeds.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveClientIDFromOpenIDConnectProvider.html
    """
    provider = oidc_provider(call)
    provider.client_id_list = [i for i in provider.client_id_list if i != call.params["ClientID"]]
    return {}


@amends("iam:GetAccountAuthorizationDetails")
def complete_policies(call, result):
    """A policy's name and id, and how many boundaries it is.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html
    """
    holders = [*backend(call).roles.values(), *backend(call).users.values()]
    boundaries = [getattr(holder, "permissions_boundary_arn", None) for holder in holders]
    for detail in result.get("Policies", []):
        policy = backend(call).managed_policies[detail["Arn"]]
        detail["PolicyName"] = policy.name
        detail["PolicyId"] = policy.id
        detail["PermissionsBoundaryUsageCount"] = boundaries.count(policy.arn)
    return result
