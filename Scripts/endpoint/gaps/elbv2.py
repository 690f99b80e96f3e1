"""Elastic Load Balancing: load balancers and tags, as AWS answers them. moto keeps neither all attributes
nor addresses, capacity and pools, and accepts what AWS refuses, so all of the service is answered here and
in the files beside this one.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/
"""

import datetime
import secrets
from dataclasses import dataclass, field

from gaps import answers, forgets, shows_tags
from moto.ec2.models import ec2_backends
from wire import AWSError

BATCH = 20


@dataclass
class State:
    """What there is in one account and region, each by its ARN."""

    balancers: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    listeners: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)
    tags: dict = field(default_factory=dict)


STATES: dict[tuple, State] = {}

ATTRIBUTES = {
    "all": {"deletion_protection.enabled": "false", "load_balancing.cross_zone.enabled": "false"},
    "logs": {
        "access_logs.s3.enabled": "false",
        "access_logs.s3.bucket": "",
        "access_logs.s3.prefix": "",
        "ipv6.deny_all_igw_traffic": "false",
        "zonal_shift.config.enabled": "false",
    },
    "application": {
        "client_keep_alive.seconds": "3600",
        "connection_logs.s3.bucket": "",
        "connection_logs.s3.enabled": "false",
        "connection_logs.s3.prefix": "",
        "health_check_logs.s3.bucket": "",
        "health_check_logs.s3.enabled": "false",
        "health_check_logs.s3.prefix": "",
        "idle_timeout.timeout_seconds": "60",
        "load_balancing.cross_zone.enabled": "true",
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "false",
        "routing.http.preserve_host_header.enabled": "false",
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
        "routing.http.xff_client_port.enabled": "false",
        "routing.http.xff_header_processing.mode": "append",
        "routing.http2.enabled": "true",
        "waf.fail_open.enabled": "false",
    },
    "network": {
        "dns_record.client_routing_policy": "any_availability_zone",
        "secondary_ips.auto_assigned.per_subnet": "0",
    },
    "gateway": {},
}


@forgets
def forget():
    STATES.clear()


def state(call) -> State:
    return STATES.setdefault((call.account, call.region), State())


def arn(call, resource: str) -> str:
    return f"arn:aws:elasticloadbalancing:{call.region}:{call.account}:{resource}"


def new_id() -> str:
    return secrets.token_hex(8)


NOUNS = {
    "loadbalancer": ("balancers", "LoadBalancerNotFound", "Load balancers"),
    "targetgroup": ("groups", "TargetGroupNotFound", "Target groups"),
    "listener": ("listeners", "ListenerNotFound", "Listeners"),
    "listener-rule": ("rules", "RuleNotFound", "Rules"),
}


def find(call, wanted: str) -> dict:
    """What has the ARN."""
    word = wanted.split(":", 5)[-1].split("/")[0] if wanted.count(":") > 4 else ""
    if word not in NOUNS:
        raise AWSError("ValidationError", f"'{wanted}' is not a valid ARN")
    kind, code, noun = NOUNS[word]
    found = getattr(state(call), kind).get(wanted)
    if found is None:
        raise AWSError(code, f"{noun} '[{wanted}]' not found")
    return found


def limited(arns: list) -> list:
    if len(arns) > BATCH:
        raise AWSError("ValidationError", f"Up to {BATCH} ARNs can be described at once")
    return arns


def check_name(name: str):
    allowed = name.replace("-", "").isalnum() and name.isascii()
    if len(name) > 32 or not allowed or name.startswith("-") or name.endswith("-"):
        raise AWSError("ValidationError", f"The name '{name}' is not valid")


def settings(params: dict) -> dict:
    """What has to be the same for a creation to be a repetition."""
    return {key: value for key, value in params.items() if key != "Tags"}


def keep(call, resource_arn: str, shown: dict, **hidden) -> dict:
    """What is shown of a new resource, with what is not; its tags are kept beside."""
    tags = {tag["Key"]: tag.get("Value", "") for tag in call.params.get("Tags", [])}
    state(call).tags[resource_arn] = tags
    return {**shown, "_settings": settings(call.params), **hidden}


def shown(resource: dict) -> dict:
    return {key: value for key, value in resource.items() if not key.startswith("_")}


def written(attributes: dict) -> dict:
    return {"Attributes": [{"Key": k, "Value": v} for k, v in sorted(attributes.items())]}


def write(call, resource_arn: str) -> dict:
    known = find(call, resource_arn)["_attributes"]
    wanted = {a["Key"]: a.get("Value", "") for a in call.params["Attributes"]}
    if len(wanted) > BATCH:
        raise AWSError("ValidationError", f"Up to {BATCH} attributes can be modified at once")
    for key in wanted:
        if key not in known:
            raise AWSError("ValidationError", f"Attribute key '{key}' is not recognized")
    known.update(wanted)
    return written(wanted)


# Load balancers


def zones(call, params: dict) -> list[dict]:
    mappings = params.get("SubnetMappings") or [{"SubnetId": s} for s in params.get("Subnets", [])]
    if not mappings or (params.get("SubnetMappings") and params.get("Subnets")):
        raise AWSError("ValidationError", "Either subnets or subnet mappings must be specified")
    found = []
    for mapping in mappings:
        subnet = ec2_backends[call.account][call.region].get_subnet(mapping["SubnetId"])
        if subnet is None:
            raise AWSError("SubnetNotFound", f"The subnet '{mapping['SubnetId']}' does not exist")
        address = {
            key: mapping[key]
            for key in ("AllocationId", "PrivateIPv4Address", "IPv6Address")
            if key in mapping
        }
        zone = {"ZoneName": subnet.availability_zone, "SubnetId": subnet.id, "_vpc": subnet.vpc_id}
        zone["LoadBalancerAddresses"] = [address] if address else []
        if "SourceNatIpv6Prefix" in mapping:
            zone["SourceNatIpv6Prefixes"] = [mapping["SourceNatIpv6Prefix"]]
        found.append(zone)
    if len({zone["ZoneName"] for zone in found}) < len(found):
        raise AWSError(
            "InvalidConfigurationRequest", "A load balancer has one subnet of an Availability Zone"
        )
    return found


def check_zones(kind: str, found: list[dict]):
    if kind == "application" and len(found) < 2:
        raise AWSError(
            "ValidationError",
            "At least two subnets in two different Availability Zones must be specified",
        )


def check_groups(call, groups: list[str]):
    for group in groups:
        known = ec2_backends[call.account][call.region].get_security_group_from_id(group)
        if known is None:
            raise AWSError("InvalidSecurityGroup", f"Security group '{group}' does not exist")


@answers("elbv2:CreateLoadBalancer")
def create_balancer(call):
    params = call.params
    check_name(params["Name"])
    for known in state(call).balancers.values():
        if known["LoadBalancerName"] == params["Name"]:
            if known["_settings"] != settings(params):
                raise AWSError(
                    "DuplicateLoadBalancerName",
                    f"A load balancer with the same name '{params['Name']}' exists, but with "
                    "different settings",
                )
            return {"LoadBalancers": [balancer(known)]}
    kind = params.get("Type", "application")
    found = zones(call, params)
    check_zones(kind, found)
    groups = params.get("SecurityGroups", [])
    check_groups(call, groups)
    if kind == "application" and not groups:
        vpc = found[0]["_vpc"]
        backend = ec2_backends[call.account][call.region]
        groups = [backend.get_default_security_group(vpc).id]
    code = {"application": "app", "network": "net", "gateway": "gwy"}[kind]
    own = arn(call, f"loadbalancer/{code}/{params['Name']}/{new_id()}")
    shown = {
        "LoadBalancerArn": own,
        "DNSName": f"{params['Name']}-{secrets.randbelow(10**9)}.{call.region}.elb.amazonaws.com",
        "CanonicalHostedZoneId": "Z35SXDOTRQ7X7K",
        "CreatedTime": datetime.datetime.now(datetime.timezone.utc),
        "LoadBalancerName": params["Name"],
        "Scheme": params.get("Scheme", "internet-facing"),
        "VpcId": found[0]["_vpc"],
        "State": {"Code": "active"},
        "Type": kind,
        "AvailabilityZones": found,
        "SecurityGroups": groups,
        "IpAddressType": params.get("IpAddressType", "ipv4"),
    }
    if "IpamPools" in params:
        shown["IpamPools"] = params["IpamPools"]
    if kind == "network":
        shown["EnablePrefixForIpv6SourceNat"] = params.get("EnablePrefixForIpv6SourceNat", "off")
        if groups:
            shown["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] = "on"
    attributes = {**ATTRIBUTES["all"], **(ATTRIBUTES["logs"] if kind != "gateway" else {})}
    attributes.update(ATTRIBUTES[kind])
    state(call).balancers[own] = keep(call, own, shown, _attributes=attributes, _capacity=None)
    # It works only minutes later; readers find it at work.
    return {"LoadBalancers": [{**balancer(find(call, own)), "State": {"Code": "provisioning"}}]}


def balancer(known: dict) -> dict:
    return {**shown(known), "AvailabilityZones": [shown(z) for z in known["AvailabilityZones"]]}


@answers("elbv2:DescribeLoadBalancers")
def describe_balancers(call):
    arns = limited(call.params.get("LoadBalancerArns", []))
    found = [find(call, a) for a in arns] if arns else list(state(call).balancers.values())
    names = call.params.get("Names", [])
    if names:
        found = [b for b in found if b["LoadBalancerName"] in names]
        if len(found) < len(names):
            raise AWSError("LoadBalancerNotFound", f"Load balancers '{names}' not found")
    return {"LoadBalancers": [balancer(b) for b in found]}


@answers("elbv2:SetSubnets")
def set_subnets(call):
    known = find(call, call.params["LoadBalancerArn"])
    found = zones(call, call.params)
    check_zones(known["Type"], found)
    known["AvailabilityZones"] = found
    for key in ("IpAddressType", "EnablePrefixForIpv6SourceNat"):
        if key in call.params:
            known[key] = call.params[key]
    return {"AvailabilityZones": [shown(z) for z in found], "IpAddressType": known["IpAddressType"]}


@answers("elbv2:SetIpAddressType")
def set_address_type(call):
    find(call, call.params["LoadBalancerArn"])["IpAddressType"] = call.params["IpAddressType"]
    return {"IpAddressType": call.params["IpAddressType"]}


@answers("elbv2:SetSecurityGroups")
def set_groups(call):
    known = find(call, call.params["LoadBalancerArn"])
    groups = call.params.get("SecurityGroups", [])
    if not groups:
        raise AWSError("ValidationError", "At least one security group must be specified")
    check_groups(call, groups)
    known["SecurityGroups"] = groups
    traffic = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
    if traffic in call.params:
        if known["Type"] != "network":
            raise AWSError("InvalidConfigurationRequest", f"{traffic} is of network load balancers")
        known[traffic] = call.params[traffic]
    return {"SecurityGroupIds": groups}


@answers("elbv2:ModifyIpPools")
def modify_pools(call):
    known = find(call, call.params["LoadBalancerArn"])
    if call.params.get("RemoveIpamPools"):
        known.pop("IpamPools", None)
    else:
        known["IpamPools"] = call.params["IpamPools"]
    return {"IpamPools": known.get("IpamPools", {})}


@answers("elbv2:DescribeCapacityReservation")
def describe_capacity(call):
    known = find(call, call.params["LoadBalancerArn"])
    reserved = known["_capacity"]
    if not reserved:
        return {"DecreaseRequestsRemaining": 2, "CapacityReservationState": []}
    return {
        "DecreaseRequestsRemaining": 2,
        "MinimumLoadBalancerCapacity": reserved,
        "CapacityReservationState": [
            {
                "State": {"Code": "provisioned"},
                "AvailabilityZone": zone["ZoneName"],
                "EffectiveCapacityUnits": float(reserved["CapacityUnits"]),
            }
            for zone in known["AvailabilityZones"]
        ],
    }


@answers("elbv2:ModifyCapacityReservation")
def modify_capacity(call):
    known = find(call, call.params["LoadBalancerArn"])
    reset = call.params.get("ResetCapacityReservation")
    known["_capacity"] = None if reset else call.params["MinimumLoadBalancerCapacity"]
    return describe_capacity(call)


@answers("elbv2:DescribeLoadBalancerAttributes")
def describe_balancer_attributes(call):
    return written(find(call, call.params["LoadBalancerArn"])["_attributes"])


@answers("elbv2:ModifyLoadBalancerAttributes")
def modify_balancer_attributes(call):
    return write(call, call.params["LoadBalancerArn"])


@answers("elbv2:DeleteLoadBalancer")
def delete_balancer(call):
    """Its listeners and their rules go with it. One that is not there is deleted."""
    own = call.params["LoadBalancerArn"]
    known = state(call).balancers.get(own)
    if known is None:
        return {}
    if known["_attributes"]["deletion_protection.enabled"] == "true":
        raise AWSError(
            "OperationNotPermitted",
            f"Load balancer '{own}' cannot be deleted because deletion protection is enabled",
        )
    del state(call).balancers[own]
    for listener in list(state(call).listeners.values()):
        if listener["LoadBalancerArn"] == own:
            drop_listener(call, listener["ListenerArn"])
    state(call).tags.pop(own, None)
    return {}


def drop_listener(call, own: str):
    del state(call).listeners[own]
    state(call).tags.pop(own, None)
    for rule in [r for r in state(call).rules.values() if r["_listener"] == own]:
        del state(call).rules[rule["RuleArn"]]
        state(call).tags.pop(rule["RuleArn"], None)


# Tags


@answers("elbv2:DescribeTags")
def describe_tags(call):
    arns = limited(call.params["ResourceArns"])
    for own in arns:
        find(call, own)
    return {
        "TagDescriptions": [
            {
                "ResourceArn": own,
                "Tags": [{"Key": k, "Value": v} for k, v in state(call).tags[own].items()],
            }
            for own in arns
        ]
    }


@answers("elbv2:AddTags")
def add_tags(call):
    for own in call.params["ResourceArns"]:
        find(call, own)
        tags = {tag["Key"]: tag.get("Value", "") for tag in call.params["Tags"]}
        state(call).tags[own].update(tags)
    return {}


@answers("elbv2:RemoveTags")
def remove_tags(call):
    for own in call.params["ResourceArns"]:
        find(call, own)
        for key in call.params["TagKeys"]:
            state(call).tags[own].pop(key, None)
    return {}


@shows_tags
def tagged_balancing(call) -> dict[str, dict]:
    return state(call).tags
