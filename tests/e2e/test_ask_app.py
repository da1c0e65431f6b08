"""Questions to the running program, by command and by keyboard, with a tiny chat model; the history
that comes of it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.desktop import Desktop
from tests.desktop.processes import Child, wait_until
from tests.e2e.running import RunningProgram
from tests.e2e.test_settings_app import wait_named
from tests.unit.describe.tiny_chat import write_smolvlm
from tests.unit.describe.tiny_paligemma import write_paligemma

pytestmark = pytest.mark.desktop

LAYER = "ctrl+shift+f11"
DOG = Path(__file__).parents[2] / "resources" / "samples" / "dog.jpg"
DIALOG = "Ask About the Picture"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_smolvlm(tmp_path_factory.mktemp("chat") / "my-smolvlm")


@pytest.fixture
def window(desktop: Desktop) -> Child:
    return desktop.show_window(lines=["Accounts"], title="Accounts", entry=True)


@pytest.fixture
def warm_settings(model: Path) -> dict[str, object]:
    return {"captioner": str(model), "voice": "silence"}


@pytest.fixture
def program(window: Child, warm_program: RunningProgram) -> RunningProgram:
    return warm_program


def history(desktop: Desktop) -> list[tuple[str, str]]:
    """Names and questions in the history, the oldest first."""
    file = Path(desktop.env["XDG_DATA_HOME"]) / "imagecraft-desktop" / "history" / "history.db"
    if not file.exists():
        return []
    base = sqlite3.connect(file)
    try:
        return base.execute("SELECT name, question FROM entries ORDER BY number").fetchall()
    except sqlite3.OperationalError:  # it has just been made
        return []
    finally:
        base.close()


def test_a_command_asks_and_asks_again(desktop: Desktop, program: RunningProgram):
    assert program.ask("ask", question="Why?")["spoken"] == "Nothing has been described yet."
    program.ask("file", path=str(DOG))
    program.wait_described("dog")
    for question in ("How many?", "And why?"):
        done = desktop.run(desktop.command("trigger", "ask", "--question", question))
        assert (done.returncode, done.stdout.strip()) == (0, "Describing dog.jpg.")
        program.wait_state("idle")
    wait_until(lambda: len(history(desktop)) == 3, "three entries", 20)
    assert history(desktop) == [(str(DOG), ""), (str(DOG), "How many?"), (str(DOG), "And why?")]
    listed = desktop.run(desktop.command("history", "search", "why")).stdout
    assert "Asked: And why?" in listed


def test_a_paligemma_mix_is_asked_too(desktop: Desktop, program: RunningProgram, tmp_path: Path):
    mix = write_paligemma(tmp_path / "paligemma-3b-mix-224")
    program.use(captioner=str(mix), voice="silence")
    program.ask("file", path=str(DOG))
    program.wait_described("dog")
    assert program.ask("ask", question="How many?")["spoken"] == "Describing dog.jpg."
    wait_until(lambda: (str(DOG), "How many?") in history(desktop), "the answer", 60)


def test_by_keyboard_a_small_window_takes_the_question_and_gives_the_focus_back(
    desktop: Desktop, window: Child, program: RunningProgram
):
    program.ask("file", path=str(DOG))
    program.wait_described("dog")
    before = desktop.keys.active_window()
    desktop.keys.press(LAYER)
    desktop.keys.press("a")
    wait_until(lambda: desktop.keys.windows(DIALOG), "the question window", 20)
    wait_until(
        lambda: desktop.keys.active_window() in desktop.keys.windows(DIALOG), "its focus", 10
    )
    assert "focused" in desktop.accessible.find("text", "Question about dog.jpg")["states"]
    for name in ("Ask", "Cancel"):
        desktop.accessible.find("push button", name)
    desktop.keys.type("How many dogs?")
    desktop.keys.press("Return")
    wait_until(lambda: not desktop.keys.windows(DIALOG), "the window to go", 10)
    wait_until(lambda: desktop.keys.active_window() == before, "the focus to come back", 10)
    wait_until(lambda: (str(DOG), "How many dogs?") in history(desktop), "the answer", 60)
    desktop.keys.type("xy")
    window.wait_event("text", text="xy")


def test_the_image_window_shows_the_whole_talk_in_the_language_of_now(
    desktop: Desktop, program: RunningProgram, model: Path
):
    program.ask("file", path=str(DOG))
    program.wait_described("dog")
    program.ask("ask", question="How many?")
    wait_until(lambda: len(history(desktop)) == 2, "the answer", 60)
    program.ask("image-window")

    def lines() -> list[str]:
        return [o["name"] for o in desktop.accessible.tree(role="list item", only_shown=True)]

    wait_until(lambda: "You asked: How many?" in lines(), "the question", 20)
    assert lines()[0].startswith("A photo of a dog")
    assert any(line.startswith("Thing: a dog. ") for line in lines())
    desktop.keys.press("ctrl+w")
    program.use(captioner=str(model), voice="silence", language="es")
    program.ask("image-window")
    wait_until(lambda: "Usted preguntó: How many?" in lines(), "the question in Spanish", 20)


def test_escape_leaves_the_question_and_gives_the_focus_back(
    desktop: Desktop, window: Child, program: RunningProgram
):
    program.ask("file", path=str(DOG))
    program.wait_described("dog")
    before = desktop.keys.active_window()
    program.ask("ask")
    wait_until(lambda: desktop.keys.windows(DIALOG), "the question window", 20)
    desktop.keys.press("Escape")
    wait_until(lambda: not desktop.keys.windows(DIALOG), "the window to go", 10)
    wait_until(lambda: desktop.keys.active_window() == before, "the focus to come back", 10)
    wait_until(lambda: len(history(desktop)) == 1, "the description in the history", 20)


def test_a_captioner_that_answers_nothing_says_so_and_opens_nothing(
    desktop: Desktop, program: RunningProgram
):
    program.use(voice="silence")
    program.ask("file", path=str(DOG))
    program.wait_described("dog")
    reply = program.ask("ask")
    assert reply["spoken"].startswith(
        "This captioner does not answer questions: The embedded describer."
    )
    assert desktop.keys.windows(DIALOG) == []
    program.wait_notified("does not answer questions")


# --- the history of the running program ---


def test_the_window_searches_repeats_copies_and_forgets(desktop: Desktop, program: RunningProgram):
    reader = desktop.accessible

    def listed() -> list[str]:
        return [one["name"] for one in reader.tree(role="list item", only_shown=True)]

    program.ask("file", path=str(DOG))
    wait_until(lambda: len(history(desktop)) == 1, "an entry", 60)
    desktop.keys.press(LAYER)
    desktop.keys.press("l")
    wait_until(lambda: desktop.keys.windows("History"), "the history window", 20)
    reader.find("list", "Descriptions")
    program.ask("file", path=str(DOG.with_name("coffee.jpg")))
    wait_until(lambda: any("coffee.jpg" in name for name in listed()), "what came meanwhile", 60)
    items = listed()
    assert "coffee.jpg" in items[0]
    assert "dog.jpg" in items[1]
    assert any(name.startswith("Certain: ") for name in items)
    wait_named(desktop)
    reader.set_text("text", "Search", "dog")
    wait_until(lambda: "coffee.jpg" not in str(listed()), "the search", 10)
    reader.press("push button", "Copy")
    clip = ["xclip", "-selection", "clipboard", "-t", "UTF8_STRING", "-o"]
    wait_until(lambda: "photo of a dog" in desktop.run(clip).stdout, "the copy", 10)
    reader.press("push button", "Repeat")
    program.wait_notified("photo of a dog")
    reader.press("push button", "Forget This One")
    wait_until(lambda: desktop.keys.windows("ImageCraft asks"), "the question", 10)
    assert len(history(desktop)) == 2
    reader.press("push button", "Yes")
    wait_until(lambda: len(history(desktop)) == 1, "one to go", 10)
    reply = program.ask("forget")
    assert reply["spoken"] == "1 description is forgotten."
    assert history(desktop) == []
    assert program.status()["last"] is None
    assert program.ask("repeat")["spoken"] == "Nothing has been described yet."


def test_the_command_forgets_what_the_program_has_in_memory(
    desktop: Desktop, program: RunningProgram
):
    program.ask("file", path=str(DOG))
    wait_until(lambda: history(desktop), "an entry", 60)
    done = desktop.run(desktop.command("history", "forget", "--all"))
    assert (done.returncode, done.stdout) == (0, "1 description is forgotten.\n")
    assert program.status()["last"] is None


def test_pictures_are_kept_only_when_the_user_says_so(
    desktop: Desktop, program: RunningProgram, model: Path
):
    file = Path(desktop.env["XDG_DATA_HOME"]) / "imagecraft-desktop" / "history" / "history.db"

    def sizes() -> list[tuple[int, int]]:
        """Numbers of the entries, and the bytes of their pictures."""
        base = sqlite3.connect(file)
        try:
            return base.execute(
                "SELECT number, ifnull(length(picture), 0) FROM entries ORDER BY number"
            ).fetchall()
        finally:
            base.close()

    program.ask("file", path=str(DOG))
    wait_until(lambda: len(history(desktop)) == 1, "an entry", 60)
    program.use(captioner=str(model), voice="silence", history_pictures=True)
    program.ask("file", path=str(DOG.with_name("coffee.jpg")))
    wait_until(lambda: len(history(desktop)) == 2, "an entry", 60)
    (_, first), (number, second) = sizes()
    assert first == 0
    assert second > 10_000
    assert file.stat().st_mode & 0o777 == 0o600
    shown = desktop.run(desktop.command("history", "show", number, "--json")).stdout
    assert json.loads(shown)["picture"]
