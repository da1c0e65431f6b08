"""Every sentence a person sees or hears. One section for each room.

A constant is marked with `N_` (or is a `Plural`) and stays English until the moment of use, when
`say` translates and fills it; so a change of language needs no restart. The comment above each is
for translators: where it is heard, what each {placeholder} holds.

Write for the ear: short, no symbols, the important word first, the next step last.
"""

from __future__ import annotations

import gettext as _gettext
from dataclasses import dataclass
from pathlib import Path

DOMAIN = "imagecraft_desktop"


@dataclass(frozen=True)
class Plural:
    """A sentence with a number in it, {count}, in its singular and plural form."""

    one: str
    many: str


def N_(text: str) -> str:
    """Mark a sentence for translation; returns it unchanged."""
    return text


_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def use_language(language: str, folder: Path) -> None:
    """Speak this language from now on; English where a sentence has no translation.

    Args:
        language: BCP 47 tag: "en", "es", "pt-BR".
        folder: Holds `<language>/LC_MESSAGES/imagecraft_desktop.mo`.
    """
    global _catalogue, _language
    tag = language.replace("-", "_")
    _catalogue = _gettext.translation(
        DOMAIN, localedir=folder, languages=[tag, tag.split("_")[0]], fallback=True
    )
    _language = language if isinstance(_catalogue, _gettext.GNUTranslations) else "en"


def language() -> str:
    """The language that sentences are in now."""
    return _language


def say(message: str | Plural, **words: object) -> str:
    """Translate a sentence and fill its placeholders. A Plural needs `count`."""
    if isinstance(message, Plural):
        count = words["count"]
        if not isinstance(count, int):
            raise TypeError("count must be a whole number")
        text = _catalogue.ngettext(message.one, message.many, count)
    else:
        text = _catalogue.gettext(message) if message else ""
    return text.format(**words) if words else text


# --- errors ---------------------------------------------------------------------------------

# Heard when the program itself is at fault. {detail} is a short technical word or empty.
ERR_UNEXPECTED = N_("Something went wrong inside ImageCraft. The log file has the details.")
# {name} is a file, an address or "clipboard".
ERR_CAPTURE = N_("{name} could not be taken.")
# Heard when the clipboard, or what was pointed at, holds no picture. {name} as above.
ERR_NOTHING_TO_CAPTURE = N_("No picture here: {name}.")
# {reason} is a full sentence that says what to do.
ERR_SCREEN_NOT_ALLOWED = N_("The screen could not be taken. {reason}")
# {name} is the file or address; {reason} is a short clause such as "the file is cut off".
ERR_UNREADABLE_IMAGE = N_("{name} cannot be read as a picture: {reason}.")
# {name} is the captioner.
ERR_DESCRIBE = N_("The picture could not be described by {name}.")
# {name} is a model; {next_step} a full sentence.
ERR_MODEL_MISSING = N_("Model missing: {name}. {next_step}")
ERR_MODEL_DAMAGED = N_("Model damaged: {name}. {next_step}")
ERR_OUT_OF_MEMORY = N_("Not enough memory to describe this picture with {name}.")
# {name} is a voice.
ERR_SPEAK = N_("The voice {name} failed.")
ERR_VOICE_MISSING = N_("Voice missing: {name}. {next_step}")
ERR_NO_SOUND_DEVICE = N_("No sound device. The text is shown instead.")
# {name} is the settings file.
ERR_BAD_SETTINGS_FILE = N_("The settings file could not be read. Default settings are used.")
# {name} is a setting, {value} what was given, {allowed} what may be given.
ERR_BAD_SETTING = N_("{name} cannot be {value}. Allowed: {allowed}.")
ERR_UNKNOWN_SETTING = N_("There is no setting called {name}.")
# {next_step} is a command.
ERR_NOT_RUNNING = N_("ImageCraft is not running. Start it with: imagecraft-desktop app")

# --- settings -------------------------------------------------------------------------------
# Names of settings, as shown in lists and read aloud. Short noun phrases.

SET_VOICE = N_("Voice")
SET_RATE = N_("Speech rate")
SET_VOLUME = N_("Speech volume")
SET_DEVICE = N_("Sound device; empty for the system's default")
SET_CAPTIONER = N_("Captioner, which describes pictures")
SET_DETAIL = N_("How much is said")
SET_LANGUAGE = N_("Language; auto for the system's")
SET_REGION = N_("Region of the screen to describe: left, top, width, height")
SET_LAYER_KEY = N_("Key that waits for a second letter")
SET_WINDOW_KEY = N_("Key that describes the active window")
SET_EARCONS = N_("Short sounds")
SET_WORKING_TICK = N_("Soft tick while working")
SET_NOTIFICATIONS = N_("Show the description as a notification")
SET_LOG_LEVEL = N_("Log level")

# --- engine ---------------------------------------------------------------------------------

# Follows "Model missing: X." {names} is a list of captioner names.
NEXT_CHOOSE_CAPTIONER = N_("Choose one of: {names}.")
