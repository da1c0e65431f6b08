"""Asks, in the settings window, whether pictures may be sent to a server on another machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from imagecraft_desktop import strings
from imagecraft_desktop.errors import ServerError
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.confirm import confirm

if TYPE_CHECKING:
    from imagecraft_desktop.describe.server.address import Address

CAPTIONER = "server"
"""The name of the one that sends pictures."""


class ServerConsent:
    """What was allowed holds until it is taken back; without an answer nothing is allowed.

    Args:
        window: Whom the question belongs to.
        tell: Says how it went.
    """

    def __init__(self, window: Callable[[], QWidget | None], tell: Callable[[str], object]) -> None:
        self._window = window
        self._tell = tell

    def ask(self, typed: str) -> None:
        """Ask when the address is of another machine that is not allowed yet, or not without encryption."""
        from imagecraft_desktop.describe.server import address

        try:
            where = address.read_address(typed)
        except ServerError:
            return  # no server is named, and so nothing sent
        if not address.is_allowed(where):
            self._ask(where)

    def change(self, typed: str) -> None:
        """The user wants to allow the machine, or to take that back."""
        from imagecraft_desktop.describe.server import address

        try:
            where = address.read_address(typed)
        except ServerError:
            self._tell(say(strings.SERVER_NONE_TYPED))
            return
        if where.is_local:
            self._tell(say(strings.SERVER_IS_LOCAL, host=where.host))
        elif address.is_allowed(where):
            question = say(strings.SERVER_SURE_FORGET, host=where.host)
            confirm(self._window(), question, lambda: self._forget(where.host))
        else:
            self._ask(where)

    def _ask(self, where: Address) -> None:
        from imagecraft_desktop.describe.server import address

        sentences = [say(strings.SERVER_TERMS, host=where.host)]
        if not where.is_secure:
            sentences.append(say(strings.SERVER_TERMS_OPEN))
        sentences.append(say(strings.SERVER_CONFIRM))
        is_known = where.host in address.allowed()
        stays = strings.SERVER_STAYS_ENCRYPTED if is_known else strings.SERVER_STAYS_FORBIDDEN
        confirm(
            self._window(),
            " ".join(sentences),
            lambda: self._allow(where),
            lambda: self._tell(say(stays, host=where.host)),
        )

    def _allow(self, where: Address) -> None:
        from imagecraft_desktop.describe.server import address

        try:
            address.allow(where)
        except ServerError as error:
            self._tell(error.spoken)
        else:
            self._tell(say(strings.SERVER_IS_ALLOWED, host=where.host))

    def _forget(self, host: str) -> None:
        from imagecraft_desktop.describe.server import address

        try:
            address.forget(host)
        except ServerError as error:
            self._tell(error.spoken)
        else:
            self._tell(say(strings.SERVER_FORGOTTEN, host=host))
