"""What every captioner offers, and the list of those that are here.

A captioner is one module of this folder that has a class named by `CAPTIONER`. A broken one is
logged and listed as unavailable; the others still work. One that runs networks from folders has also
`kinds`, the `model_type` of their configurations: so a folder alone tells the class.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import re
from collections.abc import Generator, Mapping
from os.path import isdir
from pathlib import Path
from typing import Protocol, cast

from imagecraft_desktop import strings
from imagecraft_desktop.errors import ModelMissing
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.tenancy import ROOMY, Tenancy
from imagecraft_desktop.values import Description, Picture, Statement, Tick, Wish
from imagecraft_desktop.weights import catalogue, store

log = logging.getLogger(__name__)


class Captioner(Protocol):
    """Describes pictures. Made without cost; `load` does the work.

    Attributes:
        name: Written to the settings file, so it never changes.
        label: A constant of `strings`, shown and read aloud. It begins with what is the captioner's name to the
            ear; what it does follows after a comma or a colon.
    """

    name: str
    label: str

    @classmethod
    def missing(cls) -> str | None:
        """None when it can run here, else the sentence that says why not and what to do."""

    def load(self, device: str) -> None:
        """Make ready on "cpu", "cuda" or "mps", or with "auto" the fastest. Does nothing when ready.
        Raises ModelMissing, ModelDamaged, OutOfMemory."""

    def describe(
        self, picture: Picture, wish: Wish, tick: Tick
    ) -> Generator[Statement, None, Description]:
        """Yield each statement as soon as it is known; return the whole, whose `statements` are
        those yielded, in order. Raises DescribeError, Cancelled."""

    def can_answer(self) -> bool:
        """Whether it answers questions about a picture; seen without loading it. Raises ModelMissing,
        ModelDamaged when that cannot be told."""

    def unload(self) -> None:
        """Give the memory back."""


class NetworkCaptioner(Captioner, Protocol):
    """One that runs networks.

    Attributes:
        kinds: `model_type` of the configurations whose networks it runs.
        tenancy: Where the network shares the memory with a voice's; may be set before it is loaded.
    """

    kinds: tuple[str, ...]
    tenancy: Tenancy

    def __init__(self, folder: Path | None = None) -> None:
        """The network's folder; None for an installed one."""


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


def make(
    wish: str, captioners: Mapping[str, type[Captioner]], tenancy: Tenancy = ROOMY
) -> Captioner:
    """The captioner that was asked for, not yet loaded.

    Args:
        wish: A name in `captioners` or of an installed model, or the folder of a network.
        tenancy: Where its network, if it has one, shares the memory.
    Raises:
        ModelMissing: There is none of that name, it cannot run here, or no captioner runs the
            network in that folder.
        ModelDamaged: The files in the folder are not whole.
    """
    if (chosen := captioners.get(wish)) is not None:
        if (why := chosen.missing()) is not None:
            raise ModelMissing(name=wish, next_step=why)
        made = chosen()
        if hasattr(made, "tenancy"):
            made.tenancy = tenancy
        return made
    folder = _folder(wish, captioners)
    network = class_for(folder, captioners)(folder)
    network.tenancy = tenancy
    return network


def _folder(wish: str, captioners: Mapping[str, type[Captioner]]) -> Path:
    """Of the network that is asked for by a path, or by the name of an installed model.

    Raises:
        ModelMissing: There is none of that name, or it is not installed; the next step says which.
        ModelDamaged: An installed one has lost a file.
    """
    if is_folder(wish):
        return paths.typed(wish)
    if (model := catalogue.captioner(wish.casefold())) is not None:
        return store.find(model.name)
    names = ", ".join([*captioners, *store.captioners()])
    raise ModelMissing(name=wish, next_step=say(strings.NEXT_CHOOSE_CAPTIONER, names=names))


def answers_questions(wish: str) -> bool:
    """Whether the captioner that is asked for so (see `make`) answers questions about a picture.

    Raises:
        ModelMissing, ModelDamaged: It cannot be told, for there is no such captioner.
    """
    captioners = known()
    if (chosen := captioners.get(wish)) is not None:
        return chosen().can_answer()
    folder = _folder(wish, captioners)
    return class_for(folder, captioners)(folder).can_answer()


def called(wish: str) -> str:
    """The captioner that is asked for so (see `make`), by its name to the ear."""
    if (chosen := known().get(wish)) is not None:
        return name_in(chosen.label)
    model = catalogue.known().get(wish)
    return model.label if model is not None else Path(wish).name


def name_in(label: str) -> str:
    """The name that a captioner's label begins with; ours is no proper name, so it has one apart."""
    if label == strings.CAPTIONER_EMBEDDED:
        return say(strings.CAPTIONER_EMBEDDED_NAME)
    return re.split("[,:]", say(label), maxsplit=1)[0]


def class_for(folder: Path, captioners: Mapping[str, type[Captioner]]) -> type[NetworkCaptioner]:
    """The captioner that runs the network in a folder, by its configuration.

    Raises:
        ModelMissing: There is no network, or no captioner for its kind.
        ModelDamaged: Its files are not whole.
    """
    from imagecraft_desktop.weights.checkpoint import missing, open_checkpoint

    found = open_checkpoint(folder)
    by_kind = {kind: one for one in captioners.values() for kind in getattr(one, "kinds", ())}
    if found.kind not in by_kind:
        kinds = ", ".join(sorted(by_kind))
        raise missing(folder, strings.MODEL_KIND_UNKNOWN, kind=found.kind, kinds=kinds)
    return cast("type[NetworkCaptioner]", by_kind[found.kind])


def is_folder(wish: str) -> bool:
    """Whether a folder is meant and not a name, be it there or not."""
    return "/" in wish or "\\" in wish or isdir(wish)
