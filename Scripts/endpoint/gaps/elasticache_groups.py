"""ElastiCache: replication groups with their clusters, which take a while to be made, changed and deleted.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
"""

import re
import time

import gaps
from gaps import answers
from gaps.elasticache import arn, found, known, pairs, parameter_group, refuse_if, subnets
from moto.kms.models import kms_backends
from wire import AWSError

STATE = "InvalidReplicationGroupState"
COMBINATION = "InvalidParameterCombination"
VALUE = "InvalidParameterValue"

# What a group has that nobody says otherwise.
STANDARD = {
    "AtRestEncryptionEnabled": False,
    "AutoMinorVersionUpgrade": True,
    "AutomaticFailoverEnabled": False,
    "CacheNodeType": "cache.t4g.micro",
    "ClusterMode": "disabled",
    "DataTieringEnabled": False,
    "Engine": "redis",
    "IpDiscovery": "ipv4",
    "MultiAZEnabled": False,
    "NetworkType": "ipv4",
    "Port": 6379,
    "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
    "SnapshotRetentionLimit": 0,
    "SnapshotWindow": "03:00-04:00",
    "TransitEncryptionEnabled": False,
}
NEWEST = {"redis": "7.1.0", "valkey": "8.0.1"}


def settle(call) -> None:
    """Forgets what is deleted by now, and ends the changes that are."""
    groups = known(call, "replicationgroup")
    for name, group in list(groups.items()):
        if group["until"] > time.monotonic():
            continue
        if group["status"] == "deleting":
            del groups[name]
        group["status"] = "available"


def group_of(call, state: str | None = "available") -> dict:
    settle(call)
    group = found(call, "replicationgroup", call.params["ReplicationGroupId"])
    refuse_if(
        state is not None and group["status"] != state,
        STATE,
        f"{group['ReplicationGroupId']} is {group['status']}.",
    )
    return group


def begin(group: dict, status: str) -> None:
    group["status"] = status
    group["until"] = time.monotonic() + gaps.control.config.replicationGroupSeconds


def version(engine: str, given: str | None) -> str:
    """The version as it is shown: in full."""
    if given is None:
        return NEWEST[engine]
    parts = re.sub(r"\.x$", "", given).split(".")
    return ".".join([*parts, "2", "0"][:3]) if len(parts) == 1 else ".".join([*parts, "0"][:3])


def family(settings: dict) -> str:
    major = settings["EngineVersion"].split(".")[0]
    return "redis6.x" if (settings["Engine"], major) == ("redis", "6") else settings["Engine"] + major


def check(call, settings: dict, nodes: list[int]) -> None:
    """What AWS refuses of a group as it would be."""
    name = settings["CacheParameterGroupName"]
    refuse_if(
        parameter_group(call, name)["family"] != family(settings),
        COMBINATION,
        f"{name} cannot be used with {settings['Engine']} {settings['EngineVersion']}.",
    )
    several = len(nodes) > 1 or settings["ClusterMode"] == "enabled"
    refuse_if(
        settings["AutomaticFailoverEnabled"] and not several and nodes[0] == 0,
        COMBINATION,
        "Automatic failover is not supported for a replication group with a single node.",
    )
    refuse_if(
        settings["MultiAZEnabled"] and not settings["AutomaticFailoverEnabled"],
        COMBINATION,
        "Multi-AZ needs automatic failover.",
    )
    token = settings.get("AuthToken")
    refuse_if(
        token is not None and not settings["TransitEncryptionEnabled"],
        COMBINATION,
        "The AUTH token is only supported when encryption-in-transit is enabled.",
    )
    refuse_if(
        token is not None and not re.fullmatch(r"[\w!&#$^<>-]{16,128}", token),
        VALUE,
        "Invalid AuthToken provided.",
    )


@answers("elasticache:CreateReplicationGroup")
def create(call):
    params = dict(call.params)
    name = params.pop("ReplicationGroupId").lower()
    groups = known(call, "replicationgroup")
    settle(call)
    refuse_if(name in groups, "ReplicationGroupAlreadyExists", f"{name} already exists.")
    refuse_if(
        not re.fullmatch(r"[a-z](-?[a-z0-9])*", name) or len(name) > 40,
        VALUE,
        f"{name} is not a valid identifier.",
    )
    tags = pairs(params.pop("Tags", None))
    settings = STANDARD | params
    settings["EngineVersion"] = version(settings["Engine"], params.get("EngineVersion"))
    settings.setdefault("CacheParameterGroupName", f"default.{family(settings)}")
    if settings["TransitEncryptionEnabled"]:
        settings.setdefault("TransitEncryptionMode", "required")
    if settings.get("KmsKeyId", "").startswith("alias/"):
        settings["KmsKeyId"] = key_of(call, settings["KmsKeyId"])
    if "CacheSubnetGroupName" in settings:
        subnets(call, found(call, "subnetgroup", settings["CacheSubnetGroupName"])["subnets"])
    shards = settings.pop("NodeGroupConfiguration", None)
    count = settings.pop("NumNodeGroups", len(shards or [1]))
    replicas = settings.pop("ReplicasPerNodeGroup", settings.pop("NumCacheClusters", 1) - 1)
    settings.pop("NumCacheClusters", None)
    nodes = [shard.get("ReplicaCount", replicas) for shard in shards or [{}] * count]
    check(call, settings, nodes)
    groups[name] = {
        "ReplicationGroupId": name,
        "settings": settings,
        "nodes": nodes,
        "tags": tags,
        "made": time.time(),
        "rotating": False,
    }
    begin(groups[name], "creating")
    return {"ReplicationGroup": shown(call, groups[name])}


def key_of(call, alias: str) -> str:
    """A key is shown by its ARN, whatever it was named by."""
    backend = kms_backends[call.account][call.region]
    key = backend.get_key_id_from_alias(alias)
    refuse_if(key is None, "InvalidKMSKeyFault", f"{alias} names no key.")
    return f"arn:aws:kms:{call.region}:{call.account}:key/{key}"


def members(group: dict) -> list[list[str]]:
    """The ids of the clusters of each node group."""
    name = group["ReplicationGroupId"]
    if len(group["nodes"]) == 1 and group["settings"]["ClusterMode"] != "enabled":
        return [[f"{name}-{n + 1:03}" for n in range(group["nodes"][0] + 1)]]
    return [
        [f"{name}-{shard + 1:04}-{n + 1:03}" for n in range(replicas + 1)]
        for shard, replicas in enumerate(group["nodes"])
    ]


def endpoint(call, group: dict, host: str) -> dict:
    region = call.region.replace("-", "")
    return {
        "Address": f"{host}.{group['ReplicationGroupId']}.a1b2c3.{region}.cache.amazonaws.com",
        "Port": group["settings"]["Port"],
    }


def shown(call, group: dict) -> dict:
    settings, clusters = group["settings"], members(group)
    several = len(clusters) > 1 or settings["ClusterMode"] == "enabled"
    works = group["status"] != "creating"
    shards = []
    for number, ids in enumerate(clusters):
        shard = {
            "NodeGroupId": f"{number + 1:04}",
            "Status": group["status"],
            "NodeGroupMembers": [
                {
                    "CacheClusterId": cluster,
                    "CacheNodeId": "0001",
                    "PreferredAvailabilityZone": f"{call.region}{'abc'[n % 3]}",
                    **({} if several else {"CurrentRole": "replica" if n else "primary"}),
                    **({} if several or not works else {"ReadEndpoint": endpoint(call, group, cluster)}),
                }
                for n, cluster in enumerate(ids)
            ],
        }
        if several:
            shard["Slots"] = slots(number, len(clusters))
        elif works:
            shard["PrimaryEndpoint"] = endpoint(call, group, "master")
            shard["ReaderEndpoint"] = endpoint(call, group, "replica")
        shards.append(shard)
    result = {
        "ReplicationGroupId": group["ReplicationGroupId"],
        "Description": settings["ReplicationGroupDescription"],
        "Status": group["status"],
        "PendingModifiedValues": {},
        "MemberClusters": [cluster for ids in clusters for cluster in ids],
        "NodeGroups": shards,
        "AutomaticFailover": "enabled" if settings["AutomaticFailoverEnabled"] else "disabled",
        "MultiAZ": "enabled" if settings["MultiAZEnabled"] else "disabled",
        "DataTiering": "enabled" if settings["DataTieringEnabled"] else "disabled",
        "ClusterEnabled": several,
        "AuthTokenEnabled": "AuthToken" in settings,
        "ARN": arn(call, "replicationgroup", group["ReplicationGroupId"]),
        "ReplicationGroupCreateTime": group["made"],
        "LogDeliveryConfigurations": [
            {k: v for k, v in log.items() if k != "Enabled"} | {"Status": "active"}
            for log in settings.get("LogDeliveryConfigurations", [])
        ],
        "UserGroupIds": settings.get("UserGroupIds", []),
    }
    if several and works:
        result["ConfigurationEndpoint"] = endpoint(call, group, "clustercfg")
    if "GlobalReplicationGroupId" in settings:
        result["GlobalReplicationGroupInfo"] = {
            "GlobalReplicationGroupId": settings["GlobalReplicationGroupId"],
            "GlobalReplicationGroupMemberRole": "SECONDARY",
        }
    for member in (
        "AtRestEncryptionEnabled AutoMinorVersionUpgrade CacheNodeType ClusterMode Engine "
        "IpDiscovery KmsKeyId NetworkType SnapshotRetentionLimit SnapshotWindow "
        "SnapshottingClusterId TransitEncryptionEnabled TransitEncryptionMode"
    ).split():
        if member in settings:
            result[member] = settings[member]
    return result


def slots(number: int, count: int) -> str:
    size = 16384 // count
    return f"{number * size}-{16383 if number == count - 1 else (number + 1) * size - 1}"


@answers("elasticache:DescribeReplicationGroups")
def describe(call):
    settle(call)
    groups = known(call, "replicationgroup").values()
    if "ReplicationGroupId" in call.params:
        groups = [group_of(call, state=None)]
    return {"ReplicationGroups": [shown(call, group) for group in groups]}


@answers("elasticache:DescribeCacheClusters")
def describe_clusters(call):
    settle(call)
    found_clusters = [
        shown_cluster(call, group, cluster)
        for group in known(call, "replicationgroup").values()
        for ids in members(group)
        for cluster in ids
    ]
    wanted = call.params.get("CacheClusterId")
    found_clusters = [c for c in found_clusters if wanted in (None, c["CacheClusterId"])]
    if wanted and not found_clusters:
        raise AWSError("CacheClusterNotFound", f"{wanted} not found.", 404)
    return {"CacheClusters": found_clusters}


def shown_cluster(call, group: dict, cluster: str) -> dict:
    settings = group["settings"]
    result = {
        "CacheClusterId": cluster,
        "ReplicationGroupId": group["ReplicationGroupId"],
        "CacheClusterStatus": group["status"],
        "NumCacheNodes": 1,
        "CacheParameterGroup": {
            "CacheParameterGroupName": settings["CacheParameterGroupName"],
            "ParameterApplyStatus": "in-sync",
        },
        "SecurityGroups": [
            {"SecurityGroupId": g, "Status": "active"} for g in settings.get("SecurityGroupIds", [])
        ],
        "PendingModifiedValues": {},
    }
    if "NotificationTopicArn" in settings:
        result["NotificationConfiguration"] = {
            "TopicArn": settings["NotificationTopicArn"],
            "TopicStatus": settings.get("NotificationTopicStatus", "active"),
        }
    if "CacheSubnetGroupName" in settings:
        result["CacheSubnetGroupName"] = settings["CacheSubnetGroupName"].lower()
    for member in (
        "AutoMinorVersionUpgrade CacheNodeType Engine EngineVersion PreferredMaintenanceWindow"
    ).split():
        result[member] = settings[member]
    if call.params.get("ShowCacheNodeInfo"):
        node = {"CacheNodeId": "0001", "CacheNodeStatus": group["status"]}
        if group["status"] != "creating":
            node["Endpoint"] = endpoint(call, group, cluster)
        result["CacheNodes"] = [node]
    return result


# Changes


@answers("elasticache:ModifyReplicationGroup")
def modify(call):
    """Everything at once: `ApplyImmediately` is expected."""
    group = group_of(call)
    params = {k: v for k, v in call.params.items() if k not in ("ReplicationGroupId",)}
    refuse_if(not params.pop("ApplyImmediately", False), VALUE, "It would wait for the window.")
    settings = dict(group["settings"])
    change_token(group, settings, params)
    change_encryption(settings, params)
    added, gone = params.pop("UserGroupIdsToAdd", []), params.pop("UserGroupIdsToRemove", [])
    users = [u for u in settings.get("UserGroupIds", []) if u not in gone] + added
    settings["UserGroupIds"] = [] if params.pop("RemoveUserGroups", False) else users
    logs = {log["LogType"]: log for log in settings.get("LogDeliveryConfigurations", [])}
    for log in params.pop("LogDeliveryConfigurations", []):
        if log.get("Enabled", True):
            logs[log["LogType"]] = log
        else:
            logs.pop(log["LogType"], None)
    settings["LogDeliveryConfigurations"] = list(logs.values())
    if "EngineVersion" in params or "Engine" in params:
        engine = params.get("Engine", settings["Engine"])
        wanted = version(engine, params.get("EngineVersion"))
        old = [int(part) for part in settings["EngineVersion"].split(".")]
        refuse_if(
            engine == settings["Engine"] and [int(p) for p in wanted.split(".")] < old,
            VALUE,
            f"The version cannot be lowered from {settings['EngineVersion']} to {wanted}.",
        )
        params["EngineVersion"] = wanted
    if params.get("ClusterMode") == "enabled":
        refuse_if(settings["ClusterMode"] == "disabled", VALUE, "Go by way of compatible.")
    settings |= params
    check(call, settings, group["nodes"])
    group["settings"] = settings
    begin(group, "modifying")
    return {"ReplicationGroup": shown(call, group)}


def change_token(group: dict, settings: dict, params: dict) -> None:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html"""
    strategy = params.pop("AuthTokenUpdateStrategy", "ROTATE")
    if "AuthToken" in params:
        others = set(params) - {"AuthToken"}
        refuse_if(bool(others), COMBINATION, f"A token changes by itself: {sorted(others)}.")
        refuse_if(strategy == "SET" and not group["rotating"], COMBINATION, "SET follows ROTATE.")
        group["rotating"] = strategy == "ROTATE"
    elif strategy == "DELETE":
        refuse_if("UserGroupIdsToAdd" not in params, COMBINATION, "DELETE goes with user groups.")
        settings.pop("AuthToken", None)


def change_encryption(settings: dict, params: dict) -> None:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html"""
    enabled, mode = params.get("TransitEncryptionEnabled"), params.get("TransitEncryptionMode")
    was = settings["TransitEncryptionEnabled"]
    refuse_if(enabled is True and not was and mode != "preferred", COMBINATION, "First preferred.")
    refuse_if(
        enabled is False and was and settings.get("TransitEncryptionMode") != "preferred",
        COMBINATION,
        "First preferred.",
    )
    if enabled is False:
        settings.pop("TransitEncryptionMode", None)


def set_replicas(call, grows: bool) -> dict:
    group = group_of(call)
    nodes = list(group["nodes"])
    wanted = {
        int(item["NodeGroupId"]) - 1: item["NewReplicaCount"]
        for item in call.params.get("ReplicaConfiguration", [])
    } or dict.fromkeys(range(len(nodes)), call.params.get("NewReplicaCount"))
    for shard, count in wanted.items():
        refuse_if(
            count < nodes[shard] if grows else count > nodes[shard],
            VALUE,
            f"Node group {shard + 1} has {nodes[shard]} replicas.",
        )
        nodes[shard] = count
    refuse_if(nodes == group["nodes"], "NoOperationFault", "Nothing would change.")
    check(call, group["settings"], nodes)
    group["nodes"] = nodes
    begin(group, "modifying")
    return {"ReplicationGroup": shown(call, group)}


@answers("elasticache:IncreaseReplicaCount")
def increase(call):
    return set_replicas(call, grows=True)


@answers("elasticache:DecreaseReplicaCount")
def decrease(call):
    return set_replicas(call, grows=False)


@answers("elasticache:ModifyReplicationGroupShardConfiguration")
def reshard(call):
    group = group_of(call)
    nodes, count = group["nodes"], call.params["NodeGroupCount"]
    refuse_if(
        group["settings"]["ClusterMode"] != "enabled", COMBINATION, "Cluster mode is not enabled."
    )
    if count < len(nodes):
        kept = call.params.get("NodeGroupsToRetain", [])
        refuse_if(len(kept) != count, COMBINATION, "Say which node groups stay.")
    group["nodes"] = (nodes + [nodes[0]] * count)[:count]
    begin(group, "modifying")
    return {"ReplicationGroup": shown(call, group)}


@answers("elasticache:DeleteReplicationGroup")
def delete(call):
    group = group_of(call)
    begin(group, "deleting")
    return {"ReplicationGroup": shown(call, group)}
