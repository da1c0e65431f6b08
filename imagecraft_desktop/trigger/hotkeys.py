"""The hotkeys of the running program: reads the settings, picks the backend for this desktop,
and brings what is heard to the main thread as a signal.

A new backend is one more file and one more line in `_backends`.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal, Slot

from imagecraft_desktop import strings
from imagecraft_desktop.errors import HotkeysImpossible, KeyNotAllowed
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.desktop import session_kind
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.trigger.base import Backend, Bindings, Heard, Report, What
from imagecraft_desktop.trigger.keys import Combination, parse

log = logging.getLogger(__name__)

MakeBackend = Callable[[Bindings, Report], Backend]

_READY_S = 3.0
_LAYER_SETTING = "layer_key"
_WINDOW_SETTING = "window_key"


def read_bindings(layer_key: str, window_key: str) -> tuple[Bindings, list[str]]:
    """The combinations of the settings, and a sentence for each that cannot be used."""
    problems: list[str] = []

    def read(text: str) -> Combination | None:
        try:
            return parse(text)
        except KeyNotAllowed as error:
            problems.append(error.spoken)
            return None

    layer, window = read(layer_key), read(window_key)
    direct = {window: Action.WINDOW} if window is not None and window != layer else {}
    return Bindings(layer, direct), problems


def _backends() -> Iterator[MakeBackend]:
    """What makes a backend for this desktop, the best first; the next is for when that one hears
    nothing. Raises HotkeysImpossible.
    """
    kind = session_kind()
    if kind == "wayland":
        from imagecraft_desktop.trigger.portal import PortalKeys

        yield PortalKeys
        raise HotkeysImpossible("wayland", reason=say(strings.TRIGGER_WAYLAND))
    if kind == "none":
        raise HotkeysImpossible("no display", reason=say(strings.TRIGGER_NO_DISPLAY))
    if kind == "x11":
        from imagecraft_desktop.trigger.x11 import GrabbedKeys

        yield GrabbedKeys
    from imagecraft_desktop.trigger.listen import HeardKeys

    yield HeardKeys


def problem(heard: Heard, bindings: Bindings) -> str | None:
    """The sentence for what went wrong with a key, or None."""
    if heard.what is What.LOST:
        return say(strings.TRIGGER_FAILED)
    if heard.what is What.FORBIDDEN:
        return say(strings.TRIGGER_NO_PERMISSION)
    if heard.what is What.HELD:
        return say(strings.TRIGGER_KEYBOARD_HELD)
    if heard.what is What.REFUSED:
        return say(strings.TRIGGER_REFUSED)
    if heard.what is What.ASKING:
        return say(strings.TRIGGER_ASKING)
    if heard.lost is None or heard.what is What.UNGIVEN:
        return None
    setting = _LAYER_SETTING if heard.lost == bindings.layer else _WINDOW_SETTING
    key = heard.lost.spoken
    if heard.what is What.ABSENT:
        return say(strings.TRIGGER_NO_SUCH_KEY, key=key, setting=setting)
    if heard.spare is None:
        return say(strings.TRIGGER_TAKEN_NONE_FREE, key=key, setting=setting)
    return say(
        strings.TRIGGER_TAKEN,
        key=key,
        other=heard.spare.spoken,
        setting=setting,
        typed=str(heard.spare),
    )


class Hotkeys(QObject):
    """Hears the keys of the settings. Lives in the main thread, where its signals arrive."""

    chosen = Signal(object)
    """An `Action` is asked for."""
    layer_opened = Signal()
    layer_closed = Signal(bool)
    """Without an action; True when a key was pressed that means nothing."""
    failed = Signal(str)
    """A sentence about keys that cannot be heard."""
    impossible = Signal(str)
    """No keys can ever be heard on this desktop; the sentence says what to do instead."""
    ready = Signal()
    """All keys that can be taken are."""
    tried = Signal(str)
    """While keys are only tried, one was pressed: its spoken name."""

    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend: Backend | None = None
        self._others: Iterator[MakeBackend] = iter(())
        self._bindings = Bindings()
        self._lost: set[Combination] = set()
        self._names: dict[Combination, str] = {}
        self._is_trying = False
        self._is_open = False
        """While keys are tried: a letter of the layer is awaited."""
        self._heard.connect(self._take)

    @property
    def backend_name(self) -> str:
        """For `status`; "" when no keys can be heard."""
        return self._backend.name if self._backend is not None else ""

    @property
    def layer(self) -> str:
        """The layer key for speech; "" when there is none or it is not ours."""
        return self._spoken(self._bindings.layer)

    @property
    def window(self) -> str:
        """The key that describes the window, for speech; "" as `layer`."""
        return self._spoken(next(iter(self._bindings.direct), None))

    def bind(self, layer_key: str, window_key: str) -> list[str]:
        """Hear these combinations from now on (as in the settings; "" for none).

        Returns:
            A sentence for each that is not allowed. One that is taken is told later, by `failed`.
        """
        self._bindings, problems = read_bindings(layer_key, window_key)
        self._lost.clear()
        self._names.clear()
        if self._backend is not None:
            self._backend.rebind(self._bindings)
        else:
            self._others = _backends()
            self._start_next()
        return problems

    def rest(self, is_resting: bool) -> None:
        """Let the keys go to other windows for a while, or take them again."""
        if self._backend is not None:
            self._lost.clear()
            self._backend.rebind(Bindings() if is_resting else self._bindings)

    def only_try(self, is_trying: bool) -> None:
        """From now on only tell, by `tried`, that a key was pressed; or do what it is for again."""
        self._is_trying, self._is_open = is_trying, False

    def _tell_tried(self, heard: Heard) -> None:
        is_letter, self._is_open = self._is_open, heard.what is What.OPENED
        if heard.what is What.OPENED:
            self.tried.emit(self.layer)
        elif heard.what is What.CHOSEN and not is_letter:
            self.tried.emit(self.window)

    def _start_next(self) -> bool:
        """Listen through the next backend; False when there is none, and that is not told."""
        try:
            make = next(self._others, None)
        except HotkeysImpossible as error:
            self._backend = None
            self.impossible.emit(error.spoken)
            self.ready.emit()
            return True
        self._backend = make(self._bindings, self._heard.emit) if make is not None else None
        if self._backend is None:
            return False
        self._backend.start()
        return True

    def stop(self) -> None:
        """Give the keys back at once."""
        if self._backend is not None:
            self._backend.stop()
            self._backend = None

    def _spoken(self, combination: Combination | None) -> str:
        is_ours = combination not in self._lost and self._backend is not None
        if combination is None or not is_ours:
            return ""
        return self._names.get(combination) or combination.spoken

    def _replace(self) -> bool:
        """The backend hears nothing: listen through the next one; False when there is none."""
        if self._backend is not None:
            self._backend.stop()
            log.warning("hotkeys through %s are lost", self.backend_name)
        self._lost.clear()
        return self._start_next()

    @Slot(object)
    def _take(self, heard: Heard) -> None:
        if heard.lost is not None:
            self._lost.add(heard.lost)
        if heard.what is What.NAMED and heard.combination is not None:
            self._names[heard.combination] = heard.text
        if heard.what is What.LOST and self._replace():
            return
        if (sentence := problem(heard, self._bindings)) is not None:
            self.failed.emit(sentence)
        if heard.what is What.REFUSED and self._backend is not None:
            self._backend.stop()
            self._backend = None  # other keys ask anew
        if heard.what in {What.READY, What.REFUSED}:
            self.ready.emit()
        elif self._is_trying:
            self._tell_tried(heard)
        elif heard.what is What.CHOSEN:
            self.chosen.emit(heard.action)
        elif heard.what is What.OPENED:
            self.layer_opened.emit()
        elif heard.what in {What.UNKNOWN, What.LAPSED}:
            self.layer_closed.emit(heard.what is What.UNKNOWN)


def try_keys(keys: list[str]) -> str:
    """Take the keys for a moment and say how it went, for `self-test`. Needs no Qt event loop.

    Args:
        keys: The layer key and the window key, as in the settings.
    Raises:
        HotkeysImpossible: No keys can be heard here; the sentence says why.
    """
    bindings, problems = read_bindings(*keys)
    failure = HotkeysImpossible("no backend", reason=say(strings.TRIGGER_FAILED))
    for make in _backends():
        try:
            return _try_through(make, bindings, problems)
        except HotkeysImpossible as error:
            failure = error
    raise failure


def _try_through(make: MakeBackend, bindings: Bindings, refused: list[str]) -> str:
    """As `try_keys`, through one backend. `refused` says which keys are not allowed."""
    answers: queue.SimpleQueue[Heard] = queue.SimpleQueue()
    backend = make(bindings, answers.put)
    backend.start()
    taken: list[Combination] = []
    problems = [*refused]
    try:
        while True:
            heard = answers.get(timeout=_READY_S)
            if heard.what is What.READY:
                break
            if heard.lost is not None:
                taken.append(heard.lost)
            if (sentence := problem(heard, bindings)) is not None:
                problems.append(sentence)
            if heard.what in {What.LOST, What.FORBIDDEN, What.REFUSED}:
                raise HotkeysImpossible(heard.what.name, reason=problems[-1])
    except queue.Empty:
        raise HotkeysImpossible("no answer", reason=say(strings.TRIGGER_FAILED)) from None
    finally:
        backend.stop()
    free = ", ".join(c.spoken for c in bindings.combinations if c not in taken)
    works = say(strings.TRIGGER_WORKS, backend=backend.name, keys=free) if free else ""
    return " ".join([*([works] if works else []), *problems])
