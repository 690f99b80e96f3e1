"""The application that answers: it recognises a call, checks it, lets it fail when a test wants
that, answers it through moto or through what fills moto's gaps, and records it."""

from __future__ import annotations

import copy
import socket
import threading
import time
import traceback
import uuid
from http import HTTPStatus

import consistency
import control as ctl
import gaps
import machine
import sink
import verify
from control import Control
from moto.iam.models import iam_backends
from sink import Sink
from upstream import Pager, Refused, ask, send
from wire import AWSError, Call, Reply, parse_params, read_body, recognise, write_reply


class Dropped(Exception):
    """The connection ends without an answer."""


class Front:
    def __init__(self):
        self.control = gaps.control = Control()
        self.sink = Sink()
        gaps.FORGETS.append(self.sink.forget)
        # moto's backends walk dictionaries that other calls change.
        self.answering = threading.RLock()

    def __call__(self, environ, start_response):
        body = read_body(environ)
        path = environ.get("PATH_INFO", "/")
        try:
            if path.startswith(sink.PREFIX):
                reply = self.sink.respond(environ, body)
            elif path.startswith(machine.PREFIX):
                reply = machine.respond(environ)
            elif path.startswith(ctl.PREFIX):
                method = environ["REQUEST_METHOD"]
                reply = self.control.respond(method, path, body, reset_moto)
            else:
                reply = self.serve(environ, body)
        except Dropped:
            connection = environ.get("werkzeug.socket")
            if connection:
                connection.shutdown(socket.SHUT_RDWR)
            raise
        start_response(f"{reply.status} {phrase(reply.status)}", reply_headers(environ, reply))
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else reply.body]

    def serve(self, environ: dict, body: bytes) -> Reply:
        call = recognise(environ, body)
        if call is None:
            if self.control.config.verify:
                line = f"{environ['REQUEST_METHOD']} {environ.get('RAW_URI')}"
                self.control.violation(line, ["the request is no known operation"])
            return send(environ)
        started = time.time()
        try:
            call.params = parse_params(call) or {}
        except Exception as error:  # the parsers raise many kinds
            self.control.violation(call.name, [f"the request cannot be parsed: {error!r}"])
            return send(environ)
        request_id = str(uuid.uuid4())
        mode = self.control.mode(call) or ""
        if mode == "drop-request" or mode.startswith("hang:"):
            time.sleep(int(mode.partition(":")[2] or 0) / 1000)
            self.control.record(call, 0, mode, started)
            raise Dropped()
        if mode.startswith("delay:"):
            time.sleep(int(mode.partition(":")[2]) / 1000)
        # Hooks may change the parameters; what is recorded is what was sent.
        sent = copy.deepcopy(call.params)
        try:
            self.check(call, mode)
            with self.answering:
                reply = self.answer(call, request_id)
        except AWSError as error:
            reply = write_reply(call, error, request_id)
        except Refused as refused:
            reply = refused.reply
        except Exception as error:  # a fault of the endpoint, which must fail the test
            place = traceback.format_exc().strip().splitlines()[-3:]
            self.control.violation(call.name, [f"the endpoint failed: {' '.join(place)}"])
            reply = write_reply(call, AWSError("InternalError", repr(error), 500), request_id)
        call.params = sent
        if call.is_mutating and reply.status < 400:
            for witness in gaps.WITNESSES:
                witness(call, request_id)
        if mode == "drop-reply":
            self.control.record(call, 0, mode, started)
            raise Dropped()
        self.control.record(call, reply.status, reply.error_code, started)
        if mode.startswith("delay-reply:"):
            time.sleep(int(mode.partition(":")[2]) / 1000)
        return reply

    def check(self, call: Call, mode: str) -> None:
        """Raises what AWS would refuse, or what a test wants refused."""
        config = self.control.config
        if config.invalidKey:
            raise ctl.invalid_key(call)
        if config.expiredToken:
            raise ctl.expired(call)
        if config.verify:
            found = verify.violations(call, self.secret(call))
            self.control.violation(call.name, found)
            if any("signature" in sentence for sentence in found):
                raise ctl.wrong_signature(call)
        self.control.buckets.check(config.limits, call)
        if self.control.is_denied(call):
            raise ctl.denied(call)
        if mode.startswith("error:"):
            _, code, status = mode.split(":")
            raise AWSError(code, f"{code}, as the test wanted.", int(status))
        consistency.check(self.control, call)

    def answer(self, call: Call, request_id: str) -> Reply:
        sent = copy.deepcopy(call.params)
        if prepare := gaps.PREPARES.get(call.name):
            prepare(call)
        answer = call.answer or gaps.ANSWERS.get(call.name)
        amend = gaps.AMENDS.get(call.name)
        pager = Pager(call, self.control.config.pageSize)
        pages = pager.applies
        watched = call.name in consistency.WATCHED
        if not (answer or amend or pages or watched or call.params != sent):
            return send(call.environ)
        if answer:
            result = answer(call)
        else:
            result = pager.whole() if pages else ask(call, call.params)
        if amend:
            result = amend(call, result)
        result = consistency.settle(self.control, call, result)
        return write_reply(call, pager.page(result) if pages else result, request_id)

    def secret(self, call: Call) -> str | None:
        """The secret of the call's key: named by the test, made by moto, or the common one."""
        if call.access_key in self.control.config.secrets:
            return self.control.config.secrets[call.access_key]
        known = iam_backends[call.account]["aws"].access_keys.get(call.access_key)
        return known.secret_access_key if known else self.control.config.secret


def reply_headers(environ: dict, reply: Reply) -> list[tuple[str, str]]:
    """The reply's headers with the length of its body; a HEAD tells that of the object itself."""
    if environ["REQUEST_METHOD"] == "HEAD":
        return [h for h in reply.headers if h[0].lower() not in ("connection", "transfer-encoding")]
    replaced = ("content-length", "connection", "transfer-encoding")
    headers = [h for h in reply.headers if h[0].lower() not in replaced]
    length = [] if reply.status == 204 else [("Content-Length", str(len(reply.body)))]
    return headers + length


def phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def reset_moto() -> None:
    from moto.moto_api._internal.models import moto_api_backend

    moto_api_backend.reset()
