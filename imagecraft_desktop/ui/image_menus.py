"""The menus of the image window: every act with its key, in the language of now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a menu.

    Attributes:
        name: By which the window knows it.
        message: A constant of `strings`.
        key: As Qt writes keys; empty for none.
        is_check: Whether it is on or off.
    """

    name: str
    message: str
    key: str = ""
    is_check: bool = False


_LINE = None
MENUS: tuple[tuple[str, tuple[Entry | None, ...]], ...] = (
    (
        strings.IMAGES_MENU_FILE,
        (
            Entry("open", strings.IMAGES_OPEN, "Ctrl+O"),
            Entry("open_folder", strings.IMAGES_OPEN_FOLDER, "Ctrl+Shift+O"),
            Entry("paste", strings.IMAGES_PASTE, "Ctrl+V"),
            _LINE,
            Entry("save_text", strings.IMAGES_SAVE_TEXT, "Ctrl+S"),
            Entry("save_speech", strings.IMAGES_SAVE_SPEECH, "Ctrl+E"),
            Entry("save_picture", strings.IMAGES_SAVE_PICTURE, "Ctrl+Shift+S"),
            _LINE,
            Entry("close", strings.IMAGES_CLOSE, "Ctrl+W"),
        ),
    ),
    (
        strings.IMAGES_MENU_PICTURE,
        (
            Entry("larger", strings.IMAGES_LARGER, "Ctrl++"),
            Entry("smaller", strings.IMAGES_SMALLER, "Ctrl+-"),
            Entry("fit", strings.IMAGES_FIT, "Ctrl+0"),
            Entry("real_size", strings.IMAGES_REAL, "Ctrl+1"),
            _LINE,
            Entry("boxes", strings.IMAGES_BOXES, "Ctrl+B", is_check=True),
            Entry("invert", strings.IMAGES_INVERT, "Ctrl+I", is_check=True),
            Entry("contrast", strings.IMAGES_CONTRAST, "Ctrl+H", is_check=True),
        ),
    ),
    (
        strings.IMAGES_MENU_DESCRIPTION,
        (
            Entry("repeat", strings.IMAGES_REPEAT, "F5"),
            Entry("pause_speech", strings.IMAGES_PAUSE_SPEECH, "F8"),
            Entry("hush", strings.IMAGES_HUSH, "Esc"),
            _LINE,
            Entry("again", strings.IMAGES_AGAIN, "Ctrl+R"),
            Entry("more", strings.IMAGES_MORE, "Ctrl+D"),
            Entry("less", strings.IMAGES_LESS, "Ctrl+Shift+D"),
            _LINE,
            Entry("copy", strings.IMAGES_COPY, "Ctrl+C"),
            Entry("copy_all", strings.IMAGES_COPY_ALL, "Ctrl+Shift+C"),
        ),
    ),
    (
        strings.IMAGES_MENU_QUEUE,
        (
            Entry("pause", strings.IMAGES_PAUSE, "Ctrl+P"),
            Entry("cancel", strings.IMAGES_CANCEL, "Ctrl+Del"),
        ),
    ),
)


def fill_menus(window: QMainWindow, acts: dict[str, Callable[..., object]]) -> dict[str, QAction]:
    """Make the menus anew; the entries by name."""
    bar = window.menuBar()
    bar.clear()
    for old in bar.findChildren(QMenu):
        old.deleteLater()  # else its keys would go on to count
    made: dict[str, QAction] = {}
    for title, entries in MENUS:
        menu = bar.addMenu(say(title))
        for entry in entries:
            if entry is None:
                menu.addSeparator()
                continue
            action = menu.addAction(say(entry.message))
            action.setShortcut(QKeySequence(entry.key))
            action.setCheckable(entry.is_check)
            (action.toggled if entry.is_check else action.triggered).connect(acts[entry.name])
            made[entry.name] = action
    return made
