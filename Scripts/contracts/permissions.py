#!/usr/bin/env python3
"""Writes docs/permissions.md: the IAM actions behind the operations that the sources name.

    permissions.py          writes the page
    permissions.py --check  fails where the page says something else

Action names are those of the Service Authorization Reference:
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

import json
import sys
from pathlib import Path

import selection

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "permissions.md"

PREFIXES = {"resourcegroupstaggingapi": "tag", "s3control": "s3"}
# Values, which only a blueprint that refers to them needs; said in the text.
VALUES = {"secretsmanager:GetSecretValue"}
# Calls that IAM does not guard: signed by a bearer token, or allowed to everybody.
UNGUARDED = {"sso", "sso-oidc"}
READS = ("Describe", "Get", "List", "Head", "BatchGet", "Lookup")

# Where the action is not called like the operation.
S3 = {
    "ListBuckets": ["ListAllMyBuckets"],
    "DeleteBucketTagging": ["PutBucketTagging"],
    "GetBucketEncryption": ["GetEncryptionConfiguration"],
    "PutBucketEncryption": ["PutEncryptionConfiguration"],
    "DeleteBucketEncryption": ["PutEncryptionConfiguration"],
    "GetPublicAccessBlock": ["GetBucketPublicAccessBlock"],
    "PutPublicAccessBlock": ["PutBucketPublicAccessBlock"],
    "DeletePublicAccessBlock": ["PutBucketPublicAccessBlock"],
    "DeleteBucketOwnershipControls": ["PutBucketOwnershipControls"],
    "GetBucketLifecycleConfiguration": ["GetLifecycleConfiguration"],
    "PutBucketLifecycleConfiguration": ["PutLifecycleConfiguration"],
    "DeleteBucketLifecycle": ["PutLifecycleConfiguration"],
    "GetBucketCors": ["GetBucketCORS"],
    "PutBucketCors": ["PutBucketCORS"],
    "DeleteBucketCors": ["PutBucketCORS"],
    "GetBucketNotificationConfiguration": ["GetBucketNotification"],
    "PutBucketNotificationConfiguration": ["PutBucketNotification"],
    "GetBucketReplication": ["GetReplicationConfiguration"],
    "PutBucketReplication": ["PutReplicationConfiguration"],
    "DeleteBucketReplication": ["PutReplicationConfiguration"],
    "GetBucketAccelerateConfiguration": ["GetAccelerateConfiguration"],
    "PutBucketAccelerateConfiguration": ["PutAccelerateConfiguration"],
    "GetObjectLockConfiguration": ["GetBucketObjectLockConfiguration"],
    "PutObjectLockConfiguration": ["PutBucketObjectLockConfiguration"],
    "CreateBucketMetadataConfiguration": ["CreateBucketMetadataTableConfiguration"],
    "GetBucketMetadataConfiguration": ["GetBucketMetadataTableConfiguration"],
    "DeleteBucketMetadataConfiguration": ["DeleteBucketMetadataTableConfiguration"],
}
for aspect in ("Analytics", "IntelligentTiering", "Inventory", "Metrics"):
    S3[f"ListBucket{aspect}Configurations"] = [f"Get{aspect}Configuration"]
    S3[f"GetBucket{aspect}Configuration"] = [f"Get{aspect}Configuration"]
    S3[f"PutBucket{aspect}Configuration"] = [f"Put{aspect}Configuration"]
    S3[f"DeleteBucket{aspect}Configuration"] = [f"Put{aspect}Configuration"]

TEXT = """# Permissions

`trueup plan`, `drift`, `snapshot` and `outputs` only read. `apply`, `reconcile` and `destroy` read, and change what the
plan says. So two roles are enough: one that looks, for pull requests and drift reports, and one that also changes,
for the timer or the merge.

Both policies name every action behind every operation that Trueup can call, for all [kinds](kinds.md). Take out the
services that no blueprint of yours uses. What may not be read is reported as not checked, or fails its own stack; it is
never taken for absent. What may not be changed fails that resource, with the operation and the request id.

- `GetCallerIdentity`, which checks the account before the first change, needs no permission.
- An account with a `"role"` in `fleet.jsonc` is entered by `sts:AssumeRole`: allow it on that role where Trueup runs, and
  trust where Trueup runs in that role. Credentials themselves are told in [exit codes and JSON](exit-codes-and-json.md).
- `cloudtrail:LookupEvents` is asked only for notifications: who did it. Without it, messages do not say.
- `secretsmanager:GetSecretValue` is in neither policy: add it for the secrets that a blueprint refers to with
  `{{{{resolve:secretsmanager:…}}}}`. The values of secrets that Trueup manages are proven without reading them.
- A right to tag is more than it looks. Trueup finds its own by the tags `trueup:stack` and `trueup:resource`: who may
  write them can have Trueup take a foreign resource for one of a stack's, show it in every plan, and change what differs
  in it. Replaced or deleted is only what is *proven* ours besides, so that a tag alone never removes anything; but a
  stripped or forged tag blocks the resource that it names until somebody looks. Keep both keys to Trueup's role, by a
  condition on `aws:TagKeys` in everybody else's policies or in a service control policy, and let `--allow-orphans`, which
  takes tags for proof, be a person's choice rather than a pipeline's.
- EC2's describes, and most lists, cannot be narrowed to some resources: their `Resource` is `*`.

## Looking

```json
{looking}
```

## Changing

In addition to looking. `iam:PassRole` lets a resource use a role (a flow log, for one): narrow it to the roles of your
clients. `iam:CreateServiceLinkedRole` lets the first cluster and the first scalable target of an account make the roles of
their services. A permissions boundary on the roles that Trueup may create keeps it from creating stronger ones than its own.

```json
{changing}
```
"""


def fail(message):
    sys.exit(f"permissions: {message}")


def actions_of(service, operation):
    names = S3.get(operation, [operation]) if service == "s3" else [operation]
    return {f"{PREFIXES.get(service, service)}:{name}" for name in names}


def policy(actions):
    """One statement per service, each action on the line of its neighbours."""
    statements = []
    for prefix in sorted({action.split(":")[0] for action in actions}):
        own = sorted(action for action in actions if action.split(":")[0] == prefix)
        lines, line = [], ""
        for index, action in enumerate(own):
            text = json.dumps(action) + ("," if index < len(own) - 1 else "")
            if line and len(line) + len(text) + 9 > 100:
                lines.append(line)
                line = text
            else:
                line = f"{line} {text}".strip()
        body = "\n".join(f"        {line}" for line in lines + [line])
        statements.append(
            f'    {{ "Effect": "Allow", "Resource": "*",\n      "Action": [\n{body}\n      ] }}'
        )
    text = ",\n".join(statements)
    return f'{{\n  "Version": "2012-10-17",\n  "Statement": [\n{text}\n  ]\n}}'


def page():
    services = selection.selection()["services"]
    looking, changing = set(), {"iam:CreateServiceLinkedRole", "iam:PassRole"}
    for service, operations in services.items():
        if service in UNGUARDED or service == "sts":
            continue
        for operation in operations:
            (looking if operation.startswith(READS) else changing).update(
                actions_of(service, operation)
            )
    looking -= VALUES
    for text in (policy(looking), policy(changing)):
        json.loads(text)
    return TEXT.format_map(
        {"looking": policy(looking), "changing": policy(changing - looking)}
    )


def main():
    text = page()
    if sys.argv[1:] == ["--check"]:
        if not PAGE.exists() or PAGE.read_text() != text:
            fail("docs/permissions.md is out of date: run make docs")
    else:
        PAGE.write_text(text)


if __name__ == "__main__":
    main()
