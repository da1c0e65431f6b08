"""The dialogs of the image window that ask for files to open and to write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.labels import plain
from imagecraft_desktop.values import Picture, Request, Statement

_PICTURES = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.heic *.heif *.avif *.svg *.pdf"
_SOUNDS = "*.wav *.mp3 *.ogg *.flac"
_KEPT_KINDS = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the window shows at a moment, to be saved.

    Attributes:
        text: The description with questions and answers, one sentence a line.
        statements: The description itself.
        language: In which it is: a BCP 47 tag.
    """

    request: Request | None
    picture: Picture | None = field(repr=False)
    text: str = field(repr=False)
    statements: tuple[Statement, ...] = field(repr=False)
    language: str


class FileChoice(QObject):
    """Opens one dialog at a time over the window; it goes when something is chosen.

    Args:
        shown: Tells what the window shows now.
    """

    paths_chosen = Signal(list)
    """Files and folders (str) to describe."""
    save_wanted = Signal(str, str, object)
    """"text", "speech" or "picture", the file, and the `Shown` of which."""

    def __init__(self, window: QWidget, shown: Callable[[], Shown]) -> None:
        super().__init__(window)
        self._window = window
        self._shown = shown

    @Slot()
    def choose_files(self) -> None:
        dialog = self._dialog(strings.IMAGES_CHOOSE)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [f"{say(strings.APP_PICTURES)} ({_PICTURES})", f"{say(strings.IMAGES_ALL_FILES)} (*)"]
        )
        dialog.filesSelected.connect(self.paths_chosen)
        dialog.open()

    @Slot()
    def choose_folder(self) -> None:
        dialog = self._dialog(strings.IMAGES_CHOOSE_FOLDER)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.filesSelected.connect(self.paths_chosen)
        dialog.open()

    def choose_text(self, name: str) -> None:
        dialog = self._saver("text", strings.IMAGES_SAVE_TEXT)
        _propose(dialog, f"{_stem(name)}.txt", strings.IMAGES_TEXT_FILES, "*.txt")

    def choose_sound(self, name: str) -> None:
        dialog = self._saver("speech", strings.IMAGES_SAVE_SPEECH)
        _propose(dialog, f"{_stem(name)}.mp3", strings.IMAGES_SOUND_FILES, _SOUNDS)

    def choose_picture(self, path: Path | None, name: str) -> None:
        """Beside the original, of the same kind where that can hold a description."""
        ending = path.suffix.lower() if path is not None else ""
        ending = ending if ending in _KEPT_KINDS else ".png"
        proposed = say(strings.IMAGES_COPY_NAME, name=_stem(name)) + ending
        dialog = self._saver("picture", strings.IMAGES_SAVE_PICTURE)
        if path is not None:
            dialog.setDirectory(str(path.parent))
        kinds = " ".join(dict.fromkeys((f"*{ending}", "*.png")))
        _propose(dialog, proposed, strings.APP_PICTURES, kinds)

    def _saver(self, what: str, title: str) -> QFileDialog:
        dialog = self._dialog(title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        before = self._shown()

        def pass_on(path: str) -> None:
            """What was shown when the user asked, with what has come of that since."""
            now = self._shown()
            self.save_wanted.emit(what, path, now if now.request is before.request else before)

        dialog.fileSelected.connect(pass_on)
        return dialog

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, plain(say(title)))
        dialog.finished.connect(dialog.deleteLater)
        return dialog


def _propose(dialog: QFileDialog, name: str, files: str, pattern: str) -> None:
    """Open the dialog with a name in it."""
    dialog.setNameFilter(f"{say(files)} ({pattern})")
    dialog.setDefaultSuffix(Path(name).suffix[1:])
    dialog.selectFile(name)
    dialog.open()


def _stem(name: str) -> str:
    """A name for a file of what has one, or has a title with any signs."""
    stem = "".join(c if c.isalnum() or c in " ._-()" else "_" for c in Path(name).stem).strip()
    return stem[:80] or say(strings.IMAGES_UNNAMED)
