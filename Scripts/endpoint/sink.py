"""An HTTP service that takes messages, in place of Slack and of other webhooks.

    POST   /trueup-test/sink/NAME   takes a message; NAME "chat.postMessage" answers as Slack's API
    GET    /trueup-test/sink        the messages taken, in order: name, headers, body
    POST   /trueup-test/sink        {"status": 503, "headers": {}, "body": "", "times": 2}: how the
                                    next messages are answered instead, and not taken
    DELETE /trueup-test/sink        forgets both
"""

from __future__ import annotations

import json
import threading

from wire import Reply

PREFIX = "/trueup-test/sink"


class Sink:
    def __init__(self):
        self.lock = threading.Lock()
        self.taken: list[dict] = []
        self.fault: dict = {}

    def forget(self) -> None:
        self.taken, self.fault = [], {}

    def respond(self, environ: dict, body: bytes) -> Reply:
        name = environ["PATH_INFO"].removeprefix(PREFIX).strip("/")
        method = environ["REQUEST_METHOD"]
        with self.lock:
            if method == "DELETE":
                self.forget()
            if method == "POST" and not name:
                self.fault = json.loads(body)
            if method == "POST" and name:
                return self.take(name, environ, body)
            return answer(200, json.dumps(self.taken))

    def take(self, name: str, environ: dict, body: bytes) -> Reply:
        if self.fault.get("times", 0) > 0:
            self.fault["times"] -= 1
            reply = answer(self.fault["status"], self.fault.get("body", ""))
            reply.headers += list(self.fault.get("headers", {}).items())
            return reply
        headers = {
            key.removeprefix("HTTP_").replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_") or key == "CONTENT_TYPE"
        }
        self.taken.append(
            {"name": name, "headers": headers, "text": body.decode(), "body": json.loads(body)}
        )
        return answer(200, json.dumps({"ok": True}) if name.startswith("chat.") else "ok")


def answer(status: int, text: str) -> Reply:
    kind = "application/json" if text.startswith(("{", "[")) else "text/plain"
    return Reply(status, [("Content-Type", kind)], text.encode())
