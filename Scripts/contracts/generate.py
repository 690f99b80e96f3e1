"""Regenerates the contracts that are embedded in the binary, from the pinned botocore and cfn-lint.

    python3 Scripts/contracts/generate.py            writes the files
    python3 Scripts/contracts/generate.py --check    exits 1 when the committed files differ

`Sources/CContracts/api-models.json` holds the API models of the operations that the sources name
(selection.py), `Sources/CContracts/registry-schemas.json` the registry schemas of the types that they
have kinds for. Only facts are carried: every sentence of documentation stays behind.

`Tests/AWSClientTests/Fixtures/endpoints.json` holds AWS's endpoints one by one, for a test.

The two embedded files are one JSON object whose members each begin a line at column 0 and whose other lines are
indented, so that a reader can cut out one service, or one resource type, without parsing the rest.
"""

import argparse
import difflib
import importlib.metadata
import importlib.util
import json
import re
import sys
from pathlib import Path

import endpoints
import selection as sources

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "Scripts" / "requirements.txt"
CONTRACTS = ROOT / "Sources" / "CContracts"
FIXTURES = ROOT / "Tests" / "AWSClientTests" / "Fixtures"

# Protocols that AWSClient speaks, the preferred one first (a service may offer several).
PROTOCOLS = ["ec2", "json", "query", "rest-json", "rest-xml"]

METADATA = {
    "apiVersion", "awsQueryCompatible", "endpointPrefix", "globalEndpoint", "jsonVersion",
    "serviceId", "signingName", "targetPrefix", "xmlNamespace",
}
OPERATION = {
    "auth", "authtype", "endpoint", "http", "httpChecksum", "httpChecksumRequired", "idempotent",
    "unsignedPayload",
}
# What a reference to a shape may say besides the shape's name.
REFERENCE = {
    "box", "eventheader", "eventpayload", "flattened", "hostLabel",
    "idempotencyToken", "jsonvalue", "location", "locationName", "queryName", "resultWrapper",
    "sensitive", "streaming", "timestampFormat", "xmlAttribute", "xmlNamespace",
}
SHAPE = REFERENCE | {
    "document", "enum", "error", "event", "eventstream", "exception", "fault", "max", "min",
    "pattern", "payload", "required", "retryable", "type", "union",
}
# Prose, what only the evaluation of endpoint rule sets or code generators use, and offers of another
# endpoint that nobody has to take.
DROPPED = {
    "alias", "contextParam", "deprecated", "deprecatedMessage", "deprecatedSince", "documentation",
    "documentationUrl", "endpointdiscovery", "errors", "input", "key", "locationName", "member", "members", "name",
    "operationContextParams", "output", "shape", "staticContextParams", "synthetic", "value",
    "wrapper", "xmlOrder",
}
# Wire traits that AWSClient does not speak: an operation that needs one must not be selected.
UNSUPPORTED = {"requestcompression"}

# Keywords of the registry's schema dialect (cfn-lint's extensions included) that carry facts.
SCHEMA_MAPS = {"properties", "patternProperties", "definitions"}
SCHEMA_SUBSCHEMAS = {
    "additionalProperties", "allOf", "anyOf", "contains", "else", "if", "items", "not", "oneOf",
    "propertyNames", "then",
}
SCHEMA_VALUES = {
    "$ref", "additionalIdentifiers", "conditionalCreateOnlyProperties", "const",
    "createOnlyProperties", "default", "dependencies", "dependentExcluded", "dependentRequired",
    "deprecatedProperties", "enum", "enumCaseInsensitive", "exclusiveMaximum", "exclusiveMinimum",
    "format", "handlers", "insertionOrder", "maxItems", "maxLength", "maxProperties", "maximum", "minItems",
    "minLength", "minProperties", "minimum", "multipleOf", "nonPublicProperties", "pattern",
    "prefixItems", "primaryIdentifier", "readOnlyProperties", "replacementStrategy", "required",
    "requiredOr", "requiredXor", "tagging", "type", "typeName", "uniqueItems", "uniqueKeys",
    "writeOnlyProperties", "arrayType",
}
SCHEMA_DROPPED = {
    "$comment", "$id", "$schema", "comment", "description", "documentationUrl", "examples",
    "maxUniqueItems", "propertyTransform", "relationshipRef", "resourceLink", "sourceUrl",
    "taggable", "title", "typeConfiguration",
}


def fail(message):
    sys.exit(f"contracts: {message}")


def pinned(package):
    """The version that Scripts/requirements.txt pins for a package."""
    if not REQUIREMENTS.exists():
        fail(f"{REQUIREMENTS.relative_to(ROOT)} is missing; it pins botocore and cfn-lint")
    pattern = re.compile(rf"^{re.escape(package)}(?:\[[^\]]*\])?==([^\s;#]+)", re.MULTILINE)
    found = pattern.search(REQUIREMENTS.read_text())
    if not found:
        fail(f"Scripts/requirements.txt has no line {package}==VERSION")
    return found.group(1)


def require_pinned(package):
    """The installed version, which must be the pinned one: another would yield other facts."""
    wanted = pinned(package)
    try:
        installed = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        fail(f"{package} is not installed; install Scripts/requirements.txt")
    if installed != wanted:
        fail(f"{package} {installed} is installed, but {wanted} is pinned in Scripts/requirements.txt")
    return installed


def compact(value):
    return json.dumps(value, sort_keys=True, separators=(", ", ": "))


def lines_of(members, indent):
    """One line per member of an object, sorted."""
    pad = " " * indent
    return ",\n".join(f"{pad}{json.dumps(key)}: {members[key]}" for key in sorted(members))


def section(members, indent):
    """An object of compact values, one per line."""
    if not members:
        return "{}"
    texts = {key: compact(value) for key, value in members.items()}
    return "{\n" + lines_of(texts, indent + 1) + "\n" + " " * indent + "}"


def document(members):
    return "{\n" + lines_of(members, 0) + "\n}\n"


# --- API models -------------------------------------------------------------------------------


def pick(source, allowed, place):
    unknown = set(source) - allowed - DROPPED
    if unknown:
        fail(f"{place}: {', '.join(sorted(unknown))} is new; say in generate.py what becomes of it")
    return {key: value for key, value in source.items() if key in allowed}


def reference(source, place):
    return {"shape": source["shape"], **pick(source, REFERENCE, place)}


def shape_of(source, place):
    shape = pick(source, SHAPE, place)
    if "members" in source:
        # A list: the order of members is the order of XML elements.
        shape["members"] = [
            {"name": name, **reference(member, f"{place}.{name}")}
            for name, member in source["members"].items()
        ]
    for part in ("member", "key", "value"):
        if part in source:
            shape[part] = reference(source[part], f"{place}.{part}")
    return shape


def references_of(shape):
    yield from shape.get("members", [])
    for part in ("member", "key", "value"):
        if part in shape:
            yield shape[part]


def operation_of(source, place):
    refused = UNSUPPORTED & set(source)
    if refused:
        fail(f"{place} needs {', '.join(sorted(refused))}, which AWSClient does not speak")
    operation = pick(source, OPERATION | UNSUPPORTED, place)
    for part in ("input", "output"):
        if part in source:
            operation[part] = reference(source[part], f"{place} {part}")
    if "errors" in source:
        operation["errors"] = sorted(error["shape"] for error in source["errors"])
    return operation


def service_of(loader, service, names, extra_paginators):
    model = loader.load_service_model(service, "service-2")
    metadata = {key: model["metadata"][key] for key in METADATA if key in model["metadata"]}
    offered = model["metadata"].get("protocols") or [model["metadata"]["protocol"]]
    spoken = [protocol for protocol in PROTOCOLS if protocol in offered]
    if not spoken:
        fail(f"{service} offers only {', '.join(offered)}, which AWSClient does not speak")
    metadata["protocol"] = spoken[0]

    operations = {}
    for name in names:
        if name not in model["operations"]:
            near = difflib.get_close_matches(name, model["operations"], 1)
            fail(f"{service} has no operation {name}" + (f"; is it {near[0]}?" if near else ""))
        operations[name] = operation_of(model["operations"][name], f"{service}:{name}")

    shapes = {}
    waiting = []
    for operation in operations.values():
        waiting += [operation[part]["shape"] for part in ("input", "output") if part in operation]
        waiting += operation.get("errors", [])
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = shape_of(model["shapes"][name], f"{service} shape {name}")
            waiting += [member["shape"] for member in references_of(shapes[name])]

    sections = {"metadata": compact(metadata)}
    sections["operations"] = section(operations, 1)
    sections["shapes"] = section(shapes, 1)
    paginators = selected_paginators(loader, service, names)
    for name, paginator in extra_paginators.items():
        if name in paginators or name not in operations:
            fail(f"additions.json adds a paginator for {service}:{name}, which needs none")
        paginators[name] = paginator
    sections["paginators"] = section(paginators, 1)
    return "{\n" + lines_of(sections, 1) + "\n}"


def selected_paginators(loader, service, names):
    """The paginators of the selected operations."""
    from botocore.exceptions import DataNotFoundError

    try:
        source = loader.load_service_model(service, "paginators-1")["pagination"]
    except DataNotFoundError:
        return {}
    return {name: source[name] for name in source if name in names}


def api_models(selection):
    loader = sources.bundled_loader()
    services = selection["services"]
    # Operations that have pages, but no paginator in botocore.
    added = selection["paginators"]
    members = {
        service: service_of(loader, service, operations, added.get(service, {}))
        for service, operations in services.items()
    }
    members["partitions"] = section(endpoints.partitions_of(loader, services), 0)
    members["versions"] = compact({"botocore": require_pinned("botocore")})
    return document(members)


def endpoints_fixture(selection):
    return section(endpoints.fixture(sources.bundled_loader(), selection["services"]), 0) + "\n"


# --- Registry schemas ---------------------------------------------------------------------------


def pruned(schema, place):
    if isinstance(schema, list):
        return [pruned(item, place) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {}
    for key, value in schema.items():
        if key in SCHEMA_DROPPED:
            continue
        if key in SCHEMA_MAPS:
            result[key] = {name: pruned(item, f"{place}/{key}/{name}") for name, item in value.items()}
        elif key in SCHEMA_SUBSCHEMAS:
            result[key] = pruned(value, f"{place}/{key}")
        elif key in SCHEMA_VALUES:
            result[key] = value
        else:
            fail(f"{place}: {key} is new; say in generate.py what becomes of it")
    return result


def schema_text(schema):
    sections = {
        key: section(value, 1) if key in SCHEMA_MAPS else compact(value)
        for key, value in schema.items()
    }
    return "{\n" + lines_of(sections, 1) + "\n}"


def registry_schemas(selection):
    version = require_pinned("cfn-lint")
    package = Path(importlib.util.find_spec("cfnlint").origin).parent
    schemas = package / "data" / "schemas"
    table = schemas / "providers" / "us_east_1.py"
    spec = importlib.util.spec_from_file_location("registry_table", table)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    members = {"versions": compact({"cfn-lint": version})}
    for name in selection["resourceTypes"]:
        if name not in module.types:
            near = difflib.get_close_matches(name, module.types, 1)
            fail(f"there is no resource type {name}" + (f"; is it {near[0]}?" if near else ""))
        source = json.loads((schemas / "resources" / f"{module.types[name]}.json").read_text())
        schema = pruned(source, name)
        # Rules of cfn-lint's own that AWS has outgrown.
        for keyword, value in selection["corrections"].get(name, {}).items():
            if keyword not in schema or schema[keyword] == value:
                fail(f"{name}: {keyword} needs no correction any more")
            schema[keyword] = value
        members[name] = schema_text(schema)
    return document(members)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()
    for package in ("botocore", "cfn-lint"):
        require_pinned(package)
    selection = sources.selection()
    stale = []
    for path, text in (
        (CONTRACTS / "api-models.json", api_models(selection)),
        (CONTRACTS / "registry-schemas.json", registry_schemas(selection)),
        (FIXTURES / "endpoints.json", endpoints_fixture(selection)),
    ):
        json.loads(text)
        if arguments.check:
            if not path.exists() or path.read_text() != text:
                stale.append(str(path.relative_to(ROOT)))
        else:
            path.write_text(text)
            print(f"wrote {path.relative_to(ROOT)} ({len(text.encode())} bytes)")
    if stale:
        fail(f"not what the generator yields: {', '.join(stale)}; run make contracts")


if __name__ == "__main__":
    main()
