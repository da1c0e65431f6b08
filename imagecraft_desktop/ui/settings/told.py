"""What the settings window was told of its settings, of which those on a page not yet seen have no control."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from imagecraft_desktop.settings.table import Settings, rows
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Choice


@dataclass(frozen=True)
class Button:
    """Stands below a setting; its help is "" for none."""

    text: str
    help: str
    act: Callable[[], object]


@dataclass
class Told:
    """The newest of each, by the name of the setting.

    Attributes:
        choices: Of those that were offered some.
        notes: Sentences beside the help.
        keys: As they are spoken.
    """

    settings: Settings
    choices: dict[str, Sequence[Choice]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, list[Button]] = field(default_factory=dict)

    def fits(self, name: str, words: str) -> bool:
        """Whether all of these words are in a setting's name or help, or on its buttons; capitals do not matter."""
        meta, value = rows()[name].metadata, getattr(self.settings, name)
        parts = [
            *(say(meta["label"]), say(meta["help"]), self.notes.get(name, ""), name),
            *(one.why_not for one in self.choices.get(name, ()) if one.value == value),
            *(one.text for one in self.buttons.get(name, ())),
        ]
        return has_all(" ".join(parts), words)


def has_all(text: str, words: str) -> bool:
    """Whether all of these words are in a text; capitals do not matter."""
    return all(word in text.casefold() for word in words.casefold().split())
