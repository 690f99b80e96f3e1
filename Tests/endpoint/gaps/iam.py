"""IAM roles: documents are checked, and ListRoles shows only what AWS's shows."""

import json
import re

from gaps import amends, prepares
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


@amends("iam:ListRoles")
def leave_out_details(call, result):
    """Tags, the boundary and the last use come only from GetRole.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
    """
    for role in result.get("Roles", []):
        for key in ("Tags", "PermissionsBoundary", "RoleLastUsed"):
            role.pop(key, None)
    return result
