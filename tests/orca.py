"""`python -m tests.orca [LETTERS]`: what the real Orca says of our windows, and whether it gets our descriptions.

On a private desktop, with a speech server whose only voice writes to a file; Orca 43 and newer. LETTERS choose
windows by the letter that opens each; r is the frame of a region. Exit status 1 when something is not said, or
is said twice. A short form of it is in tests/e2e/test_orca.py.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from tests.desktop import Desktop
from tests.desktop.processes import WaitedTooLong, wait_until
from tests.e2e.running import RunningProgram

DOG = Path(__file__).resolve().parents[1] / "resources" / "samples" / "dog.jpg"
LAYER, WINDOW = "ctrl+shift+f11", "ctrl+shift+f12"
_PROGRAMS = ("orca", "speech-dispatcher")
_LANGUAGES = ("c", "en", "en-us", "en-gb", "es")
_SERVER = """LogLevel 3
LogDir "default"
AddModule "logger" "sd_generic" "logger.conf"
DefaultModule logger
DefaultLanguage "en"
DefaultPunctuationMode "none"
Timeout 0
"""
_VOICE = """GenericExecuteSynth "{{ printf %s \\'$DATA\\'; echo; }} >> {spoken}"
GenericMaxChunkLength 2000
GenericDelimiters "."
AddVoice "en" "MALE1" "log"
{languages}
"""
_WINDOWS = {
    "a": ("Ask About the Picture", 3, "Escape"),
    "l": ("History", 8, "Escape"),
    "v": ("dog.jpg - ImageCraft", 4, "ctrl+w"),
    "o": ("ImageCraft Settings", 6, "Escape"),
}
"""By letter: title, how many stops of Tab, the key that closes it."""
_REGION = ("Left", "5", "Tab")
"""Keys of the frame, each of which says something else than the one before."""
_SLOW_S = 30.0
_QUIET_S = 0.7


class Listener:
    """Orca on a desktop, and what it was heard to say."""

    def __init__(self, desktop: Desktop) -> None:
        folder = desktop.folder / "speech"
        (folder / "modules").mkdir(parents=True)
        self._spoken = folder / "spoken.txt"
        self._spoken.touch()
        socket = folder / "speechd.sock"
        self.env = {"SPEECHD_ADDRESS": f"unix_socket:{socket}"}
        languages = "\n".join(f'GenericLanguage "{one}" "{one}" "utf-8"' for one in _LANGUAGES)
        (folder / "speechd.conf").write_text(_SERVER)
        voice = _VOICE.format(spoken=self._spoken, languages=languages)
        (folder / "modules" / "logger.conf").write_text(voice)
        places = ("-C", folder, "-L", folder, "-P", folder / "pid", "-S", socket)
        server = ["speech-dispatcher", "-s", "-c", "unix_socket", *map(str, places)]
        desktop.spawn(server, env=desktop.env | self.env)
        wait_until(socket.exists, "the speech server", _SLOW_S)
        desktop.spawn(["orca"], env=desktop.env | self.env | {"PATH": _alone(folder)})
        wait_until(lambda: self.said, "Orca's first words", _SLOW_S)

    @property
    def said(self) -> list[str]:
        """Line by line, since the start."""
        return self._spoken.read_text("utf-8", "replace").splitlines()

    def settle(self) -> int:
        """Wait until nothing more is said; how many lines there are."""
        count = -1
        while count != len(self.said):
            count = len(self.said)
            time.sleep(_QUIET_S)
        return count

    def since(self, count: int) -> str:
        return " ".join(self.said[count:])

    def sentences(self, count: int) -> list[str]:
        """Those said from this line on, without the keys, which it echoes with a space after each."""
        return [line.strip() for line in self.said[count:] if not line.endswith(" ")]


def _alone(folder: Path) -> str:
    """A PATH in which Orca finds no other one: it asks pgrep, and leaves when one runs on another desktop."""
    pgrep = folder / "alone" / "pgrep"
    pgrep.parent.mkdir()
    pgrep.write_text("#!/bin/sh\nexit 1\n")
    pgrep.chmod(0o755)
    return f"{pgrep.parent}{os.pathsep}{os.environ['PATH']}"


class Hearing:
    """Walks through the windows, and compares what has the focus with what is said."""

    def __init__(self, desktop: Desktop, listener: Listener) -> None:
        self._desktop, self._listener = desktop, listener
        self.missing: list[str] = []
        self.wrong: list[str] = []
        """What was said twice, or should not have been said."""
        self._told = ""

    def _note(self, what: str, count: int) -> None:
        """Something that must be said, from this line on."""
        try:
            wait_until(lambda: what in self._listener.since(count), what, _SLOW_S, step_s=0.1)
        except WaitedTooLong:
            self.missing.append(what)
        self._listener.settle()
        mark = "MISSING" if what in self.missing else "said"
        print(f"  {mark}: {what!r}; Orca: {self._listener.said[count:]}", flush=True)

    def press(self, *pressed: str) -> int:
        """Press these when nothing is being said; from which line on something will be."""
        count = self._listener.settle()
        for key in pressed:
            self._desktop.keys.press(key)
        return count

    def once(self, text: str, count: int) -> None:
        """Each sentence of a text must be said from this line on, and no more than once."""
        *first, last = _sentences(text)
        self._note(last, count)
        said = self._listener.sentences(count)
        self.missing += [one for one in first if one not in said]
        self.wrong += [one for one in (*first, last) if said.count(one) > 1]

    def nothing_but(self, allowed: tuple[str, ...], count: int) -> None:
        """Nothing else may be said from this line on."""
        self._listener.settle()
        said = self._listener.sentences(count)
        print(f"  Orca: {said}", flush=True)
        self.wrong += [one for one in said if one not in allowed]

    def window(self, letter: str, title: str, tabs: int, leave: str = "Escape") -> None:
        """Open one of our windows and press Tab so many times; each stop must be named."""
        reader = self._desktop.accessible
        self._note(title, self.open(letter, title))
        for _ in range(tabs):
            before = reader.focuses
            count = self.press("Tab")
            wait_until(lambda: reader.focuses > before, "the focus", 10)  # noqa: B023
            role, name = reader.focus
            self._note(name if role != "combo box" else name.split(":")[0], count)
        self.close(leave, title)

    def open(self, letter: str, title: str) -> int:
        """Open one of our windows; from which line on that is said."""
        print(f"{title}:", flush=True)
        count = self.press(LAYER, letter)
        wait_until(lambda: self._desktop.keys.windows(title), title, _SLOW_S)
        return count

    def close(self, key: str, title: str) -> None:
        self._desktop.keys.press(key)
        wait_until(lambda: not self._desktop.keys.windows(title), f"{title} to close", _SLOW_S)

    def settings(self) -> None:
        """Why a choice cannot be used, and what becomes of a key, must be said, and once."""
        title = say(strings.SETTINGS_TITLE)
        self.open("o", title)
        self.search("captioner")
        why_not = say(strings.CAPTIONER_NO_MODEL)
        self.once(why_not, self.press("Home"))
        self.search("key that desc")
        self.once(say(strings.SETTINGS_PRESS_KEY), self.press("space"))
        for key in ("F9", "F12"):
            self.record(key)
            self.press("space")
        told = say(strings.SETTINGS_KEY_IS, key="Control Shift F12")
        count = self.press("Escape")
        self.once(told, count)
        self.nothing_but((told,), count)
        self.press("Escape")
        self.close("Escape", title)

    def record(self, key: str) -> None:
        """Press a new key for the button that awaits it: its new name must be said, and nothing beside it."""
        label, value = say(strings.SET_WINDOW_KEY), f"Control Shift {key}"
        name = say(strings.SETTINGS_NAMED, name=label, value=value)
        count = self.press(f"ctrl+shift+{key.lower()}")
        self.once(name, count)
        self.nothing_but((name,), count)

    def search(self, words: str) -> None:
        """Look for a setting and go to it."""
        self.press("ctrl+f", "ctrl+a")
        self._desktop.keys.type(words)
        self.press("Return")

    def region(self) -> None:
        """Choose a region; what each key says must be said, and once."""
        title = say(strings.REGION_TITLE)
        count = self.open("r", title)
        text, named = self.told(), f"{title} frame."
        self.once(text, count)
        said = self._listener.sentences(count)
        titles = [one for one in said if title in one]
        if titles != [named] or named in said[said.index(_sentences(text)[0]) :]:
            self.wrong.append("the title of the frame, which comes once and first")
        for key in _REGION:
            count = self.press(key)
            text = self.told()
            self.once(text, count)
            self.nothing_but(tuple(_sentences(text)), count)
        self.close("Escape", title)

    def told(self) -> str:
        """What the frame of a region says, other than before."""

        def look() -> str:
            labels = self._desktop.accessible.tree(
                app="imagecraft-desktop", role="label", only_shown=True
            )
            return next((str(one["name"]) for one in labels if one["name"] != self._told), "")

        self._told: str = wait_until(look, "what the frame says", _SLOW_S, step_s=0.1)
        return self._told


def _sentences(text: str) -> list[str]:
    """As the speech server cuts it."""
    return text.replace(". ", ".\n").split("\n")


def absent() -> list[str]:
    """Debian packages that it needs and that are not installed."""
    return [name for name in _PROGRAMS if shutil.which(name) is None]


def main(letters: str) -> int:
    if missing := absent():
        print("Install first:", " ".join(missing), file=sys.stderr)
        return 1
    desktop = Desktop(size=(1280, 860))
    try:
        desktop.begin_test(1)
        desktop.env["PATH"] = os.environ["PATH"]
        return _listen(desktop, letters)
    finally:
        desktop.close()


def _listen(desktop: Desktop, letters: str) -> int:
    listener = Listener(desktop)
    route = desktop.run(
        desktop.command("self-test"), env=desktop.env | listener.env, timeout_s=300
    ).stdout
    print(*(line for line in route.splitlines() if "Speech goes" in line))
    desktop.show_window(lines=["The invoice is due"], title="Accounts", entry=True)
    desktop.run(desktop.command("settings", "set", "earcons", "off"))
    program = RunningProgram(desktop, env=listener.env)
    hearing = Hearing(desktop, listener)
    with desktop.record() as heard:
        count = hearing.press(WINDOW)
        told = program.wait_described("The invoice is due")
        hearing.once(told["description"], count)
        count = hearing.press()
        program.ask("file", path=str(DOG))
        hearing.once(program.wait_described("photo of a dog")["description"], count)
        own_voice_s = heard.loud_at_s()
    print(f"Route: {told['reader'] or 'own voice'}; our own voice: {own_voice_s}")
    desktop.run(desktop.command("settings", "set", "captioner", "server"))  # it answers questions
    if "r" in letters:
        hearing.region()
    for letter, (title, tabs, leave) in _WINDOWS.items():
        if letter in letters:
            hearing.window(letter, title, tabs, leave)
    if "o" in letters:
        hearing.settings()
    print("Not said:", hearing.missing or "nothing; all was said")
    print("Too much:", hearing.wrong or "nothing; all was said once")
    is_right = told["reader"] == "Orca" and own_voice_s is None
    return 0 if is_right and not (hearing.missing or hearing.wrong) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or ["r" + "".join(_WINDOWS)]))
