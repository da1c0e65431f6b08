"""The promise of the README: everything happens on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from imagecraft_desktop.errors import NotProved
from imagecraft_desktop.trials.offline import Proof, Wall, prove

COMMAND = [sys.executable, "-m", "imagecraft_desktop"]
PYTHON = """
import socket
try:
    socket.create_connection(("192.0.2.1", 80), 1)
except OSError:
    pass
raise ImportError("the rest of it")
"""
C_LIBRARY = """
import ctypes, socket
address = b"\\x02\\x00" + (80).to_bytes(2, "big") + socket.inet_aton("192.0.2.1") + bytes(8)
libc = ctypes.CDLL(None)
libc.connect(libc.socket(2, 1, 0), address, len(address))
raise ImportError("the rest of it")
"""

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


def can_close() -> bool:
    """Whether this system lets a process leave the network."""
    if sys.platform != "linux":
        return False
    work = "from imagecraft_desktop.trials import offline; print(offline._leave_network())"
    done = subprocess.run(
        [sys.executable, "-c", work], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    return done.stdout.strip() == b"True"


def test_the_command_proves_it_and_says_by_what() -> None:
    done = subprocess.run(
        [*COMMAND, "self-test", "--offline"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    proof = Proof(Wall.KERNEL if can_close() else Wall.WATCH, (), "embedded", "hibari")
    assert done.stdout.splitlines()[-1] == proof.spoken
    assert "nothing was sent, and nothing tried to." in proof.spoken


@pytest.mark.parametrize(
    ("wall", "code", "told"),
    [(Wall.WATCH, PYTHON, "192.0.2.1"), (Wall.KERNEL, C_LIBRARY, "an unknown address")],
    ids=["watched", "closed by the kernel"],
)
def test_a_voice_that_tries_to_connect_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wall: Wall, code: str, told: str
) -> None:
    if wall is Wall.KERNEL and not can_close():
        pytest.skip("this system closes no network, so parts in C are not watched")
    (tmp_path / "hibari.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    proof = prove(wall=wall)
    assert (proof.wall, proof.attempts) == (wall, (told,))
    assert proof.spoken.startswith(f"Not proved: something tried to reach {told}. It was stopped.")


def test_a_proof_that_cannot_be_tried_is_no_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(NotProved, match="could not be tried"):
        prove()
