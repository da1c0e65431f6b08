"""The accessibility tree on Linux: AT-SPI, over D-Bus, without its libraries.

Questions are sent many at a time, a whole level of the tree at once, so that a program answers in a
few turns. Interfaces: at-spi2-core, xml/Accessible.xml, Component.xml; numbers: atspi-constants.h.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from imagecraft_desktop.values import Box, Known, Part, Role

if TYPE_CHECKING:
    from imagecraft_desktop.capture.window import Window

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_COMPONENT = "org.a11y.atspi.Component"
_ROOT = "/org/a11y/atspi/accessible/root"
_ON_SCREEN, _IN_WINDOW = 0, 1
_MOST_NODES = 300
_MOST_CHILDREN = 60
"""Of one node: the rest of a long list is not visible anyway."""
_DEEPEST = 30
_MOST_PARTS = 60

_ACTIVE, _CHECKED, _ENABLED, _EXPANDABLE, _EXPANDED, _FOCUSED = 1, 4, 8, 9, 10, 12
_PRESSED, _SELECTED, _SHOWING, _CHECKABLE = 20, 23, 25, 41

_ROLES = {
    2: Role.ALERT,
    7: Role.CHECK_BOX,
    8: Role.MENU_ITEM,
    11: Role.COMBO_BOX,
    16: Role.DIALOG,
    19: Role.DIALOG,
    23: Role.WINDOW,
    26: Role.IMAGE,
    27: Role.IMAGE,
    29: Role.TEXT,
    31: Role.LIST,
    32: Role.LIST_ITEM,
    33: Role.MENU,
    35: Role.MENU_ITEM,
    37: Role.TAB,
    40: Role.PASSWORD,
    42: Role.PROGRESS,
    43: Role.BUTTON,
    44: Role.RADIO_BUTTON,
    45: Role.MENU_ITEM,
    51: Role.SLIDER,
    52: Role.SPIN_BOX,
    55: Role.TABLE,
    56: Role.CELL,
    60: Role.TERMINAL,
    61: Role.EDIT,
    62: Role.SWITCH,
    65: Role.TREE,
    66: Role.TREE,
    69: Role.WINDOW,
    73: Role.TEXT,
    79: Role.EDIT,
    82: Role.DOCUMENT,
    83: Role.HEADING,
    88: Role.LINK,
    91: Role.TREE_ITEM,
    92: Role.DOCUMENT,
    93: Role.DOCUMENT,
    94: Role.DOCUMENT,
    95: Role.DOCUMENT,
    96: Role.DOCUMENT,
    98: Role.LIST,
    129: Role.BUTTON,
    130: Role.SWITCH,
}
_SWITCHED = {Role.CHECK_BOX, Role.RADIO_BUTTON, Role.SWITCH}
_TOLD = frozenset(
    {
        *(Role.BUTTON, Role.CHECK_BOX, Role.RADIO_BUTTON, Role.SWITCH, Role.EDIT, Role.PASSWORD),
        *(Role.COMBO_BOX, Role.SPIN_BOX, Role.SLIDER, Role.TAB, Role.LINK),
    }
)
"""What is told of a window besides what has the focus."""
_DIALOGS = {Role.DIALOG, Role.ALERT}
"""Any other object of a program's first level is a window, whatever it calls itself."""
_PERSONAL = {Role.PASSWORD, Role.TERMINAL}
"""Programs may give what was typed as the name."""


class _Node(NamedTuple):
    """An accessible object: the bus name of its program, and its path there."""

    program: str
    path: str


@dataclass(frozen=True)
class _Found:
    node: _Node
    role: Role
    states: int
    children: tuple[_Node, ...]

    def has(self, state: int) -> bool:
        return bool(self.states >> state & 1)


def look(window: Window, until_s: float) -> Known | None:
    """See `known.Tree`."""
    with closing(_Tree(until_s, window.tree_corner)) as tree:
        top = tree.window(window)
        return tree.known(top) if top is not None else None


def at(window: Window, x: int, y: int, until_s: float) -> Part | None:
    """See `known.Tree`."""
    with closing(_Tree(until_s, window.tree_corner)) as tree:
        top = tree.window(window)
        return tree.part_at(top, x, y) if top is not None else None


class _Tree:
    """Questions to the accessibility bus until a time. Raises what jeepney does.

    Args:
        corner: Of the window on the desktop, where its program only knows places inside of it, as on
            Wayland; None where it knows the desktop's.
    """

    def __init__(self, until_s: float, corner: tuple[int, int] | None = None) -> None:
        self._until_s = until_s
        self._corner = corner or (0, 0)
        self._measure = _ON_SCREEN if corner is None else _IN_WINDOW
        self._bus = _connect(until_s)

    def close(self) -> None:
        self._bus.close()

    # --- asking ---

    def _left_s(self) -> float:
        return self._until_s - time.monotonic()

    def _ask(self, calls: Sequence[Message]) -> list[tuple[Any, ...] | None]:
        """The answers, in order; None for an error, and for what was not answered in time."""
        waiting: dict[int, int] = {}
        for place, call in enumerate(calls):
            serial = next(self._bus.outgoing_serial)
            waiting[serial] = place
            self._bus.send(call, serial=serial)
        answers: list[tuple[Any, ...] | None] = [None] * len(calls)
        while waiting and self._left_s() > 0:
            try:
                reply = self._bus.receive(timeout=self._left_s())
            except TimeoutError:
                break
            place = waiting.pop(reply.header.fields.get(HeaderFields.reply_serial, -1), -1)
            if place >= 0 and reply.header.message_type is MessageType.method_return:
                answers[place] = tuple(reply.body)
        return answers

    def _each(self, nodes: Iterable[_Node], method: str) -> list[tuple[Any, ...] | None]:
        return self._ask([_call(node, _ACCESSIBLE, method) for node in nodes])

    def _names(self, nodes: Sequence[_Node]) -> list[str]:
        calls = [Properties(_address(node, _ACCESSIBLE)).get("Name") for node in nodes]
        return [str(answer[0][1]) if answer else "" for answer in self._ask(calls)]

    def _children(self, node: _Node) -> tuple[_Node, ...]:
        (answer,) = self._each([node], "GetChildren")
        return tuple(_Node(*child) for child in answer[0]) if answer else ()

    def _find(self, nodes: Sequence[_Node]) -> list[_Found]:
        """What the nodes are; those that do not answer are left out."""
        answers = self._ask(
            [
                _call(node, _ACCESSIBLE, method)
                for node in nodes
                for method in ("GetRole", "GetState", "GetChildren")
            ]
        )
        found = []
        for place, node in enumerate(nodes):
            role, state, children = answers[3 * place : 3 * place + 3]
            if role is None or state is None:
                continue
            words = [*state[0], 0, 0]
            below = tuple(_Node(*child) for child in children[0]) if children else ()
            kind = _ROLES.get(role[0], Role.OTHER)
            found.append(_Found(node, kind, words[0] | words[1] << 32, below))
        return found

    # --- which window ---

    def window(self, wanted: Window) -> _Found | None:
        """The window's own object. Only its program is asked, if that is known by its process."""
        apps = self._children(_Node("org.a11y.atspi.Registry", _ROOT))
        pids = self._ask([message_bus.GetConnectionUnixProcessID(app.program) for app in apps])
        by_pid = {app: (pid[0] if pid else 0) for app, pid in zip(apps, pids, strict=True)}
        asked = [app for app, pid in by_pid.items() if wanted.pid and pid == wanted.pid]
        is_sure = bool(asked)
        asked = asked or [app for app, pid in by_pid.items() if pid != os.getpid()]
        below = self._each(asked, "GetChildren")
        tops = [_Node(*child) for answer in below if answer for child in answer[0]]
        found = self._find(tops)
        names = dict(zip(found, self._names([one.node for one in found]), strict=True))
        same = [one for one in found if names[one] == wanted.title]
        if not is_sure:  # a program in a sandbox: only its title tells it
            return same[0] if len(same) == 1 and wanted.title else None
        # the active one first; it is active no more while we hold the keyboard
        ranked = sorted(
            same or found, key=lambda one: (not one.has(_ACTIVE), not one.has(_SHOWING))
        )
        return ranked[0] if ranked and (same or len(found) == 1 or ranked[0].has(_ACTIVE)) else None

    # --- what is in it ---

    def known(self, top: _Found) -> Known:
        """What is visible in a window, level by level."""
        told: list[_Found] = []
        focus: _Found | None = None
        level, asked = list(top.children), 0
        while level and asked < _MOST_NODES and self._left_s() > 0:
            level = level[: _MOST_NODES - asked]
            asked += len(level)
            visible = [one for one in self._find(level) if one.has(_SHOWING)]
            # the innermost: a list and its row both have the focus
            focus = next((one for one in visible if one.has(_FOCUSED)), None) or focus
            told += [one for one in visible if one.role in _TOLD]
            level = [child for one in visible for child in one.children[:_MOST_CHILDREN]]
        wanted = [top, *([focus] if focus else []), *told[:_MOST_PARTS]]
        parts = self._parts(wanted)
        inside = parts[2:] if focus else parts[1:]
        focused = replace(parts[1], box=self._box(focus.node)) if focus else None
        role = top.role if top.role in _DIALOGS else Role.WINDOW
        return Known(
            replace(parts[0], role=role), focused, tuple(part for part in inside if part.name)
        )

    def part_at(self, top: _Found, x: int, y: int) -> Part | None:
        """The innermost part at a point of the desktop."""
        node = top.node
        point = (x - self._corner[0], y - self._corner[1], self._measure)
        for _ in range(_DEEPEST):
            call = _call(node, _COMPONENT, "GetAccessibleAtPoint", "iiu", point)
            (answer,) = self._ask([call])
            below = _Node(*answer[0]) if answer else node
            if below == node or below.path.endswith("/null"):
                break
            node = below
        found = self._find([node])
        if not found or node == top.node:
            return None
        return replace(self._parts(found)[0], box=self._box(node))

    def _parts(self, found: Sequence[_Found]) -> list[Part]:
        names = self._names([one.node for one in found])
        return [_part(one, name) for one, name in zip(found, names, strict=True)]

    def _box(self, node: _Node) -> Box | None:
        (answer,) = self._ask([_call(node, _COMPONENT, "GetExtents", "u", (self._measure,))])
        if not answer:
            return None
        left, top, width, height = answer[0]
        left, top = left + self._corner[0], top + self._corner[1]
        return Box(left, top, left + width, top + height) if width > 0 and height > 0 else None


def _part(found: _Found, name: str) -> Part:
    is_on = None
    if found.role in _SWITCHED or found.has(_CHECKABLE):
        is_on = found.has(_CHECKED) or found.has(_PRESSED)
    elif found.role in {Role.TAB, Role.LIST_ITEM, Role.TREE_ITEM}:
        is_on = found.has(_SELECTED)
    return Part(
        found.role,
        "" if found.role in _PERSONAL else name,
        is_on=is_on,
        is_open=found.has(_EXPANDED) if found.has(_EXPANDABLE) else None,
        is_enabled=found.has(_ENABLED),
    )


def _address(node: _Node, interface: str) -> DBusAddress:
    return DBusAddress(node.path, bus_name=node.program, interface=interface)


def _call(
    node: _Node, interface: str, method: str, signature: str = "", body: tuple[Any, ...] = ()
) -> Message:
    return new_method_call(_address(node, interface), method, signature or None, body)


def _connect(until_s: float) -> DBusConnection:
    """The accessibility bus, whose address the session bus tells."""
    if not (address := os.environ.get("AT_SPI_BUS_ADDRESS")):
        if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            raise ConnectionError("no session bus")
        service = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
        with open_dbus_connection(bus="SESSION", auth_timeout=_left(until_s)) as session:
            reply = session.send_and_get_reply(
                new_method_call(service, "GetAddress"), timeout=_left(until_s)
            )
        if reply.header.message_type is MessageType.error:
            raise ConnectionError("no accessibility bus")
        address = reply.body[0]
    return open_dbus_connection(bus=address, auth_timeout=_left(until_s))


def _left(until_s: float) -> float:
    return max(until_s - time.monotonic(), 0.001)
