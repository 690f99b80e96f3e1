"""Values for every member of a shape, and the reply that carries them over the wire."""

import base64
import json
from xml.sax.saxutils import escape, quoteattr

# Members that choose how the client itself works.
LEFT_OUT = {"ChecksumAlgorithm", "ContentMD5"}
TIME = 1893456000
TIME_ISO8601 = "2030-01-01T00:00:00Z"
TIME_HTTP = "Tue, 01 Jan 2030 00:00:00 GMT"


def value(shape, name, inside=frozenset()):
    """A value that the model takes. None where a shape would contain itself."""
    kind = shape.type_name
    if kind == "structure":
        if shape.name in inside:
            return None
        members = list(shape.members.items())[: 1 if shape.is_tagged_union else None]
        values = {
            key: value(member, key, inside | {shape.name})
            for key, member in members
            if key not in LEFT_OUT
        }
        return {key: item for key, item in values.items() if item is not None}
    if kind == "list":
        count = 1 if shape.metadata.get("max") == 1 else max(2, shape.metadata.get("min", 0))
        items = [value(shape.member, f"{name}{index}", inside) for index in range(count)]
        return None if items[0] is None else items
    if kind == "map":
        item = value(shape.value, name, inside)
        return None if item is None else {"k y": item, "z": item}
    if kind in ("string", "character"):
        return text(shape, name)
    if kind in ("integer", "long"):
        return int(shape.metadata.get("min", 7))
    return {"float": 1.5, "double": 1.5, "boolean": True, "timestamp": TIME, "blob": "blob"}[kind]


def text(shape, name):
    if shape.enum:
        return shape.enum[-1]
    # Labels of a host.
    if name == "Bucket":
        return "acme-prod"
    if name == "AccountId":
        return "123456789012"
    long_enough = (name + '&<"é ').ljust(shape.metadata.get("min", 0), "x")
    return long_enough[: shape.metadata.get("max")]


def reply(operation):
    """Headers and body of a successful reply with every member of the output."""
    shape = operation.output_shape
    output = value(shape, operation.name)
    headers = {}
    body = {}
    for name, item in output.items():
        member = shape.members[name]
        location = member.serialization.get("location")
        if location == "header":
            headers[member.serialization["name"].lower()] = header(member, item)
        elif location is None:
            body[name] = item
    return headers, body_text(operation, shape, body)


def header(member, item):
    if member.type_name == "timestamp":
        return TIME_HTTP
    if member.type_name == "boolean":
        return "true"
    return str(item).encode("ascii", "ignore").decode()


def body_text(operation, shape, body):
    protocol = operation.service_model.resolved_protocol
    name = operation.name
    if protocol in ("json", "rest-json"):
        return json.dumps(json_value(shape, body))
    if protocol == "ec2":
        return element(shape, f"{name}Response", body)
    if protocol == "query":
        result = element(shape, shape.serialization["resultWrapper"], body)
        return f"<{name}Response>{result}</{name}Response>"
    payload = shape.serialization.get("payload")
    if payload is None:
        return element(shape, f"{name}Result", body) if body else ""
    member = shape.members[payload]
    if member.type_name in ("string", "blob"):
        return body[payload]
    return element(member, member.serialization.get("name", payload), body[payload])


def json_value(shape, item):
    if shape.type_name == "structure":
        return {
            member.serialization.get("name", name): json_value(member, item[name])
            for name, member in shape.members.items()
            if name in item
        }
    if shape.type_name == "list":
        return [json_value(shape.member, part) for part in item]
    if shape.type_name == "map":
        return {key: json_value(shape.value, part) for key, part in item.items()}
    if shape.type_name == "blob":
        return base64.b64encode(item.encode()).decode()
    return item


def element(shape, name, item):
    kind = shape.type_name
    if kind == "structure":
        return structure(shape, name, item)
    if kind == "list":
        if shape.serialization.get("flattened"):
            return "".join(element(shape.member, name, part) for part in item)
        part_name = shape.member.serialization.get("name", "member")
        parts = "".join(element(shape.member, part_name, part) for part in item)
        return f"<{name}>{parts}</{name}>"
    if kind == "map":
        key_name = shape.key.serialization.get("name", "key")
        value_name = shape.value.serialization.get("name", "value")
        entries = "".join(
            f"<entry>{element(shape.key, key_name, key)}{element(shape.value, value_name, part)}"
            "</entry>"
            for key, part in item.items()
        )
        return f"<{name}>{entries}</{name}>"
    if kind == "timestamp":
        content = TIME_ISO8601
    elif kind == "boolean":
        content = "true"
    elif kind == "blob":
        content = base64.b64encode(item.encode()).decode()
    else:
        content = escape(str(item))
    return f"<{name}>{content}</{name}>"


def structure(shape, name, item):
    attributes = content = ""
    for key, member in shape.members.items():
        if key not in item or member.serialization.get("location"):
            continue
        member_name = member.serialization.get("name", key)
        if member.serialization.get("xmlAttribute"):
            namespace = "http://www.w3.org/2001/XMLSchema-instance"
            attributes += f' xmlns:xsi="{namespace}" {member_name}={quoteattr(item[key])}'
            continue
        if member.type_name == "list" and member.serialization.get("flattened"):
            member_name = member.member.serialization.get("name", member_name)
        content += element(member, member_name, item[key])
    return f"<{name}{attributes}>{content}</{name}>"
