"""The player on a real sound server, judged by what its output's monitor records."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest

from imagecraft_desktop.errors import ImageCraftError, NoSoundDevice, SoundLibraryMissing
from imagecraft_desktop.speak import device as sound_device
from imagecraft_desktop.speak import earcon
from imagecraft_desktop.speak import player as player_module
from imagecraft_desktop.speak.earcon import NAMES
from imagecraft_desktop.speak.player import Player, PlayerEvent, PlayerEventKind, devices
from imagecraft_desktop.values import Speech
from tests.desktop import Desktop, Recorder, processes

pytestmark = [pytest.mark.desktop, pytest.mark.sound]

SERVER_HZ = 48_000
LONG_S = 30.0
"""Nothing takes so long, on whatever machine."""
NO_DEVICE = PlayerEventKind.NO_DEVICE
DEVICE_LOST = PlayerEventKind.DEVICE_LOST
DEVICE_UNKNOWN = PlayerEventKind.DEVICE_UNKNOWN
FINISHED = PlayerEventKind.FINISHED


wait_until = partial(processes.wait_until, timeout_s=LONG_S)


class Notes:
    """The events of a player."""

    def __init__(self) -> None:
        self.events: list[PlayerEvent] = []

    def __call__(self, event: PlayerEvent) -> None:
        self.events.append(event)

    @property
    def kinds(self) -> list[PlayerEventKind]:
        return [event.kind for event in self.events]

    def wait_for(self, kind: PlayerEventKind) -> PlayerEvent:
        wait_until(lambda: kind in self.kinds, f"{kind}; had {self.kinds}")
        return next(event for event in self.events if event.kind is kind)


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def player(inside_desktop: Desktop, notes: Notes, capfd) -> Iterator[Player]:
    """A player on the private desktop. Nothing may come to the terminal, but for three lines that
    PortAudio's own thread writes when the device goes."""
    made = Player(on_event=notes)
    yield made
    made.close()
    lines = capfd.readouterr().err.splitlines()
    is_lost = {DEVICE_LOST, NO_DEVICE} & set(notes.kinds)
    assert [line for line in lines if not (is_lost and line.startswith("Expression '"))] == []


def speech(samples, rate_hz: int, sentence: int = 0) -> Speech:
    return Speech(np.asarray(samples, np.float32), rate_hz, sentence)


def tone(hz: float, seconds: float, rate_hz: int = 24_000, sentence: int = 0) -> Speech:
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    return speech(0.3 * np.sin(2 * np.pi * hz * time_s), rate_hz, sentence)


def noise(seconds: float, seed: int = 0):
    """int16, (N,), without a zero, so that what is silent in a recording was not played."""
    samples = np.random.default_rng(seed).integers(1000, 9000, int(seconds * SERVER_HZ))
    return (samples * np.random.default_rng(seed + 1).choice([-1, 1], len(samples))).astype(
        np.int16
    )


def as_speech(pcm, sentence: int = 0) -> Speech:
    return speech(pcm.astype(np.float32) / np.float32(32768), SERVER_HZ, sentence)


def recorded(heard):
    """int16, (N,)"""
    return (heard.samples * 32768).astype(np.int16)


def not_silent(heard):
    samples = recorded(heard)
    return samples[samples != 0]


def sounding_s(heard) -> float:
    """For how long something was heard, first to last."""
    loud = np.flatnonzero(np.abs(heard.samples) > 0.01)
    return float(loud[-1] - loud[0]) / SERVER_HZ


def say(player: Player, *chunks: Speech) -> None:
    player.begin()
    for chunk in chunks:
        player.feed(chunk)
    player.finish()


def pitches(samples, rate_hz: int = SERVER_HZ) -> list[int]:
    """The pitches heard, to 50 Hz, each once as they follow each other, by pieces of 20 ms."""
    size = rate_hz // 50
    found: list[int] = []
    for start in range(0, len(samples) - size, size):
        piece = samples[start : start + size]
        if np.sqrt(np.mean(piece**2)) < 0.15:  # silence or a change of tones
            continue
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(size), rate_hz))
        hz = round(float(np.argmax(spectrum)) / 50) * 50
        if not found or found[-1] != hz:
            found.append(hz)
    return found


def streams_on(desktop: Desktop) -> int:
    """How many programs are connected to an output of the sound server."""
    listed = desktop.run(["pactl", "list", "short", "sink-inputs"], timeout_s=5)
    return len(listed.stdout.splitlines())


# --- what is heard is what was fed -----------------------------------------------------------


def test_every_sample_is_heard_once_and_in_order(player, desktop, notes):
    pcm = noise(2.0)
    with desktop.record() as heard:
        say(player, *(as_speech(part, i // 2) for i, part in enumerate(np.split(pcm, 6))))
        assert player.wait(LONG_S)
        heard.wait_for_silence(0.2)
    assert np.array_equal(not_silent(heard), pcm)
    assert player.played_s == pytest.approx(2.0)
    assert notes.kinds == [FINISHED]
    assert not player.is_playing


@pytest.mark.parametrize("rate_hz", [24_000, 22_050, 16_000])
def test_last_twenty_milliseconds_are_heard(player, desktop, rate_hz):
    with desktop.record() as heard:
        say(player, tone(500, 0.5, rate_hz), tone(2000, 0.02, rate_hz))
        assert player.wait(LONG_S)
        heard.wait_for_silence(0.2)
    loud = np.flatnonzero(np.abs(heard.samples) > 0.01)
    length_s = (loud[-1] - loud[0]) / SERVER_HZ
    assert length_s >= 0.517, "a machine that is too busy may tear it apart, but nothing is lost"
    end = heard.samples[loud[-1] - SERVER_HZ // 50 : loud[-1]]
    spectrum = np.abs(np.fft.rfft(end * np.hanning(len(end)), SERVER_HZ))
    assert np.argmax(spectrum) == pytest.approx(2000, abs=60)


def test_first_chunk_sounds_while_the_next_is_computed(player, desktop):
    begun = time.monotonic()
    with desktop.record() as heard:
        player.begin()
        player.feed(tone(500, 0.3))
        heard.wait_for_sound()
        sounded_at = player.first_sound_at
        fed_at = time.monotonic()
        time.sleep(0.5)  # the model works
        player.feed(tone(1000, 0.3, sentence=1))
        player.finish()
        assert player.wait(LONG_S)
    assert sounded_at is not None
    assert begun < sounded_at < fed_at
    assert pitches(heard.samples) == [500, 1000]


def test_model_that_is_slow_for_long_frees_the_device_meanwhile(player, desktop):
    with desktop.record() as heard:
        player.begin()
        player.feed(tone(500, 0.3))
        wait_until(lambda: streams_on(desktop) == 0, "the stream to end")
        assert player.is_playing
        player.feed(tone(1000, 0.3, sentence=1))
        player.finish()
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [500, 1000]


def test_two_voices_of_different_rates_keep_their_pitch(player, desktop):
    with desktop.record() as heard:
        say(player, tone(500, 0.3, 24_000), tone(1000, 0.3, 22_050, sentence=1))
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [500, 1000]


def test_next_utterance_may_have_another_rate(player, desktop):
    with desktop.record() as heard:
        say(player, tone(500, 0.3, 24_000))
        assert player.wait(LONG_S)
        say(player, tone(1000, 0.3, 16_000))
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [500, 1000]


def test_new_utterance_silences_the_one_before(player, desktop):
    with desktop.record() as heard:
        say(player, tone(500, 5))
        heard.wait_for_sound()
        say(player, tone(1000, 0.3))
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [500, 1000]
    assert sounding_s(heard) < 4


def test_too_loud_sound_is_limited(player, desktop):
    loud = tone(500, 0.3, SERVER_HZ)
    with desktop.record() as heard:
        say(player, speech(loud.samples * 10, SERVER_HZ))
        assert player.wait(LONG_S)
    at = int((heard.loud_at_s() or 0) * SERVER_HZ)
    flat = heard.samples[at + 10 : at + 40]  # the first half wave, 48 samples long
    assert (flat > 0.99).all(), "wrapped around"


def test_volume_is_applied_to_speech_and_signs(inside_desktop):
    def loudness(volume: float) -> tuple[float, float]:
        player = Player(volume=volume)
        with inside_desktop.record() as heard:
            say(player, tone(500, 0.2, SERVER_HZ))
            assert player.wait(LONG_S)
            spoken = float(np.abs(heard.samples).max())
            since = heard.seconds
            assert player.sign("done")
            heard.wait_for_sound(after_s=since)
            heard.wait_for_silence(0.3)
        player.close()
        return spoken, float(np.abs(heard.samples[int(since * SERVER_HZ) :]).max())

    full, quarter = loudness(1.0), loudness(0.25)
    assert quarter == pytest.approx((full[0] / 4, full[1] / 4), rel=0.02)


def test_utterance_without_sound_is_over_at_once(player, notes):
    say(player)
    assert player.wait(LONG_S)
    assert notes.kinds == [FINISHED]


# --- stop, pause, move -----------------------------------------------------------------------


def test_stop_is_silent_within_a_second(player, desktop):
    """At random moments, by the clock of the recording, which lags. A tenth of a second is promised;
    the bench measures it."""
    chance = random.Random(1)
    with desktop.record() as heard:
        for _ in range(15):
            since = heard.seconds
            say(player, tone(500, 5))
            heard.wait_for_sound(after_s=since)
            time.sleep(chance.uniform(0, 0.15))
            asked_at_s = heard.seconds
            player.stop()
            heard.wait_for_silence(0.15)
            last = np.flatnonzero(np.abs(heard.samples) > 0.001)[-1] / SERVER_HZ
            assert last - asked_at_s < 1.0
            assert not player.wait(0)


def test_chunks_that_come_after_stop_are_not_heard(player, desktop):
    with desktop.record() as heard:
        player.begin()
        player.feed(tone(500, 0.5))
        heard.wait_for_sound()
        player.stop()
        player.feed(tone(1000, 0.5))
        player.finish()
        heard.wait_for_silence(0.5)
    assert pitches(heard.samples) == [500]
    assert not player.repeat(), "not all of it is known"


def test_pause_and_resume_lose_nothing(player, desktop):
    pcm = noise(2.5)
    chance = random.Random(2)
    with desktop.record() as heard:
        say(player, as_speech(pcm))
        for _ in range(5):
            time.sleep(chance.uniform(0.02, 0.2))
            player.toggle_pause()
            assert player.is_paused
            time.sleep(chance.uniform(0.0, 0.2))
            player.toggle_pause()
            assert not player.is_paused
        assert player.wait(LONG_S)
    assert np.array_equal(not_silent(heard), pcm)


def test_pause_is_silent_soon_and_frees_the_device(player, desktop):
    with desktop.record() as heard:
        say(player, tone(500, 5))
        heard.wait_for_sound()
        asked_at_s = heard.seconds
        player.pause()
        heard.wait_for_silence(0.3)
        last = np.flatnonzero(np.abs(heard.samples) > 0.01)[-1] / SERVER_HZ
        assert last - asked_at_s < 2.0, "soon: the sentence has three seconds more"
        wait_until(lambda: streams_on(desktop) == 0, "the stream to end")
        player.stop()


def test_chunks_fed_while_paused_wait(player, desktop):
    with desktop.record() as heard:
        player.begin()
        player.feed(tone(500, 0.2))
        player.pause()
        player.feed(tone(1000, 0.2, sentence=1))
        player.finish()
        assert not player.wait(0.5)
        player.resume()
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [500, 1000]


def test_skip_goes_to_the_next_sentence_at_once(player, desktop):
    with desktop.record() as heard:
        say(player, tone(500, 3), tone(1000, 3, sentence=1), tone(1500, 0.3, sentence=2))
        heard.wait_for_sound()
        time.sleep(0.2)
        player.skip()
        time.sleep(0.3)
        player.skip()
        assert player.wait(LONG_S)
        heard.wait_for_silence(0.2)
    assert pitches(heard.samples) == [500, 1000, 1500]
    assert sounding_s(heard) < 3, "each sentence alone has three seconds"


def test_skip_loses_nothing_of_the_next_sentence(player, desktop):
    last = noise(1.0)
    with desktop.record() as heard:
        say(player, tone(500, 3, SERVER_HZ), as_speech(last, 1))
        heard.wait_for_sound()
        player.skip()
        assert player.wait(LONG_S)
    assert np.array_equal(not_silent(heard)[-len(last) :], last)


def test_skip_past_what_has_come_waits_for_the_next_sentence(player, desktop):
    with desktop.record() as heard:
        player.begin()
        player.feed(tone(500, 3))
        heard.wait_for_sound()
        player.skip()
        player.feed(tone(500, 1))  # the rest of the same sentence
        player.feed(tone(1000, 0.3, sentence=1))
        player.finish()
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [500, 1000]
    assert sounding_s(heard) < 3


def test_skip_in_the_last_sentence_ends_the_utterance(player, notes):
    say(player, tone(500, 2 * LONG_S))
    player.skip()
    assert player.wait(LONG_S)
    assert notes.kinds == [FINISHED]


def test_back_says_the_sentence_or_the_one_before_again(player, desktop):
    with desktop.record() as heard:
        say(player, tone(500, 0.4), tone(1000, 3, sentence=1))
        wait_until(lambda: player.played_s > 0.8, "the second sentence")
        player.back()
        wait_until(lambda: player.played_s > 0.8, "the second sentence again")
        player.stop()
    assert pitches(heard.samples) == [500, 1000, 500, 1000]


def test_back_after_the_end_says_the_last_sentence_again(player, desktop):
    with desktop.record() as heard:
        say(player, tone(500, 0.2), tone(1000, 1.2, sentence=1))
        assert player.wait(LONG_S)
        player.back()
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [500, 1000]
    assert player.played_s == pytest.approx(1.4)


def test_repeat_says_all_again_from_memory(player, desktop):
    pcm = noise(0.5)
    assert not player.repeat(), "nothing was said yet"
    with desktop.record() as heard:
        say(player, as_speech(pcm))
        assert player.wait(LONG_S)
        assert player.repeat()
        assert player.wait(LONG_S)
        assert player.repeat()
        player.stop()
        assert player.repeat(), "stopped, but all of it is known"
        assert player.wait(LONG_S)
    assert np.array_equal(not_silent(heard)[: len(pcm) * 2], np.tile(pcm, 2))
    assert np.array_equal(not_silent(heard)[-len(pcm) :], pcm)


def test_repeat_does_not_pretend_when_only_a_part_is_known(player):
    player.begin()
    player.feed(tone(500, 0.5))
    player.stop()
    assert not player.repeat()


def test_repeat_while_speaking_begins_again_and_goes_on(player, desktop):
    with desktop.record() as heard:
        player.begin()
        player.feed(tone(500, 0.4))
        heard.wait_for_sound()
        assert player.repeat()
        player.feed(tone(1000, 0.3, sentence=1))
        player.finish()
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [500, 1000]


# --- signs -----------------------------------------------------------------------------------


def test_sign_is_heard_from_idle(player, desktop):
    """By the clock of the recording, which lags. 50 milliseconds are promised; the bench measures it."""
    took_s = []
    player.prepare()
    with desktop.record() as heard:
        for _ in range(10):
            wait_until(lambda: streams_on(desktop) == 0, "idle", step_s=0.02)
            asked_at_s = heard.seconds
            assert player.sign("accepted")
            took_s.append(heard.wait_for_sound(after_s=asked_at_s) - asked_at_s)
    assert statistics.median(took_s) < 0.5


@pytest.mark.parametrize("name", NAMES)
def test_each_sign_is_heard_whole(player, desktop, name):
    import soundfile

    from imagecraft_desktop.system import paths

    length_s = soundfile.info(paths.resources() / "earcons" / f"{name}.wav").duration
    with desktop.record() as heard:
        assert player.sign(name)
        heard.wait_for_sound()
        heard.wait_for_silence(0.3)
    loud = np.flatnonzero(np.abs(heard.samples) > 0.0002)
    assert (loud[-1] - loud[0]) / SERVER_HZ >= length_s - 0.006


def test_sign_beside_speech_leaves_every_sample_of_it(player, desktop):
    pcm = noise(2.0)
    with desktop.record() as heard:
        say(player, as_speech(pcm))
        wait_until(lambda: player.played_s > 0.5, "speech")
        assert player.sign("working")
        assert player.wait(LONG_S)
    samples = recorded(heard).astype(int)
    start = int(np.flatnonzero(samples)[0])
    rest = samples[start : start + len(pcm)] - pcm
    sounding = np.flatnonzero(rest)
    assert (sounding[-1] - sounding[0]) / SERVER_HZ == pytest.approx(0.06, abs=0.006)
    assert np.abs(rest).max() > 1000


def test_new_sign_is_not_delayed_by_one_that_still_sounds(player, desktop, monkeypatch):
    long = (tone(500, 5, earcon.RATE_HZ).samples * 32767).astype("<i2").tobytes()
    real = earcon.sound_of
    monkeypatch.setattr(
        earcon, "sound_of", lambda name, volume: long if name == "error" else real(name, volume)
    )
    with desktop.record() as heard:
        assert player.sign("error")
        heard.wait_for_sound()
        assert player.sign("cancelled")
        heard.wait_for_silence(0.3)
    assert sounding_s(heard) < 4


def test_unknown_sign_is_refused_quietly(player):
    assert player.sign("fanfare") is False


# --- devices ---------------------------------------------------------------------------------


@pytest.fixture
def phones(inside_desktop: Desktop) -> str:
    """A second output, which is not the default."""
    inside_desktop.sound.plug("phones")
    return "phones"


def test_devices_are_outputs_with_the_default_marked(inside_desktop, phones):
    assert [(d.name, d.is_default) for d in devices()] == [("speakers", True), ("phones", False)]


def test_devices_without_sound_server_are_none(inside_desktop, monkeypatch):
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    assert devices() == []


def test_device_is_chosen_by_a_part_of_its_name(inside_desktop, phones):
    player = Player(device="PHONE")
    with inside_desktop.record() as near, Recorder(inside_desktop.env, phones) as at_phones:
        say(player, tone(500, 0.3))
        assert player.wait(LONG_S)
        assert player.sign("done")
        at_phones.wait_for_silence(0.3)
    player.close()
    found = pitches(at_phones.samples)
    assert (found[0], found[-1]) == (500, 1000), "speech, then the sign"
    assert near.loud_at_s() is None
    assert "PULSE_SINK" not in os.environ


def test_unknown_device_is_told_once_and_the_default_used(inside_desktop, notes):
    player = Player(device="gramophone", on_event=notes)
    with inside_desktop.record() as heard:
        for hz in (500, 1000):
            say(player, tone(hz, 0.2))
            assert player.wait(LONG_S)
    player.close()
    assert pitches(heard.samples) == [500, 1000]
    assert notes.kinds == [DEVICE_UNKNOWN, FINISHED, FINISHED]
    assert "gramophone" in notes.events[0].spoken


def test_unplugged_with_another_output_left_goes_on_there(player, desktop, phones):
    with Recorder(desktop.env, phones) as at_phones:
        say(player, tone(500, 0.5), tone(1000, 1.5, sentence=1), tone(1500, 0.3, sentence=2))
        wait_until(lambda: player.played_s > 0.6, "the second sentence")
        desktop.sound.unplug()
        assert player.wait(LONG_S)
        at_phones.wait_for_silence(0.2)
    assert pitches(at_phones.samples)[-2:] == [1000, 1500]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A player that tries as often as ever, but sooner."""
    monkeypatch.setattr(player_module, "_RETRIES_S", (0.1, 0.2, 0.3))


@pytest.mark.usefixtures("impatient")
def test_unplugged_with_no_output_left_is_told_and_the_place_kept(player, desktop, notes):
    say(player, tone(500, 0.5), tone(1000, 1.5, sentence=1), tone(1500, 0.3, sentence=2))
    wait_until(lambda: player.played_s > 0.6, "the second sentence")
    desktop.sound.unplug()
    told = notes.wait_for(NO_DEVICE)
    assert "No sound device" in told.spoken
    assert not player.wait(1)
    assert not player.is_playing
    assert player.sign("error") is False
    with pytest.raises(NoSoundDevice):
        player.feed(tone(2000, 0.3, sentence=3))
    desktop.sound.plug()
    with desktop.record() as heard:
        player.resume()
        assert player.wait(LONG_S)
        heard.wait_for_silence(0.2)
    assert pitches(heard.samples) == [1000, 1500, 2000]
    assert sounding_s(heard) >= 2.08, "from its start"


def test_server_that_comes_back_soon_is_used_without_asking(player, desktop, notes):
    say(player, tone(500, 0.5), tone(1000, 1.5, sentence=1))
    wait_until(lambda: player.played_s > 0.6, "the second sentence")
    desktop.sound.kill()
    desktop.sound.start()
    with desktop.record() as heard:
        notes.wait_for(DEVICE_LOST)
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [1000]
    assert notes.kinds == [DEVICE_LOST, FINISHED]


@pytest.mark.usefixtures("impatient")
def test_server_that_stays_away_is_told_and_the_next_utterance_tries_again(player, desktop, notes):
    say(player, tone(500, 3))
    wait_until(lambda: player.played_s > 0.5, "speech")
    desktop.sound.kill()
    notes.wait_for(NO_DEVICE)
    player.begin()
    with pytest.raises(NoSoundDevice):
        player.feed(tone(500, 0.3))
    player.finish()
    assert not player.wait(1)
    desktop.sound.start()
    with desktop.record() as heard:
        say(player, tone(1000, 0.3))
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [1000]


def test_no_server_at_start_is_an_error_until_there_is_one(player, desktop, monkeypatch):
    there = os.environ["PULSE_SERVER"]
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    sound_device.refresh()
    # while it is still being tried, the answer is that of the last time
    wait_until(lambda: player.sign("accepted") is False, "the sign to be refused")
    player.begin()
    with pytest.raises(NoSoundDevice):
        player.feed(tone(500, 0.3))
    monkeypatch.setenv("PULSE_SERVER", there)
    with desktop.record() as heard:
        say(player, tone(1000, 0.3))
        assert player.wait(LONG_S)
    assert pitches(heard.samples) == [1000]


@contextmanager
def hanging_server(desktop: Desktop) -> Iterator[None]:
    servers = [c for c in desktop._daemons.children if "pulseaudio" in c.process.args]
    server = next(child for child in servers if child.is_running())
    server.pause()
    try:
        yield
    finally:
        server.resume()


def test_server_that_hangs_stops_nobody(player, desktop):
    say(player, tone(500, 5))
    wait_until(lambda: player.played_s > 0.2, "speech")
    with hanging_server(desktop):
        # one that waited for the server would never return
        for call in (player.stop, player.begin, lambda: player.sign("error"), player.close):
            call()


def test_server_that_hung_is_an_error_and_then_used_again(player, desktop, monkeypatch):
    monkeypatch.setattr(player_module, "_OPENING_S", 1.0)
    with hanging_server(desktop):
        player.begin()
        with pytest.raises(NoSoundDevice):
            player.feed(tone(500, 0.3))
        for _ in range(3):
            player.sign("error")
        time.sleep(0.5)
        player.stop()
    with desktop.record() as heard:
        say(player, tone(1000, 0.3))
        assert player.wait(LONG_S)
        heard.wait_for_silence(0.3)
    assert pitches(heard.samples) == [1000], "what was not heard in time is not heard later"


def test_library_that_is_missing_names_the_package(inside_desktop):
    code = (
        "import ctypes.util, sys\n"
        "ctypes.util.find_library = lambda name: None\n"
        "from imagecraft_desktop.errors import SoundLibraryMissing\n"
        "from imagecraft_desktop.speak.player import Player, devices\n"
        "player = Player(on_event=lambda event: print(event.spoken))\n"
        "print(player.sign('accepted'))\n"
        "player.prepare()\n"
        "player.close()\n"
        "try: devices()\n"
        "except SoundLibraryMissing as error: print(error.spoken)\n"
    )
    done = inside_desktop.run([sys.executable, "-c", code], timeout_s=30)
    sentence = "No sound: the library PortAudio is missing. Install libportaudio2."
    assert done.stdout.splitlines() == ["False", sentence, sentence]
    assert issubclass(SoundLibraryMissing, NoSoundDevice)


def test_device_of_one_rate_gets_resampled_sound(player, desktop, monkeypatch):
    """Stands for an exclusive device; the sound server itself takes any rate."""
    sounddevice = sound_device.load()

    class Strict(sounddevice.RawOutputStream):
        def __init__(self, **wish):
            if wish["samplerate"] != SERVER_HZ:
                raise sounddevice.PortAudioError("Invalid sample rate", -9997)
            super().__init__(**wish)

    monkeypatch.setattr(sounddevice, "RawOutputStream", Strict)
    monkeypatch.setattr(
        sounddevice, "query_devices", lambda *_: {"default_samplerate": float(SERVER_HZ)}
    )
    with desktop.record() as heard:
        say(player, tone(500, 0.3, 22_050), tone(1000, 0.3, 22_050, sentence=1))
        assert player.wait(LONG_S)
        since = heard.seconds
        assert player.sign("accepted")
        at = heard.wait_for_sound(after_s=since)
        heard.wait_for_silence(0.3)
    assert pitches(heard.samples) == [500, 1000]
    sign = heard.samples[int(at * SERVER_HZ) :]
    assert np.flatnonzero(np.abs(sign) > 0.0005)[-1] / SERVER_HZ == pytest.approx(0.05, abs=0.006)


# --- what it costs ---------------------------------------------------------------------------


def test_idle_player_uses_no_processor_and_no_device(player, desktop):
    say(player, tone(500, 0.2))
    assert player.wait(LONG_S)
    assert player.sign("done")
    wait_until(lambda: streams_on(desktop) == 0, "idle")
    before = time.process_time()
    time.sleep(1.0)
    assert time.process_time() - before < 0.1


def test_thousand_utterances_leak_nothing(player, desktop):
    def counts() -> tuple[int, int, int]:
        threads = len(os.listdir("/proc/self/task"))
        return threading.active_count(), threads, len(os.listdir("/proc/self/fd"))

    chunk = tone(500, 0.5)
    say(player, chunk)
    player.stop()
    wait_until(lambda: streams_on(desktop) == 0, "idle")
    before = counts()
    for _ in range(1000):
        player.begin()
        player.feed(chunk)
        player.stop()
    wait_until(lambda: streams_on(desktop) == 0, "idle")
    wait_until(lambda: counts() == before, f"{before}, not {counts()}")
    assert not sound_device._open_streams
    say(player, tone(1000, 0.2))
    assert player.wait(LONG_S), "still plays"


def test_calls_from_many_threads_at_once_do_no_harm(player, desktop):
    """Every call, at random, from four threads for a while; then it still plays exactly."""
    errors: list[Exception] = []
    end = time.monotonic() + 1.5

    def disturb(seed: int) -> None:
        chance = random.Random(seed)
        calls = [
            *(player.stop, player.pause, player.resume, player.toggle_pause, player.skip),
            *(player.back, player.repeat, player.begin, player.finish),
            lambda: player.feed(tone(500, 0.1, chance.choice([16_000, 24_000]), seed)),
            lambda: player.sign(chance.choice(NAMES)),
        ]
        try:
            while time.monotonic() < end:
                chance.choice(calls)()
                time.sleep(chance.uniform(0, 0.01))
        except (ImageCraftError, RuntimeError, ValueError, TypeError, IndexError) as error:
            errors.append(error)

    threads = [threading.Thread(target=disturb, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)
    assert not any(thread.is_alive() for thread in threads)
    assert errors == []
    player.stop()
    wait_until(lambda: streams_on(desktop) == 0, "idle")
    pcm = noise(0.5)
    with desktop.record() as heard:
        say(player, as_speech(pcm))
        assert player.wait(LONG_S)
    assert np.array_equal(not_silent(heard), pcm)


@pytest.mark.parametrize("end", ["pass", "player.close()", "import os; os.kill(os.getpid(), 15)"])
def test_program_that_ends_while_speaking_ends_at_once(inside_desktop, end):
    """It has two minutes to say and may take one to end."""
    code = (
        "import numpy as np, time\n"
        "from imagecraft_desktop.speak.player import Player\n"
        "from imagecraft_desktop.values import Speech\n"
        "player = Player()\n"
        "player.begin()\n"
        "player.feed(Speech(np.full(120 * 24_000, 0.1, np.float32), 24_000))\n"
        "while player.first_sound_at is None: time.sleep(0.01)\n" + end
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=inside_desktop.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == (-15 if "kill" in end else 0)
