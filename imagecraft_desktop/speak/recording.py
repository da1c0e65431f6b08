"""The recording that a voice is made from: finds the speech in it, says what is wrong
with it, and gives it the loudness of a prompt. Used by `prompts`.

Every figure is measured on frames of 20 ms. A frame holds speech when it is clearly louder than
the softest tenth of the recording and not much softer than the loudest 100 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    RecordingClipped,
    RecordingNoisy,
    RecordingSilent,
    RecordingTooShort,
)
from imagecraft_desktop.speak.samples import at_rate
from imagecraft_desktop.speak.sound_file import read
from imagecraft_desktop.strings import say

RATE_HZ = 16_000
SHORTEST_S, BEST_S, LONGEST_S = 3.0, 6.0, 9.0

_FRAME = RATE_HZ // 50
_FRAME_S = _FRAME / RATE_HZ
_BEFORE_S, _AFTER_S = 0.05, 0.1  # what stays of the silence around the speech
_SLACK_S = 0.2  # a cut at 3 s falls into a pause near it
_TAKEN_S = 15.0  # of a long recording no more than this is looked at
_PAUSE_FRAMES, _CLICK_FRAMES = (
    15,
    5,
)  # speech goes on over pauses of 0.3 s; what is shorter than 0.1 s is a click

# Decibels
_SILENT = -55.0
_ABOVE_NOISE, _BELOW_LOUDEST = 6.0, 32.0
_NOISY, _LESS_NOISY = 8.0, 15.0
_SPEECH_LEVEL, _PEAK_LEVEL = -23.0, -1.0

# Heights are counted in hundredths of the highest one, five at a time; shares of all samples
_HEIGHTS, _NEAR_HEIGHTS = 100, 5
_CLIPPED, _LITTLE_CLIPPED = 0.005, 0.0005

Warn = Callable[[str], None]


@dataclass(frozen=True)
class Take:
    """The speech of a recording, without the silence around it.

    Attributes:
        samples: float32, (N,), mono, `RATE_HZ`, 15 s at most; its loudness as it was.
        begin_s: Where in the recording it begins.
        name: Of the file, without its folder.
        left_s: So many seconds of speech and pauses follow in the recording.
    """

    samples: NDArray[np.float32]
    begin_s: float
    name: str
    left_s: float = 0.0

    @property
    def duration_s(self) -> float:
        return len(self.samples) / RATE_HZ


def take(file: Path, warn: Warn) -> Take:
    """Read a recording and take the speech from it.

    Args:
        file: Anything that libsndfile reads; several channels are averaged.
        warn: Called with a sentence for each thing that is wrong, but not so much.
    Raises:
        RecordingRefused: The subclass says why no voice can be made from it.
    """
    sound, rate_hz = read(file)
    mono = sound.mean(axis=1)
    mono -= mono.mean()
    begin, end = _speech_in(at_rate(mono, rate_hz, RATE_HZ), file.name)
    whole = end
    end = min(end, begin + round(_TAKEN_S * RATE_HZ))
    kept = slice(begin * rate_hz // RATE_HZ, end * rate_hz // RATE_HZ)
    samples = _as_original(mono[kept], rate_hz)
    found = Take(samples, begin / RATE_HZ, file.name, (whole - end) / RATE_HZ)
    check_length(found.samples, file.name)
    _check_clipping(sound[kept], file.name, warn)
    _check_noise(found.samples, file.name, warn)
    if rate_hz < RATE_HZ:
        warn(say(strings.WARN_RECORDING_COARSE, rate=rate_hz))
    return found


def _as_original(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """At `RATE_HZ`, as the program resampled that the voices' network comes from: other filters give
    the codec other codes. Slower than `at_rate`, so only for what is kept."""
    if rate_hz == RATE_HZ:
        return samples
    from imagecraft_desktop.nets.voicecraft.resample import to_mono_16k

    return to_mono_16k(samples[None], rate_hz)


def levelled(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same sound at -23 dB RMS where there is speech, or softer when its peak would pass -1 dB."""
    levels = _levels(samples)
    speech = _mean_level(levels[_is_speech(levels)])
    peak = 20 * np.log10(np.max(np.abs(samples)))
    gain = min(_SPEECH_LEVEL - speech, _PEAK_LEVEL - peak)
    return samples * np.float32(10 ** (gain / 20))


def check_length(samples: NDArray[np.float32], name: str) -> None:
    """Raises RecordingTooShort. Pauses longer than 0.3 s do not count as speech."""
    levels = _levels(samples)
    seconds = sum(end - begin for begin, end in _stretches(_is_speech(levels))) * _FRAME_S
    if seconds < SHORTEST_S - _SLACK_S:
        raise RecordingTooShort(
            name=name, seconds=f"{seconds:.1f}", least=f"{SHORTEST_S:.0f}", best=f"{BEST_S:.0f}"
        )


def quietest_near(samples: NDArray[np.float32], time_s: float, within_s: float) -> float:
    """The middle of the softest frame that is at most so far from a place, in seconds."""
    levels = _levels(samples)
    middles = (np.arange(len(levels)) + 0.5) * _FRAME_S
    near = np.flatnonzero(np.abs(middles - time_s) <= within_s)
    return float(middles[near[np.argmin(levels[near])]]) if len(near) else time_s


def pause_near(samples: NDArray[np.float32], time_s: float, within_s: float) -> tuple[float, float]:
    """The longest pause that touches a stretch of time: its begin and end in seconds; both are
    `time_s` when there is none."""
    levels = _levels(samples)
    pauses = [
        (begin * _FRAME_S, end * _FRAME_S)
        for begin, end in _runs(~_is_speech(levels))
        if begin * _FRAME_S <= time_s + within_s and end * _FRAME_S >= time_s - within_s
    ]
    return max(pauses, key=lambda pause: pause[1] - pause[0], default=(time_s, time_s))


# -- measuring -------------------------------------------------------------------------------


def _levels(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Loudness of each frame, (frames,), decibels below full scale, -120 at least."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    power = np.mean(np.square(frames), axis=1)
    levels: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1e-12))
    return levels


def _mean_level(levels: NDArray[np.float64]) -> float:
    """The level of the mean power."""
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))


def _loudest(levels: NDArray[np.float64]) -> float:
    """The level that is held for 100 ms somewhere: a click is no speech."""
    if len(levels) < _CLICK_FRAMES:
        return float(np.min(levels, initial=-120.0))
    windows = np.lib.stride_tricks.sliding_window_view(levels, _CLICK_FRAMES)
    return float(windows.min(axis=1).max())


def _noise(levels: NDArray[np.float64]) -> float:
    """The level of the softest tenth."""
    return _mean_level(np.sort(levels)[: max(1, len(levels) // 10)])


def _is_speech(levels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which frames hold speech, (frames,)."""
    if not len(levels):
        return np.zeros(0, np.bool_)
    loudest = _loudest(levels)
    above_noise = min(_noise(levels) + _ABOVE_NOISE, loudest - _ABOVE_NOISE)
    return levels > max(loudest - _BELOW_LOUDEST, above_noise)


def _runs(is_in: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Begin and end of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_in, [False]]).astype(np.int8)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def _stretches(is_speech: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of speech in frames; short pauses belong to them, clicks that stand alone are none."""
    joined: list[tuple[int, int]] = []
    for begin, end in _runs(is_speech):
        if joined and begin - joined[-1][1] <= _PAUSE_FRAMES:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return [(begin, end) for begin, end in joined if end - begin >= _CLICK_FRAMES]


def _speech_in(mono: NDArray[np.float32], name: str) -> tuple[int, int]:
    """Where speech begins and ends, in samples, with a little of the silence around it.

    Looks twice: digital silence at the ends would hide how loud the noise is.

    Raises:
        RecordingSilent.
    """
    loudest = _loudest(_levels(mono))
    if loudest < _SILENT:
        raise RecordingSilent(name=name, decibels=f"{-loudest:.0f}")
    begin, end = 0, len(mono)
    for _ in range(2):
        stretches = _stretches(_is_speech(_levels(mono[begin:end])))
        if not stretches:
            raise RecordingTooShort(
                name=name, seconds="0.0", least=f"{SHORTEST_S:.0f}", best=f"{BEST_S:.0f}"
            )
        first, last = begin + stretches[0][0] * _FRAME, begin + stretches[-1][1] * _FRAME
        begin = max(begin, first - round(_BEFORE_S * RATE_HZ))
        end = min(end, last + round(_AFTER_S * RATE_HZ))
    return begin, end


def _check_clipping(sound: NDArray[np.float32], name: str, warn: Warn) -> None:
    """Judge the channel with the flattest tops.

    Args:
        sound: (N, channels) at the rate of the file: another rate would round the tops.
    Raises:
        RecordingClipped.
    """
    tops = np.abs(sound).max(axis=0)
    share = max(_flat_share(channel) for channel in sound.T[tops > 0.1 * tops.max()])
    percent = f"{share * 100:.1f}"
    if share > _CLIPPED:
        raise RecordingClipped(name=name, percent=percent)
    if share > _LITTLE_CLIPPED:
        warn(say(strings.WARN_RECORDING_CLIPPED, percent=percent))


def _flat_share(channel: NDArray[np.float32]) -> float:
    """How many samples are too many near some height, as a share of all.

    The higher, the fewer samples: so it is in speech. Where its tops are cut off, more of them stand
    at the height of the cut than a little below, and that stays so in an MP3, in which they
    are no longer flat.
    """
    counts, _ = np.histogram(np.abs(channel), bins=_HEIGHTS)
    near = np.convolve(counts, np.ones(_NEAR_HEIGHTS), "valid")
    high = np.arange(_HEIGHTS * 45 // 100, len(near))
    below = np.rint(high * 0.85 - _NEAR_HEIGHTS * 0.075).astype(int)  # at 0.85 of the height
    return float(max(0.0, np.max(near[high] - near[below]))) / len(channel)


def _check_noise(samples: NDArray[np.float32], name: str, warn: Warn) -> None:
    """Compares the frames with speech, less the noise in them, with the softest tenth.

    Raises:
        RecordingNoisy.
    """
    levels = _levels(samples)
    noise, both = _noise(levels), _mean_level(levels[_is_speech(levels)])
    speech = 10 * np.log10(max(10 ** (both / 10) - 10 ** (noise / 10), 1e-12))
    ratio = speech - noise
    decibels = f"{max(ratio, 0.0) // 1:.0f}"
    if ratio < _NOISY:
        raise RecordingNoisy(name=name, decibels=decibels, least=f"{_NOISY:.0f}")
    if ratio < _LESS_NOISY:
        warn(say(strings.WARN_RECORDING_NOISY, decibels=decibels, best=f"{_LESS_NOISY:.0f}"))
