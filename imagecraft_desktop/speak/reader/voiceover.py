"""VoiceOver, by its AppleScript command, which works for a program without a window.

The user must allow that in VoiceOver's utility ("Allow VoiceOver to be controlled with AppleScript");
until then our own voice speaks. Interface: VoiceOver's dictionary, "output"; NSWorkspace.
"""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

log = logging.getLogger(__name__)

_TAKE_S = 1.0
_SCRIPT = 'on run words\ntell application "VoiceOver" to output (item 1 of words)\nend run'


class VoiceOver:
    """See `base.Reader`.

    Args:
        appkit: The module AppKit of PyObjC; None to import it.
        run: Runs a command; its exit status.
    """

    name = "VoiceOver"
    systems: tuple[str, ...] = ("darwin",)
    says_names = False

    def __init__(
        self, appkit: Any = None, run: Callable[[Sequence[str]], int] | None = None
    ) -> None:
        self._appkit = appkit
        self._run = run or _run

    def is_running(self) -> bool:
        try:
            if self._appkit is None:
                import AppKit

                self._appkit = AppKit
            return bool(self._appkit.NSWorkspace.sharedWorkspace().isVoiceOverEnabled())
        except (ImportError, AttributeError):  # PyObjC or macOS is too old
            return False

    def say(self, text: str) -> bool:
        # the text is an argument, not a part of the script: nothing in it can be a command
        return self._run(["osascript", "-e", _SCRIPT, text]) == 0

    def stop(self) -> None:
        """VoiceOver has no command for it; the user's own key, Control, does it."""


def _run(command: Sequence[str]) -> int:
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TAKE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as failure:
        log.warning("VoiceOver did not take a text: %s", type(failure).__name__)
        return 1
    return done.returncode


READER = VoiceOver
