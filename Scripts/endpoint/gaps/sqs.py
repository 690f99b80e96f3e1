"""SQS: conflicts with what exists, one way of encryption, limits, and URLs that do not name this
endpoint. That the name of a deleted queue is free only after a minute stands in `consistency`."""

import json
from urllib.parse import urlsplit

from gaps import amends, prepares
from moto.sqs import models
from moto.sqs.models import sqs_backends
from wire import AWSError

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
models.MAXIMUM_MESSAGE_LENGTH = 1048576
models.MAXIMUM_MESSAGE_SIZE_ATTR_UPPER_BOUND = 1048576
RANGES = {
    "DelaySeconds": (0, 900),
    "KmsDataKeyReusePeriodSeconds": (60, 86400),
    "MaximumMessageSize": (1024, 1048576),
    "MessageRetentionPeriod": (60, 1209600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43200),
}
ALLOWED = {
    "ContentBasedDeduplication": {"true", "false"},
    "DeduplicationScope": {"messageGroup", "queue"},
    "FifoThroughputLimit": {"perQueue", "perMessageGroupId"},
    "SqsManagedSseEnabled": {"true", "false"},
}
FIFO = {"ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"}
DOCUMENTS = {"Policy", "RedrivePolicy", "RedriveAllowPolicy"}
KNOWN = {"KmsMasterKeyId", *RANGES, *ALLOWED, *DOCUMENTS}


def queue_of(call):
    """The queue of a call; `None` where moto will say that there is none."""
    name = call.params["QueueUrl"].rpartition("/")[2]
    return sqs_backends[call.account][call.region].queues.get(name)


def check(attributes: dict, fifo: bool) -> None:
    for name, value in attributes.items():
        if name not in KNOWN or (name in FIFO and not fifo):
            raise AWSError("InvalidAttributeName", f"Unknown Attribute {name}.")
        if not is_valid(name, value):
            raise AWSError("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
    if attributes.get("KmsMasterKeyId") and attributes.get("SqsManagedSseEnabled") == "true":
        raise AWSError(
            "InvalidAttributeValue",
            "You can use one type of server-side encryption (SSE) at one time.",
        )


def is_valid(name: str, value: str) -> bool:
    if name in RANGES:
        low, high = RANGES[name]
        return value.isdigit() and low <= int(value) <= high
    if name in ALLOWED:
        return value in ALLOWED[name]
    if name in DOCUMENTS and value:
        try:
            return isinstance(json.loads(value), dict)
        except ValueError:
            return False
    return True


def encrypted_once(attributes: dict) -> None:
    """Of a key of KMS and SQS's own encryption, the one that is set ends the other."""
    if attributes.get("KmsMasterKeyId"):
        attributes["SqsManagedSseEnabled"] = "false"
    elif attributes.get("SqsManagedSseEnabled") == "true":
        attributes["KmsMasterKeyId"] = ""


@prepares("sqs:CreateQueue")
def check_creation(call):
    """A queue that exists is answered again where its attributes are those given.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
    """
    attributes = dict(call.params.get("Attributes", {}))
    fifo = attributes.pop("FifoQueue", None)
    if fifo == "false":
        raise AWSError("InvalidAttributeName", "Unknown Attribute FifoQueue.")
    check(attributes, fifo == "true")
    existing = sqs_backends[call.account][call.region].queues.get(call.params["QueueName"])
    if existing is not None:
        for name, value in attributes.items():
            if not same(text(existing, name), value):
                raise AWSError(
                    "QueueNameExists",
                    "A queue already exists with the same name and a different value for "
                    f"attribute {name}",
                )
    encrypted_once(attributes)
    if fifo:
        attributes["FifoQueue"] = fifo
    if attributes:
        call.params["Attributes"] = attributes


def text(queue, name: str) -> str:
    value = {**queue.attributes, "RedriveAllowPolicy": redrive_allowed(queue)}.get(name)
    return "" if value is None else str(value)


def redrive_allowed(queue) -> str | None:
    return getattr(queue, "redrive_allow_policy", None) or None


def same(left: str, right: str) -> bool:
    try:
        return json.loads(left) == json.loads(right)
    except ValueError:
        return left == right


@prepares("sqs:SetQueueAttributes")
def check_attributes(call):
    """What is not named stays: moto would take the policy away."""
    queue = queue_of(call)
    if queue is None:
        return
    attributes = dict(call.params["Attributes"])
    check(attributes, queue.fifo_queue)
    encrypted_once(attributes)
    if "Policy" not in attributes and queue.policy:
        attributes["Policy"] = queue.policy
    call.params["Attributes"] = attributes


@amends("sqs:GetQueueAttributes")
def show_redrive_allowed(call, result):
    policy = redrive_allowed(queue_of(call))
    if policy and {"All", "RedriveAllowPolicy"} & set(call.params.get("AttributeNames", [])):
        result.setdefault("Attributes", {})["RedriveAllowPolicy"] = policy
    return result


@amends("sqs:CreateQueue", "sqs:GetQueueUrl", "sqs:ListQueues")
def show_regional_urls(call, result):
    """URLs name the service's endpoint in the region, wherever the call was sent.

    https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
    """

    def regional(url: str) -> str:
        return f"https://sqs.{call.region}.amazonaws.com{urlsplit(url).path}"

    if "QueueUrl" in result:
        result["QueueUrl"] = regional(result["QueueUrl"])
    if "QueueUrls" in result:
        result["QueueUrls"] = [regional(url) for url in result["QueueUrls"]]
    return result
