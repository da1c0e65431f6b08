"""Reads a sound file that a person named, of any kind that libsndfile knows. Used by `recording`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.errors import RecordingUnreadable
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.plain_file import NotReadable, opened

_MOST_BYTES = 200 * 1024**2
_MOST_MIN = 10
_MOST_VALUES = 60_000_000  # ten minutes of stereo at 48 kHz
_BLOCK = 65_536
_LEAST_RATE_HZ = 8_000


def read(file: Path) -> tuple[NDArray[np.float32], int]:
    """Read all of it; never waits on a pipe or a device.

    Returns:
        float32, (N, channels), finite, N > 0; and the sampling rate in Hz, 8,000 at least.
    Raises:
        RecordingUnreadable: With the reason: missing, no sound file, empty, too long, too coarse.
    """
    import soundfile

    try:
        with opened(file, _MOST_BYTES) as stream:
            if not os.fstat(stream.fileno()).st_size:
                raise _unreadable(file.name, say(strings.READ_EMPTY))
            with soundfile.SoundFile(stream) as sound:
                samples, rate_hz = _read_blocks(sound, file.name), int(sound.samplerate)
    except NotReadable as error:
        raise _unreadable(file.name, error.reason) from error
    except soundfile.SoundFileError as error:
        reason = say(strings.RECORDING_NOT_SOUND)
        raise _unreadable(file.name, reason, type(error).__name__) from error
    if not len(samples):
        raise _unreadable(file.name, say(strings.RECORDING_NO_SOUND))
    if not np.isfinite(samples).all():
        raise _unreadable(file.name, say(strings.READ_DAMAGED))
    return samples, rate_hz


def _read_blocks(sound: Any, name: str) -> NDArray[np.float32]:
    """Block by block, because a damaged header may promise more than fits in memory."""
    rate_hz, channels = int(sound.samplerate), int(sound.channels)
    if rate_hz < _LEAST_RATE_HZ:
        reason = say(strings.RECORDING_COARSE, rate=rate_hz, least=_LEAST_RATE_HZ)
        raise _unreadable(name, reason)
    blocks: list[NDArray[np.float32]] = []
    count, most = 0, min(_MOST_MIN * 60 * rate_hz, _MOST_VALUES // channels)
    while len(block := sound.read(_BLOCK, dtype="float32", always_2d=True)):
        blocks.append(block)
        count += len(block)
        if count > most:
            raise _unreadable(name, say(strings.RECORDING_ENDLESS, minutes=_MOST_MIN))
    return np.concatenate(blocks) if blocks else np.zeros((0, 1), np.float32)


def _unreadable(name: str, reason: str, detail: str = "") -> RecordingUnreadable:
    return RecordingUnreadable(detail, name=name, reason=reason)
