"""The private desktop itself: starts and ends every part, and gives tests their hands and ears."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.desktop.accessibility import Accessible
from tests.desktop.keys import Keys
from tests.desktop.processes import Child, Family, wait_until
from tests.desktop.sound import Recorder, SoundServer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHECKOUT = Path(__file__).resolve().parents[2]
_ATSPI = Path("/usr/libexec/at-spi-bus-launcher")
_PROGRAMS = {  # program: Debian package
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus",
    "openbox": "openbox",
    "xprop": "x11-utils",
    "xrandr": "x11-xserver-utils",
    "xdotool": "xdotool",
    "xclip": "xclip",
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
    "parec": "pulseaudio-utils",
    "setpriv": "util-linux",
    str(_ATSPI): "at-spi2-core",
    "/usr/lib/python3/dist-packages/gi/__init__.py": "python3-gi",
    "/usr/lib/x86_64-linux-gnu/girepository-1.0/Atspi-2.0.typelib": "gir1.2-atspi-2.0",
}
_OF_THE_USER = [
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "WAYLAND_SOCKET",
    "XAUTHORITY",
    "SESSION_MANAGER",
    "DESKTOP_SESSION",
    "DBUS_SESSION_BUS_ADDRESS",
    "DBUS_STARTER_ADDRESS",
    "DBUS_STARTER_BUS_TYPE",
    "AT_SPI_BUS_ADDRESS",
    "NO_AT_BRIDGE",
    "QT_SCALE_FACTOR",
    "QT_SCREEN_SCALE_FACTORS",
    "QT_FONT_DPI",
    "QT_QPA_PLATFORMTHEME",
    "QT_STYLE_OVERRIDE",
    "PULSE_SINK",
    "PULSE_SOURCE",
    "PULSE_SERVER",
    "PIPEWIRE_REMOTE",
    "LANGUAGE",
    "LC_ALL",
    "PYTEST_CURRENT_TEST",
    "PYTEST_ADDOPTS",
]
_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""
# no menus, no key bindings: a hotkey under test must not be taken
_OPENBOX_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
<focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
<keyboard></keyboard>
<mouse><context name="Client"><mousebind button="Left" action="Press">
<action name="Focus"/><action name="Raise"/></mousebind></context></mouse>
</openbox_config>
"""


def missing_programs() -> list[str]:
    """Debian packages that the desktop needs and that are not installed, without repetition."""
    there = {name: shutil.which(name) or _exists(name) for name in _PROGRAMS}
    return sorted({package for name, package in _PROGRAMS.items() if not there[name]})


def _exists(name: str) -> bool:
    if "x86_64-linux-gnu" in name:  # other machines have another folder here
        pattern = name.replace("x86_64-linux-gnu", "*").lstrip("/")
        return any(Path("/").glob(pattern))
    return name.startswith("/") and Path(name).exists()


def _numbers(window: Any, prop: int) -> Sequence[int]:
    """A property of an X11 window; nothing of one that has just gone."""
    from Xlib import X
    from Xlib.error import BadWindow

    try:
        found = window.get_full_property(prop, X.AnyPropertyType)
    except BadWindow:
        return ()
    return found.value if found is not None else ()


def _without_mark(label: str) -> str:
    """An entry of a menu as a tray shows it: _ marks the letter that follows, and itself where it is shown."""
    return re.sub("_(.)", r"\1", label)


class Desktop:
    """One private desktop.

    Args:
        size: Of the X screen in pixels. It cannot change later.
        monitors: Sizes of several monitors side by side; the screen is then as large as needed.
        sound: Whether there is a sound server.
        tray: Whether there is a tray host.
        notifications: Whether there is a notification service.
        accessibility: Whether there is an accessibility bus.
    """

    def __init__(
        self,
        *,
        size: tuple[int, int] = (1920, 1080),
        monitors: Sequence[tuple[int, int]] = (),
        sound: bool = True,
        tray: bool = True,
        notifications: bool = True,
        accessibility: bool = True,
    ) -> None:
        # names of sockets must stay short, so not in pytest's own folders
        self.folder = Path(tempfile.mkdtemp(prefix="icd-", dir="/tmp"))
        self._parts = [
            name for name, on in (("tray", tray), ("notifications", notifications)) if on
        ]
        self._has_accessibility = accessibility
        (self.folder / "log").mkdir()
        self._daemons = Family(self.folder / "log")
        self._guests = Family(self.folder / "log")
        self._residents = Family(self.folder / "log")
        self._events_since = self._home_since = 0
        self._residents_of = ""
        self._has_monitors_of_a_test = False
        self._services: Child | None = None
        self._accessible: Accessible | None = None
        self._base = {k: v for k, v in os.environ.items() if k not in _OF_THE_USER}
        self._base |= {
            "XDG_SESSION_TYPE": "x11",
            "XDG_CURRENT_DESKTOP": "test",
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "GDK_BACKEND": "x11",
            "GSETTINGS_BACKEND": "memory",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "LANG": "C.UTF-8",
            "PULSE_SERVER": f"unix:{self.folder}/no-sound-server",
            "PYTHONUNBUFFERED": "1",
        }
        self.env: dict[str, str] = {}
        self._use_home("session")
        if monitors:
            size = (sum(w for w, _ in monitors), max(h for _, h in monitors))
        self.size = size
        self.sound: SoundServer = SoundServer(self.folder, self._daemons, self._base)
        self._has_sound = sound
        try:
            self._start()
            self.keys = Keys(self.env)
            if monitors:
                self.set_monitors(monitors)
        except BaseException:
            self.close()
            raise

    # --- start and end ---

    def _start(self) -> None:
        # the servers start side by side; what needs one of them comes after it
        display, number = self._spawn_x_server()
        bus = self._spawn_bus()
        if self._has_sound:
            self.sound.start(wait=False)
            self._base |= self.sound.env
        self._base["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}"
        wait_until(bus.exists, "the session bus", 10)
        self._use_home("session")
        self._services = self._daemons.spawn(
            [sys.executable, "-m", "tests.desktop.bus_services", *self._parts],
            self.env,
            name="services",
            talks=True,
            cwd=CHECKOUT,
        )
        self._base["DISPLAY"] = self._display_name(display, number)
        self._use_home("session")
        if self._has_accessibility:
            self._atspi = self._daemons.spawn(
                [str(_ATSPI), "--launch-immediately"], self.env, name="atspi"
            )
        self._start_window_manager()
        if self._has_sound:
            self.sound.wait_ready()
        if self._has_accessibility:
            wait_until(lambda: self._bus_has("org.a11y.Bus"), "the accessibility bus", 10)
        self._services.wait_event("ready")

    def _spawn_x_server(self) -> tuple[Child, int]:
        width, height = self.size
        reading, writing = os.pipe()
        server = self._daemons.spawn(
            [
                *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"),
                *("-dpi", "96", "-nolisten", "tcp", "-noreset"),
            ],
            self._base,
            name="xvfb",
            pass_fds=[writing],
        )
        os.close(writing)
        return server, reading

    @staticmethod
    def _display_name(server: Child, reading: int) -> str:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise AssertionError(f"the X server did not start: {server.errors}")
        return f":{number}"

    def _spawn_bus(self) -> Path:
        socket = self.folder / "bus"
        config = self.folder / "bus.conf"
        config.write_text(_BUS_CONFIG.format(socket=socket))
        self._daemons.spawn(
            ["dbus-daemon", f"--config-file={config}", "--nofork"], self.env, name="dbus"
        )
        return socket

    def _start_window_manager(self) -> None:
        config = self.folder / "openbox.xml"
        config.write_text(_OPENBOX_CONFIG)
        self._daemons.spawn(["openbox", "--config-file", str(config)], self.env)
        wait_until(
            lambda: "window id" in self._output("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"),
            "the window manager",
            10,
        )

    def _output(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=5, check=False
        )
        return done.stdout

    def _bus_has(self, name: str) -> bool:
        from tests.desktop.bus_services import call_item

        (owned,) = call_item(
            self.env["DBUS_SESSION_BUS_ADDRESS"],
            *("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus"),
            *("NameHasOwner", "s", name),
        )
        return bool(owned)

    def _use_home(self, name: str) -> None:
        """Fresh HOME and XDG folders from now on."""
        home = self.folder / name
        folders = {
            "HOME": home,
            "XDG_CONFIG_HOME": home / "config",
            "XDG_DATA_HOME": home / "data",
            "XDG_STATE_HOME": home / "state",
            "XDG_CACHE_HOME": home / "cache",
            "XDG_RUNTIME_DIR": home / "run",
            "TMPDIR": home / "tmp",
        }
        for folder in folders.values():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.env = self._base | {key: str(folder) for key, folder in folders.items()}

    def begin_test(self, number: int, *, residents_of: str = "") -> None:
        """A test begins: no old events, fresh folders.

        Args:
            number: Of the test; no other has it.
            residents_of: Whose residents, if they run, go on in the folders they have.
        """
        assert self._services is not None
        self._events_since = len(self._services.events)
        if not (residents_of and residents_of == self._residents_of and self.has_residents()):
            self.end_residents()
            self._use_home(f"t{number}")
            self._home_since, self._residents_of = self._events_since, residents_of
        self.keys = Keys(self.env)

    def has_residents(self) -> bool:
        """Whether something that outlives its test runs."""
        return any(child.is_running() for child in self._residents.children)

    def end_residents(self) -> None:
        self._residents.stop()

    def end_test(self) -> None:
        """A test is over: end what it started, and mend what it broke."""
        self.keys.let_go_of_all()
        if self._accessible is not None:
            self._accessible.close()
            self._accessible = None
        self._guests.stop()
        if self._has_monitors_of_a_test:
            self.set_monitors(())
        if self._has_sound and not self.sound.is_whole():
            self.sound.kill()
            self.sound.start()

    def close(self) -> None:
        """End everything and remove every trace."""
        if self._accessible is not None:
            self._accessible.close()
        self._guests.stop()
        self._residents.stop()
        self._daemons.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill_accessibility(self) -> None:
        """The accessibility bus crashes. Only for a desktop of the test's own."""
        if self._accessible is not None:
            self._accessible.close()
            self._accessible = None
        self._atspi.kill()

    # --- programs ---

    def env_without_sound(self) -> dict[str, str]:
        """The environment of a machine where no sound server runs."""
        return self.env | {"PULSE_SERVER": f"unix:{self.folder}/no-sound-server"}

    def env_without_screen(self) -> dict[str, str]:
        """The environment of a login over the network: no screen, no session bus."""
        gone = {"DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE"}
        return {name: value for name, value in self.env.items() if name not in gone}

    @staticmethod
    def command(*arguments: object) -> list[str]:
        """The command line of `imagecraft-desktop ARGUMENTS`, from this checkout."""
        return [sys.executable, "-m", "imagecraft_desktop", *map(str, arguments)]

    @staticmethod
    def python(*arguments: object) -> list[str]:
        """The command line of this Python with these arguments."""
        return [sys.executable, *map(str, arguments)]

    def run(
        self,
        command: Sequence[str],
        *,
        timeout_s: float = 60.0,
        env: dict[str, str] | None = None,
        stdin: bytes | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end. Never raises for its exit status."""
        done = subprocess.run(
            command,
            env=self._guests.environment(env or self.env),
            cwd=CHECKOUT,
            timeout=timeout_s,
            capture_output=True,
            check=False,
            input=stdin if stdin is not None else b"",
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def spawn(
        self,
        command: Sequence[str],
        *,
        env: dict[str, str] | None = None,
        name: str = "",
        is_resident: bool = False,
    ) -> Child:
        """Start a program in the background. It is ended after the test, or, as a resident, before
        the first test that wants none."""
        family = self._residents if is_resident else self._guests
        return family.spawn(command, env or self.env, name=name, talks=True, cwd=CHECKOUT)

    def close_windows(self, pid: int) -> None:
        """Close every window of a process, as a click on its cross does, and wait until they are gone."""
        from Xlib import X
        from Xlib.display import Display
        from Xlib.protocol.event import ClientMessage

        screen = Display(self.env["DISPLAY"])
        root = screen.screen().root
        close, listed, of = map(
            screen.intern_atom, ("_NET_CLOSE_WINDOW", "_NET_CLIENT_LIST", "_NET_WM_PID")
        )

        def are_gone() -> bool:
            """Ask those that are left once more: a question that was in front may be gone by now."""
            shown = root.get_full_property(listed, X.AnyPropertyType)
            windows = [screen.create_resource_object("window", n) for n in shown.value]
            ours = [one for one in windows if list(_numbers(one, of)) == [pid]]
            for one in ours:
                message = ClientMessage(window=one, client_type=close, data=(32, [0, 2, 0, 0, 0]))
                root.send_event(message, X.SubstructureRedirectMask | X.SubstructureNotifyMask)
            screen.sync()
            return not ours

        try:
            wait_until(are_gone, "the windows to close", 10, step_s=0.05)
        finally:
            screen.close()

    def show_window(
        self,
        *,
        lines: Sequence[str] = (),
        picture: Path | None = None,
        title: str = "Test window",
        geometry: tuple[int, int, int, int] = (100, 100, 800, 600),
        entry: bool = False,
        colour: str = "",
        text_px: int = 24,
        drag: Sequence[Path | str] = (),
        drag_picture: Path | None = None,
    ) -> Child:
        """A window of another process, on top and with the keyboard's focus when this returns.

        `.wait_event("shown")` has its X11 `id` and the `geometry` of its content. With `entry` it
        has a field at the end, whose text comes as events "text".
        """
        wish = {
            "title": title,
            "lines": list(lines),
            "picture": str(picture) if picture else "",
            "geometry": list(geometry),
            "entry": entry,
            "colour": colour,
            "text_px": text_px,
            "drag": [str(path) for path in drag],
            "drag_picture": str(drag_picture) if drag_picture else "",
        }
        window = self.spawn(
            [sys.executable, "-m", "tests.desktop.window", json.dumps(wish)], name="window"
        )
        window.wait_event("shown", 20)
        return window

    def start_drag(self, paths: Sequence[Path | str], **wish: Any) -> Child:
        """A window out of whose middle the files, or addresses, can be dragged (`keys.drag`).

        With `drag_picture` that picture itself comes with the address, as out of a browser.
        """
        return self.show_window(drag=paths, **wish)

    def own_clipboard(self, data: bytes, mime: str = "image/png") -> Child:
        """Another process owns the clipboard; ended or killed, the clipboard is empty."""
        from Xlib import X  # only on Linux, as the desktop is
        from Xlib.display import Display

        source = self.folder / f"clip{len(list(self.folder.glob('clip*')))}"
        source.write_bytes(data)
        own = ["xclip", "-quiet", "-selection", "clipboard", "-t", mime, "-i", str(source)]
        screen = Display(self.env["DISPLAY"])
        try:
            clipboard = screen.intern_atom("CLIPBOARD")
            before = screen.get_selection_owner(clipboard)
            owner = self.spawn(own, name="xclip")
            wait_until(
                lambda: screen.get_selection_owner(clipboard) not in {before, X.NONE},
                "the clipboard's new owner",
            )
        finally:
            screen.close()
        return owner

    # --- hands, eyes, ears ---

    def record(self) -> Recorder:
        """What a person would hear, from the start of the `with` block on."""
        return Recorder(self.env)

    @property
    def accessible(self) -> Accessible:
        """What a screen reader gets; started at the first use in a test."""
        if self._accessible is None:
            self._accessible = Accessible(self._guests, self.env)
        return self._accessible

    def screenshot(self, path: Path | str | None = None) -> NDArray[np.uint8]:
        """The whole screen: RGB, uint8, (H, W, 3); also saved as PNG when a path is given."""
        import mss
        import mss.tools
        import numpy as np

        with mss.MSS(display=self.env["DISPLAY"]) as camera:
            grab = camera.grab(camera.monitors[0])
            if path is not None:
                mss.tools.to_png(grab.rgb, grab.size, output=str(path))
            return np.frombuffer(grab.rgb, np.uint8).reshape(grab.height, grab.width, 3).copy()

    def set_monitors(self, sizes: Sequence[tuple[int, int]]) -> None:
        """Monitors side by side from the left, inside the screen; none given: one as at the start."""
        shown = self._output("xrandr", "--listactivemonitors").splitlines()[1:]
        for name in [row.split()[1].lstrip("+*") for row in shown]:
            if name.startswith("MON"):
                self._output("xrandr", "--delmonitor", name)
        output = next(
            row.split()[0] for row in self._output("xrandr").splitlines() if " connected" in row
        )
        left = 0
        for index, (width, height) in enumerate(sizes):
            mm = (round(width * 25.4 / 96), round(height * 25.4 / 96))
            area = f"{width}/{mm[0]}x{height}/{mm[1]}+{left}+0"
            owner = "none" if index else output
            self._output("xrandr", "--setmonitor", f"MON{index}", area, owner)
            left += width
        self._has_monitors_of_a_test = bool(sizes)

    # --- tray and notifications ---

    @property
    def events(self) -> list[dict[str, Any]]:
        """What tray and notification service saw since the test began."""
        assert self._services is not None
        return self._services.events[self._events_since :]

    def wait_event(self, event: str, timeout_s: float = 10.0, **match: object) -> dict[str, Any]:
        """Wait for an event since the test began: "tray-item", "tray-item-gone", "notify", "close"."""
        assert self._services is not None
        return self._services.wait_event(event, timeout_s, since=self._events_since, **match)

    def _order(self, **order: object) -> None:
        assert self._services is not None
        before = len(self._services.events)
        self._services.send(**order)
        self._services.wait_event("obeyed", since=before)

    def notification_action(self, number: int, key: str) -> None:
        """A person presses a button of a notification."""
        self._order(do="action", id=number, key=key)

    def notification_close(self, number: int) -> None:
        """A person dismisses a notification."""
        self._order(do="close", id=number)

    def restart_tray(self, while_away: Callable[[], None] = lambda: None) -> None:
        """The tray host goes away and comes back."""
        self._order(do="tray-away")
        while_away()
        self._order(do="tray-back")

    def _tray_call(self, path: str, interface: str, method: str, signature: str, *body: Any) -> Any:
        from tests.desktop.bus_services import call_item

        assert self._services is not None
        owner = self._services.wait_event("tray-item", since=self._home_since)["sender"]
        bus = self.env["DBUS_SESSION_BUS_ADDRESS"]
        return call_item(bus, owner, path, interface, method, signature, *body)

    def tray_activate(self) -> None:
        """A click on the tray icon of the program that showed one first in these folders."""
        self._tray_call("/StatusNotifierItem", "org.kde.StatusNotifierItem", "Activate", "ii", 0, 0)

    def _tray_layout(self) -> tuple[str, list[tuple[int, dict[str, Any]]]]:
        properties = ("org.freedesktop.DBus.Properties", "Get", "ss", "org.kde.StatusNotifierItem")
        path = self._tray_call("/StatusNotifierItem", *properties, "Menu")[0][1]
        _, (_, _, rows) = self._tray_call(
            path, "com.canonical.dbusmenu", "GetLayout", "iias", 0, -1, []
        )
        entries = []
        for _, (number, facts, _) in rows:
            entries.append((number, {key: value for key, (_, value) in facts.items()}))
        return path, entries

    def tray_shown(self) -> list[tuple[str, NDArray[np.uint8]]]:
        """What a tray showed of icons that told it of a change since the test began: the words beside the icon
        and its picture, (side, side, 4) RGBA, the oldest first."""
        import numpy as np

        shown = []
        for event in self.events:
            if event["event"] == "tray-shown":
                argb = np.frombuffer(base64.b64decode(event["argb"]), np.uint8)
                picture = argb.reshape(event["side"], event["side"], 4)
                shown.append((event["tip"], np.roll(picture, -1, axis=2)))
        return shown

    def tray_menu(self) -> list[dict[str, Any]]:
        """The entries of the tray icon's menu: "label" (without the mark of its key), "enabled", ..."""
        _, entries = self._tray_layout()
        return [
            facts | {"label": _without_mark(facts["label"])}
            for _, facts in entries
            if "label" in facts
        ]

    def tray_click(self, label: str) -> None:
        """Choose an entry of the tray icon's menu."""
        path, entries = self._tray_layout()
        numbers = {_without_mark(f["label"]): number for number, f in entries if "label" in f}
        event = (numbers[label], "clicked", ("s", ""), 0)
        self._tray_call(path, "com.canonical.dbusmenu", "Event", "isvu", *event)
