"""What a window's program tells of it, in words: said before any network runs, and only once.

The pipeline says the window and what has the focus first; the embedded describer goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator

from imagecraft_desktop import strings
from imagecraft_desktop.describe.embedded.phrases import certain, join, name
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import (
    Capture,
    Detail,
    Known,
    Origin,
    Part,
    Picture,
    Role,
    Statement,
    Wish,
)

SOURCE = "tree"
_MOST_NAMES = 12
_OPENINGS = {Role.DIALOG: strings.KNOWN_DIALOG, Role.ALERT: strings.KNOWN_ALERT}
_ENTRIES = {Role.TAB, Role.LIST_ITEM, Role.TREE_ITEM}
_CONTROLS = (Role.BUTTON, Role.CHECK_BOX, Role.SWITCH, Role.RADIO_BUTTON)
_ENTERED = {
    *(Role.WINDOW, Role.DIALOG, Role.ALERT, Role.EDIT, Role.TEXT, Role.PASSWORD, Role.SPIN_BOX),
    *(Role.LIST, Role.TREE, Role.TABLE, Role.DOCUMENT, Role.TERMINAL),
}
"""One is in these when they have the focus, and on the others."""


def is_told(source: Capture | Picture, wish: Wish) -> bool:
    """Whether what is known before is said: not for one sentence, the mere text or a question."""
    is_whole = wish.detail is not Detail.BRIEF and not wish.text_only and not wish.question
    return (source.known is not None or source.is_one_of_many) and is_whole


def tell(capture: Capture) -> Iterator[Statement]:
    """The window, and what has the focus; or which of several screens it is."""
    known = capture.known
    if known is None:
        if capture.is_one_of_many:
            yield certain(say(strings.OPEN_SCREEN_NAMED, name=name(capture.name)), "window")
        return
    if _is_alone(capture.origin):
        yield certain(say(strings.KNOWN_ELEMENT, element=element(known.window)), SOURCE)
        return
    yield certain(_opening(capture, known), "window")
    if known.focus is not None:
        message = strings.KNOWN_FOCUS if known.focus.role in _ENTERED else strings.KNOWN_FOCUS_ON
        yield certain(say(message, element=element(known.focus)), SOURCE)


def name_alone(origin: Origin, known: Known) -> str:
    """The name that `tell` tells of a control that was taken alone; "" of a window."""
    return known.window.name if _is_alone(origin) else ""


def _is_alone(origin: Origin) -> bool:
    """Whether what is known is of a control and not of a window."""
    return origin is not Origin.WINDOW


def controls(known: Known) -> list[str]:
    """The names of the controls that `tell_controls` tells."""
    return [part.name for part in known.parts if part.role in _CONTROLS]


def tell_controls(known: Known) -> Iterator[Statement]:
    """What is switched on and off and can be pressed, but for what has the focus, which was told."""
    for roles, is_on, message in (
        ((Role.SWITCH,), True, strings.SWITCHES_ON),
        ((Role.SWITCH,), False, strings.SWITCHES_OFF),
        ((Role.CHECK_BOX,), True, strings.CHECKED),
        ((Role.CHECK_BOX,), False, strings.UNCHECKED),
        ((Role.RADIO_BUTTON,), True, strings.CHOSEN),
    ):
        if names := _names(known, roles, is_on):
            yield certain(say(message, names=join(names)), SOURCE)
    if names := _names(known, (Role.BUTTON,), None):
        one = say(strings.BUTTON, name=names[0])
        yield certain(one if len(names) == 1 else say(strings.BUTTONS, names=join(names)), SOURCE)


def element(part: Part) -> str:
    """A control inside a sentence: "check box, Bold, checked"."""
    words = [say(strings.KNOWN_ROLES[part.role]), name(part.name), *_states(part)]
    joined = [word for word in words if word]
    text = joined[-1]
    for word in reversed(joined[:-1]):
        text = say(strings.LIST_MORE, one=word, rest=text)
    return text


def _opening(capture: Capture, known: Known) -> str:
    title, app = name(capture.title or known.window.name), name(capture.app)
    if known.window.role in _OPENINGS and title:
        return say(_OPENINGS[known.window.role], title=title)
    if title and app and app.casefold() not in title.casefold():
        return say(strings.OPEN_WINDOW_OF, app=app, title=title)
    if title:
        return say(strings.OPEN_WINDOW, title=title)
    if app:
        return say(strings.OPEN_WINDOW_UNTITLED_OF, app=app)
    return say(strings.OPEN_WINDOW_UNTITLED)


def _states(part: Part) -> list[str]:
    found = []
    if part.is_on is not None and part.role in _ENTRIES:
        found += [] if part.is_on else [strings.KNOWN_NOT_SELECTED]
    elif part.is_on is not None and part.role is Role.SWITCH:
        found.append(strings.KNOWN_ON if part.is_on else strings.KNOWN_OFF)
    elif part.is_on is not None:
        found.append(strings.KNOWN_CHECKED if part.is_on else strings.KNOWN_NOT_CHECKED)
    if part.is_open is not None:
        found.append(strings.KNOWN_OPEN if part.is_open else strings.KNOWN_CLOSED)
    if not part.is_enabled:
        found.append(strings.KNOWN_DISABLED)
    return [say(word) for word in found]


def _names(known: Known, roles: tuple[Role, ...], is_on: bool | None) -> list[str]:
    """Of the parts of these roles that are so; none where they are too many to listen to."""
    found = [
        name(part.name)
        for part in known.parts
        if part.role in roles and (is_on is None or part.is_on is is_on)
    ]
    focused = known.focus is not None and known.focus.role in roles and name(known.focus.name)
    told = [one for one in dict.fromkeys(found) if one and one != focused]
    return told if len(told) <= _MOST_NAMES else []
