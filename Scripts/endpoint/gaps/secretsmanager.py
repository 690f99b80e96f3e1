"""Secrets Manager: staging labels, what can be taken away, types, and the keys of replicas."""

from gaps import amends, answers, forgets, prepares
from moto.secretsmanager.models import secretsmanager_backends
from upstream import ask
from wire import AWSError

TYPES: dict[str, str] = {}
REPLICA_KEYS: dict[tuple[str, str], str] = {}
MANAGED_KEY = "alias/aws/secretsmanager"


@forgets
def forget():
    TYPES.clear()
    REPLICA_KEYS.clear()


def found(call, name="SecretId"):
    """The secret of a call; `None` where moto will say that there is none."""
    return secretsmanager_backends[call.account][call.region].secrets.get(call.params[name])


@prepares("secretsmanager:CreateSecret")
def refuse_deleted(call):
    """A name is taken until its secret is gone.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    """
    secret = found(call, "Name")
    if secret is not None and secret.is_deleted():
        raise AWSError(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for "
            "deletion.",
        )


@amends("secretsmanager:CreateSecret")
def keep_type(call, result):
    if "Type" in call.params:
        TYPES[result["ARN"]] = call.params["Type"]
    return keep_replica_keys(call, result)


@amends("secretsmanager:ReplicateSecretToRegions")
def keep_replica_keys(call, result):
    arn = result["ARN"] if result["ARN"].startswith("arn:") else found(call).arn
    for replica in call.params.get("AddReplicaRegions", []):
        if "KmsKeyId" in replica:
            REPLICA_KEYS[arn, replica["Region"]] = replica["KmsKeyId"]
    return result


@answers("secretsmanager:UpdateSecret")
def update(call):
    """An empty description or key takes the one that was there away.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html
    """
    params = dict(call.params)
    result = ask(call, params)
    secret = found(call)
    if "Type" in params:
        TYPES[secret.arn] = params["Type"]
    if params.get("Description") == "":
        secret.description = None
    if params.get("KmsKeyId") == "":
        secret.kms_key_id = MANAGED_KEY
    return result


@answers("secretsmanager:PutSecretValue")
def put(call):
    """A label moves from the version that has it; other labels stay. A version that is there is left as
    it is.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
    """
    secret = found(call)
    labels = call.params.get("VersionStages", ["AWSCURRENT"])
    if secret is None or call.params.get("ClientRequestToken") in secret.versions:
        return ask(call, call.params)
    before = {key: list(value["version_stages"]) for key, value in secret.versions.items()}
    result = ask(call, call.params)
    for key, stages in before.items():
        kept = [label for label in stages if label not in labels]
        if "AWSCURRENT" in labels:
            kept = [label for label in kept if label != "AWSPREVIOUS"]
            if "AWSCURRENT" in stages:
                kept.append("AWSPREVIOUS")
        secret.versions[key]["version_stages"] = kept
    return result


@answers("secretsmanager:UpdateSecretVersionStage")
def move(call):
    """A label that another version has is moved only where that one is named.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
    """
    secret, label = found(call), call.params["VersionStage"]
    if secret is not None:
        holders = [key for key, value in secret.versions.items() if label in value["version_stages"]]
        if holders and call.params.get("RemoveFromVersionId") != holders[0]:
            raise AWSError(
                "InvalidParameterException",
                f"Staging label {label} is currently attached to version {holders[0]}, so you must "
                "explicitly reference that version in RemoveFromVersionId.",
            )
    result = ask(call, call.params)
    if label == "AWSCURRENT" and "MoveToVersionId" in call.params:
        secret.default_version_id = call.params["MoveToVersionId"]
    return result


@amends("secretsmanager:DescribeSecret")
def complete(call, secret):
    """Versions without a label are not shown.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
    """
    for member in ("VersionIdsToStages", "SecretVersionsToStages"):
        if member in secret:
            secret[member] = {key: labels for key, labels in secret[member].items() if labels}
    if secret["ARN"] in TYPES:
        secret["Type"] = TYPES[secret["ARN"]]
    for replica in secret.get("ReplicationStatus", []):
        replica["KmsKeyId"] = REPLICA_KEYS.get((secret["ARN"], replica["Region"]), MANAGED_KEY)
    return secret


@amends("secretsmanager:ListSecrets")
def complete_list(call, result):
    for secret in result["SecretList"]:
        complete(call, secret)
        secret.pop("ReplicationStatus", None)
    return result
