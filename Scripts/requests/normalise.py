"""A request without what differs from run to run: generated ids, hashes, tokens, times, ports."""

from __future__ import annotations

import functools
import json
import re

import botocore.session

# What identifies one request or page, whatever its value.
TOKENS = {
    "CallerReference",
    "ClientRequestToken",
    "ClientToken",
    "ContinuationToken",
    "CreationToken",
    "IdempotencyToken",
    "Marker",
    "NextToken",
    "PaginationToken",
    "clientToken",
    "nextToken",
}
# The names of several things that one read asks for: which of them meet in a call depends on when their steps
# wait, so each is noted by itself.
BATCHED = {"LoadBalancerArns", "serviceDeploymentArns", "services"}
# The values of these tags follow from the commit, or are random.
TAGS = {"trueup:rev": "REVISION", "trueup:salt": "SALT"}

PATTERNS = [
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UUID"),
    (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?", "TIME"),
    (r"\b[0-9a-f]{32,}\b", "HEX"),
    # An EC2 id: a word or several, a dash, 8 or 17 digits.
    (r"(?<![\w.-])([a-z]{2,}(?:-[a-z0-9]+)*)-(?:[0-9a-f]{17})\b", r"\1-ID"),
    (r"(?<![\w.-])([a-z]{2,})-[0-9a-f]{8}\b", r"\1-ID"),
    # The ids in ARNs of load balancing, and of the deployments and revisions of services.
    (r"\b[0-9a-f]{16,31}\b", "HEX"),
    # A snapshot that is left of what had a generated name.
    (r"-[0-9a-f]{6}-final-[0-9a-f]{8}\b", "-HASH-final-HASH"),
    # What Secrets Manager adds to a name in an ARN.
    (r"(:secret:[^\s:\"]+-)[0-9A-Za-z]{6}\b", r"\1SUFFIX"),
    # The hash at the end of a generated name, and before a suffix like `.fifo`.
    (r"(?<=\w)([-_])[0-9a-f]{6}(?=-SUFFIX|[^\w-]|$)", r"\1HASH"),
    # The endpoint's ids of hosted zones, and of changes to them.
    (r"(?<![0-9A-Za-z])C[0-9A-F]{13}(?![0-9A-Za-z])", "CHANGE"),
    (r"(?<![0-9A-Za-z])[0-9A-Z]{22}(?![0-9A-Za-z])", "ZONE"),
    (r"\b(AKIA|AIDA|AROA|ANPA|AIPA|ASIA)[0-9A-Z]{12,}\b", r"\1ID"),
    # The range that EC2 gives a VPC.
    (r"\b2400:6500:[0-9a-f:]+", "2400:6500:RANGE::"),
    (r"\b127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
    (r"\b127\.\d+\.\d+\.\d+\b(?!:PORT)", "ADDRESS"),
]
COMPILED = [(re.compile(pattern), by) for pattern, by in PATTERNS]
ACCOUNT = re.compile(r"(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])")
PLACEHOLDER = re.compile(
    r"(?<![A-Z])(ADDRESS|CHANGE|HASH|HEX|ID|PORT|RANGE|REVISION|SALT|SECRET|SUFFIX|TIME|TOKEN"
    r"|UUID|ZONE)(?![A-Z])"
)


def apart(record: dict) -> list[dict]:
    """One request for each thing that a read of several asks for."""
    if record["section"] == "unit" or not record["operation"].startswith("Describe"):
        return [record]
    for name in BATCHED.intersection(record["input"]):
        return [
            {**record, "input": {**record["input"], name: [element]}}
            for element in record["input"][name]
        ]
    return [record]


class Normaliser:
    """Normalises one request, as the tests noted it."""

    def __init__(self, record: dict):
        self.record = record
        self.accounts: list[str] = [record["account"]]

    def line(self) -> str:
        """`service Operation {input}`, with sorted keys."""
        record = self.record
        value = record["input"]
        if record["section"] != "unit":
            value = without_secrets(record["service"], record["operation"], value)
        text = json.dumps(
            self.value(value), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return f"{record['service']} {record['operation']} {text}"

    def value(self, value, name: str = ""):
        if isinstance(value, dict):
            return self.members(value)
        if isinstance(value, list):
            return self.elements(value, name)
        if isinstance(value, str):
            return "TOKEN" if name in TOKENS else self.text(value)
        # A time in seconds or milliseconds since 1970.
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return "TIME" if 1.5e9 < value < 4e9 or 1.5e12 < value < 4e12 else value
        return value

    def members(self, value: dict) -> dict:
        """An object; a tag may be a member of it, or itself a key and a value."""
        key = value.get("Key") or value.get("TagKey")
        tag = TAGS.get(key) if isinstance(key, str) else None
        given = {"Value": tag, "TagValue": tag} if tag else {}
        return {
            self.text(name): TAGS.get(name) or given.get(name) or self.value(member, name)
            for name, member in value.items()
        }

    def elements(self, value: list, name: str) -> list:
        """Elements that differ by what is generated are one; their order is that of the ids."""
        found = [self.value(element, name) for element in value]
        plain = [json.dumps(element, sort_keys=True) for element in found]
        if not any(PLACEHOLDER.search(text) for text in plain):
            return found
        unique = {text: element for text, element in zip(plain, found)}
        if all(isinstance(element, str) for element in found):
            return sorted(unique.values())
        return list(unique.values())

    def text(self, text: str) -> str:
        for pattern, by in COMPILED:
            text = pattern.sub(by, text)
        return ACCOUNT.sub(self.account, text)

    def account(self, found: re.Match) -> str:
        """The caller's own account, and others in the order in which they stand in the request."""
        if found.group() not in self.accounts:
            self.accounts.append(found.group())
        index = self.accounts.index(found.group())
        return f"ACCOUNT-{index + 1}" if index else "ACCOUNT"


@functools.cache
def model(service: str):
    return botocore.session.get_session().get_service_model(service)


def without_secrets(service: str, operation: str, value):
    """The input with SECRET for what AWS's model marks as sensitive."""
    return redacted(value, model(service).operation_model(operation).input_shape)


def redacted(value, shape):
    if shape is None:
        return value
    if shape.metadata.get("sensitive"):
        return "SECRET"
    if shape.type_name == "structure" and isinstance(value, dict):
        return {key: redacted(member, shape.members.get(key)) for key, member in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [redacted(element, shape.member) for element in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: redacted(member, shape.value) for key, member in value.items()}
    return value
