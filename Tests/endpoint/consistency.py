"""Eventual consistency of EC2: what was just created is not shown by the next reads.

https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
"""

from __future__ import annotations

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


def check(control: Control, call: Call) -> None:
    """Raises NotFound when the call names an id that is still hidden."""
    if call.service != "ec2":
        return
    with control.lock:
        for identifier in strings(call.params):
            if control.hidden.get(identifier, 0) > 0:
                control.hidden[identifier] -= 1
                code = NOT_FOUND[identifier.split("-")[0]]
                raise AWSError(code, f"The ID '{identifier}' does not exist")


def settle(control: Control, call: Call, result: dict) -> dict:
    """Remembers what was created; takes what is hidden out of a list."""
    if call.service != "ec2":
        return result
    with control.lock:
        if call.name in CREATED and control.config.consistencyDelay:
            control.hidden[CREATED[call.name](result)] = control.config.consistencyDelay
        if not call.operation.startswith("Describe"):
            return result
        for key, items in result.items():
            if isinstance(items, list):
                result[key] = [item for item in items if is_shown(control, item)]
    return result


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
