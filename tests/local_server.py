"""What the HTTP servers of the tests share: a port of this machine, a thread, silence on the terminal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    owner: LocalServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is nothing to tell."""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection; `self.server.owner` is the server."""

    server: _Listener
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class LocalServer:
    """Listens once it is made, and answers while it is `running`.

    Attributes:
        over: Set when the test is over, for those who wait.
    """

    def __init__(self, handler: type[Handler]) -> None:
        self.over = threading.Event()
        self._listener = _Listener(("127.0.0.1", 0), handler)
        self._listener.owner = self
        self.port = self._listener.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[Self]:
        thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self._listener.shutdown()
            thread.join()
            self._listener.server_close()
