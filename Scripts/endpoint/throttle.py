"""AWS's request limits: token buckets per account and region. What comes too fast is refused with the
code that the service uses for it.

"Request throttling for the Amazon EC2 API":
https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
"""

from __future__ import annotations

import re
import threading
import time

from wire import AWSError, Call

# Code and status where they are not those of the JSON protocols.
CODES = {
    "ec2": ("RequestLimitExceeded", 503),
    "s3": ("SlowDown", 503),
    "route53": ("Throttling", 400),
    "iam": ("Throttling", 400),
    "sts": ("Throttling", 400),
    "sns": ("Throttled", 429),
    "elbv2": ("Throttling", 400),
    "rds": ("Throttling", 400),
    "elasticache": ("Throttling", 400),
    "sqs": ("RequestThrottled", 403),
}


NAT_CALLS = (
    "(Create|Delete)NatGateway|(Associate|Disassociate)NatGatewayAddress"
    "|(Assign|Unassign)PrivateNatGatewayAddress"
)


def rule(service: str, rate: float, burst: float, operation: str = ".*", shared: bool = False):
    return {
        "service": service, "operation": operation, "perOperation": not shared, "rate": rate,
        "burst": burst,
    }


# What AWS publishes for the calls of the example networks, as `limits`: the EC2 Developer Guide, the
# quota pages of Route 53 and CloudWatch Logs. Where it publishes nothing, twenty a second.
PUBLISHED = [
    rule("ec2", 0.3, 4, "CreateVpcEndpoint|ModifyVpcEndpoint|DeleteVpcEndpoints"),
    rule("ec2", 1, 10, NAT_CALLS),
    rule("ec2", 10, 100, "CreateTags|DeleteTags"),
    rule("ec2", 20, 100, "(Describe|Get|List|Search).*"),
    rule("ec2", 5, 50),
    rule("route53", 5, 5, shared=True),
    rule("logs", 5, 5, "DescribeMetricFilters|ListTagsForResource|GetDataProtectionPolicy"),
    rule("logs", 10, 10, "DescribeLogGroups|CreateLogGroup|DeleteLogGroup|PutRetentionPolicy"),
    rule(".*", 20, 20),
]


class Buckets:
    def __init__(self):
        self.lock = threading.Lock()
        # (rule, account, region, API) -> [tokens, time]
        self.buckets: dict[tuple, list[float]] = {}

    def check(self, limits: list[dict], call: Call) -> None:
        """Raises where the first rule that the call matches has no token left. A rule is {service,
        operation, mutating, perOperation, rate, burst}, the first two as regular expressions; without
        them or `mutating` it is for all."""
        now = time.monotonic()
        for index, rule in enumerate(limits):
            if not re.fullmatch(rule.get("service", ".*"), call.service):
                continue
            if not re.fullmatch(rule.get("operation", ".*"), call.operation):
                continue
            if rule.get("mutating", call.is_mutating) != call.is_mutating:
                continue
            each = (call.service, call.operation) if rule.get("perOperation") else ""
            with self.lock:
                key = (index, call.account, call.region, each)
                bucket = self.buckets.setdefault(key, [rule["burst"], now])
                tokens = min(rule["burst"], bucket[0] + (now - bucket[1]) * rule["rate"])
                self.buckets[key] = [tokens - 1 if tokens >= 1 else tokens, now]
            if tokens < 1:
                code, status = CODES.get(call.service, ("ThrottlingException", 400))
                raise AWSError(code, "Rate exceeded", status)
            return
