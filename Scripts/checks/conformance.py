#!/usr/bin/env python3
"""Writes docs/conformance.md: what the end-to-end tests do with each type, by Tests/Conformance.

    conformance.py          writes the page
    conformance.py --check  fails where the page says something else, or a type has no file
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "Tests" / "Conformance"
SCHEMAS = ROOT / "Sources" / "CContracts" / "registry-schemas.json"
PAGE = ROOT / "docs" / "conformance.md"

TEXT = """# Conformance

What the end-to-end tests do with a resource of each type, over HTTP against the local endpoint. All of it is in one file per
type, `Tests/Conformance/<Service>/<Type>.json`; [Add a kind](add-a-kind.md) describes its members.

Each type is *converged*: applied with every property that is supported, after which a plan has nothing to do, with and
without a journal. Each is *destroyed*, after which nothing of it is left. The other columns say how many of its top-level
properties are changed by hand, told as drift and put right; how many are taken out of the blueprint and reset, or told to
be left; and what becomes of it when what is create-only changes.

| type | converged | changed by hand | reset | replaced | destroyed |
|---|---|---|---|---|---|
{rows}

## Why not

{notes}
"""


def fail(message):
    sys.exit(f"conformance: {message}")


def read():
    return {
        f"AWS::{path.parent.name}::{path.stem}": json.loads(path.read_text())
        for path in sorted(FILES.glob("*/*.json"))
    }


def resources(file, name):
    return [item for item in file["resources"].values() if item["Type"] == name]


def row(name, file, schema):
    notes = []
    own = resources(file, name)
    given = {key for item in own for key in item.get("Properties", {})}
    changed, reset = file["drift"], file["reset"]
    if isinstance(changed, str):
        notes.append(f"not changed by hand: {changed}")
        changed = []
    told = {
        property_name
        for entry in changed
        if file["resources"][entry["resource"]]["Type"] == name
        for change in entry["changes"]
        for property_name in change["told"]
    }
    for path, reason in file.get("notChanged", {}).items():
        notes.append(f"`{path}` is not changed by hand: {reason}")
    taken = set()
    if isinstance(reset, str):
        notes.append(f"not reset: {reset}")
    else:
        kept = set(schema.get("required", [])) | set(reset.get("essential", []))
        kept |= {path.split("/")[2] for path in schema.get("createOnlyProperties", [])}
        for resource in reset["resources"]:
            taken |= set(file["resources"][resource].get("Properties", {})) - kept
    becomes = file["stack"]["becomes"]
    if file["stack"].get("why"):
        notes.append(f"not replaced: {file['stack']['why']}")
    if file.get("remains"):
        notes.append(f"after it is destroyed, {file['remains']['why']}")
    cells = [
        f"`{name}`", f"{len(given)} properties" if given else "yes", str(len(told) or "—"),
        str(len(taken) or "—"), {"nothing": "nothing does"}.get(becomes, becomes + "d" if becomes.endswith("e") else becomes),
        "yes",
    ]
    return "| " + " | ".join(cells) + " |", [f"- `{name}`: {note}" for note in notes]


def page():
    schemas = {name: schema for name, schema in json.loads(SCHEMAS.read_text()).items() if "::" in name}
    files = read()
    if set(files) != set(schemas):
        fail(f"types and files differ: {', '.join(sorted(set(files) ^ set(schemas)))}")
    rows, notes = [], []
    for name in sorted(files):
        line, more = row(name, files[name], schemas[name])
        rows.append(line)
        notes += more
    return TEXT.format(rows="\n".join(rows), notes="\n".join(notes))


def main():
    text = page()
    if sys.argv[1:] == ["--check"]:
        if not PAGE.exists() or PAGE.read_text() != text:
            fail("docs/conformance.md is out of date: run make docs")
    else:
        PAGE.write_text(text)


if __name__ == "__main__":
    main()
