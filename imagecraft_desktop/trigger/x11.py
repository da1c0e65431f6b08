"""Hotkeys on X11, taken with XGrabKey: the focused program does not get the key, a combination
that belongs to another program is known, and stopping does not wait for a key.

After the layer key the whole keyboard is grabbed until one letter was pressed and let go. The server
holds back what is typed after the layer key until this thread has grabbed it, for the thread may come late:
the letter would go to the focused program else. So a program that is stopped or hangs in that moment holds
the keyboard up, until it goes on or ends. All X calls are made in this thread; other threads leave word in a queue
and wake it through a pipe.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import select
import threading
import time
from itertools import combinations

from Xlib import XK, X, display, error
from Xlib.protocol.event import KeyPress, KeyRelease
from Xlib.protocol.rq import Event

from imagecraft_desktop.trigger.actions import LETTERS, Action
from imagecraft_desktop.trigger.base import LAYER_S, Bindings, Heard, Report, What
from imagecraft_desktop.trigger.keys import SPARE, Combination, Modifier

log = logging.getLogger(__name__)

_KEYSYMS = {
    "space": "space",
    "escape": "Escape",
    "tab": "Tab",
    "return": "Return",
    "backspace": "BackSpace",
    "delete": "Delete",
    "home": "Home",
    "end": "End",
    "pageup": "Prior",
    "pagedown": "Next",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "pause": "Pause",
    "scrolllock": "Scroll_Lock",
    "print": "Print",
    "menu": "Menu",
}
_MODIFIER_KEYSYMS = {
    Modifier.ALT: ("Alt_L", "Meta_L"),
    Modifier.SUPER: ("Super_L", "Super_R"),
}
_MODIFIER_DEFAULTS = {Modifier.ALT: X.Mod1Mask, Modifier.SUPER: X.Mod4Mask}
_LOCK_KEYSYMS = ("Num_Lock", "Scroll_Lock")
_BITS = (
    X.ShiftMask,
    X.LockMask,
    X.ControlMask,
    X.Mod1Mask,
    X.Mod2Mask,
    X.Mod3Mask,
    X.Mod4Mask,
    X.Mod5Mask,
)
_XLIB_FAILURES = (
    error.DisplayError,
    error.ConnectionClosedError,
    error.XError,
    error.XauthError,
    error.XNoAuthError,
)
_END_S = 1.0
_REPEAT_S = 0.03
"""Auto-repeat sends a release and a press of equal time; they may arrive this far apart."""
_HELD_S = 3.0
"""The keyboard is given back after this time even if the letter is still held down."""


def _keysym(key: str) -> int:
    """The keysym of a key by its name in `keys.py`; 0 when there is none."""
    name = _KEYSYMS.get(key, key.upper() if len(key) > 1 else key)
    return int(XK.string_to_keysym(name))


_LETTER_KEYSYMS = {_keysym(key): action for key, action in LETTERS.items()} | {
    _keysym(key.upper()): action for key, action in LETTERS.items() if len(key) == 1
}


class _Keyboard:
    """What the keyboard's keys mean now; read again when the mapping changes."""

    def __init__(self, connection: display.Display) -> None:
        self._connection = connection
        setup = connection.display.info
        self._codes = range(setup.min_keycode, setup.max_keycode + 1)
        self._rows = connection.get_keyboard_mapping(self._codes.start, len(self._codes))
        self._modifiers = connection.get_modifier_mapping()
        self._meaning = [[*row] for row in (*self._rows, *self._modifiers)]
        self.all_modifiers = self.mask(frozenset(Modifier))
        self.locks = self._lock_variants()

    def is_like(self, other: _Keyboard) -> bool:
        """Whether every key means the same on both."""
        return self._meaning == other._meaning

    def code(self, key: str) -> int:
        """The keycode of a key by name, in any group of the layout; 0 when there is none."""
        wanted = {_keysym(key)} - {X.NoSymbol}
        for code, row in zip(self._codes, self._rows, strict=True):
            if wanted & set(row):
                return code
        return 0

    def mask(self, modifiers: frozenset[Modifier]) -> int:
        """The modifiers as bits of an event's state."""
        mask = X.ShiftMask if Modifier.SHIFT in modifiers else 0
        mask |= X.ControlMask if Modifier.CTRL in modifiers else 0
        for modifier, names in _MODIFIER_KEYSYMS.items():
            if modifier in modifiers:
                mask |= self._bit(names) or _MODIFIER_DEFAULTS[modifier]
        return mask

    def action(self, code: int) -> Action | None:
        """What the key does in the layer. A layout of several groups (Greek and Latin) is
        searched for a Latin letter, whichever group is chosen."""
        for keysym in self._row(code):
            if keysym in _LETTER_KEYSYMS:
                return _LETTER_KEYSYMS[keysym]
        return None

    def is_modifier(self, code: int) -> bool:
        """Whether the key is Shift, Control, a lock or the like, which alone chooses nothing."""
        return any(code in row for row in self._modifiers)

    def _row(self, code: int) -> list[int]:
        inside = code in self._codes
        return list(self._rows[code - self._codes.start]) if inside else []

    def _bit(self, names: tuple[str, ...]) -> int:
        wanted = {XK.string_to_keysym(name) for name in names}
        for bit, codes in zip(_BITS, self._modifiers, strict=True):
            if any(wanted & set(self._row(code)) for code in codes if code):
                return int(bit)
        return 0

    def _lock_variants(self) -> tuple[int, ...]:
        """Every mix of Caps Lock, Num Lock and Scroll Lock: a grab is for exact modifiers."""
        bits = {X.LockMask, *(self._bit((name,)) for name in _LOCK_KEYSYMS)} - {0}
        mixes = (mix for count in range(len(bits) + 1) for mix in combinations(sorted(bits), count))
        return tuple(sum(mix) for mix in mixes)


class GrabbedKeys:
    """The X11 backend. `report` is called in the backend's thread."""

    name = "XGrabKey"

    def __init__(self, bindings: Bindings, report: Report) -> None:
        self._bindings = bindings
        self._report = report
        self._orders: queue.SimpleQueue[Bindings | None] = queue.SimpleQueue()
        self._wake_out = self._wake_in = -1  # the two ends of a pipe, from `start` to the end
        self._thread = threading.Thread(target=self._run, name="hotkeys", daemon=True)
        self._table: dict[tuple[int, int], Action | None] = {}
        self._failed: set[Combination] = set()
        self._is_remapped = False
        self._down: set[int] = set()
        self._released_at: dict[int, int] = {}
        self._layer: _Layer | None = None

    def start(self) -> None:
        self._wake_out, self._wake_in = os.pipe()
        self._thread.start()

    def rebind(self, bindings: Bindings) -> None:
        self._order(bindings)

    def stop(self) -> None:
        if self._wake_in == -1:
            return
        self._order(None)
        self._thread.join(_END_S)
        os.close(self._wake_in)
        self._wake_in = -1

    def _order(self, order: Bindings | None) -> None:
        self._orders.put(order)
        with contextlib.suppress(BrokenPipeError):  # the thread has ended by itself
            os.write(self._wake_in, b".")

    def _run(self) -> None:
        try:
            self._connection = display.Display()
            try:
                self._grab_all()
                self._report(Heard(What.READY))
                self._listen()
            finally:
                self._connection.close()
        except (*_XLIB_FAILURES, OSError) as failure:
            log.warning("hotkeys end: %s", failure)
            self._report(Heard(What.LOST))
        finally:
            os.close(self._wake_out)

    def _listen(self) -> None:
        while True:
            while self._connection.pending_events():
                self._take_event(self._connection.next_event())
            if self._is_remapped:
                self._is_remapped = False
                self._follow_keyboard()
                continue  # keys that came while the server answered lie in our queue, unseen by select
            timeout_s = None
            if self._layer is not None:
                timeout_s = max(0.0, self._layer.ends_at_s - time.monotonic())
                if timeout_s == 0.0:
                    self._close_layer()
                    continue
            ready, _, _ = select.select([self._connection, self._wake_out], [], [], timeout_s)
            if self._connection in ready:
                continue  # a key that was pressed before other keys were wanted is still ours
            if self._wake_out in ready:
                os.read(self._wake_out, 1)
                bindings = self._orders.get()
                if bindings is None:
                    return
                self._ungrab_all()
                self._bindings = bindings
                self._failed.clear()
                self._grab_all()
                self._report(Heard(What.READY))

    # --- grabbing ---

    def _grab_all(self) -> None:
        self._keyboard = _Keyboard(self._connection)
        self._root = self._connection.screen().root
        wanted: dict[Combination, Action | None] = dict(self._bindings.direct)
        if self._bindings.layer is not None:
            wanted[self._bindings.layer] = None
        for combination, action in wanted.items():
            code = self._keyboard.code(combination.key)
            mask = self._keyboard.mask(combination.modifiers)
            if code and self._grab(
                code, mask, X.GrabModeSync if action is None else X.GrabModeAsync
            ):
                self._table[code, mask] = action
                self._failed.discard(combination)
            elif combination not in self._failed:
                self._failed.add(combination)
                what = What.TAKEN if code else What.ABSENT
                spare = self._find_spare() if code else None
                self._report(Heard(what, combination=combination, spare=spare))

    def _follow_keyboard(self) -> None:
        """The layout may have changed: the same names may now stand on other keys.

        The server also says so at the first key of another keyboard with the same layout. Keys
        stay grabbed then: one pressed while they are not would be lost.
        """
        if not _Keyboard(self._connection).is_like(self._keyboard):
            self._ungrab_all()
            self._grab_all()

    def _grab(self, code: int, mask: int, mode: int = X.GrabModeAsync) -> bool:
        """Take one combination, whatever the locks; False when another program has it.

        Args:
            mode: GrabModeSync to hold the keyboard back when it is pressed, until `_let_go_on`.
        """
        refused: list[error.XError] = []

        def refuse(failure: error.XError, _: object) -> int:
            refused.append(failure)
            return 1

        for locks in self._keyboard.locks:
            self._root.grab_key(code, mask | locks, False, X.GrabModeAsync, mode, onerror=refuse)
        self._connection.sync()
        if refused:
            self._ungrab(code, mask)
        return not refused

    def _ungrab(self, code: int, mask: int) -> None:
        for locks in self._keyboard.locks:
            self._root.ungrab_key(code, mask | locks)

    def _ungrab_all(self) -> None:
        for code, mask in self._table:
            self._ungrab(code, mask)
        self._table.clear()

    def _find_spare(self) -> Combination | None:
        """The first free combination of those worth naming."""
        for spare in SPARE:
            code, mask = self._keyboard.code(spare.key), self._keyboard.mask(spare.modifiers)
            if code and (code, mask) not in self._table and self._grab(code, mask):
                self._ungrab(code, mask)
                return spare
        return None

    # --- events ---

    def _take_event(self, event: Event) -> None:
        if event.type == X.MappingNotify:
            self._is_remapped = event.request != X.MappingPointer or self._is_remapped
        elif event.type == X.KeyPress:
            self._press(event)
        elif event.type == X.KeyRelease:
            self._release(event)

    def _press(self, event: KeyPress) -> None:
        if self._layer is None and not self._is_ours(event):
            self._let_go_on(event)  # it came while the layer closed; nobody tells when it is let go
            return
        code = event.detail
        is_repeat = code in self._down or self._released_at.get(code) == event.time
        self._down.add(code)
        if self._layer is not None:
            self._layer_press(self._layer, event, is_repeat)
            return
        if not is_repeat:
            self._direct_press(event)
        if self._layer is None:
            self._let_go_on(event)

    def _is_ours(self, event: KeyPress) -> bool:
        return self._combination(event) in self._table

    def _combination(self, event: KeyPress) -> tuple[int, int]:
        return event.detail, event.state & self._keyboard.all_modifiers

    def _direct_press(self, event: KeyPress) -> None:
        action = self._table[self._combination(event)]
        if action is not None:
            self._report(Heard(What.CHOSEN, action))
        else:
            self._open_layer(event)

    def _let_go_on(self, event: KeyPress) -> None:
        """The keyboard goes on, if it was held back for this key; else nothing happens."""
        self._connection.allow_events(X.AsyncKeyboard, event.time)
        self._connection.flush()

    def _release(self, event: KeyRelease) -> None:
        code = event.detail
        self._down.discard(code)
        self._released_at = {code: event.time}
        if self._layer is not None and self._layer.answered_by == code:
            self._layer.ends_at_s = time.monotonic() + _REPEAT_S

    # --- the layer ---

    def _open_layer(self, event: KeyPress) -> None:
        status = self._root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, event.time)
        if status != X.GrabSuccess:
            self._report(Heard(What.HELD))
            return
        self._layer = _Layer(time.monotonic() + LAYER_S)
        self._report(Heard(What.OPENED))

    def _layer_press(self, layer: _Layer, event: KeyPress, is_repeat: bool) -> None:
        code = event.detail
        if is_repeat:
            if layer.answered_by == code:
                layer.ends_at_s = time.monotonic() + _HELD_S  # still held down
            return
        if self._keyboard.is_modifier(code):
            return
        letter = self._keyboard.action(code) if layer.answered_by is None else None
        if letter is None and self._is_ours(event):
            self._press_ours(layer, event)
        elif layer.answered_by is None:
            self._answer(layer, code, letter)
        else:
            self._close_layer()  # the next key, before the letter counted as let go

    def _press_ours(self, layer: _Layer, event: KeyPress) -> None:
        """The layer key, which opens the layer anew, or a direct key, while we have the keyboard."""
        action = self._table[self._combination(event)]
        if action is not None:
            self._answer(layer, event.detail, action)
            return
        layer.answered_by = None
        layer.ends_at_s = time.monotonic() + LAYER_S
        self._report(Heard(What.OPENED))

    def _answer(self, layer: _Layer, code: int, action: Action | None) -> None:
        # the keyboard is kept until the key is let go, else its repeats are typed
        layer.answered_by = code
        layer.ends_at_s = time.monotonic() + _HELD_S
        self._report(Heard(What.CHOSEN, action) if action else Heard(What.UNKNOWN))

    def _close_layer(self) -> None:
        layer, self._layer = self._layer, None
        self._connection.ungrab_keyboard(X.CurrentTime)
        self._connection.flush()
        self._down.clear()  # what is let go from now on is not told to us
        if layer is not None and layer.answered_by is None:
            self._report(Heard(What.LAPSED))


class _Layer:
    """The time between the layer key and the moment the keyboard is given back."""

    def __init__(self, ends_at_s: float) -> None:
        self.ends_at_s = ends_at_s
        self.answered_by: int | None = None
