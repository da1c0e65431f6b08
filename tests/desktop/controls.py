"""Another program's window with controls, for what its accessibility tree tells.

    python -m tests.desktop.controls [TITLE] [dialog]

Says {"event": "shown", "id": ..., "places": {name: [left, top, right, bottom] on the screen}}, and the places
again in {"event": "focused", "name": ...} after a name on standard input.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)


def main(title: str = "Orders", kind: str = "window") -> None:
    app = QApplication(sys.argv[:1])
    window: QWidget = QDialog() if kind == "dialog" else QWidget()
    window.setWindowTitle(title)
    column = QVBoxLayout(window)
    search, secret = QLineEdit("typed text"), QLineEdit("hunter2")
    search.setAccessibleName("Search")
    secret.setAccessibleName("PIN")
    secret.setEchoMode(QLineEdit.EchoMode.Password)
    gift, plain = QCheckBox("Gift wrap"), QCheckBox("Newsletter")
    gift.setChecked(True)
    air, sea = QRadioButton("By air"), QRadioButton("By sea")
    sea.setChecked(True)
    hidden = QPushButton("Hidden")
    order, cancel = QPushButton("Order"), QPushButton("Cancel")
    cancel.setEnabled(False)
    parts = [QLabel("Your basket holds three books"), search, secret, gift, plain, air, sea]
    for part in [*parts, order, cancel, hidden]:
        column.addWidget(part)
    hidden.hide()
    search.setFocus()
    window.move(200, 150)
    window.resize(500, 420)
    window.show()
    window.activateWindow()

    def obey() -> None:
        """Focus another control: the line on standard input names it."""
        name = sys.stdin.readline().strip()
        named = {"Search": search, "PIN": secret, "Gift wrap": gift, "Order": order}
        if name in named:
            named[name].setFocus()
            facts = {"event": "focused", "name": name, "places": places()}
            print(json.dumps(facts), flush=True)

    def place(part: QWidget) -> list[int]:
        corner = part.mapToGlobal(QPoint(0, 0))
        return [corner.x(), corner.y(), corner.x() + part.width(), corner.y() + part.height()]

    def places() -> dict[str, list[int]]:
        return {"Search": place(search), "Order": place(order), "Gift wrap": place(gift)}

    def tell_when_shown() -> None:
        if not (window.windowHandle().isExposed() and window.isActiveWindow()):
            QTimer.singleShot(5, tell_when_shown)
            return
        facts = {"event": "shown", "id": int(window.winId()), "places": places()}
        print(json.dumps(facts), flush=True)

    from PySide6.QtCore import QSocketNotifier

    orders = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, window)
    orders.activated.connect(obey)
    tell_when_shown()
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
