"""Systems Manager: what of a parameter cannot be changed, tiers and policies."""

import json

from gaps import amends, prepares
from moto.ssm.models import ssm_backends
from wire import AWSError


def found(call):
    versions = ssm_backends[call.account][call.region]._parameters.get(call.params["Name"])
    return versions[-1] if versions else None


@prepares("ssm:PutParameter")
def check_parameter(call):
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html"""
    params, old = call.params, found(call)
    if old is not None and params.get("Overwrite"):
        if params.get("Type", old.parameter_type) != old.parameter_type:
            raise AWSError(
                "HierarchyTypeMismatchException", "The type of a parameter cannot be changed."
            )
        if params.get("Tier") == "Standard" and old.tier == "Advanced":
            raise AWSError(
                "ValidationException",
                "This parameter uses the advanced-parameter tier. You can't downgrade a parameter "
                "from the advanced-parameter tier to the standard-parameter tier.",
            )
    policies = json.loads(params.get("Policies") or "[]")
    if policies == [{}]:
        params["Policies"] = "[]"
    tier = params.get("Tier", old.tier if old else "Standard")
    if tier == "Intelligent-Tiering":
        needs = bool(policies) or len(params.get("Value", "")) > 4096
        params["Tier"] = tier = "Advanced" if needs or (old and old.tier == "Advanced") else "Standard"
    if policies and policies != [{}] and tier != "Advanced":
        raise AWSError("ValidationException", "Parameter policies need an advanced parameter.")


@amends("ssm:DescribeParameters")
def show_policies(call, result):
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterInlinePolicy.html"""
    for parameter in result["Parameters"]:
        name = parameter["Name"]
        parameter["ARN"] = (
            f"arn:aws:ssm:{call.region}:{call.account}:parameter/{name.removeprefix('/')}"
        )
        own = ssm_backends[call.account][call.region]._parameters[name][-1]
        parameter["Policies"] = [
            {
                "PolicyText": json.dumps(policy),
                "PolicyType": policy["Type"],
                "PolicyStatus": "Pending",
            }
            for policy in json.loads(own.policies or "[]")
        ]
    return result
