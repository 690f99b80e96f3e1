"""What takes AWS a while. EC2 does not show at once what was just created, a NAT gateway does not work
at once, and SQS does not give the name of a deleted queue again at once.

https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
"""

from __future__ import annotations

import time

from control import Control
from wire import AWSError, Call

NOT_FOUND = {
    "vpc": "InvalidVpcID.NotFound",
    "subnet": "InvalidSubnetID.NotFound",
    "sg": "InvalidGroup.NotFound",
}

CREATED = {
    "ec2:CreateVpc": lambda result: result["Vpc"]["VpcId"],
    "ec2:CreateSubnet": lambda result: result["Subnet"]["SubnetId"],
    "ec2:CreateSecurityGroup": lambda result: result["GroupId"],
}

# Calls of which the results are watched.
WATCHED = {*CREATED, "ec2:CreateNatGateway", "ec2:DescribeNatGateways", "sqs:DeleteQueue"}


def check(control: Control, call: Call) -> None:
    """Raises NotFound when the call names an id that is still hidden, and refuses the name of a queue
    that was just deleted."""
    if call.name == "sqs:CreateQueue":
        deleted = control.deleted_queues.get(queue(call, call.params["QueueName"]))
        if deleted and time.monotonic() - deleted < control.config.deletedQueueSeconds:
            raise AWSError(
                "QueueDeletedRecently",
                "You must wait 60 seconds after deleting a queue before you can create another "
                "with the same name.",
            )
    if call.service != "ec2":
        return
    with control.lock:
        for identifier in strings(call.params):
            if control.hidden.get(identifier, 0) > 0:
                control.hidden[identifier] -= 1
                code = NOT_FOUND[identifier.split("-")[0]]
                raise AWSError(code, f"The ID '{identifier}' does not exist")


def settle(control: Control, call: Call, result: dict) -> dict:
    """Remembers what was created or deleted; takes what is hidden out of a list."""
    if call.name == "sqs:DeleteQueue":
        name = call.params["QueueUrl"].rpartition("/")[2]
        control.deleted_queues[queue(call, name)] = time.monotonic()
    if call.service != "ec2":
        return result
    with control.lock:
        if call.name in CREATED and control.config.consistencyDelay:
            control.hidden[CREATED[call.name](result)] = control.config.consistencyDelay
        if call.name == "ec2:CreateNatGateway":
            gateway = result["NatGateway"]["NatGatewayId"]
            control.nat_gateways.setdefault(gateway, time.monotonic())
            return {**result, "NatGateway": as_far(control, result["NatGateway"])}
        if call.name == "ec2:DescribeNatGateways":
            gateways = [as_far(control, gateway) for gateway in result.get("NatGateways", [])]
            result = {**result, "NatGateways": gateways}
        if not call.operation.startswith("Describe"):
            return result
        for key, items in result.items():
            if isinstance(items, list):
                result[key] = [item for item in items if is_shown(control, item)]
    return result


def as_far(control: Control, gateway: dict) -> dict:
    """The gateway, pending until it works."""
    made = control.nat_gateways.get(gateway["NatGatewayId"], float("-inf"))
    is_new = time.monotonic() - made < control.config.natGatewaySeconds
    return {**gateway, "State": "pending"} if is_new else gateway


def queue(call: Call, name: str) -> tuple:
    return (call.account, call.region, name)


def is_shown(control: Control, item) -> bool:
    identifiers = [v for v in item.values() if isinstance(v, str)] if isinstance(item, dict) else []
    for identifier in identifiers:
        if control.hidden.get(identifier, 0) > 0:
            control.hidden[identifier] -= 1
            return False
    return True


def strings(value) -> list[str]:
    if isinstance(value, dict):
        return [s for item in value.values() for s in strings(item)]
    if isinstance(value, list):
        return [s for item in value for s in strings(item)]
    return [value] if isinstance(value, str) else []
