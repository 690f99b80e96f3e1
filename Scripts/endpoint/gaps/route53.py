"""Route 53: records as AWS checks, escapes, sorts and pages them, and what a zone refuses."""

import copy
import re
import uuid

from gaps import amends, answers, forgets, prepares, shows_tags
from moto.route53.models import route53_backends
from upstream import ask
from wire import AWSError

# By account and zone: the record sets that somebody made.
RECORDS: dict[tuple[str, str], list[dict]] = {}
ACCELERATED: set[tuple[str, str]] = set()


@forgets
def forget():
    RECORDS.clear()
    ACCELERATED.clear()


def zone_id(call, name="HostedZoneId"):
    return call.params[name].rpartition("/")[2]


def zone(call, name="HostedZoneId"):
    found = route53_backends[call.account]["aws"].zones.get(zone_id(call, name))
    if found is None:
        raise AWSError("NoSuchHostedZone", f"No hosted zone {zone_id(call, name)}", 404)
    return found


# Zones


@prepares("route53:CreateHostedZone")
def check_create(call):
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html"""
    backend = route53_backends[call.account]["aws"]
    reference = call.params["CallerReference"]
    if any(zone.caller_reference == reference for zone in backend.zones.values()):
        raise AWSError(
            "HostedZoneAlreadyExists", f"A hosted zone was made with {reference} before.", 409
        )
    if "VPC" in call.params and not {"VPCId", "VPCRegion"} <= set(call.params["VPC"]):
        raise AWSError("InvalidInput", "A VPC needs its id and its region.")


@prepares("route53:DeleteHostedZone")
def check_delete(call):
    if RECORDS.get((call.account, zone(call, "Id").resource_id)):
        raise AWSError(
            "HostedZoneNotEmpty", "The zone contains non-required resource record sets.", 400
        )


@prepares("route53:DisassociateVPCFromHostedZone")
def check_disassociate(call):
    if len(zone(call).vpcs) == 1:
        raise AWSError("LastVPCAssociation", "The last VPC cannot be taken from a private zone.")


@answers("route53:UpdateHostedZoneFeatures")
def accelerate(call):
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_UpdateHostedZoneFeatures.html"""
    key = (call.account, zone(call).resource_id)
    (ACCELERATED.add if call.params.get("EnableAcceleratedRecovery") else ACCELERATED.discard)(key)
    return {}


@amends("route53:ListHostedZones")
def show_features(call, result):
    for shown in result["HostedZones"]:
        is_on = (call.account, shown["Id"].rpartition("/")[2]) in ACCELERATED
        shown["Features"] = {"AcceleratedRecoveryStatus": "ENABLED" if is_on else "DISABLED"}
    return result


@answers("route53:ListQueryLoggingConfigs")
def list_query_logging(call):
    """Of one zone, or of all."""
    own = zone_id(call) if "HostedZoneId" in call.params else None
    result = ask(call, {})
    result["QueryLoggingConfigs"] = [
        config for config in result["QueryLoggingConfigs"] if own in (None, config["HostedZoneId"])
    ]
    return result


@shows_tags
def tagged_zones(call) -> dict[str, dict]:
    """What is global is shown in the home region alone."""
    backend = route53_backends[call.account]["aws"]
    if call.region != "us-east-1":
        return {}
    return {
        f"arn:aws:route53:::hostedzone/{zone.resource_id}": backend.list_tags_for_resource(
            zone.resource_id
        )
        for zone in backend.zones.values()
    }


@prepares("route53:ChangeTagsForResource")
def check_tags(call):
    """Ten tags at most, in a call and on a zone."""
    if len(call.params.get("AddTags", [])) > 10:
        raise AWSError("InvalidInput", "Too many tags.")


# Records


@answers("route53:ChangeResourceRecordSets")
def change(call):
    """All changes of a batch, or none.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    """
    own = zone(call)
    key = (call.account, own.resource_id)
    records = copy.deepcopy(RECORDS.get(key, []))
    for item in call.params["ChangeBatch"]["Changes"]:
        record = normal(item["ResourceRecordSet"], own.name)
        same = [old for old in records if identity(old) == identity(record)]
        if item["Action"] == "CREATE" and same:
            refuse(f"Tried to create {identity(record)} but it already exists")
        if item["Action"] == "DELETE":
            if not same:
                refuse(f"Tried to delete {identity(record)} but it was not found")
            if same[0] != record:
                refuse(
                    f"Tried to delete {identity(record)} but the values provided do not match the "
                    "current values"
                )
        records = [old for old in records if identity(old) != identity(record)]
        if item["Action"] != "DELETE":
            check_conflicts(record, records)
            records.append(record)
    RECORDS[key] = records
    return {"ChangeInfo": change_info("PENDING")}


@answers("route53:GetChange")
def get_change(call):
    return {"ChangeInfo": change_info("INSYNC") | {"Id": f"/change/{zone_id(call, 'Id')}"}}


def change_info(status):
    return {
        "Id": f"/change/C{uuid.uuid4().hex[:13].upper()}",
        "Status": status,
        "SubmittedAt": "2026-01-01T00:00:00Z",
    }


def refuse(message):
    raise AWSError("InvalidChangeBatch", f"[{message}]")


def identity(record):
    return (record["Name"], record["Type"], record.get("SetIdentifier"))


def normal(record, zone_name):
    record = copy.deepcopy(record)
    record["Name"] = escaped(record["Name"])
    if not ("." + record["Name"]).endswith("." + escaped(zone_name)):
        refuse(f"RRSet with DNS name {record['Name']} is not permitted in zone {zone_name}")
    if "AliasTarget" in record:
        record["AliasTarget"]["DNSName"] = escaped(record["AliasTarget"]["DNSName"])
        if "TTL" in record or "ResourceRecords" in record:
            refuse("Expected exactly one of AliasTarget, and TTL with ResourceRecords")
    elif "TTL" not in record or not record.get("ResourceRecords"):
        refuse("Expected exactly one of AliasTarget, and TTL with ResourceRecords, but found none")
    routing = {"Weight", "Region", "GeoLocation", "Failover", "MultiValueAnswer"}
    routing |= {"CidrRoutingConfig", "GeoProximityLocation"}
    if bool(routing & set(record)) != ("SetIdentifier" in record):
        refuse("A routing policy needs a SetIdentifier, and the other way round")
    if record["Type"] == "TXT" and not all(
        item["Value"].startswith('"') for item in record.get("ResourceRecords", [])
    ):
        refuse("Value should be enclosed in quotation marks")
    return record


def check_conflicts(record, others):
    for other in others:
        if other["Name"] != record["Name"]:
            continue
        if "CNAME" in (record["Type"], other["Type"]) and other["Type"] != record["Type"]:
            refuse(f"RRSet of type CNAME with DNS name {record['Name']} conflicts with other records")
        if other["Type"] == record["Type"] and not ("SetIdentifier" in record and "SetIdentifier" in other):
            refuse(f"{record['Name']} exists with another routing policy")


def escaped(name):
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html"""
    plain = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), name).lower()
    shown = "".join(c if re.match(r"[a-z0-9_.-]", c) else f"\\{ord(c):03o}" for c in plain)
    return shown if shown.endswith(".") else shown + "."


@answers("route53:ListResourceRecordSets")
def list_records(call):
    """In the order of names with their labels reversed, 300 on a page.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
    """
    own = zone(call)
    required = [
        {**record, "Name": escaped(record["Name"])}
        for record in ask(call, {"HostedZoneId": own.resource_id})["ResourceRecordSets"]
        if record["Type"] in ("NS", "SOA")
    ]
    made = RECORDS.get((call.account, own.resource_id), [])
    taken = {identity(record) for record in made}
    records = sorted(made + [r for r in required if identity(r) not in taken], key=order)
    if "StartRecordName" in call.params:
        start = {
            "Name": escaped(call.params["StartRecordName"]),
            "Type": call.params.get("StartRecordType", ""),
            "SetIdentifier": call.params.get("StartRecordIdentifier", ""),
        }
        records = [record for record in records if order(record) >= order(start)]
    size = min(int(call.params.get("MaxItems", 300)), 300)
    page, rest = records[:size], records[size:]
    result = {"ResourceRecordSets": page, "IsTruncated": bool(rest), "MaxItems": str(size)}
    if rest:
        result |= {"NextRecordName": rest[0]["Name"], "NextRecordType": rest[0]["Type"]}
        if "SetIdentifier" in rest[0]:
            result["NextRecordIdentifier"] = rest[0]["SetIdentifier"]
    return result


def order(record):
    labels = record["Name"].strip(".").split(".")
    return (labels[::-1], record["Type"], record.get("SetIdentifier") or "")
