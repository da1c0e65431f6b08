"""The session kind decides which road capture and hotkeys take."""

import pytest

from imagecraft_desktop.system.desktop import session_kind


@pytest.mark.parametrize(
    ("environ", "platform", "kind"),
    [
        ({}, "win32", "windows"),
        ({"DISPLAY": ":0"}, "darwin", "macos"),
        ({}, "linux", "none"),
        ({"DISPLAY": ""}, "linux", "none"),
        ({"XDG_SESSION_TYPE": "tty"}, "linux", "none"),
        ({"DISPLAY": ":0"}, "linux", "x11"),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11"}, "linux", "x11"),
        ({"DISPLAY": "localhost:10", "XDG_SESSION_TYPE": "tty"}, "freebsd14", "x11"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", "wayland"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", "wayland"),
        ({"XDG_SESSION_TYPE": "wayland", "DISPLAY": ":0"}, "linux", "wayland"),
    ],
)
def test_session_is_told_from_environment(environ, platform, kind):
    assert session_kind(environ, platform) == kind


def test_the_process_environment_is_the_default(monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert session_kind(platform="linux") == "wayland"
