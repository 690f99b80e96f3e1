"""SNS: conflicts with what exists, the attributes that moto keeps and does not show, data protection
policies, and subscriptions that wait until their endpoint confirms them."""

import json
import re

from gaps import amends, answers, prepares
from moto.core.utils import camelcase_to_underscores
from moto.sns.models import sns_backends
from upstream import Pager, ask
from wire import AWSError

FIFO_ATTRIBUTES = {"ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy"}
ALLOWED = {
    "SignatureVersion": {"1", "2"},
    "TracingConfig": {"PassThrough", "Active"},
    "FifoThroughputScope": {"Topic", "MessageGroup"},
    "ContentBasedDeduplication": {"true", "false"},
}
# https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
CREATED = {"DeliveryPolicy", "DisplayName", "FifoTopic", "KmsMasterKeyId", "Policy", *ALLOWED}
CREATED |= {"ArchivePolicy"}
# https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
FEEDBACK = {
    protocol + member
    for protocol in ("HTTP", "Firehose", "Lambda", "Application", "SQS")
    for member in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
}
SETTABLE = CREATED - {"FifoTopic"} | FEEDBACK
# What moto keeps and leaves out.
HIDDEN = FEEDBACK | {"SignatureVersion", "TracingConfig", "FifoThroughputScope", "ArchivePolicy"}

# Endpoints of these confirm a subscription themselves before anything is delivered.
CONFIRMED_BY_HAND = {"email", "email-json", "http", "https"}


def backend(call):
    return sns_backends[call.account][call.region]


def found_topic(call, key="TopicArn"):
    topic = backend(call).topics.get(call.params[key])
    if topic is None:
        raise AWSError("NotFound", "Topic does not exist", 404)
    return topic


def invalid(reason: str) -> AWSError:
    return AWSError("InvalidParameter", f"Invalid parameter: {reason}")


def shown(topic, name: str) -> str | None:
    value = getattr(topic, camelcase_to_underscores(name), None)
    return str(value).lower() if isinstance(value, bool) else value


def same(left: str | None, right: str | None) -> bool:
    try:
        return json.loads(left) == json.loads(right)
    except (TypeError, ValueError):
        return (left or "") == (right or "")


# Topics


@prepares("sns:CreateTopic")
def check_creation(call):
    """A topic that exists is answered again where all that is given is so already.

    https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
    """
    attributes = call.params.get("Attributes", {})
    name = call.params["Name"]
    fifo = attributes.get("FifoTopic") == "true"
    if not re.fullmatch(r"[\w-]{1,251}\.fifo" if fifo else r"[\w-]{1,256}", name, re.ASCII):
        raise invalid("Topic Name")
    if unknown := set(attributes) - CREATED:
        raise invalid(f"Attributes Reason: Unknown attribute {min(unknown)}")
    for key, value in attributes.items():
        check_value(key, value, fifo)
    existing = backend(call).topics.get(f"arn:aws:sns:{call.region}:{call.account}:{name}")
    if existing is None:
        return
    if any(not same(shown(existing, key), value) for key, value in attributes.items()):
        raise invalid("Attributes Reason: Topic already exists with different attributes")
    if any(existing._tags.get(tag["Key"]) != tag["Value"] for tag in call.params.get("Tags", [])):
        raise invalid("Tags Reason: Topic already exists with different tags")


def check_value(name: str, value: str, fifo: bool) -> None:
    if name in FIFO_ATTRIBUTES and not fifo:
        raise invalid(f"Attributes Reason: {name} can only be set for FIFO topics")
    if name in ALLOWED and value not in ALLOWED[name]:
        raise invalid(f"{name} Reason: {value}")
    if name in ("Policy", "ArchivePolicy"):
        try:
            json.loads(value)
        except ValueError:
            raise invalid(f"{name} Error: null") from None


@amends("sns:CreateTopic")
def keep_data_protection(call, result):
    topic = backend(call).topics[result["TopicArn"]]
    if policy := call.params.get("DataProtectionPolicy"):
        topic.data_protection_policy = policy
    return result


@prepares("sns:SetTopicAttributes")
def check_attribute(call):
    topic = found_topic(call)
    name, value = call.params["AttributeName"], call.params.get("AttributeValue", "")
    if name not in SETTABLE:
        raise invalid("AttributeName")
    check_value(name, value, topic.fifo_topic)
    call.params["AttributeValue"] = "" if name == "ArchivePolicy" and value == "{}" else value


@amends("sns:GetTopicAttributes")
def show_attributes(call, result):
    """https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html"""
    topic = found_topic(call)
    attributes = result["Attributes"]
    attributes.update({name: shown(topic, name) for name in HIDDEN if shown(topic, name)})
    own = [s for s in backend(call).subscriptions.values() if s.topic_arn == topic.arn]
    pending = sum(is_pending(s) for s in own)
    attributes["SubscriptionsPending"] = str(pending)
    attributes["SubscriptionsConfirmed"] = str(len(own) - pending)
    return result


@prepares("sns:DeleteTopic")
def check_archive(call):
    """https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html"""
    topic = backend(call).topics.get(call.params["TopicArn"])
    if topic is not None and shown(topic, "ArchivePolicy"):
        raise AWSError("InvalidState", "The topic has an active message archive policy.")


@answers("sns:PutDataProtectionPolicy")
def put_data_protection(call):
    """An empty policy takes it away.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-delete.html
    """
    found_topic(call, "ResourceArn").data_protection_policy = call.params["DataProtectionPolicy"]
    return {}


@answers("sns:GetDataProtectionPolicy")
def get_data_protection(call):
    policy = getattr(found_topic(call, "ResourceArn"), "data_protection_policy", "")
    return {"DataProtectionPolicy": policy} if policy else {}


# Subscriptions


def is_pending(subscription) -> bool:
    return subscription.protocol in CONFIRMED_BY_HAND and not subscription.confirmed


def found_subscription(call):
    subscription = backend(call).subscriptions.get(call.params["SubscriptionArn"])
    if subscription is None and not call.params["SubscriptionArn"].startswith("arn:"):
        raise invalid("SubscriptionArn Reason: An ARN must have at least 6 elements")
    return subscription


@answers("sns:ListSubscriptions", "sns:ListSubscriptionsByTopic")
def hide_pending(call):
    """https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html"""
    result = Pager(call, None).whole()
    for subscription in result["Subscriptions"]:
        if is_pending(backend(call).subscriptions[subscription["SubscriptionArn"]]):
            subscription["SubscriptionArn"] = "PendingConfirmation"
        subscription["Endpoint"] = without_password(subscription["Endpoint"])
    return result


def without_password(endpoint: str) -> str:
    """What a URL holds to authenticate SNS is not shown."""
    return re.sub(r"^(https?://[^:@/]*):[^@/]*@", r"\1:****@", endpoint)


@answers("sns:Subscribe")
def subscribe(call):
    """What is subscribed already is answered again where its attributes are the same.

    https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
    """
    topic = found_topic(call)
    wants_arn = call.params.pop("ReturnSubscriptionArn", False)
    attributes = call.params.pop("Attributes", {})
    existing = next(
        (
            s
            for s in backend(call).subscriptions.values()
            if (s.topic_arn, s.protocol, s.endpoint)
            == (topic.arn, call.params["Protocol"], call.params.get("Endpoint"))
        ),
        None,
    )
    if existing and any(not same(text(existing, k), v) for k, v in attributes.items()):
        raise invalid("Attributes Reason: Subscription already exists with different attributes")
    # A scope counts before the policy that it is of.
    for name, value in attributes.items():
        check_subscription_attribute(topic, name, value)
    replay = attributes.pop("ReplayPolicy", None)
    arn = ask(call, {**call.params, "Attributes": attributes})["SubscriptionArn"]
    subscription = backend(call).subscriptions[arn]
    if replay:
        subscription.attributes["ReplayPolicy"] = replay
    if is_pending(subscription) and not wants_arn:
        return {"SubscriptionArn": "pending confirmation"}
    return {"SubscriptionArn": arn}


def text(subscription, name: str) -> str | None:
    value = subscription.attributes.get(name)
    return str(value).lower() if isinstance(value, bool) else value


def check_subscription_attribute(topic, name: str, value: str) -> None:
    if name in ("DeliveryPolicy", "FilterPolicy", "RedrivePolicy", "ReplayPolicy") and value:
        try:
            json.loads(value)
        except ValueError:
            raise invalid(f"{name}: failed to parse JSON.") from None
    if name == "ReplayPolicy" and value and not shown(topic, "ArchivePolicy"):
        raise invalid("ReplayPolicy Reason: The topic has no active archive policy")


@prepares("sns:SetSubscriptionAttributes")
def set_subscription_attribute(call):
    """An attribute without a value is taken away, a redrive policy only by none at all.

    https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html
    """
    subscription = found_subscription(call)
    if subscription is None:
        return
    if is_pending(subscription):
        raise invalid("SubscriptionArn Reason: The subscription is pending confirmation")
    name, value = call.params["AttributeName"], call.params.get("AttributeValue")
    check_subscription_attribute(subscription.topic, name, value)
    if name == "RedrivePolicy" and value == "":
        raise invalid("RedrivePolicy: failed to parse JSON.")
    if name in ("RawMessageDelivery", "FilterPolicyScope") and not value:
        raise invalid(f"{name}: Invalid value")
    if value in (None, "", "{}"):
        call.answer = lambda call: take_away(subscription, name)
    elif name == "ReplayPolicy":
        call.answer = lambda call: subscription.attributes.update(ReplayPolicy=value) or {}


def take_away(subscription, name: str) -> dict:
    subscription.attributes.pop(name, None)
    if name == "FilterPolicy":
        subscription.attributes.pop("FilterPolicyScope", None)
        subscription._filter_policy = subscription._filter_policy_matcher = None
    return {}


@amends("sns:GetSubscriptionAttributes")
def show_confirmation(call, result):
    pending = is_pending(found_subscription(call))
    attributes = result["Attributes"]
    attributes["PendingConfirmation"] = str(pending).lower()
    attributes["Endpoint"] = without_password(attributes["Endpoint"])
    return result


@prepares("sns:Unsubscribe")
def check_unsubscription(call):
    """https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html"""
    subscription = found_subscription(call)
    if subscription is not None and is_pending(subscription):
        raise invalid("Cannot unsubscribe a subscription that is pending confirmation")


@answers("sns:ConfirmSubscription")
def confirm(call):
    """The token is sent to the endpoint; here it is the last part of the subscription's ARN.

    https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
    """
    arn = f"{call.params['TopicArn']}:{call.params['Token']}"
    subscription = backend(call).subscriptions.get(arn)
    if subscription is None:
        raise invalid("Token")
    subscription.confirmed = True
    return {"SubscriptionArn": arn}
