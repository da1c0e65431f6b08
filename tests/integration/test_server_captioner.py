"""The captioner `server` against a real server on this machine that misbehaves on purpose."""

from __future__ import annotations

import gc
import json
import math
import random
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from imagecraft_desktop.describe import server
from imagecraft_desktop.describe.bounds import BOUNDS
from imagecraft_desktop.describe.server import KEY_VARIABLE, ServerCaptioner, captions
from imagecraft_desktop.describe.server.address import allow, read_address
from imagecraft_desktop.describe.server.talk import MOST_BYTES
from imagecraft_desktop.describe.server.turns import Turns
from imagecraft_desktop.errors import (
    Cancelled,
    ServerBadRequest,
    ServerBusy,
    ServerCut,
    ServerError,
    ServerFailed,
    ServerHasModels,
    ServerHasNoModel,
    ServerKeyRefused,
    ServerModelUnknown,
    ServerNonsense,
    ServerNotAllowed,
    ServerNotNamed,
    ServerNotRunning,
    ServerNotSecure,
    ServerOnlyThought,
    ServerRedirects,
    ServerRefused,
    ServerReplyTooLong,
    ServerSaidNothing,
    ServerSilent,
)
from imagecraft_desktop.see import things
from imagecraft_desktop.values import (
    FAILURE,
    Caption,
    Certainty,
    Description,
    Detail,
    Origin,
    Picture,
    Server,
    Statement,
    Wish,
)
from tests.chat_server import MODEL, Chat, Mischief
from tests.integration.test_embedded import IMAGES
from tests.integration.test_gate import GATE, protected

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="0.0.0.0 leads nowhere there")
DOG = np.asarray(Image.open(IMAGES / "a_dog.jpg").convert("RGB"))
SMALL = np.zeros((8, 8, 3), np.uint8)


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Chat().running() as one:
        yield one


def wish(chat: Chat, **other: object) -> Wish:
    found = {"server": Server(chat.url, wait_s=30.0), **other}
    return Wish(**found)  # type: ignore[arg-type]


@pytest.fixture
def one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every server is too slow for a second look."""
    monkeypatch.setattr(server, "BOUNDS", replace(BOUNDS, slow_s=0.0))


def never() -> None:
    """Nobody asks to stop."""


def ask(chat: Chat, pixels: np.ndarray = SMALL, **other: object) -> list[Caption | Statement]:
    return list(captions(pixels, wish(chat, **other), never))


@pytest.fixture(scope="module")
def captioner() -> ServerCaptioner:
    return ServerCaptioner()


def describe(
    captioner: ServerCaptioner, pixels: np.ndarray, wanted: Wish, origin: Origin = Origin.FILE
) -> Description:
    work = captioner.describe(Picture(pixels, origin, "picture"), wanted, never)
    told = []
    while True:
        try:
            told.append(next(work))
        except StopIteration as end:
            found: Description = end.value
            assert list(found.statements) == told
            return found


# --- what is asked, and what is said ---


def test_a_photo_is_described_after_the_facts(chat: Chat, captioner: ServerCaptioner):
    found = describe(captioner, DOG, wish(chat))
    assert found.spoken == (
        "A photo of a dog, a German shepherd. It fills most of the picture. "
        "Probably a dog on a beach. No text found in it."
    )
    assert found.captioner == "server"
    likely = Caption("A dog on a beach.", 0.0, 0.0, 0, Certainty.LIKELY, agreement=1.0)
    assert found.caption == likely
    asked, _ = chat.questions
    assert asked.picture.size == DOG.shape[1::-1]
    assert asked.body["model"] == MODEL
    assert asked.body["stream"] is True


def test_probabilities_that_the_server_tells_are_used(chat: Chat, captioner: ServerCaptioner):
    chat.logprobs = [math.log(0.9)] * len(chat.says)
    found = describe(captioner, DOG, wish(chat))
    assert "picture. A dog on a beach. No text" in found.spoken
    assert found.caption is not None
    assert found.caption.probability == pytest.approx(0.9)
    assert found.caption.tokens == len(chat.says)
    chat.logprobs = [math.log(0.01)] * len(chat.says)
    assert "beach" not in describe(captioner, DOG, wish(chat)).spoken


def test_sentences_come_while_the_server_still_writes(chat: Chat):
    more = [
        part
        for name in ("one", "two", "three", "four", "five")
        for part in (" And", " so", f" {name}", ".")
    ]
    chat.says = ["A", " dog", ".", " It", " sits", ".", *more]
    chat.mischief = Mischief(pace_s=0.1)
    begun = time.monotonic()
    work = captions(SMALL, wish(chat, question="What is it?"), never)
    first = next(work)
    assert isinstance(first, Caption)
    assert first.text == "A dog."
    assert time.monotonic() - begun < 1.5
    assert len(list(work)) == 6
    assert time.monotonic() - begun > 2


def test_an_answer_in_one_piece_is_understood(chat: Chat):
    chat.is_streaming = False
    chat.says = ["A dog. ", "It sits."]
    assert [one.text for one in ask(chat)] == ["A dog.", "It sits."]


def test_thoughts_keep_the_line_open_and_are_not_said(chat: Chat):
    chat.thoughts = ["Hm"] * 12
    chat.mischief = Mischief(pace_s=0.15)
    found = ask(chat, server=Server(chat.url, wait_s=1.0))
    assert [one.text for one in found] == ["A dog on a beach."]


def test_large_pictures_are_made_smaller_and_thin_ones_survive(chat: Chat):
    ask(chat, np.zeros((2000, 3000, 3), np.uint8), detail=Detail.BRIEF)
    ask(chat, np.zeros((1, 30000, 3), np.uint8), detail=Detail.BRIEF)
    ask(chat, np.zeros((12, 70000, 3), np.uint8), detail=Detail.BRIEF)
    large, thin, long = (one.picture.size for one in chat.questions)
    assert large[0] * large[1] <= 1_000_000
    assert large[0] / large[1] == pytest.approx(1.5, rel=0.01)
    assert thin == (30000, 1)
    assert long == (65000, 11)


@pytest.mark.usefixtures("one_look")
def test_the_wish_is_put_into_words(chat: Chat):
    ask(chat, detail=Detail.BRIEF)
    ask(chat, detail=Detail.DETAILED, language="es-MX", instruction="Name the plants.")
    ask(chat, question="Is it a dog?", language="en", seed=7)
    brief, detailed, question = chat.questions
    assert "one short sentence" in brief.prompt
    assert detailed.prompt.endswith("Answer in Spanish.")
    assert "in detail" in detailed.prompt
    assert detailed.system.endswith("Name the plants.")
    assert question.prompt == "Is it a dog?"
    assert question.body["seed"] == 7
    assert brief.body["max_tokens"] < detailed.body["max_tokens"]
    ask(chat, language="iw")
    ask(chat, language="cy-GB")
    hebrew, welsh = chat.questions[3:]
    assert hebrew.prompt.endswith("Answer in Hebrew.")
    assert welsh.prompt.endswith("Answer in the language with the tag cy-GB.")


def test_a_question_is_answered(chat: Chat, captioner: ServerCaptioner):
    chat.says = ["Yes", "."]
    found = describe(captioner, DOG, wish(chat, question="Is it a dog?"))
    assert "Probably yes." in found.spoken


@pytest.mark.usefixtures("one_look")
def test_a_question_goes_on_with_what_was_said_about_the_same_picture(
    chat: Chat, captioner: ServerCaptioner
):
    describe(captioner, DOG, wish(chat))
    for question in ("Is it a dog?", "And what colour is it?"):
        describe(captioner, DOG, wish(chat, question=question))
    first, second, third = chat.questions
    said = "".join(chat.says)
    assert first.before == []
    assert second.before == [first.prompt, said]
    assert third.before == [first.prompt, said, "Is it a dog?", said]
    assert third.prompt == "And what colour is it?"
    roles = [one["role"] for one in third.body["messages"]]
    assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
    assert third.picture.size == first.picture.size


def test_a_server_without_room_for_a_long_talk_still_sees_the_picture(
    chat: Chat, captioner: ServerCaptioner
):
    chat.says, chat.room = ["A dog " * 150, "on a beach."], 1500
    describe(captioner, DOG, wish(chat))
    for number in range(3):
        describe(captioner, DOG, wish(chat, question=f"Number {number}?"))
    first, *_, last = chat.questions
    assert len(last.before) < 6, "it has dropped something"
    assert last.picture.size == first.picture.size


def test_of_a_long_talk_the_newest_is_told_again(chat: Chat):
    chat.says, turns = ["A dog " * 250 + "on a beach."], Turns()
    for number in range(4):
        list(captions(SMALL, wish(chat, question=f"Number {number}?"), never, turns=turns))
    last = chat.questions[-1]
    assert last.before[::2] == ["Number 1?", "Number 2?"]
    assert sum(map(len, last.before)) <= 4000
    chat.says = ["A dog."]
    for number in range(12):
        list(captions(SMALL, wish(chat, question=f"Number {number}?"), never, turns=turns))
    assert len(chat.questions[-1].before) == 2 * 8


def test_what_was_too_unsure_to_be_said_is_not_told_again(chat: Chat):
    chat.says, turns = ["A", " zebra", ".", " It", " runs", "."], Turns()
    chat.logprobs = [math.log(one) for one in [0.01] * 3 + [0.9] * 3]
    list(captions(SMALL, wish(chat), never, turns=turns))
    list(captions(SMALL, wish(chat, question="Why?"), never, turns=turns))
    assert chat.questions[-1].before[1:] == ["It runs."]
    chat.logprobs = [math.log(0.01)] * 6
    (first, *_) = captions(SMALL, wish(chat), never, turns=turns)
    assert isinstance(first, Caption)
    assert first.certainty is None
    list(captions(SMALL, wish(chat, question="Why?"), never, turns=turns))
    assert chat.questions[-1].before == []


def test_an_answer_is_no_surer_than_what_it_goes_on_from(chat: Chat):
    """A model repeats its own doubtful words surely."""
    turns, likely = Turns(), [math.log(0.5)] * 3
    chat.says = ["A", " zebra", "."]

    def certainty(logprobs: list[float], question: str) -> Certainty | None:
        chat.logprobs = logprobs
        (said,) = captions(SMALL, wish(chat, question=question), never, turns=turns)
        assert isinstance(said, Caption)
        return said.certainty

    sure = [math.log(0.95)] * 3
    assert certainty(sure, "What is it?") is Certainty.CERTAIN
    assert certainty(likely, "Why?") is Certainty.LIKELY
    assert certainty(sure, "Is it a zebra?") is Certainty.LIKELY
    assert certainty(sure, "") is Certainty.CERTAIN, "a description begins anew"


@pytest.mark.usefixtures("one_look")
def test_another_picture_a_description_and_a_failure_begin_a_new_talk(
    chat: Chat, captioner: ServerCaptioner
):
    other = np.ascontiguousarray(DOG[8:, ::-1])
    for pixels, question in ((DOG, "One?"), (other, "Two?"), (other, ""), (other, "Three?")):
        describe(captioner, pixels, wish(chat, question=question))
    assert [len(one.before) for one in chat.questions] == [0, 0, 0, 2]
    chat.mischief = Mischief(cut_after=2)
    describe(captioner, other, wish(chat, question="Four?"))
    chat.mischief = Mischief()
    describe(captioner, other, wish(chat, question="Five?"))
    assert [len(one.before) for one in chat.questions[-2:]] == [4, 0]


def test_for_a_second_question_the_picture_is_not_looked_at_again(
    chat: Chat, captioner: ServerCaptioner, monkeypatch: pytest.MonkeyPatch
):
    looks, find = [], things.find_things
    picture = np.ascontiguousarray(DOG[:, ::-1])

    def count(*given: Any) -> things.Seen:
        looks.append(1)
        return find(*given)

    monkeypatch.setattr(things, "find_things", count)
    first = describe(captioner, picture, wish(chat, question="Is it a cat?"))
    second = describe(captioner, picture, wish(chat, question="Is it a dog?"))
    assert len(looks) == 1
    assert [one.prompt for one in chat.questions] == ["Is it a cat?", "Is it a dog?"]
    assert first.objects == second.objects != ()
    describe(captioner, DOG, wish(chat, question="Is it a dog?"))
    assert len(looks) == 2


def test_a_word_of_doubt_is_not_put_into_a_sentence_of_another_language(
    chat: Chat, captioner: ServerCaptioner
):
    chat.says = ["Una", " red", " en", " la", " playa", "."]
    found = describe(captioner, DOG, wish(chat, language="es-MX"))
    assert "Probably: Una red en la playa." in found.spoken
    assert found.caption is not None
    assert (found.caption.language, found.caption.contradicts) == ("es", ())
    chat.logprobs = [math.log(0.9)] * len(chat.says)
    found = describe(captioner, DOG, wish(chat, language="es-MX"))
    assert "picture. Una red en la playa. No text" in found.spoken
    # German cannot be compared with the dog that is there
    found = describe(captioner, DOG, wish(chat, language="de"))
    assert "Probably: Una red en la playa. No text" in found.spoken


# --- a second look, where the picture stays on this machine and the server does not tell how sure it is ---


@pytest.mark.parametrize(
    ("second", "level", "agreement"),
    [
        (["A", " dog", "."], Certainty.LIKELY, 2 / 3),
        (["A", " cat", "."], Certainty.UNSURE, 0.0),
    ],
)
def test_the_first_sentence_is_compared_with_a_second_look(
    chat: Chat, second: list[str], level: Certainty, agreement: float
):
    chat.says = ["A", " dog", " sits", ".", " It", " is", " brown", "."]
    chat.says_later, turns = second, Turns()
    pixels = np.zeros((40, 60, 3), np.uint8)
    first, last = captions(pixels, wish(chat), never, turns=turns)
    assert isinstance(first, Caption)
    assert isinstance(last, Caption)
    assert (first.text, first.certainty) == ("A dog sits.", level)
    assert first.agreement == pytest.approx(agreement)
    assert (last.text, last.certainty, last.agreement) == ("It is brown.", Certainty.LIKELY, None)
    whole, brief = chat.questions
    assert [whole.picture.size, brief.picture.size] == [(60, 40), (54, 36)]
    assert "one short sentence" in brief.prompt
    assert brief.before == []
    assert [turn.answer for turn in turns.kept] == ["A dog sits. It is brown."]
    assert turns.kept[0].certainty is level


def test_there_is_no_second_look_where_it_would_cost_more_than_it_tells(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
):
    """Nor is a picture sent twice to another machine."""
    ask(chat, detail=Detail.BRIEF)
    ask(chat, question="Is it a dog?")
    allow(read_address("0.0.0.0"))
    ask(chat, server=elsewhere(chat))
    monkeypatch.setattr(server, "BOUNDS", replace(BOUNDS, slow_s=0.0))
    ask(chat)
    assert len(chat.questions) == 4


def test_a_server_that_tells_how_sure_it_is_may_be_sure_and_wrong(chat: Chat):
    """Nor is what it goes on from it said plainly then."""
    chat.says = ["A", " dog", " sits", ".", " It", " is", " brown", "."]
    chat.logprobs = [math.log(0.95)] * len(chat.says)
    said = [one.certainty for one in ask(chat) if isinstance(one, Caption)]
    assert said == [Certainty.CERTAIN, Certainty.CERTAIN]
    chat.says_later = ["A", " cat", "."]
    chat.asked.clear()
    said = [one.certainty for one in ask(chat) if isinstance(one, Caption)]
    assert said == [Certainty.LIKELY, Certainty.LIKELY]


@pytest.mark.parametrize(
    "mischief",
    [
        Mischief(since=2, status=500),
        Mischief(since=2, cut_after=1),
        Mischief(since=2, body=b"data: [1]\n\n"),
        Mischief(since=2, body=b"data: [DONE]\n\n"),
        Mischief(since=2, stall_first=True),
    ],
    ids=["failed", "cut", "nonsense", "nothing", "too slow"],
)
def test_a_second_look_that_fails_changes_nothing(
    chat: Chat, mischief: Mischief, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(server, "BOUNDS", replace(BOUNDS, slow_s=1.5))
    chat.mischief = mischief
    (only,) = ask(chat)
    assert only == Caption("A dog on a beach.", 0.0, 0.0, 0, Certainty.LIKELY)
    assert len(chat.questions) == 2


def test_a_cancel_is_heard_in_a_second_look(chat: Chat):
    chat.mischief = Mischief(since=2, stall_first=True)

    def stop() -> None:
        if len(chat.questions) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(captions(SMALL, wish(chat), stop))
    assert chat.gone.wait(5)


# --- what must not be sent ---


@pytest.mark.parametrize("detail", [Detail.NORMAL, Detail.BRIEF])
@pytest.mark.parametrize("frame", GATE)
def test_what_must_not_be_captioned_is_not_sent(
    chat: Chat, captioner: ServerCaptioner, frame: str, detail: Detail
):
    describe(captioner, GATE[frame], wish(chat, detail=detail), Origin.SCREEN)
    assert chat.asked == []


def test_a_screen_with_a_protected_window_is_not_sent(chat: Chat, captioner: ServerCaptioner):
    describe(captioner, protected(), wish(chat), Origin.SCREEN)
    assert chat.asked == []


def elsewhere(chat: Chat) -> Server:
    """An address of this machine that is not known to be one."""
    return Server(f"http://0.0.0.0:{chat.port}", wait_s=30.0)


def test_another_machine_is_asked_only_when_allowed(chat: Chat, captioner: ServerCaptioner):
    wanted = Wish(server=elsewhere(chat))
    with pytest.raises(ServerNotAllowed, match=r"server allow 0\.0\.0\.0"):
        describe(captioner, DOG, wanted)
    with pytest.raises(ServerNotAllowed):
        list(captions(SMALL, wanted, never))
    assert chat.asked == []
    allow(read_address("0.0.0.0"))
    found = describe(captioner, DOG, wanted)
    sources = [one.source for one in found.statements]
    sent = found.statements[sources.index("sent")]
    assert sent == Statement("Sent to 0.0.0.0.", Certainty.CERTAIN, "sent")
    assert sources.index("sent") + 1 == sources.index("captioner")


def test_that_it_was_sent_is_told_in_one_sentence_too(chat: Chat, captioner: ServerCaptioner):
    allow(read_address("0.0.0.0"))
    wanted = Wish(Detail.BRIEF, server=elsewhere(chat))
    assert describe(captioner, DOG, wanted).spoken == (
        "Sent to 0.0.0.0. Probably a dog on a beach."
    )


def test_that_it_was_sent_is_told_though_no_answer_comes(chat: Chat, captioner: ServerCaptioner):
    allow(read_address("0.0.0.0"))
    chat.mischief = Mischief(stall_first=True)
    wanted = Wish(Detail.BRIEF, server=replace(elsewhere(chat), wait_s=1.0))
    found = describe(captioner, DOG, wanted)
    first, facts, last = found.statements
    assert first.text == "Sent to 0.0.0.0."
    assert facts.text.startswith("A photo of a dog")
    assert "silent for 1 seconds" in last.text


def test_it_is_not_told_when_nothing_was_sent(chat: Chat):
    allow(read_address("0.0.0.0"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = Server(f"0.0.0.0:{free.getsockname()[1]}", "a-model")
        with pytest.raises(ServerNotRunning):
            next(captions(SMALL, Wish(server=nobody), never))


def test_a_local_name_that_leads_elsewhere_is_refused(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", chat.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr("imagecraft_desktop.describe.server.talk.is_loopback", lambda _: False)
    with pytest.raises(ServerNotAllowed):
        ask(chat, server=Server(f"localhost:{chat.port}", MODEL))
    assert chat.asked == []


def test_no_proxy_and_no_netrc_is_used(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    netrc = tmp_path_factory.mktemp("n") / "netrc"
    netrc.write_text("machine 127.0.0.1 login anna password secret")
    monkeypatch.setenv("NETRC", str(netrc))
    ask(chat)
    assert "authorization" not in chat.questions[0].headers
    assert "cookie" not in chat.questions[0].headers


def test_the_key_comes_from_the_environment_or_the_settings(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
):
    chat.key = "sesame"
    with pytest.raises(ServerKeyRefused, match="refuses the key"):
        ask(chat)
    ask(chat, detail=Detail.BRIEF, server=Server(chat.url, key="sesame"))
    monkeypatch.setenv(KEY_VARIABLE, "sesame\n")
    ask(chat, detail=Detail.BRIEF, server=Server(chat.url, key="an old one"))
    assert len(chat.questions) == 2


@pytest.mark.parametrize("other", ["http://127.0.0.2:{port}", "https://box.example/v1"])
def test_a_redirect_is_not_followed(chat: Chat, other: str):
    with Chat().running() as second:
        target = other.format(port=second.port)
        chat.mischief = Mischief(status=307, headers={"Location": target})
        with pytest.raises(ServerRedirects, match="was not followed"):
            ask(chat, server=Server(chat.url, key="sesame"))
        assert second.asked == []


# --- the server's faults ---


@pytest.mark.parametrize(
    ("mischief", "error"),
    [
        (Mischief(status=401), ServerKeyRefused),
        (Mischief(status=403), ServerKeyRefused),
        (Mischief(status=404), ServerNonsense),
        (Mischief(status=404, body=b'{"error": "no such model"}'), ServerModelUnknown),
        (Mischief(status=404, body=b"[" * 100_000), ServerNonsense),
        (Mischief(status=308, headers={"Location": "/login"}), ServerNonsense),
        (Mischief(status=302), ServerNonsense),
        (Mischief(status=400, body=b'{"error": "no pictures"}'), ServerBadRequest),
        (Mischief(status=422), ServerBadRequest),
        (Mischief(status=413), ServerRefused),
        (Mischief(status=429, headers={"Retry-After": "7"}), ServerBusy),
        (Mischief(status=500), ServerFailed),
        (Mischief(status=503), ServerFailed),
        (Mischief(status=200, body=b"<html>Welcome</html>"), ServerNonsense),
        (Mischief(status=200, body=b"{}"), ServerNonsense),
        (Mischief(status=200, body=b"{}", headers={"Content-Encoding": "gzip"}), ServerNonsense),
        (Mischief("/models", 401), ServerKeyRefused),
        (Mischief("/models", 404), ServerNonsense),
        (Mischief("/models", 200, body=b'{"data": 1}'), ServerNonsense),
        (Mischief("/models", 200, body=b'{"data": [{}]}'), ServerNonsense),
        (Mischief("/models", stall_first=True), ServerSilent),
        (Mischief(body=b"data: {bad json\n\n"), ServerNonsense),
        (Mischief(body=b"data: []\n\n"), ServerNonsense),
        (Mischief(body=b"data: \xff\xfe\n\n"), ServerNonsense),
        (Mischief(body=b'data: {"error": {"message": "out of memory"}}\n\n'), ServerFailed),
        (Mischief(body=b'data: {"choices": [{"delta": 5}]}\n\n'), ServerNonsense),
        (Mischief(body=b"", kind="text/event-stream; charset=utf-8"), ServerCut),
        (Mischief(body=b"data: [DONE]\n\n"), ServerSaidNothing),
        (Mischief(body=b"data: " + b"x" * (MOST_BYTES + 10)), ServerReplyTooLong),
        (Mischief(body=b"x" * (MOST_BYTES + 10), kind="application/json"), ServerReplyTooLong),
        (
            Mischief(body=b'data: {"choices": [], "x": "%s"}\n\n' % (b"x" * 100_000) * 50),
            ServerReplyTooLong,
        ),
        (
            Mischief(body=b'data: {"choices": [{"delta": {"content": "ha ha ha "}}]}\n\n' * 1_000),
            ServerReplyTooLong,
        ),
        (Mischief(cut_after=0), ServerCut),
        (Mischief(cut_after=3), ServerCut),
        (Mischief(stall_first=True), ServerSilent),
        (Mischief(stall_after=0), ServerSilent),
        (Mischief(stall_after=3), ServerSilent),
        (Mischief(pings=True), ServerSilent),
    ],
    ids=lambda value: "" if isinstance(value, Mischief) else value.__name__,
)
def test_every_fault_is_told_in_its_own_words(chat: Chat, mischief: Mischief, error: type):
    chat.mischief = mischief
    begun = time.monotonic()
    with pytest.raises(error) as told:
        ask(chat, server=Server(chat.url, wait_s=2.0))
    assert type(told.value) is error
    assert time.monotonic() - begun < 30
    assert isinstance(told.value, ServerError)
    assert "127.0.0.1" in told.value.spoken
    assert "{" not in told.value.spoken
    assert told.value.exit_code == 4


def test_what_was_said_before_the_cut_stands_and_the_half_sentence_is_not_said(chat: Chat):
    chat.says = ["A", " dog", ".", " It", " sits", "."]
    chat.mischief = Mischief(cut_after=6)
    work = captions(SMALL, wish(chat), never)
    assert next(work).text == "A dog."
    with pytest.raises(ServerCut):
        next(work)


@pytest.mark.parametrize("says", [[], [" ", "\n"]])
def test_an_answer_without_a_word_is_told(chat: Chat, says: list[str]):
    chat.says = says
    with pytest.raises(ServerSaidNothing):
        ask(chat)


@pytest.mark.parametrize(("says", "thoughts"), [(["<think>", "Hm."], []), ([], ["Hm."])])
def test_a_model_that_only_thought_is_told(chat: Chat, says: list[str], thoughts: list[str]):
    """Of the tokens that an answer may have none was left."""
    chat.says, chat.thoughts, chat.end = says, thoughts, "length"
    with pytest.raises(ServerOnlyThought, match="Turn off its thinking"):
        ask(chat)


def test_thoughts_that_only_end_are_told_once_and_then_awaited(chat: Chat):
    chat.says = ["It may", " be.", " A cat?", " No.", "\n</think>\n\n", "A dog."]
    learned, turns = server.Learned(), Turns()
    said = [*captions(SMALL, wish(chat, question="What is it?"), never, learned, turns)]
    aloud = "That was the model thinking. Its answer follows."
    assert [one.text for one in said] == ["It may be.", "A cat?", aloud, "A dog."]
    assert [turn.answer for turn in turns.kept] == ["A dog."]
    said = [*captions(SMALL, wish(chat, question="What is it?"), never, learned, turns)]
    assert [one.text for one in said] == ["A dog."]
    chat.says, chat.end = ["Hm.", " A cat?"], "length"
    with pytest.raises(ServerOnlyThought):
        list(captions(SMALL, wish(chat), never, learned))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("GLM-4.1V-9B-Thinking", ["A dog."]),
        ("qvq:72b", ["A dog."]),
        ("deepseek-r1:8b", ["A dog."]),
        ("Nonthinking", ["A cat?", "That was the model thinking. Its answer follows.", "A dog."]),
    ],
)
def test_thoughts_of_a_model_that_is_called_so_are_awaited(chat: Chat, name: str, said: list[str]):
    chat.models, chat.says = [name], ["A cat?", " No", "\n</think>\n\n", "A dog."]
    assert [one.text for one in ask(chat)] == said


def test_an_answer_is_whole_by_the_server_s_word_or_in_one_piece(chat: Chat):
    """Not every server says why it ends."""
    piece = b'data: {"choices": [{"delta": {"content": "A dog. It sits."}}]}\n\n'
    chat.mischief = Mischief(body=piece + b"data: [DONE]\n\n")
    assert [one.text for one in ask(chat)] == ["A dog.", "It sits."]
    whole = b'{"choices": [{"message": {"content": "A dog. It sits."}, "finish_reason": null}]}'
    chat.mischief = Mischief(body=whole, kind="application/json")
    assert [one.text for one in ask(chat)] == ["A dog.", "It sits."]
    chat.mischief = Mischief(body=piece)
    with pytest.raises(ServerCut):
        ask(chat)


def test_a_connection_that_is_let_go_is_closed_without_a_word(
    chat: Chat, capfd: pytest.CaptureFixture[str]
):
    """Who listens to the terminal would hear every line of it."""
    body = b'data: {"choices": [{"delta": {"content": "A dog. It"}}]}\n\n'
    chat.mischief = Mischief(body=body + b'data: {"error": "full"}\n\n')
    for _ in range(20):
        with pytest.raises(ServerFailed):
            ask(chat)
    gc.collect()
    assert capfd.readouterr().err == ""


def test_an_answer_that_was_cut_short_by_its_length_is_unsure(chat: Chat):
    chat.says, chat.end = ["A", " dog", " on"], "length"
    ((one),) = ask(chat)
    assert isinstance(one, Caption)
    assert one.certainty is Certainty.UNSURE


def test_the_model_is_the_only_one_or_must_be_chosen(chat: Chat):
    chat.models = ["one", "two"]
    with pytest.raises(ServerHasModels, match="one, two"):
        ask(chat)
    with pytest.raises(ServerModelUnknown, match="no model three"):
        ask(chat, server=Server(chat.url, "three"))
    assert len(ask(chat, server=Server(chat.url, "two"))) == 1
    chat.models = []
    with pytest.raises(ServerHasNoModel):
        ask(chat)


def test_a_server_that_is_not_there_is_told(captioner: ServerCaptioner):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        found = describe(captioner, DOG, Wish(server=Server(address)))
    assert found.statements[0].text == "A photo of a dog, a German shepherd."
    assert "Start it" in found.statements[-1].text
    with pytest.raises(ServerNotNamed):
        describe(captioner, DOG, Wish())


def test_a_server_that_speaks_no_tls_is_not_secure(chat: Chat):
    with pytest.raises(ServerNotSecure):
        ask(chat, server=Server(chat.url.replace("http:", "https:")))
    assert chat.asked == []


@pytest.mark.parametrize(
    ("mischief", "said"),
    [
        (Mischief(status=503), []),
        (Mischief(cut_after=3), []),
        (Mischief(cut_after=6), ["Probably a dog."]),
    ],
)
def test_the_facts_stand_and_the_fault_is_told_at_their_end(
    chat: Chat, captioner: ServerCaptioner, mischief: Mischief, said: list[str]
):
    chat.says = ["A", " dog", ".", " It", " sits", "."]
    chat.mischief = mischief
    found = describe(captioner, DOG, wish(chat))
    told = [one.text for one in found.statements if one.source == "captioner"]
    assert told == said
    assert found.statements[0].text == "A photo of a dog, a German shepherd."
    assert "text" in found.statements[-2].text, "what was found after the fault is told too"
    assert found.statements[-1].source == FAILURE
    assert "127.0.0.1" in found.statements[-1].text
    assert (found.captioner, found.exit_code) == ("server", 4)
    chat.mischief = Mischief()
    assert describe(captioner, DOG, wish(chat)).exit_code == 0


def test_a_question_that_fails_is_told_so(chat: Chat, captioner: ServerCaptioner):
    chat.mischief = Mischief(status=500)
    found = describe(captioner, DOG, wish(chat, question="Is it a dog?"))
    assert found.statements[0].text == "I cannot answer that."
    assert [one.source for one in found.statements] == ["captioner", FAILURE]
    assert found.exit_code == 4


OPTIONAL = {
    "logprobs": True,
    "reasoning_effort": "none",
    "chat_template_kwargs": {"enable_thinking": False},
}


@pytest.mark.parametrize(
    ("refused", "left"),
    [
        ("reasoning_effort", {"logprobs"}),
        ("chat_template_kwargs", {"logprobs"}),
        ("logprobs", set()),
    ],
)
def test_a_server_that_does_not_know_of_thoughts_or_probabilities_is_asked_without(
    chat: Chat, captioner: ServerCaptioner, refused: str, left: set[str]
):
    """Without the former first, for with probabilities it is known how sure an answer is."""
    chat.refused = refused
    chat.logprobs = [math.log(0.9)] * len(chat.says)
    allow(read_address("0.0.0.0"))
    found = describe(captioner, DOG, Wish(server=elsewhere(chat)))
    assert [one.text for one in found.statements].count("Sent to 0.0.0.0.") == 1
    first, *_, last = tried = list(chat.questions)
    assert {**last.body, **OPTIONAL} == first.body
    assert set(OPTIONAL) & set(last.body) == left
    assert found.exit_code == 0
    describe(captioner, DOG, Wish(server=elsewhere(chat)))
    assert len(chat.questions) == len(tried) + 1, "the picture is not sent twice a second time"
    assert set(OPTIONAL) & set(chat.questions[-1].body) == left


def test_a_refusal_of_something_else_is_told_after_the_third_try(chat: Chat):
    chat.refused = "seed"
    with pytest.raises(ServerBadRequest):
        ask(chat)
    assert len(chat.questions) == 3


def test_a_server_that_refused_a_picture_for_another_reason_is_asked_as_before(
    chat: Chat, captioner: ServerCaptioner
):
    chat.refused = "seed"
    describe(captioner, DOG, wish(chat))
    chat.refused = ""
    describe(captioner, DOG, wish(chat))
    assert chat.questions[-1].body["logprobs"] is True


# --- stopping ---


@pytest.mark.parametrize(
    "mischief",
    [
        Mischief(stall_first=True),
        Mischief("/models", stall_first=True),
        Mischief(stall_after=0),
        Mischief(stall_after=3),
        Mischief(pings=True),
        Mischief(pace_s=0.2),
    ],
)
def test_it_stops_at_once_whatever_the_server_does(chat: Chat, mischief: Mischief):
    chat.mischief = mischief
    stop = threading.Event()

    def tick() -> None:
        if stop.is_set():
            raise Cancelled

    asked = threading.Timer(0.5, stop.set)
    asked.start()
    with pytest.raises(Cancelled):
        list(captions(SMALL, wish(chat), tick))
    assert time.monotonic() - begun_of(asked) < 0.5 + 0.3
    if mischief.stall_first or mischief.stall_after is not None:
        assert chat.gone.wait(1)  # the server is let go too
    assert wait_for_no_thread()


def begun_of(timer: threading.Timer) -> float:
    """When a timer was started: it was due half a second later."""
    timer.join()
    return time.monotonic() - 0.5


def wait_for_no_thread() -> bool:
    """Whether the thread that talked has ended."""
    until = time.monotonic() + 2
    while any(one.name == "server" for one in threading.enumerate()):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.slow
def test_stopped_at_random_moments_it_leaves_nothing_behind(chat: Chat):
    chat.mischief = Mischief(pace_s=0.01)
    moments = random.Random(5)
    for _ in range(60):
        until = time.monotonic() + moments.uniform(0, 0.25)

        def tick(until: float = until) -> None:
            if time.monotonic() > until:
                raise Cancelled

        try:
            list(captions(SMALL, wish(chat), tick))
        except Cancelled:
            assert time.monotonic() - until < 0.3
    assert wait_for_no_thread()
    chat.mischief = Mischief()
    assert len(ask(chat)) == 1


def test_who_stops_listening_shuts_the_line(chat: Chat):
    chat.says = ["A", " dog", ".", " It", " sits", "."]
    chat.mischief = Mischief(stall_after=6)
    work = captions(SMALL, wish(chat), never)
    assert next(work).text == "A dog."
    work.close()  # type: ignore[attr-defined]
    assert chat.gone.wait(1)
    assert wait_for_no_thread()


def test_an_answer_that_goes_round_in_circles_is_said_once_and_ended(chat: Chat):
    chat.says = [" A", " dog", ".", " It", " sits", "."] * 3
    chat.mischief = Mischief(stall_after=len(chat.says))
    found = ask(chat, server=Server(chat.url, wait_s=5.0))
    assert [one.text for one in found] == ["A dog.", "It sits."]
    assert chat.gone.wait(1)


def test_the_answer_goes_on_while_the_first_sentence_is_spoken(chat: Chat):
    """Time in which nobody listened is no silence of the server."""
    chat.says = ["A", " dog", ".", " It", " sits", "."]
    work = captions(SMALL, wish(chat, server=Server(chat.url, wait_s=1.0)), never)
    assert next(work).text == "A dog."
    time.sleep(1.5)
    assert next(work).text == "It sits."


def test_the_body_is_what_the_interface_of_openai_wants(chat: Chat):
    ask(chat)
    body = chat.questions[0].body
    assert set(body) == {
        *("model", "messages", "max_tokens", "temperature", "seed", "stream", "logprobs"),
        *("reasoning_effort", "chat_template_kwargs"),
    }
    assert [one["role"] for one in body["messages"]] == ["system", "user"]
    assert json.dumps(body)
