"""The words between a person and a chat model, in the form that its checkpoint wants. Used by `chat`; what of them is
told again also by `server`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.describe.caption import doubt, least_sure
from imagecraft_desktop.describe.languages import NAMES, name_of, usual
from imagecraft_desktop.describe.words import Words
from imagecraft_desktop.values import Caption, Certainty, Detail, Wish
from imagecraft_desktop.weights.checkpoint import damaged, missing, read_json

_TEMPLATE = "chat_template.jinja"
_TEMPLATE_JSON = "chat_template.json"
_PROCESSOR = "processor_config.json"
_TOKENIZER = "tokenizer_config.json"
_SPECIAL = "special_tokens_map.json"
_FIRST = "bos_token"
_WORDS = ("bos_token", "eos_token", "pad_token", "unk_token")
_THOUGHT, _THOUGHT_END = "<think>", "\n\n</think>\n\n"

# said to networks, which know English best: not translated
_INSTRUCTIONS = {
    Detail.BRIEF: "Describe this image in one sentence for a blind person.",
    Detail.NORMAL: "Describe this image in a few sentences for a blind person.",
    Detail.DETAILED: "Describe this image in detail: people, objects, text, layout.",
}
_ANSWER_IN = "Answer in {language}."


@dataclass(frozen=True)
class Turn:
    """What was asked, and what came of it.

    Attributes:
        certainty: Of the least sure sentence of the answer.
    """

    asked: str
    answer: str
    certainty: Certainty = Certainty.CERTAIN


class Answering:
    """An answer while it is written. It is no surer than what it goes on from, for a model repeats its own doubtful
    words surely.

    Args:
        asked: What it answers.
        turns: Told to the model before that.
    """

    def __init__(self, asked: str, turns: Sequence[Turn]) -> None:
        self._asked = asked
        self._most = least_sure([turn.certainty for turn in turns])
        self._said: list[str] = []
        self._levels: list[Certainty] = []

    def take(self, caption: Caption) -> Caption:
        """A sentence of it as sure as it may be."""
        level = doubt(caption.certainty, self._most)
        if level is not None:
            self._said.append(caption.text)
            self._levels.append(level)
        return replace(caption, certainty=level)

    def turn(self) -> Turn | None:
        """What is told to the model again with the next question; None when nothing was sure enough to be said."""
        if not self._said:
            return None
        return Turn(self._asked, " ".join(self._said), least_sure(self._levels))


def ask(wish: Wish, language: str) -> str:
    """What is said to the network.

    Args:
        language: BCP 47 tag of the answer; for one that has no name here English is not left.
    """
    parts = [wish.question or _INSTRUCTIONS[wish.detail], wish.instruction]
    if language != "en":
        parts.append(_ANSWER_IN.format(language=name_of(language)))
    return " ".join(part.strip() for part in parts if part.strip())


def language_for(wish: Wish, languages: frozenset[str] | None) -> str:
    """The language that a network writes in for a wish, by the tag that was wished, without region.

    Args:
        languages: That it can write; None for all that have a name here.
    """
    tag = wish.language.partition("-")[0].lower()
    can = usual(tag) in NAMES and (languages is None or usual(tag) in languages)
    return tag if can else "en"


class Template:
    """A checkpoint's chat template.

    Raises:
        ModelMissing, ModelDamaged: The folder has none, or no readable one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        given = _settings(folder, _TOKENIZER)
        self._source = _source(folder, given)
        special = {**_settings(folder, _SPECIAL), **{k: v for k, v in given.items() if v}}
        self._words = {name: _word(special[name]) for name in _WORDS if special.get(name)}
        if _FIRST in self._source and _FIRST not in self._words:
            # it would stand for nothing, and what the network then writes is nonsense
            raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=_TOKENIZER)
        self.names = {**given, **_extra(given)}
        """What the tokenizer's settings say; its own words for places among them."""

    def render(self, turns: Sequence[Turn], asked: str) -> str:
        """The conversation as the network reads it, up to where it is to write.

        Args:
            turns: Before this one; the picture comes with the first thing that is asked.
        Raises:
            ModelDamaged: The template does not work.
        """
        from jinja2 import TemplateError
        from transformers.utils import chat_template_utils

        render: Any = chat_template_utils.render_jinja_template  # whose types are not right
        said: list[dict[str, Any]] = []
        for turn in turns:
            said.append({"role": "user", "content": [_text(turn.asked)]})
            said.append({"role": "assistant", "content": [_text(turn.answer)]})
        said.append({"role": "user", "content": [_text(asked)]})
        said[0]["content"].insert(0, {"type": "image"})
        try:
            made, _ = render(
                conversations=[said],
                chat_template=self._source,
                add_generation_prompt=True,
                enable_thinking=False,  # those that think aloud would do so for minutes
                **self._words,
            )
        except (TemplateError, TypeError, ValueError, LookupError) as error:
            raise damaged(self._folder, strings.MODEL_FILE_DAMAGED, file=_TEMPLATE) from error
        text = str(made[0])
        # a template of those that always think begins their thought; then it ends at once, as in the others
        return f"{text.rstrip()}{_THOUGHT_END}" if text.rstrip().endswith(_THOUGHT) else text


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def _settings(folder: Path, name: str) -> dict[str, Any]:
    """A file of the folder; empty where there is none."""
    return read_json(folder, name) if (folder / name).is_file() else {}


def _source(folder: Path, given: dict[str, Any]) -> str:
    """The template, from the first of the places that have been in use, as transformers looks there."""
    for name in (_PROCESSOR, _TEMPLATE_JSON):
        if isinstance(found := _settings(folder, name).get("chat_template"), str):
            return found
    try:
        if (folder / _TEMPLATE).is_file():
            return (folder / _TEMPLATE).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise damaged(folder, strings.MODEL_FILE_DAMAGED, file=_TEMPLATE) from error
    found = given.get("chat_template")
    if isinstance(found, list):
        named = {one.get("name"): one.get("template") for one in found if isinstance(one, dict)}
        found = named.get("default")
    if not isinstance(found, str):
        raise missing(folder, strings.MODEL_FILE_MISSING, file=_TEMPLATE)
    return found


def _word(given: Any) -> str:
    """A special token, of the two forms that have been in use."""
    return str(given.get("content", "")) if isinstance(given, dict) else str(given)


def _extra(given: dict[str, Any]) -> dict[str, Any]:
    extra = given.get("extra_special_tokens")
    return extra if isinstance(extra, dict) else {}


def harmless(words: Words, text: str) -> str:
    """A text of the user's or the network's that cannot be taken for the signs between turns."""
    return " ".join(words.harmless(text).split())
