"""The frozen values that travel between the rooms. Nothing here does work.

numpy is only named for the type checker: a command that never meets a pixel never imports it.
Arrays inside a value are never written to after the value is made.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Tick = Callable[[], None]
"""Called often by long work; raises `errors.Cancelled` when the user has asked to stop."""


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


@dataclass(frozen=True, slots=True)
class Frame:
    """Raw pixels as a screen grab or the clipboard gives them; made without numpy.

    `data` holds `height` rows of `width` pixels, 4 bytes each in the order blue, green, red, unused.
    """

    width: int
    height: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Capture:
    """What a trigger took, not yet decoded. Cheap to make in the main thread.

    Attributes:
        content: Raw pixels, the encoded bytes of an image file, or the path of one.
        name: What the user calls the source: a path, an address, "screen 1", a window's title.
        title: The window's title, when it is a window.
        app: The program that owns the window, when known.
        place: Where on the desktop it was, in device pixels, when it was on the desktop.
        notes: Sentences the user should hear about the taking; they go on to the picture.
    """

    origin: Origin
    name: str
    content: Frame | bytes | Path = field(repr=False)
    title: str = ""
    app: str = ""
    place: Box | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture.

    Attributes:
        pixels: RGB, uint8, (H, W, 3), row 0 at the top, upright (EXIF orientation applied).
        notes: Sentences the user should hear about the decoding ("First page of 12.").
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    origin: Origin
    name: str
    title: str = ""
    app: str = ""
    place: Box | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a setting may be: `value` is kept, `label` shown and read aloud."""

    value: str
    label: str


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
    """

    rate: float = 1.0
    seed: int = 0
    language: str = "en"


_next_id = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked for: describe this capture, or (text given) speak this text.

    `captured_ms` is how long the capture took; it is counted in the timings.
    """

    capture: Capture | None
    text: str = ""
    wish: Wish = Wish()
    manner: Manner = Manner()
    captioner: str = ""
    captured_ms: float = 0.0
    id: int = field(default_factory=lambda: next(_next_id))


FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a description. `source` is what it rests on: "ocr", "detector", "layout",
    "codes", "colour", "frame", "window" or "captioner"; "sent" is that of a sentence about what left
    the machine, FAILURE of one that says why a network was of no use. It is called "from" in `--json`."""

    text: str
    certainty: Certainty
    source: str


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
    """

    text: str
    probability: float
    weakest: float
    tokens: int
    certainty: Certainty | None
    language: str = "en"
    agreement: float | None = None
    contradicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """Everything found in a picture; `spoken` is what the user hears.

    Attributes:
        caption: None when no captioning network was asked.
        exit_code: The command line's status; not 0 when the network failed and the facts stand alone.
    """

    kind: Kind
    statements: tuple[Statement, ...]
    text: tuple[TextLine, ...] = ()
    objects: tuple[Thing, ...] = ()
    codes: tuple[Code, ...] = ()
    captioner: str = ""
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
    """A request has reached a stage; or, with a statement, has something more to show."""

    request_id: int
    stage: Stage
    statement: Statement | None = None


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
            "caption": _caption_facts(found.caption) if found and found.caption else None,
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
    }
