"""The order of the work: what is looked at first, and what is said as soon as it is known.

Said words cannot be taken back, so only what is certain is said early: what was captured, what a
photo shows (the networks for that are quick), the line at the top. Reading the rest comes after.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from imagecraft_desktop import strings
from imagecraft_desktop.describe import truth
from imagecraft_desktop.describe.caption import combine, say_caption
from imagecraft_desktop.describe.embedded import photos, reread, screens
from imagecraft_desktop.describe.embedded.nothing import (
    NEARLY_ALL,
    say_no_text,
    say_nothing_there,
)
from imagecraft_desktop.describe.embedded.phrases import (
    certain,
    count_words,
    first_sentence,
    name,
    sentence,
    series,
)
from imagecraft_desktop.describe.embedded.reread import Reread
from imagecraft_desktop.describe.embedded.screens import Untold
from imagecraft_desktop.describe.known import controls, is_told, name_alone, tell_controls
from imagecraft_desktop.see import codes, colours, regions, things
from imagecraft_desktop.see.finder import (
    Spot,
    estimate_effort,
    find_headline,
    level_boxes,
    order_by_importance,
)
from imagecraft_desktop.see.frame import State, check_frame
from imagecraft_desktop.see.layout import Layout, Role, lay_out, reading_order
from imagecraft_desktop.see.legible import (
    find_turn,
    find_unclear,
    is_line,
    is_much,
    may_be_text,
    spot_area,
    turn_back,
)
from imagecraft_desktop.see.reader import Reader
from imagecraft_desktop.see.tilt import Level, can_level, find_tilt, has_tilted, reads_as_well
from imagecraft_desktop.values import (
    Box,
    Caption,
    Certainty,
    Code,
    Description,
    Detail,
    Kind,
    Origin,
    Picture,
    Statement,
    TextLine,
    Thing,
    Tick,
    Wish,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


_ON_SCREEN = (Origin.SCREEN, Origin.WINDOW, Origin.REGION)
_MOST_LINES = 80
_MOST_EFFORT = 700
"""So many lines, or so much work (about three seconds), for a normal description; a detailed one
reads all."""
_HEADLINE_WORDS = 3
"""Fewer large words may be a figure that says nothing without its name."""
_FIRST = 3
"""So many lines show whether the rest can be read."""
_ROUND = frozenset("CcOoQ")
_LITTLE_EFFORT = 80
"""So little is read so soon that nothing need be said before all is known."""
_FEW_WORDS = 15
_PAGE_WORDS = 40
"""So many words in paragraphs, and nothing to press, make a page of text."""
_MOST_PHOTOS = 3
_SMALL_PHOTO = 0.02
"""Share of the screen below which a photo is an icon and not looked at."""
_MIXED = 0.2
_PHOTO_WORDS = 120
_WRITTEN = 0.15
"""Share of a photo that is covered by text and codes from which on it is mostly text."""

Ask = Callable[["NDArray[np.uint8]"], Iterable[Caption | Statement]]
"""Asks a captioning network about RGB pixels (H, W, 3); its sentences, each as soon as it is there,
and among them what else must be told, as it is."""
SENT = "sent"
"""Source of a statement that something left the machine: told however short the rest is."""


def describe(look: Look) -> Generator[Statement, None, Description]:
    """See `describe.base.Captioner.describe`.

    Args:
        look: At the picture, made for this. Its network is asked once at most, after the text is
            known, and never about what is blank, black, hidden, mostly text, or a screen without a
            large photo: then about that photo alone.
    """
    told = []
    for statement in look.tell():
        told.append(statement)
        yield statement
    return look.told(told)


def answer(
    look: Look, ask: Ask, tick: Tick, question: str
) -> Generator[Statement, None, Description]:
    """The answer to a question about a picture, and nothing else.

    The picture is looked at first, in silence: what may be shown to a network is the same as for a
    description. If nothing may, it is told why, and what the picture shows in brief.

    Args:
        look: At the picture; new, or one that was used before.
        ask: Puts the question. Called once at most.
        question: As the user put it.
    """
    if not look.is_done:
        for _ in look.tell():
            pass
    told = []
    for statement in look.answer(ask, tick, question):
        told.append(statement)
        yield statement
    return look.told(told)


class Look:
    """One picture, what is wished of it, and what has been found so far."""

    def __init__(
        self, reader: Reader, picture: Picture, wish: Wish, tick: Tick, ask: Ask | None = None
    ) -> None:
        self.reader = reader
        self.ask = ask
        self.reread: Reread | None = None
        """Reads the text of a photo once more."""
        self.picture = picture
        self.pixels = np.ascontiguousarray(picture.pixels)
        self.frame = check_frame(picture.pixels)
        self.has_bars = _size(self.frame.content) != picture.pixels.shape[1::-1]
        if self.has_bars and (inside := check_frame(self._content())).state is not State.CONTENT:
            self.frame = replace(inside, content=self.frame.content)
        self.is_live = picture.origin in _ON_SCREEN
        self.is_opened = is_told(picture, wish)
        """Whether what was taken was told before it was looked at."""
        self.known = picture.known if self.is_opened else None
        """What was told of the window before it was looked at."""
        self.named = "" if self.known is None else name_alone(picture.origin, self.known)
        """The name that was told of a control alone, and is not told again where the picture shows it."""
        self.detail = wish.detail
        self.text_only = wish.text_only
        self.question = ""
        """What is being answered."""
        self.tick = tick
        self.kind = Kind.SCREEN
        self.lines: tuple[TextLine, ...] = ()
        self.things: list[Thing] = []
        self.faces: list[Box] = []
        self.codes: tuple[Code, ...] = ()
        self.layout: Layout | None = None
        self.headline = ""
        self.level: Level | None = None
        """The picture with its tilted text made level; None where it is level, and of photos."""
        self.turn = 0
        """Quarter turns of that, or of the picture as it came, against the clock."""
        self.has_tilted = False
        """Whether there is tilted text, of which some may not have been found."""
        self.unclear: list[Spot] = []
        self.unread: list[Spot] = []
        """Lines of writing that were found, and not read or not well."""
        self.captions: list[Caption] = []
        self.captioned: Statement | None = None
        """What the network said first of the picture as a whole."""
        self.shown: tuple[Box, Certainty] | None = None
        """The part that may be shown to a network, and how sure of it that may be at most."""
        self.why_not = strings.NOT_ASKED_NO_PHOTO
        """Why nothing may be shown to a network; a constant of `strings`."""
        self.nothing: Statement | None = None
        """That there is nothing to look at."""
        self.is_done = False
        """Whether everything was looked at."""

    def is_of(self, picture: Picture) -> bool:
        """Whether it is the same picture, taken from the same place."""
        mine = self.picture
        if (mine.origin, mine.title, mine.app) != (picture.origin, picture.title, picture.app):
            return False
        return np.array_equal(mine.pixels, picture.pixels)

    def told(self, statements: Sequence[Statement]) -> Description:
        """What was found, with what was told of it."""
        return Description(
            kind=self.kind,
            statements=tuple(statements),
            text=tuple(replace(line, box=self.place(line.box)) for line in self.lines),
            objects=tuple(
                replace(thing, boxes=tuple(map(self.place, thing.boxes))) for thing in self.things
            ),
            codes=tuple(replace(code, box=self.place(code.box)) for code in self.codes),
            captioner="embedded",
            caption=combine(self.captions),
        )

    def place(self, box: Box) -> Box:
        """Where a box is in the picture as it came."""
        if self.level is None:
            return turn_back(box, self.turn, self.picture.pixels.shape)
        return self.level.box_back(turn_back(box, self.turn, self.level.pixels.shape))

    def tell(self) -> Iterator[Statement]:
        """The whole description."""
        yield from self._tell()
        self.is_done = True

    def answer(self, ask: Ask, tick: Tick, question: str) -> Iterator[Statement]:
        """What a network says to a question, or why it is not asked. See `answer` of the module."""
        self.captions, self.question = [], question
        if self.nothing is not None:
            yield self.nothing
        elif self.shown is None:
            yield certain(strings.say(self.why_not), "frame")
            yield self._brief()
        else:
            self.ask, self.tick = ask, tick
            yield from self._say_captions(*self.shown)
            if not self._is_captioned:
                yield Statement(strings.say(strings.CANNOT_ANSWER), Certainty.UNSURE, "captioner")

    def _tell(self) -> Iterator[Statement]:
        nothing = say_nothing_there(self.picture, self.frame)
        if nothing is not None:
            self.kind, self.nothing = nothing
            yield self.nothing
            yield from self._say_bars()
            yield from self._notes()
            return
        self.tick()
        if self.text_only:
            if self.picture.origin is Origin.SCREEN:  # perhaps not what was asked for
                yield from self._notes()
            yield from self._tell_text_only()
        elif self.detail is Detail.BRIEF:
            # everything is looked at first: the one sentence must be the most useful
            for statement in self._tell_all():
                if statement.source == SENT:
                    yield statement
            yield self._brief()
            yield from self._notes()
        else:
            yield from self._tell_with_doubt()

    def _tell_with_doubt(self) -> Iterator[Statement]:
        """All, and at its end that the network could not tell, unless that was told."""
        is_told = False
        for statement in self._tell_all():
            is_told |= statement.text == strings.say(strings.CANNOT_TELL)
            yield statement
        if self.captions and not (self._is_captioned or is_told):
            said = strings.say(strings.CANNOT_TELL_MORE)
            yield Statement(said, Certainty.UNSURE, "captioner")

    def _tell_all(self) -> Iterator[Statement]:
        opening = None if self.is_opened else self._opening()
        if opening is not None:
            yield opening
        yield from self._notes()
        if self._is_photo():
            yield from self._tell_photo()
        else:
            yield from self._tell_screen(opening is not None or self.is_opened)
        if self.is_live and self.frame.hidden is not None:
            yield certain(strings.say(strings.PART_BLACK), "frame")

    def _content(self) -> NDArray[np.uint8]:
        """The picture without black bars."""
        return self._part(self.frame.content)

    def _is_photo(self) -> bool:
        return regions.is_photo(self._content())

    def _say_bars(self) -> Iterator[Statement]:
        if self.has_bars and self.detail is not Detail.BRIEF:
            yield certain(strings.say(strings.BARS_AROUND), "frame")

    def _notes(self) -> Iterator[Statement]:
        for note in self.picture.notes:
            yield certain(note, "frame")

    # --- photos ---

    def _tell_photo(self) -> Iterator[Statement]:
        self.kind = Kind.PHOTO
        seen = things.find_things(self.pixels, self.tick, self.frame.content)
        self.things, self.faces = list(seen.things), list(seen.faces)
        yield from photos.say_photo(self.things, self.faces, _size(self.frame.content))
        spots = self._find_in_photo()
        read = list(self.reader.read(self.pixels, spots, self.tick, is_photo=True))
        level = _levelled(spots)
        by_level = {replace(line, box=level[line.box]): line for line in read}
        ordered = reading_order(list(by_level))
        self.headline = _headline(ordered)
        self.lines = tuple(by_level[line] for line in ordered)
        has_text = self._has_text(spots, read)
        yield from self._tell_text_in_photo(ordered)
        yield from self._say_unclear()
        yield from self._tell_codes()
        yield from self._tell_caption(self.frame.content, Certainty.CERTAIN)
        found = self._to_reread(spots, read)
        if not found:
            yield from self._say_what_is_missing(has_text)
        if self.detail is Detail.DETAILED or not (self.things or self.lines or self._is_captioned):
            yield from photos.say_colours(colours.name_colours(self.pixels))
        yield from self._say_bars()
        if found:
            by_network = yield from self._tell_reread(found)
            # that a network reads nothing does not undo a line of writing
            is_open = by_network is False and bool(self.unread)
            yield from self._say_what_is_missing(has_text or (None if is_open else by_network))

    def _has_text(self, spots: Sequence[Spot], read: Sequence[TextLine]) -> bool | None:
        """Whether there is text in a photo; None when that is open: what was found could not be read. Notes what was
        not, and when it is so much that it is certain."""
        left = _without(spots, read)
        self.unread = [spot for spot in left if is_line(spot)]
        if sum(map(spot_area, self.unread)) >= _WRITTEN * _size_of(self.frame.content):
            self.unclear = self.unread
        if read or self.unclear:
            return True
        return None if may_be_text(self.reader, self.pixels, left, self.tick) else False

    def _say_what_is_missing(self, has_text: bool | None) -> Iterator[Statement]:
        """What was looked for and not found.

        Args:
            has_text: None when that is open.
        """
        if not self._is_captioned:
            yield from photos.say_what_is_missing(
                self.things, self.faces, has_text, bool(self.codes)
            )
        elif has_text is None:
            yield photos.say_text_is_open()
        elif not has_text:
            yield certain(strings.say(strings.NO_TEXT_IN_PHOTO), "ocr")

    def _to_reread(self, spots: Sequence[Spot], read: Sequence[TextLine]) -> Sequence[reread.Found]:
        """The writing that a network shall read as well; none where it must not be shown the photo."""
        if self.reread is None or self.shown is None or self.detail is not Detail.DETAILED:
            return ()
        said = {line.box for line in read}
        ratings = self.reader.rate(self.pixels, spots, self.tick)
        found = [
            reread.Found(TextLine(text, spot.box, score), spot.box in said)
            for spot, (text, score) in zip(spots, ratings, strict=True)
        ]
        return found if reread.is_worth(found) else ()

    def _tell_reread(
        self, found: Sequence[reread.Found]
    ) -> Generator[Statement, None, bool | None]:
        """What a network makes of the writing, last, for that takes seconds. Until then it is open
        whether there is none.

        Returns:
            Whether there is text; None when that is open.
        """
        if self.reread is None or self.shown is None:
            return None
        where = self.shown[0]
        lines = self.reread(np.ascontiguousarray(self._part(where)))
        if lines is None:
            return None
        read = [replace(line, box=_shifted(line.box, where)) for line in lines]
        told = list(reread.compare(found, read))
        for statement in told:
            yield replace(statement, boxes=tuple(map(self.place, statement.boxes)))
        return True if told else None if reread.is_open(found, read) else False

    def _part(self, where: Box) -> NDArray[np.uint8]:
        return self.pixels[where.top : where.bottom, where.left : where.right]

    def _tell_text_in_photo(self, level: Sequence[TextLine]) -> Iterator[Statement]:
        rows = [sentence(screens.row_text(row)) for row in screens.rows_of(level)]
        spoken = 0
        for number, row in enumerate(rows):
            if self.detail is not Detail.DETAILED and spoken + count_words(row) > _PHOTO_WORDS:
                yield certain(strings.say(strings.MORE_TEXT, count=len(rows) - number), "ocr")
                return
            said = row if number else strings.say(strings.PHOTO_TEXT, text=row)
            yield certain(said, "ocr")
            spoken += count_words(row)

    def _tell_codes(self) -> Iterator[Statement]:
        self.codes = tuple(codes.read_codes(self.pixels, self.tick))
        for code in self.codes:
            yield self._say_code(code)

    def _say_code(self, code: Code) -> Statement:
        return replace(photos.say_code(code), boxes=(self.place(code.box),))

    # --- what a network says ---

    @property
    def _is_captioned(self) -> bool:
        return any(caption.certainty is not None for caption in self.captions)

    def _tell_caption(self, where: Box, most: Certainty) -> Iterator[Statement]:
        """Ask the network about a part of the picture, unless that must not be asked.

        Args:
            most: The caption is stated no surer than this.
        """
        if self.shown is not None:
            return
        if self.is_live and self.frame.hidden is not None:
            self.why_not = strings.NOT_ASKED_HIDDEN
        elif self._is_mostly_text(where):
            self.why_not = strings.NOT_ASKED_TEXT
        else:
            self.shown = where, most
            # in brief only what is about all of the picture can be the one sentence
            if self.detail is not Detail.BRIEF or where == self.frame.content:
                yield from self._say_captions(where, most)

    def _say_captions(self, where: Box, most: Certainty) -> Iterator[Statement]:
        if self.ask is None:
            return
        self.tick()
        part = self._part(where)
        things = [thing for thing in self.things if _is_in(thing, where)]
        for written in self.ask(np.ascontiguousarray(part)):
            if isinstance(written, Statement):
                yield written
                continue
            caption = truth.check(
                written,
                things,
                [line.line for line in self.lines],
                lambda: colours.colour_shares(part),
                self.question,
            )
            self.captions.append(caption)
            if caption.certainty is None:
                continue  # that it cannot tell is said at the end
            said = replace(say_caption(caption, most), boxes=self._places_of(caption, where))
            if where == self.frame.content and self.captioned is None:
                self.captioned = said
            yield said

    def _places_of(self, caption: Caption, where: Box) -> tuple[Box, ...]:
        """The parts of the picture as it came that a caption is about: those the network told, else
        what it was shown, unless that was all there is."""
        boxes = [_shifted(box, where) for box in caption.boxes]
        if not boxes and where != self.frame.content:
            boxes = [where]
        return tuple(map(self.place, boxes))

    def _is_mostly_text(self, where: Box) -> bool:
        found = [*(line.box for line in self.lines), *(code.box for code in self.codes)]
        sizes = [(box, float(_size_of(box))) for box in found]
        sizes += [(spot.box, spot_area(spot)) for spot in self.unread]
        within = (size for box, size in sizes if screens.is_within(box, where))
        return sum(within) >= _WRITTEN * _size_of(where)

    # --- screens and pages ---

    def _tell_screen(self, is_opened: bool) -> Iterator[Statement]:
        spots = self._find_upright()
        is_turned = bool(self.turn) or (self.level is not None and self.level.is_noticed)
        if is_turned and self.detail is not Detail.BRIEF:
            yield certain(strings.say(strings.TURNED), "frame")
        wanted = order_by_importance(spots, self.pixels.shape)
        if self.detail is not Detail.DETAILED:
            wanted = _first_of(wanted)
        lines: list[TextLine] = []
        said = self.picture.title
        first = find_unclear(self.reader, self.pixels, wanted[:_FIRST], self.tick)
        # rubbish must not be said early
        is_quick = bool(first) or sum(map(estimate_effort, wanted)) <= _LITTLE_EFFORT
        headline = None if is_quick else find_headline(wanted)
        early: list[TextLine] = []
        for line in self.reader.read(self.pixels, wanted, self.tick):
            lines.append(line)
            if not (is_opened or said or is_quick):
                said = line.line
                yield certain(strings.say(strings.AT_THE_TOP, text=sentence(said)), "ocr")
            elif line.box == headline and count_words(line.line) >= _HEADLINE_WORDS:
                early.append(line)
                yield certain(sentence(line.line), "ocr")
        lines = self._without_unclear(lines, wanted)
        self.unread = [spot for spot in _without(spots, lines) if is_line(spot)]
        layout = lay_out(_without_knobs(lines), self.pixels, self.tick)
        self.lines = layout.lines
        self.layout = layout
        found = regions.find_photos(self.pixels)
        photos_in = [box for box in found if _share(box, self.pixels.shape) >= _SMALL_PHOTO]
        self.kind = _kind_of(layout, photos_in, self.pixels.shape, self.picture.origin)
        untold = Untold(self.lines)
        if not (is_opened or said) and self.lines:
            late = self._late_opening(layout)
            said = _first_words(self.lines) if late is not None else ""
            if late is not None:
                yield late
        self._take_told(untold, layout, said)
        untold.take(early)
        untold.take_signs()
        yield from self._tell_parts(layout, untold, said)
        yield from self._tell_photos_in(photos_in)
        yield from self._tell_codes()
        if layout.dialog is None or self.detail is Detail.DETAILED:
            yield from screens.say_text(layout, untold, self.detail)
        yield from screens.say_rest(untold, len(spots) - len(wanted))
        if self.detail is Detail.DETAILED:
            yield certain(strings.say(strings.NOT_LOOKED_AT), "layout")
        yield from self._say_unclear()
        if not (self.lines or self.codes or self.unclear):
            yield say_no_text(self.frame)
            yield from self._tell_drawing()

    def _take_told(self, untold: Untold, layout: Layout, said: str) -> None:
        """What was said before all was read: the first words, the name of a control alone, the window's title."""
        untold.take_texts([said])
        untold.take_name(self.named)
        untold.take_title(self.picture.title, layout)

    def _tell_parts(self, layout: Layout, untold: Untold, said: str) -> Iterator[Statement]:
        """What can be done with the screen; what its program itself tells of that is not guessed."""
        told = controls(self.known) if self.known is not None else []
        if self.named:
            told.append(self.named)
        yield from screens.say_parts(screens.without(layout, told), untold, self.detail, said)
        if self.known is not None:
            untold.take_texts(told)
            yield from tell_controls(self.known)

    def _tell_drawing(self) -> Iterator[Statement]:
        """A picture of flat colours without text: perhaps a drawing; on the screen, perhaps anything."""
        is_plain = self.frame.plain_share >= NEARLY_ALL
        if not (self.is_live or self.level or self.turn or self.things or is_plain):
            yield from self._tell_caption(self.frame.content, Certainty.LIKELY)

    def _find_upright(self) -> list[Spot]:
        """Where text is; a page that is tilted, on its side or upside down is turned first."""
        spots = list(self.reader.find(self.pixels, self.tick))
        if (degrees := find_tilt(spots)) and can_level(self.pixels.shape, degrees):
            before, self.level = self.pixels, Level(self.pixels, degrees)
            self.pixels = self.level.pixels
            found = self._turn_upright(list(self.reader.find(self.pixels, self.tick)))
            now = self.pixels, found
            if reads_as_well(self.reader, now, (before, spots), self.tick):
                return self._note_tilted(found)
            self.pixels, self.level, self.turn = before, None, 0
        return self._note_tilted(self._turn_upright(spots))

    def _turn_upright(self, spots: list[Spot]) -> list[Spot]:
        """The same lines, or those of the picture after it was turned, where it was on its side or upside down."""
        wanted = order_by_importance(spots, self.pixels.shape)
        self.turn = find_turn(self.reader, self.pixels, wanted, self.tick)
        if not self.turn:
            return spots
        self.pixels = np.ascontiguousarray(np.rot90(self.pixels, self.turn))
        return list(self.reader.find(self.pixels, self.tick))

    def _find_in_photo(self) -> list[Spot]:
        """Where text is in a photo, which itself is never turned; tilted text is searched once more when level."""
        spots = list(self.reader.find(self.pixels, self.tick, is_photo=True))
        if (degrees := find_tilt(spots)) and can_level(self.pixels.shape, degrees):
            level = Level(self.pixels, degrees)
            found = list(self.reader.find(level.pixels, self.tick, is_photo=True))
            now = level.pixels, found
            if reads_as_well(self.reader, now, (self.pixels, spots), self.tick):
                self.has_tilted = has_tilted(self.reader, *now, self.tick)
                return [spot for one in found if (spot := level.spot_back(one)) is not None]
        return self._note_tilted(spots)

    def _note_tilted(self, spots: list[Spot]) -> list[Spot]:
        self.has_tilted = has_tilted(self.reader, self.pixels, spots, self.tick)
        return spots

    def _without_unclear(self, lines: Sequence[TextLine], spots: Sequence[Spot]) -> list[TextLine]:
        """Leave out rubbish, and note it when it is much."""
        unclear = find_unclear(self.reader, self.pixels, spots, self.tick)
        boxes = {spot.box for spot in unclear}
        self.unclear = unclear if is_much(unclear) else []
        return [line for line in lines if line.box not in boxes]

    def _say_unclear(self) -> Iterator[Statement]:
        if self.unclear:
            message = strings.SOME_UNREADABLE if self.lines else strings.UNREADABLE
            yield certain(strings.say(message), "ocr")
        if self.has_tilted:
            yield certain(strings.say(strings.TILTED), "ocr")

    def _opening(self) -> Statement | None:
        """What was captured, when that is known without looking."""
        title, app = name(self.picture.title), name(self.picture.app)
        if self.picture.origin is Origin.SCREEN:
            return certain(strings.say(strings.OPEN_SCREEN), "window")
        if self.picture.origin is Origin.REGION:
            return certain(strings.say(strings.OPEN_REGION), "window")
        if self.picture.origin is not Origin.WINDOW:
            return None
        if title and app and app.casefold() not in title.casefold():
            return certain(strings.say(strings.OPEN_WINDOW_OF, app=app, title=title), "window")
        if title:
            return certain(strings.say(strings.OPEN_WINDOW, title=title), "window")
        if app:
            return certain(strings.say(strings.OPEN_WINDOW_UNTITLED_OF, app=app), "window")
        return certain(strings.say(strings.OPEN_WINDOW_UNTITLED), "window")

    def _late_opening(self, layout: Layout) -> Statement | None:
        """First words about a picture with a few lines, all read; None when a part says it better."""
        if layout.dialog is not None or self.kind is Kind.CHART or self._starts_with_table():
            return None
        top = sentence(_first_words(self.lines))
        if len(self.lines) == 1:
            return certain(strings.say(strings.ONLY_TEXT, text=top), "ocr")
        if self.kind is Kind.DOCUMENT:
            return certain(strings.say(strings.PAGE_OF_TEXT, text=top), "ocr")
        return certain(strings.say(strings.AT_THE_TOP, text=top), "ocr")

    def _starts_with_table(self) -> bool:
        """Whether the first line is a table's first cell: no title."""
        if self.layout is None or not self.lines:
            return False
        box = self.lines[0].box
        return any(screens.is_within(box, table.box) for table in self.layout.tables)

    def _tell_photos_in(self, found: Sequence[Box]) -> Iterator[Statement]:
        height, width = self.pixels.shape[:2]
        for box in found[:_MOST_PHOTOS]:
            seen = things.find_things(self.pixels, self.tick, box)
            self.things += seen.things
            self.faces += seen.faces
            yield photos.say_photo_in_screen(seen.things, photos.place_of(box, width, height))
            if box is found[0] and _share(box, self.pixels.shape) >= _MIXED:
                yield from self._tell_caption(box, Certainty.LIKELY)
        if len(found) > _MOST_PHOTOS:
            yield certain(
                strings.say(strings.PHOTOS_MORE, count=len(found) - _MOST_PHOTOS), "frame"
            )

    # --- one sentence ---

    def _brief(self) -> Statement:
        if self.captioned is not None and self.captioned.certainty is not Certainty.UNSURE:
            return self.captioned
        if self.layout is None:
            if self.unclear and not (self.things or self.faces or self.headline or self.codes):
                return certain(strings.say(strings.UNREADABLE), "ocr")
            said = photos.brief_photo(self.things, self.faces, self.headline, self.codes)
            if self.codes and said == photos.say_code(self.codes[0]).text:
                return self._say_code(self.codes[0])
            return certain(said, "detector")
        title = self.picture.title
        said_whole = screens.brief(self.layout, title)
        if said_whole is not None:
            return certain(said_whole, "layout")
        untold = Untold(self.lines)
        untold.take_signs()
        heading = title
        if not title and self.lines and not self._starts_with_table():
            heading = _first_words(self.lines)
        untold.take_texts([heading])
        line = screens.main_line(self.layout, untold)
        opening = self._opening()
        if line is not None and heading:
            message = (
                strings.BRIEF_WINDOW
                if self.picture.origin is Origin.WINDOW
                else strings.BRIEF_TITLED
            )
            return certain(strings.say(message, title=name(heading), text=line), "layout")
        if line is not None and opening is None:
            return certain(line, "layout")
        if heading and opening is None:
            return certain(strings.say(strings.ONLY_TEXT, text=first_sentence(heading)), "ocr")
        if self.codes:
            return self._say_code(self.codes[0])
        if opening is not None:
            return opening
        if self.unclear:
            return certain(strings.say(strings.UNREADABLE), "ocr")
        return certain(strings.say(strings.NO_TEXT_FOUND), "ocr")

    # --- text and nothing else ---

    def _tell_text_only(self) -> Iterator[Statement]:
        """Every line in reading order, spoken paragraph by paragraph while the rest is read."""
        is_photo = self._is_photo()
        self.kind = Kind.PHOTO if is_photo else Kind.SCREEN
        if is_photo:
            spots = self._find_in_photo()
            level = _levelled(spots)
        else:
            spots = self._find_upright()
            level = {spot.box: spot.box for spot in spots}
        read: list[TextLine] = []
        ordered = _in_reading_order(spots, level)
        lines = self.reader.read(self.pixels, ordered, self.tick, is_photo=is_photo)
        if not is_photo:
            first = order_by_importance(spots, self.pixels.shape)[:_FIRST]
            if find_unclear(self.reader, self.pixels, first, self.tick):
                # what is rubbish shows when all is read
                lines = iter(self._without_unclear(list(lines), spots))
        for row in _rows(lines, level):
            read += row
            placed = [replace(line, box=level[line.box]) for line in row]
            yield certain(sentence(screens.row_text(placed)), "ocr")
        self.lines = tuple(read)
        has_text = self._has_text(spots, read) if is_photo else bool(read or self.unclear)
        yield from self._say_unclear()
        if has_text is None:
            yield photos.say_text_is_open()
        elif not has_text:
            yield certain(strings.say(strings.NO_TEXT_FOUND), "ocr")


def _is_in(thing: Thing, where: Box) -> bool:
    """Whether all that was seen of it is in a part of the picture."""
    return all(screens.is_within(box, where) for box in thing.boxes)


def _without(spots: Sequence[Spot], read: Sequence[TextLine]) -> list[Spot]:
    """The spots but those that were read."""
    boxes = {line.box for line in read}
    return [spot for spot in spots if spot.box not in boxes]


def _shifted(box: Box, where: Box) -> Box:
    """A box of a part of the picture, as it lies in the whole."""
    left, top, right, bottom = box
    return Box(left + where.left, top + where.top, right + where.left, bottom + where.top)


def _first_of(spots: Sequence[Spot]) -> list[Spot]:
    """As many as can be read without a long wait; short ones, as in tables, are quick."""
    effort = list(accumulate(estimate_effort(spot) for spot in spots))
    return [
        spot
        for number, spot in enumerate(spots)
        if number < _MOST_LINES or effort[number] <= _MOST_EFFORT
    ]


def _first_words(lines: Sequence[TextLine]) -> str:
    """The first line that is no sign read as a letter."""
    words = (line.line for line in lines if sum(map(str.isalnum, line.line)) > 1)
    return next(words, lines[0].line)


def _headline(lines: Sequence[TextLine]) -> str:
    """A few words whole; of more the first of the largest lines."""
    rows = [screens.row_text(row) for row in screens.rows_of(lines)]
    if sum(map(count_words, rows)) <= _FEW_WORDS:
        return series([name(row) for row in rows])
    largest = max(line.box.height for line in lines)
    return next(line.line for line in lines if line.box.height >= 0.7 * largest)


def _without_knobs(lines: Sequence[TextLine]) -> list[TextLine]:
    """Leave out the knobs of switches, which read as a lone C or O.

    Letters above the columns of a spreadsheet have others beside them and stay.
    """
    letters = [line for line in lines if len(line.line) == 1 and line.line.isalpha()]
    alone = [
        line
        for line in letters
        if line.line in _ROUND
        and not any(
            screens.is_beside(line.box, other.box) or screens.is_beside(other.box, line.box)
            for other in letters
        )
    ]
    return [line for line in lines if line not in alone]


def _kind_of(layout: Layout, found: Sequence[Box], shape: tuple[int, ...], origin: Origin) -> Kind:
    has_controls = bool(
        layout.dialog
        or layout.buttons
        or layout.fields
        or layout.switches
        or layout.progress
        or layout.selected
        or any(block.role in (Role.MENU, Role.STATUS) for block in layout.blocks)
    )
    if layout.charts and not has_controls and not layout.tiles and origin not in _ON_SCREEN:
        return Kind.CHART
    if sum(_share(box, shape) for box in found) >= _MIXED:
        return Kind.MIXED
    words = sum(count_words(b.text) for b in layout.blocks if b.role is Role.PARAGRAPH)
    if words >= _PAGE_WORDS and not has_controls and origin not in _ON_SCREEN:
        return Kind.DOCUMENT
    return Kind.SCREEN


def _size(box: Box) -> tuple[int, int]:
    return box.width, box.height


def _size_of(box: Box) -> int:
    return box.width * box.height


def _share(box: Box, shape: tuple[int, ...]) -> float:
    return box.width * box.height / (shape[0] * shape[1])


def _levelled(spots: Sequence[Spot]) -> dict[Box, Box]:
    """By its box in the picture, where each line would be if the text was level."""
    return dict(zip((spot.box for spot in spots), level_boxes(spots), strict=True))


def _in_reading_order(spots: Sequence[Spot], level: Mapping[Box, Box]) -> list[Spot]:
    """Sort lines before they are read, by where they are when level and how long they are."""
    by_line = {
        TextLine(_stand_in(level[spot.box]), level[spot.box], number): spot
        for number, spot in enumerate(spots)
    }
    return [by_line[line] for line in reading_order(list(by_line))]


def _stand_in(box: Box) -> str:
    """Words about as long as what such a box holds; the finder's boxes are higher than letters."""
    letters = max(1, round(2.5 * box.width / box.height))
    return " ".join(["xxxxx"] * (letters // 6) + ["x" * (letters % 6)]).strip()


def _rows(lines: Iterable[TextLine], level: Mapping[Box, Box]) -> Iterator[list[TextLine]]:
    """Put lines together that stand beside each other or run on into the next, as they come."""
    current: list[TextLine] = []
    for line in lines:
        if current and not screens.belong(
            replace(current[-1], box=level[current[-1].box]), replace(line, box=level[line.box])
        ):
            yield current
            current = []
        current.append(line)
    if current:
        yield current
