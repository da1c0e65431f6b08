"""The image window: a picture, what was found in it, questions, and a list of pictures to describe.

It knows no captioner, voice or file: it says what is wanted and shows the values it is given.
`windows/images.py` does the rest. It never takes the focus by itself.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QColor,
    QDesktopServices,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QMainWindow,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.ui.confirm import confirm
from imagecraft_desktop.ui.contrast import use_contrast
from imagecraft_desktop.ui.entry import Entry
from imagecraft_desktop.ui.findings import Row, RowList, found_rows, question_row, statement_row
from imagecraft_desktop.ui.image_files import FileChoice, Shown
from imagecraft_desktop.ui.image_menus import fill_menus
from imagecraft_desktop.ui.labels import labelled
from imagecraft_desktop.ui.picture_queue import PictureQueue
from imagecraft_desktop.ui.picture_view import PictureView
from imagecraft_desktop.ui.screen import resize_within
from imagecraft_desktop.ui.scrolled import Scrolled
from imagecraft_desktop.ui.walked_list import WalkedList
from imagecraft_desktop.values import (
    Capture,
    Description,
    Detail,
    Origin,
    Picture,
    Request,
    Statement,
)

_SIZE = QSize(1000, 680)
_LEAST_WIDTH, _LEAST_LINES, _EDGES = 80, 1.5, 16
"""Of a list: with large letters on a small screen there must be room for all."""
_DETAILS = (Detail.BRIEF, Detail.NORMAL, Detail.DETAILED)
_SPOKEN, _SPOKEN_INK = QColor("#ff9d4d"), QColor("#000000")


class ImageWindow(QMainWindow):
    """Shows one picture at a time.

    Args:
        queue: Of the pictures that are to be described.

    Attributes:
        language: In which it is.
    """

    describe_wanted = Signal(object, object)
    """This `Capture` is to be described anew, with this `Detail`."""
    item_wanted = Signal(object)
    """This `Item` of the list of pictures is to be shown again."""
    question_wanted = Signal(str)
    """This is to be asked about the picture; the field keeps it until `clear_question`."""
    act_wanted = Signal(str)
    """"repeat", "pause" or "stop" the speech."""
    cancel_wanted = Signal()
    """The picture in work is not to be described, as those of the list after it."""
    dropped = Signal(QMimeData)
    """This was dropped on the window; it is there only until the slot returns."""
    paste_wanted = Signal()
    """What is on the clipboard is to be described."""
    paths_chosen = Signal(list)
    """These files and folders (str) are to be described."""
    save_wanted = Signal(str, str, object)
    """"text", "speech" or "picture" of this `Shown` is to be saved in this file."""
    contrast_wanted = Signal(bool)
    """High contrast is to be on or off from now on."""
    told = Signal(str)
    """A sentence for the user about what was done here."""
    walked = Signal(str)
    """A key has led to this line of a list."""
    closed = Signal()
    """It is not shown any more."""

    def __init__(self, queue: PictureQueue, high_contrast: bool = False) -> None:
        super().__init__()
        self._queue = queue
        self._request: Request | None = None
        self._found: Description | None = None
        self._picture: Picture | None = None
        self._statements: list[tuple[int, Statement]] = []
        """Those of the request in work or done last, with the row each has."""
        self._sentences: list[tuple[int, int]] = []
        """Of those: the sentence of the utterance it begins with, and its row."""
        self._files = FileChoice(self, self._shown)
        self.setAcceptDrops(True)
        resize_within(self, _SIZE)
        self._files.paths_chosen.connect(self.paths_chosen)
        self._files.save_wanted.connect(self.save_wanted)
        self._build(are_boxes_shown=True, is_inverted=False, high_contrast=high_contrast)
        self._queue.changed.connect(self._show_queue)

    def _build(self, *, are_boxes_shown: bool, is_inverted: bool, high_contrast: bool) -> None:
        self.language = strings.language()
        self._make_parts()
        self._make_menus()
        self._connect()
        self._actions["boxes"].setChecked(are_boxes_shown)
        self._actions["invert"].setChecked(is_inverted)
        self._actions["contrast"].setChecked(high_contrast)
        self._show_queue()
        self.forget()
        self._list.setFocus()

    def build_again(self) -> None:
        """All in the language of now; the description is to be shown anew."""
        question = self._question.text()
        self._build(
            are_boxes_shown=self._actions["boxes"].isChecked(),
            is_inverted=self._actions["invert"].isChecked(),
            high_contrast=self._actions["contrast"].isChecked(),
        )
        self._question.setText(question)

    def show_contrast(self, is_on: bool) -> None:
        """High contrast was chosen elsewhere, or is not wanted any more."""
        self._actions["contrast"].setChecked(is_on)

    # --- the parts ---

    def _make_parts(self) -> None:
        self._view = PictureView()
        self._list, self._things = RowList(), RowList()
        self._question = Entry(takes_pictures=True)
        self._ask_button = QPushButton(say(strings.IMAGES_ASK))
        self._ask_button.setAccessibleName(say(strings.IMAGES_ASK).replace("&", ""))
        self._pictures = WalkedList()
        self._pictures.setWordWrap(True)
        self._pause_button, self._cancel_button = QPushButton(), QPushButton()
        self._state = QLabel()
        self._state.setWordWrap(True)
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        # the view names itself by what it shows; a screen reader asks its label
        label = QLabel(say(strings.IMAGES_PICTURE))
        label.setBuddy(self._view.face)
        label.setAccessibleName(self._view.face.accessibleName())
        self._view.named.connect(label.setAccessibleName)
        column.addWidget(label)
        column.addWidget(Scrolled(self._view), 1)
        self._fill_right(QVBoxLayout(right))
        self._parts = QSplitter()
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(left)
        self._parts.addWidget(right)
        self._parts.setSizes([_SIZE.width() // 2] * 2)
        for part in (self._list, self._things, self._pictures, self._view):
            least = round(part.fontMetrics().height() * _LEAST_LINES) + _EDGES
            part.setMinimumSize(_LEAST_WIDTH, least)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.addWidget(self._parts, 1)
        rows.addWidget(self._state)
        self.setCentralWidget(whole)
        whole.show()  # in a window that is open, else it takes the keyboard some events later
        order = (self._list, self._things, self._question, self._ask_button, self._pictures)
        for before, after in itertools.pairwise(order):
            self.setTabOrder(before, after)
        self.setTabOrder(self._pictures, self._pause_button)
        self.setTabOrder(self._pause_button, self._cancel_button)
        self.setTabOrder(self._cancel_button, self._view)

    def _fill_right(self, column: QVBoxLayout) -> None:
        for message, part, share in (
            (strings.IMAGES_STATEMENTS, self._list, 3),
            (strings.IMAGES_FOUND, self._things, 3),
        ):
            column.addWidget(labelled(say(message), part))
            column.addWidget(part, share)
        asking = QHBoxLayout()
        asking.addWidget(labelled(say(strings.IMAGES_QUESTION), self._question))
        asking.addWidget(self._question, 1)
        asking.addWidget(self._ask_button)
        column.addLayout(asking)
        self._queue_label = labelled(say(strings.IMAGES_QUEUE), self._pictures)
        column.addWidget(self._queue_label)
        column.addWidget(self._pictures, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._pause_button)
        buttons.addWidget(self._cancel_button)
        column.addLayout(buttons)

    def _make_menus(self) -> None:
        files = self._files
        self._actions: dict[str, QAction] = fill_menus(
            self,
            {
                "open": files.choose_files,
                "open_folder": files.choose_folder,
                "paste": self.paste_wanted.emit,
                "save_text": lambda: files.choose_text(self._name()),
                "save_speech": lambda: files.choose_sound(self._name()),
                "save_picture": lambda: files.choose_picture(self._path(), self._name()),
                "close": self.close,
                "larger": self._view.larger,
                "smaller": self._view.smaller,
                "fit": self._view.fit,
                "real_size": self._view.real_size,
                "boxes": self._view.show_boxes,
                "invert": self._view.invert,
                "contrast": self._use_contrast,
                "repeat": lambda: self.act_wanted.emit("repeat"),
                "pause_speech": lambda: self.act_wanted.emit("pause"),
                "hush": lambda: self.act_wanted.emit("stop"),
                "again": lambda: self._describe_again(0),
                "more": lambda: self._describe_again(1),
                "less": lambda: self._describe_again(-1),
                "copy": self._copy,
                "copy_all": self._copy_all,
                "pause": self._queue.toggle,
                "cancel": self._cancel_queue,
            },
        )

    def _connect(self) -> None:
        for part in (self._list, self._things, self._pictures):
            part.walked.connect(self.walked)
        self._list.pointed.connect(self._point)
        self._things.pointed.connect(self._point)
        self._list.chosen.connect(self._open_link)
        self._things.chosen.connect(self._open_link)
        self._question.returnPressed.connect(self._ask)
        self._question.picture_pasted.connect(self.paste_wanted)
        self._ask_button.clicked.connect(self._ask)
        self._pictures.itemActivated.connect(self._choose_item)
        self._pause_button.clicked.connect(self._queue.toggle)
        self._cancel_button.clicked.connect(self._cancel_queue)

    # --- what is shown ---

    def begin(self, request: Request) -> None:
        """A request is in work; a question goes on with what stands there."""
        is_question = bool(request.wish.question) and self._is_same(request)
        self._request, self._statements, self._sentences = request, [], []
        if is_question:
            self._list.add(question_row(request.wish.question))
        else:
            self._found = self._picture = None
            self._list.clear()
            self._things.clear()
            self._view.clear()
        self.setWindowTitle(say(strings.IMAGES_TITLE_OF, name=self._name()))
        self.tell("")
        self._enable()

    def _is_same(self, request: Request) -> bool:
        return self._request is not None and self._request.capture is request.capture

    def show_picture(self, picture: Picture) -> None:
        """The picture of the request, decoded."""
        if self._view.size_px is None:
            self._view.show_picture(picture, self._name())
        self._picture = picture
        self._enable()

    def add_statement(self, statement: Statement, sentence: int) -> None:
        """A sentence of the request that is known now."""
        row = len(self._list.rows())
        self._list.add(statement_row(statement, self._found, self._view.size_px))
        self._statements.append((row, statement))
        self._sentences.append((sentence, row))

    def show_found(self, found: Description) -> None:
        """All that was found."""
        size = self._view.size_px
        if self._request is not None and not self._request.wish.question:
            self._found = found
            self._things.clear()
            for row in found_rows(found, size):
                self._things.add(row)
            self._view.show_found([box for row in self._things.rows() for box in row.boxes])
        shown = [statement for _, statement in self._statements]
        for statement in found.statements[len(shown) :]:
            self.add_statement(statement, 1_000_000)
        for number, statement in self._statements:
            self._list.replace(number, statement_row(statement, found, size))
        if (current := self._list.current()) is not None and self._list.hasFocus():
            self._point(current)
        self._enable()

    def show_failure(self, sentence: str) -> None:
        """Why there is no description."""
        self.tell(sentence)

    def forget(self) -> None:
        """Show nothing any more."""
        self._request = self._found = self._picture = None
        self._statements, self._sentences = [], []
        for part in (self._list, self._things, self._view):
            part.clear()
        self.setWindowTitle(say(strings.IMAGES_TITLE))
        self._enable()

    def clear_question(self) -> None:
        """The question was taken."""
        self._question.clear()

    def show_why_no_answer(self, sentence: str) -> None:
        """Tell at the field for questions why none is answered now; "" when they are."""
        for part in (self._question, self._ask_button):
            part.setAccessibleDescription(sentence)
            part.setToolTip(sentence)

    def mark_sentence(self, sentence: int | None) -> None:
        """Highlight what is being spoken, by the player's number of the sentence."""
        rows = [row for first, row in self._sentences if sentence is not None and first <= sentence]
        row = rows[-1] if rows else None
        self._list.mark(row, _SPOKEN, _SPOKEN_INK)
        self._view.mark_spoken(self._list.rows()[row].boxes if row is not None else ())

    def tell(self, sentence: str) -> None:
        """Show a sentence at the bottom."""
        self._state.setText(sentence)
        self._state.setVisible(bool(sentence))

    @property
    def text(self) -> str:
        """The description as it stands, with questions and answers, one sentence a line."""
        return "\n".join(row.text for row in self._list.rows())

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The description itself, without what was asked later."""
        return self._found.statements if self._found is not None else ()

    def _shown(self) -> Shown:
        return Shown(self._request, self._picture, self.text, self.statements, self.language)

    def _name(self) -> str:
        capture = self._request.capture if self._request is not None else None
        if capture is None:
            return ""
        return Path(capture.name).name if capture.origin is Origin.FILE else capture.name

    def _path(self) -> Path | None:
        """The file that is shown, if it is one."""
        capture = self._request.capture if self._request is not None else None
        return capture.content if capture and isinstance(capture.content, Path) else None

    def _enable(self) -> None:
        has_picture = self._request is not None
        for name in ("again", "more", "less", "repeat"):
            self._actions[name].setEnabled(has_picture)
        for name in ("save_text", "save_speech", "save_picture", "copy", "copy_all"):
            self._actions[name].setEnabled(self._found is not None or self._list.count() > 0)
        self._actions["save_picture"].setEnabled(self._found is not None)
        for part in (self._question, self._ask_button):
            part.setEnabled(has_picture)

    # --- what the user does ---

    @Slot(object)
    def _point(self, row: Row | None) -> None:
        self._view.mark_chosen(row.boxes if row is not None else ())

    @Slot(object)
    def _open_link(self, row: Row) -> None:
        """Enter on an address: it is opened only when the user says so; on all else nothing is."""
        if row.not_opened:
            self._say(row.not_opened)
            return
        question = say(strings.IMAGES_OPEN_LINK, address=row.link)
        confirm(self, question, lambda: self._visit(row.link))

    def _visit(self, address: str) -> None:
        if not QDesktopServices.openUrl(QUrl(address)):
            self._say(say(strings.IMAGES_NOT_OPENED))
            question = say(strings.IMAGES_COPY_LINK, address=address)
            confirm(self, question, lambda: self._put_on_clipboard(address))

    @Slot()
    def _ask(self) -> None:
        if question := self._question.text().strip():
            self.question_wanted.emit(question)

    def _describe_again(self, step: int) -> None:
        if self._request is None or self._request.capture is None:
            return
        place = _DETAILS.index(self._request.wish.detail) + step
        if not 0 <= place < len(_DETAILS):
            most = strings.IMAGES_MOST_DETAIL if step > 0 else strings.IMAGES_LEAST_DETAIL
            self._say(say(most))
            return
        capture: Capture = self._request.capture
        self.describe_wanted.emit(capture, _DETAILS[place])

    @Slot()
    def _copy(self) -> None:
        here = self._things if self._things.hasFocus() else self._list
        row = here.current()
        if row is not None:
            self._put_on_clipboard(row.copied)

    @Slot()
    def _copy_all(self) -> None:
        self._put_on_clipboard(self.text)

    def _put_on_clipboard(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._say(say(strings.IMAGES_COPIED))

    def _say(self, sentence: str) -> None:
        self.tell(sentence)
        self.told.emit(sentence)

    @Slot(bool)
    def _use_contrast(self, is_on: bool) -> None:
        """White and yellow on black, or the desktop's own colours."""
        use_contrast(self, is_on)
        self.contrast_wanted.emit(is_on)

    # --- the list of pictures ---

    @Slot()
    def _show_queue(self) -> None:
        items = self._queue.items
        for number, item in enumerate(items):
            state = say(strings.QUEUE_STATES[item.state])
            line = say(strings.QUEUE_LINE, name=item.name, state=state)
            if number == self._pictures.count():
                self._pictures.addItem(QListWidgetItem())
            shown = self._pictures.item(number)
            if shown.text() != line:
                shown.setText(line)
                shown.setData(Qt.ItemDataRole.AccessibleTextRole, line)
        while self._pictures.count() > len(items):
            self._pictures.takeItem(self._pictures.count() - 1)
        pause = strings.IMAGES_RESUME if self._queue.is_paused else strings.IMAGES_PAUSE
        for button, message in (
            (self._pause_button, pause),
            (self._cancel_button, strings.IMAGES_CANCEL),
        ):
            button.setText(say(message))
            button.setAccessibleName(say(message).replace("&", ""))
            button.setEnabled(self._queue.is_running)
        self._actions["pause"].setText(say(pause))
        for name in ("pause", "cancel"):
            self._actions[name].setEnabled(self._queue.is_running)
        is_seen = len(items) > 1
        for part in (self._queue_label, self._pictures, self._pause_button, self._cancel_button):
            part.setVisible(is_seen)

    @Slot(QListWidgetItem)
    def _choose_item(self, shown: QListWidgetItem) -> None:
        self.item_wanted.emit(self._queue.items[self._pictures.row(shown)])

    @Slot()
    def _cancel_queue(self) -> None:
        if self._queue.is_running:
            self._queue.cancel()
            self.cancel_wanted.emit()

    # --- drops ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        _accept_copy(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        _accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        _accept_copy(event)
        self.dropped.emit(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:
        """The pictures that are left are not described by a window that nobody sees."""
        if self._queue.is_running:
            self._cancel_queue()
        super().closeEvent(event)
        self.closed.emit()


def _accept_copy(event: QDropEvent) -> None:
    """Take it as a copy, whatever is proposed: after a move the other side deletes the user's file."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
