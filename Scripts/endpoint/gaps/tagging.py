"""Resource Groups Tagging API: GetResources.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from gaps import TAGGED, answers, shows_tags
from moto.ec2.models import ec2_backends
from moto.ecr.models import ecr_backends
from moto.iam.models import iam_backends
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
    filters = call.params.get("TagFilters", [])
    found = Pager(call, None).whole()["ResourceTagMappingList"]
    for mapping in found:
        mapping["ResourceARN"] = mapping["ResourceARN"].replace(":flow-logs/", ":vpc-flow-log/")
    known = {mapping["ResourceARN"] for mapping in found}
    missing = [
        {"ResourceARN": arn, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
        for shown in TAGGED
        for arn, tags in shown(call).items()
        if arn not in known
    ]
    found += [mapping for mapping in missing if all(matches(mapping, f) for f in filters)]
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


@shows_tags
def ec2_resources(call) -> dict[str, dict]:
    """The resources of EC2 that moto tags and leaves out."""
    backend = ec2_backends[call.account][call.region]
    rules = [
        rule
        for groups in backend.groups.values()
        for group in groups.values()
        for rule in [*group.ingress_rules, *group.egress_rules]
    ]
    resources = {
        "dhcp-options": list(backend.dhcp_options_sets),
        "egress-only-internet-gateway": list(backend.egress_only_internet_gateways),
        "elastic-ip": [address.allocation_id for address in backend.addresses],
        "network-acl": list(backend.network_acls),
        "security-group-rule": [rule.id for rule in rules],
        "vpc-endpoint": [i for i, e in backend.vpc_end_points.items() if e.state != "deleted"],
    }
    return {
        f"arn:aws:ec2:{call.region}:{call.account}:{kind}/{resource}": backend.tags[resource]
        for kind, ids in resources.items()
        for resource in ids
        if backend.tags.get(resource)
    }


@shows_tags
def ecr_resources(call) -> dict[str, dict]:
    backend = ecr_backends[call.account][call.region]
    return {
        repository.arn: by_key(backend.list_tags_for_resource(repository.arn)["tags"])
        for repository in backend.repositories.values()
    }


@shows_tags
def iam_resources(call) -> dict[str, dict]:
    """What of IAM carries tags and is shown: by the partition's home region alone.

    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
    """
    if call.region != "us-east-1":
        return {}
    backend = iam_backends[call.account]["aws"]
    profiles = [(p.arn, p.tags) for p in backend.instance_profiles.values()]
    # AWS's own, more than a thousand, carry none.
    tagged = [policy for policy in backend.managed_policies.values() if policy.tags]
    policies = [(policy.arn, list(policy.tags.values())) for policy in tagged]
    providers = [(p.arn, p.get_tags()) for p in backend.open_id_providers.values()]
    return {arn: by_key(tags) for arn, tags in [*profiles, *policies, *providers] if tags}


def by_key(tags: list[dict]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def matches(mapping: dict, wanted: dict) -> bool:
    values = wanted.get("Values", [])
    return any(
        tag["Key"] == wanted["Key"] and (not values or tag["Value"] in values)
        for tag in mapping["Tags"]
    )


def is_of(wanted: str, arn: str) -> bool:
    """Whether an ARN is of a type such as `ec2:vpc` or `s3`."""
    service, _, kind = wanted.partition(":")
    _, _, own_service, _, _, resource = arn.split(":", 5)
    return own_service == service and (not kind or resource.startswith((f"{kind}/", f"{kind}:")))
