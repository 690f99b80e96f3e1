"""EC2: VPC, subnet and security group as AWS answers them.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

import copy
import ipaddress
import threading

from gaps import amends, answers, forgets, prepares
from moto.ec2.exceptions import InvalidPermissionNotFoundError
from moto.ec2.models import ec2_backends
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend, SecurityGroupRule
from upstream import Refused, ask
from wire import AWSError

# Protocols that AWS answers by name, however they were sent.
PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}

ID_LISTS = {
    "ec2:DescribeVpcs": "VpcIds",
    "ec2:DescribeSubnets": "SubnetIds",
    "ec2:DescribeSecurityGroups": "GroupIds",
    "ec2:DescribeSecurityGroupRules": "SecurityGroupRuleIds",
}

# (account, region, subnet id) -> attributes that moto does not keep.
SUBNETS: dict[tuple, dict] = {}
# Held from the choice of a free range until a subnet has it.
ALLOCATION = threading.Lock()


@forgets
def forget():
    SUBNETS.clear()


def backend(call):
    return ec2_backends[call.account][call.region]


def canonical(cidr: str) -> str:
    """The range with its host bits cleared; IPv6 compressed."""
    try:
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError:
        raise AWSError("InvalidParameterValue", f"CIDR block {cidr} is malformed") from None


@prepares(*ID_LISTS)
def check_paging(call):
    """MaxResults is 5 to 1000 and excludes a list of ids."""
    size, ids = call.params.get("MaxResults"), ID_LISTS[call.name]
    if size is None:
        return
    if call.params.get(ids):
        raise AWSError(
            "InvalidParameterCombination",
            f"The parameter {ids} cannot be used with the parameter maxResults",
        )
    if not 5 <= size <= 1000:
        raise AWSError(
            "InvalidParameterValue", f"Value ( {size} ) for parameter maxResults is invalid."
        )


@prepares("ec2:CreateVpc", "ec2:AssociateVpcCidrBlock")
def canonical_block(call):
    """A range of a pool is what IPAM hands out: here always of the same place."""
    if call.params.pop("Ipv4IpamPoolId", None):
        call.params["CidrBlock"] = f"10.200.0.0/{call.params.pop('Ipv4NetmaskLength', 16)}"
    if "CidrBlock" in call.params:
        call.params["CidrBlock"] = canonical(call.params["CidrBlock"])


@prepares("ec2:CreateSubnet")
def canonical_subnet(call):
    params = call.params
    if params.get("Ipv6Native") and ("CidrBlock" in params or "Ipv4IpamPoolId" in params):
        raise AWSError("InvalidParameterCombination", "An IPv6-only subnet has no IPv4 range")
    for key in ("CidrBlock", "Ipv6CidrBlock"):
        if key in params:
            params[key] = canonical(params[key])
    size = ipaddress.ip_network(params.get("CidrBlock", "10.0.0.0/24")).prefixlen
    if not 16 <= size <= 28:
        raise AWSError("InvalidSubnet.Range", "The CIDR is not valid: /16 to /28 are allowed.")
    if {"Ipv4IpamPoolId", "Ipv6IpamPoolId", "Ipv6Native", "OutpostArn"} & set(params):
        call.answer = create_rare_subnet


def create_rare_subnet(call):
    """A subnet whose range comes out of a pool, or of a form that moto does not have."""
    params = call.params
    kept = {key: params.pop(key) for key in ("OutpostArn", "Ipv6Native") if key in params}
    with ALLOCATION:
        if kept.get("Ipv6Native"):
            # moto cannot do without an IPv4 range; it is not shown.
            params["CidrBlock"] = free_range(call, 28)
        if params.pop("Ipv4IpamPoolId", None):
            params["CidrBlock"] = free_range(call, params.pop("Ipv4NetmaskLength", 24))
        if params.pop("Ipv6IpamPoolId", None):
            params.pop("Ipv6NetmaskLength", None)
            params["Ipv6CidrBlock"] = last_ipv6_range(call)
        result = ask(call, params)
    SUBNETS[(call.account, call.region, result["Subnet"]["SubnetId"])] = kept
    return result


def free_range(call, prefix: int) -> str:
    """The last range of this size in the VPC that no subnet has."""
    vpc = backend(call).get_vpc(call.params["VpcId"])
    taken = [s.cidr for s in backend(call).describe_subnets(filters={"vpc-id": vpc.id})]
    ranges = list(ipaddress.ip_network(vpc.cidr_block).subnets(new_prefix=prefix))
    return str(next(r for r in reversed(ranges) if not any(r.overlaps(t) for t in taken)))


def last_ipv6_range(call) -> str:
    """The last /64 of the VPC's IPv6 range."""
    vpc = backend(call).get_vpc(call.params["VpcId"])
    block = vpc.get_cidr_block_association_set(ipv6=True)[0]["cidr_block"]
    return str(list(ipaddress.ip_network(block).subnets(new_prefix=64))[-1])


@amends("ec2:CreateVpc")
def pending_vpc(call, result):
    """A VPC is `pending` when it is answered first."""
    result["Vpc"]["State"] = "pending"
    return result


@prepares("ec2:ModifyVpcAttribute")
def one_vpc_attribute(call):
    """One attribute per call; host names need DNS support."""
    given = [key for key in call.params if key.startswith("Enable")]
    if len(given) != 1:
        raise AWSError(
            "InvalidParameterCombination", "Fields for multiple attribute types specified"
        )
    vpc = backend(call).vpcs.get(call.params["VpcId"])
    wanted = call.params[given[0]].get("Value")
    if vpc and given == ["EnableDnsHostnames"] and wanted and not vpc.enable_dns_support:
        raise AWSError("InvalidParameterValue", "enableDnsHostnames needs enableDnsSupport")


@answers("ec2:ModifySubnetAttribute")
def modify_subnet(call):
    """One attribute per call, all of them kept."""
    subnet_id = call.params["SubnetId"]
    given = [key for key in call.params if key not in ("SubnetId", "DryRun")]
    if set(given) > {"MapCustomerOwnedIpOnLaunch", "CustomerOwnedIpv4Pool"} or (
        len(given) != 1 and "MapCustomerOwnedIpOnLaunch" not in given
    ):
        raise AWSError(
            "InvalidParameterCombination", "Fields for multiple attribute types specified"
        )
    subnet = backend(call).get_subnet(subnet_id)
    kept = SUBNETS.setdefault((call.account, call.region, subnet_id), {})
    for key in given:
        value = call.params[key]
        value = value.get("Value") if isinstance(value, dict) else value
        if key == "MapPublicIpOnLaunch":
            subnet.map_public_ip_on_launch = value
        elif key == "AssignIpv6AddressOnCreation" and value and not has_ipv6(subnet):
            raise AWSError("InvalidParameterValue", f"{subnet_id} has no IPv6 CIDR block")
        elif key == "DisableLniAtDeviceIndex":
            kept.pop("EnableLniAtDeviceIndex", None)
        elif key == "PrivateDnsHostnameTypeOnLaunch":
            kept.setdefault("PrivateDnsNameOptionsOnLaunch", {})["HostnameType"] = value
        elif key.startswith("EnableResourceNameDns"):
            record = key.removesuffix("OnLaunch")
            kept.setdefault("PrivateDnsNameOptionsOnLaunch", {})[record] = value
        else:
            kept[key] = value
    return {}


def has_ipv6(subnet) -> bool:
    return bool(subnet.ipv6_cidr_block_associations) or subnet.ipv6_native


def complete(call, subnet: dict) -> dict:
    kept = SUBNETS.get((call.account, call.region, subnet["SubnetId"]), {})
    options = {
        "HostnameType": "resource-name" if kept.get("Ipv6Native") else "ip-name",
        "EnableResourceNameDnsARecord": False,
        "EnableResourceNameDnsAAAARecord": False,
        **kept.get("PrivateDnsNameOptionsOnLaunch", {}),
    }
    shown = {"EnableDns64": False, "MapCustomerOwnedIpOnLaunch": False, **subnet, **kept}
    shown["PrivateDnsNameOptionsOnLaunch"] = options
    if kept.get("Ipv6Native"):
        del shown["CidrBlock"]
        shown["AvailableIpAddressCount"] = 0
    known = backend(call).get_subnet(subnet["SubnetId"])
    shown["Ipv6CidrBlockAssociationSet"] = [
        {
            "AssociationId": a["associationId"],
            "Ipv6CidrBlock": a["ipv6CidrBlock"],
            "Ipv6CidrBlockState": {"State": a["ipv6CidrBlockState"]["State"]},
        }
        for a in known.ipv6_cidr_block_associations.values()
        if a["ipv6CidrBlockState"]["State"] == "associated"
    ]
    return shown


@amends("ec2:DescribeSubnets")
def complete_subnets(call, result):
    return {**result, "Subnets": [complete(call, s) for s in result.get("Subnets", [])]}


@amends("ec2:CreateSubnet")
def complete_subnet(call, result):
    return {"Subnet": complete(call, result["Subnet"])}


def canonical_permissions(call):
    for permission in [*call.params.get("IpPermissions", []), call.params]:
        if "IpProtocol" in permission:
            protocol = permission["IpProtocol"].lower()
            permission["IpProtocol"] = PROTOCOLS.get(protocol, protocol)
            # Other protocols have no ports, whatever is asked for.
            if permission["IpProtocol"] not in ("-1", *PROTOCOLS.values()):
                permission["FromPort"] = permission["ToPort"] = -1
        for ranges, key in (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6")):
            for entry in permission.get(ranges, []):
                if key in entry:
                    entry[key] = canonical(entry[key])
    if "CidrIp" in call.params:
        call.params["CidrIp"] = canonical(call.params["CidrIp"])


prepares(
    "ec2:RevokeSecurityGroupIngress",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
    "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
)(canonical_permissions)


@answers("ec2:ModifySecurityGroupRules")
def modify_rules(call):
    """A rule keeps its id and direction; everything else is replaced."""
    group = backend(call).get_security_group_by_name_or_id(call.params["GroupId"])
    if group is None:
        raise AWSError("InvalidGroup.NotFound", "The security group does not exist")
    for update in call.params.get("SecurityGroupRules", []):
        wanted = update.get("SecurityGroupRule", {})
        rule = group.get_rule(update["SecurityGroupRuleId"])
        peers = {"CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupId"} & set(wanted)
        if rule is None:
            raise AWSError("InvalidSecurityGroupRuleId.NotFound", "The rule does not exist")
        if len(peers) != 1 or "IpProtocol" not in wanted:
            raise AWSError("InvalidParameterCombination", "One peer and a protocol are needed")
        described = {"Description": wanted["Description"]} if "Description" in wanted else {}
        rule.ip_protocol = PROTOCOLS.get(wanted["IpProtocol"], wanted["IpProtocol"])
        rule.from_port = wanted.get("FromPort")
        rule.to_port = wanted.get("ToPort")
        rule.ip_range, rule.source_group = {}, {}
        rule.prefix_list_id = rule.prefix_list = None
        if "CidrIpv4" in wanted:
            rule.ip_range = {"CidrIp": canonical(wanted["CidrIpv4"]), **described}
        elif "CidrIpv6" in wanted:
            rule.ip_range = {"CidrIpv6": canonical(wanted["CidrIpv6"]), **described}
        elif "ReferencedGroupId" in wanted:
            peer = {"GroupId": wanted["ReferencedGroupId"], "UserId": call.account}
            rule.source_group = {**peer, **described}
        else:
            rule.prefix_list_id = wanted["PrefixListId"]
            rule.prefix_list = {"PrefixListId": rule.prefix_list_id, **described}
    return {"Return": True}


@prepares("ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress")
def authorize(call):
    canonical_permissions(call)
    call.answer = authorize_all


def authorize_all(call):
    """All rules or none are added, and all that were added are answered."""
    group = backend(call).get_security_group_by_name_or_id(
        call.params.get("GroupId") or call.params.get("GroupName", "")
    )
    if group is None:
        raise AWSError(
            "InvalidGroup.NotFound",
            f"The security group '{call.params.get('GroupId')}' does not exist",
        )
    side = "egress_rules" if call.operation.endswith("Egress") else "ingress_rules"
    before = list(getattr(group, side))
    # moto completes the peers of a rule in place, and a parsed request is shared with it.
    params = copy.deepcopy(call.params)
    try:
        ask(call, params)
    except Refused:
        setattr(group, side, before)
        raise
    known = {rule.id for rule in before}
    added = {rule.id for rule in getattr(group, side)} - known
    rules = ask(
        call,
        {"Filters": [{"Name": "group-id", "Values": [group.id]}]},
        "DescribeSecurityGroupRules",
    )["SecurityGroupRules"]
    return {
        "Return": True,
        "SecurityGroupRules": [r for r in rules if r["SecurityGroupRuleId"] in added],
    }


# A rule is identified by direction, protocol, ports and peer. moto counts the description of a peer
# in, and has no description of a prefix list.


def rule_key(rule) -> tuple:
    return (
        rule.is_egress,
        rule.ip_protocol,
        *((rule.from_port, rule.to_port) if rule.ip_protocol != "-1" else ()),
        rule.ip_range.get("CidrIp"),
        rule.ip_range.get("CidrIpv6"),
        rule.source_group.get("GroupId"),
        rule.prefix_list_id,
    )


def rule_description(rule) -> str | None:
    peer = [rule.ip_range, rule.source_group, getattr(rule, "prefix_list", None) or {}]
    return next((p["Description"] for p in peer if "Description" in p), None)


_make_rule = SecurityGroupRule.__init__
_group_rules = SecurityGroup._flattened_rules
_describe = SecurityGroupBackend._sg_update_description


def make_rule(self, *args, **kwargs):
    _make_rule(self, *args, **kwargs)
    # The eighth parameter, which moto passes by position.
    self.prefix_list = args[7] if len(args) > 7 else kwargs.get("prefix_list_id")


def group_rules(self, rules):
    views = _group_rules(self, rules)
    described = {r.prefix_list_id: r.prefix_list for r in rules if r.prefix_list_id}
    for view in views:
        view.prefix_list_ids = [described[p["PrefixListId"]] for p in view.prefix_list_ids]
    return views


def describe_rule(self, wanted, rule):
    _describe(self, wanted, rule)
    if wanted.prefix_list_id and wanted.prefix_list_id == rule.prefix_list_id:
        rule.prefix_list = wanted.prefix_list


_revoke_egress = SecurityGroupBackend.revoke_security_group_egress


def revoke_egress(self, **rules):
    """As moto does, and also the IPv6 ranges where the VPC has none, which moto passes over."""
    group = self.get_security_group_by_name_or_id(rules["group_name_or_id"])
    ranges = [r for r in rules.get("ip_ranges") or [] if "CidrIpv6" in r]
    ports = [rules.get(key) for key in ("ip_protocol", "from_port", "to_port")]
    for rule in self._iterate_security_rules(
        ports[0], group.group_id, *ports[1:], ranges, [], [], is_egress=True
    ):
        if rule not in group.egress_rules:
            raise InvalidPermissionNotFoundError()
        group.egress_rules.remove(rule)
    rules["ip_ranges"] = [r for r in rules.get("ip_ranges") or [] if r not in ranges]
    _revoke_egress(self, **rules)


SecurityGroupRule.__init__ = make_rule
SecurityGroupBackend.revoke_security_group_egress = revoke_egress
SecurityGroupRule.__eq__ = lambda self, other: rule_key(self) == rule_key(other)
SecurityGroupRule.description = property(rule_description)
SecurityGroup._flattened_rules = group_rules
SecurityGroupBackend._sg_update_description = describe_rule


@prepares("ec2:CreateSecurityGroup")
def check_group_name(call):
    name = call.params.get("GroupName", "")
    if name.lower().startswith("sg-"):
        raise AWSError(
            "InvalidParameterValue", f"Group names may not be in the format sg-*: {name}"
        )


@amends("ec2:CreateSecurityGroup")
def group_tags(call, result):
    specifications = call.params.get("TagSpecifications", [])
    return {**result, "Tags": [t for s in specifications for t in s.get("Tags", [])]}


@prepares("ec2:DeleteSecurityGroup")
def check_references(call):
    """A group that another group's rule refers to cannot be deleted."""
    target = call.params.get("GroupId")
    for groups in backend(call).groups.values():
        for group in groups.values():
            rules = [*group.ingress_rules, *group.egress_rules]
            peers = [rule.source_group.get("GroupId") for rule in rules]
            if group.id != target and target in peers:
                raise AWSError(
                    "DependencyViolation", f"resource {target} has a dependent object"
                )
