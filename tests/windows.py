"""Every window of the program with content in it, made without the rest of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from PySide6.QtWidgets import QMessageBox, QWidget

from imagecraft_desktop import choices
from imagecraft_desktop.settings.table import Settings, sections
from imagecraft_desktop.ui.confirm import confirm
from imagecraft_desktop.ui.history import HistoryWindow
from imagecraft_desktop.ui.image_window import ImageWindow
from imagecraft_desktop.ui.picture_queue import PictureQueue
from imagecraft_desktop.ui.question import QuestionDialog
from imagecraft_desktop.ui.settings.models_page import (
    FactsDialog,
    LoginDialog,
    ModelsPage,
    TermsDialog,
)
from imagecraft_desktop.ui.settings.privacy_page import PrivacyPage
from imagecraft_desktop.ui.settings.voice_dialog import VoiceDialog
from imagecraft_desktop.ui.settings.voices_page import VoicesPage, rename_dialog
from imagecraft_desktop.ui.settings.window import Page, SettingsWindow
from imagecraft_desktop.values import (
    Box,
    Capture,
    Certainty,
    Choice,
    Description,
    HistoryEntry,
    Kind,
    Origin,
    Picture,
    Request,
    Statement,
    TextLine,
)
from imagecraft_desktop.windows import settings as desk

_LONG = (
    "A photo of a market square with a fountain, on which a weathered sign says that the market "
    "is closed on the last Monday of each month until the works in the street are done."
)
_NAME = "/home/anna/Pictures/2026/A long name of a picture from the holidays by the sea.jpg"
_SAID = (
    Statement(_LONG, Certainty.LIKELY, "captioner"),
    Statement("Text in the photo: Open day.", Certainty.CERTAIN, "ocr"),
)
_FOUND = Description(
    Kind.PHOTO, _SAID, text=(TextLine("Open day", Box(0, 0, 30, 10), 0.9),), captioner="embedded"
)
_CAPTURE = Capture(Origin.FILE, _NAME, Path(_NAME))


def image_window(contrast: bool) -> QWidget:
    """With a picture and with a list of pictures."""
    queue = PictureQueue(lambda: False)
    window = ImageWindow(queue, contrast)
    queue.setParent(window)
    queue.add([_CAPTURE] * 3)
    window.begin(Request(_CAPTURE))
    window.show_picture(Picture(np.zeros((90, 120, 3), np.uint8), Origin.FILE, _NAME))
    for number, statement in enumerate(_SAID):
        window.add_statement(statement, number)
    window.show_found(_FOUND)
    window.tell(_LONG)
    return window


def history_window(contrast: bool) -> QWidget:
    window = HistoryWindow(contrast)
    window.show_entries([HistoryEntry(0.0, Origin.FILE, _NAME, "photo", _SAID, number=1)] * 9)
    window.tell(_LONG)
    return window


def question_window(contrast: bool) -> QWidget:
    return QuestionDialog(Path(_NAME).name, contrast)


def _settings(contrast: bool) -> tuple[SettingsWindow, ModelsPage]:
    """The window, and its page of models."""
    parts: list[Any] = []

    def keep(part: Any) -> Any:
        parts.append(part)
        return part

    settings = Settings(high_contrast=contrast)
    window = SettingsWindow(
        settings,
        list(choices.OFFERED),
        [
            Page("Your voices", lambda keys: keep(VoicesPage(keys))),
            Page("Models", lambda keys: keep(ModelsPage(keys))),
            Page("Privacy", lambda keys: PrivacyPage([_LONG] * 8, keys)),
        ],
    )
    holder = SimpleNamespace(
        _hear_voice=id, _hear_device=id, _try_keys=id, _hear_tour=id, _change_permission=id
    )
    holder._player_of = lambda _: id
    desk.SettingsDesk._furnish(holder, window)  # type: ignore[arg-type]
    window.make(range(len(PAGES)))
    window.show_keys(desk._spoken_keys(settings))
    window.offer("voice", [Choice("hibari", _LONG)])
    window.tell(_LONG)
    parts[0].show_voices([Choice("Anna", "Anna: 6.2 seconds. It says: " + _LONG)])
    parts[1].show_models([Choice(name, f"{name}. {_LONG}") for name in "abcdef"])
    return window, parts[1]


PAGES = [*sections(), "voices", "models", "privacy"]


def settings_window(contrast: bool) -> QWidget:
    """With a model that is being fetched."""
    window, models = _settings(contrast)
    models.show_work(True)
    models.show_download(True, is_paused=True)
    return window


def _over_settings(contrast: bool, make: Callable[[SettingsWindow], QWidget]) -> QWidget:
    window, _ = _settings(contrast)
    made = make(window)
    made.below = window  # type: ignore[attr-defined]  # it lives as long
    return made


def looks(window: QWidget) -> Iterator[str]:
    """What a window can be made to show, one after the other; a word for each."""
    if not isinstance(window, SettingsWindow):
        yield ""
        return
    for number, title in enumerate(PAGES):
        window.turn_to(number)
        yield title


def voice_dialog(contrast: bool) -> QWidget:
    def make(window: SettingsWindow) -> QWidget:
        dialog = VoiceDialog(can_recognise=True, parent=window)
        dialog.take_sound(Path(_NAME), _LONG)
        dialog.tell(_LONG)
        return dialog

    return _over_settings(contrast, make)


def rename_voice_dialog(contrast: bool) -> QWidget:
    name = "Grandmother, read by her in the kitchen"
    return _over_settings(contrast, lambda window: rename_dialog(window, name))


def facts_dialog(contrast: bool) -> QWidget:
    return _over_settings(contrast, lambda window: FactsDialog("About gemma", [_LONG] * 6, window))


def terms_dialog(contrast: bool) -> QWidget:
    return _over_settings(contrast, lambda window: TermsDialog(_LONG * 9, window))


def login_dialog(contrast: bool) -> QWidget:
    return _over_settings(contrast, LoginDialog)


def confirm_box(contrast: bool) -> QWidget:
    def make(window: SettingsWindow) -> QWidget:
        confirm(window, _LONG, id)
        return window.findChildren(QMessageBox)[-1]

    return _over_settings(contrast, make)


WINDOWS: dict[str, Callable[[bool], QWidget]] = {
    "image": image_window,
    "history": history_window,
    "question": question_window,
    "settings": settings_window,
    "voice dialog": voice_dialog,
    "rename voice": rename_voice_dialog,
    "terms": terms_dialog,
    "facts": facts_dialog,
    "login": login_dialog,
    "confirm": confirm_box,
}
