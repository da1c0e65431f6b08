"""`imagecraft-desktop voices` and `captioners`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from imagecraft_desktop import strings
from imagecraft_desktop.errors import EXIT_DONE
from imagecraft_desktop.strings import say


class _Listed(Protocol):
    name: str
    label: str

    @classmethod
    def missing(cls) -> str | None: ...


def _print(items: Iterable[type[_Listed]]) -> int:
    for item in items:
        state = item.missing() or say(strings.CLI_READY)
        print(say(strings.CLI_ITEM, name=item.name, label=say(item.label), state=state))
    return EXIT_DONE


def voices() -> int:
    """Print every voice, in the order they are tried, then those of the user's own."""
    from imagecraft_desktop.settings import store
    from imagecraft_desktop.speak import prompts
    from imagecraft_desktop.speak.base import known
    from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish

    _print(known().values())
    settings = store.load().settings
    wish = VoiceCraftWish(settings.voicecraft_model, settings.voicecraft_mode)
    for name in prompts.names():
        state = VoiceCraftVoice(name, wish).why_not() or say(strings.CLI_READY)
        print(say(strings.CLI_ITEM, name=name, label=say(VoiceCraftVoice.label), state=state))
    return EXIT_DONE


def captioners() -> int:
    """Print every captioner, then the installed models that may be named instead of one."""
    from imagecraft_desktop.describe.base import known
    from imagecraft_desktop.weights import catalogue, store

    _print(known().values())
    models = catalogue.known()
    for name in store.captioners():
        state = say(strings.CLI_READY)
        print(say(strings.CLI_ITEM, name=name, label=models[name].label, state=state))
    return EXIT_DONE
