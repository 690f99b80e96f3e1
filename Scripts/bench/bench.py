"""How long a plan with nothing to do takes, and what of that is Trueup's own.

    make bench-calls                                 release build, a table
    .venv/bin/python Scripts/bench/bench.py --json -   the same as JSON, with a build that is there

The networks of N clients (blueprint `network`, with one NAT gateway) are applied to the local
endpoint, in one account. Then `trueup plan` is run several times, each call answered after exactly one
round trip (see replay.py), and refused where it comes faster than AWS publishes. Told are:

    calls     HTTP requests
    chain     the longest chain of calls, each of which began after the one before was answered
    awaiting  time with at least one call under way
    own       the rest, in which Trueup alone kept people waiting
    cpu       processor time
    wall      from start to exit, the median of all runs
    refused   calls that came too fast for AWS, in all runs

Last, the networks of many clients are applied to an empty account, under AWS's published limits, with
NAT gateways that take ten seconds. What such an apply takes at best is the longest chain, which is the
apply of one network alone, and what the limits demand: the calls of an API beyond those that a full
bucket takes at once, at the rate at which it is filled.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from replay import PUBLISHED, Replay, Served

ROOT = Path(__file__).resolve().parents[2]
# What a plan with nothing to do for one client may take at a round trip of 50 ms.
TARGET_MILLISECONDS = 500
# The same for fifty clients.
TARGET_OF_FIFTY = 1200
# What a first apply may take, as a share of its longest chain, besides what AWS's limits demand.
TARGET_SHARE = 1.3
NAT_GATEWAY_SECONDS = 10


@dataclass
class Row:
    stacks: int
    resources: int
    # Round trips that a new connection costs before its first request.
    setup: int
    calls: int
    connections: int
    chain: int
    awaiting: float
    own: float
    cpu: float
    wall: float
    best: float
    refused: int


@dataclass
class FirstApply:
    """The first apply of networks; seconds."""

    stacks: int
    calls: int
    refused: int
    wall: float
    # What AWS's limits demand, and by which API.
    demanded: float
    by: str


class Bench:
    def __init__(self, trueup: Path, round_trip: int, runs: int):
        self.trueup = trueup
        self.runs = runs
        self.round_trip = round_trip / 1000
        self.place = Path(tempfile.mkdtemp(prefix="trueup-bench-"))
        self.endpoint, port = self.start_endpoint()
        self.replay = Replay(port)
        shutil.copytree(ROOT / "desired-state", self.place / "desired-state")
        for manifest in self.clients.iterdir():
            manifest.unlink()
        shutil.copy(ROOT / "Tests/EndToEndTests/Fleet/clients/orbit-dev.jsonc", self.clients)
        self.git("init", "--quiet")

    @property
    def clients(self) -> Path:
        return self.place / "desired-state" / "clients"

    def end(self) -> None:
        self.endpoint.kill()
        self.endpoint.wait()
        shutil.rmtree(self.place)

    def start_endpoint(self) -> tuple[subprocess.Popen, int]:
        server = [sys.executable, str(ROOT / "Scripts/endpoint/server.py"), "--exit-with-parent"]
        process = subprocess.Popen(server, stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        if not line:
            sys.exit("the endpoint did not start")
        return process, int(line)

    def git(self, *arguments: str) -> None:
        who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
        subprocess.run(["git", *who, *arguments], cwd=self.place, check=True)

    def run(self, *arguments: str) -> tuple[float, float]:
        """Wall and processor time of one run of the program, which must end with 0."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.place),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.replay.port}",
            # The endpoint reads the account from the key.
            "AWS_ACCESS_KEY_ID": "AKIA123456789012DEMO",
            "AWS_SECRET_ACCESS_KEY": "test-secret",
            "AWS_REGION": "us-east-1",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }
        with tempfile.TemporaryFile() as output:
            began = time.perf_counter()
            process = subprocess.Popen(
                [self.trueup, *arguments], cwd=self.place, env=environment,
                stdout=output, stderr=subprocess.STDOUT,
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                output.seek(0)
                sys.stderr.buffer.write(output.read())
                sys.exit(f"trueup {' '.join(arguments)} ended with {process.returncode}")
        return wall, usage.ru_utime + usage.ru_stime

    def version(self) -> float:
        """The start of the program, without any call: the median in seconds."""
        return statistics.median(self.run("version")[0] for _ in range(20))

    def enlarge(self, stacks: int) -> None:
        """Brings the fleet to that many clients in git."""
        for number in range(len(list(self.clients.iterdir())), stacks):
            example = (self.clients / "orbit-dev.jsonc").read_text()
            text = example.replace('"orbit"', f'"client{number}"')
            text = text.replace("10.3.0.0/16", f"10.{number + 3}.0.0/16")
            (self.clients / f"client{number}-dev.jsonc").write_text(text)
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", f"{stacks} clients")

    def apply(self, stacks: int) -> int:
        """Brings the account to that many clients; returns how many resources there are."""
        self.enlarge(stacks)
        self.replay.replays = False
        self.run("apply", "--yes", "--parallelism", "20")
        shown = subprocess.run(
            [self.trueup, "validate", "--format", "json"], cwd=self.place, check=True,
            stdout=subprocess.PIPE,
        )
        # One plan to keep the answers of, as everything stands now.
        self.replay.kept.clear()
        self.run("plan")
        return json.loads(shown.stdout)["resources"]

    def first_apply(self, stacks: int) -> FirstApply:
        """Applies so many networks to the endpoint, in which there is nothing."""
        self.enlarge(stacks)
        self.control("config", {"limits": "published", "natGatewaySeconds": NAT_GATEWAY_SECONDS})
        self.replay.replays, self.replay.round_trip = False, self.round_trip
        wall, _ = self.run("apply", "--yes")
        calls = self.control("calls")
        refused = sum(call["code"] in THROTTLED for call in calls)
        demanded, by = demand(calls)
        return FirstApply(stacks, len(calls), refused, round(wall, 1), round(demanded, 1), by)

    def control(self, name: str, value: dict | None = None):
        """What the endpoint's control says; see control.py."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.replay.upstream}/trueup-test/{name}",
            data=json.dumps(value).encode() if value else None,
        )
        with urllib.request.urlopen(request) as reply:
            return json.load(reply)

    def plan(self, stacks: int, resources: int, setup: int) -> Row:
        self.replay.replays, self.replay.setup = True, setup
        self.replay.round_trip = self.round_trip
        walls, cpus, awaitings, owns, chains, refused = [], [], [], [], [], 0
        for _ in range(self.runs):
            self.replay.forget()
            wall, cpu = self.run("plan")
            if self.replay.missed:
                sys.exit(f"{self.replay.missed} calls were not those of the plan before")
            awaiting = covered(self.replay.served)
            refused += self.replay.refused
            walls.append(wall)
            cpus.append(cpu)
            awaitings.append(awaiting)
            owns.append(wall - awaiting)
            chains.append(chain(self.replay.served))
        self.replay.round_trip, self.replay.setup = 0.0, 0
        return Row(
            stacks, resources, setup, len(self.replay.served), self.replay.connections,
            max(chains), *(milliseconds(values) for values in (awaitings, owns, cpus, walls)),
            round(min(walls) * 1000, 1), refused,
        )


THROTTLED = {"RequestLimitExceeded", "Throttling", "ThrottlingException"}


def demand(calls: list[dict]) -> tuple[float, str]:
    """The seconds that AWS's limits demand for the calls, and the API that needs them."""
    counts = Counter((c["service"], c["operation"]) for c in calls if c["code"] not in THROTTLED)
    longest = (0.0, "-")
    for (service, operation), count in counts.items():
        limit = next(
            rule for rule in PUBLISHED
            if re.fullmatch(rule["service"], service) and re.fullmatch(rule["operation"], operation)
        )
        seconds = (count - limit["burst"]) / limit["rate"]
        longest = max(longest, (seconds, operation))
    return longest


def milliseconds(values: list[float]) -> float:
    return round(statistics.median(values) * 1000, 1)


def covered(served: list[Served]) -> float:
    """Seconds in which at least one call was under way."""
    total, until = 0.0, 0.0
    for call in sorted(served, key=lambda call: call.began):
        total += max(call.ended - max(call.began, until), 0)
        until = max(until, call.ended)
    return total


def chain(served: list[Served]) -> int:
    """The most calls that were made one after another."""
    count, until = 0, 0.0
    for call in sorted(served, key=lambda call: call.ended):
        if call.began >= until:
            count, until = count + 1, call.ended
    return count


def machine() -> str:
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {model}"


COLUMNS = ["stacks", "resources", "calls", "chain", "awaiting", "own", "cpu", "wall", "refused"]


def table(rows: list[Row]) -> str:
    lines = ["".join(f"{name:>11}" for name in COLUMNS)]
    for row in rows:
        values = asdict(row)
        line = "".join(
            f"{value:>8.0f} ms" if isinstance(value, float) else f"{value:>11}"
            for value in (values[name] for name in COLUMNS)
        )
        lines.append(line + (f"   with {row.setup} more per new connection" if row.setup else ""))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trueup", type=Path, default=ROOT / ".build/release/trueup")
    parser.add_argument("--stacks", default="1,10,50", help="numbers of clients (1,10,50)")
    parser.add_argument("--round-trip", type=int, default=50, help="milliseconds (50)")
    parser.add_argument("--runs", type=int, default=9, help="plans of each row (9)")
    parser.add_argument(
        "--first-apply", type=int, default=50, help="clients of the first apply, 0 for none (50)")
    parser.add_argument("--json", help="write the rows to this file, - for standard output")
    arguments = parser.parse_args()
    numbers = sorted(int(text) for text in arguments.stacks.split(","))
    bench = Bench(arguments.trueup.resolve(), arguments.round_trip, arguments.runs)
    try:
        version = bench.version()
        rows = []
        for number in numbers:
            print(f"applying the networks of {number} clients", file=sys.stderr)
            resources = bench.apply(number)
            rows += [bench.plan(number, resources, setup) for setup in ((0, 2) if number == 1 else (0,))]
    finally:
        bench.end()
    applies = []
    for number in (1, arguments.first_apply) if arguments.first_apply else ():
        print(f"the first apply of {number}", file=sys.stderr)
        bench = Bench(arguments.trueup.resolve(), arguments.round_trip, 1)
        try:
            applies.append(bench.first_apply(number))
        finally:
            bench.end()
    if arguments.json:
        text = json.dumps(
            {
                "machine": machine(),
                "roundTripMilliseconds": arguments.round_trip,
                "runs": arguments.runs,
                "startMilliseconds": round(version * 1000, 1),
                "rows": [asdict(row) for row in rows],
                "firstApplies": [asdict(apply) for apply in applies],
            },
            indent=2,
        )
        if arguments.json == "-":
            print(text)
            return
        Path(arguments.json).write_text(text + "\n")
    print(machine())
    print(f"start (`trueup version`): {version * 1000:.0f} ms")
    print(f"plan with nothing to do, round trips of {arguments.round_trip} ms, median of "
          f"{arguments.runs} runs:")
    print(table(rows))
    one = rows[0]
    if one.stacks == 1 and arguments.round_trip == 50:
        is_under = "under" if one.wall < TARGET_MILLISECONDS else "OVER"
        print(f"One client: {one.wall:.0f} ms, {is_under} half a second.")
    for row in rows:
        if row.stacks == 50 and arguments.round_trip == 50:
            is_under = "under" if row.wall < TARGET_OF_FIFTY else "OVER"
            print(f"Fifty clients: {row.wall:.0f} ms, {is_under} {TARGET_OF_FIFTY} ms.")
    for apply in applies:
        print(f"First apply of {apply.stacks}: {apply.wall:.1f} s, {apply.calls} calls, "
              f"{apply.refused} refused; the limits demand {apply.demanded:.1f} s "
              f"({apply.by}).")
    if applies:
        chain, many = applies
        allowed = TARGET_SHARE * chain.wall + many.demanded
        is_under = "under" if many.wall < allowed else "OVER"
        print(f"That is {is_under} {allowed:.1f} s: {TARGET_SHARE} times the longest chain, and what "
              "the limits demand.")


if __name__ == "__main__":
    main()
