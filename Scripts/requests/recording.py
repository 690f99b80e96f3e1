#!/usr/bin/env python3
"""Compares the requests that the tests made with the golden files, or records these anew.

    recording.py FOLDER --types FILE            fails where the recording differs
    recording.py FOLDER --types FILE --partial  fails where there is a request that is not recorded
    recording.py FOLDER --types FILE --record   writes the golden files

FOLDER is the one in which the tests noted their requests (TRUEUP_REQUESTS). FILE is what
`trueup kinds --format json` says: each of its types must have a recording in both sections.

`Tests/Golden/requests/AWS-EC2-VPC.txt` holds the set of distinct requests of a type, normalised
(normalise.py). `unit`: what its kind asked for in Tests/KindsTests. `end to end`: what the test
endpoint saw; a request there belongs to each type whose kind makes calls of that operation on such
ids in `unit`, and to `other.txt` where none does (what the engine itself asks, for one). The
endpoint cannot tell who asked: what several kinds ask alike (all topics, say) is in the file of
each.

A whole recording must hold exactly the operations that the sources name (Scripts/contracts/selection.py),
because those are what the program may call: an operation that no test calls fails, and so does a call
that nothing names.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "contracts"))

import selection  # noqa: E402: next door
from normalise import Normaliser, apart  # noqa: E402

GOLDEN = Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "requests"
UNIT, END_TO_END = "unit", "end to end"
OTHER = "other"
# Clients that a test numbers, all alike, to see how calls grow with them: the first is enough.
NUMBERED = re.compile(r"\bc(?:[2-9]|[1-9]\d+)-dev\b")
ID = re.compile(r'"([a-z]{2,}(?:-[a-z0-9]+)*)-(?:ID|[0-9a-f]+)"')

# Requests that a run makes or does not make, as its parallel steps happen to end.
DEPENDS_ON_TIMING = {
    # A group has an egress rule for IPv6 if the range of its VPC was there first.
    'ec2 RevokeSecurityGroupEgress {"GroupId":"sg-ID","IpPermissions":[{"IpProtocol":"-1",'
    '"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]}',
}

# File's name -> section -> lines.
Recording = dict[str, dict[str, set[str]]]


def empty() -> Recording:
    return defaultdict(lambda: {UNIT: set(), END_TO_END: set()})


def name(type_name: str) -> str:
    return type_name.replace("::", "-")


def read_golden() -> Recording:
    recording = empty()
    for path in sorted(GOLDEN.glob("*.txt")):
        section = None
        for line in path.read_text().splitlines():
            if line.startswith("# "):
                section = recording[path.stem][line[2:]]
            elif line and section is not None:
                section.add(line)
    return recording


def read_noted(folder: Path, golden: Recording, partial: bool) -> Recording:
    recording = empty()
    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl")):
        for text in path.read_text().splitlines():
            for record in apart(json.loads(text)):
                line = Normaliser(record).line()
                if record["section"] == UNIT:
                    recording[name(record["type"])][UNIT].add(line)
                elif not NUMBERED.search(line) and line not in DEPENDS_ON_TIMING:
                    seen.add(line)
    makers = Makers(recording)
    if partial:
        makers.add(golden)
    for line in seen:
        for file in makers.of(line):
            recording[file][END_TO_END].add(line)
    return recording


class Makers:
    """Which types make which calls, by what their kinds' tests saw."""

    def __init__(self, recording: Recording):
        # Operation -> file -> prefixes of the ids of each call.
        self.known: dict[str, dict[str, set]] = defaultdict(lambda: defaultdict(set))
        # File -> prefixes of all ids in its calls.
        self.ids: dict[str, set] = defaultdict(set)
        self.add(recording)

    def add(self, recording: Recording) -> None:
        for file, sections in recording.items():
            for line in sections[UNIT]:
                self.known[operation(line)][file].add(prefixes(line))
                self.ids[file] |= prefixes(line)

    def of(self, line: str) -> list[str]:
        """Those that make such a call on such ids; else those that know such ids at all."""
        makers = self.known.get(operation(line), {})
        ids = prefixes(line)
        alike = [file for file, found in makers.items() if ids in found]
        alike = alike or [file for file in makers if ids <= self.ids[file]]
        return alike or list(makers) or [OTHER]


def operation(line: str) -> str:
    return " ".join(line.split(" ", 2)[:2])


def prefixes(line: str) -> frozenset:
    return frozenset(ID.findall(line))


def text(sections: dict[str, set[str]]) -> str:
    return "\n".join(
        "\n".join([f"# {section}", *sorted(sections[section])]) + "\n"
        for section in (UNIT, END_TO_END)
    )


def differences(golden: Recording, noted: Recording, partial: bool) -> list[str]:
    """The lines of a unified diff, without the context that a partial run cannot know."""
    found: list[str] = []
    for file in sorted(set(golden) | set(noted)):
        old, new = golden[file], noted[file]
        if partial:
            new = {section: old[section] | new[section] for section in old}
        found += difflib.unified_diff(
            text(old).splitlines(),
            text(new).splitlines(),
            f"Tests/Golden/requests/{file}.txt",
            f"{file} in this run",
            lineterm="",
            n=1,
        )
    return found


def write(noted: Recording) -> None:
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for path in GOLDEN.glob("*.txt"):
        if path.stem not in noted:
            path.unlink()
    for file, sections in noted.items():
        (GOLDEN / f"{file}.txt").write_text(text(sections))


def without_recording(types: Path, recording: Recording) -> list[str]:
    """The types of the catalog of which a section is empty."""
    return [
        f"{kind['type']}: no test made a request in '{section}'"
        for kind in json.loads(types.read_text())["kinds"]
        for section in (UNIT, END_TO_END)
        if not recording[name(kind["type"])][section]
    ]


def operations_apart(recording: Recording) -> list[str]:
    """The operations that the sources name and no test calls, and the other way round."""
    named = {
        f"{service} {name}"
        for service, names in selection.selection()["services"].items()
        for name in names
    }
    called = {
        operation(line)
        for sections in recording.values()
        for lines in sections.values()
        for line in lines
    }
    return [f"{name}: the sources name it, and no test calls it" for name in sorted(named - called)] + [
        f"{name}: a test calls it, and the sources do not write its name out"
        for name in sorted(called - named)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--types", type=Path, required=True)
    parser.add_argument("--partial", action="store_true")
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    golden = read_golden()
    noted = read_noted(arguments.folder, golden, arguments.partial)
    if not noted and not arguments.partial:
        sys.exit(f"requests: the tests noted none in {arguments.folder}")
    if arguments.record:
        write(noted)
    found = [] if arguments.record else differences(golden, noted, arguments.partial)
    missing = without_recording(arguments.types, golden if arguments.partial else noted)
    if not arguments.partial:
        missing += operations_apart(noted)
    if found:
        print("\n".join(found))
        print(
            "\nrequests: the tests make other requests than are recorded (+ made now, - recorded)."
            "\nIf that is meant, record them with `make record-requests` and commit the difference."
        )
    if missing:
        print("\n".join(f"requests: {line}" for line in missing))
    sys.exit(1 if found or missing else 0)


if __name__ == "__main__":
    main()
