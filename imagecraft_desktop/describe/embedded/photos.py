"""What is said about a photo, and about codes. Pure: what was seen in, statements out.

Plain for what two networks agree on, "looks like" for what one is sure of, nothing for the rest.
Never said: sex, age, race, mood, names of people and places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from imagecraft_desktop import strings
from imagecraft_desktop.describe.embedded.phrases import (
    certain,
    first_sentence,
    join,
    name,
    safe,
    say_thing,
    say_things,
    sentence,
)
from imagecraft_desktop.values import Box, Certainty, Code, Statement, Thing

PERSON = "person"
_MOST = 0.5
_MOST_PATH = 60


def say_photo(
    things: Sequence[Thing], faces: Sequence[Box], size: tuple[int, int]
) -> Iterator[Statement]:
    """The first words about a photo: what is in it.

    Args:
        things: Certain ones are named plainly, likely ones hedged.
        faces: People's, or painted ones.
        size: (width, height) of the photo in pixels.
    """
    plain, likely = _parted(things)
    if plain:
        yield certain(strings.say(strings.PHOTO_OF, things=say_things(plain)), "detector")
    else:
        yield certain(strings.say(strings.PHOTO), "frame")
    if likely:
        message = strings.MORE_LIKELY if plain else strings.LOOKS_LIKE
        yield Statement(
            strings.say(message, things=say_things(likely)), Certainty.LIKELY, "detector"
        )
    people = sum(thing.count for thing in plain if thing.name == PERSON)
    if faces and people:
        # more would contradict the number of people just said
        if 1 < len(faces) <= people:
            yield certain(strings.say(strings.FACES, count=len(faces)), "detector")
    elif faces and not any(thing.name == PERSON for thing in likely):
        yield Statement(
            strings.say(strings.FACE_PERHAPS_PICTURE, count=len(faces)),
            Certainty.LIKELY,
            "detector",
        )
    if len(plain) == 1 and plain[0].count == 1 and _share(plain[0].boxes, size) >= _MOST:
        yield certain(strings.say(strings.FILLS_PICTURE), "detector")


def say_what_is_missing(
    things: Sequence[Thing], faces: Sequence[Box], has_text: bool | None, has_codes: bool
) -> Iterator[Statement]:
    """What was looked for and not found, so that silence is no riddle.

    Args:
        has_text: None when that is open.
    """
    has_people = bool(faces) or any(thing.name == PERSON for thing in things)
    if not (any(map(say_thing, things)) or faces or has_text or has_codes):
        yield certain(strings.say(strings.CANNOT_TELL), "detector")
    if has_text is None:
        yield say_text_is_open()
    elif not has_text and not has_people:
        yield certain(strings.say(strings.NO_TEXT_NO_PEOPLE), "detector")
    elif not has_text:
        yield certain(strings.say(strings.NO_TEXT_IN_PHOTO), "ocr")


def say_text_is_open() -> Statement:
    """Something was found that may be writing, and nobody could read it, or nobody tried."""
    return Statement(strings.say(strings.TEXT_PERHAPS), Certainty.UNSURE, "ocr")


def say_colours(colours: Sequence[str]) -> Iterator[Statement]:
    """The largest colours, already in words."""
    if colours:
        yield certain(strings.say(strings.COLOURS_OF, colours=join(list(colours))), "colour")


def say_photo_in_screen(things: Sequence[Thing], place: str) -> Statement:
    """A photo that is part of a screen.

    Args:
        things: Seen in it.
        place: A key of `strings.PHOTO_PLACE`.
    """
    plain, likely = _parted(things)
    if plain:
        said = strings.say(strings.PHOTO_PLACE_OF[place], things=say_things(plain))
        return certain(said, "detector")
    if likely:
        said = strings.say(strings.PHOTO_PLACE_LIKE[place], things=say_things(likely))
        return Statement(said, Certainty.LIKELY, "detector")
    return certain(strings.say(strings.PHOTO_PLACE[place]), "frame")


def place_of(part: Box, width: int, height: int) -> str:
    """Where a part of a picture is: a key of `strings.PHOTO_PLACE`."""
    x = (part.left + part.right) / 2 / width - 0.5
    y = (part.top + part.bottom) / 2 / height - 0.5
    if max(abs(x), abs(y)) < 0.12:
        return "middle"
    if abs(x) >= abs(y):
        return "left" if x < 0 else "right"
    return "top" if y < 0 else "bottom"


def say_code(code: Code) -> Statement:
    """What a code holds. It is never opened; a link is told by its site, so that a trick shows."""
    content = safe(code.content)
    if "QR" not in code.format.upper():
        return certain(strings.say(strings.BARCODE, text=name(content)), "codes")
    return certain(_say_qr(content), "codes")


def brief_photo(
    things: Sequence[Thing], faces: Sequence[Box], text: str, codes: Sequence[Code]
) -> str:
    """A photo in one sentence.

    Args:
        things: Seen in it.
        faces: Seen in it.
        text: The largest line read in it, or "".
        codes: Read in it.
    """
    plain, likely = _parted(things)
    if plain and text:
        return strings.say(
            strings.BRIEF_PHOTO_OF_TEXT, things=say_things(plain), text=first_sentence(text)
        )
    if plain:
        return strings.say(strings.PHOTO_OF, things=say_things(plain))
    if text:
        return strings.say(strings.BRIEF_PHOTO_TEXT, text=first_sentence(text))
    if codes:
        return say_code(codes[0]).text
    if likely:
        return strings.say(strings.BRIEF_PHOTO_LIKE, things=say_things(likely))
    if faces:
        return strings.say(strings.BRIEF_PHOTO_FACES, count=len(faces))
    return strings.say(strings.BRIEF_PHOTO_UNKNOWN)


def _parted(things: Sequence[Thing]) -> tuple[list[Thing], list[Thing]]:
    """Those that are certain, and those that are likely; without what the language cannot name."""
    named = [thing for thing in things if say_thing(thing)]
    plain = [thing for thing in named if thing.certainty is Certainty.CERTAIN]
    likely = [thing for thing in named if thing.certainty is Certainty.LIKELY]
    return plain, likely


def _share(boxes: Sequence[Box], size: tuple[int, int]) -> float:
    """How much of the picture the first box covers, 0 to 1."""
    if not boxes:
        return 0.0
    return boxes[0].width * boxes[0].height / (size[0] * size[1])


def _say_qr(content: str) -> str:
    if not content:
        return strings.say(strings.QR_EMPTY)
    kind = content.split(":", 1)[0].lower()
    if kind in ("http", "https"):
        return _say_link(content)
    if kind == "wifi":
        # WIFI:T:WPA;S:name;P:password;; - the password is not for every ear
        network = next((part[2:] for part in content[5:].split(";") if part[:2] == "S:"), "")
        return strings.say(strings.QR_WIFI, text=name(network))
    if kind == "mailto":
        return strings.say(strings.QR_MAIL, text=name(content[7:].partition("?")[0]))
    if kind == "tel":
        return strings.say(strings.QR_PHONE, text=name(content[4:]))
    return strings.say(strings.QR_TEXT, text=sentence(content))


def _say_link(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:  # a broken address, such as an unfinished IPv6 one
        return strings.say(strings.QR_TEXT, text=sentence(address))
    path = parts.path.strip("/")
    if not host:
        return strings.say(strings.QR_TEXT, text=sentence(address))
    if not path or len(path) > _MOST_PATH:
        return strings.say(strings.QR_LINK, host=name(host))
    return strings.say(strings.QR_LINK_PATH, host=name(host), path=name(path))
