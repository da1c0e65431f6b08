"""What was said with a server about one picture: it keeps nothing itself, so each question carries it again."""

from __future__ import annotations

from typing import Any

from imagecraft_desktop.describe.conversation import Turn

_MOST, _MOST_LETTERS = 8, 4_000
"""Turns, and letters in them; a server may have been started with room for few words. Of more the oldest are left out."""


class Turns:
    """The questions and answers about one picture. Another picture, server or model begins anew, and so
    does a description.

    Attributes:
        kept: The oldest first.
    """

    def __init__(self) -> None:
        self._about: tuple[str, ...] = ()
        self.kept: list[Turn] = []

    def go_on(self, about: tuple[str, ...], *, is_question: bool) -> None:
        """What is asked next is about this.

        Args:
            about: The server, the model and the picture.
        """
        if about != self._about or not is_question:
            self.forget()
        self._about = about

    def add(self, turn: Turn | None) -> None:
        """An answer that has come to its end; None when nothing of it was said."""
        if turn is not None:
            self.kept.append(turn)
        while len(self.kept) > _MOST or sum(map(_letters, self.kept)) > _MOST_LETTERS:
            del self.kept[0]

    def forget(self) -> None:
        """The next question is the first."""
        self.kept = []

    def messages(self, wanted: str, picture: str) -> list[dict[str, Any]]:
        """All of it and the next question, as OpenAI's chat completions have it.

        Args:
            picture: A data address. It comes with the last question: where a talk is too long for it, a server (Ollama
                is one) may leave out the first messages without a word, and would answer about nothing.
        """
        asked = [
            {"type": "text", "text": wanted},
            {"type": "image_url", "image_url": {"url": picture}},
        ]
        said: list[Any] = [part for turn in self.kept for part in (turn.asked, turn.answer)]
        roles = ("user", "assistant")
        return [
            {"role": roles[n % 2], "content": content} for n, content in enumerate([*said, asked])
        ]


def _letters(turn: Turn) -> int:
    return len(turn.asked) + len(turn.answer)
