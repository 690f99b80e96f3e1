"""What a plan with nothing to do, and a first apply, cost any program in calls.

A plan: of each type that is declared, the lists that AWS has of it, by pages of the largest size; and where
AWS shows a declared property in no list, one read of each resource that declares it, as many in a call as
AWS takes. Which reads these are, the kinds say (`NeededRead`), and how large a page and a call may be is
checked against botocore's models here. How much there is in an account, boto3 counts.

A first apply: one call that creates each resource, and those that AWS's models force, because the create
call takes a declared property in no member.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

import boto3
import botocore.session
from botocore import xform_name

MODELS = botocore.session.get_session()
# Pages whose size no call and no model says. Source: SNS API, ListTopics and ListSubscriptions.
FIXED_PAGES = {("sns", "ListTopics"): 100, ("sns", "ListSubscriptions"): 100}
# Sizes of which the model allows more than the service. Source: KMS API, ListAliases, Limit.
DOCUMENTED_PAGES = {"ListAliases": 100}
# What a list shows by its model, and not truly. Source: IAM API, GetAccountAuthorizationDetails.
NOT_SHOWN = {("AWS::IAM::ManagedPolicy", "Description")}
# What a list shows is narrowed to, where that is what the kind asks for.
INPUTS = {
    "GetAccountAuthorizationDetails": {"Filter": ["Role"]},
    "DescribeAlarms": {"AlarmTypes": ["MetricAlarm"]},
    "DescribeScalableTargets": {"ServiceNamespace": "ecs"},
    "DescribeScalingPolicies": {"ServiceNamespace": "ecs"},
    "GetResources": {"TagFilters": [{"Key": "trueup:stack"}]},
    "ListTaskDefinitions": {"status": "ACTIVE"},
}
# What a run asks once: whose account it is, and the zones where a template asks for them.
IDENTITY = ("sts", "GetCallerIdentity")
ZONES = ("ec2", "DescribeAvailabilityZones")


@dataclass
class Resource:
    stack: str
    name: str
    type: str
    properties: dict
    # The attributes that something refers to.
    referred: set
    # Its template asks for the zones of the region.
    asks_zones: bool

    def declares(self, properties: list[str]) -> bool:
        return not properties or any(
            name in self.properties or name in self.referred for name in properties)


def resources(stack: str, template: dict) -> list[Resource]:
    """The resources of a compiled template."""
    referred = defaultdict(set)
    for attribute in attributes(template):
        name, _, rest = attribute.partition(".")
        referred[name].add(rest.partition(".")[0])
    return [
        Resource(stack, name, entry["Type"], entry.get("Properties", {}), referred[name],
                 '"Fn::GetAZs"' in json.dumps(template))
        for name, entry in template["Resources"].items()
    ]


def attributes(value):
    """Each `Resource.Attribute` that a template refers to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Fn::GetAtt":
                yield inner if isinstance(inner, str) else ".".join(map(str, inner))
            elif key == "Fn::Sub":
                text = inner if isinstance(inner, str) else inner[0]
                yield from re.findall(r"\$\{([A-Za-z0-9]+\.[A-Za-z0-9.]+)\}", text)
            yield from attributes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from attributes(inner)


def values(value, path: list[str]) -> list:
    """What stands at a path; the elements of a list one by one."""
    if not path:
        return value if isinstance(value, list) else [value]
    first, rest = path[0], path[1:]
    if first == "*":
        return [found for inner in value for found in values(inner, rest)]
    return values(value[first], rest) if isinstance(value, dict) and first in value else []


def key(stack: str, value) -> str:
    """The same for what refers to the same thing."""
    if isinstance(value, dict) and len(value) == 1:
        (function, inner), = value.items()
        if function == "Ref":
            return f"{stack}/{inner}"
        if function == "Fn::GetAtt":
            return f"{stack}/{(inner if isinstance(inner, str) else inner[0]).partition('.')[0]}"
    return str(value).rpartition("/")[2]


class Account:
    """How many things each list shows in the account of the endpoint."""

    def __init__(self, url: str, account: str, region: str):
        self.session = boto3.Session(
            aws_access_key_id=f"AKIA{account}DEMO", aws_secret_access_key="test-secret",
            region_name=region)
        self.url = url
        self.counted: dict[tuple, int] = {}

    def count(self, service: str, operation: str, **members) -> int:
        asked = (service, operation, str(members))
        if asked not in self.counted:
            client = self.session.client(service, endpoint_url=self.url)
            members = INPUTS.get(operation, {}) | members
            name = xform_name(operation)
            if client.can_paginate(name):
                paginator = client.get_paginator(name)
                pages, lists = paginator.paginate(**members), paginator.result_keys
                found = [lists[0].search(page) or [] for page in pages]
                self.counted[asked] = sum(map(len, found))
            else:
                self.counted[asked] = 0
        return self.counted[asked]


def pages(count: int, size: int | None) -> int:
    return max(1, -(-count // size)) if size else 1


def plan(all_resources: list[Resource], types: list[dict], account: Account) -> Counter:
    """The fewest calls, by service and operation."""
    calls = Counter([IDENTITY] + ([ZONES] if any(one.asks_zones for one in all_resources) else []))
    by_type = defaultdict(list)
    for resource in all_resources:
        by_type[resource.type].append(resource)
    lists: dict[tuple, int] = {}
    named: dict[tuple, tuple[int, set]] = {}
    for entry in types:
        check_shown(entry)
        mine = by_type[entry["type"]]
        # What the tagging API does not show is looked for in every account.
        if not mine and entry["isSwept"]:
            continue
        for read in entry["reads"]:
            operation = (read["service"], read["operation"])
            check(read)
            users = [one for one in mine if one.declares(read["properties"])]
            places = defaultdict(list)
            for one in users:
                found = values(one.properties, read["place"]) if "place" in read else []
                for place in {key(one.stack, value) for value in found} or {""}:
                    places[place].append(one)
            if "named" not in read:
                if not users and (read["properties"] or mine):
                    continue
                for place in list(places) or [""]:
                    lists[operation + (place,)] = FIXED_PAGES.get(operation, read["page"])
                continue
            for place, those in places.items():
                things = {
                    key(one.stack, value)
                    for one in those
                    for value in (
                        values(one.properties, read["subject"]) if "subject" in read
                        else [{"Ref": one.name}])
                }
                _, known = named.setdefault(operation + (place,), (read["named"], set()))
                # A setting with a read of its own is another thing.
                known |= {f"{thing} {group(read)}" for thing in things}
    for (service, operation, place), size in lists.items():
        # What does not say its place has one of the others.
        if not place and any(other[:2] == (service, operation) and other[2] for other in lists):
            continue
        count = 0 if place and operation.startswith("ListResourceRecord") else account.count(
            service, operation)
        calls[service, operation] += pages(count, size)
    for (service, operation, place), (limit, things) in named.items():
        calls[service, operation] += pages(len(things), limit)
    return calls


def group(read: dict) -> str:
    """EC2 tells the attributes of a VPC one by one."""
    return ",".join(read["properties"]) if read["operation"] == "DescribeVpcAttribute" else ""


def check(read: dict) -> None:
    """That no page may be larger, by the service's model."""
    operation = read["operation"]
    model = MODELS.get_service_model(read["service"]).operation_model(operation)
    if "named" in read or not read["page"] or operation in DOCUMENTED_PAGES:
        return
    paginators = MODELS.get_component("data_loader").load_service_model(
        read["service"], "paginators-1")["pagination"]
    # botocore pages neither of EventBridge's newer lists.
    member = paginators.get(operation, {"limit_key": "Limit"})["limit_key"]
    largest = model.input_shape.members[member].metadata.get("max")
    if largest and largest > read["page"]:
        raise SystemExit(f"{operation} takes {largest} a page, not {read['page']}")


def check_shown(entry: dict) -> None:
    """That no list shows, by the service's model, a property for which a read of its own is said to be needed."""
    shown = {
        member.lower()
        for read in entry["reads"] if "named" not in read and not read["properties"]
        for shape in output(read).members.values()
        if shape.type_name == "list" and shape.member.type_name == "structure"
        for member in shape.member.members
    }
    for read in entry["reads"]:
        for name in read["properties"]:
            if "named" in read and name.lower() in shown and (entry["type"], name) not in NOT_SHOWN:
                raise SystemExit(f"{read['operation']} is not needed: a list shows {entry['type']} {name}")


def output(read: dict):
    return MODELS.get_service_model(read["service"]).operation_model(read["operation"]).output_shape


# The operation that creates what is declared.
CREATE = {
    "AWS::ApplicationAutoScaling::ScalableTarget": "RegisterScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy": "PutScalingPolicy",
    "AWS::CertificateManager::Certificate": "RequestCertificate",
    "AWS::CloudWatch::Alarm": "PutMetricAlarm",
    "AWS::CloudWatch::Dashboard": "PutDashboard",
    "AWS::EC2::EIP": "AllocateAddress",
    "AWS::EC2::InternetGateway": "CreateInternetGateway",
    "AWS::EC2::NatGateway": "CreateNatGateway",
    "AWS::EC2::Route": "CreateRoute",
    "AWS::EC2::RouteTable": "CreateRouteTable",
    "AWS::EC2::SecurityGroup": "CreateSecurityGroup",
    "AWS::EC2::SecurityGroupIngress": "AuthorizeSecurityGroupIngress",
    "AWS::EC2::Subnet": "CreateSubnet",
    "AWS::EC2::SubnetRouteTableAssociation": "AssociateRouteTable",
    "AWS::EC2::VPC": "CreateVpc",
    "AWS::EC2::VPCGatewayAttachment": "AttachInternetGateway",
    "AWS::ECR::Repository": "CreateRepository",
    "AWS::ECS::Cluster": "CreateCluster",
    "AWS::ECS::Service": "CreateService",
    "AWS::ECS::TaskDefinition": "RegisterTaskDefinition",
    "AWS::ElastiCache::ParameterGroup": "CreateCacheParameterGroup",
    "AWS::ElastiCache::ReplicationGroup": "CreateReplicationGroup",
    "AWS::ElastiCache::SubnetGroup": "CreateCacheSubnetGroup",
    "AWS::ElasticLoadBalancingV2::Listener": "CreateListener",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "CreateLoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "CreateTargetGroup",
    "AWS::Events::ApiDestination": "CreateApiDestination",
    "AWS::Events::Connection": "CreateConnection",
    "AWS::Events::Rule": "PutRule",
    "AWS::IAM::OIDCProvider": "CreateOpenIDConnectProvider",
    "AWS::IAM::Role": "CreateRole",
    "AWS::KMS::Alias": "CreateAlias",
    "AWS::KMS::Key": "CreateKey",
    "AWS::Logs::LogGroup": "CreateLogGroup",
    "AWS::Route53::HostedZone": "CreateHostedZone",
    "AWS::Route53::RecordSet": "ChangeResourceRecordSets",
    "AWS::S3::Bucket": "CreateBucket",
    "AWS::SNS::Subscription": "Subscribe",
    "AWS::SNS::Topic": "CreateTopic",
    "AWS::SNS::TopicPolicy": "SetTopicAttributes",
    "AWS::SSM::Parameter": "PutParameter",
    "AWS::SecretsManager::Secret": "CreateSecret",
}
# The properties that a create call takes in no member, and the calls that write them; one call for each
# element where the operation takes one.
FORCED = {
    "AWS::CertificateManager::Certificate": {"DomainValidationOptions": ["ChangeResourceRecordSets"]},
    "AWS::EC2::SecurityGroup": {
        "SecurityGroupIngress": ["AuthorizeSecurityGroupIngress"],
        # EC2 gives a new group a rule that lets everything out.
        "SecurityGroupEgress": ["AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"],
    },
    "AWS::EC2::VPC": {"EnableDnsHostnames": ["ModifyVpcAttribute"]},
    "AWS::EC2::Subnet": {"MapPublicIpOnLaunch": ["ModifySubnetAttribute"]},
    "AWS::ECR::Repository": {
        "LifecyclePolicy": ["PutLifecyclePolicy"], "RepositoryPolicyText": ["SetRepositoryPolicy"],
    },
    "AWS::ElastiCache::ParameterGroup": {"Properties": ["ModifyCacheParameterGroup"]},
    "AWS::ElasticLoadBalancingV2::LoadBalancer": {
        "LoadBalancerAttributes": ["ModifyLoadBalancerAttributes"],
    },
    "AWS::ElasticLoadBalancingV2::TargetGroup": {
        "TargetGroupAttributes": ["ModifyTargetGroupAttributes"],
    },
    "AWS::Events::Rule": {"Targets": ["PutTargets"]},
    "AWS::IAM::Role": {"Policies": ["PutRolePolicy"], "ManagedPolicyArns": ["AttachRolePolicy"]},
    "AWS::KMS::Key": {"EnableKeyRotation": ["EnableKeyRotation"]},
    "AWS::Logs::LogGroup": {"RetentionInDays": ["PutRetentionPolicy"]},
    "AWS::S3::Bucket": {
        "BucketEncryption": ["PutBucketEncryption"],
        "LifecycleConfiguration": ["PutBucketLifecycleConfiguration"],
        "VersioningConfiguration": ["PutBucketVersioning"],
        "PublicAccessBlockConfiguration": ["PutPublicAccessBlock"],
    },
    # Its tags, which all resources of a fleet have.
    "AWS::Route53::HostedZone": {"Name": ["ChangeTagsForResource"]},
}
ONE_BY_ONE = {"PutRolePolicy", "AttachRolePolicy"}
# What a new resource has anyway.
INITIAL = {"EnableDnsHostnames": ["false", False], "MapPublicIpOnLaunch": ["false", False]}


def first_apply(all_resources: list[Resource]) -> Counter:
    """The fewest calls that create everything, by operation."""
    calls = Counter()
    for resource in all_resources:
        calls[CREATE[resource.type]] += 1
        for name, operations in FORCED.get(resource.type, {}).items():
            value = resource.properties.get(name)
            if value is None or value in INITIAL.get(name, []):
                continue
            for operation in operations:
                calls[operation] += len(value) if operation in ONE_BY_ONE else 1
    return calls
