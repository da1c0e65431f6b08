"""Writes speech to a sound file: WAV, FLAC, Ogg Vorbis or MP3 by the file's ending."""

from __future__ import annotations

import contextlib
import errno
import io
import itertools
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from imagecraft_desktop import strings
from imagecraft_desktop.errors import SoundFileError
from imagecraft_desktop.speak.samples import at_rate
from imagecraft_desktop.system.new_file import why_not_written
from imagecraft_desktop.values import Speech

_FORMATS = {
    ".wav": ("WAV", "PCM_16"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".ogg": ("OGG", "VORBIS"),
    ".flac": ("FLAC", "PCM_16"),
}
ENDINGS = tuple(_FORMATS)
_BLOCK = 65_536
"""Samples written at once: the Vorbis encoder overflows its stack with very many."""


def check(path: Path) -> None:
    """Find out before the work whether `save` can succeed.

    Raises:
        SoundFileError: Unknown ending, no such folder, or it may not be written.
    """
    if path.suffix.lower() not in _FORMATS:
        reason = strings.say(strings.SOUND_FILE_ENDING, endings=", ".join(ENDINGS))
        raise SoundFileError(name=path.name, reason=reason)
    if not path.parent.is_dir():
        raise _failure(path, OSError(errno.ENOENT, ""))
    if not os.access(path.parent, os.W_OK):
        raise _failure(path, OSError(errno.EACCES, ""))


def save(path: Path, chunks: Iterable[Speech]) -> float:
    """Write an utterance; the file appears whole or not at all, replacing one of that name.

    Chunks of another sampling rate are brought to that of the first.

    Returns:
        Its length in seconds.
    Raises:
        SoundFileError: It cannot be written.
    """
    check(path)
    sound, seconds = _encode(path, chunks)
    # a name that nobody can lay a link to in advance, and never one that is there
    part = path.with_name(f".{path.name}.{os.urandom(6).hex()}.part")
    try:
        with part.open("xb") as file:
            file.write(sound)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise _failure(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return seconds


def wav(chunks: Iterable[Speech]) -> bytes:
    """An utterance as the bytes of a whole WAV file."""
    return bytes(_encode(Path("speech.wav"), chunks)[0])


def _encode(path: Path, chunks: Iterable[Speech]) -> tuple[memoryview, float]:
    """The file's bytes, made in memory, because the encoder does not tell of a full disk."""
    import soundfile

    name, subtype = _FORMATS[path.suffix.lower()]
    arriving = iter(chunks)
    first = next(arriving, Speech(np.zeros(0, np.float32), 24_000))
    file, count = io.BytesIO(), 0
    try:
        with soundfile.SoundFile(
            file, "w", samplerate=first.rate_hz, channels=1, format=name, subtype=subtype
        ) as encoder:
            for chunk in itertools.chain([first], arriving):
                samples = at_rate(chunk.samples, chunk.rate_hz, first.rate_hz)
                count += len(samples)
                for start in range(0, len(samples), _BLOCK):
                    encoder.write(samples[start : start + _BLOCK])
    except soundfile.SoundFileError as error:
        raise SoundFileError(str(error), name=path.name, reason=str(error)) from error
    return file.getbuffer(), count / first.rate_hz


def _failure(path: Path, error: OSError) -> SoundFileError:
    return SoundFileError(str(error), name=path.name, reason=why_not_written(error))
