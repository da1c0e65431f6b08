"""The hands of a soak: every way in which a person can ask for a description, and for its end."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram
from tests.soak.account import Trigger

_LAYER, _WINDOW = "ctrl+shift+f11", "ctrl+shift+f12"
_IMAGES, _HISTORY = "ImageCraft$", "History"
SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
_TEXTS = {
    "Accounts": ["Quarterly accounts", "The invoice is due on Monday"],
    "Garden": ["Water the beans", "Plant three trees"],
}
WARMING = (
    ("qr_poster.jpg", "Open day at the school"),
    ("dog.jpg", "dog"),
    ("error_dialog.png", "Save failed"),
)
"""Described before the soak, and what is said of them; of the first, the oldest in the history, nothing else says so."""
_MENU_GONE_S = 0.6
"""What is chosen in the menu is done when the menu has vanished, 0.2 seconds later."""
REGION = "120,120,400,250"
SCREEN, ALL_SCREENS, CLIPBOARD, IN_REGION = (
    say(strings.CAPTURE_SCREEN, number=1),
    say(strings.CAPTURE_ALL_SCREENS),
    say(strings.CAPTURE_CLIPBOARD),
    say(strings.CAPTURE_REGION),
)


class Hands:
    """Gives triggers on a desktop where the program runs; each gives what it must lead to."""

    def __init__(
        self, desktop: Desktop, program: RunningProgram, folder: Path, chance: random.Random
    ) -> None:
        self._desktop = desktop
        self._program = program
        self._folder = folder
        self._chance = chance
        self._windows: dict[str, int] = {}
        for number, (title, lines) in enumerate(_TEXTS.items()):
            place = (100 + 40 * number, 100 + 40 * number, 500, 300)
            shown = desktop.show_window(lines=lines, title=title, geometry=place, entry=True)
            self._windows[title] = shown.events[0]["id"]
        self._front = title
        self._pictures = [self._copy(n) for n in range(4)]
        self._files: Child | None = None
        self._clipboard: tuple[str, Child] | None = None
        self._reader = desktop.accessible  # it is told of the focus from now on
        self._broken = 0
        self._last = Trigger("", str(SAMPLES / WARMING[-1][0]))
        self.has_list = False
        self._ways: dict[str, tuple[int, Callable[[], Trigger]]] = {
            "hotkey: window": (20, self._hotkey),
            "layer: window": (8, lambda: self._letter("w", self._front)),
            "layer: text": (8, lambda: self._letter("t", self._front)),
            "layer: screen": (6, lambda: self._letter("s", SCREEN)),
            "layer: all monitors": (4, lambda: self._letter("m", ALL_SCREENS)),
            "layer: last region": (8, lambda: self._letter("g", IN_REGION)),
            "layer: clipboard": (8, self._clip),
            "layer: more": (4, self._more),
            "layer: element": (4, self._element),
            "layer: under the mouse": (4, self._under_mouse),
            "layer: question refused": (4, self._ask),
            "history: repeated": (4, self._repeat),
            "command: window": (4, lambda: self._command("window", self._front)),
            "command: screen": (3, lambda: self._command("screen", SCREEN)),
            "command: file": (6, self._file),
            "command: broken file": (4, self._broken_file),
            "tray: window": (6, self._tray),
            "image window: opened": (5, self._open),
            "image window: dropped": (3, self._drop),
            "image window: pasted": (3, self._paste),
        }

        self._first = self._chance.sample(list(self._ways), len(self._ways))

    def _copy(self, number: int) -> Path:
        name = ("error_dialog.png", "dog.jpg")[number % 2]
        copy = self._folder / f"{number}-{name}"
        shutil.copy(SAMPLES / name, copy)
        return copy

    def give(self) -> Trigger:
        """Ask for something: in each way once, then by chance."""
        way = self._choose()
        trigger = self._ways[way][1]()
        trigger.source = way
        if trigger.name:
            self._last = trigger
        return trigger

    def _choose(self) -> str:
        is_free = {way: not (self.has_list and way.startswith("image")) for way in self._ways}
        if first := [way for way in self._first if is_free[way]]:
            self._first.remove(first[0])
            return first[0]
        ways = [way for way in self._ways if is_free[way]]
        return self._chance.choices(ways, [self._ways[way][0] for way in ways])[0]

    def again(self, trigger: Trigger) -> Trigger | None:
        """The same once more, where that is one key; else None."""
        if trigger.source != "hotkey: window":
            return None
        self._hotkey()
        return Trigger("second press", trigger.name)

    def cancel(self) -> str:
        """Stop what is in work; how."""
        way = self._chance.choice(["x", "Escape", "x", "tray", "command"])
        if way == "tray":
            self._desktop.tray_click("Stop")
            time.sleep(_MENU_GONE_S)
        elif way == "command":
            self._run("trigger", "stop")
        else:
            self._press_letter(way)
        return way

    def change_window(self) -> None:
        """Perhaps another window comes to the front."""
        title = self._chance.choice(list(self._windows))
        if title != self._front:
            self._bring(title)

    def clear_list(self) -> None:
        """Cancel what is left in the list of the image window, perhaps close it, and go back."""
        windows = self._desktop.keys.windows(_IMAGES)
        if windows:
            self._desktop.keys.focus(windows[0])
            self._desktop.keys.press("ctrl+Delete")
            if self._chance.random() < 0.5:
                self._close_images()
        self._bring(self._front)
        self.has_list = False

    def _close_images(self) -> None:
        if windows := self._desktop.keys.windows(_IMAGES):
            self._desktop.keys.focus(windows[0])
            self._desktop.keys.press("ctrl+w")
            wait_until(lambda: not self._desktop.keys.windows(_IMAGES), "the window to go", 20)

    # --- the ways ---

    def calm(self) -> Trigger:
        """The one that always looks alike, for measuring: the same small window, and no other open."""
        self._close_images()
        self._bring("Accounts")
        trigger = self._hotkey()
        trigger.source = "hotkey: window"
        self._last = trigger
        return trigger

    def _bring(self, title: str) -> None:
        self._desktop.keys.focus(self._windows[title])
        self._front = title

    def _hotkey(self) -> Trigger:
        self._desktop.keys.press(_WINDOW)
        return Trigger("", self._front)

    def _press_letter(self, letter: str) -> None:
        self._desktop.keys.press(_LAYER)
        self._desktop.keys.press(letter)

    def _letter(self, letter: str, name: str) -> Trigger:
        self._press_letter(letter)
        return Trigger("", name)

    def _run(self, *arguments: object) -> None:
        done = self._desktop.run(self._desktop.command(*arguments))
        if "Traceback" in done.stderr:
            raise AssertionError(done.stderr)

    def _command(self, word: str, name: str) -> Trigger:
        self._run("trigger", word)
        return Trigger("", name)

    def _more(self) -> Trigger:
        self._press_letter("d")
        return Trigger("", self._last.name, self._last.told)

    def _file(self) -> Trigger:
        file = self._chance.choice(self._pictures)
        self._run("trigger", "file", file)
        return Trigger("", str(file))

    def _broken_file(self) -> Trigger:
        self._broken += 1
        file = self._folder / f"broken{self._broken}.png"
        file.write_bytes(b"no picture")
        self._run("trigger", "file", file)
        return Trigger("", str(file), told=f"{file.name} cannot be read")

    def _clip(self) -> Trigger:
        kind = self._chance.choice(["image/png", "image/png", "text/plain", "nothing"])
        if self._clipboard is None or self._clipboard[0] != kind:
            self._own_clipboard(kind)
        self._press_letter("c")
        if kind == "image/png":
            return Trigger("", CLIPBOARD)
        return Trigger("", told="No picture on the clipboard.")

    def _own_clipboard(self, kind: str) -> None:
        old = self._clipboard
        data = (SAMPLES / "error_dialog.png").read_bytes() if kind == "image/png" else b"words"
        if kind == "nothing":
            owner = self._desktop.own_clipboard(b"words", "text/plain")
            owner.stop()
        else:
            owner = self._desktop.own_clipboard(data, kind)
        self._clipboard = kind, owner
        if old is not None:
            old[1].stop()

    def _element(self) -> Trigger:
        self._bring(self._front)
        return self._letter("e", say(strings.CAPTURE_ELEMENT))  # the field has no name

    def _under_mouse(self) -> Trigger:
        """The first line of the window in front."""
        self._bring(self._front)
        number = list(self._windows).index(self._front)
        self._desktop.keys.move(350 + 40 * number, 150 + 40 * number)
        return self._letter("u", _TEXTS[self._front][0])

    def _ask(self) -> Trigger:
        self._press_letter("a")
        return Trigger("", told="does not answer questions: ")

    def _repeat(self) -> Trigger:
        """The oldest entry. What is in work would be ended by it without a word, so that is waited for."""
        wait_until(lambda: self._program.status()["state"] != "describing", "its end", 90)
        self._press_letter("l")
        self._wait_front(_HISTORY)

        def is_oldest() -> bool:
            for key in ("Home", "End"):
                self._desktop.keys.press(key)
            return WARMING[0][0] in self._reader.focus[1]

        wait_until(is_oldest, "the oldest entry", 20, step_s=0.1)
        for key in ("Return", "Escape"):
            self._desktop.keys.press(key)
        wait_until(lambda: not self._desktop.keys.windows(_HISTORY), "the window to go", 20)
        self._bring(self._front)
        return Trigger("", told=WARMING[0][1])

    def _wait_front(self, title: str) -> None:
        """Until a window with this title has the keyboard."""

        def is_front() -> bool:
            windows = self._desktop.keys.windows(title)
            return bool(windows) and self._desktop.keys.focused_window() in windows

        wait_until(is_front, title, 20)

    def _tray(self) -> Trigger:
        self._desktop.tray_click("Describe Window")
        return Trigger("", self._front)

    def _open(self) -> Trigger:
        file = self._chance.choice(self._pictures)
        self._run("window", file)
        self.has_list = True
        return Trigger("", str(file))

    def _paste(self) -> Trigger:
        self._own_clipboard("image/png")
        self._run("window")
        self._wait_front(_IMAGES)
        self._desktop.keys.press("ctrl+v")
        self._bring(self._front)
        self.has_list = True
        return Trigger("", CLIPBOARD)

    def _drop(self) -> Trigger:
        if not self._desktop.keys.windows(_IMAGES):
            self._run("window")
            wait_until(lambda: self._desktop.keys.windows(_IMAGES), "the image window", 20)
        file = self._pictures[0]
        if self._files is None:
            place = (1400, 700, 300, 200)
            self._files = self._desktop.start_drag([file], title="Files", geometry=place)
        images = self._desktop.keys.windows(_IMAGES)[0]
        self._desktop.keys.place(images, 700, 60)
        before = len(self._files.events)
        self._desktop.keys.drag((1550, 800), (1000, 300))
        self._files.wait_event("dropped", 20, since=before)
        self._bring(self._front)
        self.has_list = True
        return Trigger("", str(file))
