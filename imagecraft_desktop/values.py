"""The frozen values that travel between the rooms. Nothing here does work.

numpy is only named for the type checker: a command that never meets a pixel never imports it.
Arrays inside a value are never written to after the value is made.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Tick = Callable[[], None]
"""Called often by long work; raises `errors.Cancelled` when the user has asked to stop."""


def no_tick() -> None:
    """A `Tick` for work that nobody can cancel."""


class Origin(StrEnum):
    """Where a picture was taken from."""

    FILE = "file"
    STDIN = "stdin"
    URL = "url"
    SCREEN = "screen"
    WINDOW = "window"
    REGION = "region"
    CLIPBOARD = "clipboard"


class Kind(StrEnum):
    """What sort of picture it is. The values are part of the `--json` format."""

    PHOTO = "photo"
    SCREEN = "screen"
    DOCUMENT = "document"
    CHART = "chart"
    BLANK = "blank"
    BLACK = "black"
    MIXED = "mixed"


class Certainty(StrEnum):
    """How sure a statement is. CERTAIN is said plainly, LIKELY with "looks like"; UNSURE is hedged."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"


class Detail(StrEnum):
    """How much is said: one sentence, the most useful, or everything."""

    BRIEF = "brief"
    NORMAL = "normal"
    DETAILED = "detailed"


class Stage(StrEnum):
    """Where a running request is."""

    ACCEPTED = "accepted"
    LOADING = "loading"
    DESCRIBING = "describing"
    SPEAKING = "speaking"
    DONE = "done"
    CANCELLED = "cancelled"


class Box(NamedTuple):
    """A rectangle in pixels of the picture; `right` and `bottom` are just outside it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


class Role(StrEnum):
    """What a control of another program is, as its accessibility tree says."""

    WINDOW = "window"
    DIALOG = "dialog"
    ALERT = "alert"
    BUTTON = "button"
    CHECK_BOX = "check box"
    RADIO_BUTTON = "radio button"
    SWITCH = "switch"
    EDIT = "edit"
    TEXT = "text"
    PASSWORD = "password"  # noqa: S105 - a role, not a secret
    COMBO_BOX = "combo box"
    SPIN_BOX = "spin box"
    SLIDER = "slider"
    PROGRESS = "progress"
    LIST = "list"
    LIST_ITEM = "list item"
    TREE = "tree"
    TREE_ITEM = "tree item"
    TABLE = "table"
    CELL = "cell"
    TAB = "tab"
    MENU = "menu"
    MENU_ITEM = "menu item"
    LINK = "link"
    HEADING = "heading"
    IMAGE = "image"
    DOCUMENT = "document"
    TERMINAL = "terminal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """A control of another program. Never holds what was typed into it.

    Attributes:
        name: Empty when it has none.
        box: Where it is on the desktop, in device pixels; None when that is not known.
        is_on: Whether it is checked, chosen or selected; None where it cannot be.
        is_open: Whether it is unfolded; None where it cannot be.
    """

    role: Role
    name: str
    box: Box | None = None
    is_on: bool | None = None
    is_open: bool | None = None
    is_enabled: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What the accessibility tree of a window tells: certain, and known before a pixel is looked at.

    Attributes:
        window: The window itself.
        focus: What has the keyboard's focus; None when that is not known.
        parts: The named controls that are visible, in the tree's order; perhaps not all.
    """

    window: Part
    focus: Part | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Raw pixels as a screen grab or the clipboard gives them; made without numpy.

    `data` holds `height` rows of `width` pixels, 4 bytes each in the order blue, green, red, unused.
    """

    width: int
    height: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Shot:
    """A picture that the desktop itself takes: the user may have to allow it first, and takes as long for
    that as they like. The worker waits for it.

    Attributes:
        part: What is wanted of it; None for all.
        desktop: Width and height of the desktop that `part` is measured in; None for pixels.
        window: Number of the window that is wanted, and must still be there afterwards; else 0.
    """

    part: Box | None = None
    desktop: tuple[int, int] | None = None
    window: int = 0


@dataclass(frozen=True, slots=True)
class Capture:
    """What a trigger took, not yet decoded. Cheap to make in the main thread.

    Attributes:
        content: Raw pixels, the encoded bytes of an image file, the path of one, or a wish for one.
        name: What the user calls the source: a path, an address, "screen 1", a window's title.
        title: The window's title, when it is a window.
        app: The program that owns the window, when known.
        place: Where on the desktop it was, in device pixels, when it was on the desktop.
        notes: Sentences the user should hear about the taking; they go on to the picture.
        known: What the window's program tells of it.
        is_one_of_many: A screen beside which there are others, so that its name tells which it is.
    """

    origin: Origin
    name: str
    content: Frame | bytes | Path | Shot = field(repr=False)
    title: str = ""
    app: str = ""
    place: Box | None = None
    notes: tuple[str, ...] = ()
    known: Known | None = field(default=None, repr=False)
    is_one_of_many: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture.

    Attributes:
        pixels: RGB, uint8, (H, W, 3), row 0 at the top, upright (EXIF orientation applied).
        notes: Sentences the user should hear about the decoding ("First page of 12.").
        known: Of the capture; was told before, see `describe.known`.
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    origin: Origin
    name: str
    title: str = ""
    app: str = ""
    place: Box | None = None
    notes: tuple[str, ...] = ()
    known: Known | None = field(default=None, repr=False)
    is_one_of_many: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a setting may be: `value` is kept, `label` shown and read aloud.

    Attributes:
        why_not: Why it cannot be used now, and what to do; "" when it can.
    """

    value: str
    label: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class VoiceWish:
    """What a voice of the user's own is to be made from.

    Attributes:
        audio: The recording; None when there is none yet.
        transcript: The words in it; "" to let them be recognised.
        cut_s: Where it is to be cut, in seconds; None for nowhere.
        has_consent: The speaker agreed.
    """

    name: str
    audio: Path | None
    transcript: str
    cut_s: float | None
    has_consent: bool


@dataclass(frozen=True, slots=True)
class Server:
    """A server of the user's choosing that describes pictures.

    Attributes:
        address: As it was typed, "127.0.0.1:8080"; empty when none was named.
        model: Its name there; empty for the only one that the server has.
        key: What the server wants to know its users by; never logged or shown.
        wait_s: The longest silence that is borne with.
    """

    address: str = ""
    model: str = ""
    key: str = field(default="", repr=False)
    wait_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Wish:
    """How a picture is to be described.

    Attributes:
        question: What the user wants to know of it instead of a description; else empty.
        instruction: What a network that can be told is told besides, in the user's words.
        language: BCP 47 tag that a network is to write in, if it can; empty for English.
        server: Asked by the captioner that asks one.
    """

    detail: Detail = Detail.NORMAL
    text_only: bool = False
    seed: int = 0
    question: str = ""
    instruction: str = ""
    language: str = ""
    server: Server = Server()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is to be spoken.

    Attributes:
        rate: 1.0 is the voice's normal speed; 0.5 to 4.0.
        language: BCP 47 tag of the text ("en", "es").
        pitch: Semitones above the voice's own, -12 to 12.
        is_kept: It goes into a file: what goes wrong on the way is left out, at the price of a later start.
    """

    rate: float = 1.0
    seed: int = 0
    language: str = "en"
    pitch: float = 0.0
    is_kept: bool = False


_next_id = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked for: describe this capture, or (text given) speak this text.

    `captured_ms` is how long the capture took; it is counted in the timings. `is_message` tells a word
    of the program's own from a description; with `is_own_voice` no screen reader gets it. `opening` is said before the description and is no part of it.
    """

    capture: Capture | None
    text: str = ""
    wish: Wish = Wish()
    manner: Manner = Manner()
    captioner: str = ""
    captured_ms: float = 0.0
    is_message: bool = False
    is_own_voice: bool = False
    opening: str = ""
    id: int = field(default_factory=lambda: next(_next_id))


FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a description. `source` is what it rests on: "ocr", "detector", "layout",
    "codes", "colour", "frame", "window", "tree" (the accessibility tree) or "captioner"; "sent" is that of a sentence about what left
    the machine, FAILURE of one that says why a network was of no use. It is called "from" in `--json`.
    `boxes` are the parts of the picture that it is about where its source told them; none is not nowhere."""

    text: str
    certainty: Certainty
    source: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text that was read. `score` is the recogniser's mean probability, 0 to 1."""

    line: str
    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Thing:
    """Something seen in a photo. `count` means "at least"; `name` is an English class name.

    `family` is the plainer name of a species ("dog" for "German shepherd"), else empty.
    """

    name: str
    count: int
    certainty: Certainty
    score: float
    boxes: tuple[Box, ...] = ()
    family: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code or barcode. `content` is exactly what it holds."""

    format: str
    content: str
    box: Box


CHOSEN, CALIBRATED = "chosen", "calibrated"


@dataclass(frozen=True, slots=True)
class Caption:
    """A sentence that a captioning network wrote about a picture, or all that it wrote.

    Attributes:
        text: A sentence, or "" when it wrote nothing; not yet hedged.
        probability: Geometric mean of its tokens' probabilities, 0 to 1.
        weakest: The least of them.
        tokens: How many there are; 0 when their probabilities are not known.
        certainty: What these numbers make of it; None when it is not to be stated.
        language: BCP 47 tag of the text.
        agreement: Share of its words that a second decoding has as well, 0 to 1; None without one.
        contradicts: What was proven otherwise: "count", "colour", "text", "kind".
        boxes: Where in the picture that it was given the network puts it, if it says so.
        bounds: How the bounds of its certainty came about: CHOSEN by us, or CALIBRATED for this network.
    """

    text: str
    probability: float
    weakest: float
    tokens: int
    certainty: Certainty | None
    language: str = "en"
    agreement: float | None = None
    contradicts: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    bounds: str = CHOSEN


@dataclass(frozen=True, slots=True)
class Description:
    """Everything found in a picture; `spoken` is what the user hears.

    Attributes:
        model: The network that was, or would have been, asked, as the user calls it; empty for none.
        caption: None when no captioning network was asked.
        exit_code: The command line's status; not 0 when the network failed and the facts stand alone.
    """

    kind: Kind
    statements: tuple[Statement, ...]
    text: tuple[TextLine, ...] = ()
    objects: tuple[Thing, ...] = ()
    codes: tuple[Code, ...] = ()
    captioner: str = ""
    model: str = ""
    caption: Caption | None = None
    exit_code: int = 0

    @property
    def spoken(self) -> str:
        return " ".join(statement.text for statement in self.statements)


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A chunk of sound.

    Attributes:
        samples: float32, (N,), mono, in [-1, 1].
        rate_hz: Sampling rate.
        sentence: Index of the sentence within its utterance, from 0; skipping goes by it.
        text: What the sentence says (given with its first chunk, may be empty on later ones).
    """

    samples: NDArray[np.float32] = field(repr=False)
    rate_hz: int
    sentence: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A request has reached a stage; or, with a statement, has something more to show.

    Attributes:
        picture: The decoded picture, with the stage DESCRIBING.
        sentence: Of a statement: which sentence of the utterance it begins with, as the player counts.
    """

    request_id: int
    stage: Stage
    statement: Statement | None = None
    picture: Picture | None = None
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A request could not be done. `spoken` is for the user, `detail` for the log.

    `exit_code` is the command line's status: see `errors.py`.
    """

    request_id: int
    spoken: str
    detail: str = ""
    exit_code: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished request.

    Attributes:
        text: What was spoken, or would have been.
        voice: Names of the voices that spoke, joined by a plus sign; "" when nothing was spoken.
        timings_ms: Has the keys of `--json`; a stage that did not run is absent.
        warnings: Sentences for the user about what went on without stopping the work.
        speech_failure: Why nothing was heard, when nothing was.
        reader: The screen reader that took the text; empty when our own voice spoke.
    """

    request_id: int
    description: Description | None
    text: str
    voice: str = ""
    speech_failure: Failure | None = None
    sample_rate: int = 0
    duration_s: float = 0.0
    timings_ms: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    reader: str = ""

    def facts(self, source: str) -> dict[str, Any]:
        """The object that `--json` prints for this source."""
        found = self.description
        return {
            "source": source,
            "kind": found.kind.value if found else None,
            "description": self.text,
            "statements": [
                {"text": s.text, "certainty": s.certainty.value, "from": s.source}
                for s in (found.statements if found else ())
            ],
            "text": [
                {"line": t.line, "box": list(t.box), "score": round(t.score, 4)}
                for t in (found.text if found else ())
            ],
            "objects": [
                {
                    "name": o.name,
                    "count": o.count,
                    "certainty": o.certainty.value,
                    "score": round(o.score, 4),
                    "boxes": [list(b) for b in o.boxes],
                }
                for o in (found.objects if found else ())
            ],
            "codes": [
                {"format": c.format, "content": c.content, "box": list(c.box)}
                for c in (found.codes if found else ())
            ],
            "captioner": found.captioner if found else "",
            "voice": self.voice,
            "sample_rate": self.sample_rate,
            "duration_s": round(self.duration_s, 3),
            "timings_ms": {key: round(value, 1) for key, value in self.timings_ms.items()},
            "warnings": list(self.warnings),
            "reader": self.reader,
            "caption": _caption_facts(found.caption) if found and found.caption else None,
        }


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that was described, as the history keeps it.

    Attributes:
        when_s: When it was finished (time.time).
        name: What the user calls the source.
        kind: A value of `Kind`.
        question: What was asked about the picture; empty for a description.
        number: Given by the history; 0 before it is kept.
        has_picture: Whether the picture was kept, too.
    """

    when_s: float
    origin: Origin
    name: str
    kind: str
    statements: tuple[Statement, ...]
    captioner: str = ""
    question: str = ""
    warnings: tuple[str, ...] = ()
    number: int = 0
    has_picture: bool = False

    @property
    def text(self) -> str:
        return " ".join(statement.text for statement in self.statements)

    @property
    def title(self) -> str:
        """The name, short enough to be said: of a file without its folders."""
        return Path(self.name).name if self.origin is Origin.FILE else self.name

    @property
    def when(self) -> str:
        """Date and time as they are shown and said."""
        return datetime.fromtimestamp(self.when_s).strftime("%Y-%m-%d %H:%M")

    def facts(self) -> dict[str, Any]:
        """The object that `history --json` prints."""
        return {
            "number": self.number,
            "time": datetime.fromtimestamp(self.when_s).astimezone().isoformat(timespec="seconds"),
            "from": self.origin.value,
            "source": self.name,
            "kind": self.kind,
            "question": self.question,
            "description": self.text,
            "statements": [
                {"text": s.text, "certainty": s.certainty.value, "from": s.source}
                for s in self.statements
            ],
            "captioner": self.captioner,
            "warnings": list(self.warnings),
            "picture": self.has_picture,
        }


def _caption_facts(caption: Caption) -> dict[str, Any]:
    return {
        "text": caption.text,
        "certainty": caption.certainty.value if caption.certainty else None,
        "probability": round(caption.probability, 4) if caption.tokens else None,
        "weakest": round(caption.weakest, 4) if caption.tokens else None,
        "tokens": caption.tokens,
        "agreement": None if caption.agreement is None else round(caption.agreement, 4),
        "contradicts": list(caption.contradicts),
        "bounds": caption.bounds,
    }
