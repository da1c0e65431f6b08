from __future__ import annotations

import importlib.util
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from imagecraft_desktop.speak import earcon
from imagecraft_desktop.system import paths

SCRIPT = Path(__file__).resolve().parents[3] / "installer" / "make_earcons.py"


def make_earcons():
    spec = importlib.util.spec_from_file_location("make_earcons", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_earcons"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def samples_of(name):
    with wave.open(str(paths.resources() / "earcons" / f"{name}.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float) / 32768


def pitch_hz(part):
    """The strongest frequency."""
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 24_000))
    return float(np.argmax(spectrum))


def test_script_makes_exactly_the_files_that_are_there(tmp_path):
    make_earcons().write_all(tmp_path)
    for name in earcon.NAMES:
        made = (tmp_path / f"{name}.wav").read_bytes()
        assert made == (paths.resources() / "earcons" / f"{name}.wav").read_bytes(), name
    there = {file.stem for file in (paths.resources() / "earcons").glob("*.wav")}
    assert there == set(earcon.NAMES) == set(make_earcons().EARCONS)


def test_script_describes_each_for_the_reader():
    for name in earcon.NAMES:
        assert f"\n{name} " in make_earcons().__doc__


@pytest.mark.parametrize("name", earcon.NAMES)
def test_earcon_is_short_soft_and_does_not_click(name):
    samples = samples_of(name)
    milliseconds = len(samples) / 24
    assert 30 <= milliseconds <= (60 if name in {"accepted", "working"} else 250)
    assert samples[0] == samples[-1] == 0
    assert np.abs(samples).max() < 0.5, "far from clipping"
    assert 20 * np.log10(np.sqrt(np.mean(samples**2))) == pytest.approx(-20, abs=0.1)
    # a click is a sudden start: the first millisecond stays below a tenth of the peak
    assert np.abs(samples[:24]).max() < 0.1 * np.abs(samples).max()
    assert np.abs(samples[-24:]).max() < 0.1 * np.abs(samples).max()


def test_each_has_a_contour_of_its_own():
    def contour(name):
        """Pitch at the beginning and the end, to 20 Hz, and the length in 50 ms."""
        samples = samples_of(name)
        edge = min(len(samples), 24 * 50)
        ends = pitch_hz(samples[:edge]), pitch_hz(samples[-edge:])
        return (*(round(hz / 20) for hz in ends), len(samples) // 1200)

    contours = {name: contour(name) for name in earcon.NAMES}
    assert len(set(contours.values())) == len(earcon.NAMES), contours
    rises = {name: last - first for name, (first, last, _) in contours.items()}
    assert rises["done"] > 0
    assert rises["error"] < 0
    assert rises["cancelled"] < 0
    assert rises["nothing"] == 0


def test_volume_scales_the_sound():
    full = np.frombuffer(earcon.sound_of("done", 1.0), np.int16)
    half = np.frombuffer(earcon.sound_of("done", 0.5), np.int16)
    assert np.abs(half - full / 2).max() <= 0.5


def test_unknown_earcon_is_empty_and_logged(caplog):
    assert earcon.sound_of("no-such-sound", 1.0) == b""
    assert "no-such-sound" in caplog.text


@pytest.mark.parametrize("rate_hz", [48_000, 44_100, 16_000])
def test_earcon_at_another_rate_keeps_pitch_and_length(rate_hz):
    sound = earcon.at_rate(earcon.sound_of("accepted", 1.0), rate_hz)
    samples = np.frombuffer(sound, np.int16).astype(float)
    assert len(samples) / rate_hz == pytest.approx(0.050, abs=0.0001)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), rate_hz))
    assert np.argmax(spectrum) == pytest.approx(880, abs=15)


def test_playing_side_needs_no_numpy_and_no_sound_library():
    code = (
        "import sys, imagecraft_desktop.speak.player as p\n"
        "from imagecraft_desktop.speak import earcon\n"
        "assert earcon.sound_of('accepted', 0.5)\n"
        "p.Player()\n"
        "print([m for m in ('numpy', 'sounddevice', 'pulsectl', 'soxr') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
