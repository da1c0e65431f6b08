"""The microphone of a real sound server: chosen among two, listening, refused, pulled out."""

from __future__ import annotations

import subprocess
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from imagecraft_desktop import choices
from imagecraft_desktop.errors import MicrophoneRefused
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak.microphone import QUIETEST, Microphone
from tests.desktop import Desktop
from tests.desktop.processes import wait_until

pytestmark = pytest.mark.desktop

NAMES = ("headset", "webcam")
RATE_HZ = 48_000


@pytest.fixture
def room(inside_desktop: Desktop, tmp_path: Path) -> Iterator[Desktop]:
    """Each microphone hears what is played into the room of its name."""
    for name in NAMES:
        inside_desktop.sound.plug(f"room_{name}")
        pactl(
            inside_desktop,
            *("load-module", "module-remap-source", f"master=room_{name}.monitor"),
            *(f"source_name={name}", f"source_properties=device.description=The_{name}"),
        )
    yield inside_desktop
    pactl(inside_desktop, "unload-module", "module-remap-source")
    for name in NAMES:
        inside_desktop.sound.unplug(f"room_{name}")


def pactl(desktop: Desktop, *arguments: str) -> None:
    done = desktop.run(["pactl", *arguments], timeout_s=10)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def hum(room: Desktop, tmp_path: Path) -> Iterator[None]:
    """Something that the headset alone hears."""
    file = tmp_path / "hum.wav"
    sound = 0.25 * np.sin(2 * np.pi * 440 * np.arange(60 * RATE_HZ) / RATE_HZ)
    with wave.open(str(file), "wb") as target:
        target.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        target.writeframes((sound * 32767).astype("<i2").tobytes())
    playing = subprocess.Popen(["paplay", "-d", "room_headset", str(file)], env=room.env)
    yield
    playing.terminate()
    playing.wait()


def loudest(name: str) -> float:
    """What a microphone of this name hears in half a second."""
    microphone = Microphone(name)
    microphone.start()
    try:
        wait_until(lambda: microphone.seconds > 0.5, "half a second", 10)
        return microphone.take_loudest()
    finally:
        microphone.stop()


def test_the_microphones_are_offered_and_the_chosen_one_listens(hum: None) -> None:
    offered = choices.offered("microphone", Settings())
    assert [(one.value, one.label) for one in offered] == [
        ("", "the system's default"),
        ("headset", "The_headset"),
        ("webcam", "The_webcam"),
    ]
    assert loudest("headset") == pytest.approx(-12, abs=1)
    assert loudest("webcam") == QUIETEST
    assert loudest("The_head") == pytest.approx(-12, abs=1)


def test_while_it_rests_nothing_is_recorded(hum: None, tmp_path: Path) -> None:
    microphone = Microphone("headset")
    microphone.start()
    wait_until(lambda: microphone.level > -20, "the hum", 10)
    microphone.is_resting = True
    time.sleep(0.2)
    microphone.take_loudest()
    seconds = microphone.seconds
    time.sleep(0.3)
    assert (microphone.seconds, microphone.take_loudest()) == (seconds, QUIETEST)
    microphone.is_resting = False
    wait_until(lambda: microphone.seconds > seconds, "more", 10)
    microphone.stop()


def test_one_that_has_gone_is_replaced_by_the_default(room: Desktop) -> None:
    microphone = Microphone("headset that was pulled out")
    microphone.start()
    microphone.stop()
    assert microphone.is_another


def test_pulled_out_while_it_listens_it_is_known_to_be_lost(
    inside_desktop: Desktop, tmp_path: Path
) -> None:
    microphone = Microphone()
    microphone.start()
    try:
        wait_until(lambda: microphone.seconds > 0.2, "sound", 10)
        assert not microphone.is_lost
        inside_desktop.sound.unplug()
        wait_until(lambda: microphone.is_lost, "the loss", 10)
        heard_s = microphone.seconds
    finally:
        microphone.stop()
    microphone._sound[:2] = b"\1\0"  # the silent output gives digital silence, which is refused
    microphone.save(tmp_path / "a.wav")
    assert soundfile.info(tmp_path / "a.wav").duration == pytest.approx(heard_s, abs=0.01)


def test_one_that_does_not_open_is_told(
    inside_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SOURCE", "held-by-nobody-for-it-is-not-there")
    microphone = Microphone()
    with pytest.raises(MicrophoneRefused) as told:
        microphone.start()
    assert told.value.spoken == (
        "The microphone gives no sound. Another program may hold it. Close that, then try again."
    )
    microphone.stop()
