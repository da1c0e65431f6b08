"""What was said with a server about one picture: it keeps nothing itself, so each question carries it all."""

from __future__ import annotations

from typing import Any

from imagecraft_desktop.describe.conversation import Turn

_MOST = 8
"""Turns; a server may have been started with room for few words."""


class Turns:
    """The questions and answers about one picture. Another picture, server or model begins anew, and so
    does a description."""

    def __init__(self) -> None:
        self._about: tuple[str, ...] = ()
        self._turns: list[Turn] = []

    def go_on(self, about: tuple[str, ...], *, is_question: bool) -> None:
        """What is asked next is about this.

        Args:
            about: The server, the model and the picture.
        """
        if about != self._about or not is_question or len(self._turns) >= _MOST:
            self.forget()
        self._about = about

    def add(self, asked: str, answer: str) -> None:
        """An answer that has come to its end."""
        self._turns.append(Turn(asked, answer))

    def forget(self) -> None:
        """The next question is the first."""
        self._turns = []

    def messages(self, wanted: str, picture: str) -> list[dict[str, Any]]:
        """All of it and the next question, as OpenAI's chat completions have it.

        Args:
            picture: A data address; it comes with the first question.
        """
        said: list[Any] = [part for turn in self._turns for part in (turn.asked, turn.answer)]
        said.append(wanted)
        said[0] = [
            {"type": "text", "text": said[0]},
            {"type": "image_url", "image_url": {"url": picture}},
        ]
        roles = ("user", "assistant")
        return [{"role": roles[n % 2], "content": content} for n, content in enumerate(said)]
