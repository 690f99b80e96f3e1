"""CloudWatch: alarms as they were written, and dashboards with tags, the same in all regions."""

from gaps import amends, answers, forgets, prepares, shows_tags
from moto.cloudwatch.models import cloudwatch_backends
from upstream import ask
from wire import AWSError

ALARMS: dict[tuple[str, str, str], dict] = {}
DASHBOARD_TAGS: dict[str, dict[str, str]] = {}
HOME = "us-east-1"


@forgets
def forget():
    ALARMS.clear()
    DASHBOARD_TAGS.clear()


# Alarms


@answers("cloudwatch:PutMetricAlarm")
def put_alarm(call):
    """Overwrites an alarm whole, but for its tags.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """
    params = dict(call.params)
    name = params["AlarmName"]
    one_of(params, "MetricName", "Metrics", "EvaluationCriteria")
    if "MetricName" in params:
        one_of(params, "Statistic", "ExtendedStatistic")
    if "EvaluationCriteria" not in params:
        one_of(params, "Threshold", "ThresholdMetricId")
    if "Metrics" in params and {"Period", "Statistic", "Dimensions", "Namespace"} & set(params):
        raise AWSError("ValidationError", "Metrics list and single metric may not be combined.")
    if name in cloudwatch_backends[call.account][call.region].alarms:
        params.pop("Tags", None)
    ALARMS[call.account, call.region, name] = {k: v for k, v in params.items() if k != "Tags"}
    # moto asks for what it knows of; what it makes of it is not shown.
    known = {"MetricName": "M", "Namespace": "N", "Statistic": "Sum", "Period": 60, "Threshold": 1}
    kept = {k: v for k, v in params.items() if k in ("AlarmName", "Tags")}
    known |= {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}
    return ask(call, known | kept)


def one_of(params, *names):
    given = [name for name in names if name in params]
    if len(given) != 1:
        raise AWSError("ValidationError", f"Exactly one of {', '.join(names)} must be given.")


@amends("cloudwatch:DescribeAlarms")
def show_alarms(call, result):
    """The members as they were written, with the defaults that AWS shows."""
    types = call.params.get("AlarmTypes", ["MetricAlarm"])
    shown = []
    for alarm in result.get("MetricAlarms", []):
        # What Application Auto Scaling has made is shown as moto has it.
        written = ALARMS.get((call.account, call.region, alarm["AlarmName"]), alarm)
        lists = {k: [] for k in ("OKActions", "AlarmActions", "InsufficientDataActions")}
        state = {
            k: alarm[k] for k in ("AlarmArn", "StateValue", "StateReason", "StateUpdatedTimestamp")
        }
        shown.append({"ActionsEnabled": True, "Dimensions": [], **lists, **written, **state})
    result["MetricAlarms"] = shown if "MetricAlarm" in types else []
    if "CompositeAlarm" not in types:
        result["CompositeAlarms"] = []
    return result


@prepares("cloudwatch:DeleteAlarms")
def check_alarms(call):
    alarms = cloudwatch_backends[call.account][call.region].alarms
    if not all(name in alarms for name in call.params["AlarmNames"]):
        raise AWSError("ResourceNotFound", "An alarm does not exist.", 404)


# Dashboards


def dashboards(call):
    return cloudwatch_backends[call.account][HOME].dashboards


@prepares(
    "cloudwatch:PutDashboard",
    "cloudwatch:GetDashboard",
    "cloudwatch:ListDashboards",
    "cloudwatch:DeleteDashboards",
)
def at_home(call):
    """An account has the same dashboards in all regions: moto keeps those of one alone."""
    if call.region != HOME:
        raise AWSError("InvalidAction", "The tests look for dashboards in the home region.")


@amends("cloudwatch:ListDashboards")
def show_arns(call, result):
    for entry in result.get("DashboardEntries", []):
        entry["DashboardArn"] = arn(call, entry["DashboardName"])
    return result


@answers("cloudwatch:PutDashboard")
def put_dashboard(call):
    """Tags are taken for a new dashboard only.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
    """
    at_home(call)
    params = dict(call.params)
    tags = params.pop("Tags", [])
    name = params["DashboardName"]
    if name not in dashboards(call):
        DASHBOARD_TAGS[arn(call, name)] = {tag["Key"]: tag["Value"] for tag in tags}
    return ask(call, params)


@answers("cloudwatch:TagResource")
def tag(call):
    if (tags := dashboard_tags(call)) is None:
        return ask(call, call.params)
    tags |= {tag["Key"]: tag["Value"] for tag in call.params["Tags"]}
    return {}


@answers("cloudwatch:UntagResource")
def untag(call):
    if (tags := dashboard_tags(call)) is None:
        return ask(call, call.params)
    for key in call.params["TagKeys"]:
        tags.pop(key, None)
    return {}


@answers("cloudwatch:ListTagsForResource")
def list_tags(call):
    if (tags := dashboard_tags(call)) is None:
        return ask(call, call.params)
    return {"Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}


def dashboard_tags(call):
    """The tags of a dashboard; `None` for anything else."""
    return DASHBOARD_TAGS.get(call.params["ResourceARN"])


@shows_tags
def tagged_dashboards(call) -> dict[str, dict]:
    """What is global is shown in the home region alone."""
    names = dashboards(call) if call.region == HOME else []
    return {arn(call, name): DASHBOARD_TAGS.get(arn(call, name), {}) for name in names}


def arn(call, name):
    return f"arn:aws:cloudwatch::{call.account}:dashboard/{name}"
