"""A checkpoint's own tokenizer: words to numbers and back. Used by the captioners."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.weights.checkpoint import damaged, missing

if TYPE_CHECKING:
    from tokenizers import Tokenizer

NAME = "tokenizer.json"


class Words:
    """See the module.

    Raises:
        ModelMissing, ModelDamaged: The folder has no tokenizer.json, or no readable one.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._folder = folder
        if not (folder / NAME).is_file():
            raise missing(folder, strings.MODEL_FILE_MISSING, file=NAME)
        try:
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / NAME))
        except Exception as error:  # the library has no narrower one
            raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=NAME) from error

    def encode(self, text: str) -> list[int]:
        """The tokens of a text, without any that begin or end it."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def token(self, word: str) -> int:
        """The number of a special token such as "<bos>". Raises ModelDamaged when there is none."""
        found: int | None = self._tokenizer.token_to_id(word)
        if found is None:
            raise damaged(self._folder, strings.MODEL_FILE_DAMAGED, file=NAME)
        return found

    def word(self, token: int) -> str:
        """What a special token is written as. Raises ModelDamaged when there is no such token."""
        found: str | None = self._tokenizer.id_to_token(token)
        if found is None:
            raise damaged(self._folder, strings.MODEL_FILE_DAMAGED, file=NAME)
        return found

    def harmless(self, text: str) -> str:
        """A user's text without words that are special tokens."""
        special = (one.content for one in self._tokenizer.get_added_tokens_decoder().values())
        for word in sorted(special, key=len, reverse=True):
            if word.strip():
                text = text.replace(word, " ")
        return text

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, without the special ones; unknown numbers are left out."""
        text: str = self._tokenizer.decode(list(ids), skip_special_tokens=True)
        return text
