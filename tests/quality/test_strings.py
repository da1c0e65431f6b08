"""Every sentence stands in strings.py, is used, and has a note for its translators; every setting
has a name and is used."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import polib
import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.settings.table import rows, sections
from imagecraft_desktop.system import paths

PACKAGE = Path(strings.__file__).parent
SOURCE = (PACKAGE / "strings.py").read_text("utf-8")
TREES = {
    file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text("utf-8"))
    for file in sorted(PACKAGE.rglob("*.py"))
}


def _calls(node: ast.AST, *functions: str) -> list[ast.Call]:
    return [
        one
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and ast.unparse(one.func).split(".")[-1] in functions
    ]


def _constants() -> dict[str, ast.stmt]:
    """Names in strings.py that hold sentences, with the statements that make them."""
    found: dict[str, ast.stmt] = {}
    for node in TREES["strings.py"].body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _calls(node, "N_", "Plural"):
            (target,) = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            found[ast.unparse(target)] = node
    return found


CONSTANTS = _constants()


def _note_above(node: ast.stmt) -> str:
    """The comments of the group of lines that the statement stands in, or of its section."""
    lines = SOURCE.splitlines()
    number = node.lineno - 1
    group = []
    while number >= 0 and lines[number].strip():
        group.append(lines[number])
        number -= 1
    section = []
    while number >= 0 and not lines[number].startswith("# ---"):
        number -= 1
    while lines[number].strip():  # the lines right under the section's title
        section.append(lines[number])
        number += 1
    comments = [line for line in [*section[1:], *group] if line.startswith("#")]
    return "\n".join(line for line in comments if not line.startswith("# ---"))


def _texts(node: ast.stmt) -> list[str]:
    return [
        part.value
        for call in _calls(node, "N_", "Plural")
        for part in ast.walk(call)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def test_there_are_sentences() -> None:
    assert len(CONSTANTS) > 100


def test_every_sentence_is_used() -> None:
    used = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                used.add(node.attr)
            elif isinstance(node, ast.ImportFrom):
                used |= {alias.name for alias in node.names}
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(node.id)
    assert sorted(set(CONSTANTS) - used) == []


def test_every_sentence_has_a_note_for_translators() -> None:
    assert [name for name, node in CONSTANTS.items() if not _note_above(node)] == []


def test_every_placeholder_is_explained_to_translators() -> None:
    comments = [line for line in SOURCE.splitlines() if line.lstrip().startswith("#")]
    explained = {field for line in comments for field in re.findall(r"{(\w+)}", line)}
    used = {
        (field, name)
        for name, node in CONSTANTS.items()
        for text in _texts(node)
        for _, field, _, _ in string.Formatter().parse(text)
        if field is not None
    }
    unexplained = {pair for pair in used if pair[0] not in explained | {"count"}}
    assert sorted(unexplained) == []


def test_sentences_stand_in_strings_only() -> None:
    wrong = [
        f"{file}:{call.lineno}"
        for file, tree in TREES.items()
        if file != "strings.py"
        for call in _calls(tree, "N_", "Plural")
    ]
    assert wrong == []


def _has_words(node: ast.expr) -> bool:
    """Whether a literal holds letters that a person would read."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and any(c.isalpha() for c in node.value)
    return isinstance(node, ast.JoinedStr) and any(_has_words(part) for part in node.values)


def test_nothing_is_printed_or_said_that_is_written_in_place() -> None:
    wrong = [
        f"{file}:{call.lineno}: {ast.unparse(call)}"
        for file, tree in TREES.items()
        for call in _calls(tree, "print", "say")
        if any(_has_words(argument) for argument in call.args)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", rows())
def test_every_setting_has_a_name_of_its_own(name: str) -> None:
    label = rows()[name].metadata["label"]
    holders = [key for key in CONSTANTS if getattr(strings, key) == label]
    assert holders, f"the label of {name} is not a sentence of strings.py"
    assert [key for key in rows() if rows()[key].metadata["label"] == label] == [name]


@pytest.mark.parametrize("name", rows())
def test_every_setting_is_used(name: str) -> None:
    users = [
        file
        for file, tree in TREES.items()
        if not file.startswith("settings/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == name
    ]
    assert users, f"nothing reads the setting {name}"


_DONE_IN_SETTINGS = re.compile(
    r"imagecraft-desktop (settings set|models|voice add|voice model)|the setting server_"
)
_ONLY_TYPED = {
    # what only commands say; the windows have sentences of their own for it
    *("ERR_MODEL_UNKNOWN", "ERR_NOTHING_DOWNLOADED", "MODEL_PAUSED", "MODEL_PAUSES", "MODEL_KEPT"),
    *("MODEL_MAKE_VOICE", "MODELS_NONE", "BENCH_CERTAINTY_NOT_INSTALLED"),
    "APP_NO_REGION",  # the key that chooses one comes first
}


def test_a_next_step_that_the_settings_window_has_names_its_page() -> None:
    """Who hears a sentence in the windows need not know of commands; those who type find theirs after it."""
    typed = {
        name
        for name, node in CONSTANTS.items()
        if any(_DONE_IN_SETTINGS.search(text) for text in _texts(node))
        and not any("Settings, page" in text for text in _texts(node))
    }
    assert sorted(typed - _ONLY_TYPED) == []
    assert sorted(_ONLY_TYPED - typed) == []


def test_a_page_that_a_sentence_names_is_one_in_every_language() -> None:
    titles = [*sections(), strings.PAGE_VOICES, strings.PAGE_MODELS, strings.PAGE_PRIVACY]
    catalogues = [polib.pofile(str(file)) for file in sorted(paths.resources().rglob("*.po"))]
    assert catalogues
    for node in CONSTANTS.values():
        for text in _texts(node):
            for named in re.findall("Settings, page (.*)", text):
                title = max((one for one in titles if named.startswith(one)), key=len)
                for catalogue in catalogues:
                    shown, said = (catalogue.find(one).msgstr for one in (title, text))
                    assert shown in said


_STEP = re.compile(
    r"Settings, page|imagecraft-desktop|\btry again|close other programs|\b(Get|Choose|Check|Close|Install|Make|Wait)\b",
    re.IGNORECASE,
)
_OF_MODELS = re.compile(
    "ERR_(MODEL|DEVICE|DESCRIBE|OUT_OF|NO_MEMORY|NO_QUESTIONS)|READ_(NO_MEMORY|NOT_DRAWN)"
    "|MODEL_(NO_|NOT_LOADED|NOT_NUMBERS|NOT_WRITTEN|KIND|FILE|TENSORS)"
)
_STEP_FOLLOWS = re.compile(r"\{(next_step|reason)\}")


def test_what_fails_with_a_model_names_the_next_step() -> None:
    looked_at = {name: _texts(node) for name, node in CONSTANTS.items() if _OF_MODELS.match(name)}
    assert len(looked_at) > 20
    without = {
        name
        for name, texts in looked_at.items()
        if not any(_STEP.search(text) or _STEP_FOLLOWS.search(text) for text in texts)
    }
    assert without == set()


_REASON = re.compile(
    "READ_|FETCH_|FILE_|HISTORY_(DISK_FULL|NOT_ALLOWED|BASE)$|LOGIN_(FILE|SYSTEM|VARIABLE)|RECORDING_(NOT_SOUND|NO_SOUND|ENDLESS|COARSE)"
)
_STEP_AFTER_REASON = re.compile(
    r"[;.] (If you trust it, )?"
    r"(ask|change|check|choose|close|convert|download|get|make|name|open|record|save|take|try|type)\b",
    re.IGNORECASE,
)


def test_why_a_file_an_address_or_the_login_failed_goes_on_with_the_next_step() -> None:
    """Such a clause is often the last that is heard of an error."""
    reasons = {name: _texts(node) for name, node in CONSTANTS.items() if _REASON.match(name)}
    assert len(reasons) > 35
    without = {
        name
        for name, texts in reasons.items()
        if not all(_STEP_AFTER_REASON.search(text) for text in texts)
    }
    assert without == set()
