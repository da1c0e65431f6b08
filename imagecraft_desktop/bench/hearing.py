"""What a person hears, and when: records the sound server's output. Used by the part `keys`."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE_HZ = 48_000
_LOUD = 0.01
_FULL = 32768
_GAP_S = 0.005
_START_S = 5.0


@dataclass(frozen=True, slots=True)
class Heard:
    """Seconds after the start: of the first earcon, of the first word, of the last word's end."""

    earcon_s: float
    word_s: float
    end_s: float


def loud_span_s(sound: bytes, rate_hz: int) -> float:
    """How long a sound (mono, 16 bits) lasts from its first loud sample to its last."""
    loud = _loud_in(sound)
    return float(loud[-1] - loud[0]) / rate_hz if len(loud) else 0.0


def find_moments(sound: bytes, accepted_s: float, done_s: float) -> Heard | None:
    """Find the speech between the earcons that open and close it; None when there is no speech.

    Args:
        sound: Mono, 16 bits, RATE_HZ; its start is the moment of the key.
        accepted_s: The audible length of the earcon before.
        done_s: That of the one after.
    """
    loud = _loud_in(sound)
    if not len(loud):
        return None
    first = loud[0] + (accepted_s + _GAP_S) * RATE_HZ
    last = loud[-1] - (done_s + _GAP_S) * RATE_HZ
    speech = loud[(loud > first) & (loud < last)]
    if not len(speech):
        return None
    return Heard(*(float(at) / RATE_HZ for at in (loud[0], speech[0], speech[-1])))


def _loud_in(sound: bytes) -> NDArray[np.intp]:
    """Where the loud samples are."""
    import numpy as np

    samples = np.frombuffer(sound[: len(sound) // 2 * 2], "<i2")
    return np.flatnonzero(np.abs(samples.astype(np.int32)) > _LOUD * _FULL)


class Recorder:
    """Records the default output's monitor while the block lasts."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Recorder:
        self._child = subprocess.Popen(
            [
                *("parec", "-d", "@DEFAULT_MONITOR@", "--format=s16le", f"--rate={RATE_HZ}"),
                *("--channels=1", "--latency-msec=5", "--raw"),
            ],
            stdout=subprocess.PIPE,
        )
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        end = time.monotonic() + _START_S
        while not self._data:
            if time.monotonic() > end:
                raise RuntimeError("parec records nothing")
            time.sleep(0.01)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child is None or self._thread is None:
            return
        self._child.terminate()
        self._child.wait(5)
        self._thread.join(2)
        if self._child.stdout is not None:
            self._child.stdout.close()

    def _read(self) -> None:
        if self._child is None or self._child.stdout is None:
            return
        while block := os.read(self._child.stdout.fileno(), 65536):
            self._data += block

    @property
    def place(self) -> int:
        """How many bytes have been recorded: what is heard now comes after them."""
        return len(self._data) // 2 * 2

    def since(self, place: int) -> bytes:
        """What was recorded after a place."""
        return bytes(self._data[place:])

    def is_silent(self, lasting_s: float) -> bool:
        """Whether nothing has been heard for so many seconds."""
        size = round(lasting_s * RATE_HZ) * 2
        return self.place >= size and not len(_loud_in(self.since(self.place - size)))
