"""The private desktop gives tests what a real one would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.desktop import Desktop, missing_programs, transcribe
from tests.desktop.processes import wait_until

pytestmark = pytest.mark.desktop

_PLAY_TONE = """
import numpy, sounddevice
tone = 0.5 * numpy.sin(numpy.arange(24000) * 0.1)
sounddevice.play(numpy.concatenate([tone, numpy.zeros(9600)]).astype("float32"), 48000, blocking=True)
"""

_TRAY = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
app = QApplication(sys.argv)
picture = QPixmap(16, 16); picture.fill("red")
icon = QSystemTrayIcon(QIcon(picture))
menu = QMenu()
menu.addAction("&Describe", lambda: print("chosen", flush=True))
menu.addAction("Nothing").setEnabled(False)
icon.setContextMenu(menu)
icon.activated.connect(lambda reason: print("activated", reason.name, flush=True))
icon.show()
QTimer.singleShot(0, lambda: icon.showMessage("A title", "A text"))
app.exec()
"""

_ACCESSIBLE = """
import sys
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
app = QApplication(sys.argv)
window = QWidget(); window.setWindowTitle("Accounts")
column = QVBoxLayout(window)
button, field = QPushButton("Describe"), QLineEdit("hello")
field.setAccessibleName("Question")
column.addWidget(button); column.addWidget(field)
def tell():
    event = QAccessibleAnnouncementEvent(window, "Two dogs")
    QAccessible.updateAccessibility(event)
button.clicked.connect(tell)
field.textChanged.connect(lambda text: print("field", text, flush=True))
window.show()
app.exec()
"""


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_everything_it_needs_is_installed() -> None:
    assert missing_programs() == []


def test_leaves_nothing_behind(make_desktop: Callable[..., Desktop]) -> None:
    made = make_desktop()
    stray = made.spawn(["sh", "-c", "setsid sleep 300 & sleep 0.1; echo started; wait"])
    stray.wait_line("started")
    mark = made.folder.name.encode()
    made.close()
    assert not made.folder.exists()
    left = [
        process
        for process in Path("/proc").glob("[0-9]*/environ")
        if process.parent.name != str(os.getpid()) and mark in _content(process)
    ]
    assert left == []


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def test_its_servers_die_with_a_killed_test_run(tmp_path: Path) -> None:
    code = (
        "import time; from tests.desktop import Desktop\n"
        "d = Desktop(); print(*[c.pid for c in d._daemons.children], flush=True); time.sleep(60)"
    )
    with subprocess.Popen(_python(code), stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pids = [int(pid) for pid in run.stdout.readline().split()]
        assert len(pids) >= 6
        run.send_signal(signal.SIGKILL)
    wait_until(
        lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in pids), "the servers' end"
    )


def test_each_test_has_its_own_empty_folders(desktop: Desktop) -> None:
    assert desktop.env["HOME"] != os.environ["HOME"]
    config = Path(desktop.env["XDG_CONFIG_HOME"])
    assert list(config.iterdir()) == []
    assert str(desktop.folder) in desktop.env["XDG_RUNTIME_DIR"]


def test_for_a_moment_no_window_may_be_active(desktop: Desktop) -> None:
    gone = ["xprop", "-root", "-remove", "_NET_ACTIVE_WINDOW"]
    subprocess.run(gone, env=dict(desktop.env), check=True)
    assert desktop.keys.active_window() == 0
    shown = desktop.show_window(colour="#204080", title="Accounts").wait_event("shown")
    wait_until(lambda: desktop.keys.active_window() == shown["id"], "the window to be active")


def test_window_of_another_process_is_seen_and_typed_into(desktop: Desktop) -> None:
    window = desktop.show_window(colour="#204080", title="Accounts", entry=True)
    shown = window.wait_event("shown")
    assert desktop.keys.active_window() == shown["id"]
    assert desktop.keys.windows("Accounts") == [shown["id"]]
    left, top, width, height = shown["geometry"]
    assert (width, height) == (800, 600)

    def is_painted() -> bool:
        inside = desktop.screenshot()[top + 200 : top + height - 100, left : left + width]
        return bool((inside == (0x20, 0x40, 0x80)).all())

    wait_until(is_painted, "the window's colour")
    desktop.keys.type("abc")
    window.wait_event("text", text="abc")


def test_held_key_is_let_go_of_after_the_test(desktop: Desktop) -> None:
    window = desktop.show_window(entry=True)
    desktop.keys.hold("shift")
    desktop.keys.let_go_of_all()
    desktop.keys.press("a")
    window.wait_event("text", text="a")


def test_no_screen_is_seen_without_its_environment(desktop: Desktop) -> None:
    asked = desktop.run(["xprop", "-root"], env=desktop.env_without_screen())
    assert asked.returncode != 0
    assert desktop.run(["xprop", "-root"]).returncode == 0


def test_screenshot_is_saved(desktop: Desktop, tmp_path: Path) -> None:
    from PIL import Image

    desktop.screenshot(tmp_path / "screen.png")
    with Image.open(tmp_path / "screen.png") as picture:
        assert picture.size == (1920, 1080)


def test_what_is_played_is_recorded(desktop: Desktop) -> None:
    with desktop.record() as heard:
        played = desktop.run(_python(_PLAY_TONE), timeout_s=20)
        assert played.returncode == 0, played.stderr
        heard.wait_for_silence(0.3)
    loud = np.abs(heard.samples) > 0.01
    assert 0.45 < loud.sum() / 48_000 < 0.55
    assert heard.loud_at_s() == pytest.approx(heard.wait_for_sound(), abs=0.001)


def test_output_is_unplugged_and_mended_for_the_next_test(desktop: Desktop) -> None:
    desktop.sound.plug("headphones")
    desktop.sound.unplug()
    assert desktop.sound._sinks() == ["headphones"]
    desktop.end_test()
    assert desktop.sound.is_whole()
    desktop.sound.kill()
    assert not desktop.sound.is_whole()
    desktop.end_test()
    assert desktop.sound.is_whole()


def test_without_a_sound_server_there_is_no_device(desktop: Desktop) -> None:
    listing = _python("import sounddevice; print(len(sounddevice.query_devices()))")
    with_sound, without = (
        desktop.run(listing, env=env) for env in (desktop.env, desktop.env_without_sound())
    )
    assert int(with_sound.stdout) > 0
    assert without.stdout.strip() == "0"


def test_clipboard_of_another_process(desktop: Desktop) -> None:
    reading = ["xclip", "-selection", "clipboard", "-o", "-t", "text/plain"]
    desktop.own_clipboard(b"an older text", "text/plain")
    owner = desktop.own_clipboard(b"a line of text", "text/plain")
    assert desktop.run(reading).stdout == "a line of text"
    owner.pause()
    with pytest.raises(subprocess.TimeoutExpired):
        desktop.run(reading, timeout_s=0.5)
    owner.resume()
    owner.stop()
    assert desktop.run(reading).returncode != 0


def test_tray_icon_menu_and_notification(desktop: Desktop) -> None:
    program = desktop.spawn(_python(_TRAY))
    icon = desktop.wait_event("tray-item")
    note = desktop.wait_event("notify")
    assert (note["summary"], note["body"]) == ("A title", "A text")
    labels = [(entry["label"], entry.get("enabled", True)) for entry in desktop.tray_menu()]
    assert labels == [("Describe", True), ("Nothing", False)]
    desktop.tray_click("Describe")
    program.wait_line("chosen")
    desktop.tray_activate()
    program.wait_line("activated Trigger")
    desktop.notification_close(note["id"])
    desktop.wait_event("close", id=note["id"], reason=2)
    before = len(desktop.events)
    desktop.restart_tray()
    wait_until(
        lambda: any(e["event"] == "tray-item" for e in desktop.events[before:]), "the icon's return"
    )
    program.stop()
    desktop.wait_event("tray-item-gone", item=icon["item"])


def test_a_screen_reader_finds_presses_and_hears(desktop: Desktop) -> None:
    program = desktop.spawn(_python(_ACCESSIBLE))
    field = desktop.accessible.find("text", "Question")
    assert field["text"] == "hello"
    assert "focusable" in field["states"]
    desktop.accessible.press("push button", "Describe")
    assert desktop.accessible.wait_announcement("dogs") == (1, "Two dogs")
    desktop.accessible.set_text("text", "Question", "what colour")
    program.wait_line("field what colour")


def test_files_are_dragged_between_processes(desktop: Desktop, tmp_path: Path) -> None:
    target = desktop.spawn(
        _python(
            "import sys\n"
            "from PySide6.QtCore import Qt\n"
            "from PySide6.QtWidgets import QApplication, QWidget\n"
            "class Target(QWidget):\n"
            "    def dragEnterEvent(self, e): e.setDropAction(Qt.DropAction.CopyAction); e.accept()\n"
            "    dragMoveEvent = dragEnterEvent\n"
            "    def dropEvent(self, e):\n"
            "        self.dragEnterEvent(e); print(e.mimeData().urls()[0].toLocalFile(), flush=True)\n"
            "app = QApplication(sys.argv); w = Target(); w.setAcceptDrops(True)\n"
            "w.setGeometry(1000, 100, 400, 400); w.show(); print('up', flush=True); app.exec()\n"
        )
    )
    target.wait_line("up")
    file = tmp_path / "ein Bild mit ü.png"
    source = desktop.start_drag([file], geometry=(100, 100, 400, 400))
    desktop.keys.drag((300, 300), (1200, 300))
    target.wait_line(str(file))
    source.wait_event("dropped", action="CopyAction")


def test_two_monitors(make_desktop: Callable[..., Desktop]) -> None:
    import mss

    made = make_desktop(monitors=[(1280, 720), (800, 600)], sound=False, accessibility=False)
    with mss.MSS(display=made.env["DISPLAY"]) as camera:
        areas = [(m["left"], m["width"], m["height"]) for m in camera.monitors]
    assert areas == [(0, 2080, 720), (0, 1280, 720), (1280, 800, 600)]
    made.set_monitors([])
    with mss.MSS(display=made.env["DISPLAY"]) as camera:
        assert len(camera.monitors) == 2


def test_monitors_of_one_test_are_gone_in_the_next(make_desktop: Callable[..., Desktop]) -> None:
    made = make_desktop(sound=False, tray=False, accessibility=False)
    made.begin_test(1)
    made.set_monitors([(960, 1080), (960, 1080)])
    made.end_test()
    listed = subprocess.run(
        ["xrandr", "--listmonitors"], env=made.env, capture_output=True, text=True, check=True
    )
    assert "Monitors: 1" in listed.stdout
    assert "1920/" in listed.stdout


def test_code_in_this_process_reaches_the_desktop(inside_desktop: Desktop) -> None:
    import mss

    with mss.MSS() as camera:
        assert camera.monitors[0]["width"] == 1920
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_speech_is_heard_and_understood(desktop: Desktop) -> None:
    speaking = """
import numpy, sounddevice
from hibari import Hibari
sound = Hibari(threads=1)("The dogs play on the green grass.", seed=0)
sounddevice.play(numpy.concatenate([sound, numpy.zeros(4800)]).astype("float32"), 24000, blocking=True)
"""
    with desktop.record() as heard:
        spoken = desktop.run(_python(speaking), timeout_s=30)
        assert spoken.returncode == 0, spoken.stderr
        heard.wait_for_silence(0.5)
    assert transcribe(heard.samples) == "the dogs play on the green grass"


def test_silence_has_no_words() -> None:
    assert transcribe(np.zeros(100, np.float32)) == ""
