"""AWS's request limits: a token bucket per account, region and rule. What comes too fast is refused
with the code that the service uses for it.

"Request throttling for the Amazon EC2 API":
https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
"""

from __future__ import annotations

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


class Buckets:
    def __init__(self):
        self.lock = threading.Lock()
        # (rule, account, region, operation) -> [tokens, time]
        self.buckets: dict[tuple, list[float]] = {}

    def check(self, limits: list[dict], call: Call) -> None:
        """Raises where a rule that the call matches has no token left. A rule is {service, mutating,
        perOperation, rate, burst}; without `service` or `mutating` it is for all."""
        now = time.monotonic()
        for index, rule in enumerate(limits):
            if rule.get("service", call.service) != call.service:
                continue
            if rule.get("mutating", call.is_mutating) != call.is_mutating:
                continue
            operation = call.operation if rule.get("perOperation") else ""
            with self.lock:
                key = (index, call.account, call.region, operation)
                bucket = self.buckets.setdefault(key, [rule["burst"], now])
                tokens = min(rule["burst"], bucket[0] + (now - bucket[1]) * rule["rate"])
                self.buckets[key] = [tokens - 1 if tokens >= 1 else tokens, now]
            if tokens < 1:
                code, status = CODES.get(call.service, ("ThrottlingException", 400))
                raise AWSError(code, "Rate exceeded", status)
