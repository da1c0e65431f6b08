"""Screens, windows and the clipboard of a real X server, owned by other processes."""

import base64
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest
from PIL import Image

from imagecraft_desktop import strings
from imagecraft_desktop.capture import clipboard, element, screen, selection_x11, window
from imagecraft_desktop.capture.base import prepare, take
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.errors import (
    NoActiveWindow,
    NoPictureOnClipboard,
    ScreenNotAllowed,
    UnreadableImage,
    WindowGone,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box, Frame, Origin, Part, Role
from tests.desktop.processes import wait_until
from tests.unit.capture.encoded import FILES, SVG, encode, is_halves

pytestmark = pytest.mark.desktop

RED, GREEN = (255, 0, 0), (0, 128, 0)


def use(monkeypatch, desktop):
    for name, value in desktop.env.items():
        if name != "QT_QPA_PLATFORM":
            monkeypatch.setenv(name, value)


def share(capture, colour):
    """How much of the picture has this colour."""
    return float((to_picture(capture).pixels == colour).all(axis=2).mean())


# --- windows -------------------------------------------------------------------------------------


def test_active_window_is_taken_with_its_title_and_place(inside_desktop):
    shown = inside_desktop.show_window(
        colour="red", title="Grüße – 你好", geometry=(300, 200, 400, 300)
    )
    capture = window.grab_window()
    geometry = shown.wait_event("shown")["geometry"]
    assert capture.origin is Origin.WINDOW
    assert capture.title == capture.name == "Grüße – 你好"
    assert capture.app
    left, top, width, height = geometry
    assert capture.place == Box(left, top, left + width, top + height)
    assert (capture.content.width, capture.content.height) == (width, height)
    assert share(capture, RED) == 1.0


def test_the_window_with_the_focus_is_taken_not_another(inside_desktop):
    first = inside_desktop.show_window(colour="red", title="First", geometry=(50, 50, 300, 200))
    inside_desktop.show_window(colour="green", title="Second", geometry=(600, 400, 300, 200))
    assert take(Origin.WINDOW).title == "Second"
    inside_desktop.keys.focus(first.wait_event("shown")["id"])
    wait_until(lambda: window.active_window().title == "First", "the focus")
    assert share(take(Origin.WINDOW), RED) == 1.0


def test_window_that_is_partly_outside_is_cut(inside_desktop):
    shown = inside_desktop.show_window(colour="red", geometry=(1700, 900, 400, 300))
    subprocess.run(
        ["xdotool", "windowmove", str(shown.wait_event("shown")["id"]), "1800", "1000"],
        check=True,
        timeout=10,
    )
    wait_until(lambda: window.active_window().box.left >= 1800, "the move")
    capture = window.grab_window()
    assert (capture.place.right, capture.place.bottom) == (1920, 1080)
    assert 0 < capture.content.width < 400
    assert share(capture, RED) == 1.0


_BARE_WINDOW = """
import sys, Xlib.display, Xlib.X, os
d = Xlib.display.Display()
x, y, w, h = map(int, sys.argv[1:5])
window = d.screen().root.create_window(x, y, w, h, 0, Xlib.X.CopyFromParent, background_pixel=0xFF0000)
window.set_wm_name("old name")
if len(sys.argv) > 5:
    window.change_property(d.intern_atom("_GTK_FRAME_EXTENTS"), d.intern_atom("CARDINAL"), 32, [10, 20, 30, 40])
    window.change_property(d.intern_atom("_NET_WM_NAME"), d.intern_atom("UTF8_STRING"), 8, b"new\\xff\\nname")
window.map(); d.sync()
import time; time.sleep(0.2)
print("mapped", flush=True)
while True: d.next_event()
"""


def bare(desktop, *numbers):
    child = desktop.spawn([sys.executable, "-c", _BARE_WINDOW, *map(str, numbers)])
    child.wait_line("mapped")
    return child


def test_window_of_one_pixel_is_taken(inside_desktop):
    bare(inside_desktop, 100, 100, 1, 1)
    wait_until(lambda: window.active_window().title == "old name", "the focus")
    capture = window.grab_window()
    assert capture.content.data[:3] == b"\0\0\xff"
    assert (capture.content.width, capture.content.height) == (1, 1)


def test_shadow_that_a_program_draws_itself_is_left_out(inside_desktop):
    bare(inside_desktop, 100, 100, 300, 200, "gtk")
    wait_until(lambda: "name" in window.active_window().title, "the focus")
    found = window.active_window()
    assert (found.box.width, found.box.height) == (270, 130)
    assert window.grab_window().title == "newÿ name"


def test_minimised_window_is_not_taken(inside_desktop):
    shown = inside_desktop.show_window(colour="red")
    number = shown.wait_event("shown")["id"]
    subprocess.run(["xdotool", "windowminimize", str(number)], check=True, timeout=10)

    def is_gone():
        try:
            window.grab_window()
        except NoActiveWindow:
            return True
        return False

    wait_until(is_gone, "no active window")


@pytest.mark.parametrize("way", ["killed", "minimised"])
def test_window_that_goes_while_it_is_taken_is_not_taken_for_what_lies_under_it(
    inside_desktop, way
):
    inside_desktop.show_window(title="Under it", colour="green", geometry=(50, 50, 700, 600))
    child = inside_desktop.show_window(title="Bank", colour="red", geometry=(100, 100, 300, 200))
    chosen = window.active_window()
    assert chosen.title == "Bank"
    if way == "killed":
        child.kill()
    else:
        number = str(child.wait_event("shown")["id"])
        subprocess.run(["xdotool", "windowminimize", number], check=True, timeout=10)
    wait_until(lambda: window.active_window().title != "Bank", "the window to go")
    with pytest.raises(WindowGone) as error:
        window.grab(chosen)
    assert error.value.spoken == ("The window closed while its picture was taken. Try again.")
    with pytest.raises(WindowGone):
        element._grab(Part(Role.BUTTON, "Pay", Box(120, 120, 200, 150)), chosen)


def test_no_window_at_all_is_said(inside_desktop):
    with pytest.raises(NoActiveWindow) as error:
        take(Origin.WINDOW)
    assert error.value.spoken == "There is no active window."


_OWN_WINDOW = """
import sys, time
from PySide6.QtWidgets import QApplication, QWidget
from imagecraft_desktop.capture.window import grab_window
from imagecraft_desktop.errors import CaptureError
app = QApplication([])
own = QWidget(); own.setWindowTitle("Own"); own.resize(200, 200); own.show(); own.activateWindow()
end = time.monotonic() + 5
while time.monotonic() < end and not own.isActiveWindow():
    app.processEvents()
print("active", own.isActiveWindow(), flush=True)
try:
    print("took", grab_window().title, flush=True)
except CaptureError as error:
    print("took", type(error).__name__, flush=True)
"""


@pytest.mark.parametrize("other", [True, False])
def test_own_window_is_never_taken(inside_desktop, other):
    if other:
        inside_desktop.show_window(title="Other", colour="red")
    child = inside_desktop.spawn([sys.executable, "-c", _OWN_WINDOW])
    child.wait_line("active True")
    child.wait_line("took Other" if other else "took NoActiveWindow")


_OVER = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.capture.window import grab_window
from imagecraft_desktop.errors import CaptureError
app = QApplication([])
own = QWidget(); own.setWindowTitle("Own"); own.setGeometry(*map(int, sys.argv[1:]))
own.setStyleSheet("background: blue"); own.show()
while not own.isActiveWindow():
    app.processEvents()
try:
    taken = grab_window()
    pixels = to_picture(taken).pixels
    print("took", taken.title, pixels.shape, (pixels == (255, 0, 0)).all(), *taken.notes, flush=True)
except CaptureError as error:
    print("took", error.spoken, flush=True)
"""


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ((150, 150, 100, 100), f"Other (200, 300, 3) True {say(strings.CAPTURE_LEFT_OUT)}"),
        ((600, 600, 100, 100), "Other (200, 300, 3) True"),
        ((90, 90, 330, 230), say(strings.ERR_WINDOW_COVERED, name="Other")),
    ],
    ids=["a part", "beside it", "all of it"],
)
def test_what_an_own_window_shows_is_not_taken_for_what_the_other_shows(
    inside_desktop, place, told
):
    inside_desktop.show_window(title="Other", colour="red", geometry=(100, 100, 300, 200))
    child = inside_desktop.spawn([sys.executable, "-c", _OVER, *map(str, place)])
    assert child.wait_line("took").removeprefix("took ").strip() == told


# --- screens -------------------------------------------------------------------------------------


def test_screen_and_region_have_the_pixels_of_the_window(inside_desktop):
    shown = inside_desktop.show_window(colour="red", geometry=(400, 300, 500, 400))
    left, top, width, height = shown.wait_event("shown")["geometry"]
    whole = take(Origin.SCREEN)
    assert (whole.content.width, whole.content.height) == (1920, 1080)
    assert whole.name == "screen 1"
    pixels = to_picture(whole).pixels
    assert (pixels[top : top + height, left : left + width] == RED).all()
    part = take(Origin.REGION, region=f"{left}, {top}, {width}, {height}")
    assert share(part, RED) == 1.0
    assert part.place == Box(left, top, left + width, top + height)


_FLAPPING = """
import subprocess
print("flapping", flush=True)
while True:
    subprocess.run(["xrandr", "--setmonitor", "FLAP", "720/190x1080/285+1200+0", "none"])
    subprocess.run(["xrandr", "--delmonitor", "FLAP"])
"""


def test_monitor_that_is_unplugged_while_it_is_taken_gives_its_picture_or_a_sentence(
    inside_desktop,
):
    inside_desktop.set_monitors([(1200, 1080), (720, 1080)])
    child = inside_desktop.spawn([sys.executable, "-c", _FLAPPING])
    child.wait_line("flapping")
    sizes, sentences = set(), set()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        for which in ("3", screen.ALL, screen.CURRENT):
            try:
                frame = screen.grab_screen(which).content
            except ScreenNotAllowed as error:
                sentences.add(error.spoken)
            else:
                assert len(frame.data) == frame.width * frame.height * 4
                sizes.add((frame.width, frame.height))
    child.stop()
    subprocess.run(["xrandr", "--delmonitor", "FLAP"], check=False, timeout=10)
    assert {(1920, 1080), (720, 1080)} <= sizes <= {(1920, 1080), (720, 1080), (1200, 1080)}
    assert sentences == {
        "The screen could not be taken. There are 2 screens; there is no number 3."
    }


def test_region_is_cut_at_the_edge_and_refused_outside(inside_desktop):
    capture = screen.grab_region(1900, -50, 100, 100)
    assert capture.place == Box(1900, 0, 1920, 50)
    with pytest.raises(ScreenNotAllowed, match="outside the screens"):
        screen.grab_region(5000, 5000, 10, 10)
    with pytest.raises(ScreenNotAllowed, match="There is only 1 screen, not number 3"):
        screen.grab_screen("3")


def test_two_monitors_each_have_their_own_pixels(make_desktop, monkeypatch):
    desktop = make_desktop(
        monitors=((1920, 1080), (1280, 720)), sound=False, tray=False, accessibility=False
    )
    use(monkeypatch, desktop)
    desktop.show_window(colour="red", geometry=(2200, 200, 600, 300), title="Right")
    assert [box.width for box in screen.screens()] == [1920, 1280]
    assert share(screen.grab_screen("1"), RED) == 0.0
    assert share(screen.grab_screen("2"), RED) == pytest.approx(600 * 300 / (1280 * 720), abs=1e-6)
    current = screen.grab_screen()
    assert current.name == "screen 2"
    assert current.place == Box(1920, 0, 3200, 720)
    everything = screen.grab_screen("all")
    assert (everything.content.width, everything.content.height) == (3200, 1080)
    assert share(window.grab_window(), RED) == 1.0
    desktop.set_monitors([(3200, 1080)])  # the second is unplugged: the next grab knows
    assert len(screen.screens()) == 1
    assert screen.grab_screen().content.width == 3200


def test_without_any_monitor_the_desktop_is_taken_all_the_same(make_desktop, monkeypatch):
    """Whoever does not look at a screen may have none: the programs draw on the desktop anyway."""
    desktop = make_desktop(sound=False, tray=False, accessibility=False)
    use(monkeypatch, desktop)
    desktop.show_window(colour="red", geometry=(400, 300, 500, 400), title="Unseen")
    # xrandr then fails to make the desktop nothing wide, as it should on a real machine
    subprocess.run(["xrandr", "--output", "screen", "--off"], capture_output=True, check=False)
    listed = subprocess.run(["xrandr", "--listmonitors"], capture_output=True, check=True)
    assert listed.stdout.strip() == b"Monitors: 0"
    capture = window.grab_window()
    assert capture.title == "Unseen"
    assert share(capture, RED) == 1.0
    for which in ("current", "1", "all"):
        whole = screen.grab_screen(which)
        assert share(whole, RED) == pytest.approx(500 * 400 / (1920 * 1080), abs=1e-6)
    with pytest.raises(ScreenNotAllowed, match="There is only 1 screen, not number 2"):
        screen.grab_screen("2")


def test_scaled_screen_gives_device_pixels(inside_desktop, monkeypatch):
    monkeypatch.setitem(inside_desktop.env, "QT_SCALE_FACTOR", "2")
    shown = inside_desktop.show_window(colour="red", geometry=(100, 100, 300, 200), title="Big")
    _, _, width, height = shown.wait_event("shown")["geometry"]
    assert width == 600
    capture = window.grab_window()
    assert (capture.content.width, capture.content.height) == (width, height)
    assert share(capture, RED) == 1.0


# python-xlib leaves its socket open when it cannot connect
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_display_and_wayland_are_said_with_the_next_step(inside_desktop, monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    for where in (Origin.SCREEN, Origin.WINDOW):
        with pytest.raises(ScreenNotAllowed, match="Take a screenshot with the desktop's own key"):
            to_picture(take(where))  # asked in the worker, of a portal that is not there
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.setenv("DISPLAY", ":9999")
    for where in (Origin.SCREEN, Origin.WINDOW):
        with pytest.raises(ScreenNotAllowed, match="The display does not answer"):
            take(where)
    monkeypatch.delenv("DISPLAY")
    for where in (Origin.SCREEN, Origin.WINDOW):
        with pytest.raises(ScreenNotAllowed, match="There is no screen here"):
            take(where)
    with pytest.raises(NoPictureOnClipboard, match="There is no desktop here to ask"):
        take(Origin.CLIPBOARD)


def test_taking_imports_no_numpy_no_pillow_and_no_qt(inside_desktop):
    inside_desktop.show_window(colour="red")
    inside_desktop.own_clipboard(FILES["png"])
    code = textwrap.dedent("""
        import sys
        from imagecraft_desktop.capture.base import take
        from imagecraft_desktop.values import Origin
        for where in (Origin.SCREEN, Origin.WINDOW, Origin.CLIPBOARD):
            take(where)
        take(Origin.REGION, region="0,0,10,10")
        print([m for m in ("numpy", "PIL", "PySide6", "onnxruntime") if m in sys.modules])
    """)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "[]\n"


# --- clipboard -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "mime"),
    [("png", "image/png"), ("bmp", "image/bmp"), ("jpeg", "image/jpeg"), ("svg", "image/svg+xml")],
)
def test_picture_that_another_program_copied_is_taken(inside_desktop, kind, mime):
    inside_desktop.own_clipboard(FILES[kind], mime)
    capture = take(Origin.CLIPBOARD)
    assert capture.origin is Origin.CLIPBOARD
    assert capture.name == "clipboard"
    assert capture.content == FILES[kind]
    assert is_halves(to_picture(capture).pixels)


def test_large_picture_comes_in_pieces(inside_desktop):
    noise = np.random.default_rng(5).integers(0, 255, (1500, 1500, 3), np.uint8)
    data = encode(Image.fromarray(noise), "PNG", compress_level=1)
    assert len(data) > 5_000_000
    inside_desktop.own_clipboard(data)
    assert take(Origin.CLIPBOARD).content == data


def test_qt_program_and_its_many_formats(inside_desktop):
    code = textwrap.dedent("""
        from PySide6.QtGui import QGuiApplication, QImage
        app = QGuiApplication([])
        image = QImage(3840, 2160, QImage.Format.Format_RGB32); image.fill(0xFF0000)
        app.clipboard().setImage(image)
        app.processEvents(); print("owned", flush=True); app.exec()
    """)
    owner = inside_desktop.spawn([sys.executable, "-c", code])
    owner.wait_line("owned")
    capture = take(Origin.CLIPBOARD)
    assert share(capture, RED) == 1.0


def said(error):
    return error.value.words["reason"]


def test_broken_picture_is_told(inside_desktop):
    inside_desktop.own_clipboard(b"\x89PNG\r\n\x1a\n and no more")
    with pytest.raises(UnreadableImage) as error:
        to_picture(take(Origin.CLIPBOARD))
    assert (
        error.value.spoken
        == "clipboard cannot be read as a picture: the file is cut off; get it again."
    )
    inside_desktop.own_clipboard(b"nothing at all")
    with pytest.raises(NoPictureOnClipboard) as refused:
        take(Origin.CLIPBOARD)
    assert said(refused) == "What it holds is damaged. Copy it again."


def test_copied_files_are_taken_by_their_path(inside_desktop, tmp_path):
    first = tmp_path / "mit Ümlaut und Leer.png"
    first.write_bytes(FILES["png"])
    links = f"# comment\r\n{first.as_uri()}\r\nfile:///b.png\r\n{first.as_uri()}\r\n"
    inside_desktop.own_clipboard(links.encode(), "text/uri-list")
    capture = take(Origin.CLIPBOARD)
    assert capture.content == first
    assert capture.notes == ("The clipboard holds 3 files. This is the first.",)
    assert is_halves(to_picture(capture).pixels)
    inside_desktop.own_clipboard(f"copy\n{first.as_uri()}".encode(), "x-special/gnome-copied-files")
    assert take(Origin.CLIPBOARD).content == first


@pytest.mark.parametrize(
    ("content", "mime", "sentence"),
    [
        (b"https://example.com/a.png\r\n", "text/uri-list", "It holds a web address."),
        (b"https://example.com/a.png", "UTF8_STRING", "It holds a web address."),
        (b"<p><img src='https://example.com/a.png'>", "text/html", "It holds a web address."),
        (b"Dear Ann", "UTF8_STRING", "It holds text."),
        (b"see https://example.com/a.png", "UTF8_STRING", "It holds text."),
        (b"<p>words", "text/html", "It holds text."),
        (b"ftp://host/a.png", "text/uri-list", "What it holds is not a picture."),
        (b"RIFF", "audio/wav", "What it holds is not a picture."),
    ],
)
def test_what_is_no_picture_is_said(inside_desktop, content, mime, sentence):
    inside_desktop.own_clipboard(content, mime)
    with pytest.raises(NoPictureOnClipboard) as error:
        take(Origin.CLIPBOARD)
    assert said(error).startswith(sentence)


def test_picture_inside_of_web_content_is_taken(inside_desktop, tmp_path):
    inline = "data:image/png;base64," + base64.b64encode(FILES["png"]).decode()
    page = f'<meta charset="utf-8"><p>Hi <img alt="x" src="{inline}"></p>'
    inside_desktop.own_clipboard(page.encode(), "text/html")
    assert take(Origin.CLIPBOARD).content == FILES["png"]
    inside_desktop.own_clipboard(page.encode("utf-16"), "text/html")
    assert take(Origin.CLIPBOARD).content == FILES["png"]
    path = tmp_path / "a.gif"
    path.write_bytes(FILES["gif"])
    inside_desktop.own_clipboard(str(path).encode(), "UTF8_STRING")
    assert take(Origin.CLIPBOARD).content == path
    inside_desktop.own_clipboard(b"data:image/svg+xml," + SVG.replace(b"%", b"%25"), "STRING")
    assert take(Origin.CLIPBOARD).content == SVG
    inside_desktop.own_clipboard(b"data:image/png;base64,!", "STRING")
    with pytest.raises(NoPictureOnClipboard, match="damaged"):
        take(Origin.CLIPBOARD)


def test_empty_clipboard_is_said(inside_desktop):
    inside_desktop.own_clipboard(FILES["png"]).kill()
    with pytest.raises(NoPictureOnClipboard) as error:
        take(Origin.CLIPBOARD)
    assert error.value.spoken == "No picture on the clipboard. It is empty."


def test_owner_that_hangs_is_not_waited_for_and_is_told(inside_desktop):
    owner = inside_desktop.own_clipboard(FILES["png"])
    owner.pause()  # until we resume it: whoever waited for the answer would wait for ever
    with pytest.raises(NoPictureOnClipboard) as error:
        take(Origin.CLIPBOARD)
    assert said(error) == "The program that owns it does not answer. Copy it again."
    owner.resume()
    inside_desktop.own_clipboard(FILES["gif"], "image/gif")
    assert take(Origin.CLIPBOARD).content == FILES["gif"]


_HALF_OWNER = """
import sys
from Xlib import X, display, Xatom
from Xlib.protocol import event
d = display.Display()
w = d.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
clip, targets, png, incr = map(d.intern_atom, ("CLIPBOARD", "TARGETS", "image/png", "INCR"))
w.set_selection_owner(clip, X.CurrentTime); d.sync(); print("owned", flush=True)
while True:
    e = d.next_event()
    if e.type != X.SelectionRequest: continue
    answer = e.property
    if e.target == targets: e.requestor.change_property(e.property, Xatom.ATOM, 32, [png])
    elif sys.argv[1] == "incr": e.requestor.change_property(e.property, incr, 32, [100])
    elif sys.argv[1] == "refuse": answer = X.NONE
    else: continue
    e.requestor.send_event(event.SelectionNotify(time=e.time, requestor=e.requestor,
        selection=e.selection, target=e.target, property=answer)); d.flush()
"""


@pytest.mark.parametrize("way", ["incr", "nothing", "refuse"])
def test_owner_that_stops_half_way_is_told(inside_desktop, way, monkeypatch):
    monkeypatch.setattr("imagecraft_desktop.capture.selection_x11.DATA_S", 0.5)
    inside_desktop.spawn([sys.executable, "-c", _HALF_OWNER, way]).wait_line("owned")
    with pytest.raises(NoPictureOnClipboard) as error:  # the owner never says more
        take(Origin.CLIPBOARD)
    broken = "What it holds is damaged. Copy it again."
    silent = "The program that owns it does not answer. Copy it again."
    assert said(error) == (broken if way == "refuse" else silent)


@pytest.mark.parametrize("way", ["incr", "nothing"])
def test_owner_that_dies_while_it_is_read_is_told_at_once(inside_desktop, way):
    owner = inside_desktop.spawn([sys.executable, "-c", _HALF_OWNER, way])
    owner.wait_line("owned")
    threading.Timer(0.5, owner.kill).start()
    begun = time.monotonic()
    with pytest.raises(NoPictureOnClipboard) as error:
        take(Origin.CLIPBOARD)
    assert time.monotonic() - begun < selection_x11.DATA_S / 2
    assert said(error) == "The program that it came from has ended. Copy it again."
    inside_desktop.own_clipboard(FILES["gif"], "image/gif")
    assert take(Origin.CLIPBOARD).content == FILES["gif"]


_OWN_CLIPBOARD = """
import json, sys
from PySide6.QtGui import QGuiApplication, QImage
from imagecraft_desktop.capture.clipboard import grab_clipboard
app = QGuiApplication([])
image = QImage(30, 20, QImage.Format.Format_ARGB32); image.fill(0x80FF0000)
app.clipboard().setImage(image); app.processEvents()
content = grab_clipboard().content
print(json.dumps({"event": "took", "kind": type(content).__name__, "size": [content.width, content.height]}), flush=True)
"""


def test_what_this_program_copied_itself_is_taken(inside_desktop):
    # the main thread cannot answer itself: asked through the server, it would wait in vain
    took = inside_desktop.spawn([sys.executable, "-c", _OWN_CLIPBOARD]).wait_event("took")
    assert (took["kind"], took["size"]) == ("Frame", [30, 20])


def test_wayland_without_an_x_server_says_what_to_do(monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(NoPictureOnClipboard, match="Save the picture"):
        clipboard.grab_clipboard()


def test_wayland_desktop_that_shares_its_clipboard_with_x11_is_read(inside_desktop, monkeypatch):
    inside_desktop.own_clipboard(FILES["png"])
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert take(Origin.CLIPBOARD).content == FILES["png"]


def test_preparing_leaves_nothing_to_import_for_the_first_taking(inside_desktop):
    inside_desktop.show_window(colour="red")
    code = textwrap.dedent("""
        import sys
        from imagecraft_desktop.capture.base import prepare, take
        from imagecraft_desktop.values import Origin
        prepare()
        before = set(sys.modules)
        take(Origin.WINDOW)
        print(sorted(set(sys.modules) - before))
    """)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "[]\n"


def test_preparing_without_a_display_is_silent(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    prepare()
    with pytest.raises(ScreenNotAllowed):
        take(Origin.WINDOW)


def test_frame_is_small_enough_to_travel(inside_desktop):
    frame = screen.grab_screen("1").content
    assert isinstance(frame, Frame)
    assert len(frame.data) == 1920 * 1080 * 4
    assert len(repr(frame)) < 100
