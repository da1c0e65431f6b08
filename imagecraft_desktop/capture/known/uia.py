"""The accessibility tree on Windows: UI Automation, through comtypes.

A whole window is asked for in one call, with the properties that are wanted, as the program's answers
are slow one by one. Interfaces and numbers: UIAutomationClient.h.
"""

from __future__ import annotations

import time
from ctypes import wintypes
from typing import TYPE_CHECKING, Any

from imagecraft_desktop.values import Box, Known, Part, Role

if TYPE_CHECKING:
    from imagecraft_desktop.capture.window import Window

_DESCENDANTS = 4
_MOST_PARTS = 60
_BOX, _PROCESS, _TYPE, _NAME, _ENABLED = 30001, 30002, 30003, 30005, 30010
_PASSWORD, _OFFSCREEN, _OPEN, _SELECTED, _TOGGLED = 30019, 30022, 30070, 30079, 30086
_IS_DIALOG = 30174
_PROPERTIES = (
    *(_BOX, _PROCESS, _TYPE, _NAME, _ENABLED, _PASSWORD, _OFFSCREEN, _OPEN, _SELECTED, _TOGGLED),
    _IS_DIALOG,
)
_TYPES = {
    50000: Role.BUTTON,
    50002: Role.CHECK_BOX,
    50003: Role.COMBO_BOX,
    50004: Role.EDIT,
    50005: Role.LINK,
    50006: Role.IMAGE,
    50007: Role.LIST_ITEM,
    50008: Role.LIST,
    50009: Role.MENU,
    50011: Role.MENU_ITEM,
    50012: Role.PROGRESS,
    50013: Role.RADIO_BUTTON,
    50015: Role.SLIDER,
    50016: Role.SPIN_BOX,
    50019: Role.TAB,
    50020: Role.TEXT,
    50023: Role.TREE,
    50024: Role.TREE_ITEM,
    50028: Role.TABLE,
    50029: Role.CELL,
    50030: Role.DOCUMENT,
    50031: Role.BUTTON,
    50032: Role.WINDOW,
    50036: Role.TABLE,
}
_TOLD = frozenset(
    {
        *(Role.BUTTON, Role.CHECK_BOX, Role.RADIO_BUTTON, Role.EDIT, Role.PASSWORD, Role.COMBO_BOX),
        *(Role.SPIN_BOX, Role.SLIDER, Role.TAB, Role.LINK),
    }
)
_CHOSEN = {Role.RADIO_BUTTON, Role.TAB, Role.LIST_ITEM, Role.TREE_ITEM}


def look(window: Window, until_s: float) -> Known | None:
    """See `known.Tree`."""
    return look_with(_automation(), window, until_s)


def at(window: Window, x: int, y: int, until_s: float) -> Part | None:
    """See `known.Tree`."""
    return at_with(_automation(), window, x, y)


def look_with(automation: Any, window: Window, until_s: float) -> Known | None:
    """As `look`, asking this IUIAutomation."""
    request = _request(automation)
    top = automation.ElementFromHandleBuildCache(window.number, request)
    focused = automation.GetFocusedElementBuildCache(request)
    is_inside = bool(focused) and _get(focused, _PROCESS) == window.pid
    focus = _part(focused) if is_inside else None
    parts: list[Part] = []
    if time.monotonic() < until_s:
        wanted = automation.CreatePropertyCondition(_OFFSCREEN, False)
        found = top.FindAllBuildCache(_DESCENDANTS, wanted, request)
        for number in range(found.Length):
            part = _part(found.GetElement(number))
            if part.role in _TOLD and part.name:
                parts.append(part)
            if len(parts) == _MOST_PARTS or time.monotonic() > until_s:
                break
    role = Role.DIALOG if _get(top, _IS_DIALOG) is True else Role.WINDOW
    return Known(Part(role, str(_get(top, _NAME) or "")), focus, tuple(parts))


def at_with(automation: Any, window: Window, x: int, y: int) -> Part | None:
    """As `at`, asking this IUIAutomation."""
    found = automation.ElementFromPointBuildCache(wintypes.POINT(x, y), _request(automation))
    is_inside = bool(found) and _get(found, _PROCESS) == window.pid
    return _part(found) if is_inside else None


def _automation() -> Any:
    import comtypes
    import comtypes.client

    comtypes.CoInitialize()
    module = comtypes.client.GetModule("UIAutomationCore.dll")
    return comtypes.client.CreateObject(module.CUIAutomation, interface=module.IUIAutomation)


def _request(automation: Any) -> Any:
    request = automation.CreateCacheRequest()
    for number in _PROPERTIES:
        request.AddProperty(number)
    return request


def _get(element: Any, number: int) -> Any:
    """A property; None where the element does not have it, for which UI Automation has an object."""
    value = element.GetCachedPropertyValueEx(number, True)
    return value if isinstance(value, str | int | float | bool | tuple | list) else None


def _part(element: Any) -> Part:
    is_secret = _get(element, _PASSWORD) is True
    role = Role.PASSWORD if is_secret else _TYPES.get(_get(element, _TYPE) or 0, Role.OTHER)
    opened, toggled = _get(element, _OPEN), _get(element, _TOGGLED)
    is_on = toggled == 1 if toggled is not None and role is not Role.BUTTON else None
    if role in _CHOSEN and (chosen := _get(element, _SELECTED)) is not None:
        is_on = bool(chosen)
    return Part(
        role,
        str(_get(element, _NAME) or ""),
        _box(_get(element, _BOX)),
        is_on,
        opened != 0 if opened in {0, 1, 2} else None,  # 3: nothing to unfold
        _get(element, _ENABLED) is not False,
    )


def _box(rectangle: Any) -> Box | None:
    if not rectangle:
        return None
    left, top, width, height = map(round, rectangle)
    return Box(left, top, left + width, top + height) if width > 0 and height > 0 else None
