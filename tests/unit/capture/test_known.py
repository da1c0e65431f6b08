"""What other programs tell of their windows: against the documented interfaces of the other systems,
and what is not waited for."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace
from typing import Any

import pytest

from imagecraft_desktop.capture import known
from imagecraft_desktop.capture.known import ax, uia
from imagecraft_desktop.capture.window import Window
from imagecraft_desktop.values import Box, Known, Part, Role

WINDOW = Window(Box(0, 0, 100, 100), "Orders", "shop", pid=77, number=5)
KNOWN = Known(Part(Role.WINDOW, "Orders"))


def later() -> float:
    return time.monotonic() + 10


class FakeTree:
    """An accessibility tree that takes its time."""

    def __init__(self, wait_s: float = 0.0, error: Exception | None = None) -> None:
        self.wait_s, self.error = wait_s, error
        self.asked = 0

    def look(self, window: Window, until_s: float) -> Known | None:
        self.asked += 1
        time.sleep(self.wait_s)
        if self.error is not None:
            raise self.error
        return KNOWN

    def at(self, window: Window, x: int, y: int, until_s: float) -> Part | None:
        return Part(Role.BUTTON, f"{x},{y}")


@pytest.fixture
def tree(monkeypatch: pytest.MonkeyPatch) -> FakeTree:
    made = FakeTree()
    monkeypatch.setattr(known, "_tree", lambda: made)
    monkeypatch.setattr(known, "_asking", None)
    return made


def test_what_the_tree_tells_is_handed_on(tree: FakeTree) -> None:
    assert known.look(WINDOW) == KNOWN
    assert known.at(WINDOW, 3, 4) == Part(Role.BUTTON, "3,4")


def test_a_tree_that_hangs_holds_us_up_for_the_budget_and_no_second_time(tree: FakeTree) -> None:
    tree.wait_s = 1.0
    begun = time.monotonic()
    assert known.look(WINDOW) is None
    assert known.look(WINDOW) is None
    assert time.monotonic() - begun < known.BUDGET_S + 0.3
    assert tree.asked == 1


def test_a_tree_that_fails_tells_nothing(tree: FakeTree) -> None:
    tree.error = OSError("the bus has gone")
    assert known.look(WINDOW) is None


def test_our_own_windows_are_not_asked(tree: FakeTree) -> None:
    own = Window(WINDOW.box, "", "", pid=os.getpid())
    assert known.look(own) is None
    assert tree.asked == 0


# --- Windows: IUIAutomation and elements with cached properties ---


class Element:
    def __init__(self, *below: Element, **properties: Any) -> None:
        numbers = {
            **{"kind": 30003, "name": 30005, "process": 30002, "box": 30001, "enabled": 30010},
            **{"password": 30019, "offscreen": 30022, "opened": 30070, "selected": 30079},
            **{"toggled": 30086, "dialog": 30174, "value": 30045},
        }
        self.below = below
        self.values = {numbers[name]: value for name, value in properties.items()}

    def GetCachedPropertyValueEx(self, number: int, ignore_default: bool) -> Any:
        assert ignore_default
        assert number != 30045, "a value may be a password"
        return self.values.get(number, object())  # UI Automation's "not supported"

    def FindAllBuildCache(self, scope: int, condition: Any, request: Any) -> Any:
        assert (scope, condition) == (4, (30022, False))
        found = [one for one in self.below if not one.values.get(30022)]
        return SimpleNamespace(Length=len(found), GetElement=lambda number: found[number])


class FakeAutomation:
    def __init__(self, top: Element, focused: Element | None) -> None:
        self.top, self.focused = top, focused
        self.properties: list[int] = []

    def CreateCacheRequest(self) -> Any:
        return SimpleNamespace(AddProperty=self.properties.append)

    def CreatePropertyCondition(self, number: int, value: bool) -> Any:
        return number, value

    def ElementFromHandleBuildCache(self, handle: int, request: Any) -> Element:
        assert handle == WINDOW.number
        return self.top

    def GetFocusedElementBuildCache(self, request: Any) -> Element | None:
        return self.focused

    def ElementFromPointBuildCache(self, point: Any, request: Any) -> Element | None:
        assert (point.x, point.y) == (12, 13)
        return self.focused


ORDER = Element(kind=50000, name="Order", toggled=0, process=77, box=(10.0, 20.0, 30.0, 40.0))
PIN = Element(kind=50004, name="PIN", password=True, process=77, enabled=True)
TOP = Element(
    ORDER,
    PIN,
    Element(kind=50002, name="Gift wrap", toggled=1),
    Element(kind=50013, name="By sea", selected=True, enabled=False),
    Element(kind=50020, name="Your basket"),
    Element(kind=50000, name="Hidden", offscreen=True),
    Element(kind=50003, name="Country", opened=0),
    name="Orders",
    kind=50032,
)


def test_windows_tells_window_focus_and_controls() -> None:
    automation = FakeAutomation(TOP, PIN)
    assert uia.look_with(automation, WINDOW, later()) == Known(
        Part(Role.WINDOW, "Orders"),
        Part(Role.PASSWORD, "PIN"),
        (
            Part(Role.BUTTON, "Order", Box(10, 20, 40, 60)),
            Part(Role.PASSWORD, "PIN"),
            Part(Role.CHECK_BOX, "Gift wrap", is_on=True),
            Part(Role.RADIO_BUTTON, "By sea", is_on=True, is_enabled=False),
            Part(Role.COMBO_BOX, "Country", is_open=False),
        ),
    )
    assert set(automation.properties) >= {30003, 30005, 30019}
    assert 30045 not in automation.properties


def test_windows_focus_of_another_program_is_not_told() -> None:
    elsewhere = Element(kind=50000, name="Start", process=4)
    found = uia.look_with(FakeAutomation(TOP, elsewhere), WINDOW, later())
    assert found is not None
    assert found.focus is None
    assert uia.at_with(FakeAutomation(TOP, elsewhere), WINDOW, 12, 13) is None


def test_windows_tells_a_dialog_and_the_element_at_a_point() -> None:
    dialog = Element(name="Save?", kind=50032, dialog=True)
    found = uia.look_with(FakeAutomation(dialog, None), WINDOW, later())
    assert found == Known(Part(Role.DIALOG, "Save?"))
    part = uia.at_with(FakeAutomation(dialog, ORDER), WINDOW, 12, 13)
    assert part == Part(Role.BUTTON, "Order", Box(10, 20, 40, 60))


# --- macOS: AXUIElement functions, which return an error number and a value ---


class FakeServices:
    """ApplicationServices; elements are dictionaries of attributes."""

    def __init__(self, app: dict[str, Any]) -> None:
        self.app = app
        self.timeouts: list[float] = []
        self.asked: set[tuple[str, str]] = set()

    def AXUIElementCreateApplication(self, pid: int) -> dict[str, Any]:
        assert pid == WINDOW.pid
        return self.app

    def AXUIElementSetMessagingTimeout(self, element: Any, seconds: float) -> int:
        self.timeouts.append(seconds)
        return 0

    def AXUIElementCopyAttributeValue(self, element: Any, attribute: str, _: None) -> Any:
        self.asked.add((str(element.get("AXTitle")), attribute))
        if attribute in element:
            return 0, element[attribute]
        return -25212, None  # kAXErrorNoValue

    def AXUIElementCopyElementAtPosition(self, app: Any, x: float, y: float, _: None) -> Any:
        return (0, app["AXFocusedUIElement"]) if x < 100 else (-25200, None)

    def AXValueGetValue(self, value: Any, kind: int, _: None) -> Any:
        return (True, value[1]) if value[0] == kind else (False, None)


MAC_PIN = {
    "AXRole": "AXTextField",
    "AXSubrole": "AXSecureTextField",
    "AXTitle": "PIN",
    "AXValue": "hunter2",
    "AXPosition": (1, SimpleNamespace(x=10.0, y=20.0)),
    "AXSize": (2, SimpleNamespace(width=30.0, height=40.0)),
}
MAC_WINDOW = {
    "AXRole": "AXWindow",
    "AXSubrole": "AXDialog",
    "AXTitle": "Orders",
    "AXChildren": [
        {"AXRole": "AXGroup", "AXChildren": [MAC_PIN]},
        {"AXRole": "AXCheckBox", "AXTitle": "Gift wrap", "AXValue": 1},
        {"AXRole": "AXButton", "AXDescription": "Order", "AXEnabled": False},
        {"AXRole": "AXStaticText", "AXTitle": "Your basket"},
    ],
}


def test_macos_tells_window_focus_and_controls_but_no_secret() -> None:
    services = FakeServices({"AXFocusedWindow": MAC_WINDOW, "AXFocusedUIElement": MAC_PIN})
    assert ax.look_with(services, WINDOW, later()) == Known(
        Part(Role.DIALOG, "Orders"),
        Part(Role.PASSWORD, "PIN", Box(10, 20, 40, 60)),
        (
            Part(Role.CHECK_BOX, "Gift wrap", is_on=True),
            Part(Role.BUTTON, "Order", is_enabled=False),
            Part(Role.PASSWORD, "PIN"),
        ),
    )
    assert services.timeouts == [0.1]
    assert ("PIN", "AXValue") not in services.asked


def test_macos_without_a_window_or_an_element_tells_nothing() -> None:
    assert ax.look_with(FakeServices({}), WINDOW, later()) is None
    services = FakeServices({"AXFocusedUIElement": MAC_PIN})
    part = ax.at_with(services, WINDOW, 12, 13)
    assert part is not None
    assert (part.role, part.box) == (Role.PASSWORD, Box(10, 20, 40, 60))
    assert ax.at_with(services, WINDOW, 500, 13) is None
