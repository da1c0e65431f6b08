"""Which server is meant, and whether it may be asked."""

from __future__ import annotations

import pytest

from imagecraft_desktop.describe.server import open_address
from imagecraft_desktop.describe.server.address import (
    allow,
    allowed,
    forget,
    is_loopback,
    read_address,
)
from imagecraft_desktop.errors import (
    ServerAddressWrong,
    ServerNotAllowed,
    ServerNotAllowedOpen,
    ServerNotKept,
    ServerNotNamed,
)
from imagecraft_desktop.system import paths
from imagecraft_desktop.values import Server


@pytest.mark.parametrize(
    ("typed", "base", "host"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080/v1", "127.0.0.1"),
        (" localhost:11434 ", "http://localhost:11434/v1", "localhost"),
        ("https://Box.Example/v1/", "https://box.example/v1", "box.example"),
        ("http://box.example./api", "http://box.example./api/v1", "box.example"),
        ("http://box:1234/v1/chat/completions", "http://box:1234/v1", "box"),
        ("[::1]:8080", "http://[::1]:8080/v1", "::1"),
    ],
)
def test_what_is_typed_is_understood(typed: str, base: str, host: str):
    found = read_address(typed)
    assert (found.base, found.host) == (base, host)
    assert found.is_secure is base.startswith("https:")


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://box",
        "http://",
        "http://user:secret@box",
        "http://user@box",
        "box:notaport",
        "box:99999",
        "http://box/v1?key=secret",
        "http://box/#v1",
        "two words",
        "http://[::1",
        "b\u00f6x",
        "box\nHost: other",
    ],
)
def test_what_is_no_plain_address_is_refused(typed: str):
    with pytest.raises(ServerAddressWrong):
        read_address(typed)


def test_an_empty_address_is_none():
    with pytest.raises(ServerNotNamed, match="settings set server_address"):
        read_address("  ")


@pytest.mark.parametrize(
    ("ip", "is_it"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("127.1", False),
        ("127.0.0.1.example", False),
    ],
)
def test_this_machine_is_known_by_its_addresses(ip: str, is_it: bool):
    assert is_loopback(ip) is is_it


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "https://[::1]"])
def test_this_machine_needs_no_permission(host: str):
    assert open_address(Server(host)).is_local


@pytest.mark.parametrize("host", ["box", "192.168.0.7:8080", "localhost.example", "0.0.0.0:80"])
def test_another_machine_must_be_allowed_once(host: str):
    with pytest.raises(ServerNotAllowed, match="server allow"):
        open_address(Server(host))
    allow(read_address(host))
    assert not open_address(Server(host)).is_local
    with pytest.raises(ServerNotAllowed):
        open_address(Server("other." + host))
    assert forget(read_address(host).host)
    with pytest.raises(ServerNotAllowed):
        open_address(Server(host))


def test_what_is_allowed_is_kept_with_its_day():
    allow(read_address("Box.example."))
    allow(read_address("two.example"))
    assert list(allowed()) == ["box.example", "two.example"]
    assert not forget("three.example")


def test_who_allows_a_machine_over_https_has_not_allowed_it_without_encryption():
    allow(read_address("https://box"))
    assert open_address(Server("https://box:8443")).is_secure
    with pytest.raises(ServerNotAllowedOpen, match="server allow http://box"):
        open_address(Server("http://box"))
    allow(read_address("http://box"))
    assert not open_address(Server("box:8080")).is_secure
    allow(read_address("https://box"))
    assert not open_address(Server("box:8080")).is_secure, "what was allowed stays"
    assert forget("box")
    for typed in ("https://box", "http://box"):
        with pytest.raises(ServerNotAllowed, match="you have not allowed it"):
            open_address(Server(typed))
    allow(read_address("https://box"))
    with pytest.raises(ServerNotAllowedOpen):
        open_address(Server("http://box"))


@pytest.mark.parametrize("more", ["", ', "unencrypted": 1', ', "unencrypted": {"box": 1}'])
def test_a_list_that_does_not_tell_of_encryption_allows_https_alone(more: str):
    """Such as one from before that was asked."""
    paths.data_dir().mkdir(parents=True)
    (paths.data_dir() / "servers.json").write_text('{"allowed": {"box": "2026-01-01"}' + more + "}")
    assert open_address(Server("https://box")).host == "box"
    with pytest.raises(ServerNotAllowedOpen):
        open_address(Server("http://box"))


@pytest.mark.parametrize("content", ["", "[]", '{"allowed": ["box"]}', '{"allowed": 1}', "\xff"])
def test_a_spoilt_list_allows_nobody(content: str):
    paths.data_dir().mkdir(parents=True)
    (paths.data_dir() / "servers.json").write_text(content, "latin-1")
    assert allowed() == {}


def test_a_list_that_cannot_be_written_is_told():
    paths.data_dir().parent.mkdir(parents=True, exist_ok=True)
    paths.data_dir().write_text("in the way")
    with pytest.raises(ServerNotKept):
        allow(read_address("box"))


def test_the_key_is_not_in_what_is_logged():
    assert "secret" not in repr(Server("box", key="secret"))
