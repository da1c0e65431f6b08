"""`imagecraft-desktop voices` and `captioners`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.errors import EXIT_DONE, NoSoundDevice
from imagecraft_desktop.strings import say

if TYPE_CHECKING:
    from imagecraft_desktop.speak.base import Voice


def _print(name: str, label: str, why_not: str | None) -> None:
    state = why_not or say(strings.CLI_READY)
    print(say(strings.CLI_ITEM, name=name, label=say(label), state=state))


def _unheard(voice: type[Voice]) -> str | None:
    """That a voice that plays itself has no sound device; the others can be saved."""
    from imagecraft_desktop.speak.system import is_audible

    return NoSoundDevice().spoken if voice.plays_itself and not is_audible() else None


def voices() -> int:
    """Print every voice, in the order they are tried, then those of the user's own."""
    from imagecraft_desktop.settings import store
    from imagecraft_desktop.speak import prompts
    from imagecraft_desktop.speak.base import known
    from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish

    for voice in known().values():
        _print(voice.name, voice.label, voice.missing() or _unheard(voice))
    settings = store.load().settings
    wish = VoiceCraftWish(settings.voicecraft_model, settings.voicecraft_mode)
    for name in prompts.names():
        _print(name, VoiceCraftVoice.label, VoiceCraftVoice(name, wish).why_not())
    return EXIT_DONE


def captioners() -> int:
    """Print every captioner and the installed models that may be named instead of one: the ready ones first."""
    from imagecraft_desktop import choices
    from imagecraft_desktop.describe.base import known
    from imagecraft_desktop.settings import store as settings_store
    from imagecraft_desktop.weights import catalogue, store

    now = settings_store.load().settings
    found = [
        (one.name, one.label, one.missing() or choices.lacks(one, now)) for one in known().values()
    ]
    models = catalogue.known()
    found += [(name, models[name].label, None) for name in store.captioners()]
    for name, label, why_not in sorted(found, key=lambda one: one[2] is not None):
        _print(name, label, why_not)
    return EXIT_DONE
