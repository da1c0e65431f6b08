"""The models that can be installed: `resources/models/catalogue.json`, read and checked.

It holds only what the models' own pages say; what is not known stands as null. No weights were read
to write it: a revision, or a SHA-256, stands in it where several public projects name the same one
(docs/model-pins.md). Where none does, `store` records both at the first download, and they are kept to
ever after.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from imagecraft_desktop.errors import ModelUnknown
from imagecraft_desktop.system import paths

_VERSION = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*[a-z0-9]")
_REPO = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}|\*")
_PICKLES = (".bin", ".pt", ".pkl", ".pickle", ".ckpt", ".h5", ".msgpack")
_OURS = {"manifest.json"}
"""Files that the store itself writes beside those of a model."""
_SAFE = ".safetensors"
_ANY_WEIGHTS = f"*{_SAFE}"
# What a repository for transformers holds that is read here: never code, never a pickle
STANDARD_FILES = (
    "config.json",
    _ANY_WEIGHTS,
    "*.json",
    "*.model",
    "*.txt",
    "*.jinja",
    "LICENSE*",
)

_OPEN_LICENCES = {
    "MIT": "https://opensource.org/license/mit",
    "BSD-3-Clause": "https://opensource.org/license/bsd-3-clause",
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
}
"""Where those are read that are the same for everybody; of any other the catalogue must say it."""

# Memory is weights and a fifth more, and what Python and the libraries take
_MEMORY_FACTOR = 1.2
_MEMORY_BASE_BYTES = 600_000_000


class Kind(StrEnum):
    """Which room uses it."""

    CAPTIONER = "captioner"
    VOICE = "voice"


class Use(StrEnum):
    """What a model is good for."""

    CAPTION = "caption"
    DETAIL = "detail"
    TEXT = "text"
    QUESTIONS = "questions"
    SPEECH = "speech"


@dataclass(frozen=True)
class ModelFile:
    """A file of a repository.

    Attributes:
        path: Its name there; or a pattern with `*`, for any number of files of the top folder.
        size: In bytes; None when not known.
        sha256: None when not known.
    """

    path: str
    size: int | None = None
    sha256: str | None = None

    @property
    def is_pattern(self) -> bool:
        return "*" in self.path

    def fits(self, path: str) -> bool:
        """Whether it means the file with this name."""
        if not self.is_pattern:
            return path == self.path
        if path.startswith(".") or path.casefold() in _OURS or set(path) & set("/\\:"):
            return False
        return fnmatchcase(path, self.path)


@dataclass(frozen=True)
class Source:
    """A repository of the Hugging Face Hub.

    Attributes:
        repo: "owner/name".
        branch: To be taken at the first download; None for the main one.
        revision: The commit that is always taken; None when it is not known.
        files: What of it is needed.
    """

    repo: str
    branch: str | None
    revision: str | None
    files: tuple[ModelFile, ...]

    def choose(self, names: Iterable[str]) -> list[str]:
        """Those of the names that are needed."""
        return [name for name in names if any(file.fits(name) for file in self.files)]

    def lacking(self, names: Iterable[str]) -> str | None:
        """A file, or a pattern for weights, that must be there and is not among the names."""
        there = list(names)
        for file in self.files:
            is_needed = not file.is_pattern or file.path == _ANY_WEIGHTS
            if is_needed and not any(file.fits(name) for name in there):
                return file.path
        return None


@dataclass(frozen=True)
class Licence:
    """Terms of use.

    Attributes:
        name: As its authors write it.
        address: Where to read it.
        must_accept: Whether it binds the user to more than naming the authors.
    """

    name: str
    address: str
    must_accept: bool


@dataclass(frozen=True)
class Model:
    """One line of the catalogue.

    Attributes:
        name: What is typed, and the folder it lies in.
        label: What is said.
        download_bytes: About.
        parameters: Numbers that were learnt.
        memory_bf16_bytes: Measured need of the whole program part; None when not known.
        memory_fp32_bytes: The same at four bytes for each parameter.
        gated: Whether the Hub wants a login and its own consent.
        languages: Tags of what it writes or speaks; "*" for many others.
        instead: The name of one like it that can be downloaded, when the page of this one was seen to
            have no weights that are safe to read, or nobody shows that it has them; else None.
    """

    name: str
    label: str
    kind: Kind
    good_for: tuple[Use, ...]
    sources: tuple[Source, ...]
    download_bytes: int
    parameters: int
    memory_bf16_bytes: int | None
    memory_fp32_bytes: int | None
    licence: Licence
    gated: bool
    languages: tuple[str, ...]
    instead: str | None = None

    @property
    def page(self) -> str:
        """The address of the model's page."""
        return page_of(self.sources[0].repo)

    def memory_bytes(self, width: int) -> int:
        """Memory while it works: as it was measured, else estimated.

        Args:
            width: Bytes for each parameter: 2 in bfloat16, 4 in float32.
        """
        measured = {2: self.memory_bf16_bytes, 4: self.memory_fp32_bytes}[width]
        return measured or round(_MEMORY_FACTOR * self.parameters * width) + _MEMORY_BASE_BYTES


def page_of(repo: str) -> str:
    """Where a person reads about a repository."""
    return f"https://huggingface.co/{repo}"


@cache
def known() -> dict[str, Model]:
    """Every model by its name, in the order in which they are told."""
    return read(paths.resources() / "models" / "catalogue.json")


def find(name: str) -> Model:
    """The model of this name, however it is capitalised. Raises ModelUnknown."""
    if (model := known().get(name.casefold())) is None:
        raise ModelUnknown(name=name)
    return model


def captioner(name: str) -> Model | None:
    """The model that describes pictures and has this name, or comes from the repository of this name."""
    models = (one for one in known().values() if one.kind is Kind.CAPTIONER)
    return next(
        (one for one in models if name in {one.name, *(of.repo for of in one.sources)}), None
    )


def read(file: Path) -> dict[str, Model]:
    """Read a catalogue.

    Raises:
        ValueError: It is not valid; the text says where.
        OSError: It cannot be read.
    """
    content = json.loads(file.read_text("utf-8"))
    _expect(isinstance(content, dict) and content.get("version") == _VERSION, "unknown version")
    models: dict[str, Model] = {}
    for entry in content["models"]:
        where = str(entry.get("name")) if isinstance(entry, dict) else "an entry"
        try:
            model = _model(entry)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{where}: {type(error).__name__}: {error}") from error
        _expect(model.name not in models, f"{where}: twice")
        models[model.name] = model
    for model in models.values():
        if model.instead is not None:
            other = models.get(model.instead)
            is_better = other is not None and other.instead is None and other.kind is model.kind
            _expect(is_better, f"{model.name}: {model.instead} cannot stand for it")
    return models


def _expect(is_right: bool, wrong: str) -> None:
    if not is_right:
        raise ValueError(wrong)


def _keys(entry: Mapping[str, Any], needed: set[str], more: set[str]) -> None:
    given = set(entry)
    _expect(needed <= given, f"lacks {sorted(needed - given)}")
    _expect(given <= needed | more, f"unknown {sorted(given - needed - more)}")


def _model(entry: Mapping[str, Any]) -> Model:
    _keys(
        entry,
        {"name", "label", "kind", "good_for", "sources", "download_bytes", "parameters"}
        | {"licence", "gated", "languages"},
        {"memory_bf16_bytes", "memory_fp32_bytes", "instead"},
    )
    _expect(_NAME.fullmatch(entry["name"]) is not None, "the name has other signs than a-z 0-9 . -")
    _expect(entry["label"].strip() != "", "no label")
    sources = tuple(_source(one) for one in entry["sources"])
    _expect(len(sources) > 0, "no source")
    names = [file.path for source in sources for file in source.files if not file.is_pattern]
    _expect(len(names) == len(set(names)), "two sources have a file of the same name")
    _expect(isinstance(entry["gated"], bool), "gated is neither true nor false")
    _expect(len(entry["languages"]) > 0, "no language")
    for tag in entry["languages"]:
        _expect(_LANGUAGE.fullmatch(tag) is not None, f"no language {tag}")
    uses = tuple(Use(one) for one in entry["good_for"])
    _expect(len(uses) == len(set(uses)) > 0, "good for nothing, or for a thing twice")
    return Model(
        name=entry["name"],
        label=entry["label"],
        kind=Kind(entry["kind"]),
        good_for=uses,
        sources=sources,
        download_bytes=_count(entry["download_bytes"]),
        parameters=_count(entry["parameters"]),
        memory_bf16_bytes=_count_or_none(entry.get("memory_bf16_bytes")),
        memory_fp32_bytes=_count_or_none(entry.get("memory_fp32_bytes")),
        licence=_licence(entry["licence"]),
        gated=entry["gated"],
        languages=tuple(entry["languages"]),
        instead=entry.get("instead"),
    )


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{value!r} is not a count")
    return value


def _count_or_none(value: object) -> int | None:
    return None if value is None else _count(value)


def _licence(entry: Mapping[str, Any]) -> Licence:
    _keys(entry, {"name", "address", "must_accept"}, set())
    _expect(entry["name"].strip() != "", "the licence has no name")
    address = entry["address"] or _OPEN_LICENCES.get(entry["name"], "")
    _expect(address.startswith("https://"), "the licence's address is not one, or is not known")
    _expect(isinstance(entry["must_accept"], bool), "must_accept is neither true nor false")
    return Licence(entry["name"], address, entry["must_accept"])


def _source(entry: Mapping[str, Any]) -> Source:
    _keys(entry, {"repo", "revision"}, {"branch", "files", "weights"})
    _expect(_REPO.fullmatch(entry["repo"]) is not None, f"no repository {entry['repo']}")
    revision = entry["revision"]
    _expect(
        revision is None or _COMMIT.fullmatch(revision) is not None, "the revision is no commit"
    )
    files = _files(entry)
    _expect(len(files) > 0, "no files")
    is_fixed = revision is not None or not any(one.size or one.sha256 for one in files)
    _expect(is_fixed, "a size or a hash without the revision it belongs to")
    return Source(entry["repo"], entry.get("branch"), revision, files)


def _files(entry: Mapping[str, Any]) -> tuple[ModelFile, ...]:
    """Those that are listed; else the standard ones, whose weights can be listed by themselves."""
    given, weights = entry.get("files"), entry.get("weights")
    if given is not None:
        _expect(weights is None, "both files and weights")
        return tuple(_file(one) for one in given)
    known = [_file(one) for one in (weights or [{"path": _ANY_WEIGHTS}])]
    _expect(all(one.path.endswith(_SAFE) for one in known), "weights in another form")
    others = [ModelFile(path) for path in STANDARD_FILES if path != _ANY_WEIGHTS]
    return (*others, *known)


def _file(entry: Mapping[str, Any]) -> ModelFile:
    _keys(entry, {"path"}, {"size", "sha256"})
    path, sha256 = entry["path"], entry.get("sha256")
    parts = path.split("/")
    _expect(path != "" and not {"", ".", ".."} & set(parts), f"no path inside: {path!r}")
    _expect("\\" not in path and ":" not in path, f"no path for every system: {path!r}")
    _expect(not path.endswith(_PICKLES), f"a pickle: {path}")
    _expect(sha256 is None or _SHA256.fullmatch(sha256) is not None, f"no SHA-256: {sha256}")
    return ModelFile(path, _count_or_none(entry.get("size")), sha256)
