#!/usr/bin/env python3
"""From a fresh checkout to a running program in one command. Standard library only.

    python3 installer/bootstrap.py describe PICTURE     set up, then `imagecraft-desktop describe PICTURE`
    python3 installer/bootstrap.py test                 set up with the tests' needs, then run the tests

The set-up makes `.venv` beside this folder and installs the project and, on Debian and its
relatives, missing system packages. It is done once; later runs start the command at once. It may be
interrupted at any moment and run again. What it says goes to standard error in short lines that are
made to be read aloud; standard output belongs to the command.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - a person may run it with any Python
    sys.exit(
        "ImageCraft needs Python 3.11 or newer; this is Python {}.{}. "
        "Install a newer Python, then run this file with it.".format(*sys.version_info[:2])
    )

import argparse
import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sysconfig
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOG = VENV / "setup.log"
CONSTRAINTS = ROOT / "installer" / "constraints.txt"
SYSTEM_PACKAGES = ROOT / "installer" / "system-packages.txt"

# PyTorch's own download pages. The usual index has no CPU-only build for Linux (2 GB of CUDA come
# with it) and no CUDA build for Windows.
TORCH_INDEX = "https://download.pytorch.org/whl/"
TORCH_CUDA = "cu126"

EXIT_DEFECT, EXIT_USAGE, EXIT_CANCELLED = 1, 2, 6
STILL_BUSY_EVERY_S = 15.0

Command = Sequence[str | Path]


class SetupFailed(Exception):
    """The set-up cannot go on. The text says why and what to do."""


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


# --- what was asked for ---------------------------------------------------------------------


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 installer/bootstrap.py",
        description="Set up ImageCraft Desktop in .venv, then run one of its commands.",
        epilog="Example: python3 installer/bootstrap.py describe resources/samples/dog.jpg",
    )
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda"),
        default="auto",
        help="which PyTorch to install; auto takes cuda where there is an NVIDIA driver",
    )
    parser.add_argument(
        "--torch-index",
        metavar="URL",
        default=os.environ.get("IMAGECRAFT_TORCH_INDEX"),
        help="where to look for PyTorch besides pip's own index",
    )
    parser.add_argument(
        "--no-system-packages",
        action="store_true",
        help="do not install system packages, only say what is missing",
    )
    parser.add_argument(
        "command",
        nargs=argparse.REMAINDER,
        metavar="COMMAND ...",
        help="test, or any command of imagecraft-desktop with its options",
    )
    wish = parser.parse_args(arguments)
    if not wish.command:
        parser.error("say which command to run, for example: describe PICTURE")
    return wish


def has_nvidia_driver() -> bool:
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


# --- the stamp: what .venv holds ------------------------------------------------------------


@dataclass(frozen=True)
class Stamp:
    """What was installed. `inputs` is a hash of all that decides it."""

    inputs: str
    extras: tuple[str, ...]
    device: str

    file = VENV / "imagecraft-setup.json"

    @classmethod
    def read(cls) -> Stamp | None:
        """The stamp of a finished set-up; None after none or a broken one."""
        try:
            facts = json.loads(cls.file.read_text("utf-8"))
            return cls(str(facts["inputs"]), tuple(facts["extras"]), str(facts["device"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self) -> None:
        """Comes last and at once, so that its presence means a whole installation."""
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(asdict(self)), "utf-8")
        new.replace(self.file)

    def covers(self, wanted: Stamp) -> bool:
        return (
            self.inputs == wanted.inputs
            and self.device == wanted.device
            and set(self.extras) >= set(wanted.extras)
        )


def inputs_now() -> str:
    digest = hashlib.sha256()
    for part in (ROOT, sys.version, sys.base_prefix, platform.machine()):
        digest.update(str(part).encode() + b"\0")
    for file in (ROOT / "pyproject.toml", CONSTRAINTS, Path(__file__)):
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def wanted_stamp(device: str, extras: tuple[str, ...], now: Stamp | None) -> Stamp:
    """What the command needs. What is there already is kept: extras, and the device if any will do."""
    if device == "auto":
        device = now.device if now else ("cuda" if has_nvidia_driver() else "cpu")
    kept = now.extras if now else ()
    return Stamp(inputs_now(), tuple(sorted({*extras, *kept})), device)


@contextlib.contextmanager
def only_one() -> Iterator[int | None]:
    """Waits while another set-up of this checkout runs. Gives the lock's descriptor: whoever
    inherits it holds the lock too, so a pip that outlives its parent still counts as running."""
    with (ROOT / ".venv.lock").open("w") as file:
        if os.name == "nt":
            yield None
            return
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is running. Waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


# --- running programs -----------------------------------------------------------------------


def doing(log: Path) -> str:
    """What pip or apt was last seen doing, in words."""
    verbs = {
        "Collecting": "looking up",
        "Downloading": "fetching",
        "Using": "taking from the cache",
        "Building": "building",
        "Installing": "installing",
        "Get:": "fetching",
        "Unpacking": "unpacking",
        "Setting up": "setting up",
    }
    for line in reversed(log.read_text("utf-8", "replace").splitlines()[-50:]):
        for sign, verb in verbs.items():
            if line.strip().startswith(sign):
                if sign == "Installing":
                    return verb
                name = re.search(r"([A-Za-z][\w.]*(?:-[A-Za-z]\w*)*)", line.strip()[len(sign) :])
                return f"{verb} {name[1]}" if name else verb
    return ""


def run_quietly(command: Command, log: Path, lock: int | None = None) -> int:
    """Run a long command with its output in a log file; say every 15 seconds that it goes on."""
    start = time.monotonic()
    inherited = () if lock is None else (lock,)
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            pass_fds=inherited,
        )
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(STILL_BUSY_EVERY_S)
            seconds = round(time.monotonic() - start)
            what = doing(log)
            say(f"Still busy after {seconds} seconds{': ' + what if what else ''}.")
    finally:
        process.terminate()


# --- system packages ------------------------------------------------------------------------


def wanted_packages(groups: Sequence[str]) -> list[str]:
    """Debian packages of these groups, and those of this very Python."""
    rows = [line.split() for line in SYSTEM_PACKAGES.read_text("utf-8").splitlines()]
    wanted = [row[1] for row in rows if len(row) == 2 and row[0] in groups]
    if sys.base_prefix == "/usr":  # Debian splits its own Python into packages
        version = f"python3.{sys.version_info.minor}"
        if not (Path(sysconfig.get_path("include")) / "Python.h").exists():
            wanted.append(f"{version}-dev")
        if not has_ensurepip():
            wanted.append(f"{version}-venv")
    return wanted


def has_ensurepip() -> bool:
    import importlib.util

    return importlib.util.find_spec("ensurepip") is not None


def missing_packages(groups: Sequence[str]) -> list[str]:
    """Those that dpkg does not know as installed. Newer releases add "t64" to some names."""
    wanted = wanted_packages(groups)
    names = [name + end for name in wanted for end in ("", "t64")]
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    there = {line.split()[0] for line in listing.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if not there & {name, name + "t64"}]


def root_prefix() -> list[str] | None:
    """What comes before a command that root must run; None if we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None


def install_system_packages(groups: Sequence[str], allowed: bool, lock: int | None) -> str:
    """Install what is missing where we may.

    Returns:
        The one line that the user has to run, or "" when nothing is missing.
    """
    if sys.platform != "linux":
        return ""
    if not (shutil.which("dpkg-query") and shutil.which("apt-get")):
        return other_linux()
    missing = missing_packages(groups)
    if not missing:
        return ""
    line = "sudo apt-get install -y --no-install-recommends " + " ".join(missing)
    prefix = root_prefix() if allowed else None
    if prefix is None:
        say(f"{count(len(missing), 'system package')} missing. To install, run: {line}")
        return line
    say(f"Installing {count(len(missing), 'system package')}.")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    install = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "apt.log"
        run_quietly([*apt, "update"], log, lock)  # without news, the old list may still do
        status = run_quietly([*apt, *install, *missing], log, lock)
    if status != 0:
        say(f"The system packages could not be installed. To try by hand, run: {line}")
        return line
    return ""


def other_linux() -> str:
    """The line for relatives of Fedora and Arch, if the sound library is not there."""
    import ctypes.util

    if ctypes.util.find_library("portaudio") and shutil.which("gcc"):
        return ""
    lines = {
        "fedora": "sudo dnf install portaudio xcb-util-cursor libxkbcommon-x11 gcc python3-devel",
        "arch": "sudo pacman -S --needed portaudio xcb-util-cursor libxkbcommon-x11 gcc",
    }
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    family = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    line = next((lines[name] for name in family if name in lines), "")
    if line:
        say(f"System packages may be missing. To install them, run: {line}")
    else:
        say("System packages may be missing: PortAudio, Qt's XCB libraries, GCC, Python's headers.")
    return line


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


# --- the virtual environment ----------------------------------------------------------------


def venv_works() -> bool:
    """Whether .venv has this Python and a pip, and no set-up was cut off in it."""
    if not PYTHON.exists() or half_made().exists():
        return False
    ask = "import pip, sys; print(sys.version, sys.base_prefix)"
    try:
        told = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    except OSError:  # of another kind of machine, or not to be run
        return False
    return told.stdout.strip() == f"{sys.version} {sys.base_prefix}"


def half_made() -> Path:
    """Lies in .venv while something is being installed into it."""
    return VENV / "half-made"


def make_venv() -> None:
    if venv_works():
        return
    if VENV.exists():
        say("Removing an unfinished or outdated .venv.")
        shutil.rmtree(VENV)
    say("Making the virtual environment in .venv.")
    if not has_ensurepip():
        raise SetupFailed(
            "This Python cannot make virtual environments. Install its venv package, on Debian: "
            f"sudo apt-get install -y python3.{sys.version_info.minor}-venv"
        )
    VENV.mkdir()
    half_made().touch()
    try:
        venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupFailed(f"The virtual environment could not be made: {error}") from error


def pip(*arguments: str | Path) -> list[str | Path]:
    return [PYTHON, "-m", "pip", *arguments]


def torch_pin() -> str:
    """The constraint on torch, "torch==2.13.0", or "" if there is none."""
    pins = CONSTRAINTS.read_text("utf-8").splitlines()
    return next((line.split()[0] for line in pins if line.startswith("torch==")), "")


def brings_cuda(pin: str) -> bool:
    """Whether the torch that pip would take now depends on NVIDIA's libraries."""
    ask = pip("install", "--quiet", "--dry-run", "--no-deps", "--ignore-installed", "--report", "-")
    told = subprocess.run([*ask, pin], capture_output=True, text=True, check=False)
    try:
        metadata = json.loads(told.stdout)["install"][0]["metadata"]
    except (ValueError, LookupError):
        return True  # pip could not tell; a further index does no harm
    return any(need.startswith(("nvidia-", "cuda-")) for need in metadata.get("requires_dist", ()))


def torch_index(device: str, chosen: str | None) -> str | None:
    """A further index for pip, where the right PyTorch is; None if pip's own will do."""
    pin = torch_pin()
    if chosen or not pin:
        return chosen
    if sys.platform == "linux" and device == "cpu" and brings_cuda(pin):
        return TORCH_INDEX + "cpu"
    if sys.platform == "win32" and device == "cuda":
        return TORCH_INDEX + TORCH_CUDA
    return None


def install_project(wanted: Stamp, now: Stamp | None, index: str | None, lock: int | None) -> None:
    """Install the project, editable, with its dependencies.

    Raises:
        SetupFailed: pip failed; its last words are in the message.
    """
    half_made().touch()
    ends: list[bool] = []

    def run(command: Command) -> int:
        status = run_quietly(command, LOG, lock)
        ends.append(status == 0 or failed_before_unpacking(status))
        return status

    if now is not None and now.device != wanted.device:
        run(pip("uninstall", "-y", "torch"))
    base = pip("install", "--progress-bar", "off", "--constraint", CONSTRAINTS)
    further = torch_index(wanted.device, index)
    if further:
        # alone, so that no other package is looked for there; if it fails, pip's own index is next
        say("Fetching PyTorch from its own index.")
        alone = ["--no-deps", "--extra-index-url", further, torch_pin() or "torch"]
        run([*base, *alone])
    extras = f"[{','.join(wanted.extras)}]" if wanted.extras else ""
    status = run([*base, "--editable", f"{ROOT}{extras}"])
    if all(ends):
        half_made().unlink()  # else the next set-up makes .venv anew
    if status != 0:
        lines = LOG.read_text("utf-8", "replace").splitlines()
        errors = [line for line in lines if line.lstrip().lower().startswith("error:")]
        raise SetupFailed(
            f"The installation failed. {errors[-1].strip() if errors else ''} The log is {LOG}"
        )


def failed_before_unpacking(status: int) -> bool:
    """Whether a pip that has failed had changed nothing yet: no network, or nothing that fits.

    One that was killed (a negative status) may not have written down how far it had come.
    """
    begun = any(
        line.startswith("Installing collected packages")
        for line in LOG.read_text("utf-8", "replace").splitlines()
    )
    return status > 0 and not begun


def set_up(wish: argparse.Namespace, extras: tuple[str, ...]) -> None:
    """Bring .venv to what the command needs; returns at once if it is."""
    now = Stamp.read()
    if now is not None and now.covers(wanted_stamp(wish.device, extras, now)):
        return
    with only_one() as lock:
        now = Stamp.read()  # another set-up may have done it meanwhile
        wanted = wanted_stamp(wish.device, extras, now)
        if now is not None and now.covers(wanted):
            return
        start = time.monotonic()
        say("Setting up ImageCraft Desktop. This is done once and takes some minutes.")
        groups = ["app", "build", *(["test"] if "dev" in extras else [])]
        left = install_system_packages(groups, not wish.no_system_packages, lock)
        make_venv()
        say(f"Installing the program and its libraries, with PyTorch for {wanted.device}.")
        try:
            install_project(wanted, now, wish.torch_index, lock)
        except SetupFailed as failed:
            hint = f" Missing system packages may be the reason; run: {left}" if left else ""
            raise SetupFailed(f"{failed}.{hint}") from None
        wanted.write()
        say(f"Set up in {round(time.monotonic() - start)} seconds.")
        say(f"From now on the command is {BIN / 'imagecraft-desktop'}.")


def run_command(command: Command) -> NoReturn:
    """Become the command: its exit status is ours."""
    parts = [str(part) for part in command]
    if os.name == "nt":
        sys.exit(subprocess.call(parts))
    os.execv(parts[0], parts)  # noqa: S606 - no shell is wanted


def main(arguments: Sequence[str]) -> NoReturn:
    wish = read_arguments(arguments)
    is_test = wish.command[0] == "test"
    try:
        set_up(wish, ("dev", "languages") if is_test else ())
    except SetupFailed as failed:
        say(str(failed))
        sys.exit(EXIT_DEFECT)
    except OSError as error:
        say(f"The set-up cannot go on. The system says: {error}")
        sys.exit(EXIT_DEFECT)
    except KeyboardInterrupt:
        say("Interrupted. Run the same command again to go on.")
        sys.exit(EXIT_CANCELLED)
    if is_test:
        os.chdir(ROOT)
        run_command([PYTHON, "-m", "tests", *wish.command[1:]])
    run_command([BIN / "imagecraft-desktop", *wish.command])


if __name__ == "__main__":
    main(sys.argv[1:])
