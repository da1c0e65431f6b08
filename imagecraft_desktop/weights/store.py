"""The models on this machine: where they lie, what is known of their files, and whether it still holds.

    models/NAME/                the files of an installed model, and manifest.json
    models/.partial/NAME/       what is being downloaded; nothing is ever loaded from there
    models/.partial/NAME.old/   what is being replaced; without a NAME it is put back
    models/.partial/NAME.gone-X what is being deleted, X by chance
    models/.recorded.json       revision and hashes of each first download, also of removed models
    models/.recorded.json.bad   the same, of which something could not be read

A model is put together in `.partial`, checked, and moved to its place in one step: a folder without a
manifest is no model. All lies in the program's data folder.
"""

from __future__ import annotations

import datetime
import errno
import json
import logging
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from os.path import exists, isfile  # where nothing may be looked at, nothing is
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    DiskFull,
    HashMismatch,
    ImportFolderMissing,
    ImportIncomplete,
    ModelBusy,
    ModelDamaged,
    ModelMissing,
    ModelNotKept,
    NoSpace,
    StoreError,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.values import Tick
from imagecraft_desktop.weights import sizes, whole
from imagecraft_desktop.weights.catalogue import Kind, Model, Source, known
from imagecraft_desktop.weights.steps import Counted, Stage, Tell, quiet

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
PLAN = ".plan.json"
"""What a download set out to fetch; without it what has come is worth nothing."""
_VERSION = 1
_MARGIN_BYTES = 100_000_000
"""What is left free on the disk: a full one breaks other programs."""
_CHANGE_S = 1.0
"""More than the moment between the two steps in which one model takes another's place."""
_LOOK_S = 0.01


@dataclass(frozen=True)
class Entry:
    """A file of an installed model.

    Attributes:
        path: Its name inside the folder, with "/".
        repo: Where it is from; empty when it is not known.
    """

    path: str
    size: int
    sha256: str
    repo: str = ""


@dataclass(frozen=True)
class Manifest:
    """What was installed.

    Attributes:
        commits: The revision of each repository; empty when it came from a folder.
        installed: The day, as 2026-11-21.
        licence: Whose terms were accepted.
    """

    name: str
    commits: Mapping[str, str]
    files: tuple[Entry, ...]
    installed: str
    licence: str

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class Record:
    """What the first download of a repository brought.

    Attributes:
        commit: Its revision.
        files: SHA-256 of each file.
    """

    commit: str
    files: Mapping[str, str]


# --- looking ---


def root() -> Path:
    """The folder of all models."""
    return paths.data_dir() / "models"


def folder_of(name: str) -> Path:
    """Where a model lies, or would."""
    return root() / name


def partial_of(name: str) -> Path:
    """Where a model is downloaded to."""
    return root() / ".partial" / name


def manifest(name: str) -> Manifest | None:
    """What is installed under this name; None when nothing is, or its manifest cannot be read.

    A model that is just taking another's place is waited for.
    """
    end_s = time.monotonic() + _CHANGE_S
    while (kept := _read_manifest(name)) is None and _is_cut_off(name):
        if time.monotonic() > end_s:
            return None
        try:
            with changing(name):
                log.info("%s is in its place", name)
        except ModelBusy:
            time.sleep(_LOOK_S)
        except StoreError:
            return None
    return kept or _read_manifest(name)  # it may have come between the two looks


def _read_manifest(name: str) -> Manifest | None:
    try:
        kept = json.loads((folder_of(name) / MANIFEST).read_text("utf-8"))
        if kept["version"] != _VERSION or kept["name"] != name:
            return None
        files = tuple(Entry(**entry) for entry in kept["files"])
        return Manifest(name, dict(kept["commits"]), files, kept["installed"], kept["licence"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def installed() -> dict[str, Manifest]:
    """Every model that is installed, in the order of the catalogue."""
    found = {name: manifest(name) for name in known()}
    return {name: one for name, one in found.items() if one is not None}


def is_outdated(model: Model) -> bool:
    """Whether the catalogue names another version than the one that is installed. Of one from a folder only the
    contents of files tell that, as far as the catalogue knows them."""
    if (kept := manifest(model.name)) is None:
        return False
    if kept.commits:
        return any(one.revision not in {None, kept.commits.get(one.repo)} for one in model.sources)
    here = {entry.path: entry.sha256 for entry in kept.files}
    known = [file for source in model.sources for file in source.files if file.sha256]
    return any(here.get(file.path) != file.sha256 for file in known)


def captioners() -> dict[str, Path]:
    """The folders of the installed models that describe pictures, by name."""
    kept, models = installed(), known()
    return {name: folder_of(name) for name in kept if models[name].kind is Kind.CAPTIONER}


def of_repo(repo: str) -> Path | None:
    """The folder of the installed model from a repository."""
    models = known()
    sources = {name: models[name].sources for name in installed()}
    return next(
        (folder_of(name) for name, of in sources.items() if any(one.repo == repo for one in of)),
        None,
    )


def find(name: str) -> Path:
    """The folder of an installed model, to load it from. Sizes are looked at, contents are not.

    Raises:
        ModelMissing: It is not installed; the next step is the command that installs it.
        ModelDamaged: A file is gone or has another size.
    """
    wrong = ""
    for _ in range(2):  # between two looks a newer one may have taken its place
        if (kept := manifest(name)) is None:
            raise ModelMissing(name=name, next_step=say(strings.MODEL_STEP_INSTALL, name=name))
        folder = folder_of(name)
        sizes_wrong = (one.path for one in kept.files if _size(folder / one.path) != one.size)
        if not (wrong := next(sizes_wrong, "")):
            return folder
    raise _damaged(name, wrong)


def verify(name: str, tick: Tick, tell: Tell = quiet) -> Manifest:
    """Read every file of a model and compare it with what was installed.

    Raises:
        ModelMissing: It is not installed.
        ModelDamaged: A file is not what it was; the next step names it.
    """
    folder, kept = find(name), manifest(name)
    if kept is None:
        raise _damaged(name, MANIFEST)
    counted = Counted(Stage.CHECK, kept.size, tell, tick)
    for entry in kept.files:
        if not _is_as_kept(folder, entry, counted.of(entry.size)):
            raise _damaged(name, entry.path)
    return kept


def _is_as_kept(folder: Path, entry: Entry, tick: Tick) -> bool:
    file = folder / entry.path
    try:
        if _size(file) != entry.size:
            return False
        return whole.digest(file, tick).sha256 == entry.sha256
    except OSError:
        return False


def good_files(name: str, tick: Tick, tell: Tell = quiet) -> Iterator[tuple[Path, Entry]]:
    """The files of an installed model that are still what they were."""
    if (kept := manifest(name)) is None:
        return
    counted = Counted(Stage.CHECK, kept.size, tell, tick)
    for entry in kept.files:
        if _is_as_kept(folder_of(name), entry, counted.of(entry.size)):
            yield folder_of(name) / entry.path, entry


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size if file.is_file() else None
    except OSError:
        return None


def _damaged(name: str, file: str) -> ModelDamaged:
    step = say(strings.MODEL_STEP_REPAIR, file=file, name=name)
    return ModelDamaged(f"{file} changed", name=name, next_step=step)


# --- what was recorded ---


def _records_file() -> Path:
    return root() / ".recorded.json"


def _all_records() -> dict[str, Any]:
    """What was recorded of each repository; nothing of it when the file cannot be read."""
    try:
        return _read_records()
    except (OSError, ValueError, RecursionError):
        return {}


def _read_records() -> dict[str, Any]:
    """The same. Raises OSError, ValueError, RecursionError."""
    content = json.loads(_records_file().read_text("utf-8"))
    if not isinstance(content, dict):
        raise ValueError("no object")
    return content


def record_of(repo: str) -> Record | None:
    """What the first download of a repository brought; None before it."""
    return _as_record(_all_records().get(repo))


def _as_record(entry: Any) -> Record | None:
    """An entry of the file; None for one that is not as it was written."""
    try:
        return Record(entry["commit"], dict(entry["files"])) if entry else None
    except (KeyError, TypeError, ValueError):
        return None


def commit_of(source: Source) -> str | None:
    """The revision of a repository that must be taken; None before the first download."""
    record = record_of(source.repo)
    return source.revision or (record.commit if record else None)


def _record(made: Manifest) -> None:
    """Keep what was downloaded: until the catalogue names another revision. Raises OSError."""
    from filelock import FileLock

    file = _records_file()
    with FileLock(_records_lock()):
        _set_aside()
        records = _all_records()
        for repo, commit in made.commits.items():
            before = _as_record(records.get(repo))
            known = before.files if before is not None and before.commit == commit else {}
            new = {one.path: one.sha256 for one in made.files if one.repo == repo}
            records[repo] = {"commit": commit, "files": {**new, **known}}
        write_json(file, records)


def set_spoiled_aside() -> Path | None:
    """Set the record aside when something in it cannot be read, for it may be mended; the rest of it stays.

    Returns:
        Where it lies then, of which the user must be told; None when all is well.
    """
    from filelock import FileLock

    if not _is_spoiled():
        return None
    try:
        with FileLock(_records_lock()):
            return _set_aside()
    except OSError as error:  # it is of no use where it lies, either
        log.info("the record cannot be set aside: %s", type(error).__name__)
        return _records_file()


def _is_spoiled() -> bool:
    """Whether there is a record of which something cannot be read."""
    try:
        return not all(map(_as_record, _read_records().values()))
    except FileNotFoundError:
        return False
    except (OSError, ValueError, RecursionError):
        return True


def _set_aside() -> Path | None:
    """The same, by who holds the record. Raises OSError."""
    if not _is_spoiled():
        return None
    file = _records_file()
    good = {repo: one for repo, one in _all_records().items() if _as_record(one)}
    bad = file.with_name(file.name + ".bad")
    file.replace(bad)
    log.info("%s cannot be read and is set aside", file.name)
    if good:
        write_json(file, good)
    return bad


def _records_lock() -> Path:
    file = _records_file()
    return file.with_name(file.name + ".lock")


# --- changing ---


@contextmanager
def changing(name: str) -> Iterator[Path]:
    """Hold a model against other processes; what a power cut left of `finish` is put back. Yields the folder it is
    downloaded to.

    Raises:
        ModelBusy: Another process holds it.
        DiskFull, ModelNotKept: For an OSError inside the block; also when there is a folder of that
            name that was not made here.
    """
    from filelock import FileLock, Timeout

    partial, final = partial_of(name), folder_of(name)
    try:
        if final.exists() and not (final / MANIFEST).is_file():  # somebody's own files
            reason = say(strings.MODEL_FOLDER_TAKEN, folder=str(final))
            raise ModelNotKept(name=name, reason=reason)
        partial.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(partial.with_name(f"{name}.lock"), timeout=0):
            for left in _left_of(name):
                try:
                    drop(left)
                except OSError as error:  # in nobody's way; the next change tries again
                    log.info("%s cannot be deleted: %s", left.name, type(error).__name__)
            if _is_cut_off(name):
                _old_of(name).rename(final)
            yield partial
    except Timeout as error:
        raise ModelBusy(name=name) from error
    except OSError as error:
        raise told(error, name) from error


def _old_of(name: str) -> Path:
    """Where a model lies while a newer one takes its place."""
    return root() / ".partial" / f"{name}.old"


def _left_of(name: str) -> list[Path]:
    """What removals could not delete."""
    return list(partial_of(name).parent.glob(f"{name}.gone*"))


def _is_cut_off(name: str) -> bool:
    """Whether the old model has left its place, and the newer one is not there."""
    return not exists(folder_of(name)) and isfile(_old_of(name) / MANIFEST)


def is_changing(name: str) -> bool:
    """Whether a process holds a model: one that downloads it, say."""
    from filelock import FileLock, Timeout

    lock = partial_of(name).with_name(f"{name}.lock")
    if not exists(lock):
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def told(error: OSError, name: str) -> DiskFull | ModelNotKept:
    """The error that says what the system refused."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(name=name, free=sizes.in_words(_free()))
    reason = say(strings.MODEL_NOT_WRITTEN, detail=error.strerror or type(error).__name__)
    return ModelNotKept(type(error).__name__, name=name, reason=reason)


def _free() -> int:
    """Bytes free where models lie."""
    folder = next(one for one in (root(), *root().parents) if exists(one))
    return shutil.disk_usage(folder).free


def check_space(name: str, needed: int) -> None:
    """Raises NoSpace: fewer bytes are free than are needed."""
    free = _free()
    if free < needed + _MARGIN_BYTES:
        words = {"needed": sizes.in_words(needed + _MARGIN_BYTES), "free": sizes.in_words(free)}
        raise NoSpace(f"{needed} of {free}", name=name, **words)


def link(file: Path, target: Path) -> bool:
    """Give a file a second name: one that nobody changes in its place. False where that cannot be: on another disk,
    or one that knows no links. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(file.resolve(strict=True), target)
    except OSError:
        return False
    return True


def copy(file: Path, target: Path, tick: Tick) -> None:
    """Copy what a file holds. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with file.open("rb") as source, target.open("wb") as made:
        while block := source.read(whole.BLOCK):
            tick()
            made.write(block)


def finish(
    model: Model, partial: Path, files: tuple[Entry, ...], commits: Mapping[str, str]
) -> Manifest:
    """Write the manifest and make a model visible, in one step. Its files were checked.

    Raises:
        OSError: The old state stands.
    """
    today = datetime.date.today().isoformat()
    made = Manifest(model.name, dict(commits), files, today, model.licence.name)
    wanted = {entry.path for entry in files} | {MANIFEST, PLAN}
    for stray in [one for one in partial.rglob("*") if one.is_file()]:
        if stray.relative_to(partial).as_posix() not in wanted:
            stray.unlink()
    for entry in files:
        _sync(partial / entry.path)
    write_json(partial / MANIFEST, {"version": _VERSION, **asdict(made)})
    _record(made)
    final, old = folder_of(model.name), _old_of(model.name)
    drop(old)
    if final.exists():
        final.rename(old)
    try:
        partial.rename(final)
    except OSError:
        if old.exists():
            old.rename(final)
        raise
    with suppress(OSError):  # they are in nobody's way there
        (final / PLAN).unlink(missing_ok=True)
        drop(old)
    log.info("installed %s, %d bytes", model.name, made.size)
    return made


def remove(name: str) -> int:
    """Delete a model, and what was begun of it. Bytes that were freed.

    Raises:
        ModelMissing: There is nothing to remove.
        ModelBusy, ModelNotKept: It stands as it was, or is gone for loading.
    """
    final = folder_of(name)
    with changing(name) as partial:
        there = [one for one in (final, partial) if one.exists()] or _left_of(name)
        if not there:
            raise ModelMissing(name=name, next_step=say(strings.MODEL_STEP_NOTHING))
        files = [one for folder in there for one in folder.rglob("*")]
        freed = sum(one.lstat().st_size for one in files if one.is_file())
        drop(_old_of(name))  # else it would be put back
        if final in there:
            gone = partial.with_name(f"{name}.gone-{os.urandom(6).hex()}")
            final.rename(gone)  # at once: a half-removed model is not found any more
            there[0] = gone
        for folder in (*there, partial.with_name(f"{name}.import")):
            drop(folder)
    return freed


def find_in(folder: Path, model: Model) -> dict[str, str]:
    """The names of the model's files in a folder that the user brought, each with the repository that it is of.

    Raises:
        ImportIncomplete: There is no such folder, or a file is missing in it.
    """
    if not folder.is_dir():
        raise ImportFolderMissing(folder=str(folder))
    try:
        names = sorted(one.name for one in folder.iterdir() if one.is_file())
    except OSError as error:
        raise ImportIncomplete(
            type(error).__name__, name=model.name, folder=str(folder), file="config.json"
        ) from error
    chosen: dict[str, str] = {}
    for source in model.sources:
        if (lacking := source.lacking(names)) is not None:
            raise ImportIncomplete(name=model.name, folder=str(folder), file=lacking)
        for name in source.choose(names):
            chosen.setdefault(name, source.repo)
    return chosen


def import_folder(model: Model, folder: Path, tick: Tick, tell: Tell = quiet) -> Manifest:
    """Install a model from files that the user brought.

    Raises:
        ImportIncomplete: See `find_in`; nothing was changed.
        HashMismatch: A file is not the one that the catalogue or the first download knows.
        ModelDamaged: A file is cut off.
        NoSpace, ModelBusy, ModelNotKept: See `changing`.
    """
    chosen = find_in(folder, model)
    with changing(model.name) as begun:
        copied = begun.with_name(f"{model.name}.import")
        lengths = {name: (folder / name).stat().st_size for name in chosen}
        check_space(model.name, sum(lengths.values()))
        drop(copied)
        try:
            counted = Counted(Stage.COPY, sum(lengths.values()), tell, tick)
            for name in chosen:
                tick()
                copy(folder / name, copied / name, counted.of(lengths[name]))
            made = finish(model, copied, check(model, copied, chosen, tick, tell=tell), {})
        finally:
            drop(copied)
        drop(begun)  # a download that is not needed any more
    return made


def check(
    model: Model,
    partial: Path,
    chosen: Mapping[str, str],
    tick: Tick,
    told_by_hub: Mapping[str, str] | None = None,
    *,
    tell: Tell = quiet,
) -> tuple[Entry, ...]:
    """Entries of files that are whole and, where it is known what they must be, are that.

    Args:
        chosen: The repository of each file.
        told_by_hub: SHA-256, or git's name, of each file.
    Raises:
        HashMismatch, ModelDamaged: See `import_folder`.
    """
    entries = []
    lengths = {name: (partial / name).stat().st_size for name in chosen}
    counted = Counted(Stage.CHECK, sum(lengths.values()), tell, tick)
    for name, repo in chosen.items():
        found = whole.digest(partial / name, counted.of(lengths[name]))
        must = {expected(model, repo, name), (told_by_hub or {}).get(name)} - {None}
        if not must <= {found.sha256, found.git}:
            raise HashMismatch(f"{found} is not {must}", name=model.name, file=name)
        entries.append(Entry(name, lengths[name], found.sha256, repo))
    if (bad := whole.broken(partial, chosen.keys())) is not None:
        step = say(strings.MODEL_STEP_CUT, file=bad)
        raise ModelDamaged(f"{bad} is not whole", name=model.name, next_step=step)
    return tuple(entries)


def expected(model: Model, repo: str, name: str) -> str | None:
    """The SHA-256 that a file must have: as the catalogue says, else as at the first download."""
    (source,) = (one for one in model.sources if one.repo == repo)
    for file in source.files:
        if file.path == name and file.sha256:
            return file.sha256
    record = record_of(repo)
    if record is None or record.commit != commit_of(source):  # of another version of it
        return None
    return record.files.get(name)


def drop(folder: Path) -> None:
    """Delete a folder if it is there. Raises OSError."""
    if folder.exists():
        shutil.rmtree(folder)


def _sync(file: Path) -> None:
    """See to it that a file outlives a power cut."""
    with suppress(PermissionError), file.open("r+b") as stream:  # a linked one may be read-only
        os.fsync(stream.fileno())


def write_json(file: Path, content: object) -> None:
    """Write a file whole or not at all. Raises OSError."""
    new = file.with_name(file.name + ".new")
    with new.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)
