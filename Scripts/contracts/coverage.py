#!/usr/bin/env python3
"""Compares what the kinds cover with what they covered before.

    coverage.py BEFORE AFTER    fails where AFTER covers less

Both files are what `trueup kinds --format json` says; BEFORE is `Tests/Golden/kinds.json`. Less is:
a type that is gone or carries no tags any more; one that is no longer known to hold data; a
property (at whatever depth) that is not supported, not checked, not reset or replaces the resource
and did not before. A type that is new may have all of these. What got better is said, so that it
is recorded (`make record-kinds`) and kept from then on.
"""

import json
import sys
from pathlib import Path

# Limits of a property, and those before which make each of them no loss: what was not supported was
# neither checked nor reset.
LIMITS = {
    "unsupported": {"unsupported"},
    "notReadable": {"notReadable", "unsupported"},
    "notResettable": {"notResettable", "unsupported"},
    "replacedBy": {"replacedBy", "unsupported"},
}
WORDS = {
    "unsupported": "not supported",
    "notReadable": "not checked",
    "notResettable": "not reset",
    "replacedBy": "replaces the resource",
}
# Members that say something good of a type where they are true.
MERITS = {"taggable": "carries tags", "stateful": "is known to hold data"}


def paths(kind, limit):
    return {entry if isinstance(entry, str) else entry["path"] for entry in kind[limit]}


def is_within(path, limited):
    """Whether a path or what it is a part of is among the limited ones."""
    return any(path == other or path.startswith(other + "/") for other in limited)


def losses(before, after):
    """What `after` lacks of what `before` had, a sentence each."""
    name = before["type"]
    if after is None:
        return [f"{name}: the type is gone"]
    found = [
        f"{name}: it no longer {words}"
        for merit, words in MERITS.items()
        if before[merit] and not after[merit]
    ]
    for limit, implying in LIMITS.items():
        known = set().union(*(paths(before, other) for other in implying))
        found += [
            f"{name}{path}: {WORDS[limit]}, and was not before"
            for path in sorted(paths(after, limit))
            if not is_within(path, known)
        ]
    return found


def read(path):
    return {kind["type"]: kind for kind in json.loads(Path(path).read_text())["kinds"]}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    before, after = read(sys.argv[1]), read(sys.argv[2])
    worse = [line for name in before for line in losses(before[name], after.get(name))]
    better = [line for name in after for line in losses(after[name], before.get(name))]
    if worse:
        print("\n".join(worse))
        sys.exit("coverage: the kinds cover less than before; where that is meant, say why in the "
                 "commit and record it with `make record-kinds`")
    if better:
        print(f"coverage: better than {sys.argv[1]} in {len(better)} places; record it with "
              "`make record-kinds`")


if __name__ == "__main__":
    main()
