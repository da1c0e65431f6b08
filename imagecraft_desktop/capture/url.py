"""Fetches a picture from the web.

It runs only for an address that the user gave on the command line. It sends no cookies, no name
and no referrer, and knows no proxies: a proxy would make the check of the server's address void.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from imagecraft_desktop import strings
from imagecraft_desktop.capture.sniff import HEAD_BYTES, sniff, why_refused
from imagecraft_desktop.errors import AddressNotFetched, CaptureError, UnreadableImage
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Capture, Origin, Tick

MOST_BYTES = 50 * 1024 * 1024
MOST_REDIRECTS = 5
TOTAL_S = 30
"""Longest time from the call to the last byte, whatever the network and the server do."""
SILENCE_S = 10
"""Longest wait for a connection, and for each next byte."""

_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK_BYTES = 65_536
_LOOK_S = 0.05
_SAFE = "/%:=&?~+!$,;'@()*[]"
_HEADERS = {
    "User-Agent": "imagecraft-desktop",
    "Accept": "image/*,application/pdf;q=0.9,*/*;q=0.1",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")
"""Kept for protocols between routers; older Pythons call some of it global."""


def fetch(url: str, allow_private: bool = False, tick: Tick = lambda: None) -> Capture:
    """Fetch an image file.

    Args:
        url: An http or https address.
        allow_private: Let it lead into the user's own machine or network.
        tick: Raises Cancelled when the picture is not wanted any more.
    Raises:
        Cancelled: From `tick`.
        AddressNotFetched: With the reason: no network, too slow, private, redirected too often.
        UnreadableImage: What is there is no picture, or larger than `MOST_BYTES`.
    """
    fetching = _Fetching(url, allow_private)
    # in a thread, because nothing else bounds the time of a name lookup
    threading.Thread(target=fetching.run, name="fetch", daemon=True).start()
    try:
        data = fetching.wait(tick)
    finally:
        fetching.abandon()
    return Capture(Origin.URL, fetching.name, data)


class _Fetching:
    """One address on its way, through its redirects."""

    def __init__(self, url: str, allow_private: bool) -> None:
        self.answer: Future[bytes] = Future()
        self.name = _spoken_name(url)
        self._url = url
        self._allow_private = allow_private
        self._socket: socket.socket | None = None
        self._abandoned = threading.Event()

    def failed(self, message: str, **words: object) -> AddressNotFetched:
        return AddressNotFetched(name=self.name, reason=say(message, **words))

    def wait(self, tick: Tick) -> bytes:
        """The picture, once it is there. Raises as `fetch`."""
        end_s = time.monotonic() + TOTAL_S
        while True:
            try:
                return self.answer.result(timeout=_LOOK_S)
            except NotYet as error:
                if self.answer.done():  # perhaps with such an error of its own
                    return self.answer.result()
                if time.monotonic() >= end_s:
                    raise self.failed(strings.FETCH_TOO_SLOW, seconds=TOTAL_S) from error
            tick()

    def run(self) -> None:
        """The thread's work: whatever happens is handed to the caller."""
        try:
            self.answer.set_result(self._follow())
        except BaseException as error:  # noqa: BLE001 - raised again where the answer is awaited
            self.answer.set_exception(error)

    def abandon(self) -> None:
        """End the thread: its socket gives no more bytes."""
        self._abandoned.set()
        self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # it was closed already
                # not the method of the SSL socket, which would change what the thread is using
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _follow(self) -> bytes:
        url = self._url
        is_secure = False
        for _ in range(MOST_REDIRECTS + 1):
            parts = self._checked(url)
            if is_secure and parts.scheme != "https":
                raise self.failed(strings.FETCH_LEAVES_SECURE)
            is_secure = parts.scheme == "https"
            try:
                data, target = self._ask(parts)
            except CaptureError:
                raise
            except ssl.SSLCertVerificationError as error:
                raise self.failed(strings.FETCH_NOT_SECURE) from error
            except TimeoutError as error:
                raise self.failed(strings.FETCH_NO_ANSWER) from error
            except (http.client.IncompleteRead, ConnectionError, ssl.SSLEOFError) as error:
                raise self.failed(strings.FETCH_CUT_OFF) from error
            except (http.client.HTTPException, ssl.SSLError, ValueError) as error:
                raise self.failed(strings.FETCH_BAD_ANSWER) from error
            except OSError as error:
                raise self.failed(strings.FETCH_NO_ANSWER) from error
            if not target:
                return data
            url = self._joined(url, target)
        raise self.failed(strings.FETCH_TOO_MANY_REDIRECTS)

    def _joined(self, url: str, target: str) -> str:
        try:
            return urljoin(url, target)
        except ValueError as error:
            raise self.failed(strings.FETCH_BAD_ADDRESS) from error

    def _checked(self, url: str) -> SplitResult:
        """The parts of an http or https address. Raises AddressNotFetched."""
        try:
            parts = urlsplit(url)
            _ = parts.port  # raises when it is no number
        except ValueError as error:
            raise self.failed(strings.FETCH_BAD_ADDRESS) from error
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise self.failed(strings.FETCH_BAD_ADDRESS)
        return parts

    def _ask(self, parts: SplitResult) -> tuple[bytes, str]:
        """What the server gave, or the address that it sends us on to."""
        host = str(parts.hostname)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = http.client.HTTPConnection(host, port, timeout=SILENCE_S)
        try:
            connection.sock = self._socket = self._connected(host, port)
            if parts.scheme == "https":
                connection.sock = self._socket = _secured(self._socket, host)
            path = quote(parts.path or "/", safe=_SAFE)
            query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
            headers = _HEADERS | {"Host": _host_header(parts)}
            connection.request("GET", path + query, headers=headers)
            with connection.getresponse() as response:
                target = response.getheader("Location")
                if response.status in _REDIRECTS and target:
                    return b"", target
                if response.status != http.client.OK:
                    raise self.failed(strings.FETCH_STATUS, status=response.status)
                return self._body(response), ""
        finally:
            connection.close()

    def _connected(self, host: str, port: int) -> socket.socket:
        """A connection to one of the host's addresses, each of them checked before.

        The name is looked up once and the socket goes to the very address that was checked, so
        a name server that answers differently the second time gains nothing.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise self.failed(strings.FETCH_UNKNOWN_HOST) from error
        allowed = [f for f in found if self._allow_private or is_public(str(f[4][0]))]
        if not allowed:
            raise self.failed(strings.FETCH_PRIVATE)
        problem: OSError = TimeoutError()
        for family, kind, protocol, _, address in allowed:
            if self._abandoned.is_set():
                break
            self._socket = socket.socket(family, kind, protocol)
            self._socket.settimeout(SILENCE_S / len(allowed))
            try:
                self._socket.connect(address)
            except OSError as error:
                self._socket.close()
                problem = error
            else:
                self._socket.settimeout(SILENCE_S)
                return self._socket
        raise self.failed(strings.FETCH_NO_ANSWER) from problem

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        if (response.length or 0) > MOST_BYTES:
            raise self._too_big()
        data = bytearray()
        while chunk := response.read(_CHUNK_BYTES):
            known = len(data) >= HEAD_BYTES
            data += chunk
            if len(data) > MOST_BYTES:
                raise self._too_big()
            if not known and len(data) >= HEAD_BYTES:
                self._check_kind(data)
        if response.length:
            raise self.failed(strings.FETCH_CUT_OFF)
        self._check_kind(data)
        return bytes(data)

    def _too_big(self) -> UnreadableImage:
        reason = say(strings.FETCH_TOO_BIG, megabytes=MOST_BYTES // 1024**2)
        return UnreadableImage(name=self.name, reason=reason)

    def _check_kind(self, data: bytearray) -> None:
        """Stop early when it is no picture, whatever type the server claims."""
        head = bytes(data[:HEAD_BYTES])
        if sniff(head) is None:
            raise UnreadableImage(name=self.name, reason=say(why_refused(head)))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it wraps another one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip.teredo is not None:
            inner = ip.teredo[1]
        elif ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    elif ip in _PROTOCOLS:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """The connection under TLS, the server checked against the system's own list of authorities."""
    import truststore

    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context.wrap_socket(plain, server_hostname=host)


def _host_header(parts: SplitResult) -> str:
    """The host, and the port when it was given; without the user's name and password."""
    host = parts.netloc.rpartition("@")[2]
    return host if host.isascii() else host.encode("idna").decode()


def _spoken_name(url: str) -> str:
    """The address as the user hears it: host and path, without passwords and queries."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}{parts.path}" if parts.hostname else url
    except ValueError:
        return url
