"""Certificate Manager: how certificates are validated, and that they are issued only then.

https://docs.aws.amazon.com/acm/latest/APIReference/
"""

import hashlib
import time

import gaps
from gaps import amends, answers, forgets, prepares
from gaps.route53 import RECORDS
from moto.acm.models import acm_backends
from wire import AWSError

# ARN -> what moto does not keep of a certificate.
REQUESTS: dict[str, dict] = {}
# (account, region, token) -> ARN.
TOKENS: dict[tuple[str, str, str], str] = {}


@forgets
def forget():
    REQUESTS.clear()
    TOKENS.clear()


def certificates(call) -> dict:
    return acm_backends[call.account][call.region]._certificates


@prepares("acm:RequestCertificate")
def repeat(call):
    """With the same token within an hour it is the same certificate."""
    token = (call.account, call.region, call.params.get("IdempotencyToken", ""))
    known = TOKENS.get(token)
    if known in certificates(call):
        call.answer = lambda call: {"CertificateArn": known}


@amends("acm:RequestCertificate")
def keep_request(call, result):
    arn, params = result["CertificateArn"], call.params
    if arn in REQUESTS:
        return result
    if "IdempotencyToken" in params:
        TOKENS[call.account, call.region, params["IdempotencyToken"]] = arn
    names = [params["DomainName"].lower()]
    names += [n.lower() for n in params.get("SubjectAlternativeNames", []) if n.lower() not in names]
    REQUESTS[arn] = {
        "account": call.account,
        "names": names,
        "method": params.get("ValidationMethod", "EMAIL"),
        "mail": {o["DomainName"]: o["ValidationDomain"] for o in params.get("DomainValidationOptions", [])},
        "algorithm": params.get("KeyAlgorithm", "RSA_2048"),
        "options": {"CertificateTransparencyLoggingPreference": "ENABLED", "Export": "DISABLED"}
        | params.get("Options", {}),
        "private": "CertificateAuthorityArn" in params,
        "authority": params.get("CertificateAuthorityArn"),
        "made": time.monotonic(),
        "issued": False,
        "described": 0,
    }
    return result


def base(name: str) -> str:
    return name.removeprefix("*.")


def record(account: str, name: str) -> dict:
    """One for a domain and its wildcard, in an account."""
    digest = hashlib.sha256(f"{account} {base(name)}".encode()).hexdigest()
    return {
        "Name": f"_{digest[:32]}.{base(name)}.",
        "Type": "CNAME",
        "Value": f"_{digest[32:]}.acm-validations.aws.",
    }


def is_validated(request: dict, name: str) -> bool:
    """Mail is read by somebody; a record has to stand in some zone."""
    if request["method"] != "DNS":
        return True
    wanted = record(request["account"], name)
    return any(
        found["Name"] == wanted["Name"]
        and [r["Value"] for r in found.get("ResourceRecords", [])] == [wanted["Value"]]
        for records in RECORDS.values()
        for found in records
    )


def status(request: dict) -> str:
    if request["private"] or request["issued"]:
        return "ISSUED"
    if any(name.endswith((".invalid", ".local")) for name in request["names"]):
        return "FAILED"
    waited = time.monotonic() - request["made"] >= gaps.control.config.certificateSeconds
    request["issued"] = waited and all(is_validated(request, name) for name in request["names"])
    return "ISSUED" if request["issued"] else "PENDING_VALIDATION"


def validation(request: dict, name: str) -> dict:
    option = {
        "DomainName": name,
        "ValidationDomain": request["mail"].get(name, name),
        "ValidationStatus": "SUCCESS" if status(request) == "ISSUED" else "PENDING_VALIDATION",
        "ValidationMethod": request["method"],
    }
    # It is told some seconds after the request.
    if request["method"] == "DNS" and request["described"] > 1:
        option["ResourceRecord"] = record(request["account"], name)
    return option


@amends("acm:DescribeCertificate")
def complete(call, result):
    shown = result["Certificate"]
    request = REQUESTS.get(shown["CertificateArn"])
    if request is None:
        return result
    request["described"] += 1
    shown["Status"] = status(request)
    shown["KeyAlgorithm"] = request["algorithm"].replace("RSA_", "RSA-")
    shown["SubjectAlternativeNames"] = request["names"]
    shown["Options"] = request["options"]
    shown.pop("DomainValidationOptions", None)
    if request["private"]:
        shown["CertificateAuthorityArn"] = request["authority"]
    else:
        shown["DomainValidationOptions"] = [validation(request, n) for n in request["names"]]
    if shown["Status"] == "FAILED":
        shown["FailureReason"] = "INVALID_PUBLIC_DOMAIN"
    if shown["Status"] != "ISSUED":
        shown.pop("IssuedAt", None)
    return result


@answers("acm:ListCertificates")
def list_certificates(call):
    """Only those with RSA keys of 2048 bits, unless the call asks for others."""
    algorithms = call.params.get("Includes", {}).get("keyTypes", ["RSA_1024", "RSA_2048"])
    statuses = call.params.get("CertificateStatuses")
    shown = []
    for arn, certificate in certificates(call).items():
        request = REQUESTS.get(arn)
        if request is None or request["algorithm"] not in algorithms:
            continue
        if statuses and status(request) not in statuses:
            continue
        shown.append(
            {
                "CertificateArn": arn,
                "DomainName": request["names"][0],
                "SubjectAlternativeNameSummaries": request["names"][:100],
                "HasAdditionalSubjectAlternativeNames": len(request["names"]) > 100,
                "Status": status(request),
                "Type": "PRIVATE" if request["private"] else "AMAZON_ISSUED",
                "KeyAlgorithm": request["algorithm"].replace("RSA_", "RSA-"),
                "ExportOption": request["options"]["Export"],
                "InUse": bool(certificate.in_use_by),
                "CreatedAt": certificate.created_at,
            }
        )
    return {"CertificateSummaryList": shown}


@answers("acm:UpdateCertificateOptions")
def update_options(call):
    request = REQUESTS.get(call.params["CertificateArn"])
    if request is None:
        raise AWSError("ResourceNotFoundException", "There is no such certificate.")
    if status(request) != "ISSUED":
        raise AWSError("InvalidStateException", "The certificate is not issued.")
    request["options"] |= call.params["Options"]
    return {}


@prepares("acm:DeleteCertificate")
def check_delete(call):
    certificate = certificates(call).get(call.params["CertificateArn"])
    if certificate is not None and certificate.in_use_by:
        raise AWSError("ResourceInUseException", "The certificate is in use.")
