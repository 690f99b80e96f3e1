"""How many calls whole CosyWorld clients take, against the fewest that AWS allows.

    make bench                                           after the times of whole fleets
    .venv/bin/python Scripts/bench/calls.py --json -      with a build that is there

The stack `shared` and N clients (blueprint `cosyworld`, environment dev, as an example with nothing but a
network and an image) are applied to the local endpoint, in one account. Told are, for each N:

    floor     the fewest calls of a plan with nothing to do; see floor.py
    second    such a plan, with the journal of the apply
    cold      the same without a journal, as a CI runner has it
    writes    calls of the first apply of the clients that are new, and the fewest
    reads     its reads besides those of its plan, for each resource

and which operations were called more often than at the floor. OVER is what breaks the bounds: a plan takes at
most 3 % more than the floor, without a journal at most 3 calls more for each stack; a first apply writes at most
5 % more than it must, and reads at most 0.3 times for each resource.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import floor
from cosyworld import ROOT, CosyWorld

OVER_FLOOR = 1.03
COLD_PER_STACK = 3
OVER_WRITES = 1.05
READS_PER_RESOURCE = 0.3


def operations(calls: list[dict]) -> Counter:
    return Counter((call["service"], call["operation"]) for call in calls)


def excess(calls: Counter, fewest: Counter) -> dict[str, int]:
    """By how much each operation is over the floor."""
    return {
        f"{service} {operation}": count - fewest[service, operation]
        for (service, operation), count in sorted(calls.items())
        if count > fewest[service, operation]
    }


def unmade(calls: Counter, fewest: Counter) -> dict[str, int]:
    """What the floor has and the plan does not ask: there the floor is wrong."""
    return {
        f"{service} {operation}": count - calls[service, operation]
        for (service, operation), count in sorted(fewest.items())
        if calls[service, operation] < count
    }


def measure(world: CosyWorld, clients: int, types: list[dict]) -> dict:
    present = set(world.stacks())
    world.enlarge(clients)
    empty = operations(world.calls("plan", fails=False))
    applied = world.calls("apply", "--yes")
    second = operations(world.calls("plan"))
    cold = operations(world.calls("plan", "--journal", str(world.place / "none.db")))
    (world.place / "none.db").unlink(missing_ok=True)

    resources = [
        one for stack in world.stacks() for one in floor.resources(stack, world.compiled(stack))]
    fewest = floor.plan(resources, types, floor.Account(world.url, "123456789012", "us-east-1"))
    new = [one for one in resources if one.stack not in present]
    forced = floor.first_apply(new)
    writes = Counter(call["operation"] for call in applied if call["mutating"])
    others = operations([call for call in applied if not call["mutating"]]) - empty
    stacks = len(world.stacks())
    lowest = sum(fewest.values())
    row = {
        "clients": clients, "stacks": stacks, "resources": len(resources), "floor": lowest,
        "second": sum(second.values()), "cold": sum(cold.values()),
        "secondExcess": excess(second, fewest), "coldExcess": excess(cold, fewest),
        "below": unmade(second, fewest),
        "newResources": len(new), "fewestWrites": sum(forced.values()),
        "writes": sum(writes.values()), "otherReads": sum(others.values()),
        "writeExcess": dict(sorted((writes - forced).items())),
        "writesBelow": dict(sorted((forced - writes).items())),
        "readsBesides": {" ".join(name): count for name, count in sorted(others.items())},
    }
    row["over"] = [
        name for name, value, most in (
            ("second", row["second"], lowest * OVER_FLOOR),
            ("cold", row["cold"], lowest + COLD_PER_STACK * stacks),
            ("writes", row["writes"], row["fewestWrites"] * OVER_WRITES),
            ("reads", row["otherReads"], len(new) * READS_PER_RESOURCE),
        ) if value > most
    ]
    return row


def table(rows: list[dict]) -> str:
    names = ["clients", "stacks", "resources", "floor", "second", "cold"]
    lines = ["".join(f"{name:>11}" for name in names)]
    for row in rows:
        over = [name for name in row["over"] if name in names]
        lines.append(
            "".join(f"{row[name]:>11}" for name in names) + "".join(f"   {name} OVER" for name in over))
        for name in ("second", "cold"):
            if row[f"{name}Excess"]:
                lines.append(f"    {name}: {told(row[name + 'Excess'])}")
        if row["below"]:
            lines.append(f"    not asked for, though in the floor: {told(row['below'])}")
    lines += ["", "first apply of the clients that are new:"]
    lines.append("".join(f"{name:>11}" for name in ("resources", "fewest", "writes", "reads", "each")))
    for row in rows:
        each = row["otherReads"] / max(row["newResources"], 1)
        over = [name for name in row["over"] if name in ("writes", "reads")]
        lines.append(
            f"{row['newResources']:>11}{row['fewestWrites']:>11}{row['writes']:>11}"
            f"{row['otherReads']:>11}{each:>11.2f}" + "".join(f"   {name} OVER" for name in over))
        for title, name in (
            ("more than needed", "writeExcess"), ("fewer than counted", "writesBelow"),
            ("read", "readsBesides"),
        ):
            if row[name]:
                lines.append(f"    {title}: {told(row[name])}")
    return "\n".join(lines)


def told(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / ".build/release", help="where the programs are")
    parser.add_argument("--clients", default="1,10,50", help="numbers of clients (1,10,50)")
    parser.add_argument("--json", help="write the rows to this file, - for standard output")
    arguments = parser.parse_args()
    types = json.loads(subprocess.run(
        [arguments.build / "NeededReads"], check=True, stdout=subprocess.PIPE).stdout)
    world = CosyWorld((arguments.build / "trueup").resolve())
    rows = []
    try:
        for number in sorted(int(text) for text in arguments.clients.split(",")):
            print(f"applying {number} clients", file=sys.stderr)
            rows.append(measure(world, number, types))
    finally:
        world.end()
    if arguments.json:
        text = json.dumps({"formatVersion": 1, "rows": rows}, indent=2)
        if arguments.json == "-":
            print(text)
            return
        Path(arguments.json).write_text(text + "\n")
    print(table(rows))


if __name__ == "__main__":
    main()
