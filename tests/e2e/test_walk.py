"""A day with the program without a mouse: keys, and what a screen reader gets, in one start of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.desktop import Desktop, transcribe
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram
from tests.e2e.test_ask_app import history
from tests.e2e.test_image_window import active_title
from tests.e2e.test_settings_app import search, wait_focus, wait_kept, wait_named
from tests.e2e.test_settings_voices import record_voice, spoken, turn_to
from tests.unit.describe.tiny_chat import write_smolvlm

__all__ = ["spoken"]

pytestmark = pytest.mark.desktop

LAYER, WINDOW = "ctrl+shift+f11", "ctrl+shift+f12"
DOG = Path(__file__).parents[2] / "resources" / "samples" / "dog.jpg"
LISTENS_S = 5
SIZE = (512, 384)
MOST_STOPS = 40
SLOW_S = 120.0
SETTINGS = "ImageCraft Settings"
PAGES = (
    "Description",
    "Hotkeys",
    "Signs",
    "History",
    "The program",
    "Your voices",
    "Models",
    "Privacy",
)
"""Those after the first."""


class Person:
    """At work in another program's window; gets what a screen reader gets.

    Args:
        work: That window, with a field to type in.
    """

    def __init__(self, desktop: Desktop, work: Child) -> None:
        self.desktop, self.keys, self.reader = desktop, desktop.keys, desktop.accessible
        self._work = work
        self._typed = ""

    def choose(self, letter: str) -> None:
        """The layer key, then a letter."""
        self.keys.press(LAYER)
        self.keys.press(letter)

    def wait_at(self, title: str) -> None:
        """This window of ours has the keyboard, and all in it that can have it has a name."""
        wait_until(
            lambda: active_title(self.desktop, f"^{title}( .+ ImageCraft)?$"),
            f"the window {title}",
            20,
        )
        wait_named(self.desktop)

    def wait_at_work(self) -> None:
        """What is typed arrives where the person works."""
        own = self._work.wait_event("shown")["id"]
        wait_until(lambda: self.keys.active_window() == own, "the focus at work", 10)
        self.keys.type("x")
        self._typed += "x"
        self._work.wait_event("text", text=self._typed)

    def wait_on(self, name: str) -> None:
        """Something of this name has got the focus."""
        wait_until(lambda: self.reader.focus[1] == name, f"the focus on {name}", 10)

    def press(self, key: str) -> str:
        """Press a key that moves the focus; the name of what has it then."""
        before = self.reader.focuses
        self.keys.press(key)
        wait_until(lambda: self.reader.focuses > before, f"{key} to leave {self.reader.focus}", 10)
        return self.reader.focus[1]

    def stops(self) -> list[str]:
        """Where Tab leads, from here until it comes round."""
        found = [self.reader.focus]
        for _ in range(MOST_STOPS):
            self.press("Tab")
            if self.reader.focus == found[0]:
                return [f"{role} {name}" for role, name in found]
            found.append(self.reader.focus)
        raise AssertionError(f"Tab does not come round: {found}")


@pytest.fixture
def person(desktop: Desktop) -> Person:
    work = desktop.show_window(
        lines=["The invoice is due"], title="Accounts", entry=True, geometry=(1300, 100, 500, 300)
    )
    return Person(desktop, work)


@pytest.mark.timeout(600)
def test_from_the_first_start_to_the_end(
    desktop: Desktop, person: Person, spoken: Path, tmp_path: Path
) -> None:
    model = write_smolvlm(tmp_path / "my-smolvlm")
    set_captioner = desktop.command("settings", "set", "captioner", model)
    assert desktop.run(set_captioner).returncode == 0
    dog = tmp_path / "dog.jpg"
    Image.open(DOG).resize(SIZE).save(dog)
    program = start_and_skip_the_introduction(desktop, person)
    describe_window(program, person)
    record_voice_and_choose_silence(desktop, program, person, spoken)
    describe_file(program, person, dog)
    ask(desktop, person, dog)
    read_history(desktop, program, person)
    look_at_picture(person)
    choose_region(person)
    person.choose("q")
    assert program.process.wait(20) == 0
    person.wait_at_work()


def start_and_skip_the_introduction(desktop: Desktop, person: Person) -> RunningProgram:
    with desktop.record() as heard:
        program = RunningProgram(desktop, is_new=True)
        begun_s = heard.wait_for_sound(20)
        wait_until(lambda: heard.seconds > begun_s + LISTENS_S, "some of the introduction", 20)
        said = transcribe(heard.samples)
        person.choose("x")
        heard.wait_for_silence(1.0, 10)
    assert "is ready" in said
    assert "to hear the active window" in said
    person.wait_at_work()
    return program


def describe_window(program: RunningProgram, person: Person) -> None:
    person.keys.press(WINDOW)
    person.wait_at_work()  # while it describes
    program.wait_described("The invoice is due", timeout_s=SLOW_S)
    program.wait_state("idle", SLOW_S)


def describe_file(program: RunningProgram, person: Person, dog: Path) -> None:
    person.choose("f")
    person.wait_at("Choose a picture to describe")
    person.keys.type(str(dog))
    person.keys.press("Return")
    program.wait_described("photo of a dog", timeout_s=SLOW_S)
    person.wait_at_work()


def ask(desktop: Desktop, person: Person, dog: Path) -> None:
    person.choose("a")
    person.wait_at("Ask About the Picture")
    assert person.stops() == [
        *("text Question about dog.jpg", "push button Ask", "push button Cancel")
    ]
    person.keys.type("How many dogs?")
    person.keys.press("Return")
    person.wait_at_work()
    wait_until(lambda: (str(dog), "How many dogs?") in history(desktop), "the answer", SLOW_S)


def record_voice_and_choose_silence(
    desktop: Desktop, program: RunningProgram, person: Person, spoken: Path
) -> None:
    person.choose("o")
    person.wait_at(SETTINGS)
    person.wait_on("Pages")
    for title in PAGES:
        person.keys.press("Down")
        person.wait_on(title)
        wait_named(desktop)
    person.keys.press("Home")
    turn_to(desktop, "Your voices")
    record_voice(desktop, program, spoken)
    assert person.stops() == [
        *("push button New voice", "push button Play the recording", "push button Rename"),
        *("push button Remove", "push button Reset this setting", "push button Reset all"),
        *("push button Export", "push button Import", "push button Close"),
        *("text Search settings", "list Pages", "list Voices that you made"),
    ]
    search(desktop, "voice", "Voice")
    person.keys.type("sil")
    wait_kept(desktop, voice="silence")
    person.keys.press("Escape")
    wait_focus(desktop, "Pages")
    person.keys.press("Escape")
    person.wait_at_work()


def read_history(desktop: Desktop, program: RunningProgram, person: Person) -> None:
    person.choose("l")
    person.wait_at("History")
    person.wait_on("Descriptions")
    assert person.stops() == [
        *("list Descriptions", "list Sentences", "push button Repeat", "push button Copy"),
        *("push button Export", "push button Forget This One", "push button Forget All"),
        *("push button Close", "text Search"),
    ]
    assert "photo of a dog" in person.press("Down")
    assert "Accounts" in person.press("Down")
    notified = len(desktop.events)
    person.keys.press("Return")
    wait_until(
        lambda: "The invoice is due" in str(desktop.events[notified:]), "it to be repeated", 20
    )
    for _ in range(6):
        person.press("Tab")
    person.wait_on("Forget All")
    person.keys.press("space")
    person.wait_at("ImageCraft asks")
    person.keys.press("Escape")
    person.wait_at("History")
    person.wait_on("Forget All")
    assert len(history(desktop)) == 3
    person.keys.press("Escape")
    person.wait_at_work()


def look_at_picture(person: Person) -> None:
    person.choose("v")
    person.wait_at("dog.jpg - ImageCraft")
    person.wait_on("Description")
    assert person.stops() == [
        *("list Description", "list Text and things found", "text Question", "push button Ask"),
        "image Picture, dog.jpg, 512 by 384 pixels",
    ]
    assert person.press("Down") == "It fills most of the picture. Certain."
    shown = {one["name"] for one in person.reader.shown("imagecraft-desktop")}
    assert "You asked: How many dogs?" in shown
    person.keys.press("ctrl+w")
    person.wait_at_work()


def choose_region(person: Person) -> None:
    person.choose("r")
    person.wait_at("Choose a region")
    person.wait_on("Choose a region")
    person.keys.press("Left")
    person.keys.press("Escape")
    person.wait_at_work()
