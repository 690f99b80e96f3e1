#!/usr/bin/env python3
"""Compares recorded snapshots of the example fleet with the committed ones, or commits them anew.

    snapshots.py RECORDED COMMITTED           fails where they differ, and prints the difference
    snapshots.py RECORDED COMMITTED --record  writes the committed ones

Both are folders as `trueup snapshot` writes them. The local endpoint makes up ids, addresses and
times, different ones in each run, and the revision is that of a throw-away repository. The committed
snapshots have others in their place, of the same form, so that `trueup plan --snapshot` can read
them: ids and addresses are numbered in the order of the stacks and of their resources, times are the
first second of 2026, and revisions are zeros.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from pathlib import Path

ID = re.compile(r"\b([a-z]+)-[0-9a-f]{17}\b")
# The local endpoint gives out addresses of 127.0.0.0/8 as public ones; these are for documentation.
ADDRESS = re.compile(r"\b127\.\d+\.\d+\.\d+\b")
DOCUMENTATION = "198.51.100."
TIME = 1767225600
REVISION = "0" * 40


class Numbers:
    """One stable name for each name that the endpoint has made up."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.counts: dict[str, int] = {}

    def note(self, text: str) -> None:
        for found in ID.finditer(text):
            self._note(found[0], found[1])
        for found in ADDRESS.finditer(text):
            self._note(found[0], DOCUMENTATION)

    def _note(self, name: str, kind: str) -> None:
        if name in self.known:
            return
        self.counts[kind] = number = self.counts.get(kind, 0) + 1
        address = kind == DOCUMENTATION
        self.known[name] = f"{kind}{number}" if address else f"{kind}-{number:017}"

    def stable(self, value: object) -> object:
        """The value with stable names. Lists that hold such names were sorted by those of the endpoint,
        where they have no order of their own: they are sorted again."""
        if isinstance(value, str):
            text = ID.sub(lambda found: self.known[found[0]], value)
            return ADDRESS.sub(lambda found: self.known[found[0]], text)
        if isinstance(value, list):
            elements = [self.stable(element) for element in value]
            return sorted(elements, key=json.dumps) if elements != value else elements
        if isinstance(value, dict):
            return {key: self.stable(member) for key, member in value.items()}
        return value


def read(folder: Path) -> dict[str, dict]:
    files = sorted(folder.glob("*.json"))
    if not files:
        sys.exit(f"there is no snapshot in {folder}")
    return {path.name: json.loads(path.read_text()) for path in files}


def stable(stacks: dict[str, dict]) -> dict[str, str]:
    numbers = Numbers()
    # A resource's own id first: the order of the resources is the same in each run, that of what they
    # hold may hang on ids.
    for stack in stacks.values():
        for resource in stack["resources"]:
            numbers.note(resource["id"])
    for stack in stacks.values():
        numbers.note(json.dumps(stack))
    texts = {}
    for name, stack in stacks.items():
        for resource in stack["resources"]:
            if "createdAt" in resource:
                resource["createdAt"] = TIME
            if "trueup:rev" in resource["tags"]:
                resource["tags"]["trueup:rev"] = REVISION
        document = numbers.stable(stack)
        texts[name] = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return texts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recorded", type=Path)
    parser.add_argument("committed", type=Path)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    now = stable(read(arguments.recorded))
    folder: Path = arguments.committed
    if arguments.record:
        folder.mkdir(exist_ok=True)
        for path in folder.glob("*.json"):
            if path.name not in now:
                path.unlink()
        for name, text in now.items():
            (folder / name).write_text(text)
        return 0
    then = {path.name: path.read_text() for path in sorted(folder.glob("*.json"))}
    for name in sorted({*then, *now}):
        sys.stdout.writelines(
            difflib.unified_diff(
                then.get(name, "").splitlines(keepends=True),
                now.get(name, "").splitlines(keepends=True),
                f"{folder.name}/{name}",
                f"{folder.name}/{name}, as recorded now",
            )
        )
    if then != now:
        print(
            f"The example fleet is not what {folder.name}/ says. Where that is meant, record it with "
            "make record-snapshots.",
            file=sys.stderr,
        )
    return int(then != now)


if __name__ == "__main__":
    sys.exit(main())
