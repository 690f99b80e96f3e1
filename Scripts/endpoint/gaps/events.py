"""EventBridge: rules of one name on several buses, each with tags of its own; connections that show no
secret.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/
"""

from gaps import amends, answers, prepares, shows_tags
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


@shows_tags
def tagged_rules(call) -> dict[str, dict]:
    found = backend(call)
    return {
        rule.arn: found.tagger.get_tag_dict_for_resource(rule.arn)
        for bus in found.event_buses.values()
        for rule in bus.rules.values()
    }


# Connections


def connection(call):
    found = backend(call).connections.get(call.params["Name"])
    if found is None:
        raise AWSError(
            "ResourceNotFoundException", f"Connection '{call.params['Name']}' does not exist."
        )
    return found


def without_secrets(value):
    """Authorization parameters as they are shown.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeConnection.html
    """
    if isinstance(value, list):
        return [without_secrets(item) for item in value]
    if not isinstance(value, dict):
        return value
    hidden = {"ApiKeyValue", "ClientSecret", "Password"}
    if "Key" in value:
        value = {"IsValueSecret": True} | value
        hidden |= {"Value"} if value["IsValueSecret"] else set()
    return {k: without_secrets(v) for k, v in value.items() if k not in hidden}


@prepares("events:CreateConnection")
def refuse_second(call):
    if call.params["Name"] in backend(call).connections:
        raise AWSError("ResourceAlreadyExistsException", "The connection already exists.")


@amends("events:CreateConnection")
def keep_more(call, result):
    made = connection(call)
    made.more = {
        name: call.params[name]
        for name in ("InvocationConnectivityParameters", "KmsKeyIdentifier")
        if name in call.params
    }
    return result


@answers("events:UpdateConnection")
def update_connection(call):
    """What is left out stays; an empty text takes away."""
    found, params = connection(call), dict(call.params)
    if "AuthParameters" in params:
        found.auth_parameters = params["AuthParameters"]
    found.authorization_type = params.get("AuthorizationType", found.authorization_type)
    found.description = params.get("Description", found.description)
    for name in ("InvocationConnectivityParameters", "KmsKeyIdentifier"):
        if name in params:
            found.more[name] = params[name]
    return found.describe_short()


@amends("events:DescribeConnection")
def show_connection(call, result):
    result |= connection(call).more
    result["AuthParameters"] = without_secrets(result["AuthParameters"])
    resource = result.get("InvocationConnectivityParameters", {}).get("ResourceParameters", {})
    if not resource.get("ResourceConfigurationArn"):
        result.pop("InvocationConnectivityParameters", None)
    else:
        resource["ResourceAssociationArn"] = (
            f"arn:aws:vpc-lattice:{call.region}:{call.account}:"
            "servicenetworkresourceassociation/snra-0123456789abcdef0"
        )
    return {k: v for k, v in result.items() if v not in (None, "")}


@prepares("events:DeleteConnection")
def refuse_used(call):
    arn = connection(call).arn
    if any(d.connection_arn == arn for d in backend(call).destinations.values()):
        raise AWSError("ValidationException", "API destinations use the connection.")


# API destinations


@prepares("events:CreateApiDestination", "events:UpdateApiDestination")
def check_connection(call):
    if call.operation == "CreateApiDestination":
        call.params.setdefault("InvocationRateLimitPerSecond", 300)
        if call.params["Name"] in backend(call).destinations:
            raise AWSError("ResourceAlreadyExistsException", "The API destination already exists.")
    arns = {found.arn for found in backend(call).connections.values()}
    if call.params.get("ConnectionArn", next(iter(arns), "")) not in arns:
        raise AWSError("ResourceNotFoundException", "The connection does not exist.")


@answers("events:ListApiDestinations")
def list_destinations(call):
    """All but the description."""
    return {
        "ApiDestinations": [
            {k: v for k, v in destination.describe().items() if k != "Description"}
            for destination in backend(call).destinations.values()
        ]
    }


@amends("events:DescribeApiDestination")
def show_destination(call, result):
    return {k: v for k, v in result.items() if v not in (None, "")}
