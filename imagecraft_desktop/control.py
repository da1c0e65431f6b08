"""Does what a trigger asks for, whichever way it came, and tells how it went by ear and by eye.

Lives in the main thread. It knows the rooms by what `app.py` hands it, so a test runs it with
stand-ins. Rules kept here: a sign at once, a capture before anything else, the newest request
wins, the same request twice tells the status, never two voices, nothing fails in silence.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.engine.worker import Engine, Sound
from imagecraft_desktop.errors import (
    EXIT_BAD_INPUT,
    EXIT_DEFECT,
    ImageCraftError,
    NoQuestions,
    NothingToCapture,
)
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.speak.reader.route import VOICE, Route
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import child
from imagecraft_desktop.system.memory import resident_mb
from imagecraft_desktop.trigger.actions import DESCRIBING, Action
from imagecraft_desktop.ui.announce import Announcer
from imagecraft_desktop.ui.state import StateWatch
from imagecraft_desktop.values import (
    Capture,
    Detail,
    Failure,
    Kind,
    Manner,
    Origin,
    Outcome,
    Picture,
    Progress,
    Request,
    Stage,
    Wish,
)
from imagecraft_desktop.wishes import wish_for

log = logging.getLogger(__name__)

Reply = dict[str, Any]
"""What the command line gets: see `trigger.client.send`."""

_QUIET_MS = 3000
_WORKING_MS = 5000
_LOOK_MS = 250
_REPLY_MS = 50
_NO_DEVICE = "no_device"
"""A `speak.player.PlayerEventKind`: what was to be heard is not heard to its end."""
_LETS_LISTEN = frozenset({Action.STATUS, Action.RELOAD, Action.MAKE_ROOM, Action.QUIT})
"""Asked for by programs, too, and nothing is heard of them at once."""


class Mouth(Sound, Protocol):
    """What is needed of the player."""

    first_sound_at: float | None

    @property
    def is_playing(self) -> bool: ...
    @property
    def is_paused(self) -> bool: ...
    @property
    def ahead_s(self) -> float: ...
    @property
    def sentence(self) -> int | None: ...
    def toggle_pause(self) -> None: ...
    def skip(self) -> None: ...
    def back(self) -> None: ...
    def repeat(self) -> bool: ...
    def sign(self, name: str) -> bool: ...


Act = Callable[[Mapping[str, str]], Reply]
"""Does an action that another part of the program knows how to do."""

Take = Callable[[Action, Mapping[str, str]], Capture]
"""Takes the picture that an action means. Called in the main thread. Raises CaptureError."""


def _is_heard(player: Mouth) -> bool:
    """Whether sound of an utterance is being played or on its way, not only awaited.

    A slow sound server may need seconds from the first chunk to the first sound.
    """
    return player.is_playing and (player.first_sound_at is not None or player.ahead_s > 0)


class Control(QObject):
    """The running program's conduct.

    Args:
        player: Speaks descriptions; keeps the last one for `repeat` and `back`.
        aside: Speaks messages, so that they do not push the description out of the player.
        reload: Takes the settings file over; returns the new settings and sentences about problems.
        keys: The spoken names of the layer key and the window key; "" for one that is not there.
        can_answer: Whether a captioner answers questions. Raises DescribeError.
        called: A captioner's name to the ear.
        route: Whether a screen reader gets what is said; None for never. What it takes is not shown as a
            notification too, for it would read that as well.
        awaits: Whether the desktop, which may be asking the user, has not given a picture yet.
        lost_settings: See the attribute.

    Attributes:
        capture: What was described last, for more about it; None when nothing was.
        picture: The same, decoded; None until that is done.
        last: How that went.
        lost_settings: Names of the settings that the user may have set otherwise than they are here, for their file
            could not be read; who reads it tells.
        is_listening: Whether a microphone listens, or is about to; see `listen`.
        turn: See `take_turn`.
        state: Tells when what `status` answers has changed, and what failed last.
    """

    quit_wanted = Signal()
    file_wanted = Signal()
    """The user is to choose a picture file."""
    region_wanted = Signal()
    """The user is to choose a region of the screen."""
    question_wanted = Signal()
    """The user is to say what to ask about the last picture."""
    began = Signal(object)
    """A `Request` to describe something is in work."""
    progressed = Signal(object)
    """Its `Progress`."""
    ended = Signal(object, object)
    """That request, and its `Outcome`, its `Failure`, or None when it was stopped."""
    stopped = Signal()
    """The user wants silence."""
    skipped = Signal()
    """The user wants to hear what comes next."""
    forgotten = Signal()
    """The user wants nothing to be left of what was described."""
    reloaded = Signal()
    """The settings file was read again."""
    interrupted = Signal()
    """The user wants something else than what a microphone listens for."""

    def __init__(
        self,
        *,
        engine: Engine,
        player: Mouth,
        aside: Mouth,
        announcer: Announcer,
        take: Take,
        reload: Callable[[], tuple[Settings, list[str]]],
        keys: Callable[[], tuple[str, str]],
        settings: Settings,
        can_answer: Callable[[str], bool] = lambda _: False,
        called: Callable[[str], str] = str,
        route: Route | None = None,
        awaits: Callable[[], bool] = lambda: False,
        lost_settings: frozenset[str] = frozenset(),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._can_answer, self._called = can_answer, called
        self._engine = engine
        self._player = player
        self._aside = aside
        self._announcer = announcer
        self._take = take
        self._reload = reload
        self._keys = keys
        self._awaits = awaits
        self._route = route or Route(VOICE)
        self._unshown: list[str] = []
        self.settings, self.lost_settings = settings, lost_settings
        self._asked: tuple[Action, str] | None = None
        self._began_s = 0.0
        self._made_id: int | None = None
        self.capture: Capture | None = None
        self.picture: Picture | None = None
        self._request: Request | None = None
        self._last_request_id: int | None = None
        self._wish = Wish()
        self.last: Outcome | None = None
        self._last_source = ""
        self._in_player: int | None = None
        self._message_id: int | None = None
        self._message = ""
        self._is_cut_off = False
        self._later: deque[str] = deque()
        self.is_listening = False
        self._held: list[tuple[str, bool]] = []
        self._unseen: list[Callable[[], None]] = []
        self._introduction = ""
        self._quiet_ms = 0
        self._next_sign_ms = _QUIET_MS
        self.turn = 0
        self._watch = QTimer(self, interval=_LOOK_MS)
        self._watch.timeout.connect(self._sign_working)
        self.state = StateWatch(self._seen_status, self.is_sounding, self)
        engine.submitted.connect(self.state.look_soon)
        engine.progressed.connect(self._follow)
        engine.described.connect(self._finish)
        engine.failed.connect(self._fail)
        self._acts: dict[Action, Callable[[], Reply]] = {
            Action.CHOOSE_REGION: self._choose_region,
            Action.REPEAT: self._repeat,
            Action.STATUS: self._tell_status,
            Action.PAUSE: self._pause,
            Action.SKIP: lambda: self._move("skip"),
            Action.BACK: lambda: self._move("back"),
            Action.STOP: self._stop,
            Action.HELP: self._help,
            Action.GREET: self._greet,
            Action.RELOAD: self._read_settings,
            Action.TOUR: self._introduce,
            Action.QUIT: self._quit,
        }
        self._works: list[Callable[[], str]] = []
        self._added: dict[Action, Act] = {
            Action.ASK: self._ask,
            Action.MAKE_ROOM: self._answer_room,
        }
        self._room = threading.Event()

    def add_act(self, action: Action, act: Act) -> None:
        """Let another part of the program do an action."""
        self._added[action] = act

    def add_work(self, tells: Callable[[], str]) -> None:
        """Let another part of the program have work that `stopped` ends.

        Args:
            tells: What it does now, in a sentence; "" for nothing.
        """
        self._works.append(tells)

    # --- triggers ---

    @Slot(object)
    def press(self, action: Action) -> None:
        """A hotkey or a layer letter."""
        self.do(action)

    @Slot(str)
    def choose(self, word: str) -> None:
        """An entry of the tray menu."""
        self.do(Action(word))

    def do(self, action: Action, words: Mapping[str, str] | None = None) -> Reply:
        """Do what is asked. Returns at once; what takes time goes on in the worker.

        Every trigger comes through here, so no defect passes in silence.
        """
        try:
            if action not in _LETS_LISTEN:
                self._interrupt_listening()
                self.state.end_problem()
            if action in DESCRIBING:
                return self._describe(action, words or {})
            if action in self._added:
                return self._added[action](words or {})
            return self._acts[action]()
        except Exception:
            log.exception("%s failed by a defect", action)
            self.tell_defect(say(strings.ERR_UNEXPECTED))
            return _bad(say(strings.ERR_UNEXPECTED), EXIT_DEFECT)
        finally:
            self.state.look_soon()

    @Slot()
    def open_layer(self) -> None:
        """The layer key was pressed: a sign that a letter is awaited. It also ends the introduction."""
        self._interrupt_listening()
        if self._introduction:
            self._introduction = ""
            self._hush_message()
            self._route.stop()
        self._sign("accepted")

    @Slot(bool)
    def close_layer(self, was_unknown: bool) -> None:
        """The layer closed without an action."""
        self._sign("cancelled")
        if was_unknown:
            self.tell(say(strings.TRIGGER_UNKNOWN_LETTER, key=self._keys()[0]))

    # --- describing ---

    def _describe(self, action: Action, words: Mapping[str, str]) -> Reply:
        asked = (action, words.get("path") or words.get("region", ""))
        if self._is_describing() and asked == self._asked:
            return self._tell_status()
        if action is Action.FILE and "path" not in words:
            self.file_wanted.emit()
            return _good()
        again = self.capture if action is Action.MORE else None
        if action is Action.MORE and again is None:
            return self._have_nothing()
        self._sign("accepted")
        begun = time.perf_counter()
        try:
            capture = self._take(action, words) if again is None else again
        except ImageCraftError as error:
            return self._refuse(error)
        captured_ms = (time.perf_counter() - begun) * 1000
        if action is Action.MORE:
            wish = wish_for(self.settings, Detail.DETAILED, text_only=self._wish.text_only)
        else:
            detail = Detail(self.settings.detail)
            wish = wish_for(self.settings, detail, text_only=action is Action.TEXT)
        return self._submit(capture, wish, asked, captured_ms)

    def describe(self, capture: Capture, detail: Detail | None = None, opening: str = "") -> Reply:
        """Describe what another part of the program took, in place of what is in work.

        Args:
            detail: That of the settings when None.
            opening: A sentence that is said first.
        """
        self._interrupt_listening()
        wish = wish_for(self.settings, detail or Detail(self.settings.detail))
        self._sign("accepted")
        return self._submit(capture, wish, (Action.FILE, capture.name), 0.0, opening)

    def _submit(
        self,
        capture: Capture,
        wish: Wish,
        asked: tuple[Action, str],
        captured_ms: float,
        opening: str = "",
    ) -> Reply:
        request = Request(
            capture,
            wish=wish,
            manner=self._manner(),
            captioner=self.settings.captioner,
            captured_ms=captured_ms,
            opening=opening,
        )
        if capture is not self.capture:
            self.picture = None
        self.capture, self._wish, self._asked = capture, wish, asked
        self._begin(request)
        return _good(say(strings.APP_DESCRIBING, name=self._name()), request=request.id)

    def _choose_region(self) -> Reply:
        self._sign("accepted")
        self.region_wanted.emit()
        return _good()

    def _begin(self, request: Request) -> None:
        self.take_turn()
        self._player.stop()
        self._aside.stop()
        if not request.opening:  # of a list each waits for the one before it, at the reader
            self._route.stop()
        self._show_unread()
        self._introduction = ""
        self.state.end_problem()
        self._began_s = time.monotonic()
        self._is_cut_off = False
        self._in_player = request.id
        self._engine.submit(request, self._player)
        self._quiet_ms, self._next_sign_ms = 0, _QUIET_MS
        self._watch.start()
        self._end_request(None)  # what is told of it now is said after this one
        self._request, self._last_request_id = request, request.id
        self.began.emit(request)

    def _end_request(self, result: Outcome | Failure | None) -> None:
        """Tell how the request in work ended, if there is one."""
        request, self._request = self._request, None
        if request is not None:
            self.ended.emit(request, result)

    def _refuse(self, error: ImageCraftError) -> Reply:
        """Nothing could be taken; what runs goes on."""
        log.warning("capture failed: %s", error.detail or type(error).__name__)
        if isinstance(error, NothingToCapture):
            self._sign("nothing")
            self.tell(error.spoken, is_important=True)
        else:
            self._sign("error")
            self.tell_problem(error.spoken)
        return _bad(error.spoken, error.exit_code)

    def _is_describing(self) -> bool:
        current = self._engine.current
        return current is not None and current.capture is not None

    def _is_making(self) -> bool:
        """Whether sound is made for an output other than the loudspeaker."""
        current = self._engine.current
        return current is not None and current.id == self._made_id

    def _manner(self) -> Manner:
        now = self.settings
        return Manner(now.speech_rate, language=strings.language(), pitch=now.speech_pitch)

    def _name(self) -> str:
        """What is or was described, short enough to be said."""
        if self.capture is None:
            return say(strings.APP_ACTIVE_WINDOW)
        if self.capture.origin is Origin.FILE:
            return Path(self.capture.name).name
        return self.capture.name

    # --- how it went ---

    @Slot(object)
    def _follow(self, progress: Progress) -> None:
        if progress.picture is not None:
            self.picture = progress.picture
        if self._request is not None and progress.stage is not Stage.DONE:
            self.progressed.emit(progress)
        if progress.statement is not None:
            self._quiet_ms = 0
            if self._player.is_playing:  # unless the user silenced it, the description speaks now
                self._aside.stop()

    @Slot(object)
    def _finish(self, outcome: Outcome) -> None:
        self._watch.stop()
        self._note_problem(outcome)
        failure = outcome.speech_failure
        if failure is not None:
            log.warning("no speech: %s", failure.detail)
        if outcome.description is not None:
            self.last, self._last_source = outcome, self.capture.name if self.capture else ""
            if outcome.description.kind in {Kind.BLANK, Kind.BLACK}:
                self._sign("nothing")
            if not outcome.reader:
                self._announcer.show_description(outcome, self._is_cut_off)
        elif outcome.text in self._unshown:
            self._unshown.remove(outcome.text)
            if not outcome.reader:
                self._announcer.show_message(outcome.text, is_silent=failure is not None)
        elif failure is not None or outcome.warnings:
            lines = [*outcome.warnings, *([] if self.is_listening else [outcome.text])]
            self._show("\n".join(lines), is_silent=failure is not None)
        if failure is not None:
            self._sign("error")
        if outcome.description is not None:
            self._end_request(outcome)
        self._say_next()

    def _note_problem(self, outcome: Outcome) -> None:
        """A description that is heard ends what failed before; a message may be about just that."""
        failure = outcome.speech_failure
        if problem := " ".join([*outcome.warnings, *([failure.spoken] if failure else [])]):
            self.state.note_problem(problem)
        elif outcome.description is not None:
            self.state.end_problem()

    @Slot(object)
    def _fail(self, failure: Failure) -> None:
        self._watch.stop()
        self.state.note_problem(failure.spoken)
        self._sign("error")
        is_message = failure.request_id == self._message_id
        if is_message or self._route.reader(is_message=True) is None:
            self._show_in_time(lambda: self._announcer.show_failure(failure))
        else:
            self._unshown.append(failure.spoken)
        if not is_message:  # else the same would fail again and again
            self._later.append(failure.spoken)
            self._end_request(failure)
        self._say_next()

    @Slot(object)
    def hear_player(self, event: Any) -> None:
        """The player has something to tell (`speak.player.PlayerEvent`)."""
        self.state.look_soon()
        if event.spoken:
            log.warning("player: %s", event.kind)
            self.state.note_problem(event.spoken)
            self._show(event.spoken, is_silent=True)
            if event.kind == _NO_DEVICE:
                self._show_cut_off()
        elif not self._is_describing():
            self._sign("done")
            self._say_next()

    @Slot(object)
    def hear_aside(self, event: Any) -> None:
        """As `hear_player`, for messages."""
        self.state.look_soon()
        if event.spoken:
            log.warning("player of messages: %s", event.kind)
            self.state.note_problem(event.spoken)
            self._show(event.spoken, is_silent=True)
            if event.kind == _NO_DEVICE:
                self._show(self._message, is_silent=True)
        else:
            self._say_next()

    def _show_cut_off(self) -> None:
        """The description that is being heard will not be heard to its end. One that is still being made
        is shown when it is whole."""
        is_new, self._is_cut_off = not self._is_cut_off, True
        last = self.last
        if is_new and last is not None and not self._is_describing():
            self._show_in_time(lambda: self._announcer.show_description(last, is_silent=True))

    @Slot()
    def _sign_working(self) -> None:
        """A soft sign after some seconds without a word."""
        if _is_heard(self._player) and self._player.ahead_s > 0:
            self._quiet_ms, self._next_sign_ms = 0, _QUIET_MS
            return
        self._quiet_ms += _LOOK_MS
        if self._quiet_ms >= self._next_sign_ms and self.settings.working_tick:
            self._next_sign_ms += _WORKING_MS
            self._sign("working")

    # --- messages ---

    def tell(self, text: str, is_important: bool = False) -> None:
        """Show a message, and say it if that disturbs nothing; an important one is said later."""
        if self.is_listening:
            self._hold(text, is_important)
            return
        is_free = self._is_free()
        is_worked = self._is_describing() or self._is_making()
        is_remark = not is_free and not is_important and is_worked
        is_heard = _is_heard(self._player)
        is_said = is_free or is_important or not is_heard
        if not is_said or self._route.reader(is_message=True) is None:
            self._announcer.show_message(text)
        elif not is_remark:
            self._unshown.append(text)
        if is_free:
            self._say_now(text)
        elif is_important:
            self._later.append(text)
        elif is_remark:
            if not is_heard:
                self._message = text
                self._engine.remark(text, self._aside)
        elif not is_heard:
            self._say_now(text)  # instead of another message

    def tell_name(self, text: str) -> None:
        """Tell what the new name of what has the focus in our window says too, unless a reader says that name."""
        if not self._route.says_names():
            self.tell(text)

    def _show(self, text: str, *, is_silent: bool) -> None:
        if text:
            self._show_in_time(lambda: self._announcer.show_message(text, is_silent))

    def _show_in_time(self, show: Callable[[], None]) -> None:
        """Show something when no microphone listens: a screen reader may read it aloud."""
        if self.is_listening:
            self._unseen.append(show)
        else:
            show()

    def _hold(self, text: str, is_important: bool) -> None:
        """Keep a message until no microphone listens; of those that are soon outdated only the last."""
        self._held = [one for one in self._held if one[1] or is_important]
        self._held.append((text, is_important))

    def listen(self) -> None:
        """A microphone is about to listen: end what is said or done, and let messages wait.

        Until `end_listening` only `try_voice` is heard. Whatever else the user asks for ends it, see `interrupted`.
        """
        self.is_listening = True  # first: what is told of what ends now waits, too
        self._stop_work()

    def end_listening(self, told: str = "") -> None:
        """No microphone listens any more: say this, then the messages that waited."""
        if not (self.is_listening or self._held or self._unseen or told):
            return
        self.is_listening = False
        while self._unseen:
            self._unseen.pop(0)()
        held, self._held = self._held, []
        for text in [told, *(text for text, _ in held)]:
            if text:
                self.tell(text, is_important=True)
        self._say_next()

    def _interrupt_listening(self) -> None:
        if self.is_listening:
            self.is_listening = False  # what is asked for now is heard at once
            self.interrupted.emit()

    def _show_unread(self) -> None:
        """Show the messages that no reader was given, and will not be."""
        self._later.clear()
        while self._unshown:
            self._announcer.show_message(self._unshown.pop(0))

    def _silence(self) -> None:
        """End whatever is being said, by whom it may be."""
        self.take_turn()
        self._player.stop()
        self._aside.stop()
        self._route.stop()

    @Slot(str)
    def answer_key(self, sentence: str) -> None:
        """Say what a key of the user's has just done, instead of whatever is being said or done. It is
        not shown: the window that took the key does that."""
        self._interrupt_listening()
        self._silence()
        self._show_unread()
        self._watch.stop()
        self._say_now(sentence)
        self._end_request(None)

    @Slot(str)
    def read_line(self, line: str) -> None:
        """Say the line of a list of ours that a key has just led to, instead of what is being said, unless a
        reader runs: that says it by itself. What is in work goes on, and what is paused stays so."""
        if self._route.find() is not None:
            return
        self._interrupt_listening()
        if not self._player.is_paused:
            self._player.stop()
        if self._is_describing() or self._is_making():
            self._aside.stop()
            self._message = line
            self._engine.remark(line, self._aside, is_awaited=True)
        else:
            self._say_now(line)

    @Slot(str)
    def tell_defect(self, sentence: str) -> None:
        """Something failed that nobody foresaw."""
        self._sign("error")
        self.tell_problem(sentence)

    def tell_problem(self, sentence: str) -> None:
        """Something that was wanted or is needed failed: told, and seen in the tray until the next success
        or whatever the user does next."""
        self.state.note_problem(sentence)
        self.tell(sentence, is_important=True)

    def _is_free(self) -> bool:
        """Whether nothing is being said or about to be said."""
        is_quiet = not _is_heard(self._player) and not self._aside.is_playing
        return is_quiet and self._engine.current is None

    def try_voice(self, text: str) -> None:
        """Let the voice of the settings say a text, instead of what is being said or done."""
        self._silence()
        self._watch.stop()
        self._engine.cancel()
        self._say_now(text, is_own_voice=True)
        self._end_request(None)

    def _say_now(self, text: str, *, is_own_voice: bool = False) -> None:
        self._aside.stop()
        if text != self._introduction:
            self._introduction = ""
        request = Request(
            None, text=text, manner=self._manner(), is_message=True, is_own_voice=is_own_voice
        )
        self._message_id, self._message = request.id, text
        self._engine.submit(request, self._aside)

    def _hush_message(self) -> None:
        """End a message, said or about to be said, for the description speaks now."""
        current = self._engine.current
        if current is not None and current.id == self._message_id:
            self._engine.cancel()
        self._aside.stop()

    def _say_next(self) -> None:
        """Say a message that had to wait, if nothing is being said."""
        if self._later and not self.is_listening and self._is_free():
            self._say_now(self._later.popleft())

    def _sign(self, name: str) -> None:
        if self.is_listening or not self.settings.earcons:
            return
        if not self._player.sign(name):
            log.info("the sign %s was not heard", name)

    # --- the other actions ---

    def _status(self) -> tuple[str, str]:
        """One word for programs, a sentence for people."""
        if self._awaits():
            return "waiting", say(strings.SCREEN_WAITS)
        if self.is_listening:
            return "working", say(strings.MICROPHONE_ON)
        if self._player.is_paused or self._aside.is_paused:
            return "paused", say(strings.APP_PAUSED)
        if self._is_describing():
            seconds = int(time.monotonic() - self._began_s)
            return "describing", say(strings.APP_BUSY, name=self._name(), count=seconds)
        if self._is_making():
            seconds = int(time.monotonic() - self._began_s)
            return "working", say(strings.APP_SAVING, count=seconds)
        if _is_heard(self._player) or _is_heard(self._aside) or self._engine.speaks_itself:
            return "speaking", say(strings.APP_SPEAKING)
        if work := self._work():
            return "working", work
        if self.state.problem:
            return "idle", say(strings.APP_PROBLEM, sentence=self.state.problem)
        return "idle", say(strings.APP_IDLE)

    def _seen_status(self) -> tuple[str, str]:
        """The same for the eye, without the seconds: a text that changes all the time disturbs."""
        state, sentence = self._status()
        if state == "describing":
            sentence = say(strings.APP_DESCRIBING, name=self._name())
        return state, sentence

    def _work(self) -> str:
        """What other parts of the program do."""
        return " ".join(filter(None, (tells() for tells in self._works)))

    def _tell_status(self) -> Reply:
        state, sentence = self._status()
        if state in {"waiting", "describing", "speaking", "working"}:
            self._sign("working")
        if state != "speaking" and not self.is_listening:
            self.tell(sentence)
        return self.facts()

    def facts(self) -> Reply:
        """What `status` answers; `request` is the number of the description that was begun last, `rss_mb` the memory
        of the program itself and `children_mb` that of its parts in processes of their own, in MiB."""
        state, sentence = self._status()
        return _good(
            sentence,
            state=state,
            request=self._last_request_id,
            pid=os.getpid(),
            rss_mb=round(resident_mb(), 1),
            children_mb=round(child.memory_mb(), 1),
            keys=[key for key in self._keys() if key],
            last=self.last.facts(self._last_source) if self.last is not None else None,
            problem=self.state.problem or None,
        )

    def _repeat(self) -> Reply:
        if self._is_describing() and not _is_heard(self._player):
            return self._tell_status()
        if self.last is None and not self._is_describing():
            return self._have_nothing()
        self.take_turn()
        self._hush_message()
        self._is_cut_off = False
        if self._is_describing():
            self._player.repeat()
            return _good()
        if self.last is None:
            raise RuntimeError("there is no description")
        is_read = self._route.reader() is not None
        if not is_read:
            shown = replace(self.last, speech_failure=None, warnings=())
            self._announcer.show_description(shown)
        is_in_player = self._in_player == self.last.request_id
        if is_read or not (is_in_player and self._player.repeat()):
            self._player.stop()
            self._route.stop()
            again = Request(None, text=self.last.text, manner=self._manner())
            self._in_player = None
            self._engine.submit(again, self._player)
        return _good(self.last.text)

    def _have_nothing(self) -> Reply:
        sentence = say(strings.APP_NOTHING_YET)
        self._sign("nothing")
        self.tell(sentence)
        return _bad(sentence, EXIT_BAD_INPUT)

    def _speaking(self) -> Mouth:
        """Who speaks now, or spoke last: a message, else the description."""
        return self._aside if _is_heard(self._aside) or self._aside.is_paused else self._player

    def _refuse_to_move(self) -> Reply:
        """The voice that speaks plays by itself, so all that can be done is to stop it."""
        sentence = say(strings.APP_ONLY_STOP)
        self._sign("nothing")
        self._announcer.show_message(sentence)
        return _bad(sentence, EXIT_BAD_INPUT)

    def _pause(self) -> Reply:
        if self._engine.speaks_itself:
            return self._refuse_to_move()
        if self._player.is_paused:  # perhaps under a message that says so
            self._hush_message()
        player = self._speaking()
        if not (player.is_playing or player.is_paused):
            self.tell(say(strings.APP_NOTHING_RUNS))
            return _good(say(strings.APP_NOTHING_RUNS))
        player.toggle_pause()
        return _good(say(strings.APP_PAUSED if player.is_paused else strings.APP_GOING_ON))

    def _move(self, way: str) -> Reply:
        if self._engine.speaks_itself:
            return self._refuse_to_move()
        player = self._speaking()
        if player is self._player:
            self._hush_message()
        (player.skip if way == "skip" else player.back)()
        if way == "skip":
            self.skipped.emit()
        return _good()

    def _stop(self) -> Reply:
        reply = self.stop_describing(self._awaits() or bool(self._work()))
        self.stopped.emit()
        return reply

    def stop_describing(self, is_more_ended: bool = False) -> Reply:
        """End what is being described or said, but not what other parts of the program work at, such as a download.

        Args:
            is_more_ended: The caller ends some other work with it, so "Cancelled." is said in any case.
        """
        self._interrupt_listening()
        was_working = is_more_ended or self._is_describing() or self._is_making()
        was_heard = any(p.is_playing or p.is_paused for p in (self._player, self._aside))
        self._silence()
        self._engine.cancel()
        self._watch.stop()
        self._show_unread()
        self._sign("cancelled")
        if was_working:
            self.tell(say(strings.CANCELLED))
        self._end_request(None)
        self.state.look_soon()
        if was_working:
            return _good(say(strings.CANCELLED))
        return _good() if was_heard else _good(say(strings.APP_NOTHING_RUNS))

    def _ask(self, words: Mapping[str, str]) -> Reply:
        """Ask about the last picture; without a question the user is asked for one."""
        question = " ".join(words.get("question", "").split())
        asked = (Action.ASK, question)
        if self._is_describing() and asked == self._asked:
            return self._tell_status()
        if self.capture is None:
            return self._have_nothing()
        if (error := self._why_no_answer()) is not None:
            return self._refuse(error)
        if not question:
            self.question_wanted.emit()
            return _good()
        self._sign("accepted")
        wish = wish_for(self.settings, Detail(self.settings.detail), question=question)
        return self._submit(self.capture, wish, asked, 0.0)

    def _why_no_answer(self) -> ImageCraftError | None:
        captioner = self.settings.captioner
        try:
            if not self._can_answer(captioner):
                return NoQuestions(name=self._called(captioner))
        except ImageCraftError as error:
            return error
        return None

    def why_no_answer(self) -> str:
        """Why the captioner chosen now answers no questions; "" when it does. In any thread: it may take a moment."""
        error = self._why_no_answer()
        return error.spoken if error is not None else ""

    def is_quiet(self) -> bool:
        """Whether nothing is in work, being said, or paused, and no microphone listens."""
        is_paused = self._player.is_paused or self._aside.is_paused
        return not (self.is_sounding() or is_paused or self.is_listening)

    def is_sounding(self) -> bool:
        """Whether something is being said, or in work and so may be said."""
        is_playing = self._player.is_playing or self._aside.is_playing
        return is_playing or self._engine.current is not None

    def spoken_sentence(self) -> int | None:
        """Which sentence of the last description is being heard; None when none is."""
        is_description = self._last_request_id is not None and (
            self._in_player == self._last_request_id
        )
        return self._player.sentence if is_description else None

    def take_up(self, capture: Capture, picture: Picture, outcome: Outcome) -> None:
        """Go back to a picture that was described before: say that, and let more be asked about it."""
        self.speak(outcome.text)
        self.capture, self.picture, self._wish = capture, picture, Wish()
        self.last, self._last_source = outcome, capture.name

    def take_turn(self) -> int:
        """The user wants something else than what is said or done, or was asked for and has yet to come.

        Returns:
            What `turn` is as long as they want nothing else again.
        """
        self.turn += 1
        return self.turn

    def make(self, text: str, output: Sound) -> None:
        """Turn a text into sound for an output other than the loudspeaker, such as a file."""
        self._interrupt_listening()
        self._stop_work()
        manner = replace(self._manner(), is_kept=True)
        request = Request(None, text=text, manner=manner, is_own_voice=True)
        self._made_id, self._began_s = request.id, time.monotonic()
        self._engine.submit(request, output)

    def speak(self, text: str) -> None:
        """Say a text that the user chose, instead of what is being said or done."""
        self._interrupt_listening()
        self._stop_work()
        self._in_player = None
        if self._route.reader() is None:  # which would read that as well
            self._announcer.show_message(text)
        self._engine.submit(Request(None, text=text, manner=self._manner()), self._player)

    def forget(self) -> None:
        """Stop what is described or said, and let go of everything that was described."""
        self.stop_describing(self._awaits())
        self._player.begin()  # drops the sound that could be repeated
        self._player.stop()
        self.capture = self.picture = self.last = self._in_player = None
        self._last_source, self._wish, self._asked = "", Wish(), None
        self.state.end_problem()
        self._engine.forget()
        self.forgotten.emit()

    def make_room(self) -> threading.Event:
        """Have the models leave the memory, for one in another process: see `Engine.make_room`. From any thread."""
        return self._engine.make_room()

    @property
    def is_describing(self) -> bool:
        """Whether a picture is in work: see `Engine.is_describing`. From any thread."""
        return self._engine.is_describing

    def _answer_room(self, words: Mapping[str, str]) -> Reply:
        """A command wants room; with the word `again` it only asks whether that has been made, and
        whether somebody needs it now."""
        if "again" not in words:
            self._room = self.make_room()
        return _good(is_roomy=self._room.is_set(), is_describing=self.is_describing)

    def _help(self) -> Reply:
        layer, window = self._keys()
        sentences = []
        if window:
            sentences.append(say(strings.APP_KEY_WINDOW, window=window))
        if layer:
            sentences.append(say(strings.APP_HELP, layer=layer))
        spoken = " ".join(sentences or [say(strings.APP_NO_KEYS)])
        self._interrupt(spoken)
        return _good(spoken)

    def _greet(self) -> Reply:
        spoken = f"{say(strings.APP_ALREADY)} {self._about_keys()}"
        self.tell(spoken, is_important=True)
        return _good(spoken)

    def welcome(self) -> None:
        """The very first start: say what the program does, and which key does what."""
        self._introduction = self._tour()
        self.tell(self._introduction, is_important=True)

    def _introduce(self) -> Reply:
        """The same again, because the user wants it."""
        self._introduction = spoken = self._tour()
        self._interrupt(spoken)
        return _good(spoken)

    def _tour(self) -> str:
        """About a minute. The layer key ends it, for it is pressed to do something else."""
        layer, _ = self._keys()
        sentences = [say(strings.APP_READY), self._about_keys()]
        skip = say(strings.TOUR_SKIP, layer=layer) if layer else say(strings.TOUR_STOP)
        sentences.append(skip)
        sentences.append(say(strings.TOUR_WHAT))
        if layer:
            sentences += [
                say(strings.TOUR_LETTERS, layer=layer),
                say(strings.TOUR_VOICE, layer=layer),
            ]
        else:
            sentences.append(say(strings.TOUR_COMMAND))
        return " ".join([*sentences, say(strings.TOUR_PRIVATE), say(strings.TOUR_END)])

    def _about_keys(self) -> str:
        layer, window = self._keys()
        sentences = []
        if window:
            sentences.append(say(strings.APP_KEY_WINDOW, window=window))
        if layer:
            sentences.append(say(strings.APP_KEY_HELP, layer=layer))
        return " ".join(sentences or [say(strings.APP_NO_KEYS)])

    def _interrupt(self, sentence: str) -> None:
        """Say something that was asked for instead of what is being said or done."""
        self._stop_work()
        self.tell(sentence)

    def _stop_work(self) -> None:
        """End what is said or done."""
        self._silence()
        self._watch.stop()
        self._engine.cancel()
        self._end_request(None)

    def _read_settings(self) -> Reply:
        self.settings, problems = self._reload()
        for problem in problems:
            self.tell_problem(problem)
        self.reloaded.emit()
        if problems:
            return _bad(" ".join(problems), EXIT_BAD_INPUT)
        return _good(say(strings.APP_RELOADED))

    def _quit(self) -> Reply:
        # after the reply has left
        QTimer.singleShot(_REPLY_MS, self.quit_wanted.emit)
        return _good(say(strings.APP_GOODBYE))


def _good(spoken: str = "", **facts: object) -> Reply:
    return {"ok": True, "spoken": spoken, **facts}


def _bad(spoken: str, exit_code: int) -> Reply:
    return {"ok": False, "spoken": spoken, "exit_code": exit_code}
