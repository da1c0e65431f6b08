"""Text to the phones that a network was trained on: US English, as espeak-ng prints them.

phonemizer drives espeak-ng on a copy of its library, so the voice of `espeak` is not disturbed.
Both are GPL-3 and loaded only when a voice asks for them. phonemizer's own cutting of the text at
punctuation differs between its releases (3.4 keeps "3.14" together, 3.2.1 did not), and what it
logs tells of the text: so it only turns pieces without punctuation into phones here.
"""

from __future__ import annotations

import ctypes
import importlib.util
import re
import threading
from collections.abc import Mapping
from functools import cache

from imagecraft_desktop import strings
from imagecraft_desktop.errors import Unpronounceable, VoiceMissing
from imagecraft_desktop.speak import espeak, scripts
from imagecraft_desktop.speak.letters import with_letter_a

_LANGUAGE = "en-us"
_MARKS = ';:,.!?¡¿—…"«»“”'
_TRAINED_WITH = ("1.50", "1.51")  # of espeak-ng; 1.52 gives other phones for some words
_WORD_GAP = "_"
_NO_PHONES = frozenset(_MARKS + _WORD_GAP)

_MARK_RUN = re.compile(f"( ?[{_MARKS}][{_MARKS} ]*+)")
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")  # commands to espeak-ng
_STRESS = re.compile("[ˈˌ'-]+")
_SYMBOL = re.compile(r"\w+|[^\w\s|]")


def is_english(text: str, language: str) -> bool:
    """Whether a voice for English alone can say it: the language (BCP 47), Latin letters only."""
    base = language.lower().replace("_", "-").partition("-")[0]
    return base == "en" and scripts.is_plain(text)


class Phonemizer:
    """Gives the text tokens of one network. Any thread may use it.

    Args:
        phn2num: The network's vocabulary, symbol to id.
        library: espeak-ng to use, one of `espeak.find_libraries`; chosen by its version if None.
    Raises:
        VoiceMissing: phonemizer or espeak-ng is not there or does not start.
    """

    def __init__(self, phn2num: Mapping[str, int], library: espeak.Library | None = None) -> None:
        self._ids = dict(phn2num)
        library = library or _choose_library()
        if library is None or importlib.util.find_spec("phonemizer") is None:
            raise VoiceMissing(name="phonemizer", next_step=self.missing() or "")
        self._engine = _engine(library)

    @classmethod
    def missing(cls) -> str | None:
        """None, or the sentence that says what is not installed and what to do."""
        if importlib.util.find_spec("phonemizer") is None:
            return strings.say(strings.VOICE_NO_PHONEMIZER)
        return espeak.EspeakVoice.missing()

    @property
    def version(self) -> tuple[str, str]:
        """Of phonemizer and of espeak-ng: with other versions the same text has other phones."""
        return self._engine.version

    def symbols(self, text: str) -> list[str]:
        """The phones, the punctuation and "_" between words; empty for a text without any.

        White space counts as one blank: more of it is heard as a hesitation.
        """
        plain = text.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")
        plain = with_letter_a(plain, espeak.LETTER_A)
        spoken: list[str] = []
        # pieces of text and runs of marks by turns
        for index, part in enumerate(_MARK_RUN.split(" ".join(plain.split()))):
            if index % 2 == 0:
                spoken.append(self._engine.phones(part) if part else "")
                continue
            if not spoken[-1] and len(spoken) > 1:  # no phones between two marks, as in ", - ("
                spoken[-2] = spoken[-2].removesuffix(_WORD_GAP)
            spoken.append(part.replace(" ", _WORD_GAP))
        symbols: list[str] = []
        for word in "".join(spoken).split(_WORD_GAP):
            symbols += _SYMBOL.findall(word)
            symbols.append(_WORD_GAP)
        return symbols[:-1]

    def ids(self, text: str) -> list[int]:
        """The ids of the symbols; those that the network does not know are left out.

        Raises:
            Unpronounceable: The text is empty, or has nothing but punctuation.
        """
        known = self._known(text)
        if _NO_PHONES.issuperset(known):
            raise Unpronounceable(f"no phone in {len(text)} characters")
        return [self._ids[symbol] for symbol in known]

    def count(self, text: str) -> int:
        """How many ids a text has; 0 when there is nothing in it. Takes about 0.1 ms."""
        return len(self._known(text))

    def _known(self, text: str) -> list[str]:
        return [symbol for symbol in self.symbols(text) if symbol in self._ids]


class _Engine:
    """One copy of the espeak-ng library, set to US English."""

    def __init__(self, library: espeak.Library) -> None:
        import phonemizer  # 0.3 s
        from phonemizer.backend.espeak.wrapper import EspeakWrapper

        path, data = library
        EspeakWrapper.set_library(path)
        EspeakWrapper.set_data_path(data.decode() if data else None)
        self._espeak = EspeakWrapper()
        self._espeak.set_voice(_LANGUAGE)
        self._lock = threading.Lock()
        number = ".".join(str(part) for part in self._espeak.version)
        self.version = (str(phonemizer.__version__), number)

    def phones(self, text: str) -> str:
        """Phones joined by "|", words by "_", without stress, of a text without punctuation."""
        with self._lock:
            line: str = self._espeak.text_to_phonemes(text)
            if not text.isascii():
                # espeak-ng 1.51 may stay in the language of foreign letters
                self._espeak.set_voice(_LANGUAGE)
        line = re.sub("_+", "_", line.strip().replace("\n", " ").replace("  ", " "))
        line = _STRESS.sub("", line.replace("_ ", " "))
        return line.replace("_", "|").replace(" ", _WORD_GAP)


def _choose_library() -> espeak.Library | None:
    """That of a version the networks were trained with, if there is one; else the first."""
    found = espeak.find_libraries()
    fitting = (library for library in found if _version(library).startswith(_TRAINED_WITH))
    return next(fitting, found[0] if found else None)


def _version(library: espeak.Library) -> str:
    """What the library says of itself, "" when it is damaged; it need not be started for that."""
    try:
        ask = ctypes.CDLL(library[0]).espeak_Info
    except (OSError, AttributeError):
        return ""
    ask.restype = ctypes.c_char_p
    return str((ask(None) or b"").decode())


@cache
def _engine(library: espeak.Library) -> _Engine:
    """One for each library: phonemizer keeps every copy until the process ends."""
    # with damaged data phonemizer lets the library end the process; this raises
    espeak.start(library)
    try:
        return _Engine(library)
    except (OSError, RuntimeError, ImportError) as error:
        step = strings.say(strings.VOICE_NO_ESPEAK)
        raise VoiceMissing(str(error), name="espeak", next_step=step) from error
