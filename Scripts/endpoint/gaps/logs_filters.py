"""CloudWatch Logs: metric filters, each once in a group that exists."""

from gaps import answers, forgets
from moto.logs.models import logs_backends
from wire import AWSError

FILTERS: dict[tuple[str, str, str, str], dict] = {}


@forgets
def forget():
    FILTERS.clear()


def groups(call):
    return logs_backends[call.account][call.region].groups


def key(call):
    group = call.params["logGroupName"]
    if group not in groups(call):
        raise AWSError("ResourceNotFoundException", "The specified log group does not exist.")
    return (call.account, call.region, group, call.params["filterName"])


@answers("logs:PutMetricFilter")
def put(call):
    """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""
    for transformation in call.params["metricTransformations"]:
        if "defaultValue" in transformation and transformation.get("dimensions"):
            raise AWSError(
                "InvalidParameterException", "A default value cannot be given with dimensions."
            )
    own = key(call)
    FILTERS[own] = {"creationTime": FILTERS.get(own, {}).get("creationTime", 1700000000000)}
    FILTERS[own] |= call.params
    for transformation in FILTERS[own]["metricTransformations"]:
        transformation.setdefault("unit", "None")
    return {}


@answers("logs:DescribeMetricFilters")
def describe(call):
    """Of all groups where none is named."""
    group, prefix = call.params.get("logGroupName"), call.params.get("filterNamePrefix", "")
    return {
        "metricFilters": [
            shown
            for (account, region, own, name), shown in sorted(FILTERS.items())
            if (account, region) == (call.account, call.region)
            and own in groups(call)
            and group in (None, own)
            and name.startswith(prefix)
        ]
    }


@answers("logs:DeleteMetricFilter")
def delete(call):
    if FILTERS.pop(key(call), None) is None:
        raise AWSError("ResourceNotFoundException", "The specified metric filter does not exist.")
    return {}
