"""Another program's window with known content. Runs as a process of its own.

    python -m tests.desktop.window '{"title": "...", "lines": [...], ...}'

Says as JSON lines: {"event": "shown", "id": X11 window, "geometry": [x, y, w, h]} (content, device
pixels), {"event": "text", "text": ...} for each change of its entry field, {"event": "key", ...}
for each key pressed in it, {"event": "dropped", "action": ...} when a drag that began in it ends.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QFont, QImage, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget


def _say(event: str, **facts: object) -> None:
    print(json.dumps({"event": event, **facts}, ensure_ascii=False), flush=True)


class _KeyWatch(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            _say("key", key=event.key(), text=event.text())
        return False


def _url(path: str) -> QUrl:
    return QUrl(path) if path.startswith("http") else QUrl.fromLocalFile(path)


class _DragLabel(QLabel):
    """Files, or web addresses, can be dragged out of it; with a picture, as from a browser, HTML and the picture
    itself come with its address."""

    def __init__(self, paths: list[str], picture: str) -> None:
        super().__init__("\n".join(paths))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._paths = paths
        self._picture = picture

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = QDrag(self)
        data = QMimeData()
        data.setUrls([_url(path) for path in self._paths])
        if self._picture:
            data.setHtml(f'<img src="{self._paths[0]}" alt="A picture">')
            data.setImageData(QImage(self._picture))
        drag.setMimeData(data)
        done = drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction)
        _say("dropped", action=done.name)


def _content(wish: dict[str, Any]) -> list[QWidget]:
    parts: list[QWidget] = []
    for line in wish.get("lines", ()):
        label = QLabel(line)
        label.setTextFormat(Qt.TextFormat.PlainText)
        parts.append(label)
    if wish.get("picture"):
        picture = QLabel()
        picture.setPixmap(QPixmap(wish["picture"]))
        parts.append(picture)
    if wish.get("drag"):
        parts.append(_DragLabel(wish["drag"], wish.get("drag_picture", "")))
    if wish.get("entry"):
        entry = QLineEdit()
        entry.textChanged.connect(lambda text: _say("text", text=text))
        parts.append(entry)
    return parts


def main(wish: dict[str, Any]) -> None:
    app = QApplication(sys.argv[:1])
    font = QFont("DejaVu Sans")
    font.setPixelSize(wish.get("text_px", 24))
    app.setFont(font)
    watch = _KeyWatch()
    window = QWidget()
    window.setWindowTitle(wish["title"])
    if wish.get("colour"):
        window.setStyleSheet(f"QWidget {{ background: {wish['colour']}; }}")
    column = QVBoxLayout(window)
    for part in _content(wish):
        column.addWidget(part)
        if isinstance(part, QLineEdit):
            part.setFocus()
    if not wish.get("drag"):
        column.addStretch()
    left, top, width, height = wish["geometry"]
    window.move(left, top)
    window.resize(width, height)
    window.show()
    window.windowHandle().installEventFilter(watch)
    window.activateWindow()
    handle = window.windowHandle()

    def tell_when_shown() -> None:
        if not (handle.isExposed() and window.isActiveWindow()):
            QTimer.singleShot(5, tell_when_shown)
            return
        corner = window.mapToGlobal(QPoint(0, 0))
        ratio = window.devicePixelRatio()
        size = [round(window.width() * ratio), round(window.height() * ratio)]
        _say("shown", id=int(window.winId()), geometry=[corner.x(), corner.y(), *size])

    tell_when_shown()
    app.exec()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
