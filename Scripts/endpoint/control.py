"""What a test asks of the endpoint, and what it may learn from it.

    GET    /trueup-test/config      all members, with what is left of `skip` and `times`
    POST   /trueup-test/config      sets the members that are given (see `Config`)
    DELETE /trueup-test/config      sets all members back
    GET    /trueup-test/calls       the calls served, in order; DELETE clears them
    GET    /trueup-test/violations  what `verify` found; DELETE clears them
    POST   /trueup-test/reset       an empty cloud, no calls, no violations, no config
"""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass, field, fields

import gaps
import recording
from throttle import PUBLISHED, Buckets
from wire import AWSError, Call, Reply

PREFIX = "/trueup-test/"


@dataclass
class Config:
    # Requests are noted for the recording of what the types ask. Not of tests that are about whole clients or
    # about time, whose requests say nothing new of a type and depend on when steps meet.
    noted: bool = True
    # At most this many items on a page of any list.
    pageSize: int | None = None
    # [{service, operation, resource, account}]: regular expressions; a call that matches all is
    # denied. `account` is the one whose credentials made the call.
    deny: list = field(default_factory=list)
    # [{service, operation, mutating, skip, times, mode}]: the mode of the calls that match, after
    # the first `skip`, `times` times. Modes: "error:<Code>:<status>", "drop-request" (not executed,
    # no answer), "hang:<ms>" (the same, after a while), "drop-reply" (executed, no answer),
    # "delay:<ms>" (before it is executed), "delay-reply:<ms>" (after).
    fail: list = field(default_factory=list)
    # Every call is refused as with an expired token, or as with an unknown access key.
    expiredToken: bool = False
    invalidKey: bool = False
    # A new EC2 resource is not shown by this many reads that would show it.
    consistencyDelay: int = 0
    # Seconds until the name of a deleted queue can be used again.
    deletedQueueSeconds: float = 60
    # Signatures and parameters are checked; a wrong signature is refused.
    verify: bool = False
    # [{service, operation, mutating, perOperation, rate, burst}]: what AWS takes in a second, or
    # "published" for what it publishes (see throttle.py).
    limits: list = field(default_factory=list)
    # Seconds until a new NAT gateway works.
    natGatewaySeconds: float = 0
    # Seconds until a certificate is issued, once its records of validation are there.
    certificateSeconds: float = 0
    # Seconds that each change of a replication group takes.
    replicationGroupSeconds: float = 0
    # Secret of every access key that `secrets` does not name.
    secret: str = "test-secret"
    secrets: dict = field(default_factory=dict)


class Control:
    def __init__(self):
        self.lock = threading.RLock()
        self.config = Config()
        self.calls: list[dict] = []
        self.violations: list[dict] = []
        # EC2 id -> reads that still do not show it.
        self.hidden: dict[str, int] = {}
        # (account, region, name) of deleted queues -> when.
        self.deleted_queues: dict[tuple, float] = {}
        # NAT gateways -> when they were made.
        self.nat_gateways: dict[str, float] = {}
        self.buckets = Buckets()

    def respond(self, method: str, path: str, body: bytes, reset) -> Reply:
        """The answer to a request of a test; `reset` empties the cloud."""
        with self.lock:
            name = path.removeprefix(PREFIX)
            if name == "config" and method == "POST":
                return self.configure(body)
            if name == "config" and method == "GET":
                return json_reply(200, self.config.__dict__)
            if name == "config" and method == "DELETE":
                self.config = Config()
                return json_reply(200, {})
            if name == "reset" and method == "POST":
                reset()
                for forget in gaps.FORGETS:
                    forget()
                self.config, self.hidden, self.deleted_queues = Config(), {}, {}
                self.nat_gateways = {}
                self.calls, self.violations = [], []
                return json_reply(200, {})
            if name in ("calls", "violations") and method == "GET":
                return json_reply(200, getattr(self, name))
            if name in ("calls", "violations") and method == "DELETE":
                setattr(self, name, [])
                return json_reply(200, {})
        return json_reply(404, {"error": f"{method} {path} is not known"})

    def configure(self, body: bytes) -> Reply:
        wanted = json.loads(body or b"{}")
        unknown = set(wanted) - {f.name for f in fields(Config)}
        if unknown:
            return json_reply(400, {"error": f"unknown members: {', '.join(sorted(unknown))}"})
        if "limits" in wanted:
            self.buckets = Buckets()
        if wanted.get("limits") == "published":
            wanted["limits"] = PUBLISHED
        for name, value in wanted.items():
            setattr(self.config, name, value)
        return json_reply(200, self.config.__dict__)

    def record(self, call: Call, status: int, code: str | None, started: float) -> None:
        with self.lock:
            if self.config.noted:
                recording.add(call)
            self.calls.append(
                {
                    "service": call.service,
                    "operation": call.operation,
                    "params": json.loads(json.dumps(call.params, default=str)),
                    "status": status,
                    "code": code,
                    "accessKey": call.access_key,
                    "account": call.account,
                    "region": call.region,
                    "userAgent": call.environ.get("HTTP_USER_AGENT", ""),
                    "mutating": call.is_mutating,
                    "started": started,
                    "seconds": round(time.time() - started, 4),
                }
            )

    def violation(self, name: str, sentences: list[str]) -> None:
        with self.lock:
            self.violations += [{"call": name, "what": sentence} for sentence in sentences]

    def mode(self, call: Call) -> str | None:
        """The first failure that is due for the call."""
        with self.lock:
            for rule in self.config.fail:
                if not matches(rule, call) or rule.get("times", 1) <= 0:
                    continue
                if rule.get("skip", 0) > 0:
                    rule["skip"] -= 1
                    continue
                rule["times"] = rule.get("times", 1) - 1
                return rule["mode"]
        return None

    def is_denied(self, call: Call) -> bool:
        with self.lock:
            return any(matches(rule, call) for rule in self.config.deny)


def matches(rule: dict, call: Call) -> bool:
    if rule.get("mutating") and not call.is_mutating:
        return False
    if "resource" in rule and not re.search(rule["resource"], json.dumps(call.params, default=str)):
        return False
    return bool(
        re.fullmatch(rule.get("service", ".*"), call.service)
        and re.fullmatch(rule.get("account", ".*"), call.account)
        and re.fullmatch(rule.get("operation", ".*"), call.operation)
    )


def json_reply(status: int, value) -> Reply:
    return Reply(status, [("Content-Type", "application/json")], json.dumps(value).encode())


def denied(call: Call) -> AWSError:
    """Access denied, in the service's words."""
    action = f"{call.service}:{call.operation}"
    if call.service == "ec2":
        message = f"You are not authorized to perform this operation: {action}"
        return AWSError("UnauthorizedOperation", message, 403)
    user = f"arn:aws:iam::{call.account}:user/operator"
    message = f"User: {user} is not authorized to perform: {action}"
    if call.protocol == "json":
        return AWSError("AccessDeniedException", message, 400)
    return AWSError("AccessDenied", message, 403)


def invalid_key(call: Call) -> AWSError:
    message = "The security token included in the request is invalid."
    code, status = {
        "ec2": ("AuthFailure", 401),
        "json": ("UnrecognizedClientException", 400),
        "rest-xml": ("InvalidAccessKeyId", 403),
    }.get(call.protocol, ("InvalidClientTokenId", 403))
    return AWSError(code, message, status)


def expired(call: Call) -> AWSError:
    message = "The security token included in the request is expired"
    code, status = {
        "ec2": ("RequestExpired", 400),
        "json": ("ExpiredTokenException", 400),
        "rest-xml": ("ExpiredToken", 400),
    }.get(call.protocol, ("ExpiredToken", 403))
    return AWSError(code, message, status)


def wrong_signature(call: Call) -> AWSError:
    message = "The request signature we calculated does not match the signature you provided."
    code, status = {
        "ec2": ("AuthFailure", 401),
        "json": ("InvalidSignatureException", 400),
    }.get(call.protocol, ("SignatureDoesNotMatch", 403))
    return AWSError(code, message, status)
