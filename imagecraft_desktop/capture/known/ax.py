"""The accessibility tree on macOS: AX, through PyObjC (which pynput brings).

The user must have allowed this program to control the computer (Privacy, Accessibility), as for the
hotkeys. Interfaces and words: HIServices, AXUIElement.h, AXRoleConstants.h.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from imagecraft_desktop.values import Box, Known, Part, Role

if TYPE_CHECKING:
    from imagecraft_desktop.capture.window import Window

_DONE = 0
_POINT, _SIZE = 1, 2
_ANSWER_S = 0.1
_MOST_NODES, _MOST_PARTS = 200, 60
_ROLES = {
    "AXWindow": Role.WINDOW,
    "AXSheet": Role.DIALOG,
    "AXButton": Role.BUTTON,
    "AXPopUpButton": Role.COMBO_BOX,
    "AXMenuButton": Role.BUTTON,
    "AXCheckBox": Role.CHECK_BOX,
    "AXRadioButton": Role.RADIO_BUTTON,
    "AXTextField": Role.EDIT,
    "AXTextArea": Role.EDIT,
    "AXComboBox": Role.COMBO_BOX,
    "AXSlider": Role.SLIDER,
    "AXIncrementor": Role.SPIN_BOX,
    "AXProgressIndicator": Role.PROGRESS,
    "AXStaticText": Role.TEXT,
    "AXLink": Role.LINK,
    "AXHeading": Role.HEADING,
    "AXImage": Role.IMAGE,
    "AXList": Role.LIST,
    "AXOutline": Role.TREE,
    "AXTable": Role.TABLE,
    "AXCell": Role.CELL,
    "AXRow": Role.LIST_ITEM,
    "AXMenuItem": Role.MENU_ITEM,
    "AXWebArea": Role.DOCUMENT,
}
_SUBROLES = {
    "AXSecureTextField": Role.PASSWORD,
    "AXSwitch": Role.SWITCH,
    "AXDialog": Role.DIALOG,
    "AXSystemDialog": Role.DIALOG,
    "AXTabButton": Role.TAB,
}
_SWITCHED = {Role.CHECK_BOX, Role.RADIO_BUTTON, Role.SWITCH, Role.TAB}
_TOLD = frozenset(
    {
        *(Role.BUTTON, Role.EDIT, Role.PASSWORD, Role.COMBO_BOX, Role.SPIN_BOX, Role.SLIDER),
        *(Role.LINK, *_SWITCHED),
    }
)


def look(window: Window, until_s: float) -> Known | None:
    """See `known.Tree`."""
    import ApplicationServices

    return look_with(ApplicationServices, window, until_s)


def at(window: Window, x: int, y: int, until_s: float) -> Part | None:
    """See `known.Tree`."""
    import ApplicationServices

    return at_with(ApplicationServices, window, x, y)


def look_with(services: Any, window: Window, until_s: float) -> Known | None:
    """As `look`, asking this module."""
    asked = _Asked(services)
    app = services.AXUIElementCreateApplication(window.pid)
    services.AXUIElementSetMessagingTimeout(app, _ANSWER_S)
    top = asked.get(app, "AXFocusedWindow")
    if top is None:
        return None
    focused = asked.get(app, "AXFocusedUIElement")
    focus = asked.part(focused, with_box=True) if focused is not None else None
    parts: list[Part] = []
    level, count = list(asked.get(top, "AXChildren") or ()), 0
    while level and count < _MOST_NODES and len(parts) < _MOST_PARTS:
        below: list[Any] = []
        for element in level:
            count += 1
            if time.monotonic() > until_s or count > _MOST_NODES:
                break
            part = asked.part(element)
            if part.role in _TOLD and part.name:
                parts.append(part)
            below += asked.get(element, "AXChildren") or ()
        level = below if time.monotonic() < until_s else []
    window_part = asked.part(top)
    role = window_part.role if window_part.role is Role.DIALOG else Role.WINDOW
    return Known(Part(role, window_part.name), focus, tuple(parts[:_MOST_PARTS]))


def at_with(services: Any, window: Window, x: int, y: int) -> Part | None:
    """As `at`, asking this module."""
    app = services.AXUIElementCreateApplication(window.pid)
    services.AXUIElementSetMessagingTimeout(app, _ANSWER_S)
    failure, element = services.AXUIElementCopyElementAtPosition(app, x, y, None)
    if failure != _DONE or element is None:
        return None
    return _Asked(services).part(element, with_box=True)


class _Asked:
    """Questions about elements."""

    def __init__(self, services: Any) -> None:
        self._services = services

    def get(self, element: Any, attribute: str) -> Any:
        """An attribute; None where the element does not have it or does not answer."""
        failure, value = self._services.AXUIElementCopyAttributeValue(element, attribute, None)
        return value if failure == _DONE else None

    def part(self, element: Any, with_box: bool = False) -> Part:
        """What an element is; its value is asked for only where that is on or off."""
        role = _SUBROLES.get(str(self.get(element, "AXSubrole")))
        role = role or _ROLES.get(str(self.get(element, "AXRole")), Role.OTHER)
        name = self.get(element, "AXTitle") or self.get(element, "AXDescription") or ""
        value = self.get(element, "AXValue") if role in _SWITCHED else None
        opened = self.get(element, "AXExpanded")
        return Part(
            role,
            str(name),
            self._box(element) if with_box else None,
            bool(value) if value is not None else None,
            bool(opened) if opened is not None else None,
            self.get(element, "AXEnabled") is not False,
        )

    def _box(self, element: Any) -> Box | None:
        place, size = self.get(element, "AXPosition"), self.get(element, "AXSize")
        if place is None or size is None:
            return None
        has_place, point = self._services.AXValueGetValue(place, _POINT, None)
        has_size, extent = self._services.AXValueGetValue(size, _SIZE, None)
        if not (has_place and has_size):
            return None
        left, top = round(point.x), round(point.y)
        return Box(left, top, left + round(extent.width), top + round(extent.height))
