"""The promise of the README: everything happens on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.errors import NotProved
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak import chain
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.trials import offline
from imagecraft_desktop.trials.offline import Proof, Wall, prove
from imagecraft_desktop.values import Manner, Speech, Tick
from tests.e2e.test_cli_calibrate import make_giant, put
from tests.unit.describe.tiny import write_blip, write_git

COMMAND = [sys.executable, "-m", "imagecraft_desktop"]
PYTHON = """
import socket
try:
    socket.create_connection(("192.0.2.1", 80), 1)
except OSError:
    pass
raise ImportError("the rest of it")
"""
UNCAUGHT = """
import socket
socket.create_connection(("192.0.2.1", 80), 1)
"""
C_LIBRARY = """
import ctypes, socket
address = b"\\x02\\x00" + (80).to_bytes(2, "big") + socket.inet_aton("192.0.2.1") + bytes(8)
libc = ctypes.CDLL(None)
libc.connect(libc.socket(2, 1, 0), address, len(address))
raise ImportError("the rest of it")
"""
THIS_MACHINE = C_LIBRARY.replace("192.0.2.1", "127.0.0.1")
C_LIBRARY_6 = """
import ctypes, socket
address = b"\\x0a\\x00" + (80).to_bytes(2, "big") + bytes(4)
address += socket.inet_pton(socket.AF_INET6, "2001:db8::1") + bytes(4)
libc = ctypes.CDLL(None)
libc.connect(libc.socket(10, 1, 0), address, len(address))
raise ImportError("the rest of it")
"""
LOOKED_UP = """
import socket
try:
    socket.getaddrinfo("localhost", 80)
except OSError:
    raise ImportError("the rest of it")
raise SystemExit("it was not refused")
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
    [
        (Wall.WATCH, PYTHON, "192.0.2.1"),
        (Wall.KERNEL, LOOKED_UP, "localhost"),
        (Wall.KERNEL, C_LIBRARY, "an unknown address"),
        (Wall.KERNEL, C_LIBRARY_6, "an unknown address"),
        (Wall.KERNEL, THIS_MACHINE, "an unknown address"),
        (Wall.KERNEL, UNCAUGHT, "192.0.2.1"),
    ],
    ids=[
        "watched",
        "a name",
        "closed by the kernel",
        "with IPv6",
        "on this machine",
        "and fails so",
    ],
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


def test_a_part_that_fails_is_no_proof_and_the_log_says_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hibari.py").write_text("raise OSError('a disk that is gone')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(NotProved) as failed:
        prove()
    assert failed.value.spoken == (
        "Not proved: it could not be tried. Something went wrong inside ImageCraft. The log file has the details."
    )
    logs = [one.read_text(encoding="utf-8") for one in paths.log_dir().iterdir() if one.is_file()]
    assert any("hibari.py:1 in <module>" in one for one in logs)


# --- a captioner with a network: the child's work, done here ---


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two tiny networks."""
    folder = tmp_path_factory.mktemp("models")
    write_blip(folder / "blip")
    write_git(folder / "git")
    return folder


def described(captioner: str) -> dict[str, object]:
    return offline._describe_and_read(Settings(captioner=captioner, voice="silence"))


def test_a_network_is_named_when_it_answered(tiny: Path) -> None:
    put("blip-base", tiny / "blip")
    facts = described("blip-base")
    assert (facts["captioner"], facts["voices"]) == ("blip-base", "silence")


def test_a_network_that_is_too_large_proves_nothing_of_itself(tiny: Path) -> None:
    put("blip-base", tiny / "blip")
    make_giant("blip-base")
    failed = str(described("blip-base")["failed"])
    assert "blip-base" in failed
    assert "memory" in failed
    put("git-base-coco", tiny / "git")
    assert described("blip-base")["captioner"] == "git-base-coco"


def test_a_network_that_is_not_asked_proves_nothing_of_itself(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("blip-base", tiny / "blip")
    monkeypatch.setattr(offline, "_SAMPLES", ("error_dialog.png",))
    assert described("blip-base")["failed"] == say(strings.PROOF_NOT_ASKED, name="blip-base")


# --- the voice ---


class OtherProgram:
    """A voice as the system's: what it is given is heard at once."""

    name, label, rung, plays_itself = "system", "System", 30, True

    def load(self, tick: object = None) -> None:
        pass

    def can_say(self, text: str, language: str) -> bool:
        return True

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        raise AssertionError(text)

    @classmethod
    def missing(cls) -> str | None:
        return None

    @classmethod
    def has_pitch(cls) -> bool:
        return True

    def unload(self) -> None:
        pass


def test_without_a_voice_nothing_is_said_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "_SAMPLES", ("error_dialog.png",))
    facts = offline._describe_and_read(Settings(voice="silence"))
    spoken = Proof(Wall.KERNEL, (), **facts).spoken
    assert "were described by embedded with" in spoken
    assert "read by" not in spoken


def test_a_voice_that_plays_itself_does_not_speak_over_the_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chain, "make_chain", lambda *_: chain.Chain([OtherProgram()], "system"))
    facts = offline._describe_and_read(Settings(voice="system"))
    assert (facts["voices"], facts["plays_itself"]) == ("system", True)
    proof = Proof(Wall.KERNEL, (), **facts)
    assert proof.spoken.startswith(
        "Two pictures were described by embedded with the network closed: nothing was sent,"
    )
    assert proof.spoken.endswith(
        "The voice system is another program, which speaks by itself; it was not tried."
    )


def test_the_voice_speaks_as_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Manner] = []

    class Told(OtherProgram):
        plays_itself = False

        def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
            heard.append(manner)
            yield from ()

    monkeypatch.setattr(chain, "make_chain", lambda *_: chain.Chain([Told()], "system"))
    offline._describe_and_read(Settings(voice="system", speech_rate=2.0, speech_pitch=-3.0))
    assert {(one.rate, one.pitch) for one in heard} == {(2.0, -3.0)}
