"""Calls to moto itself, and the pages of its answers.

moto answers most lists whole, whatever the request says. Every list that botocore has a paginator
for is read whole from moto, and then cut into pages as AWS does.
"""

from __future__ import annotations

import base64
import functools
import re

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from moto.moto_server.werkzeug_app import create_backend_app
from thrift import Dispatcher
from wire import LOADER, AWSError, Call, Reply, environ_for, parse_result

MOTO = Dispatcher(create_backend_app)

# What AWS puts on one page when the request does not say.
DEFAULT_PAGE = {"iam": 100, "logs": 50, "resourcegroupstaggingapi": 50, "route53": 100, "sns": 100}

TOKEN_ERROR = {"ec2": "InvalidNextToken", "iam": "ValidationError"}


class Refused(Exception):
    """moto answered with an error; the reply is passed on as it is."""

    def __init__(self, reply: Reply):
        super().__init__(f"{reply.status}")
        self.reply = reply


def send(environ: dict) -> Reply:
    """One request to moto, answered by the application in this process."""
    answer: dict = {}

    def start_response(status, headers, exc_info=None):
        answer["status"] = int(status.split(" ", 1)[0])
        answer["headers"] = headers

    chunks = MOTO(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return Reply(answer["status"], answer["headers"], body)


def ask(call: Call, params: dict, operation: str | None = None) -> dict:
    """The result of the call (or of another operation of its service) with these parameters."""
    asked = Call(
        call.service, operation or call.operation, call.access_key, call.region, call.environ, b""
    )
    reply = send(environ_for(asked, params))
    if reply.status >= 300:
        raise Refused(reply)
    return parse_result(asked, reply)


@functools.cache
def pagination(service: str) -> dict:
    try:
        return LOADER.load_service_model(service, "paginators-1")["pagination"]
    except (DataNotFoundError, UnknownServiceError):
        return {}


class Pager:
    """How one operation pages, when it does so with a single opaque token."""

    def __init__(self, call: Call, forced_size: int | None):
        self.call = call
        self.forced_size = forced_size
        self.rule = pagination(call.service).get(call.operation, {})
        keys = self.rule.get("result_key", [])
        self.keys = keys if isinstance(keys, list) else [keys]

    @property
    def applies(self) -> bool:
        tokens = [self.rule.get("input_token"), self.rule.get("output_token")]
        plain = all(isinstance(t, str) and re.fullmatch(r"\w+", t) for t in tokens)
        return plain and bool(self.keys) and all(re.fullmatch(r"\w+", k) for k in self.keys)

    def whole(self) -> dict:
        """All items, read from moto with its own pages."""
        params = self.without_paging()
        result = ask(self.call, params)
        token = result.get(self.rule["output_token"])
        while token:
            more = ask(self.call, {**params, self.rule["input_token"]: token})
            for key in self.keys:
                result.setdefault(key, []).extend(more.get(key, []))
            token = more.get(self.rule["output_token"])
        return result

    def without_paging(self) -> dict:
        paging = {self.rule["input_token"], self.rule.get("limit_key")}
        return {k: v for k, v in self.call.params.items() if k not in paging}

    def page(self, result: dict) -> dict:
        """The page of a whole result that the call asks for."""
        items = [(key, item) for key in self.keys for item in result.get(key) or []]
        start = self.start()
        size = self.call.params.get(self.rule.get("limit_key"))
        # Route 53 has it as text.
        size = int(size or DEFAULT_PAGE.get(self.call.service, 1000))
        if self.forced_size:
            size = min(size, self.forced_size)
        end = start + size
        page = {k: v for k, v in result.items() if k not in self.keys}
        for key in self.keys:
            page[key] = [item for k, item in items[start:end] if k == key]
        page.pop(self.rule["output_token"], None)
        more = end < len(items)
        if more:
            page[self.rule["output_token"]] = self.token(end)
        elif self.call.service == "resourcegroupstaggingapi":
            page[self.rule["output_token"]] = ""
        if self.rule.get("more_results"):
            page[self.rule["more_results"]] = more
        return page

    def token(self, offset: int) -> str:
        return base64.urlsafe_b64encode(f"{self.call.operation}:{offset}".encode()).decode()

    def start(self) -> int:
        token = self.call.params.get(self.rule["input_token"])
        if not token:
            return 0
        try:
            operation, _, offset = base64.urlsafe_b64decode(token).decode().partition(":")
            if operation == self.call.operation:
                return int(offset)
        except ValueError:
            pass
        code = TOKEN_ERROR.get(self.call.service, "InvalidParameterException")
        raise AWSError(code, "The pagination token is not valid.")
