"""`installer/bootstrap.py` on a tiny project: real virtual environments, real pip, no network.

The project's build backend lies in its own folder, so that pip has nothing to fetch.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.processes import wait_until

BOOTSTRAP = Path(__file__).resolve().parents[2] / "installer" / "bootstrap.py"
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1.0"

[project.optional-dependencies]
dev = []
languages = []
"""
# An editable wheel: metadata, a command, and a line that puts the project's folder on the path.
BACKEND = """
import os, time, zipfile
INFO = "tiny-1.0.dist-info/"
def build_editable(folder, config_settings=None, metadata_directory=None):
    if os.path.exists("slow"):
        time.sleep(60)
    if os.path.exists("broken"):
        raise SystemExit("error: it is broken")
    files = {
        "tiny.pth": os.getcwd() + "\\n",
        INFO + "METADATA": "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n"
                           "Provides-Extra: dev\\nProvides-Extra: languages\\n",
        INFO + "WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        INFO + "entry_points.txt": "[console_scripts]\\nimagecraft-desktop = command:main\\n",
    }
    files[INFO + "RECORD"] = "".join(name + ",,\\n" for name in files) + INFO + "RECORD,,\\n"
    with zipfile.ZipFile(os.path.join(folder, "tiny-1.0-py3-none-any.whl"), "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return "tiny-1.0-py3-none-any.whl"
build_wheel = build_editable
def get_requires_for_build_editable(config_settings=None): return []
"""
COMMAND = """
import json, os, sys
def main():
    print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd()}))
    return 3
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


def _python() -> str:
    """A Python outside any virtual environment, as a user has."""
    name = f"python3.{sys.version_info.minor}"
    beside = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else f"bin/{name}")
    return str(beside) if beside.exists() else sys.executable


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout of a project without dependencies, with the real bootstrap in it."""
    root = tmp_path / "a project"
    for folder in ("installer", "tests"):
        (root / folder).mkdir(parents=True)
    shutil.copy(BOOTSTRAP, root / "installer")
    (root / "installer" / "constraints.txt").write_text("")
    (root / "installer" / "system-packages.txt").write_text("")
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    (root / "command.py").write_text(COMMAND)
    (root / "tests" / "__main__.py").write_text("import sys; print('tests', sys.argv[1:])")
    return root


@pytest.fixture(scope="module")
def bare_venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with nothing but pip, made once: that takes longer than all else."""
    folder = tmp_path_factory.mktemp("bare") / ".venv"
    subprocess.run([_python(), "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def project_with_venv(project: Path, bare_venv: Path) -> Path:
    """A checkout whose virtual environment is made but empty."""
    shutil.copytree(bare_venv, project / ".venv", symlinks=True)
    return project


def _start(project: Path, *arguments: str, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [_python(), project / "installer" / "bootstrap.py", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=project.parent,
        env={**os.environ, "PIP_NO_INDEX": "1", **env},
        start_new_session=True,
    )


def _run(project: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    with _start(project, *arguments, **env) as process:
        out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def _stamp(project: Path) -> dict[str, Any]:
    stamp: dict[str, Any] = json.loads((project / ".venv" / "imagecraft-setup.json").read_text())
    return stamp


@pytest.mark.slow
def test_sets_up_then_runs_the_command_with_its_arguments_and_status(project: Path) -> None:
    done = _run(project, "--device", "cpu", "describe", "a b.png", "--device", "x", "--json")
    assert done.returncode == 3, done.stderr
    # standard output is the command's alone, and it runs in the user's folder
    assert json.loads(done.stdout) == {
        "arguments": ["describe", "a b.png", "--device", "x", "--json"],
        "folder": str(project.parent),
    }
    assert "Set up in" in done.stderr
    assert f"the command is {project / '.venv'}" in done.stderr
    assert _stamp(project)["device"] == "cpu"

    # a later run only looks at the stamp: nothing is said, no log is written
    (project / ".venv" / "setup.log").unlink()
    again = _run(project, "status")
    assert again.stderr == ""
    assert not (project / ".venv" / "setup.log").exists()
    assert json.loads(again.stdout)["arguments"] == ["status"]

    # the tests' needs come on top; a plain run afterwards is content with more than it needs
    tests = _run(project, "test", "-k", "one")
    assert tests.stdout.strip() == "tests ['-k', 'one']"
    assert _stamp(project)["extras"] == ["dev", "languages"]
    assert _run(project, "status").stderr == ""

    # a changed dependency list is noticed
    (project / "installer" / "constraints.txt").write_text("# changed\n")
    changed = _run(project, "status")
    assert "Setting up" in changed.stderr
    assert _stamp(project)["extras"] == ["dev", "languages"]


@pytest.mark.slow
def test_killed_set_up_is_made_anew(project_with_venv: Path) -> None:
    project = project_with_venv
    (project / "slow").touch()
    first = _start(project, "describe")
    mark = project / ".venv" / "half-made"
    log = project / ".venv" / "setup.log"
    wait_until(lambda: mark.exists() and log.exists(), "pip's start", 60)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    (project / "slow").unlink()
    (project / ".venv" / "left-over").touch()
    second = _run(project, "describe")
    assert second.returncode == 3, second.stderr
    assert "Removing an unfinished" in second.stderr
    assert not mark.exists()
    assert not (project / ".venv" / "left-over").exists()


@pytest.mark.slow
def test_interrupted_by_the_user_says_how_to_go_on(project_with_venv: Path) -> None:
    (project_with_venv / "slow").touch()
    first = _start(project_with_venv, "describe")
    wait_until((project_with_venv / ".venv" / "setup.log").exists, "pip's start", 60)
    os.kill(first.pid, signal.SIGINT)
    _, err = first.communicate(timeout=20)
    assert first.returncode == 6
    assert err.splitlines()[-1] == "Interrupted. Run the same command again to go on."


def test_venv_without_a_working_python_does_not_count(project: Path) -> None:
    module = _module(project / "installer" / "bootstrap.py")
    module.PYTHON.parent.mkdir(parents=True)
    module.PYTHON.symlink_to("/nonexistent/python")
    assert not module.venv_works()
    module.PYTHON.unlink()
    module.PYTHON.write_bytes(b"of another machine")
    module.PYTHON.chmod(0o755)
    assert not module.venv_works()


@pytest.mark.slow
def test_failed_installation_says_so_and_can_be_tried_again(project_with_venv: Path) -> None:
    project = project_with_venv
    (project / "broken").touch()
    (project / ".venv" / "kept").touch()
    failed = _run(project, "describe")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "The installation failed." in failed.stderr
    assert str(project / ".venv" / "setup.log") in failed.stderr
    (project / "broken").unlink()
    assert _run(project, "describe").returncode == 3
    assert (project / ".venv" / "kept").exists()  # nothing was half done: .venv is used again


@pytest.mark.parametrize(
    ("status", "log", "is_whole"),
    [
        (0, "Installing collected packages: a, b\nSuccessfully installed a-1 b-2\n", True),
        (1, "Collecting a\nERROR: No matching distribution found for a\n", True),
        (1, "Installing collected packages: a\nERROR: [Errno 28] No space left on device\n", False),
        (-9, "Collecting a\n", False),
        (-9, "Installing collected packages: a\n", False),
    ],
)
@pytest.mark.parametrize("step", [0, 1])
def test_venv_is_used_again_only_when_nothing_was_cut_off_in_it(
    monkeypatch: pytest.MonkeyPatch,
    project: Path,
    status: int,
    log: str,
    is_whole: bool,
    step: int,
) -> None:
    """Of the two steps, PyTorch alone and all the rest, either may go wrong."""
    module = _module(project / "installer" / "bootstrap.py")
    module.VENV.mkdir()
    steps = [(0, ""), (0, "")]
    steps[step] = (status, log)

    def run(command: object, file: Path, lock: object) -> int:
        ended, told = steps.pop(0)
        file.write_text(told)
        return ended

    monkeypatch.setattr(module, "run_quietly", run)
    try:
        module.install_project(module.Stamp("x", (), "cpu"), None, "https://mirror.example", None)
    except module.SetupFailed:
        assert status != 0
    assert module.half_made().exists() is not is_whole


def _main_of(project: Path, monkeypatch: pytest.MonkeyPatch, part: str, error: Exception) -> Any:
    """How the set-up ends when a part of it raises this."""
    module = _module(project / "installer" / "bootstrap.py")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(module, "run_quietly", lambda *_: 0)
    owner, _, name = part.rpartition(".")
    monkeypatch.setattr(module.venv.EnvBuilder if owner else module, name, fail)
    with pytest.raises(SystemExit) as end:
        module.main(["--no-system-packages", "describe"])
    return end.value.code


@pytest.mark.parametrize(
    ("part", "error", "words"),
    [
        (
            "venv.create",
            subprocess.CalledProcessError(1, "ensurepip"),
            "The virtual environment could not be made: ",
        ),
        ("venv.create", OSError(28, "No space left on device"), "No space left on device"),
        ("make_venv", PermissionError(13, "Permission denied", "/x/.venv"), "Permission denied"),
    ],
)
def test_what_the_system_refuses_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    part: str,
    error: Exception,
    words: str,
) -> None:
    assert _main_of(project, monkeypatch, part, error) == 1
    assert words in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.slow
def test_second_set_up_waits_for_the_first(project_with_venv: Path) -> None:
    with _start(project_with_venv, "describe") as first:
        wait_until((project_with_venv / ".venv.lock").exists, "the first set-up", 10)
        second = _run(project_with_venv, "describe")
        first.communicate()
    assert (first.returncode, second.returncode) == (3, 3)
    assert "Setting up" not in second.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((), "say which command"), (("--device", "tpu", "describe"), "invalid choice")],
)
def test_wrong_usage_changes_nothing(project: Path, arguments: tuple[str, ...], words: str) -> None:
    done = _run(project, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert not (project / ".venv").exists()


def test_older_python_gets_a_sentence() -> None:
    code = (
        "import sys, runpy; sys.version_info = (3, 10, 4)\n"
        f"runpy.run_path({str(BOOTSTRAP)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("ImageCraft needs Python 3.11 or newer; this is Python 3.10.")


# --- system packages, with fake Debian tools --------------------------------------------------


@pytest.fixture
def debian(tmp_path: Path, project: Path) -> Path:
    """A folder of programs that comes first on the path: dpkg-query knows two packages, sudo wants
    a password, apt-get and id write down how they were called."""
    programs = tmp_path / "programs"
    programs.mkdir()
    scripts = {
        "dpkg-query": 'echo "liba installed"; echo "libb0t64 installed"; echo "libc config-files"; exit 1',
        "apt-get": f'echo "$@" >> "{tmp_path}/apt"; exit "${{APT_STATUS:-0}}"',
        "sudo": 'if [ "$2" = true ]; then exit "${SUDO_STATUS:-1}"; fi; shift; exec "$@"',
    }
    for name, text in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    (project / "installer" / "system-packages.txt").write_text(
        "# a comment line\napp liba\napp libb0\nbuild libc\ntest xvfb\n"
    )
    return programs


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"bootstrap_of_{path.parent.parent.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


def _set_up_packages(
    monkeypatch: pytest.MonkeyPatch, project: Path, programs: Path, *, user: int, groups: list[str]
) -> str:
    """What `install_system_packages` returns, for a user of this number."""
    module = _module(project / "installer" / "bootstrap.py")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(module.os, "geteuid", lambda: user)
    monkeypatch.setattr(module.sys, "base_prefix", "/elsewhere")
    line: str = module.install_system_packages(groups, True, None)
    return line


linux = pytest.mark.skipif(sys.platform != "linux", reason="Debian's tools are for Linux")


@linux
def test_root_installs_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, project: Path, debian: Path, tmp_path: Path
) -> None:
    line = _set_up_packages(monkeypatch, project, debian, user=0, groups=["app", "build"])
    assert line == ""
    update, install = (tmp_path / "apt").read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith(" libc")
    assert "--no-install-recommends" in install


@linux
def test_nothing_is_called_when_nothing_is_missing(
    monkeypatch: pytest.MonkeyPatch, project: Path, debian: Path, tmp_path: Path
) -> None:
    assert _set_up_packages(monkeypatch, project, debian, user=0, groups=["app"]) == ""
    assert not (tmp_path / "apt").exists()


@linux
def test_user_without_rights_is_told_the_one_line(
    monkeypatch: pytest.MonkeyPatch,
    project: Path,
    debian: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = _set_up_packages(
        monkeypatch, project, debian, user=1000, groups=["app", "build", "test"]
    )
    assert line == "sudo apt-get install -y --no-install-recommends libc xvfb"
    assert capsys.readouterr().err == f"2 system packages missing. To install, run: {line}\n"
    assert not (tmp_path / "apt").exists()


@linux
def test_user_with_sudo_installs(
    monkeypatch: pytest.MonkeyPatch, project: Path, debian: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("SUDO_STATUS", "0")
    assert _set_up_packages(monkeypatch, project, debian, user=1000, groups=["build"]) == ""
    assert (tmp_path / "apt").read_text().count("\n") == 2


@linux
def test_failed_package_installation_is_told(
    monkeypatch: pytest.MonkeyPatch,
    project: Path,
    debian: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("APT_STATUS", "100")
    line = _set_up_packages(monkeypatch, project, debian, user=0, groups=["build"])
    assert line.endswith(" libc")
    assert "could not be installed" in capsys.readouterr().err


# --- which PyTorch -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "device", "cuda_comes", "chosen", "index"),
    [
        ("linux", "cpu", True, None, "https://download.pytorch.org/whl/cpu"),
        ("linux", "cpu", False, None, None),
        ("linux", "cuda", True, None, None),
        ("win32", "cuda", False, None, "https://download.pytorch.org/whl/cu126"),
        ("win32", "cpu", False, None, None),
        ("darwin", "cpu", False, None, None),
        ("linux", "cpu", True, "https://mirror.example/torch", "https://mirror.example/torch"),
    ],
)
def test_a_further_index_is_used_only_where_the_usual_one_has_the_wrong_pytorch(
    monkeypatch: pytest.MonkeyPatch,
    project: Path,
    system: str,
    device: str,
    cuda_comes: bool,
    chosen: str | None,
    index: str | None,
) -> None:
    (project / "installer" / "constraints.txt").write_text("# pins\nnumpy==1\ntorch==9.9\n")
    module = _module(project / "installer" / "bootstrap.py")
    monkeypatch.setattr(module.sys, "platform", system)
    monkeypatch.setattr(module, "brings_cuda", lambda pin: cuda_comes and pin == "torch==9.9")
    assert module.torch_index(device, chosen) == index


def test_the_further_index_is_asked_for_pytorch_alone(
    monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    (project / "installer" / "constraints.txt").write_text("torch==9.9\n")
    module = _module(project / "installer" / "bootstrap.py")
    module.VENV.mkdir()
    ran: list[list[str]] = []
    monkeypatch.setattr(module, "run_quietly", lambda command, *_: ran.append(command) or 0)
    module.install_project(module.Stamp("x", ("dev",), "cpu"), None, "https://mirror.example", None)
    first, second = ran
    assert first[-4:] == ["--no-deps", "--extra-index-url", "https://mirror.example", "torch==9.9"]
    assert "--extra-index-url" not in second
    assert second[-1].endswith("[dev]")


def test_long_work_is_told_in_words(tmp_path: Path) -> None:
    """The last line of pip's log that says something becomes part of the sentence."""
    module = _module(BOOTSTRAP)
    log = tmp_path / "log"
    for line, words in {
        "  Downloading torch-2.13.0-cp311-cp311-linux_x86_64.whl (900.1 MB)": "fetching torch",
        "Collecting opencv-python-headless<6,>=4.10": "looking up opencv-python-headless",
        "Building wheels for collected packages: evdev": "building wheels",
        "Installing collected packages: a, b": "installing",
        "Setting up libc6-dev:amd64 (2.36-9) ...": "setting up libc6-dev",
        "something else": "",
    }.items():
        log.write_text(f"Preparing\n{line}\n  more about it\n")
        assert module.doing(log) == words
