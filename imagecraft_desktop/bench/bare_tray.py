"""The least that a tray program with hotkeys can be: what `app` is compared with by `bench`."""

from __future__ import annotations


def main() -> None:
    """Show a tray icon, say so, and wait."""
    from pynput import keyboard
    from PySide6.QtGui import QIcon, QPixmap
    from PySide6.QtWidgets import QApplication, QSystemTrayIcon

    application = QApplication([])
    pixels = QPixmap(22, 22)
    pixels.fill()
    icon = QSystemTrayIcon(QIcon(pixels))
    icon.show()
    print(keyboard.__name__, flush=True)
    application.exec()


if __name__ == "__main__":
    main()
