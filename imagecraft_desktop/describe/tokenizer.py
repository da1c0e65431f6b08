"""The tokenizer of a checkpoint as the library `tokenizers` has it; run as a program it answers for `words`.

While the library reads a large one, seconds, it lets no other thread of its process run.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imagecraft_desktop.system.child import serve

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class Unreadable(Exception):
    """The file is no tokenizer. Its text is the library's."""


class Tokens:
    """What is asked of a tokenizer: texts, numbers, and lists of them.

    Raises:
        Unreadable.
    """

    def __init__(self, file: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # the library has no narrower one
            raise Unreadable(f"{type(error).__name__}: {error}") from error

    def encode(self, text: str) -> list[int]:
        """Without tokens that begin or end a text."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Without special tokens and unknown numbers."""
        text: str = self._tokenizer.decode(list(ids), skip_special_tokens=True)
        return text

    def token(self, word: str) -> int | None:
        """The number of a word."""
        found: int | None = self._tokenizer.token_to_id(word)
        return found

    def word(self, token: int) -> str | None:
        """The word of a number."""
        found: str | None = self._tokenizer.id_to_token(token)
        return found

    def special(self) -> list[str]:
        """The words that are added to its vocabulary."""
        return [one.content for one in self._tokenizer.get_added_tokens_decoder().values()]


def main(file: Path) -> None:
    """The child: read the file, and say "unreadable" with a reason when it is; then answer."""
    try:
        tokens = Tokens(file)
    except Unreadable as error:
        serve(lambda _: {}, {"unreadable": str(error)})
        return

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"answer": getattr(tokens, question["ask"])(*question["given"])}
        except Exception as error:  # noqa: BLE001 - it is the caller's, and raised there
            return {"failed": f"{type(error).__name__}: {error}"}

    serve(answer)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
