"""Resource Groups Tagging API: GetResources.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from gaps import answers
from upstream import Pager
from wire import AWSError


@answers("resourcegroupstaggingapi:GetResources")
def get_resources(call):
    """Tagged resources; IAM roles are not covered. moto ignores a list of ARNs, and of the types it
    knows only some by the names that AWS gives them, so both are matched here."""
    arns = call.params.pop("ResourceARNList", [])
    others = {"TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "PaginationToken"}
    if arns and others & set(call.params):
        raise AWSError(
            "InvalidParameterException",
            "ResourceARNList cannot be combined with filters or pagination.",
        )
    types = call.params.pop("ResourceTypeFilters", [])
    found = Pager(call, None).whole()["ResourceTagMappingList"]
    return {
        "ResourceTagMappingList": [
            mapping
            for mapping in found
            if ":role/" not in mapping["ResourceARN"]
            and mapping.get("Tags")
            and (not arns or mapping["ResourceARN"] in arns)
            and (not types or any(is_of(t, mapping["ResourceARN"]) for t in types))
        ]
    }


def is_of(wanted: str, arn: str) -> bool:
    """Whether an ARN is of a type such as `ec2:vpc` or `s3`."""
    service, _, kind = wanted.partition(":")
    _, _, own_service, _, _, resource = arn.split(":", 5)
    return own_service == service and (not kind or resource.startswith((f"{kind}/", f"{kind}:")))
