"""One request to a server, and its answer piece by piece, whatever the server does.

The request runs in a thread of its own; who waits for it looks at the user's wish to stop twenty times a
second, and lets the thread go with its connection shut. No proxy is used, no redirect followed, no
cookie kept. The key is sent to the host that was named and to no other.
"""

from __future__ import annotations

import json
import queue
import socket
import ssl
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from imagecraft_desktop.describe.server.address import Address, check_allowed, is_loopback
from imagecraft_desktop.errors import (
    ImageCraftError,
    ServerBadRequest,
    ServerBusy,
    ServerCut,
    ServerFailed,
    ServerKeyRefused,
    ServerModelUnknown,
    ServerNonsense,
    ServerNotAllowed,
    ServerNotRunning,
    ServerNotSecure,
    ServerRedirects,
    ServerRefused,
    ServerReplyTooLong,
    ServerSilent,
)
from imagecraft_desktop.values import Tick

if TYPE_CHECKING:
    import httpx2

MOST_BYTES = 4 * 1024 * 1024
"""Of an answer. The words of a description are some thousand; what is sent around them is much more."""
_CONNECT_S = 10.0
_LOOK_S = 0.05
_SPARE_S = 5.0
_DONE = "[DONE]"
_EVENTS = "text/event-stream"
_PLAIN = {"", "identity"}
_BAD_REQUEST = {400, 422}
"""What servers say of a request with something that they do not know."""


class Sent:
    """The server has been reached, and what was to be sent is on its way."""


class Done:
    """The server has said that its answer is whole."""


@dataclass(frozen=True)
class Question:
    """What is asked of a server.

    Attributes:
        path: After the address: "/models".
        body: Sent as JSON; None to ask without.
        key: See `values.Server.key`.
        wait_s: The longest silence.
        model: For what is told of a failure.
    """

    where: Address
    path: str
    body: Mapping[str, Any] | None
    key: str
    wait_s: float
    model: str = ""


def ask(question: Question, tick: Tick) -> Generator[Sent | Done | dict[str, Any]]:
    """Send a question; yield that it was sent, then each object of the answer as it comes, and at last that it is whole,
    where that is known.

    Closing the iterator, or an error of `tick`, shuts the connection.

    Raises:
        ServerError: One of its kinds.
        Cancelled: From `tick`.
    """
    check_allowed(question.where)
    talk = _Talk(question)
    thread = threading.Thread(target=talk.run, name="server", daemon=True)
    thread.start()
    try:
        last = time.monotonic()
        while True:
            tick()
            try:
                came = talk.told.get(timeout=_LOOK_S)
            except queue.Empty:
                if time.monotonic() - last > question.wait_s:
                    raise talk.error(ServerSilent, seconds=round(question.wait_s)) from None
                continue
            if came is None:
                return
            if isinstance(came, BaseException):
                raise came
            yield came
            last = time.monotonic()  # while it was spoken, nobody waited
    finally:
        talk.abandon()


class _AbandonedError(Exception):
    """Nobody waits for the answer any more."""


class _Talk:
    """The thread's work."""

    def __init__(self, question: Question) -> None:
        self._asked = question
        self.told: queue.SimpleQueue[Sent | Done | dict[str, Any] | BaseException | None] = (
            queue.SimpleQueue()
        )
        self._abandoned = threading.Event()
        self._socket: socket.socket | None = None

    def error(
        self, kind: type[ImageCraftError], detail: str = "", **words: object
    ) -> ImageCraftError:
        return kind(detail, host=self._asked.where.host, **words)

    def run(self) -> None:
        try:
            self._talk()
        except _AbandonedError:
            return
        except BaseException as error:  # noqa: BLE001 - raised again where the answer is awaited
            self.told.put(error)
        else:
            self.told.put(None)

    def abandon(self) -> None:
        """End the thread: its socket gives no more bytes."""
        self._abandoned.set()
        if self._socket is not None:
            with suppress(OSError):  # it was closed already
                # not the method of the SSL socket, which would change what the thread is using
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _talk(self) -> None:
        import httpx2

        asked = self._asked
        headers = {"User-Agent": "imagecraft-desktop", "Accept-Encoding": "identity"}
        if asked.key:
            headers["Authorization"] = f"Bearer {asked.key}"
        # who waits sees a silent server first
        timeout = httpx2.Timeout(asked.wait_s + _SPARE_S, connect=min(_CONNECT_S, asked.wait_s))
        try:
            with (
                httpx2.Client(
                    trust_env=False, timeout=timeout, verify=_trusted(asked.where)
                ) as client,
                client.stream(
                    "GET" if asked.body is None else "POST",
                    asked.where.base + asked.path,
                    json=asked.body,
                    headers=headers,
                    follow_redirects=False,
                    extensions={"trace": self._follow},
                ) as response,
            ):
                self._read(response)
        except httpx2.SSEError as error:
            raise self.error(ServerReplyTooLong) from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            kind = ServerNotSecure if _is_about_security(error) else ServerNotRunning
            raise self.error(kind, type(error).__name__) from error
        except httpx2.TimeoutException as error:
            raise self.error(ServerSilent, seconds=round(asked.wait_s)) from error
        except (httpx2.TransportError, httpx2.StreamError) as error:
            raise self.error(ServerCut, type(error).__name__) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError, ValueError) as error:
            raise self.error(ServerNonsense, type(error).__name__) from error

    def _follow(self, event: str, facts: Mapping[str, Any]) -> None:
        """httpx2 tells of each step; nothing is sent after the user has stopped."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._take(facts["return_value"])
        elif (
            self._abandoned.is_set() and "close" not in event
        ):  # what is closed must be closed whole
            raise _AbandonedError
        if event.endswith("send_request_body.started"):
            self.told.put(Sent())

    def _take(self, stream: Any) -> None:
        """Keep the socket of a new connection, unless it must not be used."""
        self._socket = stream.get_extra_info("socket")
        host, *_ = stream.get_extra_info("server_addr")
        is_led_away = self._asked.where.is_local and not is_loopback(str(host))
        if not (is_led_away or self._abandoned.is_set()):
            return
        stream.close()  # httpx2 does not know it yet
        if is_led_away:
            raise self.error(ServerNotAllowed, "a local name that leads elsewhere")
        raise _AbandonedError

    def _read(self, response: httpx2.Response) -> None:
        import httpx2

        if response.headers.get("Content-Encoding", "") not in _PLAIN:
            raise self.error(ServerNonsense, "a compressed answer")
        if response.status_code != httpx2.codes.OK:
            raise self._refusal(response)
        if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _EVENTS:
            self.told.put(self._object(self._whole(response)))
            self.told.put(Done())
            return
        size = 0
        for event in httpx2.EventSource(response, max_event_size=MOST_BYTES):
            if event.data.strip() == _DONE:
                self.told.put(Done())
                return
            size += len(event.data)
            if size > MOST_BYTES:
                raise self.error(ServerReplyTooLong)
            self.told.put(self._object(event.data))

    def _whole(self, response: httpx2.Response) -> bytes:
        body = bytearray()
        for block in response.iter_bytes():
            body += block
            if len(body) > MOST_BYTES:
                raise self.error(ServerReplyTooLong)
        return bytes(body)

    def _object(self, text: str | bytes) -> dict[str, Any]:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self.error(ServerNonsense, "not JSON") from error
        if not isinstance(found, dict):
            raise self.error(ServerNonsense, "not an object")
        if found.get("error"):
            raise self.error(ServerFailed, "an error in the answer")
        return found

    def _refusal(self, response: httpx2.Response) -> ImageCraftError:
        """What a status other than "OK" means."""
        import httpx2

        codes, status = httpx2.codes, response.status_code
        if codes.is_redirect(status):
            other = _host_of(response.headers.get("Location", ""))
            return self.error(ServerRedirects if other else ServerNonsense, other=other)
        if status in {codes.UNAUTHORIZED, codes.FORBIDDEN}:
            return self.error(ServerKeyRefused, f"status {status}")
        if status == codes.NOT_FOUND:
            return self._not_found(response)
        if status == codes.TOO_MANY_REQUESTS:
            return self.error(ServerBusy)
        kind = ServerFailed if codes.is_server_error(status) else ServerRefused
        if status in _BAD_REQUEST:
            kind = ServerBadRequest
        return self.error(kind, f"status {status}")

    def _not_found(self, response: httpx2.Response) -> ImageCraftError:
        """A server that knows the way but not the model says so in JSON; any other has no such way."""
        try:
            is_chat = "error" in json.loads(self._whole(response))
        except (ValueError, TypeError, RecursionError):
            is_chat = False
        if is_chat and self._asked.model:
            return self.error(ServerModelUnknown, model=self._asked.model)
        return self.error(ServerNonsense, "status 404")


def _trusted(where: Address) -> ssl.SSLContext:
    """What the server's certificate is checked against: the system's own list of authorities."""
    if not where.is_secure:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and costs nothing to make
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _is_about_security(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _host_of(target: str) -> str:
    """The host in an address that the server gave, short enough to be said."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(target).hostname or ""
    except ValueError:
        host = ""
    return host[:100]
