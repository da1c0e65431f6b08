"""A checkpoint's own tokenizer: words to numbers and back. Used by the captioners."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.describe import tokenizer
from imagecraft_desktop.errors import ChildFailed
from imagecraft_desktop.system.child import Partner
from imagecraft_desktop.values import Tick
from imagecraft_desktop.weights.checkpoint import damaged, missing

log = logging.getLogger(__name__)

NAME = "tokenizer.json"
_LARGE_BYTES = 2_000_000
"""A larger one is read by a child: here nothing would be heard for more than a twentieth of a second, thrice that
on a slow machine."""
_TIME_OUT_S = 60.0


class Words:
    """See the module. A large tokenizer lies in a process of its own until `end`, or until nobody holds this.

    Args:
        tick: Asked many times a second while a large one is read.
    Raises:
        ModelMissing, ModelDamaged: The folder has no tokenizer.json, or no readable one.
    """

    def __init__(self, folder: Path, tick: Tick) -> None:
        self._folder = folder
        self._file = folder / NAME
        if not self._file.is_file():
            raise missing(folder, strings.MODEL_FILE_MISSING, file=NAME)
        self._partner: Partner | None = None
        self._tokens: tokenizer.Tokens | None = None
        if self._file.stat().st_size > _LARGE_BYTES:
            self._partner = self._start(tick)
        if self._partner is None:
            self._tokens = self._read()

    def encode(self, text: str) -> list[int]:
        """The tokens of a text, without any that begin or end it."""
        ids: list[int] = self._ask("encode", text)
        return ids

    def token(self, word: str) -> int:
        """The number of a special token such as "<bos>". Raises ModelDamaged when there is none."""
        found: int | None = self._ask("token", word)
        if found is None:
            raise self._damaged()
        return found

    def word(self, token: int) -> str:
        """What a special token is written as. Raises ModelDamaged when there is no such token."""
        found: str | None = self._ask("word", token)
        if found is None:
            raise self._damaged()
        return found

    def harmless(self, text: str) -> str:
        """A user's text without words that are special tokens."""
        special: list[str] = self._ask("special")
        for word in sorted(special, key=len, reverse=True):
            if word.strip():
                text = text.replace(word, " ")
        return text

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, without the special ones; unknown numbers are left out."""
        text: str = self._ask("decode", [int(one) for one in ids])
        return text

    def end(self) -> None:
        """Give back the process and the memory of a large one, which is not to be asked any more."""
        if self._partner is not None:
            self._partner.end()

    def _ask(self, what: str, *given: object) -> Any:
        """What `Tokens` answers. Raises ValueError when it cannot."""
        if self._partner is not None:
            try:
                answer = self._partner.ask({"ask": what, "given": given})
            except ChildFailed as error:
                self._give_up(error)
            else:
                if "failed" in answer:
                    raise ValueError(answer["failed"])
                return answer["answer"]
        if self._tokens is None:
            self._tokens = self._read()
        return getattr(self._tokens, what)(*given)

    def _start(self, tick: Tick) -> Partner | None:
        """The child that has read it; None when there can be none. Raises ModelDamaged, and what `tick` raises."""
        try:
            partner = Partner(tokenizer.__name__, str(self._file.absolute()))
            first = partner.wait(_TIME_OUT_S, tick)
        except (ChildFailed, TimeoutError, OSError) as error:
            self._give_up(error)
            return None
        if "unreadable" in first:
            partner.end()
            raise self._damaged() from tokenizer.Unreadable(first["unreadable"])
        return partner

    def _give_up(self, error: Exception) -> None:
        self.end()
        self._partner = None
        log.warning("no process of its own for a tokenizer, it is read here: %r", error)

    def _read(self) -> tokenizer.Tokens:
        try:
            return tokenizer.Tokens(self._file)
        except tokenizer.Unreadable as error:
            raise self._damaged() from error

    def _damaged(self) -> Exception:
        return damaged(self._folder, strings.MODEL_FILE_DAMAGED, file=NAME)
