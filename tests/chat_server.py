"""A chat server on this machine, as llama.cpp, Ollama, LM Studio and vLLM are ones, and its mischief.

    GET  /v1/models
    POST /v1/chat/completions      streamed, unless `Chat.is_streaming` is False

It looks at what it is asked as a strict server would, and answers with `Chat.says`, a token at a time.
"""

from __future__ import annotations

import base64
import io
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from PIL import Image

from tests.local_server import Handler, LocalServer

MODEL = "tiny-vl"


@dataclass
class Mischief:
    """What goes wrong with the question about a picture, or with a part of the paths.

    Attributes:
        part: Of the path it is done to.
        status: Answered instead, with `body`.
        cut_after, stall_after: Tokens, after which the connection is cut, or nothing more comes.
        stall_first: Nothing is answered at all.
        body: Sent as an event stream, as it is.
        kind: Its content type.
        pings: Comments are sent, ten a second, and no word.
        pace_s: Between two tokens.
        since: The question about a picture from which on it happens.
    """

    part: str = "/chat/completions"
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    stall_after: int | None = None
    stall_first: bool = False
    body: bytes | None = None
    kind: str = "text/event-stream"
    pings: bool = False
    pace_s: float = 0.0
    since: int = 0


@dataclass
class Asked:
    """A request that came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def picture(self) -> Image.Image:
        (address,) = (
            part["image_url"]["url"]
            for message in self.body["messages"]
            if not isinstance(message["content"], str)
            for part in message["content"]
            if part["type"] == "image_url"
        )
        kind, _, data = address.partition(",")
        assert kind == "data:image/jpeg;base64"
        return Image.open(io.BytesIO(base64.b64decode(data)))

    @property
    def prompt(self) -> str:
        return _words(self.body["messages"][-1])

    @property
    def before(self) -> list[str]:
        """What was said before, by turns."""
        return [_words(one) for one in self.body["messages"][1:-1]]

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])


def _words(message: Mapping[str, Any]) -> str:
    content = message["content"]
    return str(content if isinstance(content, str) else content[0]["text"])


def _letters(message: Mapping[str, Any]) -> int:
    return len(_words(message))


class Chat(LocalServer):
    """The server.

    Attributes:
        says: Its answer, in tokens.
        says_later: That to the second question about a picture, and all after it; None for the same.
        logprobs: Of each token; None when it does not know them.
        thoughts: Tokens of thinking that come first, apart from the answer.
        end: Why it stops.
        key: Wanted of everybody who asks; "" for none.
        room: For so many letters of a conversation; of a longer one it drops the oldest silently, as Ollama does, but
            not the system's words and the last question. 0 for any.
        refused: What it refuses to find in a question, as some servers do "logprobs".
        gone: Set when who asked has gone before the end.
    """

    def __init__(self) -> None:
        self.says = ["A", " dog", " on", " a", " beach", "."]
        self.says_later: list[str] | None = None
        self.logprobs: list[float] | None = None
        self.thoughts: list[str] = []
        self.end = "stop"
        self.models = [MODEL]
        self.is_streaming = True
        self.key = ""
        self.refused = ""
        self.room = 0
        self.mischief = Mischief()
        self.asked: list[Asked] = []
        self.gone = threading.Event()
        super().__init__(_Handler)

    @property
    def questions(self) -> list[Asked]:
        """Those about a picture."""
        return [one for one in self.asked if one.path == "/v1/chat/completions"]

    def chunks(self) -> Iterator[dict[str, Any]]:
        """The answer as it is streamed."""
        yield self._chunk({"role": "assistant", "content": ""})
        for thought in self.thoughts:
            yield self._chunk({"reasoning_content": thought})
        is_later = self.says_later is not None and len(self.questions) > 1
        for number, token in enumerate((is_later and self.says_later) or self.says):
            chunk = self._chunk({"content": token})
            if self.logprobs is not None:
                one = {"token": token, "logprob": self.logprobs[number], "top_logprobs": []}
                chunk["choices"][0]["logprobs"] = {"content": [one]}
            yield chunk
        yield self._chunk({}, self.end)
        yield {"id": "1", "object": "chat.completion.chunk", "choices": [], "usage": {}}

    def whole(self) -> dict[str, Any]:
        message = {"role": "assistant", "content": "".join(self.says)}
        choice: dict[str, Any] = {"index": 0, "message": message, "finish_reason": self.end}
        if self.logprobs is not None:
            choice["logprobs"] = {"content": [{"logprob": one} for one in self.logprobs]}
        return {"id": "1", "object": "chat.completion", "choices": [choice]}

    @staticmethod
    def _chunk(delta: dict[str, Any], end: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": end}
        return {"id": "1", "object": "chat.completion.chunk", "choices": [choice]}


class _Handler(Handler):
    @property
    def chat(self) -> Chat:
        assert isinstance(self.server.owner, Chat)
        return self.server.owner

    @property
    def mischief(self) -> Mischief:
        due = self.chat.mischief
        return due if len(self.chat.questions) >= due.since else Mischief()

    def do_GET(self) -> None:
        chat = self.chat
        self._note({})
        if self._refuses():
            return
        models = [{"id": name, "object": "model"} for name in chat.models]
        self._answer(200, json.dumps({"object": "list", "data": models}).encode())

    def do_POST(self) -> None:
        chat = self.chat
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._note(body)
        if self._refuses():
            return
        if chat.refused in body:
            error = {"error": {"message": f"{chat.refused}: extra inputs are not permitted"}}
            self._answer(400, json.dumps(error).encode())
        elif body["model"] not in chat.models:
            error = {"error": {"message": f"model '{body['model']}' not found", "code": 404}}
            self._answer(404, json.dumps(error).encode())
        elif chat.is_streaming and body["stream"]:
            self._stream()
        else:
            self._answer(200, json.dumps(chat.whole()).encode())

    def _note(self, body: dict[str, Any]) -> None:
        while self.chat.room and sum(map(_letters, body.get("messages", ()))) > self.chat.room:
            del body["messages"][1]
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.chat.asked.append(Asked(self.path, headers, body))

    def _refuses(self) -> bool:
        chat, mischief = self.chat, self.mischief
        if chat.key and self.headers.get("Authorization") != f"Bearer {chat.key}":
            self._answer(401, b'{"error": {"message": "Invalid API Key"}}')
        elif mischief.part not in self.path:
            return False
        elif mischief.stall_first:
            self._wait_for_the_end()
        elif mischief.status:
            self._answer(mischief.status, mischief.body or b"no", mischief.headers)
        else:
            return False
        return True

    def _stream(self) -> None:
        chat, mischief = self.chat, self.mischief
        self.send_response(200)
        self.send_header("Content-Type", mischief.kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if mischief.body is not None:
            self._write(mischief.body)
            self._write(b"")
            return
        while mischief.pings:
            self._write(b": ping\n\n")
            if chat.over.wait(0.1):
                return
        for number, chunk in enumerate(chat.chunks()):
            if number == mischief.cut_after:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            if number == mischief.stall_after:
                self._wait_for_the_end()
                return
            self._write(f"data: {json.dumps(chunk)}\n\n".encode())
            time.sleep(mischief.pace_s)
        self._write(b"data: [DONE]\n\n")
        self._write(b"")

    def _wait_for_the_end(self) -> None:
        """Say nothing until who asked has gone, or the test is over."""
        self.close_connection = True
        self.connection.settimeout(0.05)
        while not self.chat.over.is_set():
            try:
                if not self.connection.recv(1):
                    self.chat.gone.set()
                    return
            except TimeoutError:
                continue
            except OSError:
                self.chat.gone.set()
                return

    def _write(self, data: bytes) -> None:
        """A chunk; an empty one is the last."""
        try:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        except OSError:
            self.chat.gone.set()
            raise

    def _answer(
        self, status: int, body: bytes, headers: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.answer(status, body, {"Content-Type": "application/json", **headers})
