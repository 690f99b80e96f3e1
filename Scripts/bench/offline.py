"""What whole fleets cost without AWS: processor time and memory of `validate` and `plan --snapshot`.

    make bench                                            release build, a table
    .venv/bin/python Scripts/bench/offline.py --quick       small fleets, with a build that is there

Fleets of the blueprint `network` and of one with 60 resources of all types are made together with the
snapshots of a world that is in sync (see fleets.py); one besides with 200 commits, of which every resource
carries one in `trueup:rev` and no journal knows any, as in CI. Then the first apply of 200 networks, with
replies from memory (ApplyBench). Told are the processor time of the program
and of the git that it runs, its peak memory, and how processor time per stack compares with the first row
of the kind: what is linear stays at 1.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import fleets

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Row:
    fleet: str
    command: str
    stacks: int
    resources: int
    cpu: float
    wall: float
    megabytes: float
    # Processor time per stack, as a multiple of that of the smallest fleet of the kind.
    ratio: float = 1


def run(trueup: Path, place: Path, *arguments: str) -> tuple[float, float, float, bytes]:
    """Processor and wall time in seconds, peak memory in megabytes, and what was written."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(place), "AWS_CONFIG_FILE": "/dev/null"}
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            [trueup, *arguments], cwd=place, env=environment, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        sys.stderr.buffer.write(text[-4000:])
        sys.exit(f"trueup {' '.join(arguments)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, text


def measure(trueup: Path, fleet: str, stacks: int, commits: int, runs: int) -> list[Row]:
    place = Path(tempfile.mkdtemp(prefix="trueup-bench-"))
    try:
        fleets.write(place, fleet, stacks, commits)
        shown = run(trueup, place, "validate", "--format", "json")[3]
        resources = json.loads(shown)["resources"]
        rows = []
        for command in (["validate"], ["plan", "--snapshot", "snapshots"]):
            # The least disturbed of all runs.
            best = min(run(trueup, place, *command)[:3] for _ in range(runs))
            name = f"{fleet}, {commits} revisions" if commits else fleet
            rows.append(Row(name, command[0], stacks, resources, *best))
        return rows
    finally:
        shutil.rmtree(place)


def first_apply(tool: Path, stacks: int) -> Row:
    place = Path(tempfile.mkdtemp(prefix="trueup-bench-"))
    try:
        fleets.write(place, "network", stacks)
        cpu, wall, megabytes, text = run(tool, place, "desired-state", str(place / "journal.db"))
        changes = json.loads(text.splitlines()[0])["changes"]
        return Row("network", "first apply", stacks, changes, cpu, wall, megabytes)
    finally:
        shutil.rmtree(place)


def table(rows: list[Row]) -> str:
    lines = ["| fleet | command | stacks | resources | cpu | per stack | ratio | wall | memory |"]
    lines.append("|---" * 9 + "|")
    for row in rows:
        lines.append(
            f"| {row.fleet} | {row.command} | {row.stacks} | {row.resources} | {row.cpu:.2f} s "
            f"| {row.cpu / row.stacks * 1000:.2f} ms | {row.ratio:.2f} | {row.wall:.2f} s "
            f"| {row.megabytes:.0f} MB |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trueup", type=Path, default=ROOT / ".build/release/trueup")
    parser.add_argument("--tool", type=Path, default=ROOT / ".build/release/ApplyBench")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="small fleets")
    parser.add_argument("--only", help="network, everything, revisions or apply")
    parser.add_argument("--stacks", type=int, help="one size")
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON too; - for standard output")
    arguments = parser.parse_args()
    plan = [
        ("network", [100, 1000, 5000], 0), ("everything", [100, 1000], 0), ("revisions", [1000], 200)]
    rows: list[Row] = []
    for fleet, sizes, commits in plan:
        if arguments.only not in (None, fleet):
            continue
        sizes = [arguments.stacks] if arguments.stacks else [10, 100] if arguments.quick else sizes
        for stacks in sizes:
            blueprint = "network" if fleet == "revisions" else fleet
            for row in measure(arguments.trueup, blueprint, stacks, min(commits, stacks), arguments.runs):
                first = next((r for r in rows if (r.fleet, r.command) == (row.fleet, row.command)), row)
                row.ratio = (row.cpu / row.stacks) / (first.cpu / first.stacks)
                rows.append(row)
                print(table([row]).splitlines()[-1], file=sys.stderr, flush=True)
    if arguments.only in (None, "apply"):
        rows.append(first_apply(arguments.tool, arguments.stacks or (20 if arguments.quick else 200)))
    if arguments.json != "-":
        print(f"{platform.platform()}, {os.cpu_count()} processors, best of {arguments.runs}\n")
        print(table(rows))
    if arguments.json:
        text = json.dumps([asdict(row) for row in rows], indent=2) + "\n"
        sys.stdout.write(text) if arguments.json == "-" else Path(arguments.json).write_text(text)


if __name__ == "__main__":
    main()
