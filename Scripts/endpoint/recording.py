"""Every distinct request of the program under test, for `Tests/Golden/requests`: one line of JSON
each, in the folder that TRUEUP_REQUESTS names (`make test` does). `Scripts/requests/recording.py`
reads it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from wire import Call

FOLDER = os.environ.get("TRUEUP_REQUESTS")
# How those who change AWS behind Trueup's back call themselves.
OTHERS = ("aws-cli/", "boto3/", "botocore/")
SEEN: set[str] = set()


def add(call: Call) -> None:
    """Notes a request; the caller holds a lock."""
    agent = call.environ.get("HTTP_USER_AGENT", "").lower()
    if not FOLDER or agent.startswith(OTHERS):
        return
    line = {
        "section": "end to end",
        "account": call.account,
        "service": call.service,
        "operation": call.operation,
        "input": call.params,
    }
    text = json.dumps(line, default=str, sort_keys=True)
    if text in SEEN:
        return
    SEEN.add(text)
    with (Path(FOLDER) / f"end-to-end-{os.getpid()}.jsonl").open("a") as file:
        file.write(text + "\n")
