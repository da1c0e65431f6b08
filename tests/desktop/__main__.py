"""Runs a command on a private desktop, and ends with its status: `python -m tests.desktop COMMAND...`

For a machine without a screen or sound, and to keep a program away from the user's own:

    python -m tests.desktop imagecraft-desktop bench --only keys
"""

from __future__ import annotations

import signal
import subprocess
import sys

from tests.desktop.desktop import Desktop, missing_programs


def _end(*_: object) -> None:
    raise KeyboardInterrupt


def main(command: list[str]) -> int:
    """The command's exit status; 2 when there is none to run, 1 when the desktop cannot start."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if missing := missing_programs():
        print("Install first:", " ".join(missing), file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _end)
    desktop = Desktop()
    # most users have no ALSA configuration of their own; the program then brings one
    env = {name: value for name, value in desktop.env.items() if name != "ALSA_CONFIG_PATH"}
    try:
        return subprocess.call(command, env=env)
    finally:
        desktop.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
