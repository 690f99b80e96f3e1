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

TIME = 1767225600
REVISION = "0" * 40


class Form:
    """What the local endpoint makes up: where it stands (the group `made`), and what stands there in git."""

    def __init__(self, pattern: str, numbered: str):
        self.pattern = re.compile(pattern)
        self.numbered = numbered

    def kind(self, found: re.Match) -> str:
        return self.numbered.format(0, **found.groupdict())


FORMS = [
    # Ids of EC2.
    Form(r"\b(?P<made>(?P<prefix>[a-z]+)-[0-9a-f]{17})\b", "{prefix}-{0:017}"),
    # The local endpoint gives out addresses of 127.0.0.0/8 as public ones; these are for documentation.
    Form(r"\b(?P<made>127\.(?!0\.0\.1\b)\d+\.\d+\.\d+)\b", "198.51.100.{0}"),
    Form(r"\b(?P<made>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\b", "00000000-0000-4000-8000-{0:012}"),
    # Ids at the end of the ARNs of load balancing, and numbers in the names of load balancers.
    Form(r"/(?P<made>[0-9a-f]{16})\b", "{0:016}"),
    Form(r"-(?P<made>\d+)(?=\.[a-z0-9-]+\.elb\.)", "{0:010}"),
    # Hosted zones.
    Form(r"\b(?P<made>[A-Z0-9]{22})\b", "Z{0:021}"),
    # What Secrets Manager puts behind the name of a secret.
    Form(r":secret:[\w/.@+=-]+-(?P<made>[A-Za-z0-9]{6})\b", "{0:06}"),
]


class Numbers:
    """One stable name for each name that the endpoint has made up."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.counts: dict[str, int] = {}

    def note(self, text: str) -> None:
        for form in FORMS:
            for found in form.pattern.finditer(text):
                if found["made"] in self.known:
                    continue
                kind = form.kind(found)
                self.counts[kind] = number = self.counts.get(kind, 0) + 1
                self.known[found["made"]] = form.numbered.format(number, **found.groupdict())

    def _renamed(self, text: str) -> str:
        for form in FORMS:
            text = form.pattern.sub(
                lambda found: found[0].replace(
                    found["made"], self.known.get(found["made"], found["made"])
                ),
                text,
            )
        return text

    def stable(self, value: object) -> object:
        """The value with stable names. Lists that hold such names were sorted by those of the endpoint,
        where they have no order of their own: they are sorted again."""
        if isinstance(value, str):
            return self._renamed(value)
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
