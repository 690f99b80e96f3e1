"""Several accounts at one endpoint.

moto selects the account by the access key. Keys of its own (made by AssumeRole or CreateAccessKey)
it knows; any other key belongs to one fixed account. Here a key such as AKIA123456789012TEST
belongs to the account whose twelve digits it carries.
"""

import re

import moto.iam.models
from gaps import amends

_known_to_moto = moto.iam.models.get_account_id_from


def account_of(access_key: str) -> str:
    spelled = re.fullmatch(r"A[KS]IA(\d{12})[A-Z0-9]{4}", access_key)
    return spelled.group(1) if spelled else _known_to_moto(access_key)


moto.iam.models.get_account_id_from = account_of


@amends("sts:GetCallerIdentity")
def caller_identity(call, result):
    """A user's ARN is one of IAM's, not of STS's, and its id starts with AIDA."""
    if result["Arn"].endswith(":user/moto"):
        result["Arn"] = f"arn:aws:iam::{result['Account']}:user/operator"
        result["UserId"] = "AIDAEXAMPLEOPERATOR01"
    return result
