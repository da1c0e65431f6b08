"""The active window on Windows and macOS, against small fakes of their documented interfaces."""

import ctypes
import os
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from imagecraft_desktop.capture import window_macos, window_windows
from imagecraft_desktop.capture.window import Window
from imagecraft_desktop.values import Box

OURS = os.getpid()


@dataclass
class FakeWindow:
    pid: int = 7
    title: str = "Inbox – Mail"
    rect: tuple = (10, 20, 810, 620)
    visible: bool = True
    minimised: bool = False
    cloaked: bool = False


def number(handle):
    return handle.value if isinstance(handle, ctypes.c_void_p) else handle


class Function:
    """A function of a Windows library: it may be given types, and is called."""

    def __init__(self, body):
        self.body = body

    def __call__(self, *arguments):
        return self.body(*arguments)


class FakeWindows:
    """user32, dwmapi and kernel32 at once. Windows are numbered from 1, from the top."""

    def __init__(self, *windows, paths=None, dwm_fails=False):
        self.windows = dict(enumerate(windows, 1))
        self.paths = paths or {}
        self.dwm_fails = dwm_fails
        self.closed = []
        names = ("GetForegroundWindow", "GetTopWindow", "GetWindow", "OpenProcess", "CloseHandle")
        for name in names:
            setattr(self, name, Function(getattr(self, "_" + name)))

    def _GetForegroundWindow(self):
        return 1 if self.windows else None

    def _GetTopWindow(self, below):
        assert below is None
        return 1 if self.windows else None

    def GetCursorPos(self, point):
        point._obj.x, point._obj.y = 30, 40
        return 1

    def _GetWindow(self, handle, command):
        assert command == 2
        return handle + 1 if handle + 1 in self.windows else None

    def IsWindow(self, handle):
        return int(number(handle) in self.windows)

    def IsWindowVisible(self, handle):
        return int(self.windows[number(handle)].visible)

    def IsIconic(self, handle):
        return int(self.windows[number(handle)].minimised)

    def GetWindowThreadProcessId(self, handle, pid):
        pid._obj.value = self.windows[number(handle)].pid
        return 1

    def GetWindowTextLengthW(self, handle):
        return len(self.windows[number(handle)].title)

    def GetWindowTextW(self, handle, text, size):
        text.value = self.windows[number(handle)].title[: size - 1]
        return len(text.value)

    def GetWindowRect(self, handle, rect):
        fill(rect._obj, (0, 0, 99, 99))
        return 1

    def DwmGetWindowAttribute(self, handle, attribute, out, size):
        assert size == ctypes.sizeof(out._obj)
        if self.dwm_fails:
            return -2147467259
        window = self.windows[number(handle)]
        if attribute == 14:
            out._obj.value = int(window.cloaked)
        else:
            assert attribute == 9
            fill(out._obj, window.rect)
        return 0

    def _OpenProcess(self, access, inherit, pid):
        assert access == 0x1000
        return 1000 + pid if pid in self.paths else None

    def _CloseHandle(self, handle):
        self.closed.append(handle)

    def QueryFullProcessImageNameW(self, process, flags, path, length):
        path.value = self.paths[number(process) - 1000]
        length._obj.value = len(path.value)
        return 1


def fill(rect, values):
    rect.left, rect.top, rect.right, rect.bottom = values


def find_at(system, x, y):
    return window_windows.find_at_with(system, system, system, (x, y))


def test_topmost_window_of_another_program_at_a_point_is_found_on_windows():
    system = FakeWindows(
        FakeWindow(pid=OURS),
        FakeWindow(title="hidden", visible=False),
        FakeWindow(title="small", rect=(0, 0, 20, 20)),
        FakeWindow(title="large"),
    )
    assert find_at(system, 15, 25).title == "large"
    assert find_at(system, 15, 25).covers == (Box(10, 20, 810, 620),)
    assert find_at(system, 5, 5).title == "small"
    assert find_at(system, 15, 20).title == "large"  # just below the small one
    assert find_at(system, 900, 5) is None
    assert window_windows.pointer_with(system) == (30, 40)


def find(system):
    return window_windows.find_with(system, system, system)


def test_window_in_front_is_found_with_its_visible_bounds_title_and_program():
    system = FakeWindows(FakeWindow(), paths={7: r"C:\Program Files\Mail\mailer.exe"})
    assert find(system) == Window(Box(10, 20, 810, 620), "Inbox – Mail", "mailer", 7, 1)
    assert system.closed == [1007]


@pytest.mark.parametrize(
    ("system", "is_there"),
    [
        (FakeWindows(FakeWindow()), True),
        (FakeWindows(FakeWindow(minimised=True)), False),
        (FakeWindows(), False),
    ],
    ids=["there", "minimised", "closed"],
)
def test_window_that_closed_is_known_on_windows(system, is_there):
    chosen = Window(Box(10, 20, 810, 620), "Inbox", "", 7, 1)
    assert window_windows.is_there_with(system, system, system, chosen) is is_there


def test_bounds_come_from_the_window_where_the_compositor_knows_none():
    assert find(FakeWindows(FakeWindow(), dwm_fails=True)).box == Box(0, 0, 99, 99)


@pytest.mark.parametrize("path", [None, r"C:\Windows\ApplicationFrameHost.exe"])
def test_program_without_a_telling_name_has_none(path):
    assert find(FakeWindows(FakeWindow(), paths={7: path} if path else None)).app == ""


@pytest.mark.parametrize(
    "hidden", [FakeWindow(visible=False), FakeWindow(minimised=True), FakeWindow(cloaked=True)]
)
def test_window_that_cannot_be_seen_is_not_found_nor_one_below_it(hidden):
    assert find(FakeWindows(hidden, FakeWindow(title="below"))) is None


def test_own_window_gives_way_to_the_next_that_can_be_seen():
    windows = [
        FakeWindow(pid=OURS, title="ours"),
        FakeWindow(visible=False, title="hidden"),
        FakeWindow(pid=OURS, title="ours, hidden", visible=False),
        FakeWindow(pid=OURS, title="ours too", rect=(0, 0, 50, 50)),
        FakeWindow(title="theirs"),
    ]
    found = find(FakeWindows(*windows))
    assert (found.title, found.covers) == ("theirs", (Box(10, 20, 810, 620), Box(0, 0, 50, 50)))
    assert find(FakeWindows(*windows[:4])) is None


def test_no_window_in_front_is_none():
    assert find(FakeWindows()) is None


class FakeQuartz:
    kCGWindowListOptionOnScreenOnly = 1
    kCGWindowListExcludeDesktopElements = 16
    kCGNullWindowID = 0
    kCGWindowLayer = "kCGWindowLayer"
    kCGWindowOwnerPID = "kCGWindowOwnerPID"
    kCGWindowOwnerName = "kCGWindowOwnerName"
    kCGWindowAlpha = "kCGWindowAlpha"
    kCGWindowBounds = "kCGWindowBounds"
    kCGWindowName = "kCGWindowName"
    kCGWindowNumber = "kCGWindowNumber"

    def __init__(self, *entries, allowed=True):
        self.entries = entries
        self.allowed = allowed
        self.asked = 0

    def CGWindowListCopyWindowInfo(self, options, relative_to):
        assert (options, relative_to) == (17, 0)
        return self.entries or None

    def CGEventCreate(self, source):
        assert source is None
        return "event"

    def CGEventGetLocation(self, event):
        assert event == "event"
        return SimpleNamespace(x=30.4, y=39.6)

    def CGPreflightScreenCaptureAccess(self):
        return self.allowed

    def CGRequestScreenCaptureAccess(self):
        self.asked += 1
        return False


def entry(**changes):
    return {
        "kCGWindowLayer": 0,
        "kCGWindowOwnerPID": 7,
        "kCGWindowOwnerName": "Mail",
        "kCGWindowAlpha": 1.0,
        "kCGWindowBounds": {"X": 10.0, "Y": 25.5, "Width": 800.0, "Height": 600.0},
        "kCGWindowName": "Inbox",
        "kCGWindowNumber": 3,
    } | {f"kCGWindow{name}": value for name, value in changes.items()}


def test_frontmost_normal_window_of_another_program_is_found_on_macos():
    quartz = FakeQuartz(
        entry(Layer=25, OwnerName="Control Centre"),
        entry(OwnerPID=OURS),
        entry(Alpha=0.0),
        entry(),
        entry(Name="below"),
    )
    box = Box(10, 26, 810, 626)
    assert window_macos.find_with(quartz) == Window(box, "Inbox", "Mail", 7, 3, covers=(box,))


def test_window_without_a_title_is_found_on_macos():
    untitled = entry()
    del untitled["kCGWindowName"]  # how macOS hides titles from programs without permission
    assert window_macos.find_with(FakeQuartz(untitled)).title == ""


def test_window_that_closed_is_known_on_macos():
    quartz = FakeQuartz(entry(), entry(Number=4))
    chosen = window_macos.find_with(quartz)
    assert window_macos.is_there_with(quartz, chosen)
    assert not window_macos.is_there_with(FakeQuartz(entry(Number=4)), chosen)


def test_no_window_is_none_on_macos():
    assert window_macos.find_with(FakeQuartz()) is None


def test_permission_is_asked_for_once_only_where_it_lacks():
    allowed, refused = FakeQuartz(), FakeQuartz(allowed=False)
    assert window_macos.may_record_with(allowed)
    assert not window_macos.may_record_with(refused)
    assert (allowed.asked, refused.asked) == (0, 1)


def test_topmost_window_of_another_program_at_a_point_is_found_on_macos():
    bounds = {"X": 0.0, "Y": 0.0, "Width": 15.0, "Height": 15.0}
    quartz = FakeQuartz(entry(OwnerPID=OURS), entry(Name="small", Bounds=bounds), entry())
    assert window_macos.find_at_with(quartz, 5, 5).title == "small"
    assert window_macos.find_at_with(quartz, 400, 300).title == "Inbox"
    assert window_macos.find_at_with(quartz, 5, 500) is None
    assert window_macos.pointer_with(quartz) == (30, 40)
