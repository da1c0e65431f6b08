"""The promise of the README: everything happens on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DESCRIBE_AND_SPEAK = """
import os, socket, sys
import imagecraft_desktop.cli.main as command

def refuse(event, arguments):
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        raise SystemExit(f"looked up {arguments}")
    if event == "socket.connect" and arguments[0].family != socket.AF_UNIX:
        raise SystemExit(f"connected to {arguments[1]}")

sys.addaudithook(refuse)
sys.exit(command.main(sys.argv[1:]))
"""


def describe(home: Path) -> subprocess.CompletedProcess[str]:
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ORT_")},
        "HOME": str(home),
    }
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        env.pop(f"XDG_{name}_HOME", None)
    picture = ROOT / "resources" / "samples" / "error_dialog.png"
    speech = str(home / "speech.wav")
    return subprocess.run(
        [
            *(sys.executable, "-c", DESCRIBE_AND_SPEAK),
            *("describe", str(picture), "--no-speak", "--out", speech),
        ],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_describing_and_speaking_asks_no_network_and_leaves_only_our_files(tmp_path: Path) -> None:
    done = describe(tmp_path)
    assert done.returncode == 0, done.stderr
    left = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    foreign = {path for path in left if "imagecraft-desktop" not in path.parts}
    assert foreign == {Path("speech.wav")}
