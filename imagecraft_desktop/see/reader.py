"""Reads the text in a picture: finds the lines, then reads them one by one, in any order wanted.

The two networks (PP-OCRv6 small) and the list of letters come with the package `rapidocr`. They are
run here directly on onnxruntime, because that package's own road takes the whole picture at once:
it cannot be stopped, cannot tell the first line early, needs 600 MB for a screen and more than a
second to import.

Called by the embedded captioner and by `bench`.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from imagecraft_desktop import strings
from imagecraft_desktop.errors import ModelMissing
from imagecraft_desktop.see import session
from imagecraft_desktop.see.finder import Spot, find_lines
from imagecraft_desktop.values import TextLine, Tick

if TYPE_CHECKING:
    from numpy.typing import NDArray


_NAME = "OCR"
_HEIGHT = 48
"""Height of a line for the network, in pixels."""
_NARROWEST = 64
_AFTER = 16
"""Blank columns, in pixels, without which the network misjudges the last letters."""
_WIDEST = _HEIGHT * 40
"""Longer lines are cut at a gap between words."""
_WORD_GAP = 12
_LEVEL = 2.0
"""Lines whose corners differ by at most so many pixels in height are cut out without turning."""
_UPENDED = 1.5
"""Cuttings so much higher than wide are lines that run downwards, or single letters."""
_SCORE = 0.5
_SHORT, _SHORT_SCORE = 3, 0.75
"""Icons, such as a window's buttons, read as up to so many letters with less than this."""
_LETTER_SCORE, _SIGN_SCORE = 0.9, 0.97
"""Of a letter alone, and of one that is a picture as well: 日 is what many an icon reads as."""
_FIRST_SIGN = "⺀"
_ICON, _ICON_BEFORE_SPACE, _CLEAR_WORD = 0.65, 0.5, 0.9
_ICON_COLUMNS = 4
"""From an icon to its word are so many columns of the network, 8 pixels each; from a letter to the next at most 3."""
_PHOTO_SCORE = 0.8
_PHOTO_LETTERS = 3
_STROKES = frozenset("一丨丶ー口〇lI|")
"""What a single line or box that is no letter reads as."""
_CHECK_MARK = re.compile(r"^[∇▽√✓✔☑☐☒✗✘]+\s*(?=[^\W\d_])")
"""What check boxes before a word are read as."""
_WINDOW_BUTTONS = frozenset("-–—_=□口▢○×✕xX ")
"""What the buttons for minimise, maximise and close are read as."""


class Reader:
    """Finds and reads text. Made without cost; the networks come with the first picture.

    Args:
        threads: For each network; one is fastest on a busy machine with two cores.
        remembered: So many lines are kept between pictures, by a hash of their pixels.
    """

    def __init__(self, threads: int = 1, remembered: int = 4096) -> None:
        self._threads = threads
        self._remembered = remembered
        self._finder: session.Stoppable | None = None
        self._recogniser: session.Stoppable | None = None
        self._letters: tuple[str, ...] = ()
        self._known: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def unload(self) -> None:
        """Give the memory back, and forget what was read."""
        self._finder = self._recogniser = None
        self._known.clear()

    def find(
        self, pixels: NDArray[np.uint8], tick: Tick, *, is_photo: bool = False
    ) -> Iterator[Spot]:
        """Yield where lines of text are, from the top, not yet read.

        Args:
            pixels: RGB, uint8, (H, W, 3).
            tick: See `describe.base`.
            is_photo: Letters in a large photo are large.
        Raises:
            Cancelled, ModelMissing, ModelDamaged, OutOfMemory.
        """
        if self._finder is None:
            self._finder = _open("PP-OCRv6_det_small.onnx", self._threads)
        yield from find_lines(self._finder, pixels, tick, is_photo=is_photo)

    def read(
        self,
        pixels: NDArray[np.uint8],
        spots: Iterable[Spot],
        tick: Tick,
        *,
        is_photo: bool = False,
    ) -> Iterator[TextLine]:
        """Read lines in the order given; what turns out to be no text is left out.

        Args:
            pixels: RGB, uint8, (H, W, 3), in which the lines were found.
            spots: From `find`; taken one by one, so it may be `find` itself.
            tick: See `describe.base`.
            is_photo: Be stricter: textures look like letters.
        Raises:
            Cancelled, ModelMissing, ModelDamaged, OutOfMemory.
        """
        for spot in spots:
            tick()
            text, score = self._best_reading(_cut_out(pixels, spot), tick)
            text = _tidy(text)
            line = TextLine(text, spot.box, score)
            if is_text(text, score, is_photo=is_photo) and not _is_window_button(line, pixels):
                yield line

    def rate(
        self, pixels: NDArray[np.uint8], spots: Iterable[Spot], tick: Tick, *, turn: int = 0
    ) -> list[tuple[str, float]]:
        """Text and score of every line, also of what is no text. Lines read before cost nothing.

        Args:
            pixels: RGB, uint8, (H, W, 3), in which the lines were found.
            spots: From `find`.
            tick: See `describe.base`.
            turn: Read them turned by so many quarter turns against the clock.
        Raises:
            Cancelled, ModelMissing, ModelDamaged, OutOfMemory.
        """
        readings = []
        for spot in spots:
            tick()
            line = _cut_out(pixels, spot)
            readings.append(
                self._reading(np.ascontiguousarray(np.rot90(line, turn)), tick)
                if turn
                else self._best_reading(line, tick)
            )
        return readings

    def _best_reading(self, line: NDArray[np.uint8], tick: Tick) -> tuple[str, float]:
        """Text and score of a cutting; one that stands on end is tried upright first."""
        high, wide = line.shape[:2]
        if high < _UPENDED * wide:
            return self._reading(line, tick)
        upright = self._reading(line, tick)
        # a lone digit is higher than wide; a line that runs downwards reads as rubbish upright
        if len(upright[0]) == 1 and upright[1] >= _PHOTO_SCORE:
            return upright
        return max(
            self._reading(np.ascontiguousarray(np.rot90(line)), tick), upright, key=_by_score
        )

    def _reading(self, line: NDArray[np.uint8], tick: Tick) -> tuple[str, float]:
        """Text and score of a level line, remembered."""
        import cv2

        wide = max(1, math.ceil(_HEIGHT * line.shape[1] / line.shape[0]))
        line = cv2.resize(line, (wide, _HEIGHT)).astype(np.uint8, copy=False)
        key = hashlib.blake2b(line.tobytes(), digest_size=16).digest()
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        readings = [self._recognise(piece, tick) for piece in _pieces(line)]
        text = " ".join(text for text, _ in readings)
        reading = text, min(score for _, score in readings)
        self._known[key] = reading
        if len(self._known) > self._remembered:
            self._known.popitem(last=False)
        return reading

    def _recognise(self, line: NDArray[np.uint8], tick: Tick) -> tuple[str, float]:
        """Run the network on a line of 48 pixels height."""
        if self._recogniser is None:
            self._recogniser = _open("PP-OCRv6_rec_small.onnx", self._threads)
            listed = self._recogniser.get_modelmeta().custom_metadata_map["character"]
            self._letters = ("", *listed.splitlines(), " ")
        wide = max(_NARROWEST, line.shape[1] + _AFTER + -line.shape[1] % 8)
        feed = np.zeros((1, 3, _HEIGHT, wide), np.float32)
        feed[0, :, :, : line.shape[1]] = line[..., ::-1].transpose(2, 0, 1) / 127.5 - 1
        chances = session.run(self._recogniser, {"x": feed}, tick)[0][0]
        best = chances.argmax(axis=1)
        # a letter lasts for several columns; an empty column parts two equal letters
        new = (best != 0) & (best != np.concatenate(([-1], best[:-1])))
        if not new.any():
            return "", 0.0
        letters, scores = [self._letters[index] for index in best[new]], chances.max(axis=1)[new]
        if _begins_with_icon(letters, scores, np.nonzero(new)[0]):
            letters, scores = letters[1:], scores[1:]
        return "".join(letters), float(scores.mean())


def is_text(text: str, score: float, *, is_photo: bool = False) -> bool:
    """Whether a reading is worth saying.

    Args:
        text: As read.
        score: Mean probability of its letters, 0 to 1.
        is_photo: Textures and edges read as short words, so more is asked.
    """
    letters = [letter for letter in text if letter.isalnum()]
    if text in _STROKES:
        return False
    if not letters or score < _least_score(letters):
        return False
    if not is_photo:
        return True
    if score < _PHOTO_SCORE or len(letters) < _PHOTO_LETTERS or len(set(letters)) == 1:
        return False
    # prices, dates and times have a mark among the digits; bare numbers are often edges
    return any(letter.isalpha() for letter in letters) or not text.isalnum()


def _begins_with_icon(
    letters: list[str], scores: NDArray[np.float32], columns: NDArray[np.intp]
) -> bool:
    """Whether the first letter is the icon of a button, or a check mark: unclear, and far from a clear word.

    Args:
        scores: Of each letter, 0 to 1.
        columns: Of the network, where each begins.
    """
    if len(letters) < _SHORT or scores[1:].mean() < _CLEAR_WORD:
        return False
    if letters[1] == " ":
        return bool(scores[0] < _ICON_BEFORE_SPACE)
    return bool(scores[0] < _ICON and columns[1] - columns[0] >= _ICON_COLUMNS)


def _least_score(letters: list[str]) -> float:
    """From which score on a reading is more likely text than an icon."""
    if len(letters) == 1:
        return _SIGN_SCORE if letters[0] >= _FIRST_SIGN else _LETTER_SCORE
    return _SHORT_SCORE if len(letters) <= _SHORT else _SCORE


def _is_window_button(line: TextLine, pixels: NDArray[np.uint8]) -> bool:
    """Whether this is the close button in the upper right corner, which reads as an X."""
    near = 3 * line.box.height
    in_corner = line.box.top <= near and line.box.right >= pixels.shape[1] - near
    return in_corner and _WINDOW_BUTTONS.issuperset(line.line)


def _open(file: str, threads: int) -> session.Stoppable:
    """Open a network of the package rapidocr, without importing that package."""
    spec = find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissing(
            "rapidocr is not installed",
            name=_NAME,
            next_step=strings.say(strings.SEE_INSTALL_AGAIN),
        )
    folder = Path(spec.submodule_search_locations[0])
    return session.open_session(folder / "models" / file, _NAME, threads)


def _by_score(reading: tuple[str, float]) -> float:
    return reading[1]


def _cut_out(pixels: NDArray[np.uint8], spot: Spot) -> NDArray[np.uint8]:
    """The pixels of a line, levelled."""
    import cv2

    top_left, top_right, bottom_right, bottom_left = spot.corners
    slope = max(abs(top_left[1] - top_right[1]), abs(bottom_left[1] - bottom_right[1]))
    lean = max(abs(top_left[0] - bottom_left[0]), abs(top_right[0] - bottom_right[0]))
    if max(slope, lean) <= _LEVEL:
        box = spot.box
        return pixels[box.top : box.bottom, box.left : box.right]
    wide = max(_distance(top_left, top_right), _distance(bottom_left, bottom_right), 1)
    high = max(_distance(top_left, bottom_left), _distance(top_right, bottom_right), 1)
    level = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    turned = cv2.warpPerspective(
        pixels,
        cv2.getPerspectiveTransform(spot.corners, level),
        (wide, high),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return turned.astype(np.uint8, copy=False)


def _distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> int:
    return int(np.linalg.norm(one - other))


def _pieces(line: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Cut a very long line, (48, W, 3), between words."""
    while line.shape[1] > _WIDEST:
        tail = line[:, _WIDEST // 2 : _WIDEST]
        unrest = np.convolve((tail.max(axis=0) - tail.min(axis=0)).max(axis=1), np.ones(_WORD_GAP))
        cut = _WIDEST // 2 + int(unrest[_WORD_GAP:-_WORD_GAP].argmin()) + _WORD_GAP // 2
        yield line[:, :cut]
        line = line[:, cut:]
    yield line


def _tidy(text: str) -> str:
    """Without the marks before list items and without spaces around."""
    text = _CHECK_MARK.sub("", text.strip())
    return text.lstrip("•·●▪◦■□►▶ ").strip()
