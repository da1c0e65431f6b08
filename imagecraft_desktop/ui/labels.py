"""Labels that give the control after them its key and its name; the name of the key that Qt calls Control."""

from __future__ import annotations

import re
import sys

from PySide6.QtWidgets import QLabel, QWidget

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say

_DIGIT = re.compile(r" \(&\d\)$")


def plain(text: str) -> str:
    """A label's text without the mark of its key, as it is read aloud."""
    text = _DIGIT.sub("", text)
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("…")


def labelled(text: str, part: QWidget) -> QLabel:
    """A label whose key, with Alt, leads to the part, and which names it to a screen reader."""
    label = QLabel(text)
    label.setWordWrap(True)  # the widest must not push anything out of a small window
    label.setBuddy(part)
    part.setAccessibleName(plain(text))
    return label


def command_key() -> str:
    """The name, as it is read aloud, of the key that Qt calls Control: Command on a Macintosh."""
    return say(strings.KEY_COMMAND if sys.platform == "darwin" else strings.KEY_CTRL)
