"""Short sounds that say what the program is doing, read from `resources/earcons`.

They are made by `installer/make_earcons.py`, which also says what each sounds like.
"""

from __future__ import annotations

import logging
import wave
from array import array
from functools import cache

from imagecraft_desktop.system import paths

log = logging.getLogger(__name__)

RATE_HZ = 24_000
NAMES = ("accepted", "working", "done", "nothing", "error", "cancelled")


@cache
def sound_of(name: str, volume: float) -> bytes:
    """Mono, 16 bits, RATE_HZ; empty when there is no such file. Without numpy, for the idle program.

    Args:
        volume: 0.0 to 1.0.
    """
    try:
        with wave.open(str(paths.resources() / "earcons" / f"{name}.wav")) as file:
            sound: bytes = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        log.error("earcon %s: %s", name, error)
        return b""
    samples: array[int] = array("h", sound)
    return array("h", (round(sample * volume) for sample in samples)).tobytes()


def at_rate(sound: bytes, rate_hz: int) -> bytes:
    """For a device that has another rate, by straight lines between the samples."""
    if rate_hz == RATE_HZ:
        return sound
    samples: array[int] = array("h", sound)
    old, new = [*samples, 0, 0], array("h")
    for index in range((len(old) - 2) * rate_hz // RATE_HZ):
        whole, part = divmod(index * RATE_HZ, rate_hz)
        new.append(round(old[whole] + (old[whole + 1] - old[whole]) * part / rate_hz))
    return new.tobytes()
