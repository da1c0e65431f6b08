"""Which server is meant, and whether pictures may be sent to it.

This machine is trusted. To any other, nothing is sent before the user has allowed it by name, and without encryption
not before the user has allowed that; both are kept in `servers.json` in the program's data folder.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from imagecraft_desktop.errors import (
    ServerAddressWrong,
    ServerNotAllowed,
    ServerNotAllowedOpen,
    ServerNotKept,
    ServerNotNamed,
)
from imagecraft_desktop.system import paths

_VERSION = "/v1"
_CHAT = "/chat/completions"


@dataclass(frozen=True)
class Address:
    """Where a server is.

    Attributes:
        base: What its paths are added to: "http://127.0.0.1:8080/v1".
        host: Its name, in small letters, without a port: "127.0.0.1".
        is_secure: Whether what is sent cannot be read on its way.
    """

    base: str
    host: str
    is_secure: bool

    @property
    def is_local(self) -> bool:
        """Whether it is said to be this machine."""
        return self.host == "localhost" or is_loopback(self.host)


def read_address(typed: str) -> Address:
    """Understand what was typed: "localhost:11434", "https://box.example/v1".

    Raises:
        ServerNotNamed: Nothing was.
        ServerAddressWrong: It is no address of a server, or holds a password.
    """
    text = typed.strip()
    if not text:
        raise ServerNotNamed
    if "://" not in text:
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ServerAddressWrong("not an address") from error
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    is_bare = text.isascii() and text.isprintable() and " " not in text
    if parts.scheme not in {"http", "https"} or not host or not (is_plain and is_bare):
        raise ServerAddressWrong("not an address")
    path = parts.path.rstrip("/").removesuffix(_CHAT)
    if not path.endswith(_VERSION):
        path += _VERSION
    shown = f"[{host}]" if ":" in host else host
    where = shown if port is None else f"{shown}:{port}"
    return Address(f"{parts.scheme}://{where}{path}", _plain(host), parts.scheme == "https")


def is_loopback(ip: str) -> bool:
    """Whether an IP address leads back into this machine; False for a name."""
    try:
        found = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_loopback


# --- what the user has allowed ---


@dataclass(frozen=True)
class _Kept:
    """What `servers.json` holds.

    Attributes:
        allowed: The hosts, each with the day it was allowed.
        unencrypted: Those of them that were allowed though anyone on the way can read what is sent.
    """

    allowed: dict[str, str]
    unencrypted: frozenset[str]


def allowed() -> dict[str, str]:
    """The hosts that pictures may be sent to, each with the day it was allowed."""
    return _read().allowed


def is_allowed(where: Address) -> bool:
    """Whether pictures may be sent there."""
    kept = _read()
    is_known = where.host in kept.allowed
    return where.is_local or (is_known and (where.is_secure or where.host in kept.unencrypted))


def check_allowed(where: Address) -> None:
    """Refuse an address where nothing may be sent.

    Raises:
        ServerNotAllowed: It is another machine, and the user has not allowed it.
        ServerNotAllowedOpen: The user has allowed it, but not without encryption.
    """
    if not is_allowed(where):
        is_known = where.host in allowed()
        raise (ServerNotAllowedOpen if is_known else ServerNotAllowed)(host=where.host)


def allow(where: Address) -> None:
    """Keep it that pictures may be sent to a host; without encryption only if the address has none. Raises
    ServerNotKept."""
    kept = _read()
    unencrypted = kept.unencrypted if where.is_secure else kept.unencrypted | {where.host}
    today = datetime.date.today().isoformat()
    _write(_Kept(kept.allowed | {where.host: today}, unencrypted))


def forget(host: str) -> bool:
    """Take that back; whether it had been allowed. Raises ServerNotKept."""
    host, kept = _plain(host), _read()
    if host not in kept.allowed:
        return False
    left = {one: day for one, day in kept.allowed.items() if one != host}
    _write(_Kept(left, kept.unencrypted - {host}))
    return True


def _plain(host: str) -> str:
    return host.lower().rstrip(".")


def _file() -> Path:
    return paths.data_dir() / "servers.json"


def _read() -> _Kept:
    """What was written; a spoilt file allows nobody, and an old one nothing without encryption."""
    try:
        kept = json.loads(_file().read_text("utf-8"))
        hosts = {str(host): str(day) for host, day in kept["allowed"].items()}
        unencrypted = kept.get("unencrypted")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return _Kept({}, frozenset())
    known = unencrypted if isinstance(unencrypted, list) else []
    return _Kept(hosts, frozenset(map(str, known)))


def _write(kept: _Kept) -> None:
    file = _file()
    new = file.with_name(file.name + ".new")
    told = {"allowed": kept.allowed, "unencrypted": sorted(kept.unencrypted)}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(told, indent=1), "utf-8")
        new.replace(file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ServerNotKept(type(error).__name__, reason=reason) from error
