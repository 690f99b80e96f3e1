"""Fleets of any size, and what AWS would show of them when all is in sync: no endpoint is asked.

A stack is made of a blueprint by evaluating it here, once more and apart from Trueup: references become
ids that AWS could have given. The result is written in the form of `trueup snapshot`.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT, ACCOUNT, REGION = "fleet", "123456789012", "us-east-1"
ZONES = [f"{REGION}{letter}" for letter in "abc"]
ALL = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}
ANYWHERE = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
TAGS = {"Project": "${Project}", "Environment": "${Environment}", "Client": "${Client}", "ManagedBy": "trueup"}

# What carries no tags in AWS, or none that Trueup writes.
UNTAGGED = {
    "AWS::EC2::NetworkAclEntry", "AWS::EC2::Route", "AWS::EC2::SubnetNetworkAclAssociation",
    "AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::VPCDHCPOptionsAssociation", "AWS::EC2::VPCGatewayAttachment", "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy", "AWS::KMS::Alias", "AWS::Logs::MetricFilter", "AWS::Route53::RecordSet",
    "AWS::S3::BucketPolicy", "AWS::SNS::Subscription", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy",
}
GLOBAL = {
    "AWS::CloudWatch::Dashboard", "AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy",
    "AWS::IAM::OIDCProvider", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::RolePolicy",
    "AWS::Route53::HostedZone", "AWS::Route53::RecordSet",
}
# The property that holds a generated name, where none is declared.
NAMES = {
    "AWS::CloudWatch::Alarm": "AlarmName", "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::EC2::SecurityGroup": "GroupName", "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName", "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Logs::MetricFilter": "FilterName", "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName", "AWS::SQS::Queue": "QueueName", "AWS::SSM::Parameter": "Name",
    "AWS::SecretsManager::Secret": "Name",
}
# The id's property, and what EC2's ids of the type begin with.
EC2 = {
    "DHCPOptions": ("DhcpOptionsId", "dopt"), "EgressOnlyInternetGateway": ("Id", "eigw"),
    "FlowLog": ("Id", "fl"), "InternetGateway": ("InternetGatewayId", "igw"),
    "NatGateway": ("NatGatewayId", "nat"), "NetworkAcl": ("Id", "acl"),
    "RouteTable": ("RouteTableId", "rtb"), "SecurityGroup": ("Id", "sg"),
    "SecurityGroupEgress": ("Id", "sgr"), "SecurityGroupIngress": ("Id", "sgr"),
    "Subnet": ("SubnetId", "subnet"), "SubnetNetworkAclAssociation": ("AssociationId", "aclassoc"),
    "SubnetRouteTableAssociation": ("Id", "rtbassoc"), "VPC": ("VpcId", "vpc"),
    "VPCCidrBlock": ("Id", "vpc-cidr-assoc"), "VPCEndpoint": ("Id", "vpce"),
}


def read_template(path: Path) -> dict:
    """JSON with comments and trailing commas."""
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*', lambda m: m[1] or "", path.read_text())
    return json.loads(re.sub(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])', lambda m: m[1] or "", text))


def resource(kind: str, **properties) -> dict:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def ref(name: str) -> dict:
    return {"Ref": name}


def attribute(name: str, attribute: str) -> dict:
    return {"Fn::GetAtt": [name, attribute]}


def allow(action: str, target) -> dict:
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": action, "Resource": target,
         "Principal": {"Service": "events.amazonaws.com"}}]}


def everything() -> dict:
    """A blueprint of 60 resources of all types that there are."""
    vpc = {"VpcId": ref("Vpc")}
    port = {"GroupId": ref("Group"), "IpProtocol": "tcp", "CidrIp": "10.0.0.0/8"}
    rule = {"NetworkAclId": ref("Acl"), "Protocol": -1, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}
    filtered = [{"MetricName": "E", "MetricNamespace": "N", "MetricValue": "1"}]
    resources = {
        "Vpc": resource("EC2::VPC", CidrBlock=ref("Range")),
        "Subnet": resource("EC2::Subnet", CidrBlock={"Fn::Select": [0, {"Fn::Cidr": [ref("Range"), 2, 8]}]}, **vpc),
        "Second": resource("EC2::VPCCidrBlock", CidrBlock="100.64.0.0/16", **vpc),
        "Gateway": resource("EC2::InternetGateway"),
        "Attachment": resource("EC2::VPCGatewayAttachment", InternetGatewayId=ref("Gateway"), **vpc),
        "EgressOnly": resource("EC2::EgressOnlyInternetGateway", **vpc),
        "Options": resource("EC2::DHCPOptions", DomainName={"Fn::Sub": "${Client}.example.com"}),
        "OptionsAssociation": resource("EC2::VPCDHCPOptionsAssociation", DhcpOptionsId=ref("Options"), **vpc),
        "Address": resource("EC2::EIP") | {"DependsOn": "Attachment"},
        "Nat": resource(
            "EC2::NatGateway", SubnetId=ref("Subnet"), AllocationId=attribute("Address", "AllocationId")),
        "Table": resource("EC2::RouteTable", **vpc),
        "Route": resource(
            "EC2::Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", NatGatewayId=ref("Nat")),
        "TableAssociation": resource(
            "EC2::SubnetRouteTableAssociation", SubnetId=ref("Subnet"), RouteTableId=ref("Table")),
        "Group": resource(
            "EC2::SecurityGroup", GroupDescription="a group", SecurityGroupEgress=[ANYWHERE], **vpc),
        "Out": resource("EC2::SecurityGroupEgress", FromPort=443, ToPort=443, **port),
        "Endpoint": resource(
            "EC2::VPCEndpoint", ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"},
            RouteTableIds=[ref("Table")], **vpc),
        "Flow": resource(
            "EC2::FlowLog", ResourceId=ref("Vpc"), ResourceType="VPC", TrafficType="ALL",
            LogDestinationType="s3", LogDestination=attribute("Bucket", "Arn")),
        "Acl": resource("EC2::NetworkAcl", **vpc),
        "AclAssociation": resource(
            "EC2::SubnetNetworkAclAssociation", SubnetId=ref("Subnet"), NetworkAclId=ref("Acl")),
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Managed": resource("IAM::ManagedPolicy", PolicyDocument=ALL, Roles=[ref("Role")]),
        "Inline": resource("IAM::Policy", PolicyName="inline", PolicyDocument=ALL, Roles=[ref("Role")]),
        "RolePolicy": resource("IAM::RolePolicy", PolicyName="alone", PolicyDocument=ALL, RoleName=ref("Role")),
        "Profile": resource("IAM::InstanceProfile", Roles=[ref("Role")]),
        "Provider": resource("IAM::OIDCProvider", Url={"Fn::Sub": "https://${Client}.example.com"}),
        "Key": resource("KMS::Key"),
        "Alias": resource("KMS::Alias", AliasName={"Fn::Sub": "alias/${Client}"}, TargetKeyId=ref("Key")),
        "Logs": resource("Logs::LogGroup", RetentionInDays=30),
        "Filter": resource(
            "Logs::MetricFilter", LogGroupName=ref("Logs"), FilterPattern="ERROR", MetricTransformations=filtered),
        "Bucket": resource("S3::Bucket"),
        "BucketPolicy": resource(
            "S3::BucketPolicy", Bucket=ref("Bucket"),
            PolicyDocument=allow("s3:PutObject", {"Fn::Sub": "${Bucket.Arn}/*"})),
        "Zone": resource("Route53::HostedZone", Name={"Fn::Sub": "${Client}.example.com"}),
        "Topic": resource("SNS::Topic"),
        "Subscription": resource(
            "SNS::Subscription", TopicArn=ref("Topic"), Protocol="sqs", Endpoint=attribute("Queue0", "Arn")),
        "TopicPolicy": resource(
            "SNS::TopicPolicy", Topics=[ref("Topic")], PolicyDocument=allow("sns:Publish", ref("Topic"))),
        "QueuePolicy": resource(
            "SQS::QueuePolicy", Queues=[ref("Queue0")],
            PolicyDocument=allow("sqs:SendMessage", attribute("Queue0", "Arn"))),
        "Secret": resource("SecretsManager::Secret", GenerateSecretString={"PasswordLength": 20}),
        "Dashboard": resource("CloudWatch::Dashboard", DashboardBody='{"widgets":[]}'),
    }
    for number in range(4):
        resources |= {
            f"Queue{number}": resource("SQS::Queue", VisibilityTimeout=60 + number),
            f"In{number}": resource("EC2::SecurityGroupIngress", FromPort=80 + number, ToPort=80 + number, **port),
            f"Entry{number}": resource("EC2::NetworkAclEntry", RuleNumber=100 + number, **rule),
            f"Parameter{number}": resource("SSM::Parameter", Type="String", Value=attribute(f"Queue{number}", "Arn")),
            f"Alarm{number}": resource(
                "CloudWatch::Alarm", AlarmActions=[ref("Topic")], MetricName="M", Namespace="N",
                Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1 + number,
                ComparisonOperator="GreaterThanThreshold"),
        }
    for number in range(2):
        resources[f"Record{number}"] = resource(
            "Route53::RecordSet", HostedZoneId=ref("Zone"), Type="A", TTL="60",
            Name={"Fn::Sub": f"www{number}.${{Client}}.example.com"}, ResourceRecords=["192.0.2.1"])
    assert len(resources) == 60 and len({r["Type"] for r in resources.values()}) == 44
    parameters = {name: {"Type": "String"} for name in ("Client", "Environment", "Range")}
    return {"Parameters": parameters, "Resources": resources}


@dataclass
class Stack:
    """One client's stack, and the resources that AWS would have made of it."""

    client: str
    template: dict
    parameters: dict[str, str]
    environment: str = "dev"
    resources: dict[str, dict] = field(default_factory=dict)

    def __post_init__(self):
        declared = self.template.get("Parameters", {})
        self.values = {name: str(p["Default"]) for name, p in declared.items() if "Default" in p}
        self.values |= self.parameters | {
            "Client": self.client, "Environment": self.environment, "Project": PROJECT,
            "AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws",
            "AWS::StackName": self.name,
        }
        for name in self.template["Resources"]:
            self.made(name)
        self.show_rules()

    @property
    def name(self) -> str:
        return f"{self.client}-{self.environment}"

    # Evaluating

    def condition(self, node) -> bool:
        if isinstance(node, str):
            return self.condition(self.template["Conditions"][node])
        (name, arguments), = node.items()
        match name:
            case "Condition": return self.condition(arguments)
            case "Fn::Not": return not self.condition(arguments[0])
            case "Fn::And": return all(map(self.condition, arguments))
            case "Fn::Or": return any(map(self.condition, arguments))
            case "Fn::Equals": return len({str(self.value(part)) for part in arguments}) == 1
        raise ValueError(name)

    def value(self, node):
        if isinstance(node, list):
            return [v for v in map(self.value, node) if v is not None]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (name, argument), = node.items()
            match name:
                case "Ref": return self.reference(argument)
                case "Fn::GetAtt": return self.attribute(*argument)
                case "Fn::If": return self.value(argument[1 if self.condition(argument[0]) else 2])
                case "Fn::GetAZs": return ZONES
                case "Fn::Join": return argument[0].join(self.value(argument[1]))
                case "Fn::Sub": return re.sub(r"\$\{([^}]+)\}", lambda m: self.named(m[1]), argument)
                case "Fn::Select": return self.value(argument[1])[int(self.value(argument[0]))]
                case "Fn::Cidr":
                    network = ipaddress.ip_network(self.value(argument[0]))
                    return [str(n) for n, _ in zip(network.subnets(new_prefix=32 - argument[2]), range(argument[1]))]
        return {key: v for key, inner in node.items() if (v := self.value(inner)) is not None}

    def named(self, name: str) -> str:
        return self.attribute(*name.split(".", 1)) if "." in name else self.reference(name)

    def reference(self, name: str):
        if name == "AWS::NoValue":
            return None
        return self.values[name] if name in self.values else self.made(name)["ref"]

    def attribute(self, name: str, attribute: str):
        return self.made(name)["properties"][attribute]

    # What AWS makes of it

    def made(self, name: str) -> dict | None:
        written = self.template["Resources"][name]
        if name in self.resources or "Condition" in written and not self.condition(written["Condition"]):
            return self.resources.get(name)
        kind = written["Type"]
        properties = self.value(written.get("Properties", {}))
        tags = self.tags(name, properties.pop("Tags", []))
        if kind in NAMES:
            properties.setdefault(NAMES[kind], self.generated(name, kind))
        physical, ref = self.identify(name, kind.removeprefix("AWS::"), properties)
        self.resources[name] = made = {
            "ref": ref, "type": kind, "id": physical, "account": ACCOUNT, "resource": name,
            "properties": properties, "tags": {} if kind in UNTAGGED else tags,
        }
        if kind not in GLOBAL:
            made["region"] = REGION
        return made

    def show_rules(self) -> None:
        """A security group shows all its rules, also those that are resources of their own."""
        groups = {made["id"]: made for made in self.resources.values() if made["type"].endswith("::SecurityGroup")}
        for made in self.resources.values():
            direction = made["type"].removeprefix("AWS::EC2::SecurityGroup")
            if direction in ("Ingress", "Egress"):
                rule = {key: v for key, v in made["properties"].items() if key not in ("GroupId", "Id")}
                shown = groups[made["properties"]["GroupId"]]["properties"]
                shown[f"SecurityGroup{direction}"] = shown.get(f"SecurityGroup{direction}", []) + [rule]

    def tags(self, name: str, own: list[dict]) -> dict[str, str]:
        fleet = {key: self.value({"Fn::Sub": text}) for key, text in TAGS.items()}
        return fleet | {tag["Key"]: tag["Value"] for tag in own} | {
            "trueup:stack": f"{PROJECT}/{self.name}", "trueup:resource": name}

    def digest(self, name: str) -> str:
        return hashlib.sha256(f"{PROJECT}/{self.name}/{name}#0".encode()).hexdigest()

    def generated(self, name: str, kind: str) -> str:
        """As Trueup calls what has no name of its own."""
        stem, digest = f"{self.name}-{name}", self.digest(name)[:6]
        if kind == "AWS::S3::Bucket":
            stem = stem.lower()
        return stem + ("_" if kind == "AWS::SecretsManager::Secret" else "-") + digest

    def identify(self, name: str, kind: str, properties: dict) -> tuple[str, str]:
        """Adds what AWS gives to the properties. Returns the physical id, and what Ref gives."""
        digest = self.digest(name)

        def arn(service: str, rest: str, region: str = REGION) -> str:
            return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"

        if kind.startswith("EC2::") and kind[5:] in EC2:
            key, prefix = EC2[kind[5:]]
            properties[key] = f"{prefix}-{digest[:17]}"
            if kind == "EC2::SecurityGroup":
                properties["GroupId"] = properties[key]
                properties.setdefault("SecurityGroupEgress", [ANYWHERE])
            return properties[key], properties[key]
        given = NAMES.get(f"AWS::{kind}")
        text = properties.get(given, "") if given else ""
        match kind:
            case "EC2::EIP":
                number = int(digest[:6], 16)
                properties["PublicIp"] = f"52.{number >> 16}.{number >> 8 & 255}.{number & 255}"
                properties["AllocationId"] = f"eipalloc-{digest[:17]}"
                properties["Domain"] = "vpc"
                return properties["PublicIp"], properties["PublicIp"]
            case "EC2::Route":
                identifier = f"{properties['RouteTableId']}|{properties['DestinationCidrBlock']}"
            case "EC2::NetworkAclEntry":
                identifier = f"{properties['NetworkAclId']}|{properties['RuleNumber']}|ingress"
            case "EC2::VPCDHCPOptionsAssociation":
                identifier = f"{properties['DhcpOptionsId']}|{properties['VpcId']}"
            case "EC2::VPCGatewayAttachment":
                properties["AttachmentType"] = "IGW"
                identifier = f"IGW|{properties['VpcId']}"
            case "IAM::Policy": identifier = f"inline|role/{properties['Roles'][0]}"
            case "IAM::RolePolicy": identifier = f"{properties['PolicyName']}|{properties['RoleName']}"
            case "KMS::Key":
                identifier = f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"
                properties |= {"KeyId": identifier, "Arn": arn("kms", f"key/{identifier}")}
                return identifier, identifier
            case "Route53::HostedZone":
                properties["Id"] = f"Z{digest[:20].upper()}"
                return properties["Id"], properties["Id"]
            case "Route53::RecordSet":
                return f"{properties['HostedZoneId']}|{properties['Name']}|A", properties["Name"]
            case "S3::BucketPolicy": return properties["Bucket"], properties["Bucket"]
            case "SNS::Topic":
                properties["TopicArn"] = arn("sns", text)
                return properties["TopicArn"], properties["TopicArn"]
            case "SNS::Subscription":
                properties["Arn"] = f"{properties['TopicArn']}:{digest[:8]}"
                return properties["Arn"], properties["Arn"]
            case "SNS::TopicPolicy": identifier = properties["Topics"][0]
            case "SQS::Queue":
                properties["QueueUrl"] = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{text}"
                properties["Arn"] = arn("sqs", text)
                return properties["QueueUrl"], properties["QueueUrl"]
            case "SQS::QueuePolicy": identifier = properties["Queues"][0]
            case "IAM::ManagedPolicy":
                properties["PolicyArn"] = arn("iam", f"policy/{text}", "")
                return properties["PolicyArn"], properties["PolicyArn"]
            case "IAM::OIDCProvider":
                properties["Arn"] = arn("iam", f"oidc-provider/{properties['Url'][8:]}", "")
                return properties["Arn"], properties["Arn"]
            case "SecretsManager::Secret":
                properties["Id"] = arn("secretsmanager", f"secret:{text}-{digest[:6]}")
                return properties["Id"], properties["Id"]
            case "IAM::Role": properties |= {"Arn": arn("iam", f"role/{text}", ""), "Path": "/"}
            case "S3::Bucket": properties["Arn"] = f"arn:aws:s3:::{text}"
            case "Logs::LogGroup":
                properties["Arn"] = arn("logs", f"log-group:{text}:*")
                properties["RetentionInDays"] = int(properties["RetentionInDays"])
            case "CloudWatch::Alarm": properties["Arn"] = arn("cloudwatch", f"alarm:{text}")
            case "Logs::MetricFilter": return f"{properties['LogGroupName']}|{text}", text
        if not given:
            properties["Id"] = identifier
            return identifier, identifier
        return text, text

    # Files

    def manifest(self, blueprint: str) -> dict:
        return {
            "client": self.client, "environment": self.environment, "blueprint": blueprint,
            "account": "main", "parameters": self.parameters,
        }

    def snapshot(self, revisions: list[str]) -> dict:
        """The recorded world: each resource as changed last at one of the revisions."""
        resources = []
        for number, made in enumerate(self.resources.values()):
            recorded = {key: value for key, value in made.items() if key != "ref"}
            if recorded["tags"] and revisions:
                recorded["tags"] = recorded["tags"] | {"trueup:rev": revisions[number % len(revisions)]}
            resources.append(recorded)
        zones = {"fact": "availabilityZones", "account": ACCOUNT, "region": REGION, "value": ZONES}
        return {
            "formatVersion": 1, "project": PROJECT, "client": self.client,
            "environment": self.environment, "account": ACCOUNT, "region": REGION,
            "resources": resources, "facts": [zones],
        }


BLUEPRINTS = {
    "network": (lambda: read_template(ROOT / "desired-state/blueprints/network.jsonc"), "VpcCidr"),
    "everything": (everything, "Range"),
}


def write(place: Path, blueprint: str, count: int, commits: int = 0) -> None:
    """A fleet of that many stacks with its snapshots, in `desired-state` and `snapshots`.

    With commits, the fleet grows over that many of them, and each stack was last changed at the commit
    that brought it and, in its second half, at the one after.
    """
    make, parameter = BLUEPRINTS[blueprint]
    template = make()
    desired, snapshots = place / "desired-state", place / "snapshots"
    for folder in (desired / "clients", desired / "blueprints", snapshots):
        folder.mkdir(parents=True)
    fleet = {"project": PROJECT, "accounts": {"main": {"id": ACCOUNT, "region": REGION}}, "tags": TAGS}
    (desired / "fleet.jsonc").write_text(json.dumps(fleet, indent=2))
    (desired / "blueprints" / f"{blueprint}.jsonc").write_text(json.dumps(template, indent=2))
    stacks = [
        Stack(f"c{number:04}", template, {parameter: f"{10 + number // 256}.{number % 256}.0.0/16"})
        for number in range(count)
    ]

    def git(*arguments: str) -> str:
        who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", *who, *arguments], cwd=place, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    def add(part: list[Stack]) -> None:
        for stack in part:
            path = desired / "clients" / f"{stack.name}.jsonc"
            path.write_text(json.dumps(stack.manifest(blueprint), indent=2))

    revisions: list[str] = []
    if commits:
        git("init", "--quiet", "--initial-branch", "main")
        (place / ".gitignore").write_text("snapshots\n")
        for number in range(commits):
            add(stacks[number * count // commits:(number + 1) * count // commits])
            git("add", ".")
            git("commit", "--quiet", "--allow-empty", "--message", f"change {number}")
            revisions.append(git("rev-parse", "HEAD"))
    else:
        add(stacks)
    for number, stack in enumerate(stacks):
        first = number * commits // count if commits else 0
        own = revisions[first:first + 2]
        text = json.dumps(stack.snapshot(own), indent=2, sort_keys=True)
        (snapshots / f"{stack.name}.json").write_text(text + "\n")
