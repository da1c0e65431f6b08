"""Commands, files and links that the documents name exist, and the commands work."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from imagecraft_desktop.cli.main import make_parser
from imagecraft_desktop.errors import NotRunning
from imagecraft_desktop.settings.table import checked
from installer.bootstrap import read_arguments
from tests.golden import IMAGECRAFT
from tests.unit.capture.encoded import FILES
from tests.unit.describe.tiny_chat import write_qwen3_vl

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]
OURS, BOOTSTRAP = "imagecraft-desktop ", "python3 installer/bootstrap.py "


def _fenced_lines(text: str) -> list[str]:
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def _commands() -> list[str]:
    """Our command lines, in blocks and in running text; "..." marks a pattern, not a command."""
    found: dict[str, None] = {}
    for file in DOCUMENTS:
        text = file.read_text("utf-8")
        for line in [*_fenced_lines(text), *re.findall(r"`([^`\n]+)`", text)]:
            command = line.removeprefix(".venv/bin/").partition(" #")[0].strip()
            if command.startswith((OURS, BOOTSTRAP)) and "..." not in command:
                found[command] = None
    return list(found)


def _subcommands(parser: argparse.ArgumentParser) -> set[str]:
    return {
        name
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name in action.choices
    }


def _exit_code(arguments: list[str]) -> object:
    """What the parser would end with; 0 when it is content."""
    try:
        make_parser().parse_args(arguments)
    except SystemExit as end:  # --help and --version end with 0
        return end.code
    return 0


@pytest.mark.parametrize("command", _commands())
def test_command_is_understood(command: str) -> None:
    if command.startswith(BOOTSTRAP):
        arguments = read_arguments(shlex.split(command.removeprefix(BOOTSTRAP))).command
        if arguments[0] == "test":
            return
    else:
        arguments = shlex.split(command.removeprefix(OURS))
    if len(arguments) == 1:  # only names the command, as in "use `imagecraft-desktop settings`"
        assert arguments[0] in _subcommands(make_parser()) or arguments[0].startswith("--")
        return
    assert _exit_code(arguments) == 0
    if arguments[:2] == ["settings", "set"]:
        checked(*arguments[2:4])
    for word in arguments:
        if word.startswith("resources/"):
            assert (ROOT / word).is_file()


def _runnable() -> list[str]:
    """The commands that need no screen, no network, no sound and no minutes."""
    slow = ("app", "bench", "self-test", "describe http")
    with_files = ("voice add", "voice remove", "voice test", "voice model")
    with_models = (
        "models install",
        "models remove",
        "models import",
        "models verify ",
        "models calibrate",
        "models pause",
        "models resume",
        "models login",
        "models logout",  # it would end that of whoever runs the tests
    )
    of_a_model = (
        "settings set captioner florence",
        "settings window",
        "settings import",
        "settings set autostart",
    )
    with_server = ("server allow", "server test")
    elsewhere = ("--captioner server", "--start", "--window", "--screen", "--region", "--clipboard")
    return [
        command
        for command in _commands()
        if command.startswith(OURS)
        and command
        not in {
            OURS + "settings",
            OURS + "voice",
            OURS + "models",
        }  # the name of a group of commands
        and not command.removeprefix(OURS).startswith(
            (*slow, *with_files, *with_models, *of_a_model, *with_server)
        )
        and not any(word in command for word in elsewhere)
    ]


REMOTE = ("stop", "repeat", "status", "trigger", "window")


@pytest.mark.parametrize("command", _runnable())
def test_command_does_what_it_is_for(command: str, tmp_path: Path) -> None:
    for name in ("photo.jpg", "PICTURE"):
        shutil.copy(ROOT / "resources" / "samples" / "dog.jpg", tmp_path / name)
    (tmp_path / "holiday").mkdir()
    (tmp_path / "letter.pdf").write_bytes(FILES["pdf"])
    for model in re.findall(r"~/(models/\S+)", command):
        if "--ask" in command:
            (Path.home() / model).parent.mkdir(parents=True, exist_ok=True)
            write_qwen3_vl(Path.home() / model)
        else:
            shutil.copytree(IMAGECRAFT / "checkpoint", Path.home() / model)
    arguments = shlex.split(command.removeprefix(OURS))
    if arguments[0] in {"describe", "speak"} and "--no-speak" not in arguments:
        arguments += ["--no-speak"]  # nobody may be startled
    if arguments[0] == "speak" and "--out" not in arguments:
        arguments += ["--out", "spoken.wav"]
    done = subprocess.run(
        [sys.executable, "-m", "imagecraft_desktop", *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=100,
        check=False,
    )
    if arguments[0] in REMOTE:  # nothing runs here that could obey
        assert (done.returncode, done.stdout) == (NotRunning.exit_code, "")
        assert done.stderr.strip() == NotRunning().spoken
        return
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()
    if "--out" in arguments:
        assert (tmp_path / arguments[arguments.index("--out") + 1]).stat().st_size > 10_000


def test_readme_begins_with_its_two_commands() -> None:
    lines = _fenced_lines((ROOT / "README.md").read_text("utf-8"))
    assert lines[0].startswith(f"{BOOTSTRAP}describe resources/samples/")
    assert lines[1] == f"{BOOTSTRAP}test"


def test_readme_names_every_command() -> None:
    named = {command.split()[1] for command in _commands() if command.startswith(OURS)}
    assert _subcommands(make_parser()) - named == set()


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(file: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", file.read_text("utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []
