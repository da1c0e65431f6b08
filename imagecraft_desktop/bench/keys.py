"""The part `keys` of `bench`: from a key to what is heard, with the real program and real keys.

As a module of its own it is the child that runs the program in private folders, shows another
program's window with new text for each press, presses the key and listens. Linux with X11 only.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from imagecraft_desktop.bench import window
from imagecraft_desktop.bench.hearing import Recorder, find_moments, loud_span_s
from imagecraft_desktop.bench.pictures import samples
from imagecraft_desktop.bench.private import private_environment
from imagecraft_desktop.bench.process import Figures, Measurer, serve
from imagecraft_desktop.bench.start import app_command, running, wait_ready
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak import earcon
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action

_MODULE = "imagecraft_desktop.bench.keys"
WINDOW, PHOTO = "window", "photo"
COLD_WINDOW = "window-cold"
PROGRAMS = ("parec",)
_PHOTO = "dog.jpg"
_LINES = 6
_COLD_STARTS = 3
_SETTLE_S = 2.0
_SILENCE_S = 1.0
_LIMIT_S = 180.0
_LOOK_S = 0.2
_KEYSYMS = {"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L"}
_SHIPS = ("Adler", "Birgit", "Cormorant", "Dolphin", "Estrella", "Falke", "Gannet", "Heron")
_PLACES = ("Bergen", "Cadiz", "Dover", "Esbjerg", "Genoa", "Hamburg", "Lisbon", "Malmo")


def missing_programs() -> list[str]:
    """Programs that are needed to listen, and not here."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def measure(rounds: int, tell_round: Callable[[int], None]) -> list[Figures]:
    """A row for the first press, one for the later ones, one for a photo named by a command."""
    tried: dict[str, list[Figures]] = {COLD_WINDOW: [], WINDOW: [], PHOTO: []}
    with private_environment() as env:
        for _ in range(_COLD_STARTS):
            with Measurer(_MODULE, env=env) as child:
                tried[COLD_WINDOW].append(child.ask(WINDOW))
        with Measurer(_MODULE, env=env) as child:
            for name in (WINDOW, PHOTO):  # loads what they need
                child.ask(name)
            for number in range(rounds):
                tell_round(number + 1)
                for name in (WINDOW, PHOTO):
                    tried[name].append(child.ask(name))
    return [{"case": name, **_sum_up(rows)} for name, rows in tried.items()]


def _sum_up(rows: list[Figures]) -> Figures:
    if any("error" in row for row in rows):
        return next(row for row in rows if "error" in row)
    keys = [key for key, value in rows[0].items() if isinstance(value, float | int)]
    medians = {key: round(median(row[key] for row in rows), 1) for key in keys}
    return {**rows[0], **medians, "all": [{key: row[key] for key in keys} for row in rows]}


# --- in the child ---


class Page:
    """The other program's window."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self._dice = random.Random(1)  # noqa: S311 - the same pages in every run

    def turn(self) -> tuple[list[str], list[int]]:
        """Show lines that were never shown; they and the window's size."""
        lines = [self._make_line() for _ in range(_LINES)]
        if self._child.stdin is None or self._child.stdout is None:
            raise RuntimeError("the window has no pipes")
        print(json.dumps(lines), file=self._child.stdin, flush=True)
        answer = self._child.stdout.readline()
        if not answer:
            raise RuntimeError("the window is gone")
        return lines, json.loads(answer)

    def _make_line(self) -> str:
        ship, place = self._dice.choice(_SHIPS), self._dice.choice(_PLACES)
        hour, minute = self._dice.randrange(1, 24), self._dice.randrange(10, 60)
        pier = self._dice.randrange(1, 99)
        return f"{ship} to {place} leaves pier {pier} at {hour:02}:{minute}"


@contextmanager
def showing() -> Iterator[Page]:
    """A page in a window of another process, while the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-m", window.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            yield Page(child)
        finally:
            child.terminate()


def press(chord: str, display: str | None = None) -> None:
    """Press keys and let them go, as the keyboard would, without delay: "ctrl+shift+f12"."""
    from Xlib import XK, X
    from Xlib.display import Display
    from Xlib.ext import xtest

    screen = Display(display)
    try:
        codes = [
            screen.keysym_to_keycode(XK.string_to_keysym(_KEYSYMS.get(part, part.upper())))
            for part in chord.split("+")
        ]
        for code in codes:
            xtest.fake_input(screen, X.KeyPress, code)
        screen.sync()
        for code in reversed(codes):
            xtest.fake_input(screen, X.KeyRelease, code)
        screen.sync()
    finally:
        screen.close()


def _listen(act: Callable[[], None]) -> Figures:
    """Do something and time what is heard, until the program is silent and idle."""
    accepted, done = (
        loud_span_s(earcon.sound_of(name, Settings().speech_volume), earcon.RATE_HZ)
        for name in ("accepted", "done")
    )
    with Recorder() as recorder:
        place = recorder.place
        act()
        end = time.monotonic() + _LIMIT_S
        time.sleep(_SILENCE_S)
        while client.send(Action.STATUS)["state"] != "idle" or not recorder.is_silent(_SILENCE_S):
            if time.monotonic() > end:
                raise RuntimeError("the program does not come to an end")
            time.sleep(_LOOK_S)
        heard = find_moments(recorder.since(place), accepted, done)
    if heard is None:
        raise RuntimeError(f"nothing was heard; the program says {client.send(Action.STATUS)}")
    return {
        "earcon_ms": heard.earcon_s * 1000,
        "first_word_ms": heard.word_s * 1000,
        "end_of_speech_s": heard.end_s,
    }


def _press_window(page: Page) -> Figures:
    lines, size = page.turn()
    figures = _listen(lambda: press(Settings().window_key))
    said = client.send(Action.STATUS)["last"]["description"]
    read = sum(line.casefold() in said.casefold() for line in lines)
    return {**figures, "window": size, "lines_shown": len(lines), "lines_said": read}


def _trigger_photo() -> Figures:
    answered = 0.0

    def trigger() -> None:
        nonlocal answered
        begun = time.perf_counter()
        photo = str(samples() / _PHOTO)
        subprocess.run(app_command("trigger", "file", photo), check=True, stdout=subprocess.DEVNULL)
        answered = time.perf_counter() - begun

    return {**_listen(trigger), "command_ms": answered * 1000}


def _main() -> None:
    # a tick would be taken for a word
    store.set_value("working_tick", "off")
    with showing() as page, running(app_command("app")) as program:
        page.turn()
        wait_ready(program)
        time.sleep(_SETTLE_S)
        serve(lambda name: _press_window(page) if name == WINDOW else _trigger_photo())


if __name__ == "__main__":
    _main()
