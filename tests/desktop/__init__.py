"""A private, throw-away Linux desktop for tests: X server, buses, tray host, sound, accessibility.

Mark such a test `@pytest.mark.desktop` and ask for the fixture `desktop`. It is one desktop for
the whole run (started in about half a second, ended whatever happens); each test gets fresh
HOME and XDG folders in `desktop.env`, and everything it started there is ended after it. A program
that is missing fails the test and names the Debian package; nothing is ever skipped on Linux.

    @pytest.mark.desktop
    def test_window_is_described(desktop):
        window = desktop.show_window(lines=["Invoice 42 is due"], title="Accounts")
        app = desktop.spawn(desktop.command("app"))       # `python -m imagecraft_desktop app`
        desktop.wait_event("tray-item")                   # the icon is there
        with desktop.record() as heard:
            desktop.keys.press("ctrl+shift+f12")
            heard.wait_until_spoken(timeout_s=20)
        assert "invoice" in transcribe(heard.samples)     # from tests.desktop import transcribe

The desktop (`Desktop`, desktop.py):
  env                         environment for child processes; pass it on: nothing reads os.environ
  env_without_sound()         the same, with no sound server to be found
  env_without_screen()        the same, as over the network: no display, no session bus
  command(*arguments)         command line of this checkout's `imagecraft-desktop`
  run(command, timeout_s=...) run to its end, output captured as text
  spawn(command, ...)         start in the background; ended after the test. A `Child` (processes.py):
                              .lines .wait_line("text") .events .wait_event(...) .stop() .kill() .pause()
  show_window(lines=, picture=, title=, geometry=, entry=)   a window of another process, focused;
                              .wait_event("text", text="abc") tells what was typed into its entry field
  own_clipboard(data, mime)   another process owns the clipboard; .pause() makes an owner that hangs
  start_drag(paths)           a window of another process from which files can be dragged
  set_monitors([(w, h), ...]) several monitors side by side inside the screen; () puts one back
  keys                        xdotool, each call with a time limit (keys.py): press, type, focus, click, drag
  sound                       PulseAudio (sound.py): unplug(), plug(), kill(), start()
  record()                    what a person would hear (sound.py): .samples .seconds .loud_at_s()
                              .wait_for_sound() .wait_until_spoken() .wait_for_silence()
  wait_event(name, **match)   events of tray and notifications: tray-item, tray-item-gone, notify,
                              close, window-shown ...; `events` has them all since the test began
  tray_menu() tray_click(label) tray_activate()       the tray icon, as its host would
  tray_shown()                the words beside it and its picture, at each change that it told of
  notification_action(id, key) notification_close(id) what a person does with a notification
  restart_tray()              the tray host goes away and comes back
  accessible                  what a screen reader gets (accessibility.py): find, tree, press, announcements
  screenshot()                (H, W, 3) uint8 RGB of the whole screen; screenshot("x.png") also saves it
  kill_accessibility()        the accessibility bus crashes; for a desktop of the test's own

Other fixtures: `warm_program` (tests/e2e/conftest.py) is the tray program, which the tests of a file
share; `make_desktop(size=(w, h), monitors=[...], sound=..., tray=...)` starts one more with
other parts; `inside_desktop` puts `desktop.env` into os.environ for code that runs in pytest's own
process (sounddevice, mss, jeepney). Qt in pytest's own process is always offscreen: what needs a
real window runs in a child.

`wayland.WaylandDesktop` is such a desktop with a Wayland compositor and the real portal instead of X11; it is
started once for a file of tests (tests/e2e/test_wayland.py).

`transcribe(samples)` hears speech with the packaged Whisper tiny.en; lower case, no punctuation.
"""

from tests.desktop.desktop import Desktop, missing_programs
from tests.desktop.hearing import transcribe
from tests.desktop.processes import Child
from tests.desktop.sound import Recorder

__all__ = ["Child", "Desktop", "Recorder", "missing_programs", "transcribe"]
