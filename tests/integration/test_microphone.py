"""The microphone of a real sound server: it listens, it is refused, it is pulled out."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from imagecraft_desktop.errors import MicrophoneRefused
from imagecraft_desktop.speak.microphone import Microphone
from tests.desktop import Desktop
from tests.desktop.processes import wait_until

pytestmark = pytest.mark.desktop


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
