"""Which language the program speaks."""

from __future__ import annotations

import locale
import os

from imagecraft_desktop.system import paths


def chosen(setting: str) -> str:
    """The language tag to use for the setting `language`: "auto" means the system's.

    Returns:
        BCP 47 tag such as "en" or "pt-BR"; "en" when the system names none.
    """
    if setting != "auto":
        return setting
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return _tag(value)
    return _tag(locale.getlocale()[0] or "en")


def languages() -> list[str]:
    """Tags of the languages that the program was translated into, besides English."""
    return sorted(folder.name for folder in (paths.resources() / "locale").iterdir())


def _tag(name: str) -> str:
    """`pt_BR.UTF-8` as `pt-BR`; the C locale is English."""
    plain = name.partition(".")[0].partition("@")[0]
    return "en" if plain in {"", "C", "POSIX"} else plain.replace("_", "-")
