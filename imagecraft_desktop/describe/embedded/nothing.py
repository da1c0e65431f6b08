"""Pictures that hold nothing to describe: black, one colour, too small. No network is asked then."""

from __future__ import annotations

from imagecraft_desktop import strings
from imagecraft_desktop.describe.embedded.phrases import certain
from imagecraft_desktop.see import colours
from imagecraft_desktop.see.frame import FrameFacts, State
from imagecraft_desktop.values import Kind, Origin, Picture, Statement

NEARLY_ALL = 0.97
"""Share of one colour from which on a picture is nearly that colour."""


def say_nothing_there(picture: Picture, frame: FrameFacts) -> tuple[Kind, Statement] | None:
    """The kind and the plain statement, or None when there is something to look at."""
    is_live = picture.origin in (Origin.SCREEN, Origin.WINDOW, Origin.REGION)
    if frame.state is State.CONTENT:
        return None
    if frame.state is State.BLACK:
        message = strings.PICTURE_BLACK
        if is_live:
            # a window is never all black by itself; some programs forbid to be captured
            on_screen = picture.origin is not Origin.WINDOW
            message = strings.SCREEN_BLACK if on_screen else strings.WINDOW_BLACK
        return Kind.BLACK, certain(strings.say(message), "frame")
    if frame.state is State.ONE_COLOUR:
        colour = colours.name_colour(frame.colour)
        message = strings.LIVE_ONE_COLOUR if is_live else strings.PICTURE_ONE_COLOUR
        return Kind.BLANK, certain(strings.say(message, colour=colour), "frame")
    if frame.state is State.TOO_SMALL:
        high, wide = picture.pixels.shape[:2]
        said = strings.say(strings.PICTURE_TOO_SMALL, width=wide, height=high)
        return Kind.BLANK, certain(said, "frame")
    shades = frame.state is State.SHADES
    message = strings.PICTURE_SHADES if shades else strings.PICTURE_NOISE
    return Kind.BLANK, certain(strings.say(message), "frame")


def say_no_text(frame: FrameFacts) -> Statement:
    """There is something in the picture, but no text and no photo was found."""
    if frame.plain_share >= NEARLY_ALL:
        colour = colours.name_colour(frame.colour)
        return certain(strings.say(strings.NEARLY_ONE_COLOUR, colour=colour), "frame")
    return certain(strings.say(strings.NO_TEXT_FOUND), "ocr")
