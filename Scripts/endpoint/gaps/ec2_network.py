"""EC2: addresses, gateways, routes, endpoints and flow logs as AWS answers them.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
"""

import itertools
import json

from gaps import amends, answers, forgets, prepares
from gaps.ec2 import ALLOCATION, backend, canonical
from upstream import ask
from wire import AWSError

# (account, region, id) -> members that moto does not keep.
KEPT: dict[tuple, dict] = {}
# (account, region, route table) -> {destination: route}. moto wants to know every target.
ROUTES: dict[tuple, dict] = {}
# (account, region, client token) -> NAT gateway.
TOKENS: dict[tuple, str] = {}
NUMBERS = itertools.count(1)
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


@forgets
def forget():
    for remembered in (KEPT, ROUTES, TOKENS):
        remembered.clear()


def key(call, resource: str) -> tuple:
    return (call.account, call.region, resource)


def kept(call, resource: str) -> dict:
    return KEPT.setdefault(key(call, resource), {})


def new_id(prefix: str) -> str:
    return f"{prefix}-{next(NUMBERS):017x}"


def take(params: dict, *names: str) -> dict:
    return {name: params.pop(name) for name in names if name in params}


# --- Addresses ------------------------------------------------------------------------------------


@answers("ec2:AllocateAddress")
def allocate(call):
    """An address of a pool, or one that is asked for."""
    params = dict(call.params)
    extra = take(params, "PublicIpv4Pool", "NetworkBorderGroup", "Address", "IpamPoolId")
    result = ask(call, params)
    wanted = extra.pop("Address", None)
    if wanted:
        made = next(a for a in backend(call).addresses if a.public_ip == result["PublicIp"])
        made.public_ip = result["PublicIp"] = wanted
    extra.pop("IpamPoolId", None)
    KEPT[key(call, result["AllocationId"])] = extra
    return shown_address(call, result)


def shown_address(call, address: dict) -> dict:
    standard = {"NetworkBorderGroup": call.region, "PublicIpv4Pool": "amazon"}
    return {**address, **standard, **kept(call, address["AllocationId"])}


@amends("ec2:DescribeAddresses")
def complete_addresses(call, result):
    return {"Addresses": [shown_address(call, a) for a in result.get("Addresses", [])]}


@answers("ec2:AssociateAddress")
def associate_address(call):
    """With an instance that nobody has started."""
    if "InstanceId" not in call.params:
        return ask(call, call.params)
    association = new_id("eipassoc")
    kept(call, call.params["AllocationId"]).update(
        InstanceId=call.params["InstanceId"], AssociationId=association
    )
    return {"AssociationId": association}


@answers("ec2:DisassociateAddress")
def disassociate_address(call):
    for members in KEPT.values():
        if members.get("AssociationId") == call.params.get("AssociationId"):
            del members["AssociationId"], members["InstanceId"]
            return {}
    return ask(call, call.params)


# --- NAT gateways ---------------------------------------------------------------------------------


def address_of(call, private: str | None, allocation: str | None, **more) -> dict:
    members = {"Status": "succeeded", "NetworkInterfaceId": new_id("eni"), **more}
    if private:
        members["PrivateIp"] = private
    if allocation:
        members |= {"AllocationId": allocation, "AssociationId": new_id("eipassoc")}
    return members


def zoned(call, zone: dict) -> list[dict]:
    return [
        address_of(call, None, allocation, **take(dict(zone), "AvailabilityZone"))
        for allocation in zone["AllocationIds"]
    ]


@answers("ec2:CreateNatGateway")
def create_nat(call):
    """The same token makes the same gateway; other addresses than the first are kept here."""
    params = dict(call.params)
    token = key(call, params.pop("ClientToken", new_id("token")))
    if token in TOKENS:
        found = ask(call, {"NatGatewayIds": [TOKENS[token]]}, "DescribeNatGateways")
        return {"NatGateway": shown_nat(call, found["NatGateways"][0])}
    extra = take(
        params, "AvailabilityMode", "AvailabilityZoneAddresses", "PrivateIpAddress",
        "SecondaryAllocationIds", "SecondaryPrivateIpAddresses", "SecondaryPrivateIpAddressCount",
        "VpcId",
    )
    if "SubnetId" not in params:
        # moto cannot do without a subnet; it is not shown.
        params["SubnetId"] = next(iter(backend(call).describe_subnets())).id
    gateway = ask(call, params)["NatGateway"]
    first = (gateway.get("NatGatewayAddresses") or [{}])[0]
    private = extra.get("PrivateIpAddress") or first.get("PrivateIp") or "10.1.1.200"
    addresses = [{**address_of(call, private, params.get("AllocationId")), "IsPrimary": True}]
    inside = extra.get("SecondaryPrivateIpAddresses") or [
        f"10.1.1.{201 + n}" for n in range(extra.get("SecondaryPrivateIpAddressCount", 0))
    ]
    outside = extra.get("SecondaryAllocationIds", [])
    for private, allocation in itertools.zip_longest(inside, outside):
        addresses.append(address_of(call, private, allocation))
    if extra.get("AvailabilityMode") == "regional":
        zones = extra.get("AvailabilityZoneAddresses", [])
        addresses = [address for zone in zones for address in zoned(call, zone)]
    members = kept(call, gateway["NatGatewayId"])
    members.update(
        NatGatewayAddresses=addresses,
        AvailabilityMode=extra.get("AvailabilityMode", "zonal"),
        ConnectivityType=params.get("ConnectivityType", "public"),
    )
    if "VpcId" in extra:
        members["VpcId"] = extra["VpcId"]
    TOKENS[token] = gateway["NatGatewayId"]
    return {"NatGateway": shown_nat(call, gateway)}


def shown_nat(call, gateway: dict) -> dict:
    shown = {**gateway, **kept(call, gateway["NatGatewayId"])}
    if shown.get("AvailabilityMode") == "regional":
        shown.pop("SubnetId", None)
    return shown


@amends("ec2:DescribeNatGateways")
def complete_nats(call, result):
    return {**result, "NatGateways": [shown_nat(call, g) for g in result.get("NatGateways", [])]}


@amends("ec2:DeleteNatGateway")
def free_addresses(call, result):
    """A gateway that is deleted lets its address go."""
    shown = kept(call, call.params["NatGatewayId"]).get("NatGatewayAddresses", [])
    held = {address.get("AllocationId") for address in shown}
    for address in backend(call).addresses:
        if address.allocation_id in held:
            address.eni = address.instance = address.association_id = None
    return result


@answers("ec2:AssociateNatGatewayAddress", "ec2:AssignPrivateNatGatewayAddress")
def add_nat_addresses(call):
    params = call.params
    addresses = kept(call, params["NatGatewayId"])["NatGatewayAddresses"]
    inside = params.get("PrivateIpAddresses") or [
        f"10.1.1.{220 + next(NUMBERS) % 30}" for _ in range(params.get("PrivateIpAddressCount", 0))
    ]
    zone = take(dict(params), "AvailabilityZone")
    for private, allocation in itertools.zip_longest(inside, params.get("AllocationIds", [])):
        addresses.append(address_of(call, private, allocation, **zone))
    return {"NatGatewayId": params["NatGatewayId"], "NatGatewayAddresses": addresses}


@answers("ec2:DisassociateNatGatewayAddress", "ec2:UnassignPrivateNatGatewayAddress")
def remove_nat_addresses(call):
    params = call.params
    members = kept(call, params["NatGatewayId"])
    gone = {*params.get("AssociationIds", []), *params.get("PrivateIpAddresses", [])}
    members["NatGatewayAddresses"] = [
        a
        for a in members["NatGatewayAddresses"]
        if not gone & {a.get("AssociationId"), a.get("PrivateIp")}
    ]
    return {"NatGatewayId": params["NatGatewayId"]}


# --- Routes ---------------------------------------------------------------------------------------


def routes_of(call) -> tuple[dict, str]:
    table = call.params["RouteTableId"]
    if table not in backend(call).route_tables:
        raise AWSError("InvalidRouteTableID.NotFound", f"The routeTable ID '{table}' does not exist")
    name = next(name for name in DESTINATIONS if name in call.params)
    destination = call.params[name]
    if name != "DestinationPrefixListId":
        destination = call.params[name] = canonical(destination)
    return ROUTES.setdefault(key(call, table), {}), destination


def route_of(call) -> dict:
    ours = {k: v for k, v in call.params.items() if k not in ("RouteTableId", "DryRun")}
    targets = set(ours) - set(DESTINATIONS)
    if len(targets) != 1:
        raise AWSError("InvalidParameterCombination", "exactly one target must be given")
    if "VpcEndpointId" in ours:
        ours["GatewayId"] = ours.pop("VpcEndpointId")
    if "InstanceId" in ours:
        ours |= {"NetworkInterfaceId": "eni-0aaaaaaaaaaaaaaaa", "InstanceOwnerId": call.account}
    return {**ours, "Origin": "CreateRoute", "State": "active"}


@answers("ec2:CreateRoute")
def create_route(call):
    routes, destination = routes_of(call)
    if destination in routes:
        raise AWSError("RouteAlreadyExists", f"The route identified by {destination} already exists.")
    routes[destination] = route_of(call)
    return {"Return": True}


@answers("ec2:ReplaceRoute")
def replace_route(call):
    routes, destination = routes_of(call)
    if destination not in routes:
        raise AWSError("InvalidParameterValue", f"There is no route defined for '{destination}'")
    routes[destination] = route_of(call)
    return {}


@answers("ec2:DeleteRoute")
def delete_route(call):
    routes, destination = routes_of(call)
    if routes.pop(destination, None) is None:
        raise AWSError("InvalidRoute.NotFound", f"no route with destination {destination}")
    return {}


@amends("ec2:DescribeRouteTables")
def complete_tables(call, result):
    for table in result.get("RouteTables", []):
        made = ROUTES.get(key(call, table["RouteTableId"]), {}).values()
        table["Routes"] = [*table.get("Routes", []), *made]
    return result


# --- Ranges of VPCs -------------------------------------------------------------------------------


@answers("ec2:AssociateVpcCidrBlock")
def associate_range(call):
    """An IPv6 range of Amazon, of a pool, or one of one's own."""
    params = dict(call.params)
    extra = take(
        params, "Ipv6CidrBlock", "Ipv6Pool", "Ipv6IpamPoolId", "Ipv6NetmaskLength",
        "Ipv6CidrBlockNetworkBorderGroup",
    )
    block = extra.get("Ipv6CidrBlock")
    if "Ipv6IpamPoolId" in extra:
        block = f"2001:db8:ff00::/{extra.get('Ipv6NetmaskLength', 56)}"
    if block:
        params["AmazonProvidedIpv6CidrBlock"] = True
    vpc = backend(call).get_vpc(params["VpcId"])
    known = vpc._cidr_block_association_set
    with ALLOCATION:
        # moto takes one IPv6 range; AWS takes five.
        aside = {i: known.pop(i) for i in list(known) if ":" in known[i]["cidr_block"]}
        try:
            if len(aside) >= 5:
                raise AWSError("CidrLimitExceeded", f"{vpc.id} has its maximum of IPv6 ranges")
            result = ask(call, params)
            association = result.get("Ipv6CidrBlockAssociation")
            if association and block:
                made = known[association["AssociationId"]]
                given, wanted = made["cidr_block"], canonical(block)
                made["cidr_block"] = association["Ipv6CidrBlock"] = wanted
                # The local routes lead to the range that moto has made up.
                for table in list(backend(call).route_tables.values()):
                    if table.vpc_id == vpc.id:
                        backend(call).delete_route(table.id, None, given)
                        backend(call).create_route(
                            table.id, None, destination_ipv6_cidr_block=wanted, local=True)
        finally:
            known.update(aside)
    if association:
        pool = extra.get("Ipv6Pool") or extra.get("Ipv6IpamPoolId")
        kept(call, association["AssociationId"]).update(
            Ipv6Pool=pool or "Amazon",
            NetworkBorderGroup=extra.get("Ipv6CidrBlockNetworkBorderGroup", call.region),
            IpSource="amazon" if not pool else "byoip",
            Ipv6AddressAttribute="public",
        )
    return result


@amends("ec2:DescribeVpcs")
def complete_vpcs(call, result):
    for vpc in result.get("Vpcs", []):
        for association in vpc.get("Ipv6CidrBlockAssociationSet", []):
            standard = {"Ipv6Pool": "Amazon", "NetworkBorderGroup": call.region}
            association |= {**standard, **kept(call, association["AssociationId"])}
    return result


# --- Endpoints and flow logs ----------------------------------------------------------------------

ENDPOINT = (
    "DnsOptions", "IpAddressType", "ServiceRegion", "ServiceNetworkArn",
    "ResourceConfigurationArn", "PrivateDnsEnabled", "PolicyDocument",
)

# The policy of an endpoint that was given none.
EVERYBODY = {
    "Version": "2008-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}


@answers("ec2:CreateVpcEndpoint")
def create_endpoint(call):
    params = dict(call.params)
    params.pop("ClientToken", None)
    extra = {"PrivateDnsEnabled": False, "IpAddressType": "ipv4"} | {
        name: params[name] for name in ENDPOINT if name in params
    }
    for name in ("DnsOptions", "IpAddressType", "ServiceRegion"):
        params.pop(name, None)
    if not params.get("ServiceName"):
        params.pop("ServiceNetworkArn", None)
        params.pop("ResourceConfigurationArn", None)
        params["ServiceName"] = "none"
        extra["ServiceName"] = None
    endpoint = ask(call, params)["VpcEndpoint"]
    KEPT[key(call, endpoint["VpcEndpointId"])] = extra
    return {"VpcEndpoint": shown_endpoint(call, endpoint)}


def shown_endpoint(call, endpoint: dict) -> dict:
    shown = {**endpoint, **kept(call, endpoint["VpcEndpointId"])}
    return {name: value for name, value in shown.items() if value is not None}


@amends("ec2:DescribeVpcEndpoints")
def complete_endpoints(call, result):
    shown = [shown_endpoint(call, e) for e in result.get("VpcEndpoints", [])]
    return {**result, "VpcEndpoints": shown}


@answers("ec2:ModifyVpcEndpoint")
def modify_endpoint(call):
    params = dict(call.params)
    members = kept(call, params["VpcEndpointId"])
    members |= {name: params.pop(name) for name in ENDPOINT if name in params}
    if params.pop("ResetPolicy", False):
        members["PolicyDocument"] = json.dumps(EVERYBODY)
    endpoint = backend(call).vpc_end_points[params["VpcEndpointId"]]
    lists = {"SubnetIds": "subnet_ids", "RouteTableIds": "route_table_ids",
             "SecurityGroupIds": "security_group_ids"}
    for name, attribute in lists.items():
        now = [i for i in getattr(endpoint, attribute) or [] if i not in params.get("Remove" + name, [])]
        setattr(endpoint, attribute, now + params.get("Add" + name, []))
    return {"Return": True}


@answers("ec2:CreateFlowLogs")
def create_flow_logs(call):
    params = dict(call.params)
    extra = take(params, "DeliverCrossAccountRole", "DestinationOptions")
    params.pop("ClientToken", None)
    result = ask(call, params)
    for flow_log in result.get("FlowLogIds", []):
        KEPT[key(call, flow_log)] = extra
    return result


@amends("ec2:DescribeFlowLogs")
def complete_flow_logs(call, result):
    shown = [{**log, **kept(call, log["FlowLogId"])} for log in result.get("FlowLogs", [])]
    return {**result, "FlowLogs": shown}


# --- Network ACLs ---------------------------------------------------------------------------------


def entry_id(acl: str, number: int, egress: bool) -> str:
    return f"{acl}|{number}|{egress}"


@prepares("ec2:CreateNetworkAclEntry", "ec2:ReplaceNetworkAclEntry")
def keep_icmp(call):
    """moto does not show the types of ICMP; ranges are without host bits."""
    params = call.params
    for name in ("CidrBlock", "Ipv6CidrBlock"):
        if name in params:
            params[name] = canonical(params[name])
    entry = entry_id(params["NetworkAclId"], params["RuleNumber"], params["Egress"])
    KEPT[key(call, entry)] = take(dict(params), "IcmpTypeCode")


@amends("ec2:DescribeNetworkAcls")
def complete_acls(call, result):
    for acl in result.get("NetworkAcls", []):
        for entry in acl.get("Entries", []):
            known = entry_id(acl["NetworkAclId"], entry["RuleNumber"], entry["Egress"])
            entry |= KEPT.get(key(call, known), {})
    return result


# --- DHCP options ---------------------------------------------------------------------------------

LEASE = "ipv6-address-preferred-lease-time"


@answers("ec2:CreateDhcpOptions")
def create_dhcp_options(call):
    """With tags, and the lease time, which moto does not know."""
    params = dict(call.params)
    tags = [t for spec in params.pop("TagSpecifications", []) for t in spec.get("Tags", [])]
    options = params.get("DhcpConfigurations", [])
    result = ask(call, params)
    made = result["DhcpOptions"]
    if tags:
        backend(call).dhcp_options_sets[made["DhcpOptionsId"]].add_tags(
            {tag["Key"]: tag["Value"] for tag in tags}
        )
    kept(call, made["DhcpOptionsId"])["Lease"] = [o for o in options if o["Key"] == LEASE]
    return {"DhcpOptions": {**shown_options(call, made), "Tags": tags}}


def shown_options(call, options: dict) -> dict:
    lease = [
        {"Key": LEASE, "Values": [{"Value": value} for value in option["Values"]]}
        for option in kept(call, options["DhcpOptionsId"]).get("Lease", [])
    ]
    return {**options, "DhcpConfigurations": options.get("DhcpConfigurations", []) + lease}


@amends("ec2:DescribeDhcpOptions")
def complete_options(call, result):
    return {"DhcpOptions": [shown_options(call, o) for o in result.get("DhcpOptions", [])]}


@prepares("ec2:DeleteDhcpOptions")
def note_who_has_options(call):
    """moto knows one VPC that once had them."""
    options = backend(call).dhcp_options_sets.get(call.params.get("DhcpOptionsId"))
    if options:
        having = (vpc for vpc in backend(call).vpcs.values() if vpc.dhcp_options is options)
        options.vpc = next(having, None)


@amends("ec2:DeleteSubnet")
def drop_associations(call, result):
    """The association of a subnet with its route table goes with it."""
    for table in backend(call).route_tables.values():
        for association, target in list(table._associations.items()):
            if target == call.params["SubnetId"]:
                del table._associations[association]
    return result
