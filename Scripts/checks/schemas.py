"""Checks the JSON Schemas of a desired state.

    schemas.py DESIRED-STATE

They are valid schemas, their patterns are regular expressions of ECMAScript (as editors want them),
every file passes the schema that it names, and what is plainly wrong does not.
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path

import jsonschema
import regress
from blueprints import plain

REF = {"Ref": "VpcCidr"}
# Kind of file, where to put what, and whether that is right. None takes the member away.
CASES = [
    ("fleet", ["projekt"], "x", False),
    ("fleet", ["project"], None, False),
    ("fleet", ["accounts", "main", "id"], "1234", False),
    ("fleet", ["accounts", "main", "role"], "arn:aws:iam::123456789012:role/Trueup", True),
    ("fleet", ["limits", "deletes"], -1, False),
    ("fleet", ["limits", "updates"], 1, False),
    ("fleet", ["tags", "aws:x"], "y", False),
    ("fleet", ["was"], "old-name", True),
    ("fleet", ["was"], "old name", False),
    ("fleet", ["region"], "eu-central-1", True),
    ("fleet", ["region"], "Frankfurt", False),
    ("manifest", ["blueprint"], "bse", False),
    ("manifest", ["blueprint"], {"name": "base", "revision": "v1"}, True),
    ("manifest", ["blueprint"], {"name": "base"}, False),
    ("manifest", ["environment"], "production", False),
    ("manifest", ["parameters", "VpcCidr"], "10.1.0.0/24", False),
    ("manifest", ["parameters", "VpcCidr"], None, False),
    ("manifest", ["parameters", "VpcCdir"], "10.1.0.0/16", False),
    ("manifest", ["parameters", "TaskCpu"], "2048", True),
    ("manifest", ["parameters", "TaskCpu"], "300", False),
    ("manifest", ["parameters", "Client"], "acme", False),
    ("manifest", ["secrets"], {"VpcCidr": {"env": "X"}}, False),
    ("manifest", ["adopt"], ["Vpc"], True),
    ("manifest", ["adopt"], {"Vpc": "vpc-0123", "Logs": True}, True),
    ("manifest", ["adopt"], {"Vpc": False}, False),
    ("manifest", ["adopt"], {"Vpc": ""}, False),
    ("manifest", ["adopt"], "Vpc", False),
    ("manifest", ["destroy"], {"data": "retain"}, True),
    ("manifest", ["destroy"], {"data": "keep"}, False),
    ("template", ["Resource"], {}, False),
    ("template", ["Transform"], "AWS::LanguageExtensions", True),
    ("template", ["Transform"], "AWS::Serverless-2016-10-31", False),
    ("template", ["Metadata", "Trueup", "Uniq"], [], False),
    ("template", ["Parameters", "VpcCidr", "Type"], "string", False),
    ("template", ["Resources", "Vpc", "Type"], "AWS::EC2::VCP", False),
    ("template", ["Resources", "Vpc", "Propertys"], {}, False),
    ("template", ["Resources", "Vpc", "DeletionPolicy"], "Keep", False),
    ("template", ["Resources", "Vpc", "DeletionPolicy"], REF, True),
    ("template", ["Resources", "Vpc", "Metadata"], {"Trueup": {"Replace": "delete-first"}}, True),
    ("template", ["Resources", "Vpc", "Metadata"], {"Trueup": {"Regoin": "us-east-1"}}, False),
    ("template", ["Resources", "Vpc", "Properties", "EnableDnsHostname"], True, False),
    ("template", ["Resources", "Vpc", "Properties", "EnableDnsHostnames"], "true", True),
    ("template", ["Resources", "Vpc", "Properties", "EnableDnsHostnames"], [True], False),
    ("template", ["Resources", "Vpc", "Properties", "VpcId"], "vpc-1", False),
    ("template", ["Resources", "Vpc", "Properties", "InstanceTenancy"], "shared", False),
    ("template", ["Resources", "Vpc", "Properties", "InstanceTenancy"], REF, True),
    ("template", ["Resources", "Vpc", "Properties", "InstanceTenancy"], {"Rif": "X"}, False),
    ("template", ["Resources", "Vpc", "Properties", "Tags"], {"Fn::If": ["A", [], REF]}, True),
    ("template", ["Resources", "Vpc", "Properties", "Tags"], [{"Key": "Name"}], False),
    (
        "template",
        ["Resources", "AppLogs", "Properties", "RetentionInDays"],
        "{{resolve:ssm:/retention}}",
        True,
    ),
    ("template", ["Resources", "AppLogs", "Properties", "RetentionInDays"], 8, False),
    ("template", ["Resources", "Assets", "Properties", "BucketNamePrefix"], "x", False),
    (
        "template",
        ["Resources", "Assets", "Properties", "BucketEncryption"],
        {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": {"Fn::Sub": "aws:${It}"}}}
            ]
        },
        True,
    ),
    (
        "template",
        ["Resources", "TaskSecurityGroup", "Properties", "SecurityGroupIngress"],
        [{"IpProtocol": "tcp", "SourceSecurityGroupName": "default"}],
        False,
    ),
    ("template", ["Resources", "Fn::ForEach::Net"], ["N", ["A"], {"Net${N}": {}}], True),
    (
        "template",
        ["Resources", "Bot"],
        {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {
                "ContainerDefinitions": [
                    {"Name": "bot", "Image": "bot:1", "DockerLabels": {"one": {"Ref": "It"}}}
                ]
            },
        },
        True,
    ),
    ("template", ["Outputs", "VpcId", "Export"], {"Name": "vpc"}, True),
    ("template", ["Outputs", "VpcId"], {"Description": "no value"}, False),
]


def match(validator, pattern, instance, schema):
    """The keyword "pattern" in the dialect that JSON Schema wants; jsonschema takes Python's."""
    if validator.is_type(instance, "string") and not regress.Regex(pattern, "u").find(instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


Validator = jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": match})


def read(path: Path) -> object:
    return json.loads(plain(path.read_text()))


def kind_of(path: Path) -> str:
    return {"clients": "manifest", "blueprints": "template"}.get(path.parent.name, "fleet")


def patterns(schema: object) -> list[str]:
    if isinstance(schema, list):
        return [found for part in schema for found in patterns(part)]
    if not isinstance(schema, dict):
        return []
    own = [schema["pattern"]] if isinstance(schema.get("pattern"), str) else []
    return own + [found for part in schema.values() for found in patterns(part)]


def changed(document: object, way: list[str], value: object) -> object:
    result = copy.deepcopy(document)
    place = result
    for step in way[:-1]:
        place = place.setdefault(step, {})
    if value is None:
        del place[way[-1]]
    else:
        place[way[-1]] = value
    return result


def main() -> int:
    folder = Path(sys.argv[1])
    found = []
    validators, examples = {}, {}
    for kind in ("fleet", "manifest", "template"):
        schema = json.loads((folder / ".schemas" / f"{kind}.json").read_text())
        # Without formats: that of a pattern is checked below, in the right dialect.
        nothing = jsonschema.FormatChecker(formats=[])
        jsonschema.Draft7Validator.check_schema(schema, format_checker=nothing)
        validators[kind] = Validator(schema)
        for pattern in patterns(schema):
            try:
                regress.Regex(pattern, "u")
            except Exception as error:
                found.append(f"{kind}: {pattern} is no regular expression of ECMAScript: {error}")
    files = sorted([*folder.glob("*.jsonc"), *folder.glob("*/*.jsonc")])
    for path in files:
        kind, document = kind_of(path), read(path)
        examples.setdefault(kind, document)
        named = (path.parent / document.get("$schema", "")).resolve()
        if named != (folder / ".schemas" / f"{kind}.json").resolve():
            found.append(f"{path} does not name its schema")
        found += [
            f"{path}: {error.json_path}: {error.message[:300]}"
            for error in validators[kind].iter_errors(document)
        ]
    for kind, way, value, right in CASES:
        document = changed(examples[kind], way, value)
        if validators[kind].is_valid(document) != right:
            found.append(
                f"{kind}: {'.'.join(way)} = {value} should be {'right' if right else 'wrong'}"
            )
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print(f"{len(files)} files and {len(CASES)} cases are as their schemas say")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
