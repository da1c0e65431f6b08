"""The command line as a person types it: in a process of its own, on a machine without screen or sound."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile

from imagecraft_desktop import strings
from imagecraft_desktop.cli.main import make_parser
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.trigger import client
from tests.desktop import transcribe

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "resources" / "samples"
COMMAND = [sys.executable, "-W", "error", "-m", "imagecraft_desktop"]


def run(*arguments, data=None, timeout_s=120):
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=data,
        stdin=subprocess.DEVNULL if data is None else None,
        capture_output=True,
        timeout=timeout_s,
        check=False,
        cwd=ROOT,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def heard(path):
    samples, rate_hz = soundfile.read(path, dtype="float32")
    return transcribe(samples, rate_hz)


def test_help_says_first_what_to_do_first():
    code, out, _ = run("--help")
    assert code == 0
    first = out.split("\n\n")[1]
    assert "imagecraft-desktop describe" in first
    assert "imagecraft-desktop app" in first


def test_a_dialog_is_described_and_saved_as_speech(tmp_path):
    out_file = tmp_path / "speech.wav"
    code, out, err = run("describe", SAMPLES / "error_dialog.png", "--no-speak", "--out", out_file)
    assert (code, err) == (0, "")
    assert "Save failed" in out
    assert "Retry" in out
    said = heard(out_file)
    assert "save failed" in said
    assert "free at least 350" in said


@pytest.mark.parametrize("seed", [-1, 2**64 - 1, 10**30])
def test_any_whole_number_is_a_seed(tmp_path, seed):
    """Also where the pace is another: the time-stretcher draws, too."""
    words = ("speak", "Two dogs.", "--voice", "hibari", "--rate", "1.5")
    code, _, err = run(*words, "--seed", seed, "--no-speak", "--out", tmp_path / "a.wav")
    assert (code, err) == (0, "")


@pytest.mark.parametrize("ending", ["mp3", "ogg", "flac"])
def test_speech_is_saved_in_each_format(tmp_path, ending):
    path = tmp_path / f"speech.{ending}"
    code, out, err = run("speak", "Two brown dogs play on the grass.", "--no-speak", "--out", path)
    assert (code, err) == (0, "")
    assert str(path) in out
    assert "dogs play on the grass" in heard(path)


def test_json_has_every_documented_key():
    code, out, err = run("describe", SAMPLES / "dog.jpg", "--no-speak", "--json")
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert facts["kind"] == "photo"
    assert "dog" in facts["description"]
    assert " ".join(s["text"] for s in facts["statements"]) == facts["description"]
    assert {s["certainty"] for s in facts["statements"]} <= {"certain", "likely", "unsure"}
    assert facts["objects"][0]["name"]
    assert facts["captioner"] == "embedded"
    assert set(facts["timings_ms"]) == {"capture", "describe", "total"}


def test_json_tells_times_of_sound_when_there_is_sound(tmp_path):
    code, out, _ = run(
        "describe", SAMPLES / "dog.jpg", "--no-speak", "--json", "--out", tmp_path / "a.wav"
    )
    facts = json.loads(out)
    assert code == 0
    assert set(facts["timings_ms"]) == {
        "capture",
        "describe",
        "first_audio",
        "synthesis",
        "total",
    }
    assert facts["voice"] == "hibari"
    assert facts["sample_rate"] == 24_000
    assert facts["duration_s"] > 1


def test_several_sources_and_a_bad_one_each_get_their_answer(tmp_path):
    bad = tmp_path / "a\x1b[31m letter.png"
    bad.write_text("Dear Ann, this is no picture.")
    code, out, err = run(
        "describe", bad, SAMPLES / "dog.jpg", SAMPLES / "coffee.jpg", "--no-speak", "--brief"
    )
    assert code == 3
    assert "letter.png" in err
    assert "\x1b" not in out + err, "a name colours no terminal"
    assert out.count("dog.jpg:") == 1
    assert out.count("coffee.jpg:") == 1


def test_a_source_that_fails_with_the_speech_on_ends_the_command(tmp_path):
    code, out, err = run("describe", tmp_path / "missing.png", timeout_s=60)
    assert (code, out) == (3, "")
    assert "there is no such file; check its name." in err


def test_a_picture_comes_on_standard_input():
    data = (SAMPLES / "qr_poster.jpg").read_bytes()
    code, out, err = run("describe", "-", "--no-speak", data=data)
    assert (code, err) == (0, "")
    assert "example.org" in out


def test_text_only_prints_the_text_in_reading_order():
    code, out, _ = run("describe", SAMPLES / "error_dialog.png", "--text", "--no-speak")
    assert code == 0
    places = [out.index(words) for words in ("Save failed", "could not be saved", "Error code")]
    assert places == sorted(places)
    assert "desktop" not in out.lower()


def test_without_a_sound_device_the_text_is_printed_and_the_status_is_5():
    code, out, err = run("describe", SAMPLES / "dog.jpg", "--brief")
    assert code == 5
    assert "dog" in out
    assert "Plug in or switch on headphones or speakers" in err


def test_without_a_sound_device_a_text_is_printed_and_the_status_is_5():
    code, out, err = run("speak", "Two brown dogs.")
    assert (code, out) == (5, "Two brown dogs.\n")
    assert err.startswith("No sound device.")


def test_a_text_that_is_not_spoken_is_printed(tmp_path):
    assert run("speak", "Two brown dogs.", "--no-speak") == (0, "Two brown dogs.\n", "")
    assert run("speak", "Two dogs.", "--no-speak", "--json")[1].startswith("{")
    code, out, _ = run("speak", "Hi.", "--no-speak", "--out", tmp_path / "a.wav")
    assert (code, out.count("\n")) == (0, 1), "what was saved"


def test_without_a_sound_device_a_file_is_still_written(tmp_path):
    path = tmp_path / "speech.wav"
    code, _, err = run("describe", SAMPLES / "dog.jpg", "--brief", "--out", path)
    assert code == 0
    assert err == say(strings.CLI_ONLY_SAVED) + "\n"
    assert "dog" in heard(path)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["describe"], 2),
        (["describe", ""], 2),
        (["describe", "x.png", "--region", "1,2,0,9"], 2),
        (["describe", "x.png", "--rate", "9"], 2),
        (["describe", "x.png", "--region", "1,2,3"], 2),
        (["describe", "x.png", "--screen", "first"], 2),
        (["nonsense"], 2),
        (["describe", "--screen", "--no-speak"], 3),
        (["describe", "no-such-file.png", "--no-speak"], 3),
        (["describe", "file:///etc/passwd", "--no-speak"], 3),
        (["describe", "http://127.0.0.1:9/x.png", "--no-speak"], 3),
        (["describe", "resources/samples/dog.jpg", "--captioner", "nobody", "--no-speak"], 4),
        (["speak", "  ", "--no-speak"], 3),
        (["settings", "get", "nothing"], 2),
        (["settings", "set", "speech_rate", "99"], 2),
        (["settings", "set", "window_key", "q"], 2),
        (["settings", "set", "window_key", "ctrl+shift+f11"], 2),
        (["settings", "set", "region", "somewhere"], 2),
        (["settings", "set", "language", "xx"], 2),
        (["settings", "set", "description_language", "spanish"], 2),
        (["settings", "set", "voice", "nobody"], 2),
        (["speak", "Hello", "--voice", "silence", "--no-speak", "--out", "a.wav"], 4),
        (["status"], 7),
        (["stop"], 7),
        (["repeat"], 7),
        (["trigger", "window"], 7),
    ],
)
def test_each_failure_has_its_status_and_one_sentence(arguments, code):
    got, _, err = run(*arguments)
    assert got == code
    assert err.strip()
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], [say(strings.CLI_MISSING, names="COMMAND"), "imagecraft-desktop --help"]),
        (["history", "show"], [say(strings.CLI_MISSING, names="N"), "history show --help"]),
        (["history"], ["list, search", "imagecraft-desktop history --help"]),
        (["descibe", "a.png"], ["descibe", "describe?", "imagecraft-desktop --help"]),
        (["trigger", "windw"], ["window", "imagecraft-desktop trigger --help"]),
        # it would be done at once; `history forget --all` is meant
        (["trigger", "forget"], ["forget", "imagecraft-desktop trigger --help"]),
        (["trigger", "reload"], ["reload", "imagecraft-desktop trigger --help"]),
        (["describe", "a.png", "--clipbord"], ["--clipboard?", "describe --help"]),
        (["status", "now"], ["now", "imagecraft-desktop status --help"]),
        (["history", "show", "one"], ["N: the number of a description", "history list"]),
        (["history", "list", "--most", "x"], ["--most: " + say(strings.CLI_NOT_WHOLE)]),
        (["history", "list", "--most"], ["--most: " + say(strings.CLI_VALUE_NEEDED)]),
        (["describe", "--brief", "--detailed"], ["--detailed: ", "--brief"]),
        (["describe", "--screen", "one"], ["--screen: " + say(strings.CLI_NOT_A_SCREEN)]),
        (["describe", "--rate", "x"], ["--rate: a number from"]),
        (["bench", "--size", "3300"], ["--size cannot be 3300", "330, 830"]),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_without_the_usage(capsys, arguments, told):
    with pytest.raises(SystemExit) as ended:
        make_parser().parse_args(arguments)
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "usage" not in err
    assert len(err.split()) < 40
    assert [words for words in told if words not in err] == []


@pytest.mark.parametrize(
    ("option", "meant"),
    [("--breif", "--brief"), ("--tetx", "--text"), ("--bogus", ""), ("--quit", ""), ("--", "")],
)
def test_only_what_is_alike_is_suggested(option, meant):
    told = strings.did_you_mean(option, ["--brief", "--out", "--text", "--question"])
    assert told == (say(strings.DID_YOU_MEAN, names=meant) if meant else "")


def test_wrong_usage_is_told_in_the_language_of_the_user(capsys):
    strings.use_language("es", paths.resources() / "locale")
    try:
        with pytest.raises(SystemExit):
            make_parser().parse_args(["trigger", "nada"])
        spoken = say(strings.CLI_UNKNOWN_WORD, word="nada")
    finally:
        strings.use_language("en", paths.resources() / "locale")
    assert capsys.readouterr().err.startswith(spoken)
    assert spoken != say(strings.CLI_UNKNOWN_WORD, word="nada")


@pytest.mark.parametrize("verb", [("get",), ("set", "on"), ("reset",)], ids=" ".join)
def test_a_mistyped_setting_names_those_that_are_near(verb):
    code, _, err = run("settings", verb[0], "speech_rat", *verb[1:])
    assert code == 2
    near = say(strings.DID_YOU_MEAN, names="speech_rate, speech_pitch")
    assert err == f"There is no setting called speech_rat. {near} {say(strings.SETTINGS_SEE_ALL)}\n"


def test_a_region_without_area_is_told_what_it_lacks():
    err = run("describe", "--region", "0,0,0,0")[2]
    assert say(strings.CLI_EMPTY_REGION) in err
    assert say(strings.CLI_NOT_A_REGION) not in err


def test_a_source_without_a_name_is_said_to_name_nothing():
    assert run("describe", "", "--no-speak")[2] == say(strings.CLI_NO_SOURCE) + "\n"


def test_self_test_says_once_that_there_are_no_hotkeys():
    lines = run("self-test")[1].splitlines()
    assert [line.split(":")[0] for line in lines if "otkeys" in line] == ["No hotkeys"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_the_self_test_says_of_hotkeys_is_alike(language):
    strings.use_language(language, paths.resources() / "locale")
    try:
        messages = (strings.TRIGGER_WORKS, strings.TEST_KEYS_HELD)
        lines = [say(message, backend="x", keys="F12") for message in messages]
    finally:
        strings.use_language("en", paths.resources() / "locale")
    assert [(line[0].islower(), line[-1]) for line in lines] == [(True, ".")] * 2


def test_the_help_calls_a_screen_as_the_commands_do():
    assert "monitor" not in say(strings.APP_HELP, layer="x").casefold()


def test_the_names_of_settings_begin_alike():
    strings.use_language("es", paths.resources() / "locale")
    try:
        titles = [
            say(message) for message in (strings.SET_VOICECRAFT_MODEL, strings.SET_VOICECRAFT_MODE)
        ]
    finally:
        strings.use_language("en", paths.resources() / "locale")
    assert [title[0].isupper() for title in titles] == [True, True]


def test_an_unknown_voice_is_named(tmp_path):
    code, _, err = run(
        "speak", "Hello", "--voice", "nobody", "--no-speak", "--out", tmp_path / "a.wav"
    )
    assert code == 4
    assert "nobody" in err


def test_a_file_name_that_cannot_hold_sound_is_refused_before_the_work(tmp_path):
    begun = time.monotonic()
    code, _, err = run("describe", SAMPLES / "dog.jpg", "--no-speak", "--out", tmp_path / "a.doc")
    assert code in {2, 3}
    assert "wav" in err
    assert time.monotonic() - begun < 30


def test_settings_are_kept_and_listed():
    said = "speech_rate = 2.5 (Speech rate)\n"
    assert run("settings", "set", "speech_rate", "2.5") == (0, said, "")
    assert run("settings", "get", "speech_rate") == (0, "2.5\n", "")
    code, out, _ = run("settings", "list")
    assert code == 0
    assert "speech_rate = 2.5" in out
    path = run("settings", "path")[1].strip()
    assert json.loads(Path(path).read_text())["speech_rate"] == 2.5


@pytest.mark.skipif(sys.platform == "win32", reason="there is no shell that closes a stream")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("settings list >&-", 0),
        ("settings list 2>&-", 0),
        ("settings show no_such_setting 2>&-", 2),
        ("settings list >&- 2>&- <&-", 0),
        ("describe - --no-speak <&- >&-", 3),
        ("speak 'Two dogs.' >&- 2>&-", 5),
        (f"describe '{SAMPLES / 'error_dialog.png'}' --no-speak >&-", 0),
    ],
)
def test_a_closed_stream_changes_nothing_of_the_command(command, code):
    done = subprocess.run(
        f"exec {shlex.join(COMMAND)} {command}",
        shell=True,
        capture_output=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stdout + done.stderr


def test_lists_name_the_embedded_captioner_and_voice():
    assert run("captioners")[1].startswith("embedded:")
    assert run("voices")[1].startswith("hibari:")


def test_the_output_has_no_symbols_that_a_reader_would_spell():
    for arguments in (["voices"], ["captioners"], ["describe", SAMPLES / "dog.jpg", "--no-speak"]):
        out = run(*arguments)[1]
        assert "\x1b" not in out
        assert "|" not in out
        assert "--" not in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_work_with_status_6(number):
    child = subprocess.Popen(
        [*COMMAND, "describe", *[str(SAMPLES / "receipt_photo.jpg")] * 50, "--no-speak"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ,
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(0.5)
    sent = time.monotonic()
    child.send_signal(number)
    try:
        _, err = child.communicate(timeout=20)
    finally:
        child.kill()
    assert child.returncode == 6
    assert b"Cancelled" in err
    assert time.monotonic() - sent < 5


def test_the_systems_voice_ends_where_there_is_no_sound_device():
    code, _, err = run("speak", "Hello", "--voice", "system", timeout_s=60)
    assert (code, err.count("\n")) == (5, 1), err
    assert err.startswith("No sound device.")


def test_the_list_says_that_no_server_is_named():
    lines = run("captioners")[1].splitlines()
    server = next(line for line in lines if line.startswith("server: "))
    assert server.endswith(say(strings.ERR_SERVER_NOT_NAMED))
    assert server.count("server_address") == 1


def test_the_list_says_that_the_systems_voice_would_not_be_heard():
    lines = run("voices")[1].splitlines()
    system = next(line for line in lines if line.startswith("system: "))
    assert not system.endswith(say(strings.CLI_READY))


@pytest.fixture
def sent(monkeypatch):
    """What a program that runs is asked for."""
    messages = []

    def send(action, timeout_s=None, **words):
        messages.append((action, words))
        return {"ok": True, "spoken": "Done."}

    monkeypatch.setattr(client, "send", send)
    return messages


@pytest.fixture(params=["missing", "folder", "empty"])
def no_picture(request, tmp_path):
    """A path that `describe` refuses."""
    if request.param == "missing":
        return tmp_path / "nothere.png"
    if request.param == "folder":
        return tmp_path
    (tmp_path / "empty.png").touch()
    return tmp_path / "empty.png"


def test_a_trigger_with_no_picture_file_fails_as_describe_does(here, sent, no_picture):
    refused = here("describe", no_picture, "--no-speak")
    assert refused[0] == 3
    assert here("trigger", "file", no_picture) == refused
    ((action, words),) = sent
    assert action == "file", (
        "bound to a key it must still be heard, and nobody sees what is printed"
    )
    assert words["path"] == str(no_picture)


def test_without_the_program_a_trigger_with_no_picture_file_starts_nothing(here, no_picture):
    refused = here("describe", no_picture, "--no-speak")
    assert here("trigger", "file", no_picture, "--start") == refused


def test_the_image_window_gets_only_what_is_there(here, sent, no_picture):
    if no_picture.is_dir():
        assert here("window", no_picture) == (0, "Done.\n", "")
        assert here("trigger", "image-window", no_picture) == (0, "Done.\n", "")
        return
    refused = here("describe", no_picture, "--no-speak")
    assert here("window", no_picture) == refused
    assert here("window", no_picture, "--start") == refused
    assert sent == []
    dog = SAMPLES / "dog.jpg"
    assert here("window", no_picture, dog, no_picture.parent) == (3, "Done.\n", refused[2])
    ((_, words),) = sent
    assert json.loads(words["paths"]) == [str(dog), str(no_picture.parent)]
