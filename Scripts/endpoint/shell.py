"""The endpoint and an SDK client in one process, driven by lines of JSON: what the tests talk to.

The first line written is {"port": N}. Then each line read is one request, answered by one line:

    {"service": "ec2", "operation": "describe_vpcs", "params": {...}}     the result of boto3
    {"control": "POST config", "body": {...}}                             the endpoint's own answer

With "find", JMESPaths by name, what they find in the result is answered in its place, by name.
An error of AWS is answered as {"error": code, "message": text}. The process ends with its input, so
it never outlives the tests.
"""

from __future__ import annotations

import functools
import json
import sys
import threading
import urllib.error
import urllib.request

import server  # first: it sets moto's environment

# isort: split
import boto3
import jmespath
import jmespath.functions
from botocore.config import Config
from botocore.exceptions import ClientError

RETRIES = {"max_attempts": 1}


class Functions(jmespath.functions.Functions):
    """JMESPath's own functions, and one that it lacks."""

    @jmespath.functions.signature({"types": ["string"]}, {"types": ["string"]})
    def _func_split(self, text: str, separator: str) -> list[str]:
        return text.split(separator)


FINDING = jmespath.Options(custom_functions=Functions())


class Shell:
    def __init__(self, port: int):
        self.url = f"http://127.0.0.1:{port}"

    @functools.cache  # noqa: B019 (lives as long as the process)
    def client(self, service: str, account: str, region: str):
        client = boto3.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            # Not the key of the program under test, so that calls can be told apart.
            aws_access_key_id=f"AKIA{account}HAND",
            aws_secret_access_key="test-secret",
            config=Config(retries=RETRIES, s3={"addressing_style": "path"}),
        )
        # S3 Control puts the account before the host, which the loopback has no name for.
        client.meta.events.register("before-sign.s3-control", self.without_account)
        return client

    def without_account(self, request, **_):
        request.url = self.url + request.url[request.url.index("/v20180820") :]

    def answer(self, request: dict):
        if "control" in request:
            return self.control(request["control"], request.get("body"))
        account = request.get("account", "123456789012")
        client = self.client(request["service"], account, request.get("region", "us-east-1"))
        name, params = request["operation"], request.get("params", {})
        if not client.can_paginate(name):
            result = getattr(client, name)(**params)
        else:
            result = client.get_paginator(name).paginate(**params).build_full_result()
        result.pop("ResponseMetadata", None)
        find = request.get("find")
        if not find:
            return result
        return {name: jmespath.search(path, result, FINDING) for name, path in find.items()}

    def control(self, line: str, body):
        method, _, path = line.partition(" ")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/trueup-test/{path}", data, method=method)
        try:
            with urllib.request.urlopen(request) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            return json.load(error)


def main() -> None:
    listening = server.listen(0)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    shell = Shell(listening.server_port)
    print(json.dumps({"port": listening.server_port}), flush=True)
    for line in sys.stdin:
        try:
            reply = shell.answer(json.loads(line))
        except ClientError as error:
            told = error.response["Error"]
            reply = {"error": told.get("Code"), "message": told.get("Message")}
        except Exception as error:  # anything else is told to the test, which fails with it
            reply = {"error": type(error).__name__, "message": str(error)}
        print(json.dumps(reply, default=str), flush=True)


if __name__ == "__main__":
    main()
