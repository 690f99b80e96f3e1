"""ElastiCache: subnet groups and parameter groups as they can be changed, and the tags of both and of
replication groups. moto has no more of it than subnet groups that stay as they are.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/
"""

from gaps import answers, forgets, shows_tags
from moto.ec2.models import ec2_backends
from wire import AWSError

# (account, region) -> kind ("subnetgroup", …) -> name -> what is known of it.
KNOWN: dict[tuple[str, str], dict[str, dict[str, dict]]] = {}

# What every family has, and what its groups start from.
PARAMETERS = {
    "activedefrag": "no",
    "cluster-enabled": "no",
    "maxmemory-policy": "volatile-lru",
    "maxmemory-samples": "3",
    "notify-keyspace-events": "",
    "reserved-memory-percent": "25",
    "slowlog-log-slower-than": "10000",
    "slowlog-max-len": "128",
    "tcp-keepalive": "300",
    "timeout": "0",
    **{f"client-output-buffer-limit-{name}": "0" for name in "abcdefghijklmnopqrstuvwxyz"},
}
FAMILIES = ["redis6.x", "redis7", "valkey7", "valkey8"]

MISSING = {
    "parametergroup": ("CacheParameterGroupNotFound", 404),
    "replicationgroup": ("ReplicationGroupNotFoundFault", 404),
    "subnetgroup": ("CacheSubnetGroupNotFoundFault", 400),
}


@forgets
def forget():
    KNOWN.clear()


def known(call, kind: str) -> dict[str, dict]:
    kinds = KNOWN.setdefault((call.account, call.region), {})
    return kinds.setdefault(kind, {})


def found(call, kind: str, name: str) -> dict:
    item = known(call, kind).get(name.lower())
    if item is None:
        code, status = MISSING[kind]
        raise AWSError(code, f"{name} not found.", status)
    return item


def refuse_if(condition: bool, code: str, message: str) -> None:
    if condition:
        raise AWSError(code, message)


def arn(call, kind: str, name: str) -> str:
    return f"arn:aws:elasticache:{call.region}:{call.account}:{kind}:{name}"


def pairs(tags) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in tags or []}


def users(call, member: str, name: str) -> list[str]:
    """The replication groups whose clusters name it."""
    return [
        group["ReplicationGroupId"]
        for group in known(call, "replicationgroup").values()
        if group["settings"].get(member, "").lower() == name
    ]


# Subnet groups


def subnets(call, ids: list[str]) -> list:
    here = ec2_backends[call.account][call.region].subnets
    all_subnets = {subnet.id: subnet for zones in here.values() for subnet in zones.values()}
    for subnet in ids:
        refuse_if(subnet not in all_subnets, "InvalidSubnet", f"The subnet {subnet} does not exist.")
    chosen = [all_subnets[subnet] for subnet in ids]
    refuse_if(
        len({subnet.vpc_id for subnet in chosen}) > 1, "InvalidSubnet", "Subnets of several VPCs."
    )
    return chosen


def shown_subnet_group(call, group: dict) -> dict:
    chosen = subnets(call, group["subnets"])
    return {
        "CacheSubnetGroupName": group["name"],
        "CacheSubnetGroupDescription": group["description"],
        "VpcId": chosen[0].vpc_id if chosen else "",
        "Subnets": [
            {
                "SubnetIdentifier": subnet.id,
                "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
                "SupportedNetworkTypes": ["ipv4"],
            }
            for subnet in chosen
        ],
        "ARN": arn(call, "subnetgroup", group["name"]),
    }


@answers("elasticache:CreateCacheSubnetGroup")
def create_subnet_group(call):
    name = call.params["CacheSubnetGroupName"].lower()
    groups = known(call, "subnetgroup")
    refuse_if(name in groups, "CacheSubnetGroupAlreadyExists", f"{name} already exists.")
    subnets(call, call.params["SubnetIds"])
    groups[name] = {
        "name": name,
        "description": call.params["CacheSubnetGroupDescription"],
        "subnets": sorted(call.params["SubnetIds"]),
        "tags": pairs(call.params.get("Tags")),
    }
    return {"CacheSubnetGroup": shown_subnet_group(call, groups[name])}


@answers("elasticache:DescribeCacheSubnetGroups")
def describe_subnet_groups(call):
    name = call.params.get("CacheSubnetGroupName")
    groups = [found(call, "subnetgroup", name)] if name else known(call, "subnetgroup").values()
    return {"CacheSubnetGroups": [shown_subnet_group(call, group) for group in groups]}


@answers("elasticache:ModifyCacheSubnetGroup")
def modify_subnet_group(call):
    """A subnet in which a node runs stays. Nodes run in the first subnets of their zones here."""
    group = found(call, "subnetgroup", call.params["CacheSubnetGroupName"])
    if "SubnetIds" in call.params:
        subnets(call, call.params["SubnetIds"])
        gone = set(group["subnets"]) - set(call.params["SubnetIds"])
        used = users(call, "CacheSubnetGroupName", group["name"])
        refuse_if(
            bool(used) and group["subnets"][0] in gone,
            "SubnetInUse",
            f"{group['subnets'][0]} is in use by {', '.join(used)}.",
        )
        group["subnets"] = sorted(call.params["SubnetIds"])
    group["description"] = call.params.get("CacheSubnetGroupDescription", group["description"])
    return {"CacheSubnetGroup": shown_subnet_group(call, group)}


@answers("elasticache:DeleteCacheSubnetGroup")
def delete_subnet_group(call):
    group = found(call, "subnetgroup", call.params["CacheSubnetGroupName"])
    used = users(call, "CacheSubnetGroupName", group["name"])
    refuse_if(bool(used), "CacheSubnetGroupInUse", f"{group['name']} is in use by {used}.")
    del known(call, "subnetgroup")[group["name"]]
    return {}


# Parameter groups


def shown_parameter_group(call, group: dict) -> dict:
    return {
        "CacheParameterGroupName": group["name"],
        "CacheParameterGroupFamily": group["family"],
        "Description": group["description"],
        "IsGlobal": False,
        "ARN": arn(call, "parametergroup", group["name"]),
    }


def default_groups() -> dict[str, dict]:
    return {
        f"default.{family}": {
            "name": f"default.{family}",
            "family": family,
            "description": f"Default parameter group for {family}",
            "values": {},
            "tags": {},
        }
        for family in FAMILIES
    }


def parameter_group(call, name: str) -> dict:
    return default_groups().get(name) or found(call, "parametergroup", name)


@answers("elasticache:CreateCacheParameterGroup")
def create_parameter_group(call):
    name, family = call.params["CacheParameterGroupName"].lower(), call.params["CacheParameterGroupFamily"]
    groups = known(call, "parametergroup")
    refuse_if(name in groups, "CacheParameterGroupAlreadyExists", f"{name} already exists.")
    refuse_if(family not in FAMILIES, "InvalidParameterValue", f"{family} is not a family.")
    groups[name] = {
        "name": name,
        "family": family,
        "description": call.params["Description"],
        "values": {},
        "tags": pairs(call.params.get("Tags")),
    }
    return {"CacheParameterGroup": shown_parameter_group(call, groups[name])}


@answers("elasticache:DescribeCacheParameterGroups")
def describe_parameter_groups(call):
    name = call.params.get("CacheParameterGroupName")
    groups = (
        [parameter_group(call, name)]
        if name
        else [*default_groups().values(), *known(call, "parametergroup").values()]
    )
    return {"CacheParameterGroups": [shown_parameter_group(call, group) for group in groups]}


@answers("elasticache:DescribeCacheParameters")
def describe_parameters(call):
    """A parameter that is set to the family's own value does not count as set."""
    group = parameter_group(call, call.params["CacheParameterGroupName"])
    wanted = call.params.get("Source")
    shown = []
    for name, standard in sorted(PARAMETERS.items()):
        value = group["values"].get(name, standard)
        source = "system" if value == standard else "user"
        if wanted in (None, source):
            shown.append(
                {
                    "ParameterName": name,
                    "ParameterValue": value,
                    "Source": source,
                    "DataType": "string",
                    "IsModifiable": True,
                    "ChangeType": "immediate",
                }
            )
    return {"Parameters": shown}


def named_parameters(call) -> list[dict]:
    wanted = call.params.get("ParameterNameValues", [])
    refuse_if(len(wanted) > 20, "InvalidParameterValue", "At most 20 parameters in a request.")
    for parameter in wanted:
        name = parameter["ParameterName"]
        refuse_if(name not in PARAMETERS, "InvalidParameterValue", f"There is no parameter {name}.")
    return wanted


@answers("elasticache:ModifyCacheParameterGroup")
def modify_parameter_group(call):
    group = found(call, "parametergroup", call.params["CacheParameterGroupName"])
    for parameter in named_parameters(call):
        group["values"][parameter["ParameterName"]] = parameter["ParameterValue"]
    return {"CacheParameterGroupName": group["name"]}


@answers("elasticache:ResetCacheParameterGroup")
def reset_parameter_group(call):
    group = found(call, "parametergroup", call.params["CacheParameterGroupName"])
    for parameter in named_parameters(call):
        group["values"].pop(parameter["ParameterName"], None)
    if call.params.get("ResetAllParameters"):
        group["values"] = {}
    return {"CacheParameterGroupName": group["name"]}


@answers("elasticache:DeleteCacheParameterGroup")
def delete_parameter_group(call):
    group = found(call, "parametergroup", call.params["CacheParameterGroupName"])
    used = users(call, "CacheParameterGroupName", group["name"])
    refuse_if(
        bool(used),
        "InvalidCacheParameterGroupState",
        f"One or more cache clusters are still members of {group['name']}: {', '.join(used)}.",
    )
    del known(call, "parametergroup")[group["name"]]
    return {}


# Tags


def tagged(call) -> dict:
    """The tags of the resource that a call names by its ARN."""
    parts = call.params["ResourceName"].split(":")
    refuse_if(len(parts) != 7 or parts[5] not in MISSING, "InvalidARN", "That is no ARN.")
    return found(call, parts[5], parts[6])["tags"]


def tag_list(tags: dict[str, str]) -> list[dict]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


@answers("elasticache:ListTagsForResource")
def list_tags(call):
    return {"TagList": tag_list(tagged(call))}


@answers("elasticache:AddTagsToResource")
def add_tags(call):
    tags = tagged(call)
    tags.update(pairs(call.params["Tags"]))
    return {"TagList": tag_list(tags)}


@answers("elasticache:RemoveTagsFromResource")
def remove_tags(call):
    tags = tagged(call)
    for key in call.params["TagKeys"]:
        refuse_if(key not in tags, "TagNotFound", f"There is no tag {key}.")
        del tags[key]
    return {"TagList": tag_list(tags)}


@shows_tags
def tagged_caches(call) -> dict[str, dict]:
    return {
        arn(call, kind, name): item["tags"]
        for kind in MISSING
        for name, item in known(call, kind).items()
    }
