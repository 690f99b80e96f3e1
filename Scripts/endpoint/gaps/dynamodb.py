"""DynamoDB: what moto leaves out of a table, and that a table takes one change at a time.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

import copy

from gaps import amends, forgets, prepares
from moto.dynamodb.models import dynamodb_backends
from wire import AWSError

# By account, region and name: what moto does not keep.
KEPT: dict[tuple, dict] = {}
# The tables that are changing, until somebody has looked.
CHANGING: dict[tuple, str] = {}
ONE_AT_A_TIME = {
    "GlobalSecondaryIndexUpdates", "SSESpecification", "StreamSpecification", "TableClass",
    "WarmThroughput",
}


@forgets
def forget():
    KEPT.clear()
    CHANGING.clear()


def key(call):
    return call.account, call.region, call.params["TableName"]


def keep(call):
    kept = KEPT.setdefault(key(call), {"indexes": {}})
    for name in ("TableClass", "OnDemandThroughput"):
        if name in call.params:
            kept[name] = call.params[name]
    indexes = list(call.params.get("GlobalSecondaryIndexes", []))
    for update in call.params.get("GlobalSecondaryIndexUpdates", []):
        indexes += [update[word] for word in ("Create", "Update") if word in update]
    for index in indexes:
        if "OnDemandThroughput" in index:
            kept["indexes"][index["IndexName"]] = index["OnDemandThroughput"]
    if call.params.get("BillingMode") == "PAY_PER_REQUEST":
        kept["on demand"] = True


@prepares("dynamodb:CreateTable")
def create(call):
    call.params = copy.deepcopy(call.params)
    KEPT.pop(key(call), None)
    keep(call)
    CHANGING[key(call)] = "CREATING"


@prepares("dynamodb:UpdateTable")
def update(call):
    call.params = copy.deepcopy(call.params)
    name = call.params["TableName"]
    table = dynamodb_backends[call.account][call.region].tables.get(name)
    by_hand = call.access_key.endswith("HAND")
    if key(call) in CHANGING and not by_hand:
        raise AWSError("ResourceInUseException", f"Table is being updated: {name}")
    made = [u for u in call.params.get("GlobalSecondaryIndexUpdates", []) if "Update" not in u]
    several = ONE_AT_A_TIME & set(call.params)
    if len(made) > 1 or len(several) > 1:
        raise AWSError(
            "ValidationException", "You can only perform one of these operations at a time.")
    if table is not None and "SSESpecification" in call.params:
        table.sse_specification = call.params["SSESpecification"]
        if table.sse_specification.get("Enabled"):
            table.sse_specification.setdefault(
                "KMSMasterKeyId", table._get_default_encryption_key(call.account, call.region))
    stream = call.params.get("StreamSpecification")
    if table is not None and stream == {"StreamEnabled": False}:
        # moto knows no table whose stream is off again.
        table.stream_specification, table.latest_stream_label = None, None
        del call.params["StreamSpecification"]
    if call.params.get("BillingMode") == "PAY_PER_REQUEST" and table is not None:
        table.throughput = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
    keep(call)
    if not by_hand:
        CHANGING[key(call)] = "UPDATING"


@prepares("dynamodb:DeleteTable")
def delete(call):
    CHANGING.pop(key(call), None)


@amends("dynamodb:DescribeTable")
def complete(call, result):
    table = result.get("Table")
    if table is None:
        return result
    kept = KEPT.get(key(call), {"indexes": {}})
    if "TableClass" in kept:
        table["TableClassSummary"] = {"TableClass": kept["TableClass"]}
    on_demand = table.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST"
    if on_demand and "OnDemandThroughput" in kept:
        table["OnDemandThroughput"] = kept["OnDemandThroughput"]
    if not on_demand and not kept.get("on demand"):
        # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BillingModeSummary.html
        table.pop("BillingModeSummary", None)
    for index in table.get("GlobalSecondaryIndexes", []):
        index["IndexStatus"] = "ACTIVE"
        if on_demand and index["IndexName"] in kept["indexes"]:
            index["OnDemandThroughput"] = kept["indexes"][index["IndexName"]]
    for name in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if not table.get(name):
            table.pop(name, None)
    if not call.access_key.endswith("HAND"):
        table["TableStatus"] = CHANGING.pop(key(call), "ACTIVE")
    return result
