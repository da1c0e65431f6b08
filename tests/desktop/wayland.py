"""A headless Wayland desktop for tests: the compositor sway, PipeWire, and the real desktop portal with the
back end of wlroots, on the bus of a private desktop. See `WaylandDesktop`.

sway refuses to run as root, so it runs as nobody, who owns the folder of the sockets; the
programs that it shows may stay what they are.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from tests.desktop.desktop import CHECKOUT, Desktop
from tests.desktop.processes import Child, wait_until

_NOBODY = 65534
_PORTAL = "/usr/libexec/xdg-desktop-portal"
_PROGRAMS = {  # program: Debian package
    "sway": "sway",
    "grim": "grim",
    "wtype": "wtype",
    "pipewire": "pipewire",
    "wireplumber": "wireplumber",
    "wl-copy": "wl-clipboard",
    "gst-launch-1.0": "gstreamer1.0-tools",
    _PORTAL: "xdg-desktop-portal",
    f"{_PORTAL}-wlr": "xdg-desktop-portal-wlr",
}
_SWAY = """xwayland disable
default_border normal
focus_on_window_activation focus
for_window [app_id=".*"] floating enable
"""
GROUND = "#204060"
SHOT = Path("/tmp/out.png")
"""Where the back end of wlroots puts every picture."""
_PERSON = """[portal]
DBusName=org.freedesktop.impl.portal.desktop.person
Interfaces=org.freedesktop.impl.portal.{kinds};
UseIn=sway;
"""
_ONE_OUTPUT = """[screencast]
output_name=HEADLESS-1
chooser_type=none
max_fps=30
"""


def missing_programs() -> list[str]:
    """Debian packages that are needed and not installed."""
    return sorted({p for name, p in _PROGRAMS.items() if not shutil.which(name)})


class WaylandDesktop(Desktop):
    """A `Desktop` on which programs see Wayland alone. Its X server only holds what the base class
    starts; nothing is told where it is.

    Args:
        outputs: Width, height and scale of each output, from the left; pixels of the device.
    """

    def __init__(self, outputs: Sequence[tuple[int, int, int]] = ((1280, 720, 1),)) -> None:
        self.outputs = outputs
        self._portal: Child | None = None
        self._turn = FileLock("/tmp/icd-wayland.lock")  # the back end has one file for all: SHOT
        self._turn.acquire(timeout=300)
        try:
            super().__init__(size=(640, 480), tray=False)
        except BaseException:
            self._turn.release()
            raise
        try:
            self._start_wayland()
        except BaseException:
            self.close()
            raise

    # --- start ---

    def _start_wayland(self) -> None:
        self._sockets = self.folder / "wayland"
        self._sockets.mkdir(mode=0o700)
        self.folder.chmod(0o711)
        os.chown(self._sockets, _NOBODY, _NOBODY)
        self._base |= {
            "XDG_SESSION_TYPE": "wayland",
            "XDG_CURRENT_DESKTOP": "sway",
            "QT_QPA_PLATFORM": "wayland",
            "GDK_BACKEND": "wayland",
            "WAYLAND_DISPLAY": str(self._start_sway()),
            "SWAYSOCK": str(self._sockets / "sway"),
            "PIPEWIRE_RUNTIME_DIR": str(self._sockets),
        }
        self._base.pop("DISPLAY")
        self._use_home("session")
        # a desktop whose last keyboard goes, with the end of `type`, takes the focus from every window
        self._daemons.spawn(["wtype", "-s", str(24 * 3600 * 1000)], self.env)
        self._start_portal()

    def _start_sway(self) -> Path:
        config = self._sockets / "sway.conf"
        config.write_text("\n".join([_SWAY, *self._output_lines()]))
        user = f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"
        env = self._base | {
            "HOME": str(self._sockets),
            "XDG_RUNTIME_DIR": str(self._sockets),
            "SWAYSOCK": str(self._sockets / "sway"),
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_HEADLESS_OUTPUTS": str(len(self.outputs)),
        }
        self._daemons.spawn(["setpriv", *user, "sway", "-c", str(config)], env, name="sway")
        wait_until((self._sockets / "sway").exists, "the compositor", 10)
        wait_until(lambda: list(self._sockets.glob("wayland-?")), "its display", 10)
        return next(self._sockets.glob("wayland-?"))

    def _output_lines(self) -> list[str]:
        lines, left = [], 0
        for number, (width, height, scale) in enumerate(self.outputs, 1):
            name = f"HEADLESS-{number}"
            facts = f"resolution {width}x{height} position {left} 0 scale {scale}"
            lines.append(f"output {name} enable {facts} bg {GROUND} solid_color")
            left += width // scale
        return lines

    def _start_portal(self) -> None:
        config = self.folder / "wlr.conf"
        config.write_text(_ONE_OUTPUT)
        self._daemons.spawn(["pipewire"], self.env)
        wait_until((self._sockets / "pipewire-0").exists, "PipeWire", 10)
        self._daemons.spawn(["wireplumber"], self.env)
        self._daemons.spawn(["/usr/libexec/xdg-permission-store"], self.env, name="permissions")
        self.person = self._daemons.spawn(
            [sys.executable, "-m", "tests.desktop.permission_dialog", str(self.folder)],
            self.env,
            name="person",
            talks=True,
            cwd=CHECKOUT,
        )
        self._daemons.spawn([f"{_PORTAL}-wlr", "-c", str(config)], self.env, name="portal-wlr")
        self.person.wait_event("ready")
        back_end = "org.freedesktop.impl.portal."
        for name in ("PermissionStore", "desktop.wlr"):
            wait_until(lambda name=name: self._bus_has(back_end + name), f"the {name}", 10)
        self.use_portal()

    def use_portal(self, *, asks: bool = False) -> None:
        """Start the portal again: pictures from the back end of wlroots, or one that lets the person be
        asked, whose answer the portal remembers."""
        name = "org.freedesktop.portal.Desktop"
        if self._portal is not None:
            self._portal.stop()
            wait_until(lambda: not self._bus_has(name), "the end of the portal", 20)
        portals = self.folder / ("asks" if asks else "takes")
        portals.mkdir(exist_ok=True)
        kinds = "Access;org.freedesktop.impl.portal.Screenshot" if asks else "Access"
        (portals / "person.portal").write_text(_PERSON.format(kinds=kinds))
        if not asks:
            shutil.copy("/usr/share/xdg-desktop-portal/portals/wlr.portal", portals)
        env = self.env | {"XDG_DESKTOP_PORTAL_DIR": str(portals)}
        self._portal = self._daemons.spawn([_PORTAL, "-v"], env, name="portal")
        wait_until(lambda: self._bus_has(name), "the portal", 20)

    def close(self) -> None:
        """End everything and remove every trace."""
        super().close()
        self._turn.release()

    # --- hands and eyes ---

    def sway(self, *command: str) -> Any:
        """What `swaymsg` answers."""
        done = subprocess.run(
            ["swaymsg", "-r", *command],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
        return json.loads(done.stdout)

    def set_outputs(self, *outputs: tuple[int, int, int]) -> None:
        """Other outputs from now on: width, height and scale of each. None can go again: sway 1.7 does
        not disable one that has no device."""
        for _ in range(len(self.outputs), len(outputs)):
            self.sway("create_output")
        self.outputs = outputs
        for line in self._output_lines():
            self.sway(line)

    def show_at(self, left: int, top: int, **wish: Any) -> Child:
        """As `show_window`, at a place of the desktop; `title` and `geometry` must be given."""
        shown = self.show_window(**wish)
        title, size = wish["title"], tuple(wish["geometry"][2:])
        # at first it is as large as the screen
        wait_until(lambda: self.content_of(title)[2:] == size, f"the size {size}", 10)
        self.sway(f'[title="^{title}$"] move absolute position {left} {top}')
        return shown

    def content_of(self, title: str) -> tuple[int, int, int, int]:
        """Where a window's inside is, as the compositor counts: left, top, width, height."""
        found = next(n for n in _nodes(self.sway("-t", "get_tree")) if n["name"] == title)
        outer, inner = found["rect"], found["window_rect"]
        corner = outer["x"] + inner["x"], outer["y"] + inner["y"]
        return *corner, inner["width"], inner["height"]

    def focused(self) -> str:
        """The title of the window with the keyboard's focus; empty when none has."""
        nodes = _nodes(self.sway("-t", "get_tree"))
        return next((str(n["name"]) for n in nodes if n["focused"] and n.get("pid")), "")

    def type(self, *words: str) -> None:
        """Keys, as wtype takes them: "-k", "Left" or "-M", "shift", "-k", "Left"."""
        subprocess.run(["wtype", *words], env=self.env, timeout=10, check=True)

    def forget_permissions(self) -> None:
        """As in the privacy settings of a desktop: the portal will ask again."""
        from tests.desktop.bus_services import call_item

        store = "org.freedesktop.impl.portal.PermissionStore"
        place = (store, "/" + store.replace(".", "/"), store)
        bus = self.env["DBUS_SESSION_BUS_ADDRESS"]
        call_item(bus, *place, "Delete", "ss", "screenshot", "screenshot")

    def person_answers(self, code: int) -> None:
        """What the person says to the portal's question from now on: 0 yes, 1 no."""
        since = len(self.person.events)
        self.person.send(do="answer", code=code)
        self.person.wait_event("obeyed", since=since)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in [*node["nodes"], *node["floating_nodes"]]:
        yield from _nodes(below)
