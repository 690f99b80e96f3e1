"""Whole CosyWorld clients in one account of the local endpoint, and the calls that Trueup makes for them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ["DiscordBotToken", "DiscordClientId", "OpenRouterApiKey", "EncryptionKey", "MongoUri"]


class CosyWorld:
    """The stack `shared` and clients with the defaults of the environment dev."""

    def __init__(self, trueup: Path):
        self.trueup = trueup
        self.place = Path(tempfile.mkdtemp(prefix="trueup-bench-"))
        server = [sys.executable, str(ROOT / "Scripts/endpoint/server.py"), "--exit-with-parent"]
        self.endpoint = subprocess.Popen(server, stdout=subprocess.PIPE, text=True)
        line = self.endpoint.stdout.readline()
        if not line:
            sys.exit("the endpoint did not start")
        self.port = int(line)
        state = self.place / "desired-state"
        shutil.copytree(ROOT / "desired-state", state)
        self.clients = state / "clients"
        shutil.rmtree(self.clients)
        self.clients.mkdir()
        (self.place / ".gitignore").write_text(".trueup/\n")
        self.write("shared", "prod", "shared", {}, {})
        self.git("init", "--quiet")

    def end(self) -> None:
        self.endpoint.kill()
        self.endpoint.wait()
        shutil.rmtree(self.place)

    def git(self, *arguments: str) -> None:
        who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"]
        subprocess.run(["git", *who, *arguments], cwd=self.place, check=True)

    def write(self, client: str, environment: str, blueprint: str, parameters: dict, secrets: dict):
        manifest = {
            "client": client, "environment": environment, "blueprint": blueprint, "account": "main",
            "parameters": parameters, "secrets": secrets,
        }
        (self.clients / f"{client}-{environment}.jsonc").write_text(json.dumps(manifest, indent=2))

    def enlarge(self, clients: int) -> None:
        """Brings the fleet to that many clients in git."""
        for number in range(len(list(self.clients.iterdir())), clients + 1):
            self.write(
                f"client{number}", "dev", "cosyworld",
                {"VpcCidr": f"10.{number}.0.0/16", "Image": "1.4.0"},
                {name: {"env": "BENCH_SECRET"} for name in SECRETS})
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", f"{clients} clients")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stacks(self) -> list[str]:
        """The stacks that are committed, by the names of their manifests."""
        listed = subprocess.run(
            ["git", "ls-files", "desired-state/clients"], cwd=self.place, check=True, text=True,
            stdout=subprocess.PIPE)
        return sorted(Path(line).stem for line in listed.stdout.split())

    def compiled(self, stack: str) -> dict:
        """The template of a stack, with its parameters and conditions resolved."""
        return json.loads(self.run("compile", stack))

    def run(self, *arguments: str, fails: bool = True) -> str:
        """What one run of the program prints, which must end with 0."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.place),
            "AWS_ENDPOINT_URL": self.url,
            # The endpoint reads the account from the key.
            "AWS_ACCESS_KEY_ID": "AKIA123456789012DEMO",
            "AWS_SECRET_ACCESS_KEY": "test-secret",
            "AWS_REGION": "us-east-1",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "BENCH_SECRET": "a-value-of-the-benchmark",
        }
        finished = subprocess.run(
            [self.trueup, *arguments], cwd=self.place, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if finished.returncode != 0 and fails:
            sys.exit(f"trueup {' '.join(arguments)} ended with {finished.returncode}:\n"
                     f"{finished.stdout}{finished.stderr}")
        return finished.stdout

    def calls(self, *arguments: str, fails: bool = True) -> list[dict]:
        """The calls that one run of the program makes."""
        self.control("calls", method="DELETE")
        self.run(*arguments, fails=fails)
        return self.control("calls")

    def control(self, name: str, value: dict | None = None, method: str | None = None):
        """What the endpoint's control says; see control.py."""
        request = urllib.request.Request(
            f"{self.url}/trueup-test/{name}", method=method,
            data=json.dumps(value).encode() if value else None)
        with urllib.request.urlopen(request) as reply:
            return json.loads(reply.read() or "null")
