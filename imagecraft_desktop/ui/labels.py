"""Labels that give the control after them its key and its name."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QLabel, QWidget

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
