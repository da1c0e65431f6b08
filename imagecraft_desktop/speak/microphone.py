"""Records from the microphone, for a voice of the user's own.

While something is played it rests, so that this is not in the recording. What is recorded stays in memory
until `save`.
"""

from __future__ import annotations

import math
import threading
import time
import wave
from array import array
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import MicrophoneMissing, MicrophoneRefused
from imagecraft_desktop.speak import device
from imagecraft_desktop.strings import say

LONGEST_S = 20.0
QUIETEST = -60.0
_FULL = 32768.0
_LOST_S, _OPENING_S = 1.5, 6.0
"""A microphone that listens gives a block of sound many times a second, be it silence. A wireless one may
take seconds for the first."""


class Microphone:
    """One recording: mono, 16 bits, at the rate that the microphone has.

    Args:
        name: Part of its name; "" for the system's default.

    Attributes:
        level: The loudest sample of the last block, in decibels below full loudness, -60 at least.
        is_resting: It hears nothing, for something is being played.
        is_another: There is none of this name any more, and the default one is used.
    """

    def __init__(self, name: str = "") -> None:
        self.level = QUIETEST
        self.is_resting = False
        self.is_another = False
        self._name = name
        self._loudest = QUIETEST
        self._sound = bytearray()
        self._lock = threading.Lock()
        self._stream: Any = None
        self._rate_hz = 0
        self._heard_at_s = 0.0

    def start(self) -> None:
        """Begin to record; after `LONGEST_S` nothing more is taken.

        Raises:
            MicrophoneMissing: There is none.
            MicrophoneRefused: It does not open.
            NoSoundDevice: There is no sound library or server.
        """
        device.refresh()
        with device.alone():
            try:
                with device.chosen(self._name, "input") as number:
                    self._open(number)
            except LookupError:
                self.is_another = True
                self._open(None)
            device.hold(self)

    def _open(self, number: int | None) -> None:
        sounddevice = device.load()
        try:
            row = sounddevice.query_devices(number, "input")
        except (sounddevice.PortAudioError, ValueError) as error:
            raise MicrophoneMissing(str(error)) from error
        if not row or row["max_input_channels"] < 1:
            raise MicrophoneMissing("no input device")
        self._rate_hz = int(row["default_samplerate"])
        try:
            self._stream = sounddevice.RawInputStream(
                samplerate=self._rate_hz,
                device=number,
                channels=1,
                dtype="int16",
                callback=self._take,
            )
            self._heard_at_s = time.monotonic()
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            self._stream = None
            raise MicrophoneRefused(str(error), reason=say(strings.MICROPHONE_NOT_OPEN)) from error

    def _take(self, sound: Any, _frames: int, _clock: object, _status: object) -> None:
        """Called in PortAudio's thread."""
        self._heard_at_s = time.monotonic()
        if self.is_resting:
            self.level = QUIETEST
            return
        block = bytes(sound)
        with self._lock:
            if self.seconds < LONGEST_S:
                self._sound += block
        samples: array[int] = array("h", block)
        peak = max(map(abs, samples), default=0)
        self.level = max(20 * math.log10(peak / _FULL), QUIETEST) if peak else QUIETEST
        self._loudest = max(self._loudest, self.level)

    def take_loudest(self) -> float:
        """The loudest sample since this was asked last, as `level`."""
        loudest, self._loudest = self._loudest, QUIETEST
        return loudest

    @property
    def seconds(self) -> float:
        """How much was recorded so far."""
        return len(self._sound) / 2 / self._rate_hz if self._rate_hz else 0.0

    @property
    def is_lost(self) -> bool:
        """Whether it listens and yet gives nothing any more: it was pulled out. PortAudio does not tell."""
        most_s = _LOST_S if self._sound else _OPENING_S
        return self._stream is not None and time.monotonic() - self._heard_at_s > most_s

    def stop(self) -> None:
        """End the recording and give the microphone back. May be called twice."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with device.alone():
                device.let_go(self)
                stream.abort()
                stream.close()

    def save(self, file: Path) -> None:
        """Write what was recorded, for this user's eyes only.

        Raises:
            MicrophoneRefused: Not one sample is different from silence: it is muted, or the system
                gives silence to programs that may not listen.
            OSError: The file cannot be written.
        """
        with self._lock:
            sound = bytes(self._sound)
        if not any(sound):
            raise MicrophoneRefused("digital silence", reason=say(strings.MICROPHONE_MUTED))
        file.touch(mode=0o600)
        with wave.open(str(file), "wb") as target:
            target.setnchannels(1)
            target.setsampwidth(2)
            target.setframerate(self._rate_hz)
            target.writeframes(sound)
