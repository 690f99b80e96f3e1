"""Checks of a request that moto does not make: its signature and its parameters.

What a request says must be exactly what botocore would send for the parameters that are read from
it, these must be valid in the model, and the signature must be the one that botocore computes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import zlib
from collections.abc import Iterator
from datetime import datetime, timezone
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.validate import ParamValidator
from wire import CBOR, Call, request_for

# Headers of Amazon's that no model names.
UNMODELLED = re.compile(
    r"x-amz-(date|content-sha256|security-token|target|user-agent|checksum-.*"
    r"|sdk-checksum-algorithm)",
    re.IGNORECASE,
)


def violations(call: Call, secret: str | None) -> list[str]:
    """Everything that is wrong with the request, as sentences."""
    found = signed_faults(call, secret)
    report = ParamValidator().validate(call.params, call.model.input_shape)
    if call.model.input_shape and report.has_errors():
        found.append(report.generate_report())
    found += enum_faults(call.params, call.model.input_shape, "")
    found += difference_faults(call)
    found += checksum_faults(call)
    return found


def signed_faults(call: Call, secret: str | None) -> list[str]:
    if not call.is_signed:
        return ["a signature where AWS wants none"] if "Authorization" in call.headers else []
    return list(signature_faults(call, secret)) if secret else ["the access key is not known"]


def signature_faults(call: Call, secret: str) -> Iterator[str]:
    header = call.environ.get("HTTP_AUTHORIZATION", "")
    parts = re.search(r"Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=(\w+)", header)
    if not parts:
        yield f"the Authorization header is not one of AWS4-HMAC-SHA256: {header[:40]}"
        return
    scope, signed, signature = parts.groups()
    timestamp = call.environ.get("HTTP_X_AMZ_DATE", "")
    try:
        moment = datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        yield f"X-Amz-Date is not a basic ISO 8601 time: {timestamp}"
        return
    if abs((datetime.now(timezone.utc) - moment).total_seconds()) > 900:
        yield f"X-Amz-Date {timestamp} is more than 15 minutes off"
    names = signed.split(";")
    for needed in ("host", "x-amz-date"):
        if needed not in names:
            yield f"{needed} is not signed"
    unsigned = [
        name
        for name in map(str.lower, call.headers.keys())
        if name.startswith("x-amz-") and name not in names
    ]
    if unsigned:
        yield f"headers are not signed: {', '.join(unsigned)}"
    digest = hashlib.sha256(call.body).hexdigest()
    declared = call.environ.get("HTTP_X_AMZ_CONTENT_SHA256")
    if declared not in (None, digest, "UNSIGNED-PAYLOAD"):
        yield "X-Amz-Content-SHA256 is not the digest of the body"
    if call.service == "s3" and declared is None:
        yield "S3 needs X-Amz-Content-SHA256"
    if not hmac.compare_digest(expected_signature(call, scope, names, secret), signature):
        yield "the signature is not the one that botocore computes"


def expected_signature(call: Call, scope: str, names: list[str], secret: str) -> str:
    access_key, _, region, service, _ = scope.split("/")
    headers = call.headers
    request = AWSRequest(
        method=call.environ["REQUEST_METHOD"],
        url=f"http://{call.environ['HTTP_HOST']}{call.environ['RAW_URI']}",
        headers={n: ",".join(headers.getlist(n)) for n in names if n in headers},
        data=call.body,
    )
    request.context["timestamp"] = call.environ["HTTP_X_AMZ_DATE"]
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    auth = signer(Credentials(access_key, secret), service, region)
    canonical = auth.canonical_request(request)
    return auth.signature(auth.string_to_sign(request, canonical), request)


def enum_faults(value, shape, path: str) -> list[str]:
    """Values that are none of their enum; botocore's validator leaves them unchecked."""
    if shape is None or value is None:
        return []
    if shape.type_name == "structure":
        return [
            fault
            for name, member in value.items()
            if name in shape.members
            for fault in enum_faults(member, shape.members[name], f"{path}/{name}")
        ]
    if shape.type_name == "list":
        return [
            fault
            for number, item in enumerate(value)
            for fault in enum_faults(item, shape.member, f"{path}/{number}")
        ]
    if shape.type_name == "string" and shape.enum and value not in shape.enum:
        return [f"{path}: {value!r} is none of {shape.name}'s values"]
    return []


def difference_faults(call: Call) -> list[str]:
    """What differs from the request that botocore writes for the same parameters."""
    expected = request_for(call, call.params)
    faults = []
    if call.protocol in ("ec2", "query"):
        sent = sorted(parse_qsl(call.body.decode(), keep_blank_values=True))
        wanted = sorted(parse_qsl(expected["body"].decode(), keep_blank_values=True))
        if sent != wanted:
            faults.append(f"the form differs: {listed(sent, wanted)}")
        return faults
    if call.protocol == "json":
        if json.loads(call.body or b"{}") != json.loads(expected["body"] or b"{}"):
            faults.append(f"the body has members that the model lacks: {call.body[:300]!r}")
        return faults
    if call.protocol == CBOR:
        if call.body != expected["body"]:
            faults.append(f"the body differs from {expected['body'][:300]!r}: {call.body[:300]!r}")
        return faults
    if unquote(call.raw_path).rstrip("/") != unquote(expected["url_path"]).rstrip("/"):
        faults.append(f"the path is not {expected['url_path']}: {call.raw_path}")
    sent = sorted(parse_qsl(call.query, keep_blank_values=True))
    wanted = sorted(parse_qsl(expected["query_string"], keep_blank_values=True))
    if [pair for pair in sent if pair[0] != "x-id"] != wanted:
        faults.append(f"the query differs: {listed(sent, wanted)}")
    if not same_payload(call, expected["body"]):
        faults.append(f"the body differs from {expected['body'][:300]!r}: {call.body[:300]!r}")
    known = {name.lower() for name in expected["headers"]}
    for name in call.headers.keys():
        plain = name.lower()
        if plain.startswith("x-amz-") and plain not in known and not UNMODELLED.fullmatch(name):
            faults.append(f"the model has no header {plain}")
    return faults


def listed(sent: list, wanted: list) -> str:
    only = [f"+{k}={v}" for k, v in sent if (k, v) not in wanted]
    missing = [f"-{k}={v}" for k, v in wanted if (k, v) not in sent]
    return " ".join(only + missing)[:400]


def same_payload(call: Call, expected: bytes) -> bool:
    if call.body == expected:
        return True
    try:
        if call.protocol == "rest-json":
            return json.loads(call.body or b"{}") == json.loads(expected or b"{}")
        return tree(ElementTree.fromstring(call.body)) == tree(ElementTree.fromstring(expected))
    except (ValueError, ElementTree.ParseError):
        return False


def tree(element) -> tuple:
    """An element without the order of differently named children, which S3 ignores."""
    children = sorted((tree(child) for child in element), key=lambda child: child[0])
    text = (element.text or "").strip() if children else (element.text or "")
    return (element.tag, sorted(element.attrib.items()), text, children)


def checksum_faults(call: Call) -> list[str]:
    """S3 wants a checksum with some bodies, and every checksum must be right."""
    headers = call.headers
    checks = {
        "Content-Md5": lambda: hashlib.md5(call.body).digest(),
        "X-Amz-Checksum-Sha256": lambda: hashlib.sha256(call.body).digest(),
        "X-Amz-Checksum-Crc32": lambda: zlib.crc32(call.body).to_bytes(4, "big"),
    }
    sent = [name for name in checks if name in headers]
    rule = call.model.http_checksum or {}
    if (rule.get("requestChecksumRequired") or call.model.http_checksum_required) and not any(
        n.lower().startswith(("content-md5", "x-amz-checksum-")) for n in headers.keys()
    ):
        return ["the body has no checksum"]
    return [
        f"{name} is not that of the body"
        for name in sent
        if headers[name] != base64.b64encode(checks[name]()).decode()
    ]
