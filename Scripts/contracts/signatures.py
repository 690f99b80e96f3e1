"""Writes Tests/AWSClientTests/Fixtures/signatures.json: requests as botocore's own signer signs them.

Run with a Python that has botocore, whenever the table below changes.
"""

import datetime
import json
import pathlib

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

DATE = datetime.datetime(2026, 2, 28, 23, 59, 58)
HOST = "service.eu-west-1.amazonaws.com"
ARN = "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Aacme"
FORM = ["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]

# name, service, method, path, query, headers, body, session token
TABLE = [
    ["an ec2 form", "ec2", "POST", "/", [], [FORM], "Action=DescribeVpcs&Version=2016-11-15", None],
    ["a session token", "ec2", "POST", "/", [], [FORM], "Action=X", "token/with+signs=="],
    ["an encoded ARN in the path", "lambda", "GET", ARN, [], [], "", None],
    ["a plain colon in the path", "lambda", "GET", "/functions/arn:aws:x", [], [], "", None],
    ["an encoded percent sign", "guardduty", "GET", "/detector/100%25", [], [], "", None],
    ["dots and slashes in the path", "scheduler", "GET", "/a/./b//c/../d/", [], [], "", None],
    ["a trailing double dot", "scheduler", "GET", "/a/b/..", [], [], "", None],
    ["a duplicate query key", "scheduler", "GET", "/", [["b", "2"], ["a", "2"], ["a", "1"]], [], "", None],
    ["keys that prefix one another", "x", "GET", "/", [["a-b", "1"], ["a", "1"], ["a1", ""]], [], "", None],
    ["an empty query value", "x", "GET", "/", [["tagging", ""], ["Z", ""], ["~", "a b+c/d*"]], [], "", None],
    ["UTF-8 in the query", "x", "GET", "/", [["ключ", "значение é"]], [], "", None],
    ["blanks in header values", "x", "POST", "/", [], [["X-Amz-Meta", "  a   b  "]], "é", None],
    ["a JSON body", "logs", "POST", "/", [], [["X-Amz-Target", "Logs_20140328.X"], ["Content-Type", "application/x-amz-json-1.1"]], '{"a":"\u2603"}', None],
    ["an unsigned user agent", "x", "GET", "/", [], [["User-Agent", "us/1"]], "", None],
    ["an S3 sub-resource", "s3", "PUT", "/bucket", [["tagging", ""]], [["Content-MD5", "x=="]], "<Tagging/>", None],
    ["an S3 key with dots, slashes, signs", "s3", "GET", "/bucket/a//b/../c%20d%25%3A%2B", [["versionId", "a/b"]], [], "", "token"],
    ["an S3 reply override", "s3", "GET", "/", [["list-type", "2"], ["prefix", "a/b c"]], [], "", None],
]


def sign(name, service, method, path, query, headers, body, token):
    request = AWSRequest(
        method=method, url=f"https://{HOST}{path}", params=[tuple(q) for q in query],
        headers=dict(headers), data=body.encode(),
    )
    kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    request.context["payload_signing_enabled"] = True
    kind(Credentials("AKIDEXAMPLE", "wJalr/EXAMPLE+KEY", token), service, "eu-west-1").add_auth(request)
    return {
        "name": name, "service": service, "method": method, "host": HOST, "path": path,
        "query": query, "headers": headers, "body": body, "sessionToken": token,
        "authorization": request.headers["Authorization"],
    }


botocore.auth.get_current_datetime = lambda remove_tzinfo=True: DATE
fixture = {
    "date": int(DATE.replace(tzinfo=datetime.timezone.utc).timestamp()),
    "accessKeyID": "AKIDEXAMPLE", "secretAccessKey": "wJalr/EXAMPLE+KEY", "region": "eu-west-1",
    "cases": [sign(*row) for row in TABLE],
}
target = pathlib.Path(__file__).resolve().parents[2] / "Tests/AWSClientTests/Fixtures/signatures.json"
target.write_text(json.dumps(fixture, indent=1, ensure_ascii=False) + "\n")
