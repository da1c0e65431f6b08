"""Finds the active window on the Wayland compositors that tell where windows are, each by its own program.

Wayland itself tells programs nothing of other windows. Coordinates are the compositor's, so-called
logical ones, from the upper left corner of all screens; a picture of the screen may have more pixels.
Sources: sway-ipc(7), GET_TREE; the Hyprland wiki, "Using hyprctl". Hyprland was never met, see
docs/platforms.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.capture import screen
from imagecraft_desktop.capture.window import Window
from imagecraft_desktop.errors import ScreenNotAllowed
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Box

_PATIENCE_S = 1.0


@dataclass(frozen=True)
class _Desk:
    """What a compositor told.

    Attributes:
        area: All screens.
        active: The window with the keyboard's focus.
        others: The other windows that can be seen, the last used first.
        is_above: Whether the active window floats, and so lies over others; tiled ones lie side by side.
    """

    area: Box
    active: Window | None
    others: tuple[Window, ...]
    is_above: bool = False


def find() -> Window | None:
    """The active window, or the one used before when it is ours. Raises ScreenNotAllowed."""
    desk = _desk()
    ours = desk.active
    if ours is None or ours.pid != os.getpid():
        return ours
    found = next(iter(_not_ours(desk)), None)
    return replace(found, covers=(ours.box,)) if found is not None and desk.is_above else found


def find_at(x: int, y: int) -> Window | None:
    """The window at a point that is not ours and was used last. Raises ScreenNotAllowed."""
    return next((one for one in seen() if _holds(one.box, x, y)), None)


def seen() -> list[Window]:
    """Every window that can be seen and is not ours, the last used first. Raises ScreenNotAllowed."""
    return _not_ours(_desk())


def _not_ours(desk: _Desk) -> list[Window]:
    windows = [desk.active, *desk.others]
    return [one for one in windows if one is not None and one.pid != os.getpid()]


def pointer() -> tuple[int, int]:
    """Where the mouse is. Raises ScreenNotAllowed: sway does not tell."""
    if _compositor() is not _hyprland:
        raise ScreenNotAllowed("no pointer", reason=say(strings.SCREEN_NO_POINTER))
    place = _ask("hyprctl", "cursorpos", "-j")
    corner = _area_of_hyprland()
    return int(place["x"]) - corner.left, int(place["y"]) - corner.top


def activate(window: Window) -> None:
    """Give a window the keyboard's focus. Raises ScreenNotAllowed."""
    if _compositor() is _hyprland:
        _run("hyprctl", "dispatch", "focuswindow", f"address:{window.number:#x}")
    else:
        _run("swaymsg", f"[con_id={window.number}]", "focus")


def is_there(window: Window) -> bool:
    """Whether a window still is, and can be seen. Raises ScreenNotAllowed."""
    return is_shown(window.number)


def is_shown(number: int) -> bool:
    """The same, by its number."""
    desk = _desk()
    return any(one.number == number for one in (desk.active, *desk.others) if one is not None)


# --- asking ---


def _compositor() -> Callable[[], _Desk] | None:
    """Who can be asked."""
    if os.environ.get("SWAYSOCK") and shutil.which("swaymsg"):
        return _sway
    if os.environ.get("HYPRLAND_INSTANCE_SIGNATURE") and shutil.which("hyprctl"):
        return _hyprland
    return None


def _desk() -> _Desk:
    """Raises ScreenNotAllowed."""
    ask = _compositor()
    if ask is None:
        raise ScreenNotAllowed("no windows", reason=say(strings.SCREEN_ONLY_ALL))
    try:
        return _from_corner(ask())
    except (KeyError, TypeError, ValueError) as error:
        raise ScreenNotAllowed(repr(error), reason=say(strings.SCREEN_BROKEN)) from error


def _ask(*command: str) -> Any:
    """Its answer. Raises ScreenNotAllowed, ValueError."""
    return json.loads(_run(*command))


def _run(*command: str) -> str:
    """Raises ScreenNotAllowed."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        detail = f"{command[0]}: {type(error).__name__}"
        raise ScreenNotAllowed(detail, reason=say(strings.SCREEN_BROKEN)) from error
    return done.stdout


def _from_corner(desk: _Desk) -> _Desk:
    """The same, counted from the corner of all screens."""
    dx, dy = -desk.area.left, -desk.area.top

    def moved(window: Window) -> Window:
        x, y = window.tree_corner or (0, 0)
        return replace(
            window,
            box=screen.moved(window.box, dx, dy),
            tree_corner=(x + dx, y + dy),
            desktop=(desk.area.width, desk.area.height),
        )

    active = moved(desk.active) if desk.active is not None else None
    return replace(desk, active=active, others=tuple(map(moved, desk.others)))


# --- sway, and what speaks as it does ---


def _sway() -> _Desk:
    root = _ask("swaymsg", "-t", "get_tree", "-r")
    windows = [node for node in _leaves(root) if node.get("visible")]
    active = next((node for node in windows if node["focused"]), None)
    others = tuple(_window_of_sway(node) for node in windows if node is not active)
    found = _window_of_sway(active) if active is not None else None
    return _Desk(_rectangle(root["rect"]), found, others, active is not None and _floats(active))


def _floats(node: Mapping[str, Any]) -> bool:
    return node["type"] == "floating_con" or bool(node.get("fullscreen_mode"))


def _leaves(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The windows below a node, the last used first."""
    below = [*node.get("nodes", ()), *node.get("floating_nodes", ())]
    if node.get("pid") and not below:
        yield node
    order = {number: place for place, number in enumerate(node.get("focus", ()))}
    for one in sorted(below, key=lambda child: order.get(child["id"], len(order))):
        yield from _leaves(one)


def _window_of_sway(node: Mapping[str, Any]) -> Window:
    outer, inner = node["rect"], node["window_rect"]
    x, y = outer["x"] + inner["x"], outer["y"] + inner["y"]
    shadow = node["geometry"]  # a program that draws its own shadow counts from the shadow's corner
    return Window(
        Box(x, y, x + inner["width"], y + inner["height"]),
        title=node["name"] or "",
        app=node.get("app_id") or (node.get("window_properties") or {}).get("class") or "",
        pid=int(node["pid"]),
        number=int(node["id"]),
        tree_corner=(x - shadow["x"], y - shadow["y"]),
    )


def _rectangle(rect: Mapping[str, int]) -> Box:
    x, y = rect["x"], rect["y"]
    return Box(x, y, x + rect["width"], y + rect["height"])


# --- Hyprland ---


def _hyprland() -> _Desk:
    active = _ask("hyprctl", "activewindow", "-j")
    shown = {one["activeWorkspace"]["id"] for one in _ask("hyprctl", "monitors", "-j")}
    windows = [
        one
        for one in _ask("hyprctl", "clients", "-j")
        if one["mapped"] and not one["hidden"] and one["workspace"]["id"] in shown
    ]
    windows.sort(key=lambda one: int(one["focusHistoryID"]))
    address = active.get("address")
    return _Desk(
        _area_of_hyprland(),
        _window_of_hyprland(active) if address else None,
        tuple(_window_of_hyprland(one) for one in windows if one["address"] != address),
        bool(active.get("floating") or active.get("fullscreen")),
    )


def _window_of_hyprland(facts: Mapping[str, Any]) -> Window:
    (x, y), (width, height) = facts["at"], facts["size"]
    return Window(
        Box(x, y, x + width, y + height),
        title=facts["title"],
        app=facts["class"],
        pid=int(facts["pid"]),
        number=int(facts["address"], 16),
        tree_corner=(x, y),
    )


def _area_of_hyprland() -> Box:
    boxes = [_monitor(one) for one in _ask("hyprctl", "monitors", "-j")]
    return screen.around(boxes)


def _monitor(facts: Mapping[str, Any]) -> Box:
    """Its width and height are in pixels, as they were before it was turned."""
    width, height = facts["width"], facts["height"]
    if int(facts["transform"]) % 2:
        width, height = height, width
    x, y, scale = int(facts["x"]), int(facts["y"]), float(facts["scale"])
    return Box(x, y, x + round(width / scale), y + round(height / scale))


def _holds(box: Box, x: int, y: int) -> bool:
    return box.left <= x < box.right and box.top <= y < box.bottom
