"""The endpoints that give credentials to what runs on a machine: the metadata service of an EC2
instance (version 2), a container's endpoint, and GitHub's for the tokens of jobs.

    PUT /trueup-test/machine/imds/latest/api/token                                  a token
    GET /trueup-test/machine/imds/latest/meta-data/iam/security-credentials/[ROLE]  with that token
    GET /trueup-test/machine/container                  with `Authorization: container-token`
    GET /trueup-test/machine/github?audience=AUDIENCE   with `Authorization: bearer job-token`
    *   /trueup-test/machine/slow/...                   nothing for a long time

Each gives keys whose last four characters tell where they are from, for an hour.
"""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs

from wire import Reply, headers_of

PREFIX = "/trueup-test/machine/"
ROLES = "imds/latest/meta-data/iam/security-credentials/"
TOKEN = "instance-token"


def respond(environ: dict) -> Reply:
    path = environ["PATH_INFO"].removeprefix(PREFIX)
    method = environ["REQUEST_METHOD"]
    headers = headers_of(environ)
    authorization = headers.get("Authorization")
    if path.startswith("slow/"):
        time.sleep(20)
        return text(503, "")
    if path == "imds/latest/api/token":
        lifetime = headers.get("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "")
        return text(200, TOKEN) if method == "PUT" and lifetime.isdigit() else text(400, "")
    if path.startswith("imds/") and headers.get("X-Aws-Ec2-Metadata-Token") != TOKEN:
        return text(401, "")
    if path == ROLES:
        return text(200, "trueup-role")
    if path == ROLES + "trueup-role":
        return keys("IMDS")
    if path == "container":
        return keys("CONT") if authorization == "container-token" else text(403, "")
    if path == "github" and authorization == "bearer job-token":
        audience = parse_qs(environ.get("QUERY_STRING", "")).get("audience", [""])[0]
        return text(200, json.dumps({"value": f"token-for-{audience}"}))
    return text(404, "")


def keys(source: str) -> Reply:
    """Keys of the tests' account, with the secret that all its keys have."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    members = {
        "Code": "Success",
        "Type": "AWS-HMAC",
        "LastUpdated": now.isoformat().replace("+00:00", "Z"),
        "AccessKeyId": f"ASIA123456789012{source}",
        "SecretAccessKey": "test-secret",
        "Token": "test-session-token",
        "Expiration": (now + timedelta(hours=1)).isoformat().replace("+00:00", "Z"),
    }
    return text(200, json.dumps(members))


def text(status: int, body: str) -> Reply:
    return Reply(status, [("Content-Type", "text/plain")], body.encode())
