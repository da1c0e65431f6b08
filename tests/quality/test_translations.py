"""The translations are whole: every sentence, the same placeholders, and compiled as committed."""

from __future__ import annotations

import string
from pathlib import Path

import polib
import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.system import paths
from installer.make_translations import (
    LOCALE,
    STRINGS,
    bring_up_to_date,
    catalogue_of,
    read,
    sentences,
)

LANGUAGES = sorted(folder.name for folder in LOCALE.iterdir()) if LOCALE.exists() else []
SOURCE = """
# Said at the start.
HELLO = N_("Hello, {name}.")
SAME = N_("Hello, " "{name}.")
# How many; {count}.
DOGS = Plural("one dog", "{count} dogs")
TABLE = {"a": N_("first"), "b": N_("second")}
NOT_A_SENTENCE = "x"
"""


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_sentences_are_collected_with_their_notes() -> None:
    found = {entry.msgid: entry for entry in sentences(SOURCE)}
    assert list(found) == ["Hello, {name}.", "one dog", "first", "second"]
    assert found["Hello, {name}."].comment == "HELLO: Said at the start.\nSAME"
    assert found["one dog"].msgid_plural == "{count} dogs"


def test_plurals_that_share_their_form_for_one_are_refused() -> None:
    # gettext finds a plural by its form for one: the last of them would be heard for all
    twice = 'A = Plural("one bar", "{count} bars")\nB = Plural("one bar", "{count} bars, rising")'
    with pytest.raises(ValueError, match="one bar"):
        sentences(twice)
    alone = 'A = N_("one bar")\nB = Plural("one bar", "{count} bars")'
    with pytest.raises(ValueError, match="one bar"):
        sentences(alone)


def test_translations_are_kept_and_dropped_with_their_sentences() -> None:
    old = polib.POFile()
    old.append(polib.POEntry(msgid="first", msgstr="primero"))
    old.append(polib.POEntry(msgid="gone", msgstr="ido"))
    new = bring_up_to_date(old, "es", SOURCE)
    assert {entry.msgid: entry.msgstr for entry in new if not entry.msgid_plural} == {
        "Hello, {name}.": "",
        "first": "primero",
        "second": "",
    }


def test_saved_catalogue_reads_back_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a.po"
    new = bring_up_to_date(polib.POFile(), "es", STRINGS.read_text("utf-8"))
    new.save(str(file))
    assert str(bring_up_to_date(read(file), "es", STRINGS.read_text("utf-8"))) == str(new)
    assert str(read(file)) == str(new)


def test_spanish_is_there() -> None:
    assert "es" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
class TestLanguage:
    def test_catalogue_has_exactly_the_sentences_of_the_program(self, language: str) -> None:
        catalogue = read(catalogue_of(language))
        fresh = bring_up_to_date(catalogue, language, STRINGS.read_text("utf-8"))
        assert str(catalogue) == str(fresh), "run: python installer/make_translations.py"

    def test_every_sentence_is_translated(self, language: str) -> None:
        catalogue = read(catalogue_of(language))
        assert [entry.msgid for entry in catalogue if not entry.translated()] == []

    def test_placeholders_are_those_of_the_original(self, language: str) -> None:
        wrong = []
        for entry in read(catalogue_of(language)):
            if not entry.msgid_plural:
                wrong += [entry.msgstr] * (_fields(entry.msgid) != _fields(entry.msgstr))
                continue
            # a form for one may leave the number out, and what the English form for one does
            allowed = [_fields(text) | {"count"} for text in (entry.msgid, entry.msgid_plural)]
            for number, text in entry.msgstr_plural.items():
                fits = _fields(text) | {"count"} in (allowed if number == 0 else allowed[1:])
                wrong += [text] * (not fits)
        assert wrong == []

    def test_compiled_catalogue_is_that_of_the_text(self, language: str, tmp_path: Path) -> None:
        file = catalogue_of(language)
        read(file).save_as_mofile(str(tmp_path / "new.mo"))
        assert file.with_suffix(".mo").read_bytes() == (tmp_path / "new.mo").read_bytes()

    def test_program_speaks_it_when_told_to(self, language: str) -> None:
        try:
            strings.use_language(language, paths.resources() / "locale")
            assert strings.language() == language
            assert strings.say(strings.SET_VOLUME) != strings.SET_VOLUME
        finally:
            strings.use_language("en", paths.resources() / "locale")
