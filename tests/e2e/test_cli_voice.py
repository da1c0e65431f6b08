"""`imagecraft-desktop voice` as a person types it: in a process of its own, its words meant for the ear."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from imagecraft_desktop.cli import describe, main, voice
from imagecraft_desktop.speak import prompts

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-m", "imagecraft_desktop"]
WORDS = "Four brown dogs play on the green grass near the river, and one of them swims."


def run(*arguments, timeout_s=120):
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout_s,
        check=False,
        cwd=ROOT,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def speech(tmp_path_factory):
    """A recording of the embedded voice, made by the program itself."""
    path = tmp_path_factory.mktemp("speech") / "dogs.flac"
    home = tmp_path_factory.mktemp("home")
    subprocess.run(
        [*COMMAND, "speak", WORDS, "--no-speak", "--out", path],
        check=True,
        cwd=ROOT,
        env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home)},
    )
    return path


def test_a_voice_is_added_listed_and_removed(speech):
    code, out, err = run(
        *("voice", "add", "Anna Bell", "--audio", speech, "--transcript", WORDS, "--speaker-agreed")
    )
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("Voice Anna Bell is ready, made from ")
    assert lines[1] == f"It says: {WORDS}"
    assert lines[2] == 'Hear it with: imagecraft-desktop voice test "Anna Bell"'
    code, out, err = run("voice", "list")
    assert (code, err) == (0, "")
    seconds = f"{prompts.load('anna bell').duration_s:.1f}"
    assert out == f"Anna Bell: {seconds} seconds. It says: {WORDS}\n"
    assert run("voice", "remove", "anna bell") == (0, "Voice Anna Bell is removed.\n", "")
    code, out, err = run("voice", "list")
    assert (code, err) == (0, "")
    assert "No voices of your own yet" in out
    assert "imagecraft-desktop voice add" in out


def test_words_are_recognised_and_a_cut_is_told(speech):
    code, out, err = run(
        "voice", "add", "anna", "--audio", speech, "--cut", "4", "--speaker-agreed"
    )
    assert code == 0
    assert err.startswith("The recording was cut at ")
    assert "it says: four brown dogs" in out.lower()
    assert prompts.load("anna").duration_s == pytest.approx(4, abs=0.6)


def test_without_consent_nothing_is_made(speech):
    code, out, err = run("voice", "add", "anna", "--audio", speech, "--transcript", WORDS)
    assert (code, out) == (2, "")
    assert "--speaker-agreed" in err
    assert prompts.names() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminals of this kind")
@pytest.mark.parametrize(
    ("answer", "status"), [("yes", 0), (" YES ", 0), ("y", 2), ("no", 2), ("", 2), ("\x04", 2)]
)
def test_in_a_terminal_it_asks_and_takes_yes_only(speech, answer, status):
    import pty

    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*COMMAND, "voice", "add", "anna", "--audio", speech, "--transcript", WORDS],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    os.close(theirs)
    os.write(ours, answer.encode() + (b"" if answer == "\x04" else b"\n"))
    out, _ = child.communicate(timeout=60)
    os.close(ours)
    assert b"Whose voice is it?" in out
    assert child.returncode == status
    assert prompts.names() == (["anna"] if status == 0 else [])


def test_a_name_that_is_taken_is_told_before_the_question_and_replaced_when_asked(speech):
    add = ("voice", "add", "anna", "--audio", speech, "--transcript", WORDS)
    assert run(*add, "--speaker-agreed")[0] == 0
    code, _, err = run(*add)
    assert code == 2
    assert "--replace" in err
    assert run(*add, "--speaker-agreed", "--replace")[0] == 0


def test_a_damaged_voice_is_told_in_the_list(speech):
    for name in ("anna", "bert"):
        prompts.add(name, speech, WORDS, True)
    (prompts.load("anna").folder / "prompt.wav").write_bytes(b"RIFF")
    code, out, err = run("voice", "list")
    assert (code, err) == (0, "")
    first, second = out.splitlines()
    assert first.startswith("The voice anna is damaged.")
    assert second.startswith("bert: ")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["voice"], 2),
        (["voice", "sing"], 2),
        (["voice", "add", "anna"], 2),
        (["voice", "add", "anna", "--audio", "x.wav", "--cut", "soon", "--speaker-agreed"], 2),
        (["voice", "add", "../anna", "--audio", "x.wav", "--speaker-agreed"], 2),
        (["voice", "add", "hibari", "--audio", "x.wav", "--speaker-agreed"], 2),
        (["voice", "add", "anna", "--audio", "no-such.wav", "--speaker-agreed"], 3),
        (["voice", "add", "anna", "--audio", "README.md", "--speaker-agreed"], 3),
        (["voice", "remove", "nobody"], 4),
        (["voice", "test", "nobody"], 4),
        (["voice", "test", "nobody", "Hello", "--no-speak", "--rate", "9"], 2),
    ],
)
def test_each_failure_has_its_status_and_one_sentence(arguments, code):
    got, out, err = run(*arguments)
    assert (got, out) == (code, "")
    assert err.strip()
    assert "Traceback" not in err


def test_a_bad_recording_is_told_in_one_sentence(tmp_path):
    soundfile.write(tmp_path / "silent.wav", np.zeros(96_000), 16_000)
    code, out, err = run(
        "voice", "add", "anna", "--audio", tmp_path / "silent.wav", "--speaker-agreed"
    )
    assert (code, out) == (3, "")
    assert err.startswith("silent.wav is silent")
    assert err.count("\n") == 1


def test_the_output_has_no_symbols_that_a_reader_would_spell(speech):
    prompts.add("anna", speech, WORDS, True)
    for sign in ("|", "--", "\x1b", "\t"):
        assert sign not in run("voice", "list")[1]


@pytest.mark.parametrize("text", [[], ["Hello", "there."]])
def test_the_test_of_a_voice_is_the_same_as_speaking_in_it(speech, text, monkeypatch):
    prompts.add("Anna", speech, WORDS, True)
    handed = []
    monkeypatch.setattr(describe, "speak", lambda arguments: handed.append(vars(arguments)) or 0)
    options = ["--rate", "2", "--seed", "3", "--out", "a.wav", "--no-speak"]
    assert (
        voice.voice(main.make_parser().parse_args(["voice", "test", "anna", *text, *options])) == 0
    )
    said = text or ["This is the voice of ImageCraft."]
    same = ["speak", *said, "--voice", "Anna", "--language", "en", *options]
    expected = vars(main.make_parser().parse_args(same)) | {"command": "voice"}
    assert {name: handed[0][name] for name in expected} == expected
