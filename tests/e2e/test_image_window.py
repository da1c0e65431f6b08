"""The image window as a person uses it: by keyboard, by drops of another program, from the clipboard."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.desktop import Desktop, transcribe
from tests.desktop.processes import Child, WaitedTooLong, wait_until
from tests.e2e.running import RunningProgram
from tests.e2e.test_reader import start_orca
from tests.e2e.test_settings_app import wait_named

pytestmark = pytest.mark.desktop

LAYER, WINDOW = "ctrl+shift+f11", "ctrl+shift+f12"
SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
TITLE = "ImageCraft$"


@pytest.fixture
def window(desktop: Desktop) -> Child:
    return desktop.show_window(
        lines=["The invoice is due"], title="Accounts", entry=True, geometry=(1300, 100, 500, 300)
    )


@pytest.fixture
def warm_settings() -> dict[str, object]:
    return {"voice": "silence"}


@pytest.fixture
def program(window: Child, warm_program: RunningProgram) -> RunningProgram:
    return warm_program


def open_window(desktop: Desktop, *files: Path) -> None:
    """By the command; waits until it has the keyboard."""
    done = desktop.run(desktop.command("window", *files))
    assert (done.returncode, done.stderr) == (0, "")
    wait_until(lambda: active_title(desktop), "the image window", 20)


def active_title(desktop: Desktop, title: str = TITLE) -> bool:
    """Whether a window with this title has the keyboard; for a moment no window may have it."""
    try:
        return desktop.keys.active_window() in desktop.keys.windows(title)
    except AssertionError:
        return False


def items(desktop: Desktop) -> list[str]:
    """Every line of every list, as a screen reader gets them."""
    return [
        o["name"]
        for o in desktop.accessible.tree(
            app="imagecraft-desktop", role="list item", only_shown=True
        )
    ]


def wait_item(desktop: Desktop, pattern: str, timeout_s: float = 60) -> str:
    def look() -> str | None:
        return next((name for name in items(desktop) if re.search(pattern, name)), None)

    found: str = wait_until(look, pattern, timeout_s, step_s=0.2)
    return found


def focused(desktop: Desktop) -> str:
    """The name of what got the keyboard last: in a list, of its line."""
    return desktop.accessible.focus[1]


def wait_focused(desktop: Desktop, name: str) -> None:
    try:
        wait_until(lambda: focused(desktop) == name, name, 10)
    except WaitedTooLong as late:
        raise WaitedTooLong(f"{late}; the keyboard is at {desktop.accessible.focus}") from None


def test_opened_by_command_all_is_named_and_walked_by_keys(
    desktop: Desktop, program: RunningProgram
):
    open_window(desktop, SAMPLES / "qr_poster.jpg")
    wait_item(desktop, r"^A photo\. Certain\.$")
    wait_item(desktop, r"^QR Code: https://example\.org/.* Press Enter to open it\. Certain, ")
    wait_item(desktop, r"^Text: Open day at the school\. Certain, top\.$")
    wait_named(desktop)
    for name in ("Description", "Text and things found"):
        desktop.accessible.find("list", name)
    for line in ("A photo", "Text in the photo"):  # the first was told, but not read here
        desktop.keys.press("Down")
        wait_until(lambda line=line: focused(desktop).startswith(line), line)
    picture = "Picture, qr_poster.jpg, 1000 by 960 pixels"
    for name in ("Text and things found", "Question", "Ask", picture, "Description"):
        desktop.keys.press("Tab")
        wait_focused(desktop, name)
    image = desktop.accessible.find("image", picture)
    assert image["description"] == "Plus and minus zoom, 0 fits it in, arrow keys move it."
    # Orca does not say the name of a field whose caret it hears of first
    wait_until(lambda: "caret" in desktop.accessible.told_of("Question"), "the caret in the field")
    assert desktop.accessible.told_of("Question")[0] == "focus"


def test_what_is_heard_is_the_description(
    desktop: Desktop, window: Child, warm_program: RunningProgram
):
    program = warm_program
    program.use()
    with desktop.record() as heard:
        open_window(desktop, SAMPLES / "dog.jpg")
        program.wait_described("photo of a dog")
        program.wait_state("idle")
        said = transcribe(heard.samples)
    assert "photo of" in said  # an article may be heard as another
    assert "dog a german shepherd" in said


def test_the_line_that_is_walked_to_is_heard_instead_of_the_description(
    desktop: Desktop, window: Child, warm_program: RunningProgram
):
    program = warm_program
    program.use(earcons=False)
    with desktop.record() as heard:
        open_window(desktop, SAMPLES / "qr_poster.jpg")
        line = wait_item(desktop, r"^A QR code leads to .* Press Enter to open the address\.")
        wait_item(desktop, r"^QR Code: ")
        heard.wait_for_sound(20)
        walk_to(desktop, line)
        program.wait_state("idle")
        said = transcribe(heard.samples)
    # only the line says any of these; one may be heard as something else
    assert sum(words in said for words in ("press enter", "certain", "middle")) >= 2, said
    assert "scan" not in said, "the description ended there"
    program.ask("history")
    wait_until(lambda: active_title(desktop, "History"), "the history", 20)
    program.wait_state("idle")
    with desktop.record() as heard:
        desktop.keys.press("Down")
        heard.wait_until_spoken()
        said = transcribe(heard.samples)
    assert "poster" in said  # QR may be heard as one word or as two letters
    start_orca(desktop, "takes")
    with desktop.record() as heard:
        desktop.keys.press("Home")
        desktop.keys.press("Tab")
        desktop.keys.press("End")
        wait_until(lambda: focused(desktop).startswith("Certain: A QR code"), "the last sentence")
        program.wait_state("idle")
    assert heard.loud_at_s() is None, "a reader says where it is"


def test_files_dropped_by_another_program_are_copied_and_described_in_turn(
    desktop: Desktop, program: RunningProgram, tmp_path: Path
):
    files = [tmp_path / "a dog.jpg", tmp_path / "b.png"]
    shutil.copy(SAMPLES / "dog.jpg", files[0])
    shutil.copy(SAMPLES / "error_dialog.png", files[1])
    open_window(desktop)
    source = desktop.start_drag(files, title="Files", geometry=(1300, 500, 400, 300))
    target = place_of(desktop, TITLE)
    desktop.keys.drag((1500, 650), (target[0] + 250, target[1] + 300))
    assert source.wait_event("dropped", 20)["action"] == "CopyAction"
    wait_item(desktop, r"^a dog\.jpg, described$")
    wait_item(desktop, r"^b\.png, described$")
    program.wait_notified("Done: 2 pictures.")
    assert [file.exists() for file in files] == [True, True]


def place_of(desktop: Desktop, title: str) -> tuple[int, int]:
    from Xlib.display import Display

    screen = Display(desktop.env["DISPLAY"])
    try:
        window = screen.create_resource_object("window", desktop.keys.windows(title)[0])
        corner = window.translate_coords(screen.screen().root, 0, 0)
        return -corner.x, -corner.y
    finally:
        screen.close()


def test_a_dropped_address_is_fetched_only_after_yes_and_never_from_here(
    desktop: Desktop, program: RunningProgram
):
    open_window(desktop)
    source = desktop.start_drag(
        ["http://127.0.0.1:9/a.png"], title="Browser", geometry=(1300, 500, 400, 300)
    )
    target = place_of(desktop, TITLE)
    for key, told in (("Escape", None), ("alt+y", "it leads into a private network")):
        desktop.keys.drag((1500, 650), (target[0] + 250, target[1] + 300))
        desktop.accessible.find(
            "label", "Fetch the picture from 127.0.0.1? The network is used for that."
        )
        wait_until(lambda: active_title(desktop, "asks"), "the box")
        desktop.keys.press(key)
        wait_until(lambda: not desktop.keys.windows("asks"), "the box to go")
        if told is None:
            assert program.status()["state"] == "idle"
        else:
            program.wait_notified(told)
    assert source.wait_event("dropped", 20)["action"] == "CopyAction"


def test_a_picture_dragged_out_of_a_browser_is_taken_without_the_network(
    desktop: Desktop, program: RunningProgram
):
    open_window(desktop)
    source = desktop.start_drag(
        ["http://127.0.0.1:9/dialog.png"],
        drag_picture=SAMPLES / "error_dialog.png",
        title="Browser",
        geometry=(1300, 500, 400, 300),
    )
    target = place_of(desktop, TITLE)
    desktop.keys.drag((1500, 650), (target[0] + 250, target[1] + 300))
    program.wait_described("disk is full")
    assert not desktop.keys.windows("asks")
    assert source.wait_event("dropped", 20)["action"] == "CopyAction"


@pytest.mark.parametrize("kind", ["image", "files"])
def test_paste(desktop: Desktop, program: RunningProgram, kind: str):
    dog, dialog = SAMPLES / "dog.jpg", SAMPLES / "error_dialog.png"
    if kind == "image":
        desktop.own_clipboard(dialog.read_bytes())
    else:
        desktop.own_clipboard(f"{dog.as_uri()}\r\n{dialog.as_uri()}\r\n".encode(), "text/uri-list")
    open_window(desktop)
    desktop.keys.press("ctrl+v")
    wait_item(desktop, r"^An error message: Save failed\. Certain")
    if kind == "files":
        wait_item(desktop, r"^dog\.jpg, described$")


def test_enter_on_a_code_asks_before_it_opens(desktop: Desktop, window: Child, tmp_path: Path):
    opened = tmp_path / "opened"
    browser = tmp_path / "bin" / "xdg-open"
    browser.parent.mkdir()
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n')
    browser.chmod(0o755)
    path = f"{browser.parent}:{os.environ['PATH']}"
    RunningProgram(desktop, env={"PATH": path}).use(voice="silence")
    open_window(desktop, SAMPLES / "qr_poster.jpg")
    wait_item(desktop, r"^QR Code")
    said = wait_item(desktop, r"^A QR code leads to example\.org.* Press Enter to open the address")
    walk_to(desktop, said)
    desktop.keys.press("Return")
    wait_until(lambda: active_title(desktop, "asks"), "the box")
    desktop.keys.press("Escape")
    wait_until(lambda: not desktop.keys.windows("asks"), "the box to go")
    desktop.keys.press("Tab")
    walk_to(desktop, wait_item(desktop, r"^QR Code"))
    for key in ("Return", "Escape", "alt+y"):
        desktop.keys.press("Return")
        wait_until(lambda: active_title(desktop, "asks"), "the box")
        assert not opened.exists()
        desktop.keys.press(key)
        wait_until(lambda: not desktop.keys.windows("asks"), "the box to go")
    wait_until(opened.exists, "the browser")
    assert opened.read_text().startswith("https://example.org/")
    assert active_title(desktop), "the focus is back"


def walk_to(desktop: Desktop, line: str) -> None:
    """Down the list that has the keyboard."""
    for _ in range(20):
        if focused(desktop) == line:
            return
        desktop.keys.press("Down")
        time.sleep(0.1)
    raise AssertionError(f"{line} is not reached; the keyboard is at {desktop.accessible.focus}")


def save(desktop: Desktop, key: str, path: Path) -> None:
    """The key opens the dialog, in which the name is typed."""
    # the dialog before this one may still be closing: what is typed then is lost with it
    wait_until(lambda: active_title(desktop), "the window", 20)
    desktop.keys.press(key)
    wait_until(lambda: not active_title(desktop), "the dialog", 10)
    desktop.keys.press("ctrl+a")
    desktop.keys.type(str(path))
    desktop.keys.press("Return")
    wait_until(path.exists, str(path), 60)


def test_text_speech_and_picture_are_saved_and_read_back(
    desktop: Desktop, window: Child, warm_program: RunningProgram, tmp_path: Path
):
    program = warm_program
    program.use()
    original = tmp_path / "dog.jpg"
    shutil.copy(SAMPLES / "dog.jpg", original)
    open_window(desktop, original)
    program.wait_described("photo of a dog")
    wait_item(desktop, "^Thing: a dog")
    before = original.read_bytes()
    save(desktop, "ctrl+s", tmp_path / "dog.txt")
    assert "A photo of a dog" in (tmp_path / "dog.txt").read_text()
    for ending in ("ogg", "wav", "flac", "mp3"):
        path = tmp_path / f"dog.{ending}"
        save(desktop, "ctrl+e", path)
        samples, rate_hz = soundfile.read(path, dtype="float32")
        assert len(samples) > rate_hz
    assert "photo of a dog" in transcribe(samples, rate_hz)
    save(desktop, "ctrl+shift+s", tmp_path / "copy.jpg")
    program.wait_notified("copy.jpg is saved.")
    with Image.open(original) as old, Image.open(tmp_path / "copy.jpg") as new:
        assert np.array_equal(np.asarray(old), np.asarray(new))
        texts = [one.text or "" for one in ElementTree.fromstring(new.info["xmp"].decode()).iter()]
    assert any("A photo of a dog" in text for text in texts)
    assert original.read_bytes() == before


def test_detail_goes_up_by_key(desktop: Desktop, program: RunningProgram):
    program.use(voice="silence", detail="brief")
    open_window(desktop, SAMPLES / "shop_product.png")
    wait_item(desktop, "^Text: ")
    program.wait_state("idle")
    before = len(program.status()["last"]["statements"])
    desktop.keys.press("ctrl+d")
    wait_until(
        lambda: len((program.status()["last"] or {}).get("statements", ())) > before, "more", 60
    )


def test_a_list_is_paused_resumed_and_cancelled_by_keys(
    desktop: Desktop, program: RunningProgram, tmp_path: Path
):
    count = 12
    for number in range(count):
        shutil.copy(SAMPLES / "shop_product.png", tmp_path / f"{number:02}.png")
    open_window(desktop, tmp_path)
    # whichever is looked at first: a busy machine misses some
    wait_item(desktop, r"^0[1-5]\.png, being described$")
    desktop.keys.press("ctrl+p")
    program.wait_notified("The list is paused.")
    program.wait_state("idle")
    shown = items(desktop)
    waiting = [number for number in range(count) if f"{number:02}.png, waiting" in shown]
    assert waiting
    assert waiting == list(range(waiting[0], count))
    desktop.keys.press("ctrl+p")
    wait_item(desktop, rf"^{waiting[0]:02}\.png, (being )?described$")
    desktop.keys.press("ctrl+Delete")
    program.wait_notified("The list is cancelled.")
    program.wait_state("idle")
    states = [name for name in items(desktop) if re.match(r"\d\d\.png, ", name)]
    assert states[0] == "00.png, described"
    assert states[-1] == f"{count - 1}.png, cancelled"


def test_a_hotkey_takes_no_focus_and_is_shown_in_the_open_window(
    desktop: Desktop, window: Child, program: RunningProgram
):
    open_window(desktop)
    desktop.keys.focus(window.wait_event("shown")["id"])
    before = desktop.keys.active_window()
    desktop.keys.press(WINDOW)
    wait_item(desktop, "invoice")
    assert desktop.keys.active_window() == before


def test_the_letter_opens_it_with_the_last_picture(
    desktop: Desktop, window: Child, program: RunningProgram
):
    desktop.keys.press(WINDOW)
    program.wait_described("invoice")
    program.wait_state("idle")
    desktop.keys.press(LAYER)
    desktop.keys.press("v")
    wait_until(lambda: desktop.keys.windows("Accounts - ImageCraft"), "the window", 20)
    wait_item(desktop, "^Text: The invoice is due")
    before = window.wait_event("shown")["id"]
    desktop.keys.press("ctrl+w")
    wait_until(lambda: desktop.keys.active_window() == before, "the focus to come back")
    program.ask("forget")
    desktop.keys.press(LAYER)
    desktop.keys.press("v")
    wait_until(lambda: desktop.keys.windows("Image Window"), "an empty window", 20)
    assert not any("invoice" in name for name in items(desktop))


def test_a_file_that_is_no_picture_fails_and_the_list_goes_on(
    desktop: Desktop, program: RunningProgram, tmp_path: Path
):
    (tmp_path / "a.png").write_text("no picture")
    shutil.copy(SAMPLES / "dog.jpg", tmp_path / "b.jpg")
    open_window(desktop, tmp_path)
    wait_item(desktop, r"^a\.png, failed$")
    wait_item(desktop, r"^b\.jpg, described$")
    program.wait_notified("Done: 2 pictures, of which 1 failed.")
