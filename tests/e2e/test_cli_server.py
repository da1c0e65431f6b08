"""`describe --captioner server` and `server` as a person types them, against a server on this machine."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from imagecraft_desktop.settings import store
from imagecraft_desktop.system import paths
from tests.chat_server import Chat, Mischief
from tests.e2e.test_cli import COMMAND, ROOT, SAMPLES, run
from tests.golden import IMAGECRAFT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="0.0.0.0 leads nowhere there")
DRAWING = IMAGECRAFT / "images" / "img0.png"
ASK = ("describe", DRAWING, "--captioner", "server", "--no-speak")
WATCHED = """
import sys
import imagecraft_desktop.cli.main as command

status = command.main(sys.argv[1:])
print(sorted({"torch", "transformers"} & set(sys.modules)))
sys.exit(status)
"""


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Chat().running() as one:
        store.set_value("server_address", one.url)
        yield one


def test_a_picture_is_described_without_torch(chat: Chat):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WATCHED, *map(str, ASK)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["No text found.", "Probably a dog on a beach.", "[]"]


def test_json_says_that_the_probabilities_are_not_known(chat: Chat):
    code, out, err = run(*ASK, "--json", "--ask", "Is it a zebra?")
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert facts["captioner"] == "server"
    assert facts["caption"] == {
        "text": "A dog on a beach.",
        "certainty": "likely",
        "probability": None,
        "weakest": None,
        "tokens": 0,
        "agreement": None,
        "contradicts": [],
        "bounds": "chosen",
    }
    assert chat.questions[0].prompt == "Is it a zebra?"


def test_a_fault_leaves_the_facts_in_json(chat: Chat):
    chat.mischief = Mischief(status=503)
    code, out, err = run(*ASK, "--json")
    assert (code, err.count("\n")) == (4, 1)
    facts = json.loads(out)
    assert [one["from"] for one in facts["statements"]] == ["ocr", "failure"]
    assert (facts["captioner"], facts["caption"]) == ("server", None)


def test_questions_are_answered_one_after_the_other(chat: Chat):
    chat.refused = "logprobs"
    questions = ("--ask", "Is it a zebra?", "--ask", "Is it a dog?")
    code, out, err = run(*ASK, *questions)
    assert (code, err) == (0, "")
    assert out.splitlines() == ["Probably a dog on a beach."] * 2
    asked = [one.prompt for one in chat.questions if "logprobs" not in one.body]
    assert asked == ["Is it a zebra?", "Is it a dog?"]


def test_text_is_not_sent(chat: Chat):
    code, out, _ = run("describe", SAMPLES / "error_dialog.png", *ASK[2:])
    assert code == 0
    assert "Save failed" in out
    assert chat.asked == []


def test_without_an_address_it_says_what_to_do():
    code, out, err = run(*ASK)
    assert (code, out) == (4, "")
    assert err.startswith("No server is named. ")
    assert err.count("\n") == 1


def test_another_machine_is_allowed_asked_told_and_forgotten(chat: Chat):
    store.set_value("server_address", f"0.0.0.0:{chat.port}")
    code, out, err = run(*ASK)
    assert (code, out) == (2, "")
    assert err == (
        "Nothing was sent to 0.0.0.0: it is another machine, and you have not allowed it. If you want "
        "your pictures to go there, press Permission to send in the settings, or: "
        "imagecraft-desktop server allow 0.0.0.0\n"
    )
    code, out, err = run("server", "allow", "0.0.0.0")
    assert code == 2
    assert "of your screen too, will be sent to 0.0.0.0" in out
    assert "they are not encrypted" in out
    assert (
        err == "0.0.0.0 is not allowed, and nothing was changed. If you allow it, add --accept.\n"
    )
    assert chat.asked == []
    assert run("server", "allow", "0.0.0.0", "--accept")[0] == 0
    code, out, err = run(*ASK)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "No text found.",
        "Sent to 0.0.0.0.",
        "Probably a dog on a beach.",
    ]
    assert run("server", "forget") == (0, "0.0.0.0 is not allowed any more.\n", "")
    assert run(*ASK)[0] == 2
    assert run("server", "forget") == (0, "No other machine is allowed.\n", "")
    assert "was not allowed" in run("server", "forget", "box")[1]


def test_what_is_allowed_over_https_is_not_without(chat: Chat):
    store.set_value("server_address", "https://0.0.0.0")
    code, out, err = run("server", "allow", "0.0.0.0", "--accept")
    assert (code, err) == (0, "")
    assert "not encrypted" not in out
    store.set_value("server_address", f"http://0.0.0.0:{chat.port}")
    code, out, err = run(*ASK)
    assert (code, out, chat.asked) == (2, "", [])
    assert err.startswith("Nothing was sent to 0.0.0.0: its address does not begin with https")
    code, out, err = run("server", "allow", "0.0.0.0", "--accept")
    assert (code, err) == (0, "")
    assert "they are not encrypted" in out
    assert run(*ASK)[0] == 0


def test_the_address_that_is_typed_tells_whether_it_is_encrypted():
    assert "not encrypted" not in run("server", "allow", "https://box", "--accept")[1]
    assert "not encrypted" in run("server", "allow", "http://box", "--accept")[1]


def test_this_machine_needs_no_permission():
    told = "localhost is this machine and needs no permission.\n"
    assert run("server", "allow", "localhost") == (0, told, "")


@pytest.mark.parametrize(("typed", "is_allowed"), [("yes", True), ("no", False)])
def test_yes_can_be_typed(typed: str, is_allowed: bool):
    ours, theirs = pty.openpty()
    command = [*COMMAND, "server", "allow", "box.example"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, cwd=ROOT) as child:
        os.write(ours, typed.encode() + b"\n")
        out = child.communicate(timeout=60)[0].decode()
    os.close(ours)
    os.close(theirs)
    assert "type yes: " in out
    assert (child.returncode == 0) is is_allowed
    assert (paths.data_dir() / "servers.json").exists() is is_allowed


def test_the_server_is_tried(chat: Chat):
    code, out, err = run("server", "test")
    assert (code, err) == (0, "")
    first, second, third = out.splitlines()
    assert first == "The server 127.0.0.1 answers. Its models: tiny-vl."
    assert second.startswith("A sample picture took ")
    assert third == "Probably a dog on a beach."
    chat.mischief = Mischief(status=500)
    code, _, err = run("server", "test")
    assert (code, err.count("\n")) == (4, 1)


@pytest.mark.parametrize(
    ("mischief", "told"),
    [
        (Mischief(status=401), "refuses the key"),
        (Mischief(status=503), "failed"),
        (Mischief(status=429), "busy"),
        (Mischief(body=b"data: {\n\n"), "does not answer as a chat server does"),
        (Mischief(stall_after=2), "silent for 2 seconds"),
        (Mischief(cut_after=2), "broke off"),
        (Mischief(status=302, headers={"Location": "http://box/"}), "another address, box,"),
    ],
)
def test_a_fault_is_one_sentence_after_the_facts(chat: Chat, mischief: Mischief, told: str):
    chat.mischief = mischief
    store.set_value("server_wait_s", 2)
    code, out, err = run(*ASK)
    assert (code, out) == (4, "No text found.\n")
    assert told in err
    assert err.count("\n") == 1


def test_control_c_is_heard_while_the_server_is_silent(chat: Chat):
    chat.mischief = Mischief(stall_first=True)
    with subprocess.Popen(
        [*COMMAND, *map(str, ASK)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as child:
        until = time.monotonic() + 60
        while not chat.questions and time.monotonic() < until:
            time.sleep(0.02)
        asked = time.monotonic()
        child.send_signal(signal.SIGINT)
        assert chat.gone.wait(5)
        assert time.monotonic() - asked < 1
        _, err = child.communicate(timeout=20)
    assert (child.returncode, err.decode()) == (6, "Cancelled.\n")


def test_the_key_is_used_and_nowhere_shown(chat: Chat):
    chat.key = "open-sesame"
    store.set_value("log_level", "debug")
    code, out, err = run("settings", "set", "server_key", "open-sesame")
    assert (code, err) == (0, "")
    assert out == "server_key = set, not shown (Key for that server, if it wants one)\n"
    assert run("settings", "get", "server_key")[1] == "set, not shown\n"
    assert "open-sesame" not in run("settings", "list")[1]
    code, out, err = run(*ASK)
    assert (code, err) == (0, "")
    assert "dog" in out
    logs = list(paths.log_dir().glob("*.log*"))
    assert logs
    assert all("open-sesame" not in one.read_text("utf-8") for one in logs)


def test_an_address_with_a_password_is_not_kept():
    code, _, err = run("settings", "set", "server_address", "http://anna:secret@box")
    assert code == 2
    assert err.startswith("The address of the server is not understood.")
    assert "secret" not in err


def test_two_at_once_are_both_answered(chat: Chat):
    chat.mischief = Mischief(pace_s=0.05)
    codes: list[int] = []
    threads = [threading.Thread(target=lambda: codes.append(run(*ASK)[0])) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert codes == [0, 0]
