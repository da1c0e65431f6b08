"""Speech goes to a file, and how that went is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from imagecraft_desktop.values import Speech
from imagecraft_desktop.windows.speech_file import SpeechFile

CHUNK = Speech(np.full(2400, 0.1, np.float32), 24_000)


@pytest.mark.parametrize("ending", ["wav", "mp3", "ogg", "flac"])
def test_it_is_written_when_all_is_there(tmp_path: Path, ending: str):
    told: list[str] = []
    path = tmp_path / f"a.{ending}"
    file = SpeechFile(path, "hibari", told.append)
    file.begin()
    file.feed(CHUNK)
    file.feed(CHUNK)
    assert not path.exists()
    file.finish()
    assert told == [f"a.{ending} is saved."]
    assert soundfile.info(path).duration == pytest.approx(0.2, abs=0.1)


def test_stopped_before_the_end_it_is_not_written_and_that_is_told(tmp_path: Path):
    told: list[str] = []
    file = SpeechFile(tmp_path / "a.wav", "hibari", told.append)
    file.begin()
    file.feed(CHUNK)
    file.stop()
    file.finish()
    assert told == ["The speech is not saved: it was ended before it was complete."]
    assert list(tmp_path.iterdir()) == []


def test_a_voice_without_sound_is_told(tmp_path: Path):
    told: list[str] = []
    file = SpeechFile(tmp_path / "a.wav", "system", told.append)
    file.begin()
    file.finish()
    assert told[0].startswith("The speech of the voice system cannot be saved.")
    file = SpeechFile(tmp_path / "no" / "a.wav", "hibari", told.append)
    file.feed(CHUNK)
    file.finish()
    assert "there is no such folder" in told[1]
