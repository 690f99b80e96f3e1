"""EventBridge: rules of one name on several buses, each with tags of its own.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/
"""

from gaps import answers
from moto.events.models import events_backends
from wire import AWSError


def backend(call):
    return events_backends[call.account][call.region]


def known_arn(call) -> str:
    arn = call.params["ResourceARN"]
    buses = backend(call).event_buses.values()
    if arn not in {rule.arn for bus in buses for rule in bus.rules.values()}:
        raise AWSError("ResourceNotFoundException", f"{arn} does not exist.")
    return arn


@answers("events:ListTagsForResource")
def list_tags(call):
    return backend(call).tagger.list_tags_for_resource(known_arn(call))


@answers("events:TagResource")
def tag(call):
    backend(call).tagger.tag_resource(known_arn(call), call.params["Tags"])
    return {}


@answers("events:UntagResource")
def untag(call):
    backend(call).tagger.untag_resource_using_names(known_arn(call), call.params["TagKeys"])
    return {}


def tagged_rules(call) -> list[dict]:
    """What the tagging API shows of rules."""
    found = backend(call)
    return [
        {"ResourceARN": rule.arn, "Tags": found.tagger.list_tags_for_resource(rule.arn)["Tags"]}
        for bus in found.event_buses.values()
        for rule in bus.rules.values()
    ]
