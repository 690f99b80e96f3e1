"""Checks the GitHub Actions that users copy.

    workflows.py deploy/github-actions

By GitHub's own JSON schemas, and by rules of ours: least permissions, no long-lived keys, nothing from
an event pasted into a script, pinned actions, a limit of time.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

KEYS = re.compile(r"AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)", re.IGNORECASE)
PINNED = re.compile(r"^(\./\S+|[\w.-]+/[\w./-]+@(v\d+|[0-9a-f]{40}))$")


def schema(name: str, files: list[Path]) -> list[str]:
    """What GitHub's schema finds wrong."""
    tool = Path(sys.executable).parent / "check-jsonschema"
    command = [str(tool), "--builtin-schema", f"vendor.{name}", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    return [] if done.returncode == 0 else [done.stdout + done.stderr]


def steps_problems(place: str, steps: list[dict]) -> list[str]:
    found = []
    for number, step in enumerate(steps, 1):
        where = f"{place}, step {step.get('name', number)}"
        if ("uses" in step) == ("run" in step):
            found.append(f"{where}: has to have either uses or run")
        if "uses" in step and not PINNED.match(step["uses"]):
            found.append(f"{where}: {step['uses']} is not pinned to a major version or a commit")
        if "${{" in step.get("run", ""):
            found.append(f"{where}: an expression in a script; pass it by env")
        if step.get("uses", "").startswith("actions/checkout@"):
            options = step.get("with", {})
            if options.get("fetch-depth") != 0:
                found.append(f"{where}: needs fetch-depth: 0")
            if options.get("persist-credentials") is not False:
                found.append(f"{where}: leaves the token in the work tree")
    return found


def workflow_problems(path: Path) -> list[str]:
    workflow = yaml.safe_load(path.read_text())
    # YAML 1.1 reads the key "on" as true.
    events = workflow.get("on", workflow.get(True))
    found = []
    if not events:
        found.append(f"{path}: never runs")
    if "pull_request_target" in (events or {}):
        found.append(f"{path}: pull_request_target gives secrets to foreign code")
    if "concurrency" not in workflow:
        found.append(f"{path}: needs concurrency")
    if set(workflow.get("permissions", {"all": "write"}).values()) - {"read"}:
        found.append(f"{path}: gives every job more than read")
    for name, job in workflow["jobs"].items():
        place = f"{path}, job {name}"
        if "timeout-minutes" not in job:
            found.append(f"{place}: has no limit of time")
        granted = {**workflow.get("permissions", {}), **job.get("permissions", {})}
        if granted.get("contents") != "read":
            found.append(f"{place}: needs to read the contents, and nothing more of them")
        by_hand = "workflow_dispatch" in (events or {})
        if by_hand and "environment" in job and "default_branch" not in str(job.get("if", "")):
            found.append(f"{place}: changes by hand belong to the default branch: needs an if")
        uses_aws = any("configure-aws-credentials" in s.get("uses", "") for s in job["steps"])
        if uses_aws != (granted.get("id-token") == "write"):
            found.append(f"{place}: id-token: write goes with configure-aws-credentials")
        found += steps_problems(place, job["steps"])
    return found


def action_problems(path: Path) -> list[str]:
    return steps_problems(str(path), yaml.safe_load(path.read_text())["runs"]["steps"])


def text_problems(path: Path) -> list[str]:
    text = path.read_text()
    found = []
    if KEYS.search(text):
        found.append(f"{path}: a long-lived key")
    if text.count("${{") != len(re.findall(r"\$\{\{[^{}]*\}\}", text)):
        found.append(f"{path}: an expression is not closed")
    return found


def main() -> int:
    folder = Path(sys.argv[1])
    workflows = sorted(folder.glob("workflows/*.yml"))
    actions = sorted(folder.glob("actions/*/action.yml"))
    if not workflows or not actions:
        print(f"no workflows or no actions in {folder}", file=sys.stderr)
        return 1
    found = schema("github-workflows", workflows) + schema("github-actions", actions)
    if not found:
        for path in workflows:
            found += workflow_problems(path)
        for path in actions:
            found += action_problems(path)
        for path in workflows + actions:
            found += text_problems(path)
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print(f"{len(workflows)} workflows and {len(actions)} action(s) are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
