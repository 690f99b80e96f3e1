"""Stands between Trueup and the endpoint, so that a measurement is of Trueup and not of the endpoint.

At first every request is passed on, and the answer of each read is kept. Once it replays, a request
that was seen before is answered from memory, exactly one round trip after it came in: the endpoint
needs milliseconds of processor time for each call, one call at a time, which AWS does not. It then
refuses, too, what comes faster than AWS takes it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "endpoint"))

from throttle import PUBLISHED, Buckets  # noqa: E402
from wire import SERVICE_BY_SIGNING_NAME, AWSError  # noqa: E402


@dataclass
class Served:
    """One call: when its request had come in, and when its answer left. Seconds of one clock."""

    began: float
    ended: float


@dataclass
class API:
    """What a call counts for in AWS's limits."""

    service: str
    operation: str
    account: str
    region: str
    is_mutating: bool = False


class Replay:
    """The server, on a thread of its own.

    `round_trip` is in seconds. A new connection costs `setup` round trips more on its first request:
    two are what TCP and TLS 1.3 need before the request itself can be sent.
    """

    def __init__(self, upstream: int):
        self.upstream = upstream
        self.replays = False
        self.round_trip = 0.0
        self.setup = 0
        self.served: list[Served] = []
        # Requests that had to be passed on although answers are replayed.
        self.missed = 0
        # Requests that came too fast for AWS.
        self.refused = 0
        self.buckets = Buckets()
        self.connections = 0
        self.kept: dict[tuple, bytes] = {}
        self.ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.run()), daemon=True).start()
        self.ready.wait()

    async def run(self) -> None:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=256)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await server.serve_forever()

    def forget(self) -> None:
        self.served, self.missed, self.connections = [], 0, 0
        self.refused, self.buckets = 0, Buckets()

    async def serve(self, reader, writer) -> None:
        """One connection of Trueup: its requests, one after another."""
        self.connections += 1
        owed = self.setup
        try:
            while True:
                head, body = await message(reader)
                began = time.perf_counter()
                key = key_of(head, body)
                answer = None
                if self.replays:
                    answer = self.refusal(head, body) or self.kept.get(key)
                if answer is None:
                    self.missed += self.replays
                    answer = await self.ask(head, body)
                    self.kept[key] = answer
                due = began + self.round_trip * (1 + owed)
                owed = 0
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                self.served.append(Served(began, time.perf_counter()))
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def refusal(self, head: bytes, body: bytes) -> bytes | None:
        """The answer to a call for which the account's bucket has no token left."""
        api = api_of(head, body)
        try:
            self.buckets.check(PUBLISHED, api)
            return None
        except AWSError as error:
            self.refused += 1
            text = f"<Code>{error.code}</Code><Message>{error.message}</Message>"
            if api.service == "ec2":
                text = f"<Response><Errors><Error>{text}</Error></Errors></Response>"
            elif header(head, b"x-amz-target"):
                text = json.dumps({"__type": error.code, "message": error.message})
            else:
                text = f"<ErrorResponse><Error>{text}</Error></ErrorResponse>"
            lines = [f"HTTP/1.1 {error.status} Refused", f"Content-Length: {len(text)}", "", text]
            return "\r\n".join(lines).encode()

    async def ask(self, head: bytes, body: bytes) -> bytes:
        """The endpoint's answer, without its word that it closes the connection: AWS keeps it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            writer.write(head + body)
            answer = await message(reader, has_body=not head.startswith(b"HEAD"))
        finally:
            writer.close()
        return b"".join(answer).replace(b"\r\nConnection: close\r\n", b"\r\n", 1)


async def message(reader, has_body: bool = True) -> tuple[bytes, bytes]:
    """Head and body of the next HTTP/1.1 message; the endpoint and Trueup send no chunked bodies."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(header(head, b"content-length") or 0) if has_body else 0
    return head, await reader.readexactly(length)


def header(head: bytes, name: bytes) -> bytes:
    for line in head.split(b"\r\n")[1:]:
        field, _, value = line.partition(b":")
        if field.lower() == name:
            return value.strip()
    return b""


def key_of(head: bytes, body: bytes) -> tuple:
    """Request line, body, and what is telling of the headers; of the authorization only for whom and
    where it is."""
    scope = header(head, b"authorization").partition(b"Credential=")[2].split(b",")[0].split(b"/")
    line = head.partition(b"\r\n")[0]
    return line, *scope[:1], *scope[2:], header(head, b"x-amz-target"), body


def api_of(head: bytes, body: bytes) -> API:
    """The call of one of the protocols that networks need: query, EC2's and JSON."""
    scope = header(head, b"authorization").partition(b"Credential=")[2].split(b",")[0]
    account, _, region, service, *_ = scope.decode().split("/") + [""] * 4
    target = header(head, b"x-amz-target").decode()
    action = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
    return API(
        SERVICE_BY_SIGNING_NAME.get(service, service), target.rpartition(".")[2] or action,
        account, region,
    )
