"""What Qt says itself follows the language, and so does the direction of lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from imagecraft_desktop.system.qt_words import QtWords


@pytest.fixture
def words(qapp: QApplication) -> Iterator[QtWords]:
    made = QtWords()
    yield made
    made.use("en")


def test_buttons_and_direction_follow_the_language(words: QtWords, qapp: QApplication) -> None:
    def shown() -> tuple[str, Qt.LayoutDirection]:
        return QCoreApplication.translate("QPlatformTheme", "&Yes"), qapp.layoutDirection()

    english = shown()
    for tag, yes, direction in (
        ("es", "&Sí", Qt.LayoutDirection.LeftToRight),
        ("he-IL", "&כן", Qt.LayoutDirection.RightToLeft),
        ("pt-BR", "&Sim", Qt.LayoutDirection.LeftToRight),
    ):
        words.use(tag)
        assert shown() == (yes, direction)
    for tag in ("en", "xx"):
        words.use(tag)
        assert shown() == english
