"""eSpeak NG through its C library: robotic, instant, more than 100 languages.

The library comes from the optional package espeakng-loader or from the system. It is GPL-3, so it
is the user's choice. It is one engine for the whole process: one lock, one callback kept alive.
"""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from imagecraft_desktop import strings
from imagecraft_desktop.errors import SpeakError, VoiceMissing
from imagecraft_desktop.speak.letters import with_letter_a
from imagecraft_desktop.speak.prepare import cut
from imagecraft_desktop.values import Manner, Speech, Tick, no_tick

log = logging.getLogger(__name__)

# espeak-ng/speak_lib.h
_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: sound goes to the callback only
_DONT_EXIT = 1 << 15  # without it a missing data folder ends the process
_RATE, _RANGE_WPM, _NORMAL_WPM = 1, (80, 900), 175
_PITCH, _NORMAL_PITCH, _SEMITONE = 3, 50, 6.5  # measured; 0 to 100, so 6 down and 8 up at most
_UTF8, _END_PAUSE = 1, 0x1000
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)
_SYSTEM_NAMES = ("libespeak-ng.so.1", "libespeak-ng.dylib", "libespeak-ng.dll")
Library = tuple[str, bytes | None]
"""Path of the library and of its data; None where the library knows where its data is."""
LETTER_A = "eigh"
"""Says the letter in English; written "A" it is the article before most words."""
_VOICES = {"en": "en-us", "zh": "cmn", "no": "nb", "pt-br": "pt-br", "en-gb": "en-gb"}


class EspeakVoice:
    """See `base.Voice`."""

    name = "espeak"
    label = strings.VOICE_ESPEAK
    rung = 20
    plays_itself = False

    @classmethod
    def missing(cls) -> str | None:
        return None if find_libraries() else strings.say(strings.VOICE_NO_ESPEAK)

    @classmethod
    def has_pitch(cls) -> bool:
        return True

    def load(self, _tick: Tick = no_tick) -> None:
        """Takes about 15 ms. Raises VoiceMissing."""
        _engine()

    def can_say(self, text: str, language: str) -> bool:
        """Whether it has the language. It reads no kanji, and Japanese has few texts without."""
        if language.startswith("ja") and any("\u4e00" <= sign <= "\u9fff" for sign in text):
            return False
        try:
            return _engine().choose(language)
        except VoiceMissing:
            return False

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """Yield one chunk for each 220 characters at most; `tick` is asked every few milliseconds.

        Raises:
            SpeakError: It does not know the language, or nothing came out.
        """
        engine = _engine()
        for part in cut(text):
            tick()
            is_english = manner.language.lower().startswith("en")
            written = with_letter_a(part, LETTER_A) if is_english else part
            samples = engine.speak(written, manner, tick)
            if len(samples) == 0 and any(map(str.isalnum, part)):
                raise SpeakError("the voice gave no sound", name=self.name)
            yield Speech(samples, engine.rate_hz, text=part)

    def unload(self) -> None:
        """Nothing to give back: the engine takes 3 MB and cannot be started twice."""


class _Engine:
    """The library after its start. Any thread may use it, one at a time."""

    def __init__(self, library: Any, data: bytes | None) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._chunks: list[np.ndarray[Any, np.dtype[np.int16]]] = []
        self._tick: Tick | None = None
        self._stopped: BaseException | None = None
        self._chosen = ""
        self.rate_hz = int(library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT))
        if self.rate_hz <= 0:
            raise OSError("espeak_Initialize failed")
        self._callback = _CALLBACK(self._take)  # the library keeps no reference
        library.espeak_SetSynthCallback(self._callback)

    def choose(self, language: str) -> bool:
        """Take the language's voice. False when there is none."""
        with self._lock:
            return self._choose(language)

    def _choose(self, language: str) -> bool:
        tag = language.lower().replace("_", "-")
        base = tag.partition("-")[0]
        names = dict.fromkeys([_VOICES.get(tag, tag), _VOICES.get(base, base)])
        return any(map(self._take_voice, names))

    def _take_voice(self, name: str) -> bool:
        # the library reads a voice anew each time, and some of the memory for it is never given back
        if name == self._chosen:
            return True
        is_taken = bool(self._library.espeak_SetVoiceByName(name.encode()) == 0)
        self._chosen = name if is_taken else ""
        return is_taken

    def speak(self, text: str, manner: Manner, tick: Tick) -> np.ndarray[Any, np.dtype[np.float32]]:
        """float32, (N,), at `rate_hz`. Raises SpeakError, and what `tick` raises."""
        with self._lock:
            if not self._choose(manner.language):
                raise SpeakError(f"no voice for {manner.language}", name=EspeakVoice.name)
            low, high = _RANGE_WPM
            words_per_minute = max(low, min(high, round(_NORMAL_WPM * manner.rate)))
            self._library.espeak_SetParameter(_RATE, words_per_minute, 0)
            pitch = round(_NORMAL_PITCH + _SEMITONE * manner.pitch)
            self._library.espeak_SetParameter(_PITCH, max(0, min(100, pitch)), 0)
            self._chunks, self._tick, self._stopped = [], tick, None
            coded = text.replace("\0", " ").encode(errors="replace")
            self._library.espeak_Synth(
                coded, len(coded) + 1, 0, 0, 0, _UTF8 | _END_PAUSE, None, None
            )
            self._tick = None
            if self._stopped is not None:
                raise self._stopped
            if not self._chunks:
                return np.zeros(0, np.float32)
            return np.concatenate(self._chunks).astype(np.float32) / np.float32(32768)

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        """Called by the library with each bit of sound; 1 makes it stop at once."""
        if self._stopped is not None:
            return 1
        try:
            if self._tick is not None:
                self._tick()
        except BaseException as error:  # noqa: BLE001 - cannot cross C; raised again in `speak`
            self._stopped = error
            return 1
        if samples and count > 0:
            self._chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0


@cache
def find_libraries() -> tuple[Library, ...]:
    """That of espeakng-loader, then the system's; those that are there. Also used by `phonemes`."""
    found: list[Library] = []
    if importlib.util.find_spec("espeakng_loader"):
        import espeakng_loader

        library, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
        if Path(library).is_file() and Path(data, "phontab").is_file():
            found.append((str(library), str(data).encode()))
        else:
            log.warning("espeakng-loader is damaged")
    for name in _SYSTEM_NAMES:  # by name: searching the disk for it takes 50 ms
        try:
            library = _path_of(ctypes.CDLL(name))
        except OSError:
            continue
        found.append((library or name, None))
    return tuple(found)


def _path_of(library: ctypes.CDLL) -> str:
    """Where a loaded library lies, "" when not known. Both libraries call themselves by the same
    name: once one is loaded, that name gives it, whichever is wanted."""
    try:
        import dlinfo  # comes with phonemizer

        return str(dlinfo.DLInfo(library).path)
    except (ImportError, AttributeError, OSError):
        return ""


def _engine() -> _Engine:
    """The one engine of `EspeakVoice`. Raises VoiceMissing."""
    found = find_libraries()
    if not found:
        raise VoiceMissing(name=EspeakVoice.name, next_step=strings.say(strings.VOICE_NO_ESPEAK))
    return start(found[0])


@cache
def start(library: Library) -> _Engine:
    """Start a library, once. Raises VoiceMissing where others let it end the process."""
    try:
        return _Engine(ctypes.CDLL(library[0]), library[1])
    except (OSError, AttributeError) as error:
        next_step = strings.say(strings.VOICE_NO_ESPEAK)
        raise VoiceMissing(str(error), name=EspeakVoice.name, next_step=next_step) from error


VOICE = EspeakVoice
