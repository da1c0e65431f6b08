"""The sound device, through PortAudio: which there are, and a stream to one of them.

Only the player and the microphone use this. Nothing is imported or opened before it is needed, and neither needs
numpy: the idle program stays small.

On Linux a sound server (PulseAudio, PipeWire) hides its outputs behind one ALSA device, so its
outputs and inputs are asked for by its own protocol, and chosen by a variable. The bare ALSA
devices of the cards are not offered there: opening one would silence every other program, the
screen reader first.
"""

from __future__ import annotations

import atexit
import ctypes
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from imagecraft_desktop.errors import NoSoundDevice, SoundLibraryMissing
from imagecraft_desktop.speak.track import SAMPLE_BYTES
from imagecraft_desktop.system import paths

log = logging.getLogger(__name__)

LATENCY_S = 0.1
"""Buffer of an open stream. With 35 ms, PortAudio's "high", PulseAudio ran dry 29 times in 4 s
when all processors were busy, with 100 ms never; the first sound is not later for it."""
TAIL_S = LATENCY_S + 0.05
"""Silence after the last sound before a stream is ended: without it the end is cut off."""
STARVED_S = 1.0
"""Silence in the middle, while the next chunk is computed, after which the stream is ended."""
_ANSWERS_S = 1.0
_WRONG_RATE = -9997
_ALSA = "ALSA_CONFIG_PATH"
_CHOICE = {"output": "PULSE_SINK", "input": "PULSE_SOURCE"}

_guard = threading.RLock()
_open_streams: set[object] = set()


Way = Literal["output", "input"]


@dataclass(frozen=True, slots=True)
class Device:
    """A sound output or input.

    Attributes:
        name: What the settings keep.
        label: What is shown and read aloud.
        is_default: The system's own choice now.
    """

    name: str
    label: str
    is_default: bool = False

    def is_meant_by(self, name: str) -> bool:
        """Whether `name` is part of the name or the label; capitals do not matter."""
        return name.casefold() in self.name.casefold() or name.casefold() in self.label.casefold()


def load() -> Any:
    """The module sounddevice; PortAudio is started by the first call (40 to 100 ms).

    Raises:
        SoundLibraryMissing: PortAudio is not installed.
        NoSoundDevice: PortAudio does not start.
    """
    with _guard:
        _hush_alsa()
        is_new = "sounddevice" not in sys.modules
        try:
            if is_new:
                _narrow_alsa()
            import sounddevice

            if is_new:
                _widen_alsa(sounddevice)
        except OSError as error:
            raise SoundLibraryMissing(str(error), package="libportaudio2") from error
        except Exception as error:
            # PortAudioError cannot be named: it is defined in the module that does not import
            if type(error).__name__ != "PortAudioError":
                raise
            raise NoSoundDevice(str(error)) from error
        # PortAudio's own end would wait for a sound server that hangs
        atexit.unregister(sounddevice._exit_handler)
        return sounddevice


@contextmanager
def alone() -> Iterator[None]:
    """Within the block no other thread opens, closes or looks for devices."""
    with _guard, _hushed():
        yield


def hold(stream: object) -> None:
    """Something is open that `refresh` would close."""
    with _guard:
        _open_streams.add(stream)


def let_go(stream: object) -> None:
    """It is about to be closed."""
    with _guard:
        _open_streams.discard(stream)


def refresh() -> None:
    """Look for devices that came or went (40 ms); does nothing while a stream is open.

    Raises:
        SoundLibraryMissing: PortAudio is not installed.
        NoSoundDevice: PortAudio does not start.
    """
    with _guard:
        sounddevice = load()
        if _open_streams:
            return
        try:
            sounddevice._terminate()
            _narrow_alsa()
            sounddevice._initialize()
            _widen_alsa(sounddevice)
        except sounddevice.PortAudioError as error:
            raise NoSoundDevice(str(error)) from error


def _narrow_alsa() -> None:
    """Show PortAudio the sound server alone, before it starts, instead of every ALSA plug-in.

    It opens all it is shown, codecs and JACK among them: 21 MB and 72 ms, instead of 8 MB and 30 ms.
    A configuration that the user has chosen stays, and so does the system's where no server is.
    """
    ours = str(paths.resources() / "sound" / "alsa.conf")
    if not sys.platform.startswith("linux") or os.environ.get(_ALSA, ours) not in ("", ours):
        return
    if _has_server():
        os.environ[_ALSA] = ours
    else:
        os.environ.pop(_ALSA, None)


def _widen_alsa(sounddevice: Any) -> None:
    """Show it everything after all if it finds no output, as without ALSA's plug-in for the server."""
    ours = str(paths.resources() / "sound" / "alsa.conf")
    if os.environ.get(_ALSA) == ours and not len(sounddevice.query_devices()):
        del os.environ[_ALSA]
        sounddevice._terminate()
        sounddevice._initialize()


def _has_server() -> bool:
    """Whether a sound server seems to be there; asks nobody."""
    server = os.environ.get("PULSE_SERVER", "")
    if server and not server.startswith(("unix:", "/")):
        return True
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    path = Path(server.removeprefix("unix:") or f"{runtime}/pulse/native")
    return path.exists()


def devices(way: Way = "output") -> list[Device]:
    """The sound outputs, or the inputs, that are there now; empty when there is none.

    Raises:
        SoundLibraryMissing: PortAudio is not installed.
        NoSoundDevice: PortAudio does not start, or the sound server hangs.
    """
    if not _guard.acquire(timeout=_ANSWERS_S):
        raise NoSoundDevice("the sound server does not answer")
    try:
        refresh()
        return _pulse_devices(way) or _portaudio_devices(way)
    finally:
        _guard.release()


def _portaudio_devices(way: Way) -> list[Device]:
    sounddevice = load()
    default = sounddevice.default.device[0 if way == "input" else 1]
    found: dict[str, Device] = {}
    for index, row in enumerate(sounddevice.query_devices()):
        if row[f"max_{way}_channels"] > 0 and (row["name"] not in found or index == default):
            found[row["name"]] = Device(row["name"], row["name"], index == default)
    return list(found.values())


def _pulse_devices(way: Way) -> list[Device]:
    """Those of the sound server; empty without a server, or when it does not answer."""
    if not sys.platform.startswith("linux"):
        return []
    found: list[Device] = []

    def ask() -> None:
        try:
            import pulsectl
        except (ImportError, OSError):
            return
        try:
            with pulsectl.Pulse("imagecraft-desktop", connect=False) as server:
                server.connect(autospawn=False)
                found.extend(_asked(server, way))
        except pulsectl.PulseError as error:
            log.info("no sound server: %s", error)

    asking = threading.Thread(target=ask, name="sound devices", daemon=True)
    asking.start()
    asking.join(_ANSWERS_S)
    return list(found)


def _asked(server: Any, way: Way) -> list[Device]:
    """An input that only hears what an output plays is no microphone."""
    about = server.server_info()
    if way == "output":
        rows, default = server.sink_list(), about.default_sink_name
    else:
        rows = [one for one in server.source_list() if not one.monitor_of_sink_name]
        default = about.default_source_name
    return [Device(row.name, row.description, row.name == default) for row in rows]


@contextmanager
def chosen(name: str, way: Way) -> Iterator[int | None]:
    """The PortAudio number of the device that is meant by `name`, None for the default.

    Raises:
        LookupError: There is none of this name.
    """
    if not name:
        yield None
        return
    found = _pulse_devices(way)
    if found:
        one = next((d for d in found if d.name == name), None)
        one = one or next((d for d in found if d.is_meant_by(name)), None)
        if one is None:
            raise LookupError(name)
        with _variable(_CHOICE[way], one.name):
            yield None
        return
    for index, row in enumerate(load().query_devices()):
        if row[f"max_{way}_channels"] > 0 and name.casefold() in row["name"].casefold():
            yield index
            return
    raise LookupError(name)


@contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    """Within the block the environment has it."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


class Stream:
    """An open output: mono, 16 bits. Once started it plays what `take` gives, and ends by itself
    after the sound.

    Args:
        rate_hz: Sampling rate wanted; `rate_hz` of the stream is what the device agreed to.
        take: Called in PortAudio's thread with a number of bytes: gives at most as many, b"" when
            there is nothing yet, None when nothing more will come. Must be quick.
        on_ended: Called in PortAudio's thread when the stream has ended without `close`, by the
            sound's end or because the device has gone (`is_lost`). Must be quick.
        device: Part of a device's name, or "" for the default.
    Raises:
        LookupError: There is no device of this name.
        NoSoundDevice: It cannot be opened.
    """

    def __init__(
        self,
        rate_hz: int,
        take: Callable[[int], bytes | None],
        on_ended: Callable[[Stream], None],
        device: str = "",
    ) -> None:
        self.rate_hz = rate_hz
        self.underruns = 0
        self.beats = 0
        self._take = take
        self._on_ended = on_ended
        self._silent_s = 0.0
        self._is_complete = False
        self._is_closing = False
        with _guard:
            sounddevice = load()
            self._end_of_sound = sounddevice.CallbackStop
            self._error = sounddevice.PortAudioError
            with chosen(device, "output") as number, _hushed():
                self._stream = self._open(sounddevice, number)
            _open_streams.add(self)

    def _open(self, sounddevice: Any, number: int | None) -> Any:
        def attempt() -> Any:
            return sounddevice.RawOutputStream(
                samplerate=self.rate_hz,
                device=number,
                channels=1,
                dtype="int16",
                latency=LATENCY_S,
                callback=self._fill,
                finished_callback=self._finish,
            )

        try:
            try:
                return attempt()
            except sounddevice.PortAudioError as error:
                if error.args[1:2] != (_WRONG_RATE,):
                    raise
                usual = sounddevice.query_devices(number, "output")["default_samplerate"]
                # exclusive and professional devices have one rate only
                self.rate_hz = int(usual)
                return attempt()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise NoSoundDevice(str(error)) from error

    def start(self) -> None:
        """Begin to play. Raises NoSoundDevice."""
        with _guard, _hushed():
            try:
                self._stream.start()
            except self._error as error:
                raise NoSoundDevice(str(error)) from error

    @property
    def is_lost(self) -> bool:
        """Whether it ended although there was more to play: the device has gone."""
        return not self._is_complete

    def close(self) -> None:
        """Silence at once, and give the device back."""
        with _guard:
            if self not in _open_streams:
                return
            _open_streams.discard(self)
            self._is_closing = True
            with _hushed():
                self._stream.abort()
                self._stream.close()

    def _fill(self, out: Any, frames: int, _clock: object, status: Any) -> None:
        self.beats += 1
        if status.output_underflow:
            self.underruns += 1
        sound = self._take(len(out))
        size = len(sound) if sound else 0
        if sound:
            out[:size] = sound
        if size == len(out):
            self._silent_s = 0.0
            return
        out[size:] = bytes(len(out) - size)
        silent = len(out) - size
        if size:
            self._silent_s = 0.0
        self._silent_s += silent / SAMPLE_BYTES / self.rate_hz
        if self._silent_s >= (TAIL_S if sound is None else STARVED_S):
            self._is_complete = True
            raise self._end_of_sound

    def _finish(self) -> None:
        if not self._is_closing:
            self._on_ended(self)


@cache
def _hush_alsa() -> None:
    """Keep ALSA from writing to the terminal: underruns and missing devices are handled here."""
    if not sys.platform.startswith("linux"):
        return
    try:
        alsa = ctypes.CDLL("libasound.so.2")
    except OSError:
        return
    alsa.snd_lib_error_set_handler(_ignore)


_Handler = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)
_ignore = _Handler(lambda file, line, function, error, form: None)
_CHATTER = (b"ALSA lib", b"Expression ", b"Cannot connect", b"jack", b"Jack")


@contextmanager
def _hushed() -> Iterator[None]:
    """Send what C code writes to standard error to the log; lines of other threads come out late.

    Called with `_guard` held, so never twice at once.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    try:
        terminal = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            caught.seek(0)
            for line in caught.readlines():
                if line.startswith(_CHATTER):
                    log.debug("%s", line.decode("utf-8", "replace").rstrip())
                else:
                    os.write(terminal, line)
            os.close(terminal)
