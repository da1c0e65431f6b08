"""Brings the catalogues of translations up to date with strings.py and compiles them.

    python installer/make_translations.py [LANGUAGE ...]

For each language of resources/locale, and each new one named: adds new sentences to its .po file
(empty: to be translated), drops those that are gone, renews the notes for translators, and writes
the .mo file that the program reads. Says how many sentences still want a translation.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
STRINGS = ROOT / "imagecraft_desktop" / "strings.py"
LOCALE = ROOT / "resources" / "locale"
DOMAIN = "imagecraft_desktop"
# how a language chooses among its plural forms; a new language needs a line here
PLURAL_FORMS = {"es": "nplurals=2; plural=(n != 1);"}
_WIDTH = 100


def notes_above(lines: list[str], number: int) -> str:
    """The comment lines right above a line (counted from 1), without their signs."""
    notes: list[str] = []
    while number > 1 and lines[number - 2].lstrip().startswith("#"):
        number -= 1
        notes.insert(0, lines[number - 1].strip().lstrip("# "))
    return "\n".join(notes)


def sentences(source: str) -> list[polib.POEntry]:
    """Every sentence of strings.py in its order. Equal sentences share an entry.

    The note of an entry has the constant's name and the comment above it.

    Raises:
        ValueError: Two sentences have the same form for one, and not the same for several; gettext
            could not tell them apart.
    """
    lines = source.splitlines()
    found: dict[str, polib.POEntry] = {}
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        for call in ast.walk(statement):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            if call.func.id not in {"N_", "Plural"}:
                continue
            texts = [ast.literal_eval(part) for part in call.args]
            texts += [ast.literal_eval(word.value) for word in call.keywords]
            note = notes_above(lines, statement.lineno)
            note = f"{ast.unparse(target)}: {note}".removesuffix(": ")
            many = texts[1] if call.func.id == "Plural" else ""
            new = polib.POEntry(msgid=texts[0], msgid_plural=many)
            entry = found.setdefault(texts[0], new)
            if entry.msgid_plural != many:
                raise ValueError(f"two sentences have the same form for one: {texts[0]}")
            entry.comment = f"{entry.comment}\n{note}".strip()
            entry.flags = ["python-brace-format"] if "{" in "".join(texts) else []
    return list(found.values())


def bring_up_to_date(catalogue: polib.POFile, language: str, source: str) -> polib.POFile:
    """A catalogue of all sentences of now, with the translations of the old one."""
    old = {entry.msgid: entry for entry in catalogue}
    new = polib.POFile(wrapwidth=_WIDTH)
    new.metadata = {
        "Project-Id-Version": "imagecraft-desktop",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    for entry in sentences(source):
        known = old.get(entry.msgid)
        if entry.msgid_plural:
            entry.msgstr_plural = (known and known.msgstr_plural) or {0: "", 1: ""}
        elif known:
            entry.msgstr = known.msgstr
        new.append(entry)
    return new


def catalogue_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(file: Path) -> polib.POFile:
    """A catalogue as committed; an empty one if there is no file."""
    return polib.pofile(str(file), wrapwidth=_WIDTH) if file.exists() else polib.POFile()


def main(languages: list[str]) -> None:
    there = [folder.name for folder in LOCALE.iterdir()] if LOCALE.exists() else []
    for language in sorted({*there, *languages}):
        file = catalogue_of(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        new = bring_up_to_date(read(file), language, STRINGS.read_text("utf-8"))
        new.save(str(file))
        new.save_as_mofile(str(file.with_suffix(".mo")))
        print(f"{language}: {len(new)} sentences, {len(new.untranslated_entries())} untranslated")


if __name__ == "__main__":
    main(sys.argv[1:])
