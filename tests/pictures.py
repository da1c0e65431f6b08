"""`python -m tests.pictures [FOLDER [PART OF A NAME]]`: takes the pictures of the windows in docs/pictures, on a private desktop.

Each window is shown by the real program, in light and dark colours and in high contrast.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.desktop import Desktop
from tests.desktop.processes import wait_until
from tests.e2e.running import RunningProgram

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "resources" / "samples"
_COLOURS = 40
_APP = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
import imagecraft_desktop.app as app
from imagecraft_desktop.cli.main import set_language
make = app._make_application
def made():
    application = make()
    application.setStyle("Fusion")
    if sys.argv[1] == "Dark":  # as a desktop with dark colours would set them
        application.setPalette(QPalette(QColor("#31363b"), QColor("#232629")))
    application.setLayoutDirection(getattr(Qt.LayoutDirection, sys.argv[2]))
    return application
app._make_application = made
set_language()
sys.exit(app.main())
"""


class Shots:
    """Shows windows in one set of colours and takes their pictures.

    Args:
        scheme: "Light" or "Dark".
        settings: Of the program.
        env: Further variables of its environment.
    """

    def __init__(
        self,
        desktop: Desktop,
        scheme: str = "Light",
        direction: str = "LeftToRight",
        settings: dict[str, str] | None = None,
        env: dict[str, str] | None = None,
    ) -> None:
        self.desktop = desktop
        for name, value in {"voice": "silence", **(settings or {})}.items():
            desktop.run(desktop.command("settings", "set", name, value))
        command = desktop.command
        desktop.command = lambda *words: (  # type: ignore[method-assign]
            [sys.executable, "-c", _APP, scheme, direction]
            if words == ("app",)
            else command(*words)
        )
        try:
            self.program = RunningProgram(desktop, env=env)
        finally:
            desktop.command = command  # type: ignore[method-assign]

    def describe(self, *pictures: str) -> None:
        """Have sample pictures described, one after the other."""
        for name in pictures:
            self.program.ask("file", path=str(SAMPLES / name))
            wait_until(
                lambda name=name: (
                    (self.program.status()["last"] or {}).get("source", "").endswith(name)
                ),
                name,
                60,
            )

    def save(self, title: str, path: Path) -> None:
        """The picture of the window with this title, small."""
        self.desktop.accessible.tree()
        number = self.desktop.keys.windows(title)[0]
        left, top, width, height = self._place(number)
        pixels = self.desktop.screenshot()[top : top + height, left : left + width]
        image = Image.fromarray(pixels).quantize(_COLOURS, dither=Image.Dither.NONE)
        image.save(path, optimize=True)

    def _place(self, number: int) -> tuple[int, int, int, int]:
        """Where a window's content is on the screen."""
        from Xlib.display import Display

        screen = Display(self.desktop.env["DISPLAY"])
        try:
            window = screen.create_resource_object("window", number)
            size, corner = (
                window.get_geometry(),
                window.translate_coords(screen.screen().root, 0, 0),
            )
            return -corner.x, -corner.y, size.width, size.height
        finally:
            screen.close()

    def show(self, action: str, title: str, **words: str) -> None:
        """Open a window and wait for it."""
        self.program.ask(action, **words)
        wait_until(lambda: self.desktop.keys.windows(title), title, 20)


def _images(shots: Shots, path: Path) -> None:
    shots.describe("qr_poster.jpg")
    shots.show("image-window", "qr_poster.jpg")
    for _ in range(2):
        shots.desktop.keys.press("Down")
    shots.desktop.keys.press("Tab")
    for _ in range(3):
        shots.desktop.keys.press("Down")
    shots.save("qr_poster.jpg", path)


def _history(shots: Shots, path: Path) -> None:
    shots.describe("dog.jpg", "error_dialog.png", "coffee.jpg")
    shots.show("history", "History")
    shots.desktop.keys.press("Down")
    shots.save("History", path)


def _question(shots: Shots, path: Path) -> None:
    shots.describe("dog.jpg")
    command = shots.desktop.command("settings", "set", "captioner", "server")
    shots.desktop.run(command)  # it answers questions, and none is sent here
    shots.show("ask", "Ask About")
    shots.desktop.keys.type("How many dogs?")
    shots.save("Ask About", path)


def _confirm(shots: Shots, path: Path) -> None:
    shots.describe("qr_poster.jpg")
    shots.show("image-window", "qr_poster.jpg")
    for key in ("Tab", "End", "Return"):
        shots.desktop.keys.press(key)
    wait_until(lambda: shots.desktop.keys.windows("ImageCraft asks"), "the question", 10)
    shots.save("ImageCraft asks", path)


_ONLY = sys.argv[2] if len(sys.argv) > 2 else ""
_LOOKS: dict[str, dict[str, object]] = {
    "light": {},
    "dark": {"scheme": "Dark"},
    "contrast": {"settings": {"high_contrast": "on"}},
}
_WINDOWS: dict[str, Callable[[Shots, Path], None]] = {
    "image-window": _images,
    "history-window": _history,
    "question-window": _question,
    "confirm-window": _confirm,
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    desktop = Desktop(size=(1280, 860), sound=False)
    try:
        number = 0
        for name, take in _WINDOWS.items():
            for look, wish in _LOOKS.items():
                if _ONLY not in f"{name}-{look}":
                    continue
                number += 1
                desktop.begin_test(number)
                path = folder / f"{name}-{look}.png"
                take(Shots(desktop, **wish), path)  # type: ignore[arg-type]
                desktop.end_test()
                print(path, path.stat().st_size, flush=True)
    finally:
        desktop.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
