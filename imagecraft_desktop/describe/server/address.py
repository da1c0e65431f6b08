"""Which server is meant, and whether pictures may be sent to it.

This machine is trusted. To any other, nothing is sent before the user has allowed it by name; that is
kept in `servers.json` in the program's data folder.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from imagecraft_desktop.errors import ServerAddressWrong, ServerNotKept, ServerNotNamed
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


def allowed() -> dict[str, str]:
    """The hosts that pictures may be sent to, each with the day it was allowed."""
    try:
        kept = json.loads(_file().read_text("utf-8"))
        return {str(host): str(day) for host, day in kept["allowed"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def is_allowed(where: Address) -> bool:
    """Whether pictures may be sent there."""
    return where.is_local or where.host in allowed()


def allow(host: str) -> None:
    """Keep it that pictures may be sent to a host. Raises ServerNotKept."""
    _write(allowed() | {_plain(host): datetime.date.today().isoformat()})


def forget(host: str) -> bool:
    """Take that back; whether it had been allowed. Raises ServerNotKept."""
    kept = allowed()
    was_allowed = kept.pop(_plain(host), None) is not None
    if was_allowed:
        _write(kept)
    return was_allowed


def _plain(host: str) -> str:
    return host.lower().rstrip(".")


def _file() -> Path:
    return paths.data_dir() / "servers.json"


def _write(hosts: dict[str, str]) -> None:
    file = _file()
    new = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps({"allowed": hosts}, indent=1), "utf-8")
        new.replace(file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ServerNotKept(type(error).__name__, reason=reason) from error
