"""Plays speech and earcons. It alone owns the sound device.

Anybody may call it from any thread: a call changes the state under a lock and wakes the keeper, a
thread that makes the device follow the state; only the keeper opens and closes streams.
PortAudio's own thread does nothing but take the next bytes. Where nothing plays, no stream is
open and the keeper sleeps.
"""

from __future__ import annotations

import atexit
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from imagecraft_desktop import strings
from imagecraft_desktop.errors import NoSoundDevice
from imagecraft_desktop.speak import device as sound
from imagecraft_desktop.speak import earcon
from imagecraft_desktop.speak.device import Device, Stream, devices
from imagecraft_desktop.speak.track import Track
from imagecraft_desktop.values import Speech

__all__ = ["Device", "Player", "PlayerEvent", "PlayerEventKind", "devices"]

log = logging.getLogger(__name__)

_OPENING_S = 3.0
_SIGNING_S = 0.15
_SIGN_LATE_S = 0.5
"""A sign that waited longer, for a sound server that hung, would mislead."""
_CLOSING_S = 1.0
_LOOK_EVERY_S = 1.0
_RETRIES_S = (0.3, 1.0, 2.0)
"""A sound server that was restarted is back within these."""


class PlayerEventKind(StrEnum):
    """What has happened by itself.

    FINISHED: the utterance was heard to its end.
    DEVICE_UNKNOWN: no device has the name of the settings; the default is used. Told once a name.
    DEVICE_LOST: the device went away; the sentence begins again on the default one.
    NO_DEVICE: there is no device to go on with; the place is kept, `resume` tries again.
    """

    FINISHED = "finished"
    DEVICE_UNKNOWN = "device_unknown"
    DEVICE_LOST = "device_lost"
    NO_DEVICE = "no_device"


@dataclass(frozen=True, slots=True)
class PlayerEvent:
    """Told in the keeper's thread. `spoken` is a sentence for a notification, empty for FINISHED."""

    kind: PlayerEventKind
    spoken: str = ""


class _State(Enum):
    """QUIET: nothing was begun, it was heard to its end, or it was stopped."""

    QUIET = auto()
    PLAYING = auto()
    PAUSED = auto()
    NO_DEVICE = auto()


@dataclass(eq=False)
class _Order:
    """Something for the keeper to do; the answer is read once `done` is set."""

    do: Callable[[], bool]
    is_waited_for: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    answer: bool = False
    error: NoSoundDevice | None = None


class Player:
    """Plays one utterance at a time, chunk by chunk as it is made, and earcons beside it.

    Args:
        device: Part of a device's name, or "" for the system's default.
        volume: 0.0 to 1.0, of speech and earcons.
        on_event: Hears what happens by itself, in the keeper's thread; must not block.
    """

    def __init__(
        self,
        device: str = "",
        volume: float = 1.0,
        on_event: Callable[[PlayerEvent], None] | None = None,
    ) -> None:
        self.device = device
        self.volume = volume
        self.first_sound_at: float | None = None
        """When the first sound of the utterance was handed to the device (time.monotonic)."""
        self._on_event = on_event
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._keeper: threading.Thread | None = None
        self._lock = threading.Lock()
        # guarded by the lock
        self._state = _State.QUIET
        self._track: Track | None = None
        self._is_finished = False
        self._was_heard = True
        self._turn = 0
        self._sign = b""
        self._is_closed = False
        self._quiet = threading.Event()
        self._quiet.set()
        # the keeper's own
        self._speech_stream: Stream | None = None
        self._speech_turn = 0
        self._sign_stream: Stream | None = None
        self._underruns = 0
        self._unknown: set[str] = set()
        self._retries: list[float] = []
        self._retry_at = 0.0
        self._has_device = True
        self._was_lost = False
        self._beats_seen = -1
        self._is_stale = False

    # --- an utterance ------------------------------------------------------------------------

    def begin(self) -> None:
        """A new utterance: silences and drops the one before."""
        with self._lock:
            self._track = None
            self._is_finished = False
            self.first_sound_at = None
            self._jump()
        self._order(self._leave)

    def feed(self, speech: Speech) -> None:
        """Play a chunk after those before it. The first waits until a device is open (some ms).

        Chunks that come after `stop` are dropped.

        Raises:
            NoSoundDevice: No device can be opened.
        """
        from imagecraft_desktop.speak import samples

        with self._lock:
            if not self._is_begun():
                return
            if self._track is None:
                self._track = Track(speech.rate_hz)
            track = self._track
        added = False
        while not added:
            rate_hz = track.rate_hz
            resampled = samples.at_rate(speech.samples, speech.rate_hz, rate_hz)
            pcm = samples.to_pcm(resampled, self.volume)
            with self._lock:
                if self._track is not track or not self._is_begun():
                    return
                if added := track.rate_hz == rate_hz:
                    track.forget()
                    track.add(pcm, speech.sentence)
                if self._state is _State.NO_DEVICE:
                    self._enter(_State.PLAYING)
                wait = self._state is _State.PLAYING and self._speech_stream is None
        if wait:
            self._ask(self._settle, _OPENING_S)
            if self._state is _State.NO_DEVICE:
                raise NoSoundDevice("lost while opening")

    def finish(self) -> None:
        """No more chunks. The end is followed by silence, so that it is not cut off."""
        with self._lock:
            if not self._is_begun():
                return
            self._is_finished = True
            if self._track is not None:
                self._track.is_whole = True
        self._order(self._settle)

    def stop(self) -> None:
        """Silence, at once; what was not heard is dropped."""
        with self._lock:
            if self._state is _State.QUIET:
                return
            self._enter(_State.QUIET)
        self._order(self._settle)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the utterance was heard to its end.

        Returns:
            False when it was not: time is up, it was stopped, or there is no device.
        """
        return self._quiet.wait(timeout_s) and self._was_heard

    # --- moving in it ------------------------------------------------------------------------

    def pause(self) -> None:
        """Be silent and keep the place; nothing is lost or heard twice."""
        with self._lock:
            if self._state is _State.PLAYING:
                self._enter(_State.PAUSED)

    def resume(self) -> None:
        """Go on after `pause`, or try again after NO_DEVICE."""
        with self._lock:
            if self._state in (_State.PAUSED, _State.NO_DEVICE):
                self._enter(_State.PLAYING)
        self._order(self._settle)

    def toggle_pause(self) -> None:
        """Pause or resume."""
        if self._state is _State.PLAYING:
            self.pause()
        else:
            self.resume()

    def skip(self) -> None:
        """Go to the next sentence, at the latest when it comes."""
        with self._lock:
            if self._track is None or self._state is _State.QUIET:
                return
            self._track.skip()
            self._jump()
        self._order(self._settle)

    def back(self) -> None:
        """Go to the start of this sentence, or to the one before when this has just begun.

        After the end it says the last sentence again.
        """
        with self._lock:
            if self._track is None or (self._state is _State.QUIET and not self._was_heard):
                return
            self._track.back(self._unheard_s())
            self._jump()
        self._order(self._settle)

    def repeat(self) -> bool:
        """Play the utterance again from its beginning, from memory.

        Of an utterance longer than ten minutes only the end is kept, and played.

        Returns:
            False when there is none, or it was stopped before all of it had been fed.
        """
        with self._lock:
            if self._track is None or (self._state is _State.QUIET and not self._track.is_whole):
                return False
            self._track.rewind()
            self._jump()
        self._order(self._settle)
        return True

    @property
    def is_playing(self) -> bool:
        """An utterance was begun and is not at its end, stopped or paused."""
        return self._state is _State.PLAYING

    @property
    def is_paused(self) -> bool:
        """`resume` would go on."""
        return self._state is _State.PAUSED

    @property
    def played_s(self) -> float:
        """How much of the utterance was handed to the device; `LATENCY_S` ahead of the ear."""
        with self._lock:
            return self._track.taken_s if self._track is not None else 0.0

    @property
    def sentence(self) -> int | None:
        """Which sentence of the utterance is being heard; None while nothing is."""
        with self._lock:
            if self._track is None or self._state is not _State.PLAYING:
                return None
            return self._track.sentence_at(self._unheard_s())

    @property
    def ahead_s(self) -> float:
        """How much sound waits to be played."""
        with self._lock:
            return self._track.ahead_s if self._track is not None else 0.0

    @property
    def underruns(self) -> int:
        """How often the device ran dry since the player was made."""
        running = [s.underruns for s in (self._speech_stream, self._sign_stream) if s is not None]
        return self._underruns + sum(running)

    # --- signs -------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Start the sound library in the background, so that the first sign is not late."""
        self._order(self._load)

    def sign(self, name: str) -> bool:
        """Play an earcon, beside the speech; one that still sounds gives way to it.

        Args:
            name: One of `earcon.NAMES`.
        Returns:
            False when it cannot be heard. Nothing is raised.
        """
        pcm = earcon.sound_of(name, self.volume)
        if not pcm:
            return False
        asked_at = time.monotonic()
        order = self._order(lambda: self._open_sign(pcm, asked_at), wait=True)
        if order is None:
            return False
        # a machine that is busy may need longer, and then answers as the last time
        return order.answer if order.done.wait(_SIGNING_S) else self._has_device

    # --- the end -----------------------------------------------------------------------------

    def close(self) -> None:
        """Silence at once, and give everything back. Never waits longer than a second."""
        self.stop()
        with self._lock:
            self._is_closed = True
            keeper = self._keeper
        atexit.unregister(self.close)
        if keeper is not None:
            self._orders.put(None)
            if keeper is not threading.current_thread():
                keeper.join(_CLOSING_S)

    # --- the state ---------------------------------------------------------------------------

    def _enter(self, state: _State, was_heard: bool = False) -> None:
        """Change the state; the lock is held."""
        self._state = state
        self._was_heard = was_heard
        if state in (_State.QUIET, _State.NO_DEVICE):
            self._quiet.set()
        else:
            self._quiet.clear()

    def _is_begun(self) -> bool:
        return self._state is not _State.QUIET

    def _jump(self) -> None:
        """Play from another place, without what still lies in the buffer; the lock is held.

        A stream that was opened for an earlier turn gets no more sound, and is closed.
        """
        self._turn += 1
        self._enter(_State.PLAYING)

    def _unheard_s(self) -> float:
        return sound.LATENCY_S if self._speech_stream is not None else 0.0

    def _take(self, turn: int, size: int) -> bytes | None:
        """The next bytes for the device; in PortAudio's thread."""
        with self._lock:
            track = self._track
            if turn != self._turn or track is None or self._state is not _State.PLAYING:
                return None
            pcm = track.take(size)
            if pcm and self.first_sound_at is None:
                self.first_sound_at = time.monotonic()
            return pcm if pcm or not track.is_whole else None

    def _take_sign(self, size: int) -> bytes | None:
        with self._lock:
            pcm, self._sign = self._sign[:size], self._sign[size:]
        return pcm or None

    # --- the keeper --------------------------------------------------------------------------

    def _order(self, do: Callable[[], bool], wait: bool = False) -> _Order | None:
        """Have the keeper do something; None once closed."""
        order = _Order(do, wait)
        with self._lock:
            if self._is_closed:
                return None
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="player", daemon=True)
                self._keeper.start()
                atexit.register(self.close)
        self._orders.put(order)
        return order

    def _ask(self, do: Callable[[], bool], timeout_s: float) -> None:
        """Have the keeper do something and wait for it. Raises NoSoundDevice."""
        order = self._order(do, wait=True)
        if order is None:
            raise NoSoundDevice("the player is closed")
        if not order.done.wait(timeout_s):
            raise NoSoundDevice("the sound server does not answer")
        if order.error is not None:
            raise order.error

    def _keep(self) -> None:
        while True:
            try:
                order = self._orders.get(timeout=self._patience())
            except queue.Empty:
                order = _Order(self._look)
            if order is None:
                break
            try:
                order.answer = order.do()
            except NoSoundDevice as error:
                log.warning("no sound: %s", error.detail)
                order.error = error
                if not order.is_waited_for:
                    self._tell(PlayerEventKind.NO_DEVICE, error.spoken)
            except Exception as error:
                log.exception("the player failed")
                order.error = NoSoundDevice(type(error).__name__)
            order.done.set()
        self._close_speech()
        self._close_sign()

    def _patience(self) -> float | None:
        """How long to wait for an order before looking by itself."""
        if self._retry_at:
            return max(0.0, self._retry_at - time.monotonic())
        return _LOOK_EVERY_S if self._speech_stream is not None else None

    def _look(self) -> bool:
        """Try a lost device again; find out when an open stream no longer asks for sound."""
        if self._retry_at:
            return self._settle()
        stream = self._speech_stream
        if stream is None:
            return False
        if stream.beats == self._beats_seen:
            return self._recover()
        self._beats_seen = stream.beats
        return True

    def _settle(self) -> bool:
        """Make the device follow the state. Raises NoSoundDevice."""
        with self._lock:
            track, state = self._track, self._state
            has_more = track is not None and track.has_more
        self._leave()
        if state is not _State.PLAYING or not has_more:
            self._retries, self._retry_at = [], 0.0
        if state is not _State.PLAYING or self._speech_stream is not None:
            return True
        if track is not None and has_more:
            if time.monotonic() >= self._retry_at:
                self._open_speech(track)
        elif self._is_finished:
            self._end()
        return True

    def _leave(self) -> bool:
        """Close a stream that has nothing more to say; look for devices where none is open."""
        with self._lock:
            is_over = self._turn != self._speech_turn or self._state is _State.QUIET
        if is_over:
            self._close_speech()
        if self._state is _State.PLAYING and self._speech_stream is None:
            self._refresh_if_stale()
        return True

    def _end(self) -> None:
        with self._lock:
            has_more = self._track is not None and self._track.has_more
            if self._state is not _State.PLAYING or not self._is_finished or has_more:
                return
            self._enter(_State.QUIET, was_heard=True)
        self._is_stale = True
        self._tell(PlayerEventKind.FINISHED)

    def _refresh_if_stale(self) -> None:
        """Learn of a new default device while nothing plays and the first chunk is being made.

        A sound server on Linux sees to it by itself.
        """
        if self._is_stale and self._sign_stream is None and not sys.platform.startswith("linux"):
            self._is_stale = False
            sound.refresh()

    def _open_speech(self, track: Track) -> None:
        turn = self._turn
        try:
            stream = self._open(track.rate_hz, lambda size: self._take(turn, size))
            if stream.rate_hz != track.rate_hz:
                self._convert(track, stream.rate_hz)
            self._start(stream)
        except NoSoundDevice:
            if self._retries:
                self._retry_at = time.monotonic() + self._retries.pop(0)
                return
            self._retry_at, self._was_lost = 0.0, False
            with self._lock:
                if self._turn == turn and self._state is _State.PLAYING:
                    self._enter(_State.NO_DEVICE)
            raise
        with self._lock:
            self._speech_stream, self._speech_turn = stream, turn
        self._retries, self._retry_at, self._beats_seen = [], 0.0, -1
        if self._was_lost:
            self._was_lost = False
            self._tell(PlayerEventKind.DEVICE_LOST, strings.say(strings.SOUND_DEVICE_LOST))

    def _open(self, rate_hz: int, take: Callable[[int], bytes | None]) -> Stream:
        """A stream on the device of the settings, else on the default; once more after a look for
        devices that are new. Raises NoSoundDevice."""
        try:
            try:
                stream = self._open_named(rate_hz, take)
            except NoSoundDevice:
                sound.refresh()
                stream = self._open_named(rate_hz, take)
        except NoSoundDevice:
            self._has_device = False
            raise
        self._has_device = True
        return stream

    def _open_named(self, rate_hz: int, take: Callable[[int], bytes | None]) -> Stream:
        name = self.device
        try:
            return Stream(rate_hz, take, self._note_end, name)
        except LookupError:
            if name not in self._unknown and not self._was_lost:
                self._unknown.add(name)
                spoken = strings.say(strings.SOUND_DEVICE_UNKNOWN, name=name)
                self._tell(PlayerEventKind.DEVICE_UNKNOWN, spoken)
            return Stream(rate_hz, take, self._note_end)

    def _convert(self, track: Track, rate_hz: int) -> None:
        from imagecraft_desktop.speak import samples

        with self._lock:
            old_hz = track.rate_hz
            track.convert(
                rate_hz,
                lambda pcm: samples.to_pcm(samples.at_rate(samples.from_pcm(pcm), old_hz, rate_hz)),
            )

    def _open_sign(self, pcm: bytes, asked_at: float) -> bool:
        if time.monotonic() - asked_at > _SIGN_LATE_S:
            return False
        # a new stream, because what lies in the buffer of the old one would be heard first
        self._close_sign()
        stream = self._open(earcon.RATE_HZ, self._take_sign)
        with self._lock:
            self._sign = earcon.at_rate(pcm, stream.rate_hz)
        self._start(stream)
        self._sign_stream = stream
        return True

    def _start(self, stream: Stream) -> None:
        try:
            stream.start()
        except NoSoundDevice:
            stream.close()
            raise

    def _note_end(self, stream: Stream) -> None:
        """In PortAudio's thread."""
        self._orders.put(_Order(lambda: self._follow_end(stream)))

    def _follow_end(self, stream: Stream) -> bool:
        if stream is self._sign_stream:
            self._close_sign()
        elif stream is self._speech_stream:
            if stream.is_lost:
                return self._recover()
            self._close_speech()
        return self._settle()

    def _recover(self) -> bool:
        """The device has gone while playing: begin the sentence again on what is there now."""
        log.warning("the sound device is lost")
        with self._lock:
            if self._track is not None and self._turn == self._speech_turn:
                self._track.restart_sentence(sound.LATENCY_S)
                self._turn += 1
        self._close_speech()
        self._close_sign()
        self._was_lost = True
        self._retries = list(_RETRIES_S)
        return self._settle()

    def _close_speech(self) -> None:
        with self._lock:
            stream, self._speech_stream = self._speech_stream, None
        if stream is not None:
            self._underruns += stream.underruns
            stream.close()

    def _close_sign(self) -> None:
        stream, self._sign_stream = self._sign_stream, None
        if stream is not None:
            self._underruns += stream.underruns
            stream.close()

    def _load(self) -> bool:
        sound.load()
        return True

    def _tell(self, kind: PlayerEventKind, spoken: str = "") -> None:
        if self._on_event is not None:
            self._on_event(PlayerEvent(kind, spoken))
