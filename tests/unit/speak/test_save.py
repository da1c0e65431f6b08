from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import soundfile

from imagecraft_desktop.errors import Cancelled, SoundFileError
from imagecraft_desktop.speak.save import ENDINGS, check, save
from imagecraft_desktop.values import Speech


def tone(seconds: float = 1.0, rate_hz: int = 24_000, hz: float = 440.0) -> Speech:
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    return Speech((0.4 * np.sin(2 * np.pi * hz * time_s)).astype(np.float32), rate_hz)


def loudest_hz(samples, rate_hz) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * rate_hz / len(samples)


@pytest.mark.parametrize("rate_hz", [24_000, 22_050, 16_000])
@pytest.mark.parametrize("ending", [*ENDINGS, ".WAV"])
def test_file_holds_what_was_said(tmp_path, ending, rate_hz):
    path = tmp_path / f"speech{ending}"
    assert save(path, [tone(rate_hz=rate_hz), tone(0.5, rate_hz)]) == pytest.approx(1.5)
    samples, rate = soundfile.read(path)
    assert rate == rate_hz
    assert samples.ndim == 1
    assert len(samples) / rate == pytest.approx(1.5, abs=0.06), "an MP3 is padded at both ends"
    assert loudest_hz(samples, rate) == pytest.approx(440, abs=2)
    assert np.abs(samples).max() == pytest.approx(0.4, abs=0.05)
    assert soundfile.info(path).format == ending[1:].upper()
    assert [file.name for file in tmp_path.iterdir()] == [path.name], "nothing else is left"


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_lossless_formats_are_exact(tmp_path, ending):
    pcm = np.arange(-32768, 32768).astype(np.int16)
    save(tmp_path / f"a{ending}", [Speech(pcm.astype(np.float32) / np.float32(32768), 24_000)])
    assert np.array_equal(soundfile.read(tmp_path / f"a{ending}", dtype="int16")[0], pcm)


def test_chunks_of_another_rate_keep_pitch_and_length(tmp_path):
    path = tmp_path / "a.wav"
    assert save(path, [tone(), tone(rate_hz=22_050)]) == pytest.approx(2.0, abs=0.001)
    samples, rate = soundfile.read(path)
    assert rate == 24_000
    assert loudest_hz(samples[24_000:], rate) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("ending", ENDINGS)
def test_too_loud_sound_is_limited_in_the_file(tmp_path, ending):
    loud = tone()
    save(tmp_path / f"a{ending}", [Speech(loud.samples * 10, loud.rate_hz)])
    samples, _ = soundfile.read(tmp_path / f"a{ending}")
    assert np.mean(np.sign(samples[1000:-1000]) * samples[1000:-1000]) > 0.8, "did not wrap around"


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_said_gives_a_file_without_sound(tmp_path, ending):
    assert save(tmp_path / f"a{ending}", []) == 0.0
    assert (tmp_path / f"a{ending}").exists()


def test_long_speech_can_be_written_as_vorbis(tmp_path):
    assert save(tmp_path / "a.ogg", [tone(120)]) == pytest.approx(120)


def test_file_of_that_name_is_replaced(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"old")
    save(tmp_path / "a.wav", [tone()])
    assert soundfile.info(tmp_path / "a.wav").frames == 24_000


def test_unknown_ending_is_refused_before_anything_is_computed(tmp_path):
    def chunks():
        pytest.fail("asked for sound")
        yield tone()

    with pytest.raises(SoundFileError) as caught:
        save(tmp_path / "a.xyz", chunks())
    assert caught.value.spoken == (
        "a.xyz could not be written: its name must end in one of .wav, .mp3, .ogg, .flac."
    )
    assert not list(tmp_path.iterdir())


def test_missing_folder_is_told(tmp_path):
    with pytest.raises(SoundFileError, match="there is no such folder; make it, or choose another"):
        check(tmp_path / "nowhere" / "a.wav")


def test_folder_in_the_place_of_the_file_is_told_and_left(tmp_path):
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(SoundFileError, match=r"a\.wav could not be written"):
        save(tmp_path / "a.wav", [tone()])
    assert [file.name for file in tmp_path.iterdir()] == ["a.wav"]


def test_cancelled_half_way_leaves_the_old_file(tmp_path):
    def chunks():
        yield tone()
        raise Cancelled

    (tmp_path / "a.wav").write_bytes(b"old")
    with pytest.raises(Cancelled):
        save(tmp_path / "a.wav", chunks())
    assert (tmp_path / "a.wav").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


_IN_A_CHILD = """
    import os, sys
    import numpy as np
    from pathlib import Path
    from imagecraft_desktop.errors import SoundFileError
    from imagecraft_desktop.speak.save import save
    from imagecraft_desktop.values import Speech
    {before}
    try:
        save(Path(sys.argv[1]), [Speech(np.zeros(240_000, np.float32), 24_000)])
    except SoundFileError as error:
        print(error.spoken)
"""


def run_child(before: str, path, *prefix: str) -> str:
    code = textwrap.dedent(_IN_A_CHILD).format(before=before)
    done = subprocess.run(
        [*prefix, sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="folders are protected otherwise there")
def test_folder_that_may_not_be_written_is_told(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    drop = "os.setgid(65534); os.setuid(65534)" if os.getuid() == 0 else "pass"
    for folder in tmp_path.parents:
        if folder.stat().st_uid == os.getuid() and str(folder).startswith("/tmp/pytest"):
            folder.chmod(0o755)
    said = run_child(drop, tmp_path / "locked" / "a.wav")
    assert (
        said == "a.wav could not be written: writing there is not allowed; choose another folder."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit of file size")
def test_write_that_fails_half_way_leaves_the_old_file(tmp_path):
    (tmp_path / "a.wav").write_text("old")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))"
    assert "a.wav could not be written: " in run_child(limit, tmp_path / "a.wav")
    assert (tmp_path / "a.wav").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


_OWN_MOUNTS = ["unshare", "--map-root-user", "--mount", "sh", "-c"]


def may_mount() -> bool:
    try:
        return (
            subprocess.run([*_OWN_MOUNTS, "true"], capture_output=True, check=False).returncode == 0
        )
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not may_mount(), reason="this machine allows nobody a small disk of his own")
def test_full_disk_is_told_and_leaves_the_old_file(tmp_path):
    """A disk of 64 KB, in a name space of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size=64k tmpfs {disk} && echo old > {disk}/a.wav"
    look = f"ls -A {disk}; cat {disk}/a.wav"
    said = run_child("", disk / "a.wav", *_OWN_MOUNTS, f'{mount} && "$@" && {look}', "sh")
    assert said.splitlines() == [
        "a.wav could not be written: the disk is full; make room, or choose another.",
        "a.wav",
        "old",
    ]
