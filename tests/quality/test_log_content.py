"""Log calls above "debug" name things and numbers; they never hold what the user saw or heard.

The log file hides values and errors by itself (`system/log.py`); plain text is what it cannot
know, so it must not be handed over at all.
"""

import ast
from pathlib import Path

import pytest

import imagecraft_desktop

PACKAGE = Path(imagecraft_desktop.__file__).parent
METHODS = {"info", "warning", "error", "exception", "critical"}
CONTENT = {"text", "spoken", "title", "content", "line", "data", "samples", "statements", "words"}


def log_calls(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in {"log", "logger", "logging"}
            and node.func.attr in METHODS
        ):
            yield node


def faults(path):
    for call in log_calls(path):
        if call.args and not isinstance(call.args[0], ast.Constant):
            yield f"{path}:{call.lineno}: the message must be a constant, its values arguments"
        for value in call.args[1:]:
            names = {n.attr for n in ast.walk(value) if isinstance(n, ast.Attribute)}
            names |= {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
            sized = isinstance(value, ast.Call) and getattr(value.func, "id", "") in {"len", "type"}
            if (found := names & CONTENT) and not sized:
                yield f"{path}:{call.lineno}: {sorted(found)} may be content"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_no_content_is_logged_above_debug(path):
    assert list(faults(path)) == []


def test_the_rule_finds_what_it_forbids(tmp_path):
    path = tmp_path / "bad.py"
    path.write_text(
        'log.info("read %s", line.text)\n'
        'log.warning(f"said {x}")\n'
        'log.error("title %s", title)\n'
        'log.info("read %d letters", len(line.text))\n'
        'log.debug("read %s", line.text)\n'
        'log.info("took %s in %d ms", capture.origin, ms)\n'
    )
    assert [fault.partition(": ")[0][-1] for fault in faults(path)] == ["1", "2", "3"]
