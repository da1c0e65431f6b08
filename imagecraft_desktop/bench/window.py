"""A window of another program, filling the screen, for the part `keys` of `bench`.

Each line on standard input is a JSON list of lines of text to show instead; it answers with its
size in pixels, `[width, height]`, once they are on the screen.
"""

from __future__ import annotations

import json
import sys

TITLE = "Harbour timetable"
_TEXT_PX = 26
_SHOWN_MS = 300


def main() -> None:
    """Show the window until standard input ends."""
    from PySide6.QtCore import QSocketNotifier, Qt, QTimer
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QApplication, QLabel

    application = QApplication([])
    font = QFont()
    font.setPixelSize(_TEXT_PX)
    page = QLabel()
    page.setFont(font)
    page.setStyleSheet("background: white; color: black; padding: 60px")
    page.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    page.setTextFormat(Qt.TextFormat.PlainText)
    page.setWindowTitle(TITLE)
    page.showFullScreen()
    page.activateWindow()

    def tell() -> None:
        print(json.dumps([page.width(), page.height()]), flush=True)

    def change() -> None:
        line = sys.stdin.readline()
        if not line:
            application.quit()
            return
        page.setText("\n\n".join(json.loads(line)))
        QTimer.singleShot(_SHOWN_MS, tell)

    told = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, page)
    told.activated.connect(change)
    application.exec()


if __name__ == "__main__":
    main()
