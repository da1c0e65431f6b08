"""`python -m tests.pictures [FOLDER [PART OF A NAME ...]]`: takes the pictures of the windows in docs/pictures, on a private desktop.

Each window is shown by the real program, in light and dark colours and in high contrast, some with letters
twice as large or from right to left. Their names end with that; PART OF A NAME chooses.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.desktop import Desktop
from tests.desktop.processes import wait_until
from tests.desktop.wayland import WaylandDesktop
from tests.e2e.running import RunningProgram
from tests.tiny_voice import record

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "resources" / "samples"
_COLOURS = 40
_DRAWN_S = 0.2
_SCREEN = (1366, 768)
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
        self._settle()
        number = self.desktop.keys.windows(title)[0]
        left, top, width, height = self._place(number)
        pixels = self.desktop.screenshot()[top : top + height, left : left + width]
        _save(pixels, path)

    def save_screen(self, path: Path) -> None:
        """The picture of the whole screen, small."""
        self._settle()
        _save(self.desktop.screenshot(), path)

    def _settle(self) -> None:
        """Until the program has drawn what it was told to."""
        for _ in range(3):
            self.program.status()
            time.sleep(_DRAWN_S)

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


def _save(pixels: NDArray[np.uint8], path: Path) -> None:
    image = Image.fromarray(pixels).quantize(_COLOURS, dither=Image.Dither.NONE)
    image.save(path, optimize=True)


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


def _region(shots: Shots, path: Path) -> None:
    shots.desktop.show_window(
        lines=["The invoice is due"], title="Accounts", geometry=(300, 200, 600, 400)
    )
    shots.program.ask("choose-region")
    wait_until(lambda: shots.desktop.keys.windows("Choose a region"), "the frame", 20)
    shots.desktop.keys.press("Left")
    shots.save_screen(path)


_PAGES = (
    *("speech", "description", "hotkeys", "signs", "history", "program"),
    *("voices", "models", "privacy"),
)
_TITLE, _APP_NAME = "ImageCraft Settings", "imagecraft-desktop"


def _add_voice(shots: Shots, path: Path) -> None:
    """A voice of the user's, of a sound that is taken for speech."""
    file = record(path.with_name(".anna.wav"), 5.0)
    told = (
        "--transcript",
        "The tea is ready in the kitchen, and the cake stands beside it on the table.",
        "--speaker-agreed",
    )
    command = shots.desktop.command("voice", "add", "anna", "--audio", str(file), *told)
    try:
        done = shots.desktop.run(command)
    finally:
        file.unlink()
    assert done.returncode == 0, done.stderr


def _turn_to(shots: Shots, page: str, shown: str) -> None:
    """Open the settings at a page, which shows this when it is there."""
    shots.show("settings", _TITLE)
    for _ in range(_PAGES.index(page)):
        shots.desktop.keys.press("Down")
    wait_until(
        lambda: shown in str([o["name"] for o in shots.desktop.accessible.shown(_APP_NAME)]),
        shown,
        20,
    )


def _settings(shots: Shots, path: Path) -> None:
    """A picture of each page; with large letters and from right to left of the first."""
    _add_voice(shots, path)
    shots.desktop.run(shots.desktop.command("settings", "set", "voice", "hibari"))
    shots.show("settings", _TITLE)
    wait_until(
        lambda: "hibari: " in str([o["name"] for o in shots.desktop.accessible.shown(_APP_NAME)]),
        "the voices",
        20,
    )
    pages = _PAGES if path.stem.removeprefix("settings-") in _USUAL else _PAGES[:1]
    for number, page in enumerate(pages):
        if number:
            shots.desktop.keys.press("Down")
        shots.save(_TITLE, path.with_name(path.name.replace("settings", f"settings-{page}")))


def _new_voice(shots: Shots, path: Path) -> None:
    _turn_to(shots, "voices", "New voice")
    shots.desktop.accessible.press("push button", "New voice")
    wait_until(lambda: shots.desktop.keys.windows("New Voice"), "the dialog", 20)
    shots.desktop.keys.type("Anna")
    shots.save("New Voice", path)


def _rename_voice(shots: Shots, path: Path) -> None:
    _add_voice(shots, path)
    _turn_to(shots, "voices", "anna")
    shots.desktop.accessible.press("push button", "Rename")
    wait_until(lambda: shots.desktop.keys.windows("^Rename"), "the dialog", 20)
    shots.save("^Rename", path)


def _login(shots: Shots, path: Path) -> None:
    _from_models(shots, path, "Log in to the Hub", "Log In to the Hugging Face Hub")


def _terms(shots: Shots, path: Path) -> None:
    _from_models(shots, path, "Install", "Licence and Size")


def _about(shots: Shots, path: Path) -> None:
    _from_models(shots, path, "All about it", "About ")


def _from_models(shots: Shots, path: Path, button: str, title: str) -> None:
    """A dialog of the page of the models."""
    _turn_to(shots, "models", "blip-base")
    shots.desktop.accessible.press("push button", button)
    wait_until(lambda: shots.desktop.keys.windows(title), title, 20)
    shots.save(title, path)


_ONLY = sys.argv[2:] or [""]
_LOOKS: dict[str, dict[str, object]] = {
    "light": {},
    "dark": {"scheme": "Dark"},
    "contrast": {"settings": {"high_contrast": "on"}},
    "light-200": {"env": {"QT_FONT_DPI": "192"}},
    "light-rtl": {"direction": "RightToLeft"},
}
_USUAL = ("light", "dark", "contrast")
_ON_WAYLAND = "region-window-wayland"
_WINDOWS: dict[str, tuple[Callable[[Shots, Path], None], Sequence[str]]] = {
    "image-window": (_images, tuple(_LOOKS)),
    "history-window": (_history, _USUAL),
    "question-window": (_question, _USUAL),
    "confirm-window": (_confirm, _USUAL),
    "region-window": (_region, _USUAL),
    "settings": (_settings, tuple(_LOOKS)),
    "new-voice": (_new_voice, _USUAL),
    "rename-voice": (_rename_voice, _USUAL),
    "hub-login": (_login, _USUAL),
    "terms": (_terms, _USUAL),
    "about-model": (_about, _USUAL),
}


def _region_on_wayland(path: Path) -> None:
    """The frame over the picture of before, on a Wayland compositor."""
    desktop = WaylandDesktop()
    try:
        desktop.begin_test(0)
        desktop.run(desktop.command("settings", "set", "voice", "silence"))
        desktop.show_at(
            200, 100, lines=["The invoice is due"], title="Accounts", geometry=(0, 0, 600, 400)
        )
        program = RunningProgram(desktop)
        program.ask("choose-region")
        wait_until(lambda: desktop.focused().startswith("Choose a region"), "the frame", 30)
        desktop.type("-k", "Left")
        time.sleep(5 * _DRAWN_S)
        done = desktop.run(["grim", str(path)])
        assert done.returncode == 0, done.stderr
        with Image.open(path) as shot:
            _save(np.asarray(shot.convert("RGB")), path)
        desktop.end_test()
    finally:
        desktop.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    desktop = Desktop(size=_SCREEN, sound=False)
    try:
        wanted = [(name, look) for name, (_, looks) in _WINDOWS.items() for look in looks]
        for number, (name, look) in enumerate(wanted):
            if not any(part in f"{name}-{look}" for part in _ONLY):
                continue
            desktop.begin_test(number)
            take, _ = _WINDOWS[name]
            take(Shots(desktop, **_LOOKS[look]), folder / f"{name}-{look}.png")  # type: ignore[arg-type]
            desktop.end_test()
            print(f"{name}-{look}", flush=True)
    finally:
        desktop.close()
    if any(part in _ON_WAYLAND for part in _ONLY):
        _region_on_wayland(folder / f"{_ON_WAYLAND}.png")
        print(_ON_WAYLAND, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
