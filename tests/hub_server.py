"""A Hugging Face Hub on this machine: the endpoints that a download and a login need, and every mischief on the way.

    GET /api/models/OWNER/NAME[/revision/REV]?blobs=True      what a repository holds
    GET /OWNER/NAME/resolve/COMMIT/FILE                       a file, from a byte on if asked to
    GET /api/whoami-v2                                        whose token it is: anna's

A `Mischief` is done to the requests whose path it fits, as often as it says.
"""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.local_server import Handler, LocalServer

COMMIT = "c" * 40


@dataclass
class Mischief:
    """What goes wrong.

    Attributes:
        part: Of the path of the requests it is done to.
        times: How often; -1 for ever.
        status: Answered instead of the file.
        headers: Of that answer.
        cut_after: Bytes of the body before the connection is cut.
        stall_after: Bytes of the body before nothing more comes for `stall_s`.
        pace: Bytes for each tenth of a second.
        spoil: Bytes that are sent in place of the right ones.
        redirect: Where the answer says to go.
        ignores_range: Whether the whole file is sent although a part was asked for.
        html: Whether a page is sent in place of an answer, as a hotel's network does.
    """

    part: str = "/resolve/"
    times: int = -1
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    stall_after: int | None = None
    stall_s: float = 30.0
    pace: int | None = None
    spoil: bytes | None = None
    redirect: str = ""
    ignores_range: bool = False
    html: bool = False


@dataclass
class Asked:
    """A request that came."""

    path: str
    headers: dict[str, str]


class Hub(LocalServer):
    """The server and what it has.

    Attributes:
        repos: Files of each repository.
        gated: Repositories that want a token.
        tokens: Those that are let in.
        extra: Added to what a repository's listing says of a file.
    """

    def __init__(self, repos: dict[str, dict[str, bytes]]) -> None:
        self.repos = repos
        self.commit = COMMIT
        self.mischief: list[Mischief] = []
        self.asked: list[Asked] = []
        self.gated: set[str] = set()
        self.tokens: set[str] = set()
        self.extra: dict[str, dict[str, Any]] = {}
        self.sent = 0
        self._lock = threading.Lock()
        super().__init__(_Handler)

    def asked_for(self, part: str) -> list[Asked]:
        return [one for one in self.asked if part in one.path]

    def take(self, path: str) -> Mischief:
        """The mischief for this request."""
        with self._lock:
            for one in self.mischief:
                if one.part in path and one.times != 0:
                    one.times -= 1
                    return one
        return Mischief()

    def count(self, n: int) -> None:
        with self._lock:
            self.sent += n

    def listing(self, repo: str) -> dict[str, Any]:
        """What the Hub says of a repository; large files are told by SHA-256, small ones by git's name."""
        files = []
        for name, content in self.repos[repo].items():
            one: dict[str, Any] = {"rfilename": name, "size": len(content)}
            one["blobId"] = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
            if name.endswith((".safetensors", ".th", ".bin")):
                sha256 = hashlib.sha256(content).hexdigest()
                one["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 134}
            files.append(one | self.extra.get(name, {}))
        return {
            "id": repo,
            "modelId": repo,
            "sha": self.commit,
            "gated": "manual" if repo in self.gated else False,
            "siblings": files,
        }


class _Handler(Handler):
    @property
    def hub(self) -> Hub:
        assert isinstance(self.server.owner, Hub)
        return self.server.owner

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub, path = self.hub, unquote(urlsplit(self.path).path)
        hub.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}))
        mischief = hub.take(path)
        if mischief.redirect:
            self.answer(302, b"", {"Location": mischief.redirect + self.path})
        elif mischief.html:
            self.answer(200, b"<html>Welcome</html>", {"Content-Type": "text/html"})
        elif mischief.status:
            self.answer(mischief.status, b"no", mischief.headers)
        elif path == "/api/whoami-v2":
            self._tell_who()
        elif path.startswith("/api/models/"):
            self._list(path.removeprefix("/api/models/"))
        else:
            self._send_file(path, mischief)

    def _list(self, path: str) -> None:
        hub = self.hub
        repo, _, revision = path.partition("/revision/")
        if not self._is_let_in(repo):
            return
        if revision not in {"", "main", "bfloat16", hub.commit}:
            self.answer(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
            return
        self.answer(200, json.dumps(hub.listing(repo)).encode(), {})

    def _tell_who(self) -> None:
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.hub.tokens:
            self.answer(401, b'{"error": "Invalid username or password."}', {})
            return
        told = {"name": "anna", "auth": {"accessToken": {"displayName": "read", "role": "read"}}}
        self.answer(200, json.dumps(told).encode(), {})

    def _is_let_in(self, repo: str) -> bool:
        hub = self.hub
        if repo not in hub.repos:
            self.answer(401, b"{}", {"X-Error-Code": "RepoNotFound"})
            return False
        if repo in hub.gated:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if not token:
                self.answer(401, b"{}", {"X-Error-Code": "GatedRepo"})
                return False
            if token not in hub.tokens:
                self.answer(403, b"{}", {"X-Error-Code": "GatedRepo"})
                return False
        return True

    def _send_file(self, path: str, mischief: Mischief) -> None:
        hub = self.hub
        repo, _, rest = path.removeprefix("/").partition("/resolve/")
        commit, _, name = rest.partition("/")
        if not self._is_let_in(repo):
            return
        content = hub.repos[repo].get(name)
        if commit != hub.commit:
            self.answer(404, b"", {"X-Error-Code": "RevisionNotFound"})
            return
        if content is None:
            self.answer(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        body = content if mischief.spoil is None else mischief.spoil
        asked = self.headers.get("Range", "")
        begin = 0
        if asked and not mischief.ignores_range:
            begin = int(asked.removeprefix("bytes=").split("-")[0])
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body) - begin))
        self.send_header("X-Repo-Commit", commit)
        self.send_header("Accept-Ranges", "bytes")
        self.end_headers()
        self._send_body(body[begin:], mischief)

    def _send_body(self, body: bytes, mischief: Mischief) -> None:
        hub, sent = self.hub, 0
        block = mischief.pace or 100_000
        while sent < len(body):
            if mischief.cut_after is not None and sent >= mischief.cut_after:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            if mischief.stall_after is not None and sent >= mischief.stall_after:
                hub.over.wait(mischief.stall_s)
                self.close_connection = True
                return
            piece = body[sent : sent + block]
            self.wfile.write(piece)
            sent += len(piece)
            hub.count(len(piece))
            if mischief.pace:
                time.sleep(0.1)
