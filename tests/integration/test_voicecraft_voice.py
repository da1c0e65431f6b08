"""The VoiceCraft voice in the program, with a network that is small and knows no words: how long it
speaks, what it does when speech goes wrong, what it keeps and how it is stopped. How it sounds cannot be
judged with random weights.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest
import torch

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    Cancelled,
    SpeakError,
    SpeechWentWrong,
    Unpronounceable,
    VoiceAway,
    VoiceDamaged,
    VoiceMissing,
    VoicePromptMissing,
)
from imagecraft_desktop.nets.voicecraft import choose, codec, generate, graph, runtime
from imagecraft_desktop.nets.voicecraft import prompt as kept
from imagecraft_desktop.nets.voicecraft.linear import Mode
from imagecraft_desktop.speak import prompts, voicecraft
from imagecraft_desktop.speak.chain import Chain, make_chain, own_voice
from imagecraft_desktop.speak.guard import Guard, Wrong, speech_s
from imagecraft_desktop.speak.hibari import HibariVoice
from imagecraft_desktop.speak.level import speech_rms
from imagecraft_desktop.speak.phonemes import Phonemizer
from imagecraft_desktop.speak.samples import at_rate
from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish
from imagecraft_desktop.system import paths, processor
from imagecraft_desktop.system.tenancy import Tenancy
from imagecraft_desktop.values import Manner, Speech
from imagecraft_desktop.weights import voicecraft as files
from tests.cancelling import cancel
from tests.tiny_voice import (
    AT_ONCE,
    CODEC,
    FEWEST,
    FRAMES_PER_ID,
    HOP,
    LONG_TRANSCRIPT,
    NEVER,
    PHN2NUM,
    RATE,
    add_slow_voice,
    add_voice,
    count_frames,
    count_ids,
    count_prompt_frames,
    joined,
    write_model,
    write_silent_codec,
)
from tests.unit.nets.voicecraft.tiny import make_checkpoint

PAUSE = round(0.12 * RATE)
HELLO = "Hello there."


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Utterances end by the rule of length."""
    return write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def hasty_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Utterances end as soon as they may."""
    return write_model(tmp_path_factory.mktemp("hasty"), end=AT_ONCE)


@pytest.fixture
def anna(tmp_path: Path) -> prompts.VoicePrompt:
    return add_voice(tmp_path)


_loaded: dict[tuple[Path, str, str], Any] = {}


def speaker(folder: Path, mode: str = "fp32") -> VoiceCraftVoice:
    """The voice anna, loaded; files that were loaded before are not read again."""
    voice = VoiceCraftVoice("anna", VoiceCraftWish(str(folder), mode))
    key = (folder, files.find(folder).identity(), mode)
    if key in _loaded and mode in set(Mode):
        voice._model = _loaded[key]
    voice.load()
    _loaded[key] = voice._model
    return voice


def no_tick() -> None:
    pass


def say(voice: Any, text: str = HELLO, **manner: Any) -> list[Speech]:
    return list(voice.say(text, Manner(**manner), no_tick))


def assert_same_sound(made: np.ndarray, wanted: np.ndarray) -> None:
    """The same codes decoded: products may differ in the last bit with the place of their memory."""
    np.testing.assert_allclose(made, wanted, rtol=0, atol=1e-4)


def sound(voice: Any, text: str = HELLO, **manner: Any) -> np.ndarray:
    return joined(say(voice, text, **manner))


class Noted(generate.Utterance):
    """Notes every utterance that is begun."""

    made: list[Noted] = []

    def __init__(self, network: Any, ids: Any, prompt: Any, options: Any, **more: Any) -> None:
        super().__init__(network, ids, prompt, options, **more)
        self.seed = options.seed
        self.n_ids = len(ids)
        self.codes: list[torch.Tensor] = []
        self.made.append(self)

    def run(self, *arguments: Any) -> Iterator[torch.Tensor]:
        for codes in super().run(*arguments):
            self.codes.append(codes)
            yield codes


@pytest.fixture
def utterances(monkeypatch: pytest.MonkeyPatch) -> list[Noted]:
    monkeypatch.setattr(Noted, "made", [])
    monkeypatch.setattr(generate, "Utterance", Noted)
    return Noted.made


# --- what is said ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Hi.", HELLO, "The bird sings, and the cat sleeps."])
def test_an_utterance_lasts_as_long_as_the_rules_say(
    model: Path, anna: prompts.VoicePrompt, text: str
) -> None:
    chunks = say(speaker(model), text)
    n_frames = count_frames(anna, text)
    assert n_frames > 0
    assert len(joined(chunks)) == n_frames * HOP + PAUSE
    assert {chunk.rate_hz for chunk in chunks} == {RATE}
    assert [chunk.text for chunk in chunks] == [text] + [""] * (len(chunks) - 1)
    assert all(chunk.samples.dtype == np.float32 for chunk in chunks)
    assert np.abs(joined(chunks)).max() <= 1


@pytest.mark.usefixtures("anna")
def test_an_utterance_that_ends_by_itself_lasts_so_long(hasty_model: Path) -> None:
    assert len(sound(speaker(hasty_model), "Hi.")) == FEWEST * HOP + PAUSE


@pytest.mark.parametrize("text", ["Hi.", "Two."])
def test_a_slow_voice_that_was_made_before_such_were_refused_says_short_texts(
    hasty_model: Path, tmp_path: Path, text: str
) -> None:
    """Its recording lasts longer than the rule of length allows for its words; that is not taken from
    the new text."""
    voice = add_slow_voice(tmp_path, transcript="Four dogs play.", seconds=4.5)
    assert count_frames(voice, text) < FEWEST
    assert len(sound(speaker(hasty_model), text)) == FEWEST * HOP + PAUSE


def test_a_slow_voice_that_does_not_end_is_heard_to_be_wrong(model: Path, tmp_path: Path) -> None:
    add_slow_voice(tmp_path, transcript="Four dogs play.", seconds=4.5)
    with pytest.raises(SpeechWentWrong):
        sound(speaker(model), "Hi.")


@pytest.mark.usefixtures("anna")
def test_the_same_seed_is_the_same_sound_and_another_is_another(model: Path) -> None:
    voice = speaker(model)
    first = sound(voice, seed=4)
    assert_same_sound(sound(voice, seed=4), first)
    assert not np.array_equal(sound(voice, seed=5), first)


@pytest.mark.usefixtures("anna")
def test_what_was_said_before_does_not_change_the_sound(model: Path) -> None:
    voice = speaker(model)
    first = sound(voice, "Hi.")
    sound(voice, "The bird sings.", seed=9)
    assert_same_sound(sound(voice, "Hi."), first)


@pytest.mark.usefixtures("anna")
def test_it_is_as_loud_as_its_recording(model: Path) -> None:
    """The codec of random weights speaks nine decibels louder than the recording."""
    wanted = speech_rms(prompts.load("anna").samples(), RATE)
    made = speech_rms(sound(speaker(model)), RATE)
    assert abs(20 * np.log10(made / wanted)) < 2


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("rate", [0.5, 2.5])
def test_faster_and_slower_speech(model: Path, rate: float) -> None:
    pytest.importorskip("python_stretch", reason="has no build for this processor")
    voice = speaker(model)
    normal_s = len(sound(voice)) / RATE
    assert len(sound(voice, rate=rate)) / RATE == pytest.approx(normal_s / rate, abs=0.05)


# --- while it is being made -----------------------------------------------------------------------


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("rate", [1.0, 1.4])
def test_the_first_sound_comes_long_before_the_last_frame_is_made(
    model: Path, utterances: list[Noted], monkeypatch: pytest.MonkeyPatch, rate: float
) -> None:
    monkeypatch.setattr(voicecraft, "_Pace", _NeverWaits)
    speaking = speaker(model).say("The bird sings, and the cat sleeps.", Manner(rate), no_tick)
    next(speaking)
    (utterance,) = utterances
    at_first = utterance.n_steps
    list(speaking)
    assert at_first < 60, "half a second, and what the codec has to see beyond it"
    assert utterance.n_steps > 300


class _NeverWaits(voicecraft._Pace):
    """As on a machine that is fast enough: this one may be busy."""

    def is_time(self, made_s: float) -> bool:
        return True


class _WaitsToTheEnd(voicecraft._Pace):
    """As on a machine that is far too slow."""

    def is_time(self, made_s: float) -> bool:
        return False


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("rate", [1.0, 1.4])
def test_a_slow_machine_makes_the_same_sound(
    model: Path, monkeypatch: pytest.MonkeyPatch, rate: float
) -> None:
    voice = speaker(model)
    sounds = {}
    for pace in (_NeverWaits, _WaitsToTheEnd):
        monkeypatch.setattr(voicecraft, "_Pace", pace)
        sounds[pace] = sound(voice, "The bird sings, and the cat sleeps.", rate=rate)
    assert_same_sound(sounds[_WaitsToTheEnd], sounds[_NeverWaits])


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("text", [HELLO, "The bird sings, and the cat sleeps."])
def test_the_pieces_are_the_whole_without_a_seam(
    model: Path, utterances: list[Noted], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(voicecraft, "Level", _LeavesAll)
    voice = speaker(model)
    chunks = say(voice, text)
    assert len(chunks) > 3
    state = voice._ready(no_tick).state
    codec = voice._loaded.codec
    (utterance,) = utterances
    codes = torch.cat(utterance.codes, 1)
    whole = codec.decode(torch.cat([state.codes, codes], 1)).numpy()[state.codes.shape[1] * HOP :]
    made = joined(chunks)[:-PAUSE]
    assert len(made) == len(whole)
    assert np.sqrt(np.mean(np.square(made - whole))) < 1e-5
    assert not joined(chunks)[-PAUSE:].any()


class _LeavesAll:
    def __init__(self, *_: Any) -> None:
        pass

    def push(self, samples: np.ndarray, final: bool = False) -> np.ndarray:
        return samples


# --- stopping ---------------------------------------------------------------------------------------


class _Places:
    """A `tick` that notes from where it is called, by the functions of ours on the way there."""

    def __init__(self) -> None:
        self.count = 0
        self.seen: dict[tuple[str, ...], list[int]] = {}

    def __call__(self) -> None:
        self.count += 1
        frame: FrameType | None = sys._getframe(1)
        way = []
        while frame is not None:
            if "imagecraft_desktop" in frame.f_code.co_filename:
                way.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
            frame = frame.f_back
        self.seen.setdefault(tuple(way), []).append(self.count)


@pytest.mark.usefixtures("anna")
def test_it_stops_wherever_it_is_and_speaks_again_as_if_nothing_had_been(model: Path) -> None:
    text = "Hi."
    places = _Places()
    voice = speaker(model)
    expected = joined(list(voice.say(text, Manner(), places)))
    functions = {name.partition(":")[0] for way in places.seen for name in way}
    for stage in ("Codec.encode", "DecodeStream.skip", "Network.text_state", "DecodeStream.push"):
        assert stage in functions
    # of every place the first moment and one in the middle
    moments = {n for seen in places.seen.values() for n in (seen[0], seen[len(seen) // 2])}
    cache = paths.cache_dir() / "voices"
    threads = threading.enumerate()
    assert len(moments) > 30
    for at in sorted(moments):
        voice._prompt = None
        for file in cache.rglob("*.safetensors"):
            file.unlink()
        cancel(lambda tick: list(voice.say(text, Manner(), tick)), at)
    assert_same_sound(sound(voice, text), expected)
    assert threading.enumerate() == threads
    assert not list(cache.rglob("*.part"))


@pytest.mark.usefixtures("anna")
def test_it_stops_between_two_pieces_when_nobody_listens_any_more(model: Path) -> None:
    voice = speaker(model)
    expected = sound(voice)
    speaking = voice.say(HELLO, Manner(), no_tick)
    next(speaking)
    speaking.close()
    assert_same_sound(sound(voice), expected)


@pytest.mark.usefixtures("anna")
def test_through_the_chain_a_cancel_is_no_failure(model: Path) -> None:
    calls = 0

    def tick() -> None:
        nonlocal calls
        calls += 1
        if calls > 400:
            raise Cancelled

    chain = Chain([speaker(model), Other()], "anna")
    with pytest.raises(Cancelled):
        list(chain.say(HELLO, Manner(), tick))
    assert chain.take_notices() == ()


@pytest.mark.usefixtures("anna")
def test_a_cancel_while_the_model_is_read_is_no_failure_and_it_is_read_anew(model: Path) -> None:
    def tick_up_to(most: int) -> Callable[[], None]:
        calls = itertools.count(1)

        def tick() -> None:
            if next(calls) > most:
                raise Cancelled

        return tick

    voice = VoiceCraftVoice("anna", VoiceCraftWish(str(model), "fp32"))
    chain = Chain([voice, Other()], "anna")
    for most in (20, 60):  # in its tensors, and in what is made of them
        with pytest.raises(Cancelled):
            list(chain.say(HELLO, Manner(), tick_up_to(most)))
        assert voice._model is None
    assert chain.take_notices() == ()
    assert chain.voice_for("en") is voice


@pytest.mark.usefixtures("anna")
def test_a_cancel_while_the_mode_is_chosen_leaves_nothing_and_the_next_request_speaks(
    model: Path,
) -> None:
    file = paths.cache_dir() / "voicecraft" / "mode.json"
    voice = VoiceCraftVoice("anna", VoiceCraftWish(str(model), "auto"))
    for at in range(1, 4):
        heard = _Within("choose_mode", at)
        with pytest.raises(Cancelled):
            list(voice.say("Hi.", Manner(), heard))
        assert heard.count == at
        assert voice._model is None
        assert not file.exists()
    assert len(sound(voice, "Hi.")) > 0
    assert json.loads(file.read_text("utf-8"))["mode"] == voice._loaded.network.mode


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("function", ["load_codec", "Phonemizer.__init__", "choose_device"])
def test_a_cancel_is_heard_while_what_cannot_be_stopped_is_done(
    model: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    """Together with the imports of torch and transformers these are seconds on a slow machine."""
    begun, may_go_on, threads = threading.Event(), threading.Event(), set(threading.enumerate())
    owner, name = {
        "load_codec": (codec, "load_codec"),
        "Phonemizer.__init__": (voicecraft, "Phonemizer"),
        "choose_device": (choose, "choose_device"),
    }[function]
    work = getattr(owner, name)

    def wait_and_work(*given: Any) -> Any:
        begun.set()
        may_go_on.wait(10)
        return work(*given)

    def tick() -> None:
        if begun.is_set():
            raise Cancelled

    voice = VoiceCraftVoice("anna", VoiceCraftWish(str(model), "fp32"))
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, wait_and_work)
        with pytest.raises(Cancelled):
            voice.load(tick)
        may_go_on.set()
        for thread in set(threading.enumerate()) - threads:
            thread.join(10)
    assert voice._model is None
    assert len(sound(voice, "Hi.")) > 0


class _Within:
    """A `tick` that cancels at call number `at` of those within a function of ours."""

    def __init__(self, function: str, at: int) -> None:
        self.count = 0
        self._function = function
        self._at = at

    def __call__(self) -> None:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_name != self._function:
            frame = frame.f_back
        self.count += frame is not None
        if frame is not None and self.count == self._at:
            raise Cancelled


# --- speech that goes wrong -----------------------------------------------------------------------


class Other:
    """A voice that works; gives 10 ms a text."""

    name = "other"
    label = "Other"
    rung = 10
    plays_itself = False

    def __init__(self) -> None:
        self.said: list[str] = []

    def missing(self) -> str | None:
        return None

    def load(self, tick: object = None) -> None:
        pass

    def unload(self) -> None:
        pass

    def can_say(self, text: str, language: str) -> bool:
        return language[:2] in {"en", "es"}

    def say(self, text: str, manner: Manner, tick: Callable[[], None]) -> Iterator[Speech]:
        self.said.append(text)
        yield Speech(np.full(240, 0.1, np.float32), 24_000, text=text)


def _too_long(folder: Path) -> str:
    write_model(folder / "model")
    add_voice(folder, transcript=LONG_TRANSCRIPT)
    return HELLO


def _too_short(folder: Path) -> str:
    write_model(folder / "model", end=AT_ONCE)
    add_voice(folder)
    return "The bird sings, and the cat sleeps."


def _silent(folder: Path) -> str:
    write_silent_codec(write_model(folder / "model"))
    add_voice(folder)
    return HELLO


def _silent_and_short(folder: Path) -> str:
    write_silent_codec(write_model(folder / "model"))
    add_voice(folder)
    return "Hi."


WRONG = [_too_long, _too_short, _silent, _silent_and_short]


@pytest.mark.parametrize("make", WRONG)
def test_what_goes_wrong_is_tried_again_with_other_draws_and_then_given_up(
    tmp_path: Path, utterances: list[Noted], make: Callable[[Path], str]
) -> None:
    text = make(tmp_path)
    heard: list[Speech] = []
    with pytest.raises(SpeechWentWrong) as caught:
        heard.extend(speaker(tmp_path / "model").say(text, Manner(seed=7), no_tick))
    assert "anna" in caught.value.spoken
    assert len({one.seed for one in utterances}) == len(utterances) == 3
    assert utterances[0].seed == 7


@pytest.mark.parametrize("make", [_too_long, _too_short])
def test_another_voice_says_what_went_wrong_and_tells_so(
    tmp_path: Path, make: Callable[[Path], str]
) -> None:
    text = make(tmp_path)
    other = Other()
    chain = Chain([speaker(tmp_path / "model"), other], "anna")
    chunks = list(chain.say(f"{text} {text}", Manner(), no_tick))
    notice = "Voice anna failed; using other."
    assert other.said[0] == notice
    # short sentences are joined
    assert " ".join(other.said[1:]) == f"{text} {text}", "told once, and nothing is lost"
    assert chain.take_notices() == (notice,)
    assert chain.take_used() == ("other",)
    assert " ".join(chunk.text for chunk in chunks if chunk.text) == f"{text} {text}"


def test_in_a_file_no_attempt_is_that_went_wrong(tmp_path: Path) -> None:
    """Nothing plays meanwhile, so it need not be taken before it is known to be good."""
    text = _too_long(tmp_path)
    other = Other()
    chain = Chain([speaker(tmp_path / "model"), other], "anna")
    chunks = list(chain.say(text, Manner(is_kept=True), no_tick))
    assert other.said == ["Voice anna failed; using other.", text]
    assert [chunk.rate_hz for chunk in chunks] == [24_000] * 2, "both are of the other voice"
    assert [chunk.text for chunk in chunks] == ["", text]


@pytest.mark.usefixtures("anna")
def test_in_a_file_the_attempt_that_went_well_is_as_it_would_be_heard(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "The bird sings, and the cat sleeps."
    live = say(speaker(model), text, seed=voicecraft._NEXT_SEED)
    assert len(live) > 2
    once: list[str] = []

    class FirstEndsInSilence(Guard):
        def end(self) -> None:
            super().end()
            if not once:
                once.append("wrong")
                raise Wrong("as told")

    monkeypatch.setattr(voicecraft, "Guard", FirstEndsInSilence)
    assert len(sound(speaker(model), text)) > 1.5 * len(joined(live)), "heard twice where it plays"
    once.clear()
    made = say(speaker(model), text, is_kept=True)
    assert once == ["wrong"]
    assert_same_sound(joined(made), joined(live))
    assert [chunk.text for chunk in made if chunk.text] == [text]


def test_speech_that_was_broken_off_makes_no_click(tmp_path: Path) -> None:
    """What was heard of an attempt ends softly before the next begins."""
    text = _too_long(tmp_path)
    heard: list[Speech] = []
    with pytest.raises(SpeechWentWrong):
        heard.extend(speaker(tmp_path / "model").say(text, Manner(), no_tick))
    made = joined(heard)
    assert len(made) > 3 * RATE
    assert made[-1] == 0
    inside = np.abs(np.diff(joined(heard[:2]))).max()
    assert np.abs(np.diff(made)).max() <= inside + 0.02


def _ends_at_once(logits: torch.Tensor) -> torch.Tensor:
    """A draw of the end as soon as it may be drawn, else of the first code."""
    drawn = torch.zeros(logits.shape[:-1], dtype=torch.long)
    drawn[:, 0] = torch.where(logits[:, 0, -1] > -9000, logits.shape[-1] - 1, 0)
    return drawn


@pytest.mark.usefixtures("anna")
def test_an_attempt_that_was_too_short_is_not_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network draws the end at once the first time, and goes on the second time."""
    folder = write_model(tmp_path / "model", end=-5.0)
    text = "The bird sings, and the cat sleeps."

    class FirstTooShort(Noted):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            if not self.made:
                more["draw"] = _ends_at_once
            super().__init__(*arguments, **more)

    monkeypatch.setattr(Noted, "made", [])
    expected = sound(speaker(folder), text, seed=voicecraft._NEXT_SEED)
    monkeypatch.setattr(generate, "Utterance", FirstTooShort)
    chunks = say(speaker(folder), text)
    assert [one.n_steps - 4 == FEWEST for one in Noted.made] == [True, False]
    assert_same_sound(joined(chunks), expected)
    assert [chunk.text for chunk in chunks if chunk.text] == [text]


def test_a_network_of_no_numbers_is_another_voices_turn(tmp_path: Path) -> None:
    add_voice(tmp_path)

    def spoil(tensors: dict[str, torch.Tensor]) -> None:
        tensors["decoder.layers.0.norm1.bias"] += 1e38
        tensors["decoder.norm.weight"] *= 1e38

    folder = write_model(tmp_path / "model", change=spoil)
    other = Other()
    chain = Chain([VoiceCraftVoice("anna", VoiceCraftWish(str(folder), "fp32")), other], "anna")
    list(chain.say(HELLO, Manner(), no_tick))
    assert other.said[-1] == HELLO
    assert any("using other" in notice for notice in chain.take_notices())


NARROW = [mode for mode in (Mode.INT8, Mode.INT4) if choose.can_run(mode, "cpu")]
needs_runtime = pytest.mark.skipif(
    not runtime.is_here(), reason="no ONNX Runtime with what the steps need"
)


@pytest.fixture
def wide_model(model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network that is wide enough for ONNX Runtime. The codec's codes are some of its own."""
    checkpoint = make_checkpoint(d_model=256, n_layers=1, n_codes=512)
    small_codec = voicecraft._load_codec(model / CODEC, "cpu")
    monkeypatch.setattr(voicecraft, "read_model", lambda *_: (checkpoint, small_codec))
    return model


def said_instead(folder: Path, mode: Mode) -> tuple[Chain, Other]:
    """The chain and the voice that has spoken in the place of anna."""
    other = Other()
    chain = Chain([VoiceCraftVoice("anna", VoiceCraftWish(str(folder), mode)), other], "anna")
    list(chain.say(HELLO, Manner(), no_tick))
    return chain, other


@needs_runtime
@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("mode", NARROW)
def test_a_session_that_the_runtime_cannot_make_is_another_voices_turn(
    wide_model: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    """As for want of memory: its errors have no base but Exception."""
    monkeypatch.setattr(graph, "GROUP", 100)  # of a block it wants a power of two
    chain, other = said_instead(wide_model, mode)
    assert other.said == ["Voice anna failed; using other.", HELLO]
    assert chain.take_used() == ("other",)


@needs_runtime
@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("mode", NARROW)
def test_a_step_that_fails_in_the_runtime_is_another_voices_turn(
    wide_model: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    steps: list[torch.Tensor] = []
    step = runtime.Run.step

    def step_of_another_shape(run: runtime.Run, x: torch.Tensor) -> torch.Tensor:
        steps.append(x)
        if len(steps) == 5:
            run._binding.bind_ortvalue_input("x", graph.shared(torch.zeros(1, 1, 64)))
        return step(run, x)

    monkeypatch.setattr(runtime.Run, "step", step_of_another_shape)
    chain, other = said_instead(wide_model, mode)
    assert len(steps) == 5
    assert other.said == ["Voice anna failed; using other.", HELLO]
    assert chain.take_used() == ("other",)


SENTENCES = [
    "The file could not be saved because the disk is full.",
    "A photo of a dog, a German shepherd, lying on green grass in front of a wooden fence.",
    "Six blue bars, each taller than the one before.",
    "The screen is black; nothing to describe.",
    "Press the key again when the window is visible.",
    "Seven people sit around a long table.",
    "Behind them is a whiteboard with handwritten notes.",
    "The temperature is minus twelve degrees celsius today.",
    "One point five million pounds last year.",
    "Call five five five, one two three, four five six seven.",
    "November twenty first, twenty twenty six.",
    "Three unread messages from Anna, the first of them about dinner on Friday.",
    "Strengths, sixths, and twelfths of the same cake.",
    "W W W dot example dot org slash open day.",
]
SHORT_SENTENCES = ["Yes.", "Save failed.", "OK, cancel, help.", "Screen reader is on.",
                   "A bar chart of monthly revenue.", "I am at a bus, so go on."]  # fmt: skip


@pytest.mark.parametrize("pause_s", [0.0, 1.2])
def test_real_speech_is_never_judged_wrong_and_damaged_speech_is(pause_s: float) -> None:
    """With the embedded voice in the place of VoiceCraft: it does not lose its text. The recording may
    have a pause within."""
    hibari = HibariVoice()
    hibari.load()
    phonemizer = Phonemizer(PHN2NUM)

    def speak(text: str) -> np.ndarray:
        return at_rate(joined(say(hibari, text)), 24_000, RATE)

    transcript = "The old lighthouse keeper walked slowly down the stairs before the storm came."
    plain = speak(transcript)
    middle = len(plain) // 2
    pause = np.zeros(round(pause_s * RATE), np.float32)
    recording = np.concatenate([plain[:middle], pause, plain[middle:]])
    assert 4 < len(recording) / RATE < 6
    n_prompt = len(phonemizer.ids(transcript))
    symbol_s = len(recording) / RATE / n_prompt
    loudness = speech_rms(recording, RATE)
    speech_symbol_s = speech_s(recording, loudness, RATE) / n_prompt

    def count_new(text: str) -> int:
        return len(phonemizer.ids(f"{transcript} {text}")) - n_prompt

    def judge(text: str, *parts: np.ndarray) -> str | None:
        n_new = count_new(text)
        most_s = 20 - len(recording) / RATE
        guard = Guard(n_new * symbol_s, loudness, RATE, most_s, speech_s=n_new * speech_symbol_s)
        heard = np.concatenate(parts)
        try:
            for begin in range(0, len(heard), RATE // 2):
                guard.hear(heard[begin : begin + RATE // 2])
            guard.end()
        except Wrong as error:
            return str(error)
        return None

    quiet = np.zeros(2 * RATE, np.float32)
    long_ones = [text for text in SENTENCES if count_new(text) * symbol_s > 2.7]
    assert len(long_ones) >= 9
    for text in SENTENCES + SHORT_SENTENCES:
        speech = speak(text)
        assert judge(text, speech) is None, text
        if text in long_ones or not pause_s:  # a short text may have such a pause, too
            assert judge(text, speech, speech, speech), f"three times: {text}"
        assert judge(text, speech, quiet), f"silence after it: {text}"
        assert judge(text, quiet, speech), f"silence before it: {text}"
        assert judge(text, quiet[: RATE // 2]), f"nothing: {text}"
        if text in SENTENCES:  # a third of a word or two can be a word that was said quickly
            assert judge(text, speech[: len(speech) * 3 // 10]), f"cut off: {text}"
        if text in long_ones:
            assert judge(text, speech, speech), f"said twice: {text}"
            assert judge(text, speech[: len(speech) // 2]), f"second half missing: {text}"


# --- what is computed once --------------------------------------------------------------------------


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each computation of a voice's prompt."""
    calls: list[str] = []
    compute = kept.compute

    def noted(*arguments: Any) -> kept.PromptState:
        calls.append("computed")
        return compute(*arguments)

    monkeypatch.setattr(kept, "compute", noted)
    return calls


def kept_files() -> list[Path]:
    return sorted((paths.cache_dir() / "voices").rglob("*.safetensors"))


@pytest.mark.usefixtures("anna")
def test_a_voice_is_computed_once_and_kept_for_the_next_start(
    model: Path, computed: list[str]
) -> None:
    voice = speaker(model)
    first = sound(voice)
    sound(voice, "Hi.")
    assert len(computed) == 1
    assert len(kept_files()) == 1
    assert_same_sound(sound(speaker(model)), first)
    assert len(computed) == 1
    voice.unload()
    assert_same_sound(sound(voice), first)
    assert len(computed) == 1


def _flip(file: Path, place: float) -> None:
    data = bytearray(file.read_bytes())
    data[round(place * (len(data) - 1))] ^= 0x7F
    file.write_bytes(data)


DAMAGES: list[Callable[[Path], object]] = [
    lambda file: file.write_bytes(b""),
    lambda file: file.write_bytes(file.read_bytes()[:-100]),
    lambda file: _flip(file, 0.5),
    lambda file: (file.unlink(), file.mkdir()),
]
"""More of them are in tests/unit/nets/voicecraft/test_prompt.py."""


@pytest.mark.usefixtures("anna")
def test_a_recording_that_is_replaced_is_heard_from_the_next_text_on(
    model: Path, tmp_path: Path
) -> None:
    voice = speaker(model)
    first = sound(voice, "Hi.")
    add_voice(tmp_path, seconds=3.1)
    second = sound(voice, "Hi.")
    assert not np.array_equal(second, first)
    assert_same_sound(second, sound(speaker(model), "Hi."))
    prompts.remove("anna")
    with pytest.raises(VoicePromptMissing):
        say(voice)


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_kept_and_is_damaged_is_computed_anew(
    model: Path, computed: list[str], damage: Callable[[Path], object]
) -> None:
    first = sound(speaker(model), "Hi.")
    (file,) = kept_files()
    damage(file)
    assert_same_sound(sound(speaker(model), "Hi."), first)
    assert len(computed) == 2
    if file.is_file():
        assert_same_sound(sound(speaker(model), "Hi."), first)
        assert len(computed) == 2, "it was put right"


@pytest.mark.usefixtures("anna")
def test_another_model_recording_or_mode_is_computed_anew(
    tmp_path: Path, computed: list[str]
) -> None:
    folder = write_model(tmp_path / "model")
    first = sound(speaker(folder), "Hi.")

    def other(tensors: dict[str, torch.Tensor]) -> None:
        tensors["decoder.norm.bias"] += 0.5

    write_model(folder, change=other)
    assert not np.array_equal(sound(speaker(folder), "Hi."), first)
    assert len(computed) == 2
    sound(speaker(folder, "bf16"), "Hi.")
    assert len(computed) == 3
    add_voice(tmp_path, seconds=3.2)
    sound(speaker(folder), "Hi.")
    assert len(computed) == 4


@pytest.mark.usefixtures("anna")
def test_only_the_two_last_ones_are_kept(model: Path, computed: list[str]) -> None:
    """Each mode, model and eSpeak has its own, megabytes large: those of before would never be used."""
    modes = [Mode.FP32, Mode.BF16, Mode.INT8]
    files_of: list[Path] = []
    for age, mode in enumerate(modes):
        sound(speaker(model, mode), "Hi.")
        (new,) = set(kept_files()) - set(files_of)
        os.utime(new, (1000 + age, 1000 + age))
        files_of.append(new)
    assert kept_files() == sorted(files_of[1:])
    sound(speaker(model, Mode.BF16), "Hi.")
    assert len(computed) == 3
    sound(speaker(model, Mode.FP32), "Hi.")
    assert len(computed) == 4
    assert len(kept_files()) == 2


def test_a_voice_that_is_removed_or_replaced_is_forgotten(model: Path, tmp_path: Path) -> None:
    add_voice(tmp_path)
    sound(speaker(model), "Hi.")
    assert len(kept_files()) == 1
    add_voice(tmp_path, transcript="Five brown dogs play.")
    assert kept_files() == []
    sound(speaker(model), "Hi.")
    assert len(kept_files()) == 1
    prompts.remove("Anna")
    assert kept_files() == []
    assert not (paths.cache_dir() / "voices" / "anna").exists()


@pytest.mark.usefixtures("anna")
def test_a_folder_that_cannot_be_written_is_no_failure(model: Path, computed: list[str]) -> None:
    paths.cache_dir().mkdir(parents=True, exist_ok=True)
    (paths.cache_dir() / "voices").write_text("not a folder")
    (paths.cache_dir() / "voicecraft").write_text("not a folder")
    first = sound(speaker(model, "auto"), "Hi.")
    assert_same_sound(sound(speaker(model, "auto"), "Hi."), first)
    assert len(computed) == 2


# --- the mode -----------------------------------------------------------------------------------------


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each choice of a mode, which is always bf16."""
    calls: list[str] = []

    def choose_bf16(*_: object) -> Mode:
        calls.append("tried")
        return Mode.BF16

    monkeypatch.setattr(choose, "choose_mode", choose_bf16)
    return calls


@pytest.mark.usefixtures("anna")
def test_the_mode_that_was_found_is_kept(model: Path, tried: list[str]) -> None:
    for _ in range(2):
        assert speaker(model, "auto")._loaded.network.mode is Mode.BF16
    assert len(tried) == 1


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("owner", "name", "found"),
    [
        (processor, "name", lambda: "another processor"),
        (torch, "get_num_threads", lambda: 7),
        (torch, "__version__", "9.9.9"),
        (metadata, "version", lambda _: "9.9"),
    ],
    ids=["processor", "cores", "torch", "runtime"],
)
def test_on_another_machine_or_with_other_programs_the_mode_is_found_anew(
    model: Path,
    tried: list[str],
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    found: object,
) -> None:
    """The folder of what is kept may come from another machine; and a torch that was slow gets quicker."""
    speaker(model, "auto")
    monkeypatch.setattr(owner, name, found)
    for _ in range(2):
        speaker(model, "auto")
    assert len(tried) == 2


@pytest.mark.usefixtures("anna")
def test_auto_after_a_mode_of_one_s_own_is_found_anew(model: Path, tried: list[str]) -> None:
    for mode in ("auto", "int8", "auto"):
        VoiceCraftVoice("anna", VoiceCraftWish(str(model), mode)).load()
    assert len(tried) == 2


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("wish", ["fp16", "fp33", "", "auto"])
def test_a_mode_that_cannot_run_here_gives_way_to_one_that_can(model: Path, wish: str) -> None:
    assert not choose.can_run(Mode.FP16, "cpu")
    voice = speaker(model, wish)
    assert voice._loaded.network.mode in set(Mode) - {Mode.FP16}
    assert len(sound(voice, "Hi.")) > 0


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "{}", '{"mode": "fp16"}', '{"mode": "fp33"}', '{"mode": []}'],
)
def test_a_kept_mode_that_makes_no_sense_is_found_anew(model: Path, content: str) -> None:
    speaker(model, "auto")
    file = paths.cache_dir() / "voicecraft" / "mode.json"
    if content.startswith('{"mode'):  # for this very model and machine
        content = json.dumps(json.loads(file.read_text()) | json.loads(content))
    file.write_text(content)
    found = speaker(model, "auto")._loaded.network.mode
    assert json.loads(file.read_text())["mode"] == found
    assert found is not Mode.FP16


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("mode", [mode for mode in Mode if choose.can_run(mode, "cpu")])
def test_it_speaks_in_every_mode(model: Path, anna: prompts.VoicePrompt, mode: Mode) -> None:
    made = sound(speaker(model, mode), "Hi.")
    assert len(made) == count_frames(anna, "Hi.") * HOP + PAUSE
    assert np.isfinite(made).all()


# --- texts of every kind ------------------------------------------------------------------------------

STORY = (
    "The old lighthouse keeper walked slowly down the stairs before the storm came. Nobody had seen "
    "a ship for many days, and the wind was cold, because the winter had come early; the birds had "
    "gone to the south. He lit the lamp, which was older than himself, and he sat down to wait for "
    "the morning. When the sun rose over the water he saw three boats, one red and two white, that "
    "came home with all their nets full of fish, and the whole village stood at the harbour and sang "
    "until nobody had any voice left. Then they ate, and they slept until the evening of that day."
)


def test_a_long_text_is_said_in_order_in_utterances_that_are_not_too_long(
    model: Path, tmp_path: Path, utterances: list[Noted]
) -> None:
    """The voice's pace is nearly that of the rule of length: each utterance is as long as it thinks."""
    assert len(STORY) > 550
    voice = add_voice(tmp_path, transcript="Four brown dogs sit.", seconds=3.25)
    chunks = say(speaker(model), STORY)
    texts = [chunk.text for chunk in chunks if chunk.text]
    assert " ".join(texts) == STORY
    assert len(texts) == len(utterances) >= 5
    for utterance in utterances:
        assert FRAMES_PER_ID * utterance.n_ids <= 16.5 * 50
    new = sum(count_frames(voice, text) for text in texts)
    assert len(joined(chunks)) == new * HOP + len(texts) * PAUSE
    # between two utterances there is a pause
    firsts = [n for n, chunk in enumerate(chunks) if chunk.text][1:]
    for n in firsts:
        assert not chunks[n - 1].samples[-PAUSE + 1 :].any()


def test_the_chain_says_a_long_text_once_and_in_order(
    model: Path, tmp_path: Path, utterances: list[Noted]
) -> None:
    add_voice(tmp_path, transcript="Four brown dogs sit.", seconds=3.25)
    chain = Chain([speaker(model), Other()], "anna")
    story = STORY[: STORY.index(" He lit")]
    chunks = list(chain.say(story, Manner(), no_tick))
    assert " ".join(chunk.text for chunk in chunks if chunk.text) == story
    sentences = [chunk.sentence for chunk in chunks]
    assert sentences == sorted(sentences)
    assert chain.take_used() == ("anna",)
    assert len(utterances) >= 3


def test_a_transcript_is_read_as_a_text_is(
    model: Path, tmp_path: Path, utterances: list[Noted]
) -> None:
    """Both go to the network as one, so what is said in the recording must not be misread."""
    ids = []
    for transcript in ("It costs $5, Dr. Smith.", "It costs five dollars, doctor Smith."):
        add_voice(tmp_path, transcript=transcript, seconds=5.5)
        say(speaker(model), "The bird sings.")
        ids.append(utterances[-1]._text_ids)
    assert ids[0] == ids[1]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("text", ["", " ", "...", "?!", "—", "\x00\x01", "🙂🙂", "、。", "\ud800"])
def test_what_has_no_sound_is_a_clear_error_or_speech(model: Path, text: str) -> None:
    """Not a word of the recording may be said in its place."""
    voice = speaker(model)
    if Phonemizer(PHN2NUM).count(text) and any(s.isalpha() for s in _symbols(text)):
        assert len(sound(voice, text))
        return
    with pytest.raises(Unpronounceable):
        say(voice, text)


def _symbols(text: str) -> str:
    return "".join(s for s in Phonemizer(PHN2NUM).symbols(text) if s in PHN2NUM)


@pytest.mark.usefixtures("anna")
def test_what_has_no_sound_between_two_sentences_is_left_out(
    model: Path, utterances: list[Noted]
) -> None:
    chunks = say(speaker(model), "The bird sings now.\n...\n—\nThe cat sleeps now.")
    texts = [chunk.text for chunk in chunks if chunk.text]
    assert "".join(c for c in "".join(texts) if c.isalpha()) == "ThebirdsingsnowThecatsleepsnow"
    assert len(utterances) == 2


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "text",
    ["🙂🙂🙂", "...", "\x00\x07\x1b[31mred\x1b[0m", "a\u0301\u0302 \u200b\ufeff", "½ m²", "😀 Hi. 出口",
     "| _ | _", "{}[]()<>", "\ud800 lone", "ǅ ﬁ ß"],
)  # fmt: skip
def test_through_the_chain_any_text_is_said_by_somebody(model: Path, text: str) -> None:
    other = Other()
    chain = Chain([speaker(model), other], "anna")
    chunks = list(chain.say(text, Manner(), no_tick))
    assert chunks
    assert chain.take_used()


@pytest.mark.usefixtures("anna")
def test_ten_thousand_characters_are_all_said(
    hasty_model: Path, utterances: list[Noted], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each utterance is too short, so that this is a failure in each piece as well."""
    monkeypatch.setattr(voicecraft, "_ATTEMPTS", 1)
    text = ("the bird sings and the cat sleeps then they wake " * 210)[:10_000].strip()
    other = Other()
    chain = Chain([speaker(hasty_model), other], "anna")
    list(chain.say(text, Manner(), no_tick))
    (notice,) = chain.take_notices()
    assert other.said[0] == notice
    assert " ".join(other.said[1:]) == text
    assert len(utterances) == len(other.said) - 1 > 40


def test_a_recording_with_nothing_to_pronounce_in_it_is_another_voices_turn(
    model: Path, tmp_path: Path
) -> None:
    add_voice(tmp_path, transcript="\u02bb\u02bb")  # a letter, but espeak has no sound for it
    voice, other = speaker(model), Other()
    with pytest.raises(Unpronounceable):
        say(voice)
    list(Chain([voice, other], "anna").say(HELLO, Manner(), no_tick))
    assert other.said == ["Voice anna failed; using other.", HELLO]


# --- among the other voices -----------------------------------------------------------------------------


def test_a_voice_of_ones_own_is_found_by_its_name(tmp_path: Path) -> None:
    assert own_voice("anna") is None
    add_voice(tmp_path, "Anna Bell")
    assert own_voice("anna  BELL") == "Anna Bell"
    assert own_voice("hibari") is None
    assert own_voice("") is None


def test_the_chain_begins_with_it_and_falls_back_to_the_others(
    model: Path, anna: prompts.VoicePrompt
) -> None:
    chain = make_chain("ANNA", VoiceCraftWish(str(model), "fp32"))
    chunks = list(chain.say("Hi.", Manner(), no_tick))
    assert chain.take_used() == ("anna",)
    assert chain.take_notices() == ()
    assert len(joined(chunks)) == count_frames(anna, "Hi.") * HOP + PAUSE
    chain = make_chain("hibari", VoiceCraftWish(str(model), "fp32"))
    assert "anna" not in {voice.name for voice in chain._voices}


def _no_model(folder: Path) -> Callable[[], object]:
    add_voice(folder)
    return lambda: write_model(folder / "model")


def _cut_off(folder: Path) -> Callable[[], object]:
    add_voice(folder)
    weights = write_model(folder / "model") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    return lambda: write_model(folder / "model")


def _unread(folder: Path) -> Callable[[], object]:
    write_model(folder / "model")
    (add_voice(folder).folder / "voice.json").write_text("{")
    return lambda: add_voice(folder)


def _no_sound(folder: Path) -> Callable[[], object]:
    write_model(folder / "model")
    (add_voice(folder).folder / "prompt.wav").unlink()
    return lambda: add_voice(folder)


def _not_accepted(folder: Path) -> Callable[[], object]:
    write_model(folder / "model")
    add_voice(folder)
    (paths.data_dir() / "licences" / "voicecraft.json").unlink()
    return files.accept


@pytest.mark.parametrize("spoil", [_no_model, _cut_off, _unread, _no_sound, _not_accepted])
def test_a_voice_that_was_mended_speaks_from_the_next_text_on(
    tmp_path: Path, spoil: Callable[[Path], Callable[[], object]]
) -> None:
    """The program that runs told what to do; it need not be started anew after that."""
    mend = spoil(tmp_path)
    voice = VoiceCraftVoice("anna", VoiceCraftWish(str(tmp_path / "model"), "fp32"))
    chain = Chain([voice, Other()], "anna")
    for _ in range(2):
        list(chain.say(HELLO, Manner(), no_tick))
        assert chain.take_used() == ("other",)
    assert len(chain.take_notices()) == 2
    mend()
    list(chain.say(HELLO, Manner(), no_tick))
    assert chain.take_used() == ("anna",)
    assert chain.take_notices() == ()


@pytest.mark.usefixtures("anna")
def test_another_language_is_spoken_by_another_voice_which_says_so_once(model: Path) -> None:
    other = Other()
    chain = Chain([VoiceCraftVoice("anna", VoiceCraftWish(str(model), "fp32")), other], "anna")
    list(chain.say("Hola.", Manner(language="es"), no_tick))
    list(chain.say("Buenos días.", Manner(language="es-MX"), no_tick))
    notice = "The voice anna does not speak Spanish; using other."
    assert other.said == [notice, "Hola.", "Buenos días."]
    assert chain.take_notices() == (notice,)
    assert chain.take_used() == ("other",)
    list(chain.say("Hi.", Manner(language="en"), no_tick))
    assert chain.take_used() == ("anna",)
    assert chain.take_notices() == ()


class Captioner:
    """Has a network as far as a tenancy knows."""

    times_gone = 0

    def let_go(self) -> None:
        self.times_gone += 1


@pytest.mark.usefixtures("anna")
def test_where_the_memory_is_small_another_voice_speaks_while_a_captioner_works(
    model: Path,
) -> None:
    tenancy, captioner, other = Tenancy(8 * 10**9), Captioner(), Other()
    voice = VoiceCraftVoice("anna", VoiceCraftWish(str(model), "fp32"), tenancy)
    chain = Chain([voice, other], "anna")
    list(chain.say("Hi.", Manner(), no_tick))
    assert chain.take_used() == ("anna",)
    assert voice._model is not None
    network = weakref.ref(voice._model.network)
    with tenancy.working(captioner, no_tick):
        gc.collect()
        assert network() is None, "its memory is free"
        chain.load()
        list(chain.say("Hi.", Manner(), no_tick))
        assert (chain.take_used(), voice._model) == (("other",), None)
        with pytest.raises(VoiceAway):
            voice.load()
    assert captioner.times_gone == 0
    list(chain.say("Hi.", Manner(), no_tick))
    assert chain.take_used() == ("anna",)
    assert chain.take_notices() == ()
    assert captioner.times_gone == 1


@pytest.mark.usefixtures("anna")
def test_a_voice_that_is_away_when_it_is_first_needed_speaks_later(model: Path) -> None:
    tenancy, other = Tenancy(8 * 10**9), Other()
    voice = VoiceCraftVoice("anna", VoiceCraftWish(str(model), "fp32"), tenancy)
    chain = Chain([voice, other], "anna")
    with tenancy.working(Captioner(), no_tick):
        list(chain.say("Hi.", Manner(), no_tick))
    list(chain.say("Hi.", Manner(), no_tick))
    assert chain.take_used() == ("other", "anna")
    assert (chain.take_notices(), other.said) == ((), ["Hi."])


def test_the_voice_of_the_program_is_no_choice_that_needs_a_notice() -> None:
    other = Other()
    chain = Chain([HibariVoice(), other], "hibari")
    list(chain.say("Hola.", Manner(language="es"), no_tick))
    assert other.said == ["Hola."]
    assert chain.take_notices() == ()


def _no_folder(folder: Path) -> str:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    return "There is no folder"


def _no_network(folder: Path) -> str:
    (folder / "config.json").unlink()
    return "has no network"


def _no_codec(folder: Path) -> str:
    (folder / "encodec_tiny.th").unlink()
    return "codec"


def _no_terms(folder: Path) -> str:
    (paths.data_dir() / "licences" / "voicecraft.json").unlink()
    return "voice licence --accept"


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("spoil", [_no_folder, _no_network, _no_codec, _no_terms])
def test_what_is_not_there_is_told_before_anything_is_loaded(
    tmp_path: Path, spoil: Callable[[Path], str]
) -> None:
    folder = write_model(tmp_path / "model")
    voice = VoiceCraftVoice("anna", VoiceCraftWish(str(folder)))
    assert voice.why_not() is None
    sentence = spoil(folder)
    assert sentence in (voice.why_not() or "")
    with pytest.raises(VoiceMissing) as caught:
        voice.load()
    assert sentence in caught.value.spoken
    other = Other()
    chain = Chain([voice, other], "anna")
    list(chain.say(HELLO, Manner(), no_tick))
    assert other.said[-1] == HELLO
    assert sentence in " ".join(chain.take_notices())


def test_a_voice_that_is_gone_is_told(model: Path, anna: prompts.VoicePrompt) -> None:
    prompts.remove("anna")
    voice = VoiceCraftVoice("anna", VoiceCraftWish(str(model)))
    assert "anna" in (voice.why_not() or "")
    with pytest.raises(VoicePromptMissing):
        voice.load()


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "encodec_tiny.th"])
@pytest.mark.parametrize("size", [0, 0.6])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, size: float) -> None:
    folder = write_model(tmp_path / "model")
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: round(size * len(data))])
    with pytest.raises(VoiceDamaged) as caught:
        speaker(folder)
    assert name in caught.value.spoken


@pytest.mark.usefixtures("anna")
def test_the_codec_of_another_network_is_refused(tmp_path: Path) -> None:
    from tests.unit.nets.voicecraft.tiny import write_checkpoint

    for size in ({"n_codes": 32}, {"n_codebooks": 3}, {"frames_hz": 75}):
        folder = write_model(tmp_path / "model")
        write_checkpoint(folder, **size)
        with pytest.raises(VoiceDamaged, match="another network"):
            speaker(folder)


@pytest.mark.usefixtures("anna")
def test_a_sentence_in_the_program_s_language_for_every_state(model: Path) -> None:
    strings.use_language("es", paths.resources() / "locale")
    try:
        files._mark().unlink()
        why = VoiceCraftVoice("anna", VoiceCraftWish(str(model))).why_not()
    finally:
        strings.use_language("en", paths.resources() / "locale")
    assert why
    assert "terms" not in why


def test_errors_of_the_machine_are_errors_of_the_voice(
    model: Path, anna: prompts.VoicePrompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = speaker(model)

    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(voice._loaded.codec, "stream", full)
    with pytest.raises(SpeakError):
        say(voice)


def test_the_frames_counted_here_are_those_of_the_rules(anna: prompts.VoicePrompt) -> None:
    assert NEVER < 0 < AT_ONCE
    ids = count_ids(f"{anna.transcript} {HELLO}")
    assert count_frames(anna, HELLO) == FRAMES_PER_ID * ids - count_prompt_frames(anna)
