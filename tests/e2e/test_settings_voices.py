"""A voice is heard, renamed and removed by keyboard, through a real sound server. It is recorded in test_walk.py."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.desktop import Desktop
from tests.desktop.hearing import transcribe
from tests.desktop.processes import Child, wait_until
from tests.desktop.sound import RATE_HZ
from tests.e2e.running import RunningProgram
from tests.e2e.test_settings_app import (
    WentPast,
    focused,
    kept,
    labels,
    open_settings,
    page,
    press_to,
    program,
    tab_to,
    wait_active,
    wait_focus,
    wait_kept,
    wait_named,
    window,
)

__all__ = ["program", "window"]

pytestmark = pytest.mark.desktop

WORDS = "The train to the coast leaves at noon, and the tickets are sold in the hall."
AFTER_TONE_S = 1.5


def turn_to(desktop: Desktop, title: str) -> None:
    """The keyboard is on the list of pages, or the page is shown already."""
    for _ in range(3):
        try:
            press_to(desktop, "Down", lambda: page(desktop), title, last="Privacy")
            return
        except WentPast:  # a press whose effect was late had been made twice
            press_to(desktop, "Home", lambda: page(desktop), "Speech")
    raise AssertionError(f"{title} is no page")


def open_dialog(desktop: Desktop, program: RunningProgram) -> None:
    open_settings(desktop, program)
    turn_to(desktop, "Your voices")
    press_new_voice(desktop)


def press_new_voice(desktop: Desktop) -> None:
    tab_to(desktop, "New voice")
    desktop.keys.press("space")
    wait_active(desktop, "New Voice")
    wait_focus(desktop, "Name of the voice")


def test_a_new_language_waits_for_the_dialog(desktop: Desktop, program: RunningProgram) -> None:
    """It would take what was typed and recorded with it."""
    open_dialog(desktop, program)
    program.use(language="es")
    wait_until(lambda: program.status()["spoken"].startswith("A la espera"), "Spanish", 10)
    time.sleep(1)
    assert desktop.keys.windows("New Voice")
    assert not desktop.keys.windows("Configuración")
    desktop.keys.press("Escape")
    wait_until(lambda: desktop.keys.windows("Configuración"), "the window in Spanish", 20)
    program.use(language="en")
    wait_until(lambda: desktop.keys.windows("Settings"), "the window in English", 20)


def speak_into_microphone(desktop: Desktop, file: Path) -> None:
    """The default microphone hears what the speakers play."""
    subprocess.run(["paplay", str(file)], env=desktop.env, timeout=30, check=True)


def loudest_hz(samples: np.ndarray) -> float:
    """The tone that a recording has most of."""
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE_HZ / len(samples))


def transcribe_file(file: Path) -> str:
    sound, rate_hz = soundfile.read(file, dtype="float32")
    return transcribe(sound, rate_hz)


def record_voice(desktop: Desktop, program: RunningProgram, spoken: Path) -> None:
    """In the settings, on the page of voices: by keyboard, from the first word to the finished voice."""
    press_new_voice(desktop)
    wait_named(desktop)
    desktop.keys.type("Anna")
    tab_to(desktop, "Record or stop")
    with desktop.record() as heard:
        desktop.keys.press("space")
        heard.wait_for_sound(10)  # the tone; from its end on the microphone listens
    time.sleep(AFTER_TONE_S)
    assert program.status()["spoken"] == "The microphone is on."
    speak_into_microphone(desktop, spoken)
    with desktop.record() as heard:
        desktop.keys.press("alt+h")
        heard.wait_until_spoken(1.5)
    # the speakers are the microphone here: it must not hear the verdict nor the tone
    assert "good" in transcribe(heard.samples)
    wait_focus(desktop, "Record or stop")
    desktop.keys.press("space")
    program.wait_notified("Good: ")
    tab_to(desktop, "What is said, word for word")
    desktop.keys.type(WORDS)
    tab_to(desktop, "Make the voice")
    desktop.keys.press("space")
    program.wait_notified("only when the person has agreed")
    folder = Path(desktop.env["XDG_DATA_HOME"]) / "imagecraft-desktop" / "voices"
    assert not (folder / "Anna").exists()
    tab_to(desktop, "The person whose voice this is has agreed to it, or it is my own voice.")
    desktop.keys.press("space")
    tab_to(desktop, "Make the voice")
    desktop.keys.press("space")
    program.wait_notified("Voice Anna is kept")
    with soundfile.SoundFile(folder / "Anna" / "prompt.wav") as sound:
        assert transcribe(sound.read(dtype="float32"), sound.samplerate) == transcribe_file(spoken)
    facts = json.loads((folder / "Anna" / "voice.json").read_text())
    assert facts["transcript"] == WORDS
    assert 3 <= facts["duration_s"] <= 9
    assert "agreed" in facts["consent"]
    # the focus is back where the dialog was opened
    wait_active(desktop, "ImageCraft Settings")
    wait_focus(desktop, "New voice")
    assert list(Path(desktop.env["TMPDIR"]).glob("imagecraft-voice-*")) == []


@pytest.fixture
def spoken(desktop: Desktop, tmp_path: Path) -> Path:
    file = tmp_path / "spoken.wav"
    done = desktop.run(desktop.command("speak", WORDS, "--out", file, "--no-speak"))
    assert done.returncode == 0, done.stderr
    return file


def test_a_voice_is_heard_renamed_and_removed(
    desktop: Desktop, window: Child, program: RunningProgram, spoken: Path
) -> None:
    add = ("voice", "add", "Anna", "--audio", spoken, "--transcript", WORDS, "--speaker-agreed")
    assert desktop.run(desktop.command(*add)).returncode == 0
    folder = Path(desktop.env["XDG_DATA_HOME"]) / "imagecraft-desktop" / "voices"
    open_settings(desktop, program)
    turn_to(desktop, "Your voices")
    wait_until(lambda: any(name.startswith("Anna: ") for name in labels(desktop)), "Anna", 10)
    with desktop.record() as heard:
        tab_to(desktop, "Play the recording")
        heard.wait_for_silence(1.0)
        start_s = heard.seconds
        desktop.keys.press("space")
        heard.wait_for_sound(10, after_s=start_s)
        heard.wait_for_silence(1.0)
    tab_to(desktop, "Rename")
    desktop.keys.press("space")
    wait_active(desktop, "Rename")
    wait_focus(desktop, "New name for Anna")
    desktop.keys.press("ctrl+a")
    desktop.keys.type("Berta")
    desktop.keys.press("Return")
    program.wait_notified("The voice is called Berta now.")
    assert [one.name for one in folder.iterdir() if one.is_dir()] == ["Berta"]
    wait_until(lambda: any(name.startswith("Berta: ") for name in labels(desktop)), "Berta", 10)
    tab_to(desktop, "Remove")
    desktop.keys.press("space")
    wait_until(lambda: "Remove the voice Berta and its recording?" in labels(desktop), "?", 10)
    desktop.keys.press("alt+y")
    program.wait_notified("Voice Berta is removed.")
    assert not (folder / "Berta").exists()


def test_a_microphone_that_has_gone_or_gives_nothing_is_told_by_sentences_and_low_tones(
    desktop: Desktop, window: Child, program: RunningProgram
) -> None:
    program.use(microphone="Blue Snowball")
    program.ask("settings")
    open_dialog(desktop, program)
    level = desktop.accessible.find("progress bar", "Level of the microphone")
    assert "showing" in level["states"]
    tab_to(desktop, "Check the microphone")
    assert focused(desktop)["description"].startswith("Speak as you will in the recording.")
    with desktop.record() as heard:
        desktop.keys.press("space")
        told = "There is no microphone called Blue Snowball. The system's default one is used."
        wait_until(lambda: told in labels(desktop), "the sentence in the dialog", 20)
        heard.wait_for_sound(20, after_s=0.5)  # the sentence, after what the key ended
        heard.wait_for_silence(0.5)
        spoken_s = heard.seconds
        heard.wait_for_sound(10, after_s=spoken_s)  # the tone that begins
        time.sleep(AFTER_TONE_S + 3)
        desktop.keys.press("space")  # the verdict, before it comes by itself
        # it hears the digital silence of an output that plays nothing but the tones
        program.wait_notified("It is muted, or the system does not allow ImageCraft to listen")
    assert "no microphone called blue snowball" in transcribe(
        heard.samples[: round(spoken_s * RATE_HZ)]
    )
    tones = heard.samples[round((spoken_s + AFTER_TONE_S) * RATE_HZ) :][: 3 * RATE_HZ]
    assert loudest_hz(tones) == pytest.approx(220, abs=5)


def test_a_microphone_that_is_pulled_out_is_told(
    desktop: Desktop, window: Child, program: RunningProgram
) -> None:
    program.ask("settings")
    open_dialog(desktop, program)
    tab_to(desktop, "Check the microphone")
    with desktop.record() as heard:
        desktop.keys.press("space")
        heard.wait_for_sound(10)  # the tone; from its end on the microphone listens
        time.sleep(AFTER_TONE_S)
        desktop.sound.unplug()
    program.wait_notified("The microphone was disconnected while it listened.")


def test_a_missing_microphone_is_told(desktop: Desktop, window: Child) -> None:
    program = RunningProgram(desktop, env=desktop.env_without_sound())
    open_dialog(desktop, program)
    tab_to(desktop, "Record or stop")
    desktop.keys.press("space")
    program.wait_notified("No microphone. Connect one, or choose a sound file.")


def test_a_chosen_voice_that_is_removed_is_no_longer_chosen(
    desktop: Desktop, window: Child, program: RunningProgram, spoken: Path
) -> None:
    add = ("voice", "add", "Anna", "--audio", spoken, "--transcript", WORDS, "--speaker-agreed")
    assert desktop.run(desktop.command(*add)).returncode == 0
    assert desktop.run(desktop.command("settings", "set", "voice", "Anna")).returncode == 0
    wait_kept(desktop, voice="Anna")
    open_settings(desktop, program)
    turn_to(desktop, "Your voices")
    wait_until(lambda: any(name.startswith("Anna: ") for name in labels(desktop)), "Anna", 10)
    tab_to(desktop, "Remove")
    desktop.keys.press("space")
    wait_until(lambda: "Remove the voice Anna and its recording?" in labels(desktop), "?", 10)
    desktop.keys.press("alt+y")
    wait_until(lambda: kept(desktop) == {}, "the usual voice", 10)
