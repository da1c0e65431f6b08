"""The image window by itself: what it shows, says and wants. The real program is in tests/e2e."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QAccessible,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
)
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imagecraft_desktop import strings
from imagecraft_desktop.system import paths
from imagecraft_desktop.ui.findings import RowList
from imagecraft_desktop.ui.image_window import ImageWindow
from imagecraft_desktop.ui.picture_queue import PictureQueue
from imagecraft_desktop.ui.picture_view import PictureView
from imagecraft_desktop.values import (
    Box,
    Capture,
    Certainty,
    Code,
    Description,
    Detail,
    Kind,
    Origin,
    Picture,
    Request,
    Statement,
    TextLine,
    Wish,
)

# of the offscreen platform alone
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

CAPTURE = Capture(Origin.FILE, "/p/poster.png", Path("/p/poster.png"))
SAID = (
    Statement("A photo.", Certainty.CERTAIN, "frame"),
    Statement("Text in the photo: Open day.", Certainty.LIKELY, "ocr"),
)
FOUND = Description(
    Kind.PHOTO, SAID, text=(TextLine("Open day", Box(0, 0, 30, 10), 0.9),), captioner="embedded"
)
PICTURE = Picture(np.zeros((90, 90, 3), np.uint8), Origin.FILE, "/p/poster.png")


@pytest.fixture
def window(qtbot: QtBot) -> ImageWindow:
    made = ImageWindow(PictureQueue(lambda: True))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def described(window: ImageWindow, question: str = "", found: Description = FOUND) -> Request:
    request = Request(CAPTURE, wish=Wish(question=question))
    window.begin(request)
    window.show_picture(PICTURE)
    for number, statement in enumerate(found.statements):
        window.add_statement(statement, number)
    window.show_found(found)
    return request


def lines(window: ImageWindow) -> list[list[str]]:
    return [[row.line for row in part.rows()] for part in window.findChildren(RowList)]


def test_each_line_has_certainty_and_place(window: ImageWindow):
    described(window)
    assert lines(window) == [
        ["A photo. Certain.", "Text in the photo: Open day. Likely, top left."],
        ["Text: Open day. Certain, top left."],
    ]
    assert window.windowTitle() == "poster.png - ImageCraft"
    item = window.findChildren(RowList)[0].item(1)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == item.text()


def test_arrow_keys_walk_the_lines_and_show_where_each_is(window: ImageWindow, qtbot: QtBot):
    described(window)
    view, (statements, found) = window.findChild(PictureView), window.findChildren(RowList)
    assert view.marked["found"] == 1
    for marked in (0, 1):
        qtbot.keyClick(statements, Qt.Key.Key_Down)
        assert view.marked["chosen"] == marked
    qtbot.keyClick(statements, Qt.Key.Key_Up)
    assert view.marked["chosen"] == 0
    found.setCurrentRow(-1)
    qtbot.keyClick(found, Qt.Key.Key_Down)
    assert view.marked["chosen"] == 1


def test_the_line_that_a_key_leads_to_is_told_and_nothing_that_comes_by_itself(
    window: ImageWindow, qtbot: QtBot
):
    told: list[str] = []
    window.walked.connect(told.append)
    statements, found = window.findChildren(RowList)
    described(window)
    found.setFocus()
    described(window)
    statements.setFocus()
    assert told == []
    first, second = lines(window)[0]
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_T):
        qtbot.keyClick(statements, key)
    assert told == [first, second, second, first, second]
    told.clear()
    qtbot.keyClick(found, Qt.Key.Key_End)
    qtbot.keyClick(found, Qt.Key.Key_Return)
    assert told == [lines(window)[1][0]]


def test_a_new_description_is_not_read_again_but_arrows_begin_at_its_first_line(
    window: ImageWindow, qtbot: QtBot
):
    described(window)
    statements, found = window.findChildren(RowList)
    statements.setFocus()
    qtbot.waitUntil(statements.hasFocus)
    statements.setCurrentRow(1)
    moves: list[int] = []
    statements.currentRowChanged.connect(moves.append)
    described(window)
    assert set(moves) == {-1}  # a reader says each line that becomes current
    with qtbot.waitSignal(statements.chosen) as chosen:
        qtbot.keyClick(statements, Qt.Key.Key_Return)
    assert chosen.args == [statements.rows()[0]]
    window._copy()
    assert QGuiApplication.clipboard().text() == SAID[0].text
    qtbot.keyClick(statements, Qt.Key.Key_Down)
    assert statements.currentRow() == 0
    described(window)
    found.setFocus()
    # whoever comes back hears where they are
    qtbot.waitUntil(lambda: statements.currentRow() == 0)
    assert statements.item(0).isSelected()


def test_what_is_being_spoken_is_marked(window: ImageWindow):
    described(window)
    view, statements = window.findChild(PictureView), window.findChildren(RowList)[0]
    for sentence, row, boxes in ((0, 0, 0), (1, 1, 1), (5, 1, 1)):
        window.mark_sentence(sentence)
        colours = [statements.item(n).background().style() for n in range(2)]
        assert [style != Qt.BrushStyle.NoBrush for style in colours][row] is True
        assert view.marked["spoken"] == boxes
    window.mark_sentence(None)
    assert view.marked["spoken"] == 0


def test_an_answer_follows_what_stands_there(window: ImageWindow):
    described(window)
    answer = Description(Kind.PHOTO, (Statement("Two.", Certainty.UNSURE, "captioner"),))
    described(window, "How many?", answer)
    assert lines(window)[0][2:] == ["You asked: How many?", "Two. Unsure."]
    assert lines(window)[1] == ["Text: Open day. Certain, top left."]
    assert window.statements == SAID
    assert window.text.splitlines()[-2:] == ["How many?", "Two."]


def test_a_new_description_takes_the_place_of_the_old(window: ImageWindow):
    described(window)
    window.begin(Request(Capture(Origin.SCREEN, "screen 1", b"")))
    assert lines(window) == [[], []]
    assert window.windowTitle() == "screen 1 - ImageCraft"
    assert window.findChild(PictureView).size_px is None


@pytest.mark.parametrize(
    ("key", "detail"), [("Ctrl+D", Detail.DETAILED), ("Ctrl+Shift+D", Detail.BRIEF)]
)
def test_detail_goes_up_and_down(window: ImageWindow, qtbot: QtBot, key: str, detail: Detail):
    described(window)
    with qtbot.waitSignal(window.describe_wanted) as wanted:
        _press(window, qtbot, key)
    assert wanted.args == [CAPTURE, detail]
    window.begin(Request(CAPTURE, wish=Wish(detail)))
    with qtbot.waitSignal(window.told) as told, qtbot.assertNotEmitted(window.describe_wanted):
        _press(window, qtbot, key)
    assert "is not possible" in told.args[0]


def _press(window: ImageWindow, qtbot: QtBot, key: str) -> None:
    """As the key would; offscreen no window is active, so shortcuts do not fire by themselves."""
    (action,) = [
        one
        for one in window.findChildren(type(window._actions["copy"]))
        if one.shortcut() == QKeySequence(key)
    ]
    action.trigger()


def test_a_question_stands_in_the_field_until_it_was_taken(window: ImageWindow, qtbot: QtBot):
    described(window)
    window._question.setText("  How many? ")
    with qtbot.waitSignal(window.question_wanted) as wanted:
        qtbot.keyClick(window._question, Qt.Key.Key_Return)
    assert wanted.args == ["How many?"]
    assert window._question.text() == "  How many? "
    window.clear_question()
    assert window._question.text() == ""


@pytest.mark.parametrize("kind", ["picture", "files", "picture and page"])
def test_a_picture_is_pasted_as_one_while_the_question_has_the_keyboard(
    window: ImageWindow, qtbot: QtBot, kind: str
):
    described(window)
    mime = QMimeData()
    if kind == "files":
        mime.setUrls([QUrl.fromLocalFile("/p/a.png")])
        mime.setText("/p/a.png")
    else:
        mime.setImageData(QImage(4, 3, QImage.Format.Format_RGB32))
    if kind == "picture and page":
        mime.setHtml('<img src="https://example.org/a.png">')
    QGuiApplication.clipboard().setMimeData(mime)
    with qtbot.waitSignal(window.paste_wanted):
        qtbot.keyClick(window._question, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window._question.text() == ""


@pytest.mark.parametrize("has_picture", [True, False])
def test_text_is_pasted_into_the_question(window: ImageWindow, qtbot: QtBot, has_picture: bool):
    """An office program puts a picture of it beside the text."""
    described(window)
    mime = QMimeData()
    mime.setText("How many?")
    if has_picture:
        mime.setImageData(QImage(4, 3, QImage.Format.Format_RGB32))
    QGuiApplication.clipboard().setMimeData(mime)
    with qtbot.assertNotEmitted(window.paste_wanted):
        qtbot.keyClick(window._question, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window._question.text() == "How many?"


def test_why_no_question_is_answered_is_told_at_the_field(window: ImageWindow):
    for sentence in ("It answers none.", ""):
        window.show_why_no_answer(sentence)
        assert window._question.accessibleDescription() == sentence
        assert window._ask_button.accessibleDescription() == sentence


def test_the_line_and_everything_are_copied(window: ImageWindow, qtbot: QtBot):
    described(window)
    _press(window, qtbot, "Ctrl+Shift+C")
    assert QGuiApplication.clipboard().text() == "A photo.\nText in the photo: Open day."
    _press(window, qtbot, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == "A photo."


@pytest.mark.qt_log_ignore("propagateSizeHints", "openUrl")
@pytest.mark.parametrize("is_copied", [True, False])
def test_an_address_that_no_browser_opens_is_told_and_may_be_copied(
    window: ImageWindow, qtbot: QtBot, is_copied: bool
):
    """Offscreen there is no browser."""
    address, box = "https://example.org/menu", Box(0, 0, 30, 30)
    said = Statement("A QR code.", Certainty.CERTAIN, "codes", (box,))
    found = Description(Kind.PHOTO, (said,), codes=(Code("QRCode", address, box),))
    described(window, found=found)
    QGuiApplication.clipboard().setText("before")
    sentences: list[str] = []
    window.told.connect(sentences.append)
    qtbot.keyClick(window.findChildren(RowList)[0], Qt.Key.Key_Return)
    (first,) = window.findChildren(QMessageBox)
    first.button(QMessageBox.StandardButton.Yes).click()
    assert sentences == ["No browser opened the address."]
    second = window.findChildren(QMessageBox)[-1]
    assert second.text() == f"Copy the address instead? {address}"
    wish = QMessageBox.StandardButton.Yes if is_copied else QMessageBox.StandardButton.No
    second.button(wish).click()
    assert QGuiApplication.clipboard().text() == (address if is_copied else "before")
    assert sentences[1:] == (["Copied."] if is_copied else [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("https://example.org/menu", "Open this address in the browser? https://example.org/menu"),
        ("tel:+4930123", "A phone number, not called from here. Control C copies it."),
        ("", "There is nothing to open in this line."),
    ],
    ids=["link", "phone", "empty"],
)
def test_enter_on_a_sentence_about_a_code_is_never_silent(
    window: ImageWindow, qtbot: QtBot, content: str, told: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", "linux")
    box = Box(0, 0, 30, 30)
    said = Statement("A QR code.", Certainty.CERTAIN, "codes", (box,))
    found = Description(Kind.PHOTO, (said,), codes=(Code("QRCode", content, box),))
    described(window, found=found)
    sentences: list[str] = []
    window.told.connect(sentences.append)
    qtbot.keyClick(window.findChildren(RowList)[0], Qt.Key.Key_Return)
    asked = window.findChildren(QMessageBox)
    if content.startswith("https"):
        sentences += [box.text() for box in asked]
    assert sentences == [told]
    for box in asked:
        box.reject()
    _press(window, qtbot, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == (content or "A QR code.")


@pytest.mark.parametrize("proposed", [Qt.DropAction.MoveAction, Qt.DropAction.CopyAction])
def test_a_drop_is_always_a_copy(window: ImageWindow, qtbot: QtBot, proposed: Qt.DropAction):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/p/a.png")])
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(window.dropped):
        for event in (
            QDragEnterEvent(QPoint(9, 9), both, mime, left, none),
            QDragMoveEvent(QPoint(9, 9), both, mime, left, none),
            QDropEvent(QPointF(9, 9), both, mime, left, none),
        ):
            event.setDropAction(proposed)
            QApplication.sendEvent(window, event)
            assert event.isAccepted()
            assert event.dropAction() == Qt.DropAction.CopyAction


def test_zoom_keys(window: ImageWindow, qtbot: QtBot):
    described(window)
    view = window.findChild(PictureView)
    qtbot.keyClick(view, Qt.Key.Key_1)
    assert view.zoom == 1
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom > 1.2
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.zoom == pytest.approx(1)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.zoom > 1
    assert view.face.accessibleName() == "Picture, poster.png, 90 by 90 pixels"
    # a screen reader takes the name of the label, where there is one
    (label,) = (one for one in window.findChildren(QLabel) if one.buddy() is view.face)
    assert label.accessibleName() == view.face.accessibleName()


def test_the_picture_is_an_image_to_a_screen_reader_and_keys_reach_it(
    window: ImageWindow, qtbot: QtBot
):
    described(window)
    view = window.findChild(PictureView)
    view.setFocus()
    face = window.focusWidget()
    seen = QAccessible.queryAccessibleInterface(face)
    assert seen.role() == QAccessible.Role.Graphic
    assert seen.text(QAccessible.Text.Name) == "Picture, poster.png, 90 by 90 pixels"
    assert "zoom" in seen.text(QAccessible.Text.Description)
    before = view.zoom
    qtbot.keyClick(face, Qt.Key.Key_Plus)
    assert view.zoom > before
    view.real_size()
    for _ in range(9):
        qtbot.keyClick(face, Qt.Key.Key_Plus)
    at = view.horizontalScrollBar().value()
    qtbot.keyClick(face, Qt.Key.Key_Right)
    assert view.horizontalScrollBar().value() > at
    assert face.geometry() == view.viewport().rect()
    window.forget()
    assert seen.text(QAccessible.Text.Name).startswith("No picture")
    assert seen.text(QAccessible.Text.Description) == ""


def test_a_click_into_the_picture_brings_the_keyboard_there(window: ImageWindow, qtbot: QtBot):
    described(window)
    view = window.findChild(PictureView)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton)
    assert window.focusWidget() is view.face


def test_nothing_can_be_done_without_a_picture(window: ImageWindow):
    for name in ("save_text", "save_speech", "save_picture", "copy", "again", "more", "repeat"):
        assert not window._actions[name].isEnabled()
    described(window)
    for name in ("save_text", "save_speech", "save_picture", "copy", "again", "more", "repeat"):
        assert window._actions[name].isEnabled()
    window.forget()
    assert lines(window) == [[], []]
    assert not window._actions["save_text"].isEnabled()


def test_every_focusable_part_has_a_name_and_a_place_in_the_order(window: ImageWindow):
    window._queue.items = []
    window._queue.add([CAPTURE, CAPTURE])
    described(window)
    parts = [
        part
        for part in window.findChildren(QWidget)
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible()
    ]
    assert len(parts) >= 7
    assert [part for part in parts if not part.accessibleName()] == []
    order, here = [], window._list
    for _ in range(80):
        if here in parts:
            order.append(here.accessibleName())
        here = here.nextInFocusChain()
        if here is window._list:
            break
    assert order == [
        "Description",
        "Text and things found",
        "Question",
        "Ask",
        "Pictures to describe",
        "Pause List",
        "Cancel List",
        "Picture, poster.png, 90 by 90 pixels",
    ]
    window._queue.cancel()


def test_no_key_is_given_twice(window: ImageWindow):
    keys = [one.shortcut().toString() for one in window._actions.values()]
    assert len(keys) == len(set(keys)) == len([key for key in keys if key])
    for menu in window.menuBar().actions():
        letters = [
            one.text().partition("&")[2][:1].lower() for one in menu.menu().actions() if one.text()
        ]
        assert len(letters) == len(set(letters)), letters
    labels = [one.text() for one in window.findChildren(QPushButton)]
    assert all("&" in label for label in labels)


def test_it_fits_a_small_screen_with_letters_of_twice_the_size(qtbot: QtBot):
    plain = QApplication.font()
    large = QApplication.font()
    large.setPointSizeF(plain.pointSizeF() * 2)
    QApplication.setFont(large)
    try:
        made = ImageWindow(PictureQueue(lambda: True))
        qtbot.addWidget(made)
        made._queue.items = []
        described(made)
        size = made.minimumSizeHint()
        assert size.width() <= 1280
        assert size.height() <= 720
    finally:
        QApplication.setFont(plain)


def test_closing_it_cancels_the_list(window: ImageWindow, qtbot: QtBot):
    window._queue.add([CAPTURE, CAPTURE])
    with qtbot.assertNotEmitted(window.act_wanted), qtbot.waitSignal(window.cancel_wanted):
        window.close()
    assert not window._queue.is_running


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_letter_is_given_once_in_the_window_in_every_language(qtbot: QtBot, language: str):
    strings.use_language(language, paths.resources() / "locale")
    try:
        made = ImageWindow(PictureQueue(lambda: True))
        qtbot.addWidget(made)
        labels = [one.text() for one in made.findChildren(QLabel) if one.buddy() is not None]
        labels += [one.text() for one in made.findChildren(QPushButton)]
        menus = [one.text() for one in made.menuBar().actions()]
        entries = [
            [one.text() for one in menu.menu().actions() if one.text()]
            for menu in made.menuBar().actions()
        ]
        for group in ([*labels, *menus], *entries):
            letters = [text.partition("&")[2][:1].lower() for text in group]
            assert "" not in letters, group
            assert len(letters) == len(set(letters)), group
    finally:
        strings.use_language("en", paths.resources() / "locale")
