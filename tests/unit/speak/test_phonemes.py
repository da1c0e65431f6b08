"""Text becomes the symbols and ids the networks were trained with, by either espeak-ng library."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagecraft_desktop import strings
from imagecraft_desktop.errors import Unpronounceable, VoiceMissing
from imagecraft_desktop.speak import espeak, phonemes
from imagecraft_desktop.speak.phonemes import Phonemizer, is_english
from imagecraft_desktop.speak.prepare import prepare
from tests.golden import VOICECRAFT

GOLDEN: dict[str, Any] = json.loads((VOICECRAFT / "text.json").read_text("utf-8"))
PHN2NUM: dict[str, int] = json.loads((VOICECRAFT / GOLDEN["phn2num"]).read_text("utf-8"))["phn2num"]
MARKS_WITHOUT_ID = set(GOLDEN["punctuation_marks"]) - set(PHN2NUM)


def _version(library: espeak.Library) -> str:
    return Phonemizer(PHN2NUM, library).version[1]


LIBRARIES = espeak.find_libraries()


@pytest.fixture(params=LIBRARIES, ids=_version)
def phonemizer(request: pytest.FixtureRequest) -> Phonemizer:
    return Phonemizer(PHN2NUM, request.param)


def test_there_is_a_library() -> None:
    assert LIBRARIES
    assert Phonemizer.missing() is None


# --- the golden texts ---------------------------------------------------------------------------


def _as_in_1_52(symbols: list[str]) -> list[str]:
    """espeak-ng 1.52 has one vowel where older ones tell "course" from "cores"."""
    return ["ɔːɹ" if symbol == "oːɹ" else symbol for symbol in symbols]


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["text"][:20])
def test_golden_text(case: dict[str, Any], phonemizer: Phonemizer) -> None:
    version = phonemizer.version[1]
    symbols, ids = phonemizer.symbols(case["text"]), phonemizer.ids(case["text"])
    if version.startswith(GOLDEN["espeak_ng"]):
        assert symbols == case["symbols"]
        assert ids == case["ids"]
        assert [symbol for symbol in symbols if symbol not in PHN2NUM] == case["dropped"]
    elif version.startswith(("1.50", "1.51", "1.52")):
        assert _as_in_1_52(symbols) == _as_in_1_52(case["symbols"])
        assert len(ids) == len(case["ids"])
    else:
        pytest.skip(f"what espeak-ng {version} says differently is not known")


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Hi, - (x) , there", "haɪ,_ɛks_,_ðɛɹ"),
        ("A, - , b", "eɪ,_,_biː"),
        ("-, ... so", ",_..._soʊ"),
        ("...", "..."),
        ("-", ""),
        ("", ""),
    ],
)
def test_marks_stand_as_phonemizer_3_2_1_put_them(
    text: str, joined: str, phonemizer: Phonemizer
) -> None:
    assert "".join(phonemizer.symbols(text)) == joined


def test_a_version_the_networks_know_is_preferred() -> None:
    trained = [v for v in map(_version, LIBRARIES) if v.startswith(("1.50", "1.51"))]
    chosen = Phonemizer(PHN2NUM).version
    assert chosen[1] == (trained or [_version(LIBRARIES[0])])[0]
    assert chosen[0].startswith("3.")


# --- what a person would say --------------------------------------------------------------------

SPOKEN_ALIKE = [
    # as written, and as somebody would spell it out to say it
    ("42 files", "forty two files"),  # numbers
    ("1,234 files", "one thousand two hundred and thirty four files"),
    ("-12 °C", "minus twelve degrees Celsius"),
    ("the 1st and the 23rd", "the first and the twenty third"),  # ordinals
    ("3.14", "three point one four"),  # decimals
    ("0.5 and 1.5x", "zero point five and one point five x"),
    ("1999 and 2024", "nineteen ninety nine and twenty twenty four"),  # years
    ("in the 1990s", "in the nineteen nineties"),
    ("$14.90", "fourteen dollars and ninety cents"),  # currency
    ("€20 or £1.5m", "twenty euros or one point five million pounds"),
    ("5 km, 8 GB", "five kilometers, eight gigabytes"),  # units
    ("50% of 25 m²", "fifty percent of twenty five square meters"),
    ("20 km/h", "twenty kilometers per hour"),
    ("See https://example.com/open-day", "See link to example dot com, open day"),  # addresses
    ("anna.smith@example.org", "anna dot smith at example dot org"),
    ("NVDA", "N V D A"),  # acronyms
    ("PDF", "P D F"),
    ("USB-C", "U S B C"),
    ("NASA", "Nasa"),
    ("Wi-Fi", "why fie"),
    ("the U.S. Army", "the U S army"),
    ("😀", "grinning face"),  # emoji
    ("☕☕", "hot beverage, two times"),
    ("Dr. Ng, p. 5", "doctor ng, page five"),
    ("10:30", "ten thirty"),
    ("½ cup", "one half cup"),
    ("1.234,56 €", "one thousand two hundred and thirty four euros and fifty six cents"),  # marks
    ("10\u00a0500 files", "ten thousand five hundred files"),
    ('a 12" screen', "a twelve inch screen"),
    ("$5-10/month", "five to ten dollars per month"),  # ranges
    ("9am-5pm", "nine AM to five PM"),
    ("3 × 4", "three times four"),
    ("5 minutes 30s", "five minutes thirty seconds"),
    ("R$ 50", "fifty reais"),
    ("Act III by Henry VIII in 1776", "Act three by Henry the eighth in seventeen seventy six"),
    ("the PDFs", "the P D effs"),
    ("the IDs", "the eye dees"),
    ("Plan A is open", "plan eigh is open"),  # a letter, not the article
    ("A and B", "eigh and bee"),
    ("A dog is on a mat", "a dog is on a mat"),
    ("2026-11-21", "November twenty first, twenty twenty six"),
]


@pytest.mark.parametrize(("written", "spelled"), SPOKEN_ALIKE)
def test_written_forms_are_said_as_a_person_would(
    written: str, spelled: str, phonemizer: Phonemizer
) -> None:
    """Also nothing is lost: every symbol but punctuation has an id."""
    symbols = [s for piece in prepare(written) for s in phonemizer.symbols(piece.text)]
    assert {symbol for symbol in symbols if symbol not in PHN2NUM} <= MARKS_WITHOUT_ID
    # espeak joins words as it likes, so the gaps may differ
    sounds = [symbol for symbol in symbols if symbol != "_"]
    assert sounds == [symbol for symbol in phonemizer.symbols(spelled) if symbol != "_"]


# --- what cannot be said ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  \n\t", "...", "?!", "—", "-", "( )", "\0", "__"])
def test_nothing_to_say_is_a_clear_error(text: str, phonemizer: Phonemizer) -> None:
    with pytest.raises(Unpronounceable) as caught:
        phonemizer.ids(text)
    assert caught.value.spoken == strings.ERR_UNPRONOUNCEABLE
    assert text not in caught.value.detail.split() or not text
    assert phonemizer.count(text) == sum(map(text.count, ".!?"))


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_any_text_gives_ids_or_the_error(text: str) -> None:
    for library in LIBRARIES:
        phonemizer = Phonemizer(PHN2NUM, library)
        before = phonemizer.symbols("Hello, world")
        try:
            ids = phonemizer.ids(text)
        except Unpronounceable:
            ids = []
        assert phonemizer.symbols("Hello, world") == before
        assert set(ids) <= set(PHN2NUM.values())
        assert not ids or len(ids) == phonemizer.count(text)


@pytest.mark.parametrize("text", ["V\ub4935", "\x01500S abc", "I5 c& \U00022eba\ua937 "])
def test_one_text_does_not_change_how_the_next_is_said(text: str, phonemizer: Phonemizer) -> None:
    """1.51 stays in the language of foreign letters; control characters are its commands."""
    before = phonemizer.symbols("Hello, that the world")
    phonemizer.symbols(text)
    assert phonemizer.symbols("Hello, that the world") == before


def test_unknown_symbols_are_left_out() -> None:
    assert Phonemizer({"h": 3, "oʊ": 1}).ids("Hello, world") == [3, 1]


def test_white_space_counts_as_one_blank(phonemizer: Phonemizer) -> None:
    assert phonemizer.ids(" One,\n\n two\t\tthree. ") == phonemizer.ids("One, two three.")


def test_english_in_latin_letters_only() -> None:
    assert is_english("A naïve café, 5 €", "en")
    assert is_english("Yes", "en-GB")
    assert is_english("", "en_US")
    assert not is_english("Привет", "en")
    assert not is_english("出口", "en")
    assert not is_english("Hola", "es")


@pytest.mark.parametrize("package", ["phonemizer", "espeak-ng"])
def test_what_is_not_installed_is_told(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if package == "phonemizer":
        monkeypatch.setattr(phonemes.importlib.util, "find_spec", lambda name: None)
        step = strings.VOICE_NO_PHONEMIZER
    else:
        monkeypatch.setattr(espeak, "find_libraries", tuple)
        step = strings.VOICE_NO_ESPEAK
    assert Phonemizer.missing() == step
    with pytest.raises(VoiceMissing) as caught:
        Phonemizer(PHN2NUM)
    assert step in caught.value.spoken


def test_a_damaged_library_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "libespeak-ng.so"
    broken.write_bytes(b"no library")
    with pytest.raises(VoiceMissing):
        Phonemizer(PHN2NUM, (str(broken), None))
    monkeypatch.setattr(espeak, "find_libraries", lambda: ((str(broken), None),))
    with pytest.raises(VoiceMissing):
        Phonemizer(PHN2NUM)


def test_damaged_data_is_missing_and_does_not_end_the_process() -> None:
    code = (
        "from imagecraft_desktop.speak import espeak, phonemes\n"
        "from imagecraft_desktop.errors import VoiceMissing\n"
        "library = espeak.find_libraries()[0][0]\n"
        "try: phonemes.Phonemizer({}, (library, b'/nonexistent'))\n"
        "except VoiceMissing as error: print(error.spoken)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert done.stdout.startswith("Voice missing: espeak.")


# --- beside others ------------------------------------------------------------------------------


def test_nothing_of_the_text_is_logged(
    phonemizer: Phonemizer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        phonemizer.ids("The secret word is (perhaps) that the Привет, is it not?")
    assert caplog.records == []


def test_threads_do_not_disturb_each_other(phonemizer: Phonemizer) -> None:
    texts = [case["text"] for case in GOLDEN["cases"]]
    expected = [phonemizer.symbols(text) for text in texts]
    found: list[bool] = []

    def work() -> None:
        found.append(
            all([phonemizer.symbols(text) for text in texts] == expected for _ in range(5))
        )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [True] * 4


_BOTH = """
import hashlib, sys
from imagecraft_desktop.speak import espeak
from imagecraft_desktop.speak.phonemes import Phonemizer
from imagecraft_desktop.values import Manner

voice = espeak.EspeakVoice()

def sound(language):
    chunks = voice.say("Nice words, 25 of them.", Manner(language=language), lambda: None)
    return hashlib.sha256(b"".join(c.samples.tobytes() for c in chunks)).hexdigest()

def phones():
    library = espeak.find_libraries()[int(sys.argv[2])]
    return "".join(Phonemizer({}, library).symbols("Nice words, 25 of them."))

# the engine carries some of a text's sound over to the next: so the same texts in the same order
order = {"alone": "SSS", "voice first": "SPSPS", "phones first": "PSPSPS"}
languages = iter(["en", "fr", "en"])
for turn in order[sys.argv[1]]:
    print(turn, phones() if turn == "P" else sound(next(languages)))
"""


@pytest.mark.parametrize("number", range(len(LIBRARIES)))
def test_the_espeak_voice_and_the_phones_do_not_disturb_each_other(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both drive one C library, which is one engine for the process; in either order."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    outputs: dict[str, list[str]] = {}
    for order in ("alone", "voice first", "phones first"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", _BOTH, order, str(number)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        outputs[order] = done.stdout.splitlines()
    sounds = outputs.pop("alone")
    assert len(set(sounds)) > 1
    for lines in outputs.values():
        assert [line for line in lines if line[0] == "S"] == sounds
        phones = {line for line in lines if line[0] == "P"}
        assert phones == {"P naɪs_wɜːdz,_twɛnti_faɪv_ʌv_ðɛm."}
    assert list(tmp_path.iterdir()) == []  # phonemizer's copy of the library


def test_phonemizer_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import sys; from imagecraft_desktop.speak import phonemes; phonemes.Phonemizer.missing();"
        "print([n for n in ('phonemizer', 'joblib', 'torch') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("unit", ["word ", "word, ", "a", ". ", " ", "- , ", "A.", "ж ", "\0 é"])
def test_time_grows_with_length_only(unit: str, phonemizer: Phonemizer) -> None:
    phonemizer.count(unit)
    text = (unit * 100_000)[:100_000]
    begun = time.process_time()
    phonemizer.count(text)
    assert time.process_time() - begun < 10  # 0.02 to 0.5 s on an idle machine
