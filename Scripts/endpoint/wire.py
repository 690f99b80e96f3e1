"""Requests and replies in terms of AWS's own models.

A request is recognised (service, operation), parsed into the parameters that a caller of the SDK
would have given, and a reply is written from the result that the SDK would have returned. Parsers
and serialisers are moto's and botocore's; nothing here is specific to one operation.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import parse_qsl, unquote, urlencode

from botocore import parsers, serialize
from moto.core.loaders import create_loader
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.datastructures import Headers, MultiDict

LOADER = create_loader()

# Services whose signing name is not their name in botocore.
SERVICE_BY_SIGNING_NAME = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "tagging": "resourcegroupstaggingapi",
}

CBOR = "smithy-rpc-v2-cbor"

# Headers whose name an environment does not keep: the variable and the name.
SPELLED = {"HTTP_X_AMZ_SSO_BEARER_TOKEN": "x-amz-sso_bearer_token"}

# Operations that share method and path with another one and that nobody calls through this
# endpoint: superseded ones, and those of S3's directory buckets.
NOT_RECOGNISED = {
    "GetBucketLifecycle",
    "GetBucketNotification",
    "ListDirectoryBuckets",
    "PutBucketLifecycle",
    "PutBucketNotification",
}


class AWSError(Exception):
    """An error reply in AWS's terms; its shape on the wire follows the service's protocol."""

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def error_code(self) -> str | None:
        """The error code of a failed reply, read leniently: it is only logged."""
        if self.status < 400:
            return None
        text = self.body.decode("utf-8", "replace")
        found = re.search(r"<Code>([^<]+)</Code>|\"__type\":\s*\"(?:[^\"#]*#)?([^\":]+)", text)
        return (found.group(1) or found.group(2)) if found else str(self.status)


@dataclass
class Call:
    """One recognised request."""

    service: str
    operation: str
    access_key: str
    region: str
    environ: dict
    body: bytes
    params: dict = field(default_factory=dict)
    uri_params: dict = field(default_factory=dict)
    # What answers this call instead of moto; set while the call is prepared.
    answer: Callable | None = None

    @property
    def name(self) -> str:
        return f"{self.service}:{self.operation}"

    @property
    def model(self):
        return get_service_model(self.service).operation_model(self.operation)

    @property
    def protocol(self) -> str:
        return protocol(get_service_model(self.service), self.environ)

    @property
    def is_signed(self) -> bool:
        return self.model.auth_type != "none"

    @property
    def is_mutating(self) -> bool:
        return not self.operation.startswith(("Get", "List", "Describe", "Head", "Lookup"))

    @property
    def account(self) -> str:
        from moto.iam.models import get_account_id_from

        return get_account_id_from(self.access_key)

    @property
    def raw_path(self) -> str:
        return self.environ.get("RAW_URI", "/").partition("?")[0]

    @property
    def query(self) -> str:
        return self.environ.get("QUERY_STRING", "")

    @property
    def headers(self) -> Headers:
        return headers_of(self.environ)


def headers_of(environ: dict) -> Headers:
    headers = Headers()
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            headers.add(SPELLED.get(key) or key[5:].replace("_", "-").title(), value)
    if environ.get("CONTENT_TYPE"):
        headers.add("Content-Type", environ["CONTENT_TYPE"])
    return headers


def read_body(environ: dict) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = BytesIO(body)
    return body


def protocol(model, environ: dict) -> str:
    """The protocol of a request, of those that its service speaks: CloudWatch speaks three."""
    spoken = model.metadata.get("protocols") or [model.metadata["protocol"]]
    if len(spoken) == 1:
        return str(spoken[0])
    if "HTTP_X_AMZ_TARGET" in environ:
        return "json"
    return CBOR if environ.get("PATH_INFO", "").startswith("/service/") else "query"


def recognise(environ: dict, body: bytes) -> Call | None:
    """The call that a request makes, without its parameters; None when it is none of AWS's."""
    scope = re.search(
        r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request",
        environ.get("HTTP_AUTHORIZATION", ""),
    )
    if not scope:
        return recognise_unsigned(environ, body)
    access_key, region, signing_name = scope.groups()
    service = SERVICE_BY_SIGNING_NAME.get(signing_name, signing_name)
    if service == "s3" and environ.get("PATH_INFO", "").startswith("/v20180820/"):
        service = "s3control"
    try:
        model = get_service_model(service)
    except Exception:  # botocore raises UnknownServiceError or its own loader errors
        return None
    uri_params: dict = {}
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        operation = target.rpartition(".")[2]
    elif protocol(model, environ) == CBOR:
        operation = environ.get("PATH_INFO", "").rpartition("/")[2]
    elif str(model.metadata["protocol"]).startswith("rest"):
        operation, uri_params = recognise_rest(service, environ)
    else:
        operation = dict(parse_qsl(body.decode("utf-8", "replace"))).get("Action")
    if operation not in model.operation_names:
        return None
    return Call(service, operation, access_key, region, environ, body, uri_params=uri_params)


def recognise_unsigned(environ: dict, body: bytes) -> Call | None:
    """A call of those that AWS wants without a signature: they lead to credentials."""
    for service in ("sts", "sso", "sso-oidc"):
        model = get_service_model(service)
        uri_params: dict = {}
        if str(model.metadata["protocol"]).startswith("rest"):
            operation, uri_params = recognise_rest(service, environ)
        else:
            operation = dict(parse_qsl(body.decode("utf-8", "replace"))).get("Action")
        if operation in model.operation_names:
            call = Call(service, operation, "", "us-east-1", environ, body, uri_params=uri_params)
            if not call.is_signed:
                return call
    return None


@dataclass
class Route:
    operation: str
    method: str
    path: re.Pattern
    names: list[str]
    static_query: dict[str, str]
    needs_query: list[str]
    needs_headers: list[str]
    literal: int

    def match(self, method: str, path: str, query: dict, headers: Headers):
        found = self.path.fullmatch(path) if method == self.method else None
        if not found:
            return None
        for key, value in self.static_query.items():
            if query.get(key) != value:
                return None
        if any(name not in query for name in self.needs_query):
            return None
        if any(name not in headers for name in self.needs_headers):
            return None
        return dict(zip(self.names, found.groups()))

    @property
    def weight(self) -> tuple[int, int]:
        specifics = len(self.static_query) + len(self.needs_query) + len(self.needs_headers)
        return (specifics, self.literal)


@functools.cache
def routes(service: str) -> list[Route]:
    model = get_service_model(service)
    found = []
    for name in model.operation_names:
        if name in NOT_RECOGNISED:
            continue
        operation = model.operation_model(name)
        path, _, query = operation.http["requestUri"].partition("?")
        names = [n.rstrip("+") for n in re.findall(r"{([^}]+)}", path)]
        pattern = "".join(
            re.escape(part)
            if not part.startswith("{")
            else ("(.+)" if part.endswith("+}") else "([^/]+)")
            for part in re.split(r"({[^}]+})", path)
        )
        shape = operation.input_shape
        required = [shape.members[m] for m in shape.required_members] if shape else []
        found.append(
            Route(
                name,
                operation.http["method"],
                re.compile(pattern + "/?" if path != "/" else "/"),
                names,
                dict(parse_qsl(query, keep_blank_values=True)),
                names_at(required, "querystring"),
                names_at(required, "header"),
                len(re.sub(r"{[^}]+}", "", path)),
            )
        )
    return sorted(found, key=lambda route: route.weight, reverse=True)


def names_at(shapes: list, location: str) -> list[str]:
    return [s.serialization["name"] for s in shapes if s.serialization.get("location") == location]


def recognise_rest(service: str, environ: dict) -> tuple[str | None, dict]:
    path, _, raw_query = environ.get("RAW_URI", "/").partition("?")
    query = dict(parse_qsl(raw_query, keep_blank_values=True))
    headers = headers_of(environ)
    for route in routes(service):
        params = route.match(environ["REQUEST_METHOD"], path, query, headers)
        if params is not None:
            return route.operation, params
    return None, {}


def parse_params(call: Call) -> dict:
    """The call's parameters, as a caller of the SDK would have written them."""
    form = call.protocol in ("ec2", "query")
    pairs = parse_qsl(call.body.decode("utf-8") if form else call.query, keep_blank_values=True)
    return PROTOCOL_PARSERS[call.protocol](call.model).parse(
        {
            "body": call.body,
            "headers": call.headers,
            "method": call.environ["REQUEST_METHOD"],
            "url_params": call.uri_params,
            "url_path": unquote(call.raw_path),
            "values": MultiDict(pairs),
        }
    )


def request_for(call: Call, params: dict) -> dict:
    """What botocore would send for the parameters: url_path, query_string, headers, body."""
    serializer = serialize.create_serializer(call.protocol, include_validation=False)
    request = serializer.serialize_to_request(copy.deepcopy(params), call.model)
    if isinstance(request["body"], dict):
        request["body"] = urlencode(request["body"])
    if isinstance(request["body"], str):
        request["body"] = request["body"].encode()
    query = request["query_string"]
    if isinstance(query, dict):
        path, _, static = request["url_path"].partition("?")
        pairs = [
            (key, item)
            for key, value in query.items()
            for item in (value if isinstance(value, list) else [value])
        ]
        request["url_path"] = path
        request["query_string"] = "&".join(filter(None, [static, urlencode(pairs)]))
    return request


def environ_for(call: Call, params: dict) -> dict:
    """The call's environment with its request replaced by one for other parameters."""
    request = request_for(call, params)
    environ = dict(call.environ)
    path, _, query = request["url_path"].partition("?")
    query = "&".join(filter(None, [query, request["query_string"]]))
    environ.update(
        {
            "REQUEST_METHOD": request["method"],
            "PATH_INFO": unquote(path).encode().decode("latin-1"),
            "QUERY_STRING": query,
            "RAW_URI": path + (f"?{query}" if query else ""),
            "REQUEST_URI": path + (f"?{query}" if query else ""),
            "CONTENT_LENGTH": str(len(request["body"])),
            "wsgi.input": BytesIO(request["body"]),
        }
    )
    # Headers of the original that carry modelled parameters are dropped with them.
    shape = call.model.input_shape
    for member in shape.members.values() if shape else []:
        if member.serialization.get("location") == "header":
            environ.pop("HTTP_" + member.serialization["name"].upper().replace("-", "_"), None)
    for name, value in request["headers"].items():
        if name.lower() == "content-type":
            environ["CONTENT_TYPE"] = value
        else:
            environ["HTTP_" + name.upper().replace("-", "_")] = str(value)
    if "HTTP_X_AMZ_TARGET" in call.environ:
        prefix = get_service_model(call.service).metadata["targetPrefix"]
        environ["HTTP_X_AMZ_TARGET"] = f"{prefix}.{call.operation}"
    return environ


def parse_result(call: Call, reply: Reply) -> dict:
    """The result of a successful reply, as the SDK would return it."""
    parsed = parsers.create_parser(call.protocol).parse(
        {"status_code": reply.status, "headers": dict(reply.headers), "body": reply.body},
        call.model.output_shape,
    )
    parsed.pop("ResponseMetadata", None)
    return parsed


def write_reply(call: Call, result: dict | Exception, request_id: str) -> Reply:
    """A reply on the wire, for a result or for an `AWSError`."""
    serializer = get_serializer_class(call.service, call.protocol)(
        operation_model=call.model, context=SerializationContext(request_id)
    )
    response = serializer.serialize(result)
    if isinstance(result, AWSError):
        response["status_code"] = result.status
    body = response["body"]
    body = body.encode() if isinstance(body, str) else body
    headers = {str(k): str(v) for k, v in response["headers"].items()}
    headers["x-amzn-RequestId"] = request_id
    return Reply(response["status_code"], list(headers.items()), body)
