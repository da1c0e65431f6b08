"""Each room imports only what the table of rooms allows it (docs/architecture.md)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "imagecraft_desktop"
EVERYTHING = {"*"}

# room: what it may import of ours, anywhere in its files
OURS = {
    "values": set[str](),
    "strings": set[str](),
    "errors": {"strings"},
    "settings": {"values", "strings", "errors", "system"},
    "wishes": {"values", "strings", "settings"},
    "system": {"values", "strings", "errors"},
    "trigger": {"values", "strings", "errors", "system"},
    "capture": {"values", "strings", "errors", "system"},
    "see": {"values", "strings", "errors", "system"},
    "describe": {"values", "strings", "errors", "system", "see", "weights", "nets"},
    "speak": {"values", "strings", "errors", "system", "weights", "nets"},
    "nets": {"values", "errors", "system.aside"},
    "weights": {"values", "strings", "errors", "system"},
    "engine": {
        "values",
        "strings",
        "errors",
        "system.tenancy",
        "describe.base",
        "describe.known",
        "speak.base",
    },
    "ui": {"values", "strings", "errors", "settings", "system.paths"},
    "history": {"values", "strings", "errors", "system"},
    "keep": {"values", "strings", "errors", "system"},
    "cli": EVERYTHING,
    "bench": EVERYTHING,
    "app": EVERYTHING,
    "program": EVERYTHING,
    "regions": EVERYTHING,
    "control": EVERYTHING,
    "choices": EVERYTHING,
    "windows": EVERYTHING,
    "trials": EVERYTHING,
    "imagecraft": EVERYTHING,
    "__init__": set[str](),
    "__main__": {"cli"},
}

# room, or one file of it: what it may import of others at the top of a module, besides the standard
# library
OTHERS = {
    "values": {"numpy"},
    "system": {"PySide6.QtCore", "platformdirs"},
    "trigger": {"PySide6.QtCore", "PySide6.QtGui", "pynput", "Xlib", "jeepney"},
    "trigger/server.py": {"PySide6.QtCore", "PySide6.QtNetwork", "shiboken6"},
    "capture": {"PySide6.QtCore", "PySide6.QtGui", "mss", "Xlib", "jeepney", "numpy"},
    "see": {"numpy"},
    "describe": {"numpy"},
    "speak": {"numpy"},
    "speak/player.py": {"numpy", "sounddevice"},
    "nets": {"torch"},
    "engine": {"PySide6.QtCore"},
    "engine/pipeline.py": set[str](),
    "ui": {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "jeepney"},
    "app": {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"},
    "program": {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"},
    "control": {"PySide6.QtCore"},
    "regions": {"PySide6.QtCore"},
    "windows": {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"},
    "imagecraft": {"numpy"},
    "bench/caption_networks.py": {"numpy"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def _room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _imported(node: ast.AST) -> Iterator[str]:
    """Dotted names that an import statement may load: "a.b" for both `import a.b` and `from a import b`."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        for alias in node.names:
            yield f"{node.module}.{alias.name}"


def _at_top(tree: ast.AST) -> Iterator[ast.AST]:
    """Statements that run when the module is imported; not those for the type checker alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _is_type_checking(node):
            continue
        yield node
        yield from _at_top(node)


def _begins_with(name: str, allowed: set[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in allowed)


def _is_ours(name: str, allowed: set[str]) -> bool:
    return "*" in allowed or _begins_with(name.partition(".")[2], allowed)


def test_every_room_is_in_the_table() -> None:
    assert {_room(file) for file in MODULES} <= set(OURS)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_keep_to_the_table(file: Path) -> None:
    room = _room(file)
    tree = ast.parse(file.read_text("utf-8"))
    ours = OURS[room] | {room}
    others = OTHERS.get(file.relative_to(PACKAGE).as_posix(), OTHERS.get(room, set()))
    wrong = [
        f"line {node.lineno}: {name}"
        for node in ast.walk(tree)
        for name in _imported(node)
        if name.startswith(f"{PACKAGE.name}.") and not _is_ours(name, ours)
    ]
    wrong += [
        f"line {node.lineno}: {name} at the top of the module"
        for node in _at_top(tree)
        for name in _imported(node)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, PACKAGE.name}
        and not _begins_with(name, others)
    ]
    assert wrong == []
