"""The endpoint that the integration tests and the demo talk to: moto, completed to AWS's model.

    server.py --port 0 --ready-file FILE

Port 0 picks a free one. Once the endpoint listens, its port is written to FILE (and to standard
output). It ends with its parent when --exit-with-parent is given.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")
# moto calls AWS's SDK for a few things; nothing must leave this machine.
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")

sys.path.insert(0, str(Path(__file__).resolve().parent))
# Error codes that S3's and EC2's models do not name.
warnings.filterwarnings("ignore", message=".*does not match an error shape.*")

from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

import gaps  # noqa: E402
import thrift  # noqa: E402
from front import Front  # noqa: E402
from wire import SPELLED  # noqa: E402


class Handler(WSGIRequestHandler):
    """Speaks HTTP/1.1 and writes no log. werkzeug closes every connection after its answer, which AWS
    does not."""

    protocol_version = "HTTP/1.1"

    def make_environ(self):
        """werkzeug leaves out headers with an underscore; AWS has one (`wire.SPELLED`)."""
        environ = super().make_environ()
        for variable, name in SPELLED.items():
            if name in self.headers:
                environ[variable] = self.headers[name]
        return environ

    def log_request(self, *args, **kwargs):
        pass

    def connection_dropped(self, error, environ=None):
        pass


def watch_parent() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def listen(port: int):
    """The endpoint's server, bound and not yet serving."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    thrift.install()
    gaps.load()
    server = make_server("127.0.0.1", port, Front(), threaded=True, request_handler=Handler)
    server.daemon_threads = True
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--exit-with-parent", action="store_true")
    arguments = parser.parse_args()
    server = listen(arguments.port)
    if arguments.exit_with_parent:
        threading.Thread(target=watch_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if arguments.ready_file:
        temporary = arguments.ready_file.with_suffix(".part")
        temporary.write_text(f"{server.server_port}\n")
        temporary.rename(arguments.ready_file)
    print(server.server_port, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
