"""Addresses are fetched within limits, and never from a private network unless that is allowed.

The servers are real and misbehave; they listen on the loopback address.
"""

import contextlib
import gzip
import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.capture import url
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.errors import AddressNotFetched, Cancelled, UnreadableImage
from imagecraft_desktop.values import Origin
from tests.desktop.processes import wait_until
from tests.unit.capture.encoded import FILES, SVG, is_halves


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers each path in its own bad way."""

    protocol_version = "HTTP/1.1"
    seen: list = []

    def log_message(self, *_):
        pass

    def reply(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in ({"Content_Length": len(body)} | headers).items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.seen.append((self.path, dict(self.headers)))
        name = self.path.partition("?")[0].strip("/").split("/")[0]
        self.close_connection = True
        with contextlib.suppress(OSError):  # the client has gone
            getattr(self, "do_" + name.partition(".")[0])()

    def do_good(self):
        self.reply(FILES["png"], Content_Type="image/png")

    def do_lying(self):
        self.reply(FILES["jpeg"], Content_Type="text/html")

    def do_packed(self):
        self.reply(gzip.compress(SVG), Content_Encoding="gzip")

    def do_page(self):
        self.reply(b"<!doctype html><html>no</html>" + bytes(9), Content_Type="image/png")

    def do_pagelong(self):
        self.reply(b"<html>" + b"a" * 900_000, Content_Type="image/png")

    def do_empty(self):
        self.reply(b"")

    def do_missing(self):
        self.reply(b"gone", 404)

    def do_loop(self):
        self.reply(b"", 302, Location="/loop?" + "x" * len(self.path))

    def do_hops(self):
        left = int(self.path.rpartition("/")[2])
        self.reply(b"", 307, Location=f"/hops/{left - 1}" if left > 1 else "/good.png")

    def do_elsewhere(self):
        self.reply(b"", 301, Location=self.path.partition("?")[2])

    def do_nowhere(self):
        self.reply(b"", 302)

    def do_cut(self):
        self.reply(FILES["png"], Content_Length=len(FILES["png"]) + 100)

    def do_chunked(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"10\r\n" + FILES["png"][:16] + b"\r\nzz\r\nnonsense")

    def do_huge(self):
        self.reply(FILES["png"], Content_Length=10**12)

    def do_endless(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(FILES["png"])
        while True:
            self.wfile.write(bytes(65_536))

    def do_slow(self):
        self.send_response(200)
        self.end_headers()
        for byte in FILES["png"]:
            self.wfile.write(bytes([byte]))
            time.sleep(0.1)

    def do_slowhead(self):
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 5000:
            self.wfile.write(bytes([byte]))
            time.sleep(0.1)

    def do_silent(self):
        time.sleep(3)

    def do_nonsense(self):
        self.wfile.write(b"\0\1\2 what?\r\n\r\n")

    def do_hangup(self):
        self.connection.shutdown(socket.SHUT_RDWR)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a client that leaves early is what is tested


@pytest.fixture(scope="module")
def site():
    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(Handler, "seen", [])
    monkeypatch.setattr(url, "TOTAL_S", 5)
    monkeypatch.setattr(url, "SILENCE_S", 1)


def fetch(address):
    return url.fetch(address, allow_private=True)


@pytest.mark.parametrize("path", ["/good.png", "/lying", "/packed", "/hops/5"])
def test_picture_is_fetched_whatever_its_type_is_called(site, path):
    capture = fetch(site + path)
    assert capture.origin is Origin.URL
    assert is_halves(to_picture(capture).pixels)


def test_request_tells_nothing_about_the_user(site):
    fetch(site.replace("http://", "http://ann:secret@") + "/good.png?a=b c&ü=1#part")
    ((path, headers),) = Handler.seen
    assert path == "/good.png?a=b%20c&%C3%BC=1"
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert headers["Host"] == site.partition("//")[2]
    assert headers["User-Agent"] == "imagecraft-desktop"


def test_spoken_name_has_no_password_and_no_query(site):
    with pytest.raises(AddressNotFetched) as error:
        fetch(site.replace("http://", "http://ann:secret@") + "/missing?token=secret")
    assert (
        error.value.spoken
        == "127.0.0.1/missing could not be fetched: the server answered 404; check the address, or open it in a browser."
    )


def test_proxies_of_the_environment_are_not_used(site, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetch(site + "/good.png").content == FILES["png"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/missing", "the server answered 404"),
        ("/nowhere", "the server answered 302"),
        ("/loop", "it was redirected too often"),
        ("/hops/6", "it was redirected too often"),
        ("/elsewhere?file:///etc/passwd", "it is not a web address"),
        ("/elsewhere?http://[::1", "it is not a web address"),
        ("/cut", "the connection was cut off"),
        ("/chunked", "the connection was cut off"),
        ("/hangup", "the connection was cut off"),
        ("/silent", "the server does not answer"),
        ("/nonsense", "the server gave an answer that makes no sense"),
    ],
)
def test_bad_answers_have_their_own_reasons(site, path, said):
    with pytest.raises(AddressNotFetched) as error:
        fetch(site + path)
    assert error.value.words["reason"].startswith(f"{said}; ")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/page", "it is not a kind of picture that can be opened here"),
        ("/pagelong", "it is a web page, not a picture"),
        ("/empty", "the file is empty"),
        ("/huge", "it is larger than 50 megabytes"),
    ],
)
def test_what_is_no_picture_is_named(site, path, said):
    with pytest.raises(UnreadableImage) as error:
        fetch(site + path)
    assert error.value.words["reason"].startswith(f"{said}; ")


def test_endless_answer_ends_at_the_limit(site, monkeypatch):
    monkeypatch.setattr(url, "MOST_BYTES", 3 * 1024**2)
    with pytest.raises(UnreadableImage, match="larger than 3 megabytes"):
        fetch(site + "/endless")


@pytest.mark.parametrize("path", ["/slow", "/slowhead"])
def test_trickle_ends_after_the_whole_time_and_leaves_no_thread(site, path, monkeypatch):
    monkeypatch.setattr(url, "TOTAL_S", 1)
    # the server would go on for much longer, and end otherwise
    with pytest.raises(AddressNotFetched, match="it took longer than 1 seconds"):
        fetch(site + path)
    wait_until(lambda: all(t.name != "fetch" for t in threading.enumerate()), "the thread's end")


def test_what_is_not_wanted_any_more_ends_at_once_and_leaves_no_thread(site):
    def tick():
        if Handler.seen:
            raise Cancelled

    with pytest.raises(Cancelled):
        url.fetch(site + "/slow", True, tick)
    wait_until(lambda: all(t.name != "fetch" for t in threading.enumerate()), "the thread's end")


def test_name_lookup_that_hangs_is_bounded(monkeypatch):
    monkeypatch.setattr(url, "TOTAL_S", 0.3)
    release = threading.Event()
    monkeypatch.setattr(url.socket, "getaddrinfo", lambda *_, **__: release.wait(5) and [])
    with pytest.raises(AddressNotFetched, match="it took longer"):
        fetch("http://example.com/a.png")
    release.set()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://example.com/a.png", "it is not a web address"),
        ("http:///a.png", "it is not a web address"),
        ("http://[::1", "it is not a web address"),
        ("http://example.com:port/", "it is not a web address"),
        ("http://no-such-host.invalid/a.png", "there is no such server, or no network"),
        (f"http://{'a' * 70}.com/", "there is no such server, or no network"),
        ("http://127.0.0.1:1/", "the server does not answer"),
    ],
)
def test_bad_addresses_have_their_own_reasons(address, said):
    with pytest.raises(AddressNotFetched) as error:
        fetch(address)
    assert error.value.words["reason"].startswith(f"{said}; ")


# --- private networks ----------------------------------------------------------------------------

PRIVATE = strings.FETCH_PRIVATE


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_own_machine_is_refused_under_every_name(site, host):
    port = site.rpartition(":")[2]
    with pytest.raises(AddressNotFetched) as error:
        url.fetch(f"http://{host}:{port}/good.png")
    assert error.value.words["reason"] == PRIVATE
    assert Handler.seen == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::5db8:d822", True),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("127.9.9.9", False),
        ("169.254.169.254", False),
        ("172.31.0.1", False),
        ("192.0.0.1", False),
        ("192.0.0.8", False),
        ("192.168.1.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:a9fe:a9fe", False),
        ("2002:7f00:1::", False),
        ("2001:0:1:1::80ff:fffe", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("64:ff9b:1:7f00:0:100:808:808", False),  # 127.0.0.1 as a /48 holds it
        ("64:ff9b:1::808:808", False),
        ("fc00::1", False),
        ("fd12::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
    ],
)
def test_address_is_public_or_not(address, public):
    assert url.is_public(address) is public


def answers(monkeypatch, *rounds):
    """Let each lookup give the next round of addresses; count them."""
    asked = []

    def look_up(host, port, **_):
        asked.append(host)
        found = rounds[min(len(asked), len(rounds)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(url.socket, "getaddrinfo", look_up)
    return asked


def test_name_that_turns_private_after_the_check_gains_nothing(site, monkeypatch):
    asked = answers(monkeypatch, ["192.0.2.0"], ["127.0.0.1"])
    monkeypatch.setattr(url, "is_public", lambda ip: ip != "127.0.0.1")
    monkeypatch.setattr(url, "SILENCE_S", 0.2)
    port = site.rpartition(":")[2]
    with pytest.raises(AddressNotFetched, match="does not answer"):
        url.fetch(f"http://rebinding.example:{port}/good.png")
    assert asked == ["rebinding.example"]
    assert Handler.seen == []


def test_redirect_into_the_private_network_is_refused(site, monkeypatch):
    port = site.rpartition(":")[2]
    asked = answers(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    monkeypatch.setattr(url, "is_public", lambda ip: ip == "127.0.0.1")  # stands for the outside
    with pytest.raises(AddressNotFetched) as error:
        url.fetch(f"http://outside.example:{port}/elsewhere?http://inside.example/a.png")
    assert error.value.words["reason"] == PRIVATE
    assert asked == ["outside.example", "inside.example"]
    assert [path for path, _ in Handler.seen] == ["/elsewhere?http://inside.example/a.png"]


def test_private_address_beside_a_public_one_is_passed_over(site, monkeypatch):
    port = site.rpartition(":")[2]
    answers(monkeypatch, ["10.0.0.1", "127.0.0.1"])
    monkeypatch.setattr(url, "is_public", lambda ip: ip == "127.0.0.1")
    reached = []

    class Noting(socket.socket):
        def connect(self, address):
            reached.append(address[0])
            super().connect(address)

    monkeypatch.setattr(url.socket, "socket", Noting)
    assert url.fetch(f"http://outside.example:{port}/good.png").content == FILES["png"]
    assert reached == ["127.0.0.1"]
    assert Handler.seen[0][1]["Host"] == f"outside.example:{port}"


# --- TLS -----------------------------------------------------------------------------------------


@pytest.fixture
def secure(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"https://localhost:{server.server_port}", certificate
        server.shutdown()


def test_server_that_cannot_prove_its_name_is_refused(secure):
    address, _ = secure
    with pytest.raises(AddressNotFetched, match="could not prove who it is"):
        fetch(address + "/good.png")
    assert Handler.seen == []


def test_server_that_the_system_trusts_is_used_under_its_own_name(secure, monkeypatch):
    address, certificate = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(address + "/good.png").content == FILES["png"]
    with pytest.raises(AddressNotFetched, match="could not prove who it is"):
        fetch(address.replace("localhost", "127.0.0.1") + "/good.png")


def test_trickle_under_tls_ends_after_the_whole_time(secure, monkeypatch):
    address, certificate = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(url, "TOTAL_S", 1)
    with pytest.raises(AddressNotFetched, match="it took longer"):
        fetch(address + "/slow")


def test_secure_address_never_leads_to_one_that_is_not(secure, site, monkeypatch):
    address, certificate = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(AddressNotFetched) as error:
        fetch(f"{address}/elsewhere?{site}/good.png")
    assert error.value.words["reason"] == strings.FETCH_LEAVES_SECURE
    assert [path for path, _ in Handler.seen] == [f"/elsewhere?{site}/good.png"]
    assert fetch(f"{address}/elsewhere?{address}/good.png").content == FILES["png"]
    assert fetch(f"{site}/elsewhere?{address}/good.png").content == FILES["png"]


def test_plain_server_behind_a_secure_address_is_named(site):
    with pytest.raises(AddressNotFetched) as error:
        fetch(site.replace("http:", "https:") + "/good.png")
    assert error.value.words["reason"] == strings.FETCH_BAD_ANSWER
