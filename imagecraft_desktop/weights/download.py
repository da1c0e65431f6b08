"""Downloads a model from the Hugging Face Hub, and goes on where it was cut.

The package huggingface_hub asks and transports, so its variables hold: HF_ENDPOINT (a mirror),
HF_HUB_OFFLINE, HF_HOME (its cache and login), HF_HUB_DOWNLOAD_TIMEOUT, and the proxies of the system.
Its `hf_hub_download` throws a file away that was not finished when the process ended; so its `http_get`
writes into files of ours here, which are kept.

Nobody is asked here: terms and size were accepted before.
"""

from __future__ import annotations

import contextlib
import email.utils
import io
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    DownloadCut,
    Gated,
    HashMismatch,
    HubBusy,
    HubChanged,
    HubError,
    HubFailed,
    LoginRefused,
    ModelDamaged,
    NoSafeWeights,
    NotOnHub,
    Offline,
    OfflineMidway,
    VersionGone,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Tick
from imagecraft_desktop.weights import pause, store
from imagecraft_desktop.weights.catalogue import Model, Source, page_of
from imagecraft_desktop.weights.steps import Counted, Stage, Step, Tell

if TYPE_CHECKING:
    from huggingface_hub import HfApi

log = logging.getLogger(__name__)

PROGRAM = "imagecraft-desktop"
_LOOK_S = 0.1
_TELL_WAITING_S = 10.0
_STANDSTILL_S = 150.0
"""Longer than the five new attempts that `http_get` makes by itself."""
_SHA256_DIGITS = 64
_CHUNK = 1 << 18
"""Bytes that are written at once."""
_TRIES = 4
_WAIT_MOST_S = 60
"""For longer than this nobody should be kept waiting in front of a command."""


@dataclass(frozen=True)
class Wanted:
    """A file to be fetched.

    Attributes:
        told: Its SHA-256 (64 digits), or git's name for it (40), by the Hub's account.
    """

    repo: str
    commit: str
    path: str
    size: int
    told: str


def install(
    model: Model,
    tick: Tick,
    tell: Tell,
    *,
    login: bool = False,
    endpoint: str | None = None,
) -> store.Manifest:
    """Download a model, check it, and make it visible in one step.

    What has come is kept whatever happens, and the next call goes on from there. Meanwhile `pause` can let
    it wait: it then has no connection.

    Args:
        tick: Called ten times a second; what it raises ends the work.
        login: Whether the user's own login to the Hub may be used; for a gated model it is anyway.
        endpoint: Address of the Hub; None for the one in HF_ENDPOINT, or the usual one.
    Raises:
        HubError: See its classes. Also HashMismatch, NoSpace, DiskFull, ModelBusy, ModelNotKept.
    """
    hub = _Hub(model, tick, tell, login=login, endpoint=endpoint)
    with store.changing(model.name) as partial, _can_pause(model.name):
        files = _begun(model, partial) or _begin(hub, partial)
        to_copy = _reuse(model, files, partial, tick, tell)
        total = sum(file.size for file in files)
        here = sum(_here(partial, file) for file in files)
        store.check_space(model.name, total - here)
        _copy(to_copy, partial, tick, tell)
        for file in files:
            others = sum(_here(partial, one) for one in files if one is not file)
            _fetch(hub, file, partial, _adding(tell, others, total))
        entries = _checked(model, files, partial, tick, tell)
        return store.finish(model, partial, entries, {file.repo: file.commit for file in files})


@contextlib.contextmanager
def _can_pause(name: str) -> Iterator[None]:
    """Within the block nothing is left of an earlier pause, and nothing of this one after it."""
    pause.forget(name)
    try:
        yield
    finally:
        pause.forget(name)


def _adding(tell: Tell, others: int, total: int) -> Callable[[int], None]:
    """Tells how much of all files is here, given how much is of one."""
    return lambda here: tell(Step(Stage.FETCH, others + here, total))


def begun_bytes(name: str) -> int:
    """How much of a model has come in a download that did not end."""
    partial = store.partial_of(name)
    if not os.path.isfile(partial / store.PLAN):
        return 0
    files = (Path(folder) / name for folder, _, names in os.walk(partial) for name in names)
    return sum(_size(file) for file in files if file.name != store.PLAN)


def _size(file: Path) -> int:
    """Bytes of a file; 0 for one that another process has moved or deleted by now."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def hush() -> None:
    """The Hub's package tells its makers nothing, and says nothing itself: its words would stand between ours."""
    from huggingface_hub import constants

    constants.HF_HUB_DISABLE_TELEMETRY = True  # its variable may have been read long ago
    if "HF_HUB_VERBOSITY" not in os.environ:
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)


def may_lack_weights(model: Model) -> bool:
    """Whether its page was not seen to have weights that are safe to read, and nothing of it has come
    since, which would show that it has them."""
    if model.instead is None:
        return False
    return store.manifest(model.name) is None and not begun_bytes(model.name)


# --- what is to be fetched ---


def _begun(model: Model, partial: Path) -> list[Wanted] | None:
    """What an earlier call set out to fetch; None when there was none, or it no longer fits."""
    try:
        kept = json.loads((partial / store.PLAN).read_text("utf-8"))
        files = [Wanted(**entry) for entry in kept]
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    commits = {file.repo: file.commit for file in files}
    if set(commits) != {source.repo for source in model.sources}:
        return None
    for source in model.sources:
        if store.commit_of(source) not in {None, commits[source.repo]}:
            return None
    return files


def _begin(hub: _Hub, partial: Path) -> list[Wanted]:
    """Ask the Hub what there is, and write it down for a later call. Raises HubError, OSError."""
    files = [file for source in hub.model.sources for file in _look_up(hub, source)]
    store.drop(partial)
    partial.mkdir()
    store.write_json(partial / store.PLAN, [asdict(file) for file in files])
    return files


def _look_up(hub: _Hub, source: Source) -> list[Wanted]:
    revision = store.commit_of(source) or source.branch
    info = hub.ask(
        source.repo,
        lambda api: api.model_info(
            source.repo, revision=revision, files_metadata=True, timeout=hub.timeout_s
        ),
    )
    there = {one.rfilename: one for one in info.siblings or ()}
    if (lacking := source.lacking(there)) is not None:
        raise _lacks(hub.model, source.repo, lacking)
    files = []
    for name in source.choose(there):
        one = there[name]
        told = one.lfs.sha256 if one.lfs else one.blob_id
        if not (info.sha and told and one.size is not None):
            raise HubFailed(f"{name}: no size or hash", name=hub.model.name)
        files.append(_known(hub.model, Wanted(source.repo, info.sha, name, one.size, told)))
    return files


def _lacks(model: Model, repo: str, file: str) -> HubError:
    """The error for a repository without a file."""
    if not file.endswith(".safetensors"):
        return NotOnHub(name=model.name, file=file, address=page_of(repo))
    step = say(strings.MODEL_STEP_LIST)
    if model.instead is not None:
        step = say(strings.MODEL_STEP_INSTEAD, instead=model.instead)
    return NoSafeWeights(file, name=model.name, address=page_of(repo), next_step=step)


def _known(model: Model, file: Wanted) -> Wanted:
    """The file itself. Raises HubChanged: it has another SHA-256 than is known, so it need not be fetched."""
    must = store.expected(model, file.repo, file.path)
    if len(file.told) == _SHA256_DIGITS and must not in {None, file.told}:
        raise HubChanged(f"{file.told} is not {must}", name=model.name, file=file.path)
    return file


def _reuse(
    model: Model, files: list[Wanted], partial: Path, tick: Tick, tell: Tell
) -> dict[Wanted, Path]:
    """Take what is on this machine already: of a damaged installation, an older version, or in the Hub's own cache.

    Returns:
        What must be copied, and from where, for it lies on another disk.
    """
    from huggingface_hub import try_to_load_from_cache

    old = store.manifest(model.name)
    kept = store.good_files(model.name, tick, tell) if old else ()
    good = {entry.path: (file, entry) for file, entry in kept}
    to_copy = {}
    for file in files:
        if _here(partial, file):
            continue
        found, entry = good.get(file.path, (None, None))
        is_same = old is not None and old.commits.get(file.repo) == file.commit
        if entry is None or not (is_same or entry.sha256 == file.told):
            cached = try_to_load_from_cache(file.repo, file.path, revision=file.commit)
            found = Path(cached) if isinstance(cached, str) else None
        if found is None or found.stat().st_size != file.size:
            continue
        if not store.link(found, partial / file.path):
            to_copy[file] = found
    return to_copy


def _copy(to_copy: Mapping[Wanted, Path], partial: Path, tick: Tick, tell: Tell) -> None:
    """Copy what `_reuse` found; a copy that was not finished is begun anew. Raises OSError."""
    if not to_copy:
        return
    counted = Counted(Stage.COPY, sum(file.size for file in to_copy), tell, tick)
    for file, found in to_copy.items():
        copied = partial / f"{file.path}.copied"
        store.copy(found, copied, counted.of(file.size))
        copied.replace(partial / file.path)


def _part(partial: Path, file: Wanted) -> Path:
    return partial / f"{file.path}.part"


def _here(partial: Path, file: Wanted) -> int:
    """Bytes of a file that have come."""
    for one in (partial / file.path, _part(partial, file)):
        if one.is_file():
            return min(one.stat().st_size, file.size)
    return 0


def _checked(
    model: Model, files: list[Wanted], partial: Path, tick: Tick, tell: Tell
) -> tuple[store.Entry, ...]:
    """Entries of the files. What is not as it must be is thrown away, for the next call to fetch."""
    chosen = {file.path: file.repo for file in files}
    try:
        told = {file.path: file.told for file in files}
        return store.check(model, partial, chosen, tick, told, tell=tell)
    except HashMismatch as error:
        (partial / str(error.words["file"])).unlink()
        raise
    except ModelDamaged:
        store.drop(partial)
        raise


# --- the Hub ---


class _Hub:
    """Asks the Hub, again when it is busy, and says in our words what it refuses."""

    def __init__(
        self, model: Model, tick: Tick, tell: Tell, *, login: bool, endpoint: str | None
    ) -> None:
        from huggingface_hub import HfApi, constants, get_token

        hush()
        # else a slow connection looks like a silent one, and a pause or a cut loses much
        constants.DOWNLOAD_CHUNK_SIZE = min(constants.DOWNLOAD_CHUNK_SIZE, _CHUNK)
        self.model, self.tick, self.tell = model, tick, tell
        self.token = get_token() if login or model.gated else None
        if model.gated and self.token is None:
            raise self._gated(model.sources[0].repo)
        self.endpoint = endpoint
        self.timeout_s = float(constants.HF_HUB_ETAG_TIMEOUT)
        self._api = HfApi(endpoint, token=self.token or False, library_name=PROGRAM)
        # Not compressed: else a cut cannot be mended at a byte
        self.headers = {"Accept-Encoding": "identity", "User-Agent": PROGRAM}
        if self.token is not None:
            self.headers["Authorization"] = f"Bearer {self.token}"

    def ask(self, repo: str, question: Callable[[HfApi], Any]) -> Any:
        """The answer. Raises HubError."""
        return self.again(repo, lambda: question(self._api))

    def again(self, repo: str, work: Callable[[], Any]) -> Any:
        """What `work` returns; once more after a while when the Hub is busy. Raises HubError, OSError."""
        n_tries = 0
        while True:
            with self._in_our_words(repo):
                try:
                    return work()
                except Exception as error:
                    wait_s = _asks_to_wait_s(error, 2**n_tries)
                    n_tries += 1
                    if wait_s is None or n_tries == _TRIES:
                        raise
                    if wait_s > _WAIT_MOST_S:
                        minutes = -(-wait_s // 60)
                        raise HubBusy(name=self.model.name, minutes=minutes) from error
            self._wait(wait_s)

    def wait_while_paused(self) -> None:
        """Return when the download may go on: at once, as a rule."""
        if not pause.is_wished(self.model.name):
            return
        self.tell(Step(Stage.PAUSED, 0, 0))
        while pause.is_wished(self.model.name):
            self.tick()
            time.sleep(_LOOK_S)
        self.tell(Step(Stage.RESUMED, 0, 0))

    def _wait(self, seconds: int) -> None:
        self.tell(Step(Stage.WAIT, 0, seconds))
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self.tick()
            time.sleep(_LOOK_S)

    @contextlib.contextmanager
    def _in_our_words(self, repo: str) -> Iterator[None]:
        import httpx2
        from huggingface_hub import errors

        try:
            yield
        except errors.HfHubHTTPError as error:
            raise self._refusal(error, repo) from error
        except errors.OfflineModeIsEnabled as error:
            raise self._offline(strings.HUB_OFFLINE_SWITCH) from error
        except (httpx2.ConnectError, httpx2.ProxyError, httpx2.ConnectTimeout) as error:
            raise self._offline(strings.HUB_NO_CONNECTION) from error
        except (httpx2.TransportError, httpx2.StreamError) as error:
            raise DownloadCut(type(error).__name__, name=self.model.name) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, TypeError, KeyError) as error:
            raise HubFailed(type(error).__name__, name=self.model.name) from error

    def _refusal(self, error: Any, repo: str) -> HubError:
        """The error for an answer that is a refusal."""
        from huggingface_hub import errors

        name, status = self.model.name, error.response.status_code
        detail = f"{type(error).__name__} {status}"
        if status in {401, 403} or isinstance(error, errors.GatedRepoError):
            if self.token is None:
                return self._gated(repo)
            return LoginRefused(detail, name=name, address=page_of(repo))
        if isinstance(error, errors.RevisionNotFoundError):
            return VersionGone(detail, name=name)
        if status == 404:
            return NotOnHub(detail, name=name, file=repo, address=page_of(repo))
        if status == 429:
            return HubBusy(detail, name=name, minutes=1)
        return HubFailed(detail, name=name)

    def _gated(self, repo: str) -> Gated:
        return Gated(name=self.model.name, address=page_of(repo))

    def _offline(self, reason: str) -> Offline:
        name = self.model.name
        kind = OfflineMidway if begun_bytes(name) else Offline
        return kind(reason, name=name, reason=say(reason))


def _asks_to_wait_s(error: Exception, usual_s: int) -> int | None:
    """Seconds until it is worth to ask again; None when it is not."""
    from huggingface_hub.errors import HfHubHTTPError

    if not isinstance(error, HfHubHTTPError):
        return None
    status = error.response.status_code
    if status != 429 and status < 500:
        return None
    asked = error.response.headers.get("Retry-After", "")
    if asked.isdecimal():
        return int(asked)
    with contextlib.suppress(ValueError, TypeError):
        until = email.utils.parsedate_to_datetime(asked)
        return max(0, round(until.timestamp() - time.time()))
    return usual_s


# --- one file ---


class _Part(io.RawIOBase):
    """A file that is being filled by another thread, which can do nothing more once it is closed."""

    def __init__(self, file: Path, most: int) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._stream = file.open("r+b" if file.exists() else "w+b", buffering=0)
        self._most = most
        self._lock = threading.Lock()
        self.size = self._stream.seek(0, io.SEEK_END)

    def tell(self) -> int:
        with self._lock:
            return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with self._lock:
            return self._stream.seek(offset, whence)

    def truncate(self, size: int | None = None) -> int:
        with self._lock:
            self.size = self._stream.truncate(size)
            return self.size

    def write(self, data: Any) -> int:
        """Write all of it. Raises _TooLong, OSError."""
        with self._lock:
            if self._stream.tell() + len(data) > self._most:
                raise _TooLong
            left = memoryview(data)
            while left:  # without a buffer it may take less, as when the disk becomes full
                left = left[self._stream.write(left) :]
            self.size = self._stream.tell()
            return len(data)

    def close(self) -> None:
        with self._lock:
            self._stream.close()
        super().close()


class _TooLong(Exception):
    """More comes than was said."""


class _NoBar:
    """A progress bar that draws nothing; the file itself tells how far it is."""

    def __init__(self, **_: object) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def update(self, n: float | None = 1) -> None:
        pass


class _Transfer(threading.Thread):
    """Fetches in a thread of its own, for a silent connection must not hinder a cancel."""

    def __init__(self, url: str, part: _Part, size: int, headers: Mapping[str, str]) -> None:
        super().__init__(name="download", daemon=True)
        self._work = url, part, size, dict(headers)
        self.error: Exception | None = None

    def run(self) -> None:
        from huggingface_hub.file_download import http_get

        url, part, size, headers = self._work
        try:
            http_get(
                url,
                cast(BinaryIO, part),
                resume_size=part.size,
                headers=headers,
                expected_size=size,
                tqdm_class=cast(Any, _NoBar),
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where it is waited for
            self.error = error


def _fetch(hub: _Hub, file: Wanted, partial: Path, tell_bytes: Callable[[int], None]) -> None:
    """Bring one file to its full length. Raises HubError, HashMismatch, OSError."""
    from huggingface_hub import hf_hub_url

    target, part = partial / file.path, _part(partial, file)
    if target.is_file():
        if target.stat().st_size == file.size:
            tell_bytes(file.size)
            return
        target.unlink()
    if part.is_file() and part.stat().st_size > file.size:
        part.unlink()
    url = hf_hub_url(file.repo, file.path, revision=file.commit, endpoint=hub.endpoint)
    is_here = False
    while not is_here:
        hub.wait_while_paused()
        try:
            hub.again(file.repo, lambda: _transfer(hub, url, file, part, tell_bytes))
            is_here = True
        except _Paused:
            log.info("a download pauses")
        except _WrongSize as error:
            part.unlink(missing_ok=True)
            raise HashMismatch("another size", name=hub.model.name, file=file.path) from error
    part.replace(target)


class _Paused(Exception):
    """An attempt was ended, for the user wishes a pause."""


class _WrongSize(Exception):
    """A file came to its end, and has not the length that was said."""


def _transfer(
    hub: _Hub, url: str, file: Wanted, path: Path, tell_bytes: Callable[[int], None]
) -> None:
    """One attempt, which goes on from what is there. Raises what the thread raised, _WrongSize, _Paused."""
    with _Part(path, file.size) as part:
        transfer = _Transfer(url, part, file.size, hub.headers)
        transfer.start()
        seen, since_s, is_waiting = -1, time.monotonic(), False
        while transfer.is_alive():
            transfer.join(_LOOK_S)
            hub.tick()
            if pause.is_wished(hub.model.name):
                raise _Paused
            quiet_s = time.monotonic() - since_s
            if part.size != seen:
                seen, since_s, is_waiting = part.size, time.monotonic(), False
                tell_bytes(seen)
            elif quiet_s > _STANDSTILL_S:
                raise DownloadCut("standstill", name=hub.model.name)
            elif quiet_s > _TELL_WAITING_S and not is_waiting:
                is_waiting = True
                hub.tell(Step(Stage.WAIT, 0, 0))
        tell_bytes(part.size)
        error, size = transfer.error, part.size
    if isinstance(error, _TooLong):
        raise _WrongSize from error
    if isinstance(error, OSError) and error.errno is None and _is_not_of_the_net(error):
        raise _WrongSize from error  # http_get counts what came
    if error is not None:
        raise error
    if size != file.size:
        raise _WrongSize


def _is_not_of_the_net(error: OSError) -> bool:
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    return not isinstance(error, HfHubHTTPError | OfflineModeIsEnabled)
