"""What a setting may be where the table alone cannot say: voices, captioners, languages, keys.

For the command line and the settings window alike. Looking around in the rooms may take a second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    BadSetting,
    CaptionerNotInstalled,
    ServerError,
    SpeakError,
)
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings, checked, rows
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import autostart, paths
from imagecraft_desktop.system.language import languages
from imagecraft_desktop.values import Choice
from imagecraft_desktop.wishes import server_of

if TYPE_CHECKING:
    from imagecraft_desktop.describe.base import Captioner
    from imagecraft_desktop.speak.device import Way

_PROGRAM = "auto"
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A BCP 47 tag, as far as it matters here."""
_WAYS: dict[str, Way] = {"sound_device": "output", "microphone": "input"}


def keep(changes: Mapping[str, object]) -> Settings:
    """Change settings: all of them, or none when one cannot be so.

    Raises:
        ImageCraftError: The class says what is wrong; nothing was changed.
    """
    now = store.load().settings
    new = {name: check(name, value, now, changes) for name, value in changes.items()}
    is_wanted = bool(new.get("autostart", now.autostart))
    if "autostart" in new and is_wanted != autostart.is_on():
        autostart.put(is_wanted)
    return store.set_values(new)


def check(
    name: str,
    value: object,
    now: Settings | None = None,
    others: Mapping[str, object] | None = None,
) -> str | int | float | bool:
    """The value as it is to be kept.

    Args:
        now: The settings of now; read when None.
        others: What will be changed together with it.
    Raises:
        ImageCraftError: It cannot be so.
    """
    plain = checked(name, value)
    if not isinstance(plain, str):
        return plain
    if rows()[name].metadata["is_key"]:
        _check_key(name, plain, now or store.load().settings, others or {})
    elif name in _WAYS and plain:
        _check_device(name, plain, now or store.load().settings)
    elif (judge := _JUDGES.get(name)) is not None and (plain or rows()[name].default):
        return judge(plain)
    return plain


def _check_key(name: str, value: str, now: Settings, others: Mapping[str, object]) -> None:
    from imagecraft_desktop.trigger.keys import parse

    combination = parse(value)
    for other, setting in rows().items():
        if not setting.metadata["is_key"] or other == name or combination is None:
            continue
        taken = str(others.get(other, getattr(now, other)))
        if parse(taken) == combination:
            raise BadSetting(name=name, value=value, allowed=say(strings.ALLOWED_ANOTHER_KEY))


def _check_device(name: str, value: str, now: Settings) -> None:
    """One that is unplugged may stay; where none can be listed, any may be named."""
    from imagecraft_desktop.speak.device import devices

    try:
        found = devices(_WAYS[name])
    except SpeakError:
        return
    if found and value != getattr(now, name) and not any(one.is_meant_by(value) for one in found):
        allowed = ", ".join(one.label for one in found)
        raise BadSetting(name=name, value=value, allowed=allowed)


def _region(value: str) -> str:
    from imagecraft_desktop.capture.screen import region_of

    region_of(value)
    return value


def _language(value: str) -> str:
    return _one_of("language", value, ["auto", "en", *languages()])


def _description_language(value: str) -> str:
    """Any language, for a server is asked for any; the other captioners say that they do not know it. Empty is as
    the program's own."""
    from PySide6.QtCore import QLocale

    tag = value.replace("_", "-")
    language = QLocale.codeToLanguage(tag.partition("-")[0])
    is_tag = _TAG.fullmatch(tag) is not None and language != QLocale.Language.AnyLanguage
    if value not in {"", _PROGRAM} and not is_tag:
        allowed = say(strings.ALLOWED_LANGUAGE)
        raise BadSetting(name="description_language", value=value, allowed=allowed)
    return tag


def _voice(value: str) -> str:
    from imagecraft_desktop.speak import prompts
    from imagecraft_desktop.speak.base import known

    own = prompts.find(value)
    _one_of("voice", own or value, [*known(), *prompts.names()])
    return own or value


def _server_address(value: str) -> str:
    from imagecraft_desktop.describe.server.address import read_address

    read_address(value)
    return value


def _captioner(value: str) -> str:
    """A name, or the whole path of a model's folder, for the program may run in another one."""
    from imagecraft_desktop.describe import base
    from imagecraft_desktop.weights import catalogue
    from imagecraft_desktop.weights import store as models

    if value not in base.known() and base.is_folder(value):
        folder = paths.whole(value)
        base.class_for(folder, base.known())
        return str(folder)
    allowed = [*base.known(), *models.captioners()]
    if value in allowed:
        return value
    if (model := catalogue.captioner(value)) is not None and model.name not in allowed:
        raise CaptionerNotInstalled(value=model.name)
    listed = ", ".join([*allowed, say(strings.ALLOWED_FOLDER)])
    raise BadSetting(name="captioner", value=value, allowed=listed)


def _one_of(name: str, value: str, allowed: Iterable[str]) -> str:
    if value not in set(allowed):
        raise BadSetting(name=name, value=value, allowed=", ".join(allowed))
    return value


_JUDGES: dict[str, Callable[[str], str]] = {
    "region": _region,
    "language": _language,
    "description_language": _description_language,
    "voice": _voice,
    "server_address": _server_address,
    "captioner": _captioner,
}


# --- what there is to choose from ---


def offered(name: str, now: Settings) -> list[Choice]:
    """What may be chosen for a setting of `OFFERED`, the present value always among it.

    Raises:
        SpeakError: There is no sound library or server to ask.
    """
    found = OFFERED[name](now)
    value = str(getattr(now, name))
    if value not in {choice.value for choice in found}:
        found.append(Choice(value, value))
    return found


def _about_pitch(now: Settings) -> str:
    from imagecraft_desktop.speak.base import known
    from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice

    voice = known().get(now.voice, VoiceCraftVoice)
    return "" if voice.has_pitch() else say(strings.PITCH_IS_FIXED, name=now.voice)


NOTES: dict[str, Callable[[Settings], str]] = {"speech_pitch": _about_pitch}
"""What is to be known of settings beside their help, as things are now; "" for nothing."""


def _voices(now: Settings) -> list[Choice]:
    from imagecraft_desktop.speak import prompts
    from imagecraft_desktop.speak.base import known
    from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish

    wish = VoiceCraftWish(now.voicecraft_model, now.voicecraft_mode)
    found = [_choice(one.name, one.label, one.missing()) for one in known().values()]
    for name in prompts.names():
        text = say(strings.VOICE_OWN, name=name)
        found.append(_usable(name, text, VoiceCraftVoice(name, wish).why_not()))
    return found


def lacks_of_own(voice: str) -> str | None:
    """What a voice of the user's own lacks before it can speak, and what to do; None for nothing."""
    from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish

    now = store.load().settings
    return VoiceCraftVoice(
        voice, VoiceCraftWish(now.voicecraft_model, now.voicecraft_mode)
    ).why_not()


def _captioners(now: Settings) -> list[Choice]:
    from imagecraft_desktop.describe import base
    from imagecraft_desktop.weights import catalogue
    from imagecraft_desktop.weights import store as models

    known = base.known().values()
    found = [_choice(one.name, one.label, one.missing() or lacks(one, now)) for one in known]
    labels = catalogue.known()
    return [*found, *(_choice(name, labels[name].label, None) for name in models.captioners())]


def lacks(captioner: type[Captioner], now: Settings) -> str | None:
    """What the settings lack for a captioner, in a sentence; None for nothing."""
    from imagecraft_desktop.describe import server

    if captioner is not server.CAPTIONER:
        return None
    try:
        server.open_address(server_of(now))
    except ServerError as error:
        return error.spoken
    return None


def _choice(name: str, label: str, why_not: str | None) -> Choice:
    return _usable(name, say(strings.CHOICE, name=name, label=say(label)), why_not)


def _usable(name: str, text: str, why_not: str | None) -> Choice:
    label = say(strings.CHOICE_MISSING, choice=text) if why_not else text
    return Choice(name, label, why_not or "")


def _devices(now: Settings) -> list[Choice]:
    return _plugged("sound_device")


def _microphones(now: Settings) -> list[Choice]:
    return _plugged("microphone")


def _plugged(name: str) -> list[Choice]:
    from imagecraft_desktop.speak.device import devices

    default = Choice("", say(strings.CHOICE_DEVICE_DEFAULT))
    return [default, *(Choice(device.name, device.label) for device in devices(_WAYS[name]))]


def _languages(now: Settings) -> list[Choice]:
    system = Choice("auto", say(strings.CHOICE_LANGUAGE_SYSTEM))
    return [system, *(Choice(tag, _own_name(tag)) for tag in ["en", *languages()])]


def _description_languages(now: Settings) -> list[Choice]:
    """Those that a captioner writes, each once: some have two tags."""
    from imagecraft_desktop.describe.languages import NAMES
    from imagecraft_desktop.describe.paligemma_prompts import CODES

    tags = {_own_name(tag): tag for tag in [*CODES, *NAMES]}
    program = Choice(_PROGRAM, say(strings.CHOICE_LANGUAGE_PROGRAM))
    return [program, *(Choice(tags[name], name) for name in sorted(tags))]


def _own_name(tag: str) -> str:
    """What a language is called in itself."""
    from PySide6.QtCore import QLocale  # the command line never comes here

    name = QLocale(tag).nativeLanguageName()
    return name[:1].upper() + name[1:]


OFFERED: dict[str, Callable[[Settings], list[Choice]]] = {
    "voice": _voices,
    "captioner": _captioners,
    "sound_device": _devices,
    "microphone": _microphones,
    "language": _languages,
    "description_language": _description_languages,
}
"""Settings whose values are found by looking around."""
