"""ECS: clusters, task definitions and tags. moto makes a cluster anew that is there already, deletes one
that has services, fills in less of a task definition than ECS does, and knows no deployments
(`ecs_services.py`): so nothing of ECS is left to it.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from datetime import datetime, timezone

from gaps import answers, forgets, shows_tags
from wire import AWSError

# Seconds until a change of capacity providers is in effect.
PROVIDERS_SECONDS = 0.5


class Region:
    """What ECS has in an account and region."""

    def __init__(self, account: str, region: str):
        self.prefix = f"arn:aws:ecs:{region}:{account}:"
        self.account = account
        self.clusters: dict[str, dict] = {}
        # family -> revisions, the first one first.
        self.families: dict[str, list[dict]] = defaultdict(list)
        # (cluster, name) -> service
        self.services: dict[tuple[str, str], object] = {}
        self.tags: dict[str, dict[str, str]] = defaultdict(dict)

    def tag_list(self, arn: str) -> list[dict]:
        return [{"key": k, "value": v} for k, v in sorted(self.tags[arn].items())]

    def put_tags(self, arn: str, tags: list[dict] | None) -> None:
        self.tags[arn].update({tag["key"]: tag.get("value", "") for tag in tags or []})

    def cluster(self, name: str | None) -> dict:
        found = self.clusters.get((name or "default").split("/")[-1])
        if found is None or found["status"] == "INACTIVE":
            raise AWSError("ClusterNotFoundException", "Cluster not found.")
        return found

    def revision(self, name: str) -> dict:
        """The revision that an ARN, `family:revision` or a family names."""
        family, _, number = name.split("/")[-1].partition(":")
        for revision in reversed(self.families.get(family, [])):
            if number == str(revision["revision"]) or not number and revision["status"] == "ACTIVE":
                return revision
        raise AWSError("ClientException", "Unable to describe task definition.")

    def has(self, arn: str) -> bool:
        known = [c["clusterArn"] for c in self.clusters.values() if c["status"] != "INACTIVE"]
        known += [r["taskDefinitionArn"] for rs in self.families.values() for r in rs]
        known += [s.arn for s in self.services.values() if s.status != "INACTIVE"]
        return arn in known


REGIONS: dict[tuple[str, str], Region] = {}


@forgets
def forget():
    REGIONS.clear()


def region(call) -> Region:
    key = (call.account, call.region)
    return REGIONS.setdefault(key, Region(*key))


def now() -> datetime:
    return datetime.now(timezone.utc)


def age(since: datetime) -> float:
    return (now() - since).total_seconds()


# --- Clusters


@answers("ecs:CreateCluster")
def create_cluster(call):
    """One that is there is given back as it is."""
    here, params = region(call), call.params
    name = params.get("clusterName", "default")
    found = here.clusters.get(name)
    if found is None or found["status"] == "INACTIVE":
        arn = f"{here.prefix}cluster/{name}"
        here.clusters[name] = {
            "clusterArn": arn,
            "clusterName": name,
            "status": "ACTIVE",
            "settings": params.get("settings") or [
                {"name": "containerInsights", "value": "disabled"}
            ],
            "configuration": params.get("configuration"),
            "capacityProviders": params.get("capacityProviders", []),
            "defaultCapacityProviderStrategy": strategy(
                params.get("defaultCapacityProviderStrategy")
            ),
            "serviceConnectDefaults": namespace(call, params.get("serviceConnectDefaults")),
        }
        here.tags[arn] = {}
        here.put_tags(arn, params.get("tags"))
    return {"cluster": shown_cluster(here, here.clusters[name], {"TAGS", "SETTINGS"})}


def strategy(items) -> list[dict]:
    return [{"weight": 0, "base": 0, **item} for item in items or []]


def namespace(call, defaults):
    """A namespace is shown by its ARN."""
    if not defaults or not defaults.get("namespace"):
        return None
    name = defaults["namespace"]
    if name.startswith("arn:"):
        return {"namespace": name}
    prefix = f"arn:aws:servicediscovery:{call.region}:{call.account}:namespace/"
    return {"namespace": f"{prefix}ns-{abs(hash(name)) % 10**8}"}


def shown_cluster(here: Region, cluster: dict, include: set[str]) -> dict:
    services = [s for (name, _), s in here.services.items() if name == cluster["clusterName"]]
    live = [s.shown() for s in services if s.status != "INACTIVE"]
    shown = {
        "clusterArn": cluster["clusterArn"],
        "clusterName": cluster["clusterName"],
        "status": cluster["status"],
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": sum(s["runningCount"] for s in live),
        "pendingTasksCount": sum(s["pendingCount"] for s in live),
        "activeServicesCount": len([s for s in live if s["status"] == "ACTIVE"]),
        "statistics": [],
        "settings": cluster["settings"] if "SETTINGS" in include else [],
        "tags": here.tag_list(cluster["clusterArn"]) if "TAGS" in include else [],
        "capacityProviders": cluster["capacityProviders"],
        "defaultCapacityProviderStrategy": cluster["defaultCapacityProviderStrategy"],
    }
    if cluster["serviceConnectDefaults"]:
        shown["serviceConnectDefaults"] = cluster["serviceConnectDefaults"]
    if "CONFIGURATIONS" in include and cluster["configuration"]:
        shown["configuration"] = cluster["configuration"]
    if "changedAt" in cluster:
        moving = age(cluster["changedAt"]) < PROVIDERS_SECONDS
        shown["attachmentsStatus"] = "UPDATE_IN_PROGRESS" if moving else "UPDATE_COMPLETE"
    return shown


@answers("ecs:DescribeClusters")
def describe_clusters(call):
    here, shown, failures = region(call), [], []
    names = call.params.get("clusters") or ["default"]
    if len(names) > 100:
        raise AWSError("InvalidParameterException", "Clusters cannot have more than 100 elements.")
    for name in names:
        cluster = here.clusters.get(name.split("/")[-1])
        if cluster is None:
            arn = name if name.startswith("arn:") else f"{here.prefix}cluster/{name}"
            failures.append({"arn": arn, "reason": "MISSING"})
        else:
            shown.append(shown_cluster(here, cluster, set(call.params.get("include", []))))
    return {"clusters": shown, "failures": failures}


@answers("ecs:UpdateCluster")
def update_cluster(call):
    here, params = region(call), call.params
    cluster = here.cluster(params["cluster"])
    if "settings" in params:
        cluster["settings"] = params["settings"]
    if "configuration" in params:
        cluster["configuration"] = {**(cluster["configuration"] or {}), **params["configuration"]}
    if "serviceConnectDefaults" in params:
        cluster["serviceConnectDefaults"] = namespace(call, params["serviceConnectDefaults"])
    return {"cluster": shown_cluster(here, cluster, {"TAGS", "SETTINGS", "CONFIGURATIONS"})}


@answers("ecs:PutClusterCapacityProviders")
def put_providers(call):
    here, params = region(call), call.params
    cluster = here.cluster(params["cluster"])
    if "changedAt" in cluster and age(cluster["changedAt"]) < PROVIDERS_SECONDS:
        raise AWSError(
            "UpdateInProgressException",
            "There's already a current Amazon ECS container agent update in progress.",
        )
    wanted = params["defaultCapacityProviderStrategy"]
    unknown = {item["capacityProvider"] for item in wanted} - set(params["capacityProviders"])
    if unknown:
        raise AWSError(
            "InvalidParameterException",
            f"The specified capacity provider {sorted(unknown)[0]} is not associated with the cluster.",
        )
    cluster["capacityProviders"] = params["capacityProviders"]
    cluster["defaultCapacityProviderStrategy"] = strategy(wanted)
    cluster["changedAt"] = now()
    return {"cluster": shown_cluster(here, cluster, {"TAGS", "SETTINGS"})}


@answers("ecs:DeleteCluster")
def delete_cluster(call):
    here = region(call)
    cluster = here.cluster(call.params["cluster"])
    shown = shown_cluster(here, cluster, set())
    live = [
        service
        for (name, _), service in here.services.items()
        if name == cluster["clusterName"] and service.shown()["status"] != "INACTIVE"
    ]
    if any(service.status == "ACTIVE" for service in live):
        raise AWSError(
            "ClusterContainsServicesException",
            "The Cluster cannot be deleted while Services are active.",
        )
    if shown["runningTasksCount"] or shown["pendingTasksCount"]:
        raise AWSError(
            "ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active."
        )
    cluster["status"] = "INACTIVE"
    return {"cluster": shown_cluster(here, cluster, set())}


# --- Task definitions


@answers("ecs:RegisterTaskDefinition")
def register(call):
    here, params = region(call), copy.deepcopy(call.params)
    tags = params.pop("tags", None)
    revisions = here.families[params["family"]]
    if "FARGATE" in params.get("requiresCompatibilities", []):
        if params.get("networkMode") != "awsvpc":
            raise AWSError("ClientException", "Fargate only supports network mode 'awsvpc'.")
        if not params.get("cpu") or not params.get("memory"):
            raise AWSError("ClientException", "Fargate requires that 'cpu' be defined at the task level.")
    number = revisions[-1]["revision"] + 1 if revisions else 1
    revision = {
        "volumes": [],
        "placementConstraints": [],
        **params,
        "taskDefinitionArn": f"{here.prefix}task-definition/{params['family']}:{number}",
        "revision": number,
        "status": "ACTIVE",
        "compatibilities": ["EC2", *params.get("requiresCompatibilities", [])],
        "registeredAt": now(),
        "registeredBy": f"arn:aws:iam::{here.account}:root",
    }
    fill(here, revision)
    revisions.append(revision)
    here.put_tags(revision["taskDefinitionArn"], tags)
    return {"taskDefinition": revision, "tags": here.tag_list(revision["taskDefinitionArn"])}


def fill(here: Region, revision: dict) -> None:
    """What ECS makes of what it was given: another order, other forms, and what was left out."""
    for role in ("taskRoleArn", "executionRoleArn"):
        if revision.get(role) and not revision[role].startswith("arn:"):
            revision[role] = f"arn:aws:iam::{here.account}:role/{revision[role]}"
    for member, unit in (("cpu", "vcpu"), ("memory", "gb")):
        if member in revision:
            revision[member] = units(revision[member], unit)
    for volume in revision["volumes"]:
        if "efsVolumeConfiguration" in volume:
            volume["efsVolumeConfiguration"].setdefault("rootDirectory", "/")
        elif not any(name.endswith("Configuration") for name in volume):
            volume.setdefault("host", {})
    shares = revision.get("networkMode") in ("awsvpc", "host")
    for container in revision["containerDefinitions"]:
        empty = ["environment", "mountPoints", "portMappings", "systemControls", "volumesFrom"]
        for member in empty:
            container.setdefault(member, [])
        container.setdefault("cpu", 0)
        container.setdefault("essential", True)
        for named in ("environment", "secrets"):
            if named in container:
                container[named].sort(key=lambda item: item["name"])
        for mapping in container["portMappings"]:
            mapping.setdefault("protocol", "tcp")
            if "containerPort" in mapping:
                mapping.setdefault("hostPort", mapping["containerPort"] if shares else 0)
        if "healthCheck" in container:
            check = {"interval": 30, "timeout": 5, "retries": 3}
            container["healthCheck"] = {**check, **container["healthCheck"]}


def units(text: str, unit: str) -> str:
    found = re.fullmatch(rf"([\d.]+)\s*{unit}", text.lower())
    return str(round(float(found.group(1)) * 1024)) if found else text


@answers("ecs:DescribeTaskDefinition")
def describe_revision(call):
    here = region(call)
    revision = here.revision(call.params["taskDefinition"])
    tags = "TAGS" in call.params.get("include", [])
    arn = revision["taskDefinitionArn"]
    return {"taskDefinition": revision, "tags": here.tag_list(arn) if tags else []}


@answers("ecs:ListTaskDefinitions")
def list_revisions(call):
    status = call.params.get("status", "ACTIVE")
    found = [
        revision["taskDefinitionArn"]
        for family, revisions in sorted(region(call).families.items())
        for revision in revisions
        if call.params.get("familyPrefix", family) == family and revision["status"] == status
    ]
    return {"taskDefinitionArns": found[::-1] if call.params.get("sort") == "DESC" else found}


@answers("ecs:DeregisterTaskDefinition")
def deregister(call):
    revision = region(call).revision(call.params["taskDefinition"])
    if revision["status"] == "INACTIVE":
        raise AWSError("ClientException", "The specified task definition is inactive.")
    revision.update(status="INACTIVE", deregisteredAt=now())
    return {"taskDefinition": revision}


# --- Tags


def known_arn(call) -> str:
    arn = call.params["resourceArn"]
    if not region(call).has(arn):
        raise AWSError("InvalidParameterException", "The specified resource was not found.")
    return arn


@answers("ecs:TagResource")
def tag(call):
    region(call).put_tags(known_arn(call), call.params["tags"])
    return {}


@answers("ecs:UntagResource")
def untag(call):
    tags = region(call).tags[known_arn(call)]
    for key in call.params["tagKeys"]:
        tags.pop(key, None)
    return {}


@answers("ecs:ListTagsForResource")
def list_tags(call):
    return {"tags": region(call).tag_list(known_arn(call))}


@shows_tags
def tagged_ecs(call) -> dict[str, dict]:
    """Revisions that were deregistered as well."""
    here = region(call)
    return {arn: tags for arn, tags in here.tags.items() if tags and here.has(arn)}
