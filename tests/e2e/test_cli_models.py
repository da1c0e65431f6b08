"""`imagecraft-desktop models` as a person types it, against a hub on this machine."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.speak.voicecraft import VoiceCraftWish
from imagecraft_desktop.strings import say
from imagecraft_desktop.weights import catalogue, fit, sizes, store, voicecraft
from imagecraft_desktop.weights.lines import LANGUAGES
from tests.hub_server import COMMIT, Hub, Mischief
from tests.small_disk import resize, small_disk
from tests.tiny_models import BLIP_WANTED, blip, safetensors, write

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-m", "imagecraft_desktop", "models"]
REPO = "Salesforce/blip-image-captioning-base"
VOICE, CODEC = "pyp1/VoiceCraft_330M_TTSEnhanced", "pyp1/VoiceCraft"
REPOS = {
    VOICE: {"config.json": b"{}", "model.safetensors": safetensors(2000)},
    CODEC: {"encodec_4cb2048_giga.th": b"the codec"},
}


@pytest.fixture
def hub(monkeypatch, tmp_path):
    with Hub({REPO: blip(), **REPOS}).running() as one:
        monkeypatch.setenv("HF_ENDPOINT", one.url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
        monkeypatch.setenv("HF_HUB_DOWNLOAD_TIMEOUT", "1")
        yield one


def run(*arguments, **options):
    """The command. Its models are no networks, so none is measured; see test_cli_calibrate."""
    if arguments[0] in {"install", "import"}:
        arguments = (*arguments, "--no-calibrate")
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=ROOT,
        **options,
    )
    return done.returncode, done.stdout, done.stderr


def test_list_has_a_line_for_each_model_those_first_that_fit():
    code, out, err = run("list")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    machine = fit.look()
    need = sizes.in_words(fit.need_bytes(catalogue.find("blip-base"), machine))
    assert sorted(line.partition(",")[0] for line in lines) == sorted(catalogue.known())
    assert next(line for line in lines if line.startswith("blip-base,")).startswith(
        f"blip-base, for short captions. Download 990 megabytes, memory {need}, "
        "licence BSD-3-Clause, English. Not installed. "
        "Its page may have no weights that are safe to read; florence-2-base-ft is like it. "
    )
    gated = next(line for line in lines if line.startswith("paligemma-3b-mix-224,"))
    assert "Not installed. Needs a login to the Hugging Face Hub. " in gated
    # they can hardly be installed
    assert {line.partition(",")[0] for line in lines[-3:]} == {"blip-base", "git-base-coco", "coca"}
    is_big = [line.endswith("Too big for this machine.") for line in lines[:-3]]
    assert is_big == sorted(is_big)


def test_another_model_is_told_while_the_page_may_have_no_safe_weights(hub):
    def told():
        listed = [json.loads(line) for line in run("list", "--json")[1].splitlines()]
        shown = json.loads(run("show", "blip-base", "--json")[1])
        assert shown in listed
        return shown["instead"], [one["name"] for one in listed if one["instead"]]

    assert told() == ("florence-2-base-ft", ["blip-base", "git-base-coco", "coca"])
    assert "florence-2-base-ft is like it." in run("show", "blip-base")[1]
    run("install", "blip-base", "--accept")
    assert told() == (None, ["git-base-coco", "coca"])  # it came, so its page has them


def test_every_language_of_the_catalogue_can_be_said():
    tags = {tag for model in catalogue.known().values() for tag in model.languages}
    assert tags - {"*"} <= set(LANGUAGES)


def test_model_is_installed_shown_verified_and_removed(hub):
    code, out, err = run("install", "blip-base", "--accept")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "BLIP base, a download of about 990 megabytes. Licence: BSD-3-Clause. "
        "Read it at https://opensource.org/license/bsd-3-clause",
        "Its page may have no weights in the form safetensors, the only one that is read here; you hear it then "
        "before anything comes. florence-2-base-ft is like it and has them.",
        "Downloading 1 megabyte. It can be cancelled at any time and goes on later from there.",
        "90 percent, 1 megabyte of 1 megabyte.",
        "100 percent, 1 megabyte of 1 megabyte.",
        "Checking the files.",
        "The model blip-base is installed.",
    ]
    out = run("show", "BLIP-base")[1]
    assert out.splitlines()[0].partition("English. ")[2].startswith("Installed. ")
    assert f"From {REPO}, version {COMMIT}." in out
    assert str(store.folder_of("blip-base")) in out
    checked = "Checking the files.\nblip-base: 4 files, all as they were installed.\n"
    assert run("verify") == (0, checked, "")
    already = "Checking the files.\nThe model blip-base is installed already, and its files are as they should be.\n"
    assert run("install", "blip-base") == (0, already, "")
    freed = "The model blip-base is removed, which frees 1 megabyte.\n"
    assert run("remove", "blip-base") == (0, freed, "")
    assert run("verify")[1].startswith("No models are installed.")


LARGE = catalogue.find("blip-large")
LARGE_REPO = LARGE.sources[0].repo
PINNED = LARGE.sources[0].revision
OLD = "0" * 40


def install_old(folder):
    """A version of blip-large from before the one that the catalogue names, as a download left it."""
    write(folder, blip(3000))
    with store.changing("blip-large") as partial:
        for name in BLIP_WANTED:
            store.copy(folder / name, partial / name, lambda: None)
        files = store.check(LARGE, partial, dict.fromkeys(BLIP_WANTED, LARGE_REPO), lambda: None)
        return store.finish(LARGE, partial, files, {LARGE_REPO: OLD})


def told_of_large():
    """Its line of the list, all about it, and whether a newer version is known as programs are told."""
    line = next(one for one in run("list")[1].splitlines() if one.startswith("blip-large,"))
    facts = json.loads(run("show", "blip-large", "--json")[1])
    return line, run("show", "blip-large")[1], facts["is_newer_known"]


def test_a_newer_version_is_told_and_installed_after_consent(hub, tmp_path):
    old = install_old(tmp_path / "old")
    line, shown, is_newer_known = told_of_large()
    assert f"Installed on {old.installed}. A newer version is known" in line
    assert f"From {LARGE_REPO}, version {OLD}." in shown
    assert f"The newer version is {PINNED}. To install it: " in shown
    assert is_newer_known
    code, out, err = run("install", "blip-large")
    assert (code, err) == (
        2,
        "The terms are not accepted, and nothing was changed. If you accept them, add --accept.\n",
    )
    assert out.startswith("A newer version of the model blip-large is known.")
    assert "a download of about 1.9 gigabytes" in out
    assert hub.asked == []
    code, _, err = run("install", "blip-large", "--accept")  # the hub does not have it yet
    assert (code, len(err.splitlines())) == (4, 1)
    assert store.verify("blip-large", lambda: None) == old
    hub.repos[LARGE_REPO], hub.commit = blip(6000), PINNED
    code, out, err = run("install", "blip-large", "--accept")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "The model blip-large is installed."
    made = store.verify("blip-large", lambda: None)
    assert made.commits == {LARGE_REPO: PINNED}
    assert made.size > old.size
    line, shown, is_newer_known = told_of_large()
    assert "Installed. " in line
    assert f"From {LARGE_REPO}, version {PINNED}." in shown
    assert "newer version" not in line + shown
    assert not is_newer_known
    assert "is installed already" in run("install", "blip-large")[1]


def test_of_a_model_from_a_folder_no_version_is_told(tmp_path):
    run("import", "blip-large", write(tmp_path / "stick", blip()), "--accept")
    line, shown, is_newer_known = told_of_large()
    assert "Installed. " in line
    assert "It was installed from a folder, so its version is not known." in shown
    assert PINNED not in shown
    assert not is_newer_known
    assert "is installed already" in run("install", "blip-large")[1]


def test_damaged_model_is_told_and_brought_in_order_without_asking_again(hub):
    run("install", "blip-base", "--accept")
    file = store.folder_of("blip-base") / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[3000] ^= 1
    file.write_bytes(content)
    code, out, err = run("verify", "blip-base")
    assert (code, out) == (4, "Checking the files.\n")
    assert err == (
        "Model damaged: blip-base. The file model.safetensors has changed. "
        "To bring it in order: Settings, page Models, or the command imagecraft-desktop models install blip-base\n"
    )
    hub.asked.clear()
    code, out, err = run("install", "blip-base")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "The model blip-base is installed."
    assert len(hub.asked_for("/resolve/")) == 1
    assert run("verify")[0] == 0


@pytest.mark.parametrize("verb", ["verify", "install"])
def test_of_a_spoiled_record_of_first_downloads_it_is_told_what_that_means(hub, verb):
    write(store.root(), {".recorded.json": b"{"})
    words = ["install", "blip-base", "--accept"] if verb == "install" else ["verify"]
    code, _, err = run(*words)
    assert code == 0
    assert err.startswith("What was noted of the first downloads of models cannot all be read; ")
    assert (store.record_of(REPO) is not None) is (verb == "install")
    assert run("verify")[2] == "", "it is told once"


def test_nothing_is_asked_of_the_hub_before_the_terms_are_accepted(hub):
    code, out, err = run("install", "voicecraft-330m")
    assert code == 2
    assert "Coqui Public Model License 1.0.0" in out
    assert "non-commercial purposes only" in out
    assert "about 2.5 gigabytes" in out
    assert err == (
        "The terms are not accepted, and nothing was changed. If you accept them, add --accept.\n"
    )
    assert hub.asked == []
    assert not voicecraft.is_accepted()


@pytest.mark.parametrize(("typed", "is_installed"), [("yes", True), ("no", False), ("", False)])
@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
def test_yes_can_be_typed(hub, typed, is_installed):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "install", "blip-base", "--no-calibrate"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as child:
        os.write(ours, typed.encode() + b"\n")
        out = child.communicate(timeout=60)[0].decode()
    os.close(ours)
    os.close(theirs)
    assert "type yes: " in out
    assert (child.returncode == 0) is is_installed
    assert ("blip-base" in store.installed()) is is_installed
    assert bool(hub.asked) is is_installed


def test_installed_voice_is_found_without_a_setting(hub):
    code, out, err = run("install", "voicecraft-330m", "--accept")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].startswith("Make a voice to speak in with: ")
    folder = VoiceCraftWish().path
    assert folder == store.folder_of("voicecraft-330m")
    found = voicecraft.find(folder)
    assert (found.network, found.codec) == (folder, folder / "encodec_4cb2048_giga.th")
    assert voicecraft.is_accepted()
    assert VoiceCraftWish("elsewhere").path == Path("elsewhere")
    run("remove", "voicecraft-330m")
    assert VoiceCraftWish().path == store.folder_of("voicecraft")


def test_model_is_imported_from_a_folder(tmp_path):
    folder = write(tmp_path / "stick", blip())
    assert run("import", "blip-base", folder)[0] == 2
    code, out, err = run("import", "blip-base", folder, "--accept")
    assert (code, err) == (0, "")
    assert out.splitlines()[-3:] == [
        "Copying 1 megabyte.",
        "Checking the files.",
        "The model blip-base is installed.",
    ]
    assert run("verify")[0] == 0
    (folder / "config.json").unlink()
    code, out, err = run("import", "blip-base", folder, "--accept")
    assert code == 3
    assert err.startswith(
        f"The folder {folder} is not the model blip-base: it has no file config.json."
    )


@pytest.mark.parametrize("accept", [(), ("--accept",)], ids=["asked", "accepted"])
def test_a_folder_that_is_no_model_is_told_before_the_licence(here, tmp_path, accept):
    folder = tmp_path / "stick"
    wanted = (3, "", say(strings.MODEL_NO_FOLDER, folder=folder) + "\n")
    assert here("models", "import", "blip-base", folder, *accept) == wanted
    folder.mkdir()
    code, out, err = here("models", "import", "blip-base", folder, *accept)
    assert (code, out) == (3, "")
    assert "it has no file config.json" in err


def test_an_import_is_no_download(here, tmp_path):
    name = "paligemma-3b-ft-cococap-224"
    model = catalogue.find(name)
    files = [file.path.replace("*", "a") for source in model.sources for file in source.files]
    folder = write(tmp_path / "stick", dict.fromkeys(files, b""))
    code, out, err = here("models", "import", name, folder)
    assert model.gated
    assert (code, err) == (2, say(strings.ERR_LICENCE_NOT_ACCEPTED) + "\n")
    assert out.startswith(f"{model.label}, about ")
    assert model.licence.name in out
    assert say(strings.MODEL_TERMS_BOUND) in out
    assert "download" not in out
    assert "login" not in out


def begin_slowly(hub, *more):
    """An install that takes five seconds at least."""
    hub.repos[REPO] = blip(25_000_000)
    hub.mischief.append(Mischief("model.safetensors", times=1, pace=500_000))
    return subprocess.Popen(
        [*COMMAND, "install", "blip-base", "--accept", "--no-calibrate", *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def read_to(child, *beginnings):
    """Lines of its output, up to one that begins so."""
    lines = []
    for line in iter(child.stdout.readline, ""):
        lines.append(line.rstrip())
        if line.startswith(beginnings):
            return lines
    raise AssertionError(f"never came: {beginnings}, but {lines} and {child.stderr.read()}")


@pytest.mark.parametrize("is_paused", [False, True], ids=["running", "paused"])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")
def test_cancelled_download_says_how_to_go_on_and_does(hub, ending, is_paused):
    with begin_slowly(hub) as child:
        read_to(child, "20 percent", "30 percent", "40 percent")
        if is_paused:
            run("pause", "blip-base")
            read_to(child, "Paused.")
        child.send_signal(ending)
        err = child.communicate(timeout=30)[1]
    assert child.returncode == 6
    assert err.splitlines() == [
        "What has come is kept. To go on: imagecraft-desktop models install blip-base",
        "Cancelled.",
    ]
    state = next(line for line in run("list")[1].splitlines() if line.startswith("blip-base,"))
    assert re.search(r"Download begun, \d+ megabytes have come\.", state)
    assert "Its page may have" not in state  # what has come shows what it has
    code, out, err = run("install", "blip-base")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"Going on at \d+ percent of 25 megabytes\.", out.splitlines()[1])
    assert out.splitlines()[-1] == "The model blip-base is installed."
    assert "Paused." not in out
    ranges = [one.headers.get("range") for one in hub.asked_for("model.safetensors")]
    assert len(ranges) == 2
    assert int(ranges[1].removeprefix("bytes=").rstrip("-")) > 2_000_000


def test_a_download_is_paused_and_goes_on_by_other_commands(hub):
    with begin_slowly(hub) as child:
        read_to(child, "20 percent", "30 percent", "40 percent")
        begun = time.monotonic()
        pauses = "The download of the model blip-base pauses. To go on: "
        assert run("pause", "blip-base")[1].startswith(pauses)
        paused = read_to(child, "Paused.")[-1]
        assert time.monotonic() - begun < 10  # most of it is the start of the other command
        assert paused == "Paused. To go on: imagecraft-desktop models resume blip-base"
        time.sleep(1.5)  # what was on its way has come
        sent = hub.sent
        assert sent < 20_000_000
        time.sleep(1)
        assert hub.sent == sent, "there is no connection"
        assert run("resume", "blip-base")[:2] == (
            0,
            "The download of the model blip-base goes on.\n",
        )
        out, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, "")
    lines = out.splitlines()
    assert (lines[0], lines[-1]) == ("Going on.", "The model blip-base is installed.")
    assert len(hub.asked_for("model.safetensors")) == 2
    assert run("verify", "blip-base")[0] == 0


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_without_a_download_there_is_nothing_to_pause(hub, verb):
    code, out, err = run(verb, "blip-base")
    assert (code, out) == (4, "")
    assert err.startswith("The model blip-base is not being downloaded.")
    run("install", "blip-base", "--accept")
    assert run(verb, "blip-base")[0] == 4


def test_a_download_that_runs_cannot_be_resumed(hub):
    with begin_slowly(hub) as child:
        read_to(child, "10 percent", "20 percent")
        code, _, err = run("resume", "blip-base")
        child.kill()
        child.communicate()
    assert (code, err) == (4, "The download of the model blip-base is not paused.\n")


def test_a_download_is_spoken_where_there_is_sound_and_printed_in_any_case(hub):
    code, out, err = run("install", "blip-base", "--accept", "--say")
    assert code == 0
    assert "100 percent, 1 megabyte of 1 megabyte." in out.splitlines()
    assert out.splitlines()[-1] == "The model blip-base is installed."
    assert len(err.splitlines()) == 1
    assert "sound" in err, "nothing is played here, and that is told once"


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"HF_HUB_OFFLINE": "1"}, "the variable HF_HUB_OFFLINE forbids it"),
        ({"HF_ENDPOINT": "http://127.0.0.1:9"}, "the Hugging Face Hub cannot be reached"),
    ],
)
def test_without_a_connection_one_sentence_is_told(hub, env, told):
    code, _, err = run("install", "blip-base", "--accept", env={**os.environ, **env})
    assert code == 4
    assert err.startswith(f"The model blip-base was not downloaded: {told}.")
    assert len(err.splitlines()) == 1


def test_busy_hub_is_told_while_it_is_waited_for(hub):
    hub.mischief.append(Mischief("/api/", times=1, status=429, headers={"Retry-After": "1"}))
    code, out, err = run("install", "blip-base", "--accept")
    assert (code, err) == (0, "")
    assert out.splitlines()[2] == "The Hugging Face Hub is busy. Waiting 1 second."


def assert_one_sentence(err, told):
    """An error is one line, which begins so; no trace, and nothing of a library."""
    assert err.startswith(told)
    assert len(err.splitlines()) == 1


WEIGHTS = "model.safetensors"


@pytest.mark.parametrize(
    ("mischief", "told"),
    [
        (Mischief(WEIGHTS, cut_after=0), "The connection broke off while the model blip-base"),
        (Mischief("/api/", status=403), "The model blip-base is given only to those who log in"),
        (Mischief(WEIGHTS, status=403), "The model blip-base is given only to those who log in"),
        (Mischief("/api/", html=True), "The Hugging Face Hub gave an answer"),
        (
            Mischief("/api/", status=429, headers={"Retry-After": "601"}),
            "The Hugging Face Hub is busy.",
        ),
        (
            Mischief(WEIGHTS, spoil=safetensors(5000, seed=1)),
            f"The file {WEIGHTS} of the model blip-base is not",
        ),
        (
            Mischief("vocab.txt", spoil=b"longer than it should be"),
            "The file vocab.txt of the model blip-base is not",
        ),
    ],
    ids=["cut", "forbidden", "file forbidden", "hotel", "busy", "hash", "length"],
)
def test_each_fault_of_the_hub_is_one_sentence_and_an_exit_status(hub, mischief, told):
    hub.mischief.append(mischief)
    code, _, err = run("install", "blip-base", "--accept")
    assert code == 4
    assert_one_sentence(err, told)
    assert store.installed() == {}


def test_a_disk_that_becomes_full_is_one_sentence_and_what_has_come_is_kept(
    hub, tmp_path, monkeypatch
):
    with small_disk(tmp_path / "disk", "200m") as disk:
        monkeypatch.setenv("XDG_DATA_HOME", str(disk))
        with begin_slowly(hub) as child:
            read_to(child, "10 percent", "20 percent")
            resize(disk, "16m")
            err = child.communicate(timeout=60)[1]
        assert child.returncode == 3
        assert_one_sentence(err, "The disk became full while the model blip-base was written; ")
        assert "What has come is kept." in err
        resize(disk, "200m")
        code, out, err = run("install", "blip-base")
        assert (code, err) == (0, "")
        assert "Going on at " in out


def test_gated_model_says_how_to_get_in(hub):
    code, _, err = run("install", "paligemma-3b-mix-224", "--accept")
    assert code == 4
    assert "Log in to the Hub, or the command imagecraft-desktop models login. " in err
    assert hub.asked == []


TOKEN = "hf_" + "q" * 34


def log_in(token):
    return subprocess.run(
        [*COMMAND, "login"],
        input=token,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )


def test_login_from_the_standard_input_opens_a_gated_model_until_logout(hub, tmp_path, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    hub.tokens.add(TOKEN)
    hub.gated.add(REPO)
    wrong = log_in("hf_wrong\n")
    assert (wrong.returncode, wrong.stdout) == (4, "")
    assert wrong.stderr.startswith("The Hugging Face Hub does not know this access token.")
    asked = len(hub.asked)
    for empty in ("", "\n", "  \n"):
        nothing = log_in(empty)
        assert (nothing.returncode, nothing.stdout) == (2, "")
        assert nothing.stderr == say(strings.ERR_TOKEN_MISSING) + "\n"
    assert len(hub.asked) == asked
    done = log_in(TOKEN)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("You are logged in to the Hugging Face Hub as anna. ")
    assert run("install", "blip-base", "--accept", "--login")[0] == 0
    with_it = [one for one in tmp_path.rglob("*") if one.is_file() and TOKEN in _text(one)]
    assert {one.relative_to(tmp_path / "hf").name for one in with_it} == {"token", "stored_tokens"}
    code, out, err = run("logout")
    assert (code, err) == (0, "")
    assert out.startswith("You are logged out of the Hugging Face Hub on this machine")
    assert not [one for one in tmp_path.rglob("*") if one.is_file() and TOKEN in _text(one)]


def _text(file):
    return file.read_text("utf-8", errors="replace")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
def test_a_token_that_is_typed_is_not_shown(hub, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    hub.tokens.add(TOKEN)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "login"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=ROOT,
        start_new_session=True,
    ) as child:
        shown = b""
        while b"it is not shown: " not in shown:
            shown += os.read(ours, 1000)
        os.write(ours, TOKEN.encode() + b"\n")
        out = child.communicate(timeout=60)[0].decode()
    os.set_blocking(ours, False)
    with suppress(BlockingIOError):
        shown += os.read(ours, 1000)
    os.close(ours)
    os.close(theirs)
    assert out.startswith("You are logged in to the Hugging Face Hub as anna. ")
    assert TOKEN not in shown.decode() + out


@pytest.mark.parametrize(
    ("name", "instead"), [("git-base-coco", "florence-2-base-ft"), ("coca", "blip-large")]
)
def test_where_safe_weights_were_not_seen_it_is_told_before_consent(hub, name, instead):
    code, out, _ = run("install", name)
    assert code == 2
    assert "Its page may have no weights in the form safetensors" in out
    assert f"{instead} is like it and has them." in out
    assert hub.asked == []


@pytest.mark.parametrize("verb", ["show", "install", "remove", "verify"])
def test_unknown_model_is_told(verb):
    code, out, err = run(verb, "nonsense")
    assert (code, out) == (2, "")
    assert err.startswith("There is no model called nonsense.")


@pytest.mark.parametrize("verb", ["remove", "verify"])
def test_model_that_is_not_installed_is_told(verb):
    code, _, err = run(verb, "blip-base")
    assert code == 4
    assert err.startswith("Model missing: blip-base.")


def test_spanish_speaks_spanish(hub):
    subprocess.run(
        [*COMMAND[:-1], "settings", "set", "language", "es"], check=True, cwd=ROOT, timeout=60
    )
    _, out, _ = run("install", "blip-base", "--accept")
    assert out.splitlines()[-1] == "El modelo blip-base está instalado."
