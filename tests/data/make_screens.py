"""Draws windows full of controls whose state is known, for the tests of the layout.

Run in a child process: python make_screens.py FOLDER COUNT. Writes NAME.png and NAME.json for each.
The JSON holds `lines` (text and box as a reader would give them, a little too large) and `truth`.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSlider,
    QStyle,
    QStyleFactory,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QStyleOptionGroupBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

WORDS = [
    "Show hidden files",
    "Send reports",
    "Play a sound",
    "Keep history",
    "Use proxy server",
    "Wrap long lines",
    "Follow links",
    "Check spelling",
    "Save on exit",
    "Ask before closing",
    "Allow updates",
    "Start at login",
    "Remember me",
    "Hide the toolbar",
    "Print headers",
    "Sort by name",
    "Group by date",
    "Mute all",
    "Night mode",
    "Reduce motion",
    "Large icons",
    "Use tabs",
    "Enable plugins",
    "Share location",
    "Auto rotate",
    "Vibrate",
]
LABELS = [
    "First name",
    "Last name",
    "Street",
    "City",
    "Country",
    "Phone",
    "Company",
    "Account",
    "Server",
    "Port",
    "Title",
    "Subject",
]
VALUES = [
    "Maria",
    "Lopez",
    "12 Mill Lane",
    "Oslo",
    "Norway",
    "555 0147",
    "Northwind",
    "admin",
    "mail.example.com",
    "8080",
    "Dr",
    "Hello",
]
CELLS = ["Oslo", "12 kB", "Text", "7 May", "Rome", "3.5", "Note", "88"]
BUTTONS = [
    "OK",
    "Cancel",
    "Apply",
    "Save",
    "Delete",
    "Browse",
    "Help",
    "Close",
    "Retry",
    "Next",
    "Back",
    "Search",
    "Add to list",
    "Sign up",
]


class Screen:
    """Collects what stands in a picture."""

    def __init__(self, dice: random.Random, scale: float) -> None:
        self.dice = dice
        self.scale = scale
        self.lines: list[dict[str, Any]] = []
        self.truth: dict[str, Any] = {
            "switches": {},
            "undecided": [],
            "buttons": [],
            "fields": {},
            "progress": {},
            "selected": [],
            "tables": [],
        }

    def line(self, text: str, rect: QRect | QRectF) -> None:
        """Note a line of text; `rect` is where the letters are, in logical pixels."""
        if not text.strip():
            return
        pad = [self.dice.choice((0, 1, 2, 3, 4)) for _ in range(4)]
        self.lines.append(
            {
                "text": text,
                "box": [
                    int(rect.left() * self.scale) - pad[0],
                    int(rect.top() * self.scale) - pad[1],
                    int((rect.left() + rect.width()) * self.scale) + pad[2],
                    int((rect.top() + rect.height()) * self.scale) + pad[3],
                ],
            }
        )

    def in_rect(
        self, text: str, rect: QRect, metrics: QFontMetrics, align: Qt.AlignmentFlag
    ) -> None:
        """Note a line aligned within a rectangle."""
        plain = text.replace("&", "")
        flags = align | Qt.AlignmentFlag.AlignVCenter
        self.line(plain, metrics.boundingRect(rect, int(flags), plain))


LEFT, CENTRE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter


def dark_palette(accent: QColor) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, "#2d2d30"),
        (role.WindowText, "#dddddd"),
        (role.Base, "#1e1e1e"),
        (role.AlternateBase, "#2a2a2c"),
        (role.Text, "#dddddd"),
        (role.Button, "#3c3c40"),
        (role.ButtonText, "#dddddd"),
        (role.HighlightedText, "#ffffff"),
        (role.PlaceholderText, "#808080"),
    ):
        palette.setColor(which, QColor(colour))
    palette.setColor(role.Highlight, accent)
    return palette


def text_rect(widget: QWidget, option: Any, element: QStyle.SubElement) -> QRect:
    return widget.style().subElementRect(element, option, widget)


def note_button(screen: Screen, window: QWidget, one: QCheckBox | QRadioButton) -> None:
    option = QStyleOptionButton()
    one.initStyleOption(option)
    element = (
        QStyle.SubElement.SE_CheckBoxContents
        if isinstance(one, QCheckBox)
        else QStyle.SubElement.SE_RadioButtonContents
    )
    rect = text_rect(one, option, element)
    rect.moveTopLeft(one.mapTo(window, rect.topLeft()))
    screen.in_rect(one.text(), rect, one.fontMetrics(), LEFT)


def note_widgets(screen: Screen, window: QWidget) -> None:
    """Note the lines of all widgets of a window that is shown."""
    for label in window.findChildren(QLabel):
        if label.isVisible():
            rect = QRect(label.mapTo(window, QPoint(0, 0)), label.size())
            screen.in_rect(label.text(), rect, label.fontMetrics(), LEFT)
    for kind in (QCheckBox, QRadioButton):
        for one in window.findChildren(kind):
            if one.isVisible():
                note_button(screen, window, one)
    for button in window.findChildren(QPushButton):
        rect = QRect(button.mapTo(window, QPoint(0, 0)), button.size())
        screen.in_rect(button.text(), rect, button.fontMetrics(), CENTRE)
    for edit in window.findChildren(QLineEdit):
        if not edit.isVisible() or isinstance(edit.parent(), QComboBox):
            continue
        option = QStyleOptionFrame()
        edit.initStyleOption(option)
        rect = text_rect(edit, option, QStyle.SubElement.SE_LineEditContents).adjusted(2, 0, -2, 0)
        rect.moveTopLeft(edit.mapTo(window, rect.topLeft()))
        text = edit.text() or edit.placeholderText()
        if edit.echoMode() != QLineEdit.EchoMode.Password or not edit.text():
            screen.in_rect(text, rect, edit.fontMetrics(), LEFT)
    for combo in window.findChildren(QComboBox):
        option = QStyleOptionComboBox()
        combo.initStyleOption(option)
        rect = combo.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            combo,
        )
        rect = rect.adjusted(3, 0, 0, 0)
        rect.moveTopLeft(combo.mapTo(window, rect.topLeft()))
        screen.in_rect(combo.currentText(), rect, combo.fontMetrics(), LEFT)
    for group in window.findChildren(QGroupBox):
        option = QStyleOptionGroupBox()
        group.initStyleOption(option)
        rect = group.style().subControlRect(
            QStyle.ComplexControl.CC_GroupBox,
            option,
            QStyle.SubControl.SC_GroupBoxLabel,
            group,
        )
        rect.moveTopLeft(group.mapTo(window, rect.topLeft()))
        screen.in_rect(group.title(), rect, group.fontMetrics(), LEFT)
    for bar in window.findChildren(QProgressBar):
        if bar.isTextVisible():
            rect = QRect(bar.mapTo(window, QPoint(0, 0)), bar.size())
            screen.in_rect(bar.text(), rect, bar.fontMetrics(), CENTRE)
    for tabs in window.findChildren(QTabWidget):
        for at in range(tabs.count()):
            rect = tabs.tabBar().tabRect(at)
            rect.moveTopLeft(tabs.tabBar().mapTo(window, rect.topLeft()))
            screen.in_rect(tabs.tabText(at), rect, tabs.fontMetrics(), CENTRE)
    for entries in window.findChildren(QListWidget):
        for at in range(entries.count()):
            rect = entries.visualItemRect(entries.item(at)).adjusted(4, 0, 0, 0)
            rect.moveTopLeft(entries.viewport().mapTo(window, rect.topLeft()))
            screen.in_rect(entries.item(at).text(), rect, entries.fontMetrics(), LEFT)
    for table in window.findChildren(QTableWidget):
        note_table(screen, window, table)


def note_table(screen: Screen, window: QWidget, table: QTableWidget) -> None:
    header = table.horizontalHeader()
    for column in range(table.columnCount()):
        rect = QRect(
            header.sectionViewportPosition(column), 0, header.sectionSize(column), header.height()
        )
        rect.moveTopLeft(header.viewport().mapTo(window, rect.topLeft()))
        text = table.horizontalHeaderItem(column).text()
        screen.in_rect(text, rect, header.fontMetrics(), CENTRE)
        for row in range(table.rowCount()):
            item = table.item(row, column)
            cell = table.visualItemRect(item).adjusted(4, 0, 0, 0)
            cell.moveTopLeft(table.viewport().mapTo(window, cell.topLeft()))
            screen.in_rect(item.text(), cell, table.fontMetrics(), LEFT)
    if table.verticalHeader().isVisible():
        side = table.verticalHeader()
        for row in range(table.rowCount()):
            rect = QRect(0, side.sectionViewportPosition(row), side.width(), side.sectionSize(row))
            rect.moveTopLeft(side.viewport().mapTo(window, rect.topLeft()))
            screen.in_rect(str(row + 1), rect, side.fontMetrics(), CENTRE)


# --- a window of the toolkit ----------------------------------------------------------------


def make_window(screen: Screen) -> QWidget:
    dice, truth = screen.dice, screen.truth
    window = QWidget()
    column = QVBoxLayout(window)
    makers = [
        add_checks,
        add_radios,
        add_form,
        add_progress,
        add_list,
        add_table,
        add_tabs,
        add_slider,
    ]
    names = dice.sample(WORDS, len(WORDS))
    labels = list(range(len(LABELS)))
    dice.shuffle(labels)
    for make in dice.sample(makers, dice.randint(3, 5)):
        make(screen, column, names, labels)
    row = QHBoxLayout()
    if dice.random() < 0.7:
        row.addStretch(1)
    for name in dice.sample(BUTTONS, dice.randint(1, 4)):
        row.addWidget(QPushButton(name))
        truth["buttons"].append(name)
    column.addLayout(row)
    window.resize(dice.randint(460, 900), 10)
    window.adjustSize()
    return window


def add_checks(screen: Screen, column: QVBoxLayout, names: list[str], labels: list[int]) -> None:
    dice = screen.dice
    box = QGroupBox(dice.choice(("Options", "General", "Behaviour")))
    inner = QVBoxLayout(box)
    for _ in range(dice.randint(2, 4)):
        check = QCheckBox(names.pop())
        kind = dice.random()
        if kind < 0.12:
            check.setTristate(True)
            check.setCheckState(Qt.CheckState.PartiallyChecked)
            screen.truth["undecided"].append(check.text())
        else:
            check.setChecked(kind < 0.56)
            screen.truth["switches"][check.text()] = check.isChecked()
        check.setEnabled(dice.random() > 0.1)
        inner.addWidget(check)
    column.addWidget(box)


def add_radios(screen: Screen, column: QVBoxLayout, names: list[str], labels: list[int]) -> None:
    dice = screen.dice
    box = QGroupBox(dice.choice(("Mode", "Choose one", "Order")))
    inner = QHBoxLayout(box) if dice.random() < 0.4 else QVBoxLayout(box)
    count = dice.randint(2, 4)
    chosen = dice.randrange(count)
    group = QButtonGroup(box)
    for at in range(count):
        radio = QRadioButton(names.pop())
        group.addButton(radio)
        radio.setChecked(at == chosen)
        screen.truth["switches"][radio.text()] = at == chosen
        inner.addWidget(radio)
    column.addWidget(box)


def add_form(screen: Screen, column: QVBoxLayout, names: list[str], labels: list[int]) -> None:
    dice = screen.dice
    form = QFormLayout()
    above = dice.random() < 0.3
    for _ in range(dice.randint(2, 4)):
        at = labels.pop()
        kind = dice.choice(("filled", "filled", "empty", "password", "combo"))
        value: str | None = VALUES[at]
        if kind == "combo":
            edit: QWidget = QComboBox()
            assert isinstance(edit, QComboBox)
            edit.addItems([VALUES[at], "Other"])
            edit.setMinimumWidth(260)
        else:
            edit = QLineEdit()
            edit.setMinimumWidth(260)
            if kind == "filled":
                edit.setText(VALUES[at])
            elif kind == "password":
                edit.setEchoMode(QLineEdit.EchoMode.Password)
                edit.setText("hunter2hunter2"[: dice.randint(4, 14)])
                value = None
            else:
                value = ""
        screen.truth["fields"][LABELS[at]] = value
        if above:
            column.addWidget(QLabel(LABELS[at]))
            column.addWidget(edit)
        else:
            form.addRow(LABELS[at] + dice.choice(("", ":")), edit)
    column.addLayout(form)


def add_progress(screen: Screen, column: QVBoxLayout, names: list[str], labels: list[int]) -> None:
    dice = screen.dice
    for name in dice.sample(("Copying", "Upload", "Battery", "Storage"), dice.randint(1, 2)):
        bar = QProgressBar()
        bar.setValue(dice.randint(6, 94))
        bar.setTextVisible(dice.random() < 0.5)
        screen.truth["progress"][name] = bar.value()
        column.addWidget(QLabel(name))
        column.addWidget(bar)


def add_slider(screen: Screen, column: QVBoxLayout, names: list[str], labels: list[int]) -> None:
    """A trap: neither a progress bar nor a field."""
    column.addWidget(QLabel("Volume"))
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setValue(screen.dice.randint(10, 90))
    column.addWidget(slider)


def add_list(screen: Screen, column: QVBoxLayout, names: list[str], labels: list[int]) -> None:
    dice = screen.dice
    entries = QListWidget()
    count = dice.randint(4, 7)
    for _ in range(count):
        entries.addItem(names.pop())
    entries.setMinimumHeight(count * entries.sizeHintForRow(0) + 8)
    if dice.random() < 0.8:
        entries.setCurrentRow(dice.randrange(count))
        screen.truth["selected"].append(entries.currentItem().text())
    column.addWidget(entries)


def add_table(screen: Screen, column: QVBoxLayout, names: list[str], labels: list[int]) -> None:
    dice = screen.dice
    rows = dice.randint(3, 6)
    heads = dice.sample(("Name", "Size", "Kind", "Date", "Price"), dice.randint(3, 4))
    table = QTableWidget(rows, len(heads))
    table.setHorizontalHeaderLabels(heads)
    table.verticalHeader().setVisible(dice.random() < 0.5)
    texts = [heads]
    for row in range(rows):
        texts.append([])
        for at in range(len(heads)):
            text = "" if dice.random() < 0.08 and at else f"{dice.choice(CELLS)} {row}"
            table.setItem(row, at, QTableWidgetItem(text))
            texts[-1].append(text)
    table.setMinimumHeight(
        rows * table.rowHeight(0) + table.horizontalHeader().sizeHint().height() + 8
    )
    table.setMinimumWidth(len(heads) * 100 + 60)
    table.clearSelection()
    table.setCurrentItem(None)
    screen.truth["tables"].append(texts)
    column.addWidget(table)


def add_tabs(screen: Screen, column: QVBoxLayout, names: list[str], labels: list[int]) -> None:
    dice = screen.dice
    tabs = QTabWidget()
    titles = dice.sample(("Basic", "Network", "Privacy", "Advanced", "About"), dice.randint(2, 4))
    chosen = dice.randrange(len(titles))
    for at, title in enumerate(titles):
        page = QWidget()
        inner = QVBoxLayout(page)
        if at == chosen:
            inner.addWidget(QLabel("These settings apply to all documents."))
            inner.addWidget(QLabel("Changes are kept when you close the window."))
        tabs.addTab(page, title)
    tabs.setCurrentIndex(chosen)
    screen.truth["selected"].append(titles[chosen])
    column.addWidget(tabs)


# --- a page painted as on the web -----------------------------------------------------------

ACCENTS = ("#1a73e8", "#0b57d0", "#16a34a", "#7c3aed", "#dc2626", "#ea580c", "#0d9488")


def paint_page(screen: Screen) -> QImage:
    dice = screen.dice
    dark = dice.random() < 0.4
    paper = QColor(
        dice.choice(
            ("#0f151c", "#1e1e1e", "#202124") if dark else ("#ffffff", "#f6f7f9", "#eef2f7")
        )
    )
    ink = QColor("#e8eaed" if dark else "#1b1b1f")
    line = QColor(
        dice.choice(("#3c4043", "#5f6368"))
        if dark
        else dice.choice(("#bbbbbb", "#d0d4d9", "#8a8f98"))
    )
    field = QColor("#17212b" if dark else "#ffffff")
    accent = QColor(dice.choice(ACCENTS))
    scale = screen.scale
    image = QImage(int(760 * scale), int(900 * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(paper)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont("DejaVu Sans")
    font.setPixelSize(dice.choice((13, 14, 15, 16)))
    painter.setFont(font)
    metrics = QFontMetrics(font)
    radius = dice.choice((0, 3, 6, 10))
    names = dice.sample(WORDS, len(WORDS))
    y = 30

    def write(text: str, x: float, middle: float, colour: QColor) -> float:
        width = metrics.horizontalAdvance(text)
        rect = QRectF(x, middle - metrics.height() / 2, width, metrics.height())
        painter.setPen(colour)
        painter.drawText(rect.adjusted(0, 0, 4, 0), Qt.AlignmentFlag.AlignVCenter, text)
        screen.line(text, rect)
        return width

    def pill(rect: QRectF, fill: QColor | None, edge: QColor | None, corner: float) -> None:
        painter.setPen(QPen(edge, 1) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
        moved = rect.adjusted(0.5, 0.5, -0.5, -0.5) if edge else rect
        painter.drawRoundedRect(moved, corner, corner)

    # switches
    design = dice.choice(("filled", "outlined", "big knob"))
    height = dice.choice((18, 20, 24))
    right = dice.random() < 0.6
    for _ in range(dice.randint(2, 4)):
        name, is_on = names.pop(), dice.random() < 0.5
        x = 620.0 if right else 40.0
        write(name, 40 if right else 40 + 2 * height + 12, y + height / 2, ink)
        off_colour = QColor("#5f6368" if dark else dice.choice(("#9aa0a6", "#c4c7c5")))
        track = QRectF(x, y, 1.8 * height, height)
        knob = QColor("#ffffff")
        size = height - (4 if design != "big knob" else 2)
        if design == "outlined" and not is_on:
            pill(track, paper, line, height / 2)
            knob, size = QColor(ink), height * 0.55
        else:
            pill(track, accent if is_on else off_colour, None, height / 2)
        inset = (height - size) / 2
        left = track.right() - inset - size if is_on else track.left() + inset
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(knob)
        painter.drawEllipse(QRectF(left, y + inset, size, size))
        screen.truth["switches"][name] = is_on
        y += dice.choice((40, 46))
    y += 10
    # check boxes
    side = dice.choice((14, 16, 18, 20))
    for _ in range(dice.randint(2, 4)):
        name, is_on = names.pop(), dice.random() < 0.5
        box = QRectF(40, y, side, side)
        corner = min(radius, 4)
        if is_on:
            pill(box, accent, None, corner)
            painter.setPen(QPen(QColor("#ffffff"), max(1.6, side / 9)))
            painter.drawPolyline(
                [
                    QPoint(int(40 + side * 0.22), int(y + side * 0.52)),
                    QPoint(int(40 + side * 0.42), int(y + side * 0.72)),
                    QPoint(int(40 + side * 0.8), int(y + side * 0.28)),
                ]
            )
        else:
            pill(box, field, line, corner)
        write(name, 40 + side + 10, y + side / 2, ink)
        screen.truth["switches"][name] = is_on
        y += 34
    # traps: a legend and a bulleted list
    for colour in dice.sample(ACCENTS, 2):
        painter.fillRect(QRectF(40, y, 12, 12), QColor(colour))
        text = names.pop()
        write(text, 60, y + 6, ink)
        screen.truth["undecided"].append(text)
        y += 26
    # radio buttons
    count = dice.randint(2, 3)
    chosen = dice.randrange(count)
    for at in range(count):
        name = names.pop()
        circle = QRectF(40, y, side, side)
        painter.setBrush(field)
        painter.setPen(QPen(accent if at == chosen else line, 2 if at == chosen else 1.4))
        painter.drawEllipse(circle.adjusted(1, 1, -1, -1))
        if at == chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawEllipse(
                circle.adjusted(side * 0.28, side * 0.28, -side * 0.28, -side * 0.28)
            )
        write(name, 40 + side + 10, y + side / 2, ink)
        screen.truth["switches"][name] = at == chosen
        y += 32
    y += 14
    # fields with the label above
    for at in dice.sample(range(len(LABELS)), 2):
        write(LABELS[at], 40, y + 8, ink)
        rect = QRectF(40, y + 22, 320, dice.choice((32, 38)))
        pill(rect, field, line, radius)
        filled = dice.random() < 0.6
        if filled:
            write(VALUES[at], 52, rect.center().y(), ink)
        screen.truth["fields"][LABELS[at]] = VALUES[at] if filled else ""
        y += 82
    # a progress bar
    name = dice.choice(("Copying", "Upload", "Storage"))
    percent = dice.randint(8, 92)
    write(name, 40, y + 8, ink)
    bar = QRectF(40, y + 24, 400, dice.choice((8, 10, 14)))
    corner = bar.height() / 2 if radius else 0
    pill(bar, QColor("#3c4043" if dark else "#dfe3e8"), None, corner)
    pill(QRectF(40, y + 24, 400 * percent / 100, bar.height()), accent, None, corner)
    screen.truth["progress"][name] = percent
    y += 60
    # buttons
    x = 40.0
    for at, name in enumerate(dice.sample(BUTTONS, dice.randint(2, 3))):
        width = metrics.horizontalAdvance(name) + dice.choice((32, 44))
        rect = QRectF(x, y, width, 36)
        if at == 0:
            pill(rect, accent, None, radius)
        else:
            pill(rect, paper, line, radius)
        write(
            name,
            x + (width - metrics.horizontalAdvance(name)) / 2,
            y + 18,
            QColor("#ffffff") if at == 0 else ink,
        )
        screen.truth["buttons"].append(name)
        x += width + 14
    painter.end()
    return image.copy(0, 0, image.width(), min(image.height(), int((y + 60) * scale)))


def grab(app: QApplication, screen: Screen, style: str, dark: bool) -> QImage:
    app.setStyle(QStyleFactory.create(style))
    accent = QColor(screen.dice.choice(ACCENTS))
    app.setPalette(dark_palette(accent) if dark else app.style().standardPalette())
    window = make_window(screen)
    window.show()
    app.processEvents()
    size = QSize(int(window.width() * screen.scale), int(window.height() * screen.scale))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(screen.scale)
    image.fill(Qt.GlobalColor.white)
    window.render(image)
    note_widgets(screen, window)
    window.close()
    return image


def main(folder: str, count: int, first: int) -> None:
    app = QApplication([])
    for number in range(first, first + count):
        dice = random.Random(number)
        scale = dice.choice((1.0, 1.0, 1.25, 1.5, 2.0))
        screen = Screen(dice, scale)
        kind = number % 3
        if kind == 2:
            image = paint_page(screen)
        else:
            image = grab(
                app, screen, "Fusion" if kind == 0 or number % 2 else "Windows", dice.random() < 0.5
            )
        name = Path(folder) / f"screen{number:03d}"
        image.save(str(name.with_suffix(".png")))
        name.with_suffix(".json").write_text(
            json.dumps({"lines": screen.lines, "truth": screen.truth}), encoding="utf-8"
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
