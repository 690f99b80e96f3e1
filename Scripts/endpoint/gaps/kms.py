"""KMS: rotation periods, keys that wait for their material, and what the state of a key forbids."""

from gaps import amends, forgets, prepares
from moto.kms.models import kms_backends
from wire import AWSError

PERIODS: dict[tuple[str, str, str], int] = {}


@forgets
def forget_periods():
    PERIODS.clear()


def found(call):
    """The key of a call; `None` where moto will say that there is none."""
    backend = kms_backends[call.account][call.region]
    return backend.keys.get(backend.any_id_to_key_id(call.params["KeyId"]))


def place(call):
    return (call.account, call.region, found(call).id)


@prepares("kms:EnableKeyRotation", "kms:DisableKeyRotation")
def check_rotation(call):
    """Only symmetric keys with KMS's own material are rotated, while they are enabled.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
    """
    key = found(call)
    if key is None:
        return
    check_can_rotate(key)
    if key.key_state == "Disabled":
        raise AWSError("DisabledException", f"{key.arn} is disabled.")
    refuse_deleted(key)
    if call.operation == "EnableKeyRotation":
        PERIODS[place(call)] = call.params.pop("RotationPeriodInDays", PERIODS.get(place(call), 365))


@prepares("kms:GetKeyRotationStatus")
def check_status(call):
    if (key := found(call)) is not None:
        check_can_rotate(key)


def check_can_rotate(key):
    if key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
        raise AWSError(
            "UnsupportedOperationException", f"You cannot rotate {key.arn} automatically."
        )


@amends("kms:GetKeyRotationStatus")
def show_period(call, result):
    """The period of a key that is rotated.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
    """
    result["KeyId"] = found(call).arn
    if result.get("KeyRotationEnabled"):
        result["RotationPeriodInDays"] = PERIODS.get(place(call), 365)
    return result


@prepares(
    "kms:EnableKey",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
)
def check_state(call):
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"""
    key = found(call)
    if key is None:
        return
    refuse_deleted(key)
    if key.origin == "EXTERNAL" and call.operation in ("EnableKey", "DisableKey"):
        raise AWSError("KMSInvalidStateException", f"{key.arn} is pending import.")


def refuse_deleted(key):
    if key.key_state == "PendingDeletion":
        raise AWSError("KMSInvalidStateException", f"{key.arn} is pending deletion.")


@amends("kms:CreateKey", "kms:DescribeKey")
def show_state(call, result):
    """A key without material cannot be used yet; what can sign does not encrypt.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
    """
    metadata = result["KeyMetadata"]
    if metadata.get("Origin") == "EXTERNAL" and metadata["KeyState"] == "Enabled":
        metadata.update(KeyState="PendingImport", Enabled=False)
    return result
