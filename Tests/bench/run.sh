#!/bin/bash
# How long `trueup version` takes to start, and how long a plan with nothing to do takes for two
# clients on the local endpoint. Needs a release build and .venv: `make bench`.
set -euo pipefail
cd "$(dirname "$0")/../.."

trueup=$(swift build -c release --show-bin-path)/trueup
source Tests/demo/endpoint.sh
workspace=$(mktemp -d)
finish() {
  stop_endpoint
  rm -rf "$workspace"
}
endpoint_pid=
trap finish EXIT
start_endpoint

# Best and median of N runs of a command, in milliseconds.
measure() {
  local runs=$1 name=$2
  shift 2
  python3 - "$runs" "$name" "$@" <<'PYTHON'
import statistics, subprocess, sys, time
runs, name, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
taken = []
for _ in range(runs):
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    taken.append((time.perf_counter() - started) * 1000)
print(f"{name}: best {min(taken):.1f} ms, median {statistics.median(taken):.1f} ms of {runs} runs")
PYTHON
}

cp -r desired-state "$workspace/"
git -C "$workspace" init --quiet
git -C "$workspace" add desired-state
git -C "$workspace" -c user.name=bench -c user.email=bench@example.com commit --quiet -m "Two clients"
cd "$workspace"
measure 20 "version" "$trueup" version
"$trueup" apply --yes >/dev/null
measure 10 "plan with nothing to do, two clients" "$trueup" plan
