"""What every captioner offers, and the list of those that are here.

A captioner is one module of this folder that has a class named by `CAPTIONER`. A broken one is
logged and listed as unavailable; the others still work.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Generator
from typing import Protocol

from imagecraft_desktop.values import Description, Picture, Statement, Tick, Wish

log = logging.getLogger(__name__)


class Captioner(Protocol):
    """Describes pictures. Made without cost; `load` does the work.

    Attributes:
        name: Written to the settings file, so it never changes.
        label: A constant of `strings`, shown and read aloud.
    """

    name: str
    label: str

    @classmethod
    def missing(cls) -> str | None:
        """None when it can run here, else the sentence that says why not and what to do."""

    def load(self, device: str) -> None:
        """Make ready on "cpu", "cuda" or "mps". Does nothing when ready. Raises ModelMissing, ModelDamaged."""

    def describe(
        self, picture: Picture, wish: Wish, tick: Tick
    ) -> Generator[Statement, None, Description]:
        """Yield each statement as soon as it is known; return the whole, whose `statements` are
        those yielded, in order. Raises DescribeError, Cancelled."""

    def unload(self) -> None:
        """Give the memory back."""


def known() -> dict[str, type[Captioner]]:
    """Every captioner of this folder by name; a module that does not import is logged and left out."""
    found: dict[str, type[Captioner]] = {}
    import imagecraft_desktop.describe as room

    for entry in pkgutil.iter_modules(room.__path__):
        if entry.name == "base":
            continue
        try:
            module = importlib.import_module(f"{room.__name__}.{entry.name}")
        except Exception:
            log.exception("captioner %s does not import", entry.name)
            continue
        if (captioner := getattr(module, "CAPTIONER", None)) is not None:
            found[captioner.name] = captioner
    return found
