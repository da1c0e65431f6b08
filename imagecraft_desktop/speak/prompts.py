"""Voices of the user's own: each is a folder with a short recording and the words that are in it.

`add` makes one, `load` and `listed` read them, for the command line, the settings window and the
voice that speaks with them. A folder appears whole or not at all.

    voices/<name>/prompt.wav   mono, 16 kHz, 16 bits: trimmed, cut, levelled; nothing more is done to it
    voices/<name>/voice.json   version, name, transcript, cut_s, duration_s, consent, source, sha256
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import logging
import os
import shutil
import unicodedata
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    ConsentMissing,
    VoiceNameRefused,
    VoiceNotSaved,
    VoicePromptDamaged,
    VoicePromptMissing,
)
from imagecraft_desktop.speak.base import known
from imagecraft_desktop.speak.recording import RATE_HZ, Warn, check_length, levelled, take
from imagecraft_desktop.speak.transcript import check_pace, check_time, fit
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.new_file import why_not_written
from imagecraft_desktop.system.plain_file import NotReadable, opened
from imagecraft_desktop.values import Tick

log = logging.getLogger(__name__)

_VERSION = 1
_SOUND, _FACTS = "prompt.wav", "voice.json"
_FACTS_BYTES, _SOUND_BYTES = 65_536, 16 * 1024**2
"""More than any that was written here."""
_LOCK_WAIT_S = 5.0

_NAME_LETTERS = 40
_RESERVED = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10)),
    ]
)


@dataclass(frozen=True)
class Prepared:
    """What a voice would be made from.

    Attributes:
        samples: float32, (N,), mono, 16 kHz: trimmed, cut, levelled.
        transcript: What is said in it.
        cut_s: Where the recording was cut, in seconds of it; None when nothing was cut off.
        warnings: A sentence for each thing that could be better.
    """

    samples: NDArray[np.float32]
    transcript: str
    cut_s: float | None
    warnings: tuple[str, ...]

    @property
    def duration_s(self) -> float:
        return len(self.samples) / RATE_HZ


@dataclass(frozen=True)
class VoicePrompt:
    """One voice as its folder tells it; the sound is read by `samples`.

    Attributes:
        name: That of the folder; to be typed.
        transcript: Exactly what is heard in the sound.
        duration_s: Of the sound.
        cut_s: Where the sound ends, from its own start: the whole of it is the prompt.
        consent: The day and what was said then about the speaker's agreement.
        sha256: Of the file prompt.wav.
    """

    name: str
    folder: Path
    transcript: str
    duration_s: float
    cut_s: float
    consent: str
    sha256: str

    def samples(self) -> NDArray[np.float32]:
        """The sound: float32, (N,), mono, 16 kHz, in [-1, 1).

        Raises:
            VoicePromptDamaged: It is not there, or not what was written.
        """
        try:
            with opened(self.folder / _SOUND, _SOUND_BYTES) as file:
                data = file.read()
            if hashlib.sha256(data).hexdigest() != self.sha256:
                raise VoicePromptDamaged("the sum of the sound is wrong", name=self.name)
            with wave.open(io.BytesIO(data)) as sound:
                form = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
                pcm = sound.readframes(sound.getnframes())
        except (NotReadable, EOFError, wave.Error) as error:
            raise VoicePromptDamaged(type(error).__name__, name=self.name) from error
        if form != (1, 2, RATE_HZ):
            raise VoicePromptDamaged("the sound has another form", name=self.name)
        return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)


def names() -> list[str]:
    """The names of all voices, damaged ones too, in the order of the alphabet."""
    try:
        found = [entry.name for entry in _root().iterdir() if entry.is_dir()]
    except OSError:
        return []
    allowed = (name for name in found if _fault(unicodedata.normalize("NFC", name)) is None)
    return sorted(allowed, key=str.casefold)


def listed() -> list[VoicePrompt]:
    """All voices but those whose facts cannot be read; the sound is not looked at."""
    voices = []
    for name in names():
        try:
            voices.append(_read(_root() / name))
        except VoicePromptDamaged as error:
            log.warning("voice left out: %s", error.detail)
    return voices


def load(name: str) -> VoicePrompt:
    """One voice; capitals do not matter.

    Raises:
        VoicePromptMissing: There is none of that name; the sentence names those there are.
        VoicePromptDamaged: Its facts cannot be read.
    """
    return _read(_root() / _existing(name))


def remove(name: str) -> str:
    """Delete a voice, damaged or not, and what was computed for it.

    Returns:
        Its name as it was written.
    Raises:
        VoicePromptMissing: There is none of that name.
        VoiceNotSaved: It cannot be deleted.
    """
    name = _existing(name)
    with _changing(name) as root:
        gone = root / f".gone-{os.urandom(6).hex()}"  # an earlier one may not be deleted yet
        (root / name).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
        _forget_computed(name)
    return name


def add(
    name: str,
    audio: Path,
    transcript: str | None,
    has_consent: bool,
    *,
    cut_s: float | None = None,
    replace: bool = False,
    warn: Warn = log.info,
    tick: Tick = lambda: None,
) -> VoicePrompt:
    """Make a voice from a recording.

    Args:
        name: Letters, digits, blanks, hyphens, underscores.
        audio: A sound file.
        transcript: What is said in it, up to `cut_s`; None to let it be recognised.
        has_consent: Somebody said `strings.VOICE_CONSENT`.
        cut_s: Use the recording up to this second of it; None to cut only what is too long.
        replace: Put it in the place of a voice of that name.
        warn: Called with a sentence for each thing that could be better.
        tick: Called between the parts of the work; what it raises ends it, and nothing was changed.
    Raises:
        ConsentMissing, VoiceNameRefused, VoiceNotSaved: Nothing was changed.
        RecordingRefused: The subclass says what is wrong with recording or transcript.
    """
    if not has_consent:
        raise ConsentMissing
    name = check_name(name, replace)
    made = prepared(audio, transcript, cut_s=cut_s, tick=tick)
    for sentence in made.warnings:
        warn(sentence)
    sound = _as_wav(made.samples)
    facts = {
        "version": _VERSION,
        "name": name,
        "transcript": made.transcript,
        "cut_s": made.duration_s,
        "duration_s": made.duration_s,
        "consent": f"{datetime.date.today().isoformat()}: {say(strings.VOICE_CONSENT)}",
        "source": audio.name,
        "sha256": hashlib.sha256(sound).hexdigest(),
    }
    _store(name, sound, facts, replace)
    return load(name)


def prepared(
    audio: Path,
    transcript: str | None,
    *,
    cut_s: float | None = None,
    tick: Tick = lambda: None,
) -> Prepared:
    """What `add` would make of a recording; arguments as there.

    Raises:
        RecordingRefused: The subclass says what is wrong with recording or transcript.
    """
    warnings: list[str] = []
    recording = take(audio, warnings.append)
    tick()
    words, end_s = fit(recording, transcript, cut_s, tick, warnings.append)
    tick()
    kept = recording.samples[: round(end_s * RATE_HZ)]
    cut = None
    if len(kept) < len(recording.samples):
        cut = recording.begin_s + end_s
        warnings.append(say(strings.VOICE_CUT, cut=f"{cut:.1f}"))
    check_length(kept, audio.name)
    seconds = len(kept) / RATE_HZ
    check_pace(words, seconds, audio.name, warnings.append)
    check_time(words, seconds, audio.name)
    return Prepared(levelled(kept), words, cut, tuple(warnings))


def rename(name: str, new: str) -> str:
    """Give a voice another name.

    Returns:
        The name as it is written now.
    Raises:
        VoicePromptMissing, VoiceNameRefused, VoiceNotSaved: Nothing was changed.
    """
    old = _existing(name)
    is_same = find(new) == old  # only its capitals change
    new = " ".join(new.split()) if is_same else check_name(new, replace=False)
    if (fault := _fault(new)) is not None:
        raise VoiceNameRefused(name=new, reason=fault)
    with _changing(old) as root:
        (root / old).rename(root / new)
        _forget_computed(old)
        _forget_computed(new)
    return new


def check_name(name: str, replace: bool) -> str:
    """The name as it will be written.

    Raises:
        VoiceNameRefused: It cannot be one, or is taken.
    """
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    if (fault := _fault(plain)) is not None:
        raise VoiceNameRefused(name=plain, reason=fault)
    own = find(plain)
    if own is None and plain.casefold() in {other.casefold() for other in known()}:
        raise VoiceNameRefused(name=plain, reason=say(strings.VOICE_NAME_BUILT_IN))
    if own is not None and not replace:
        raise VoiceNameRefused(name=own, reason=say(strings.VOICE_NAME_TAKEN))
    return own or plain


def _fault(name: str) -> str | None:
    """The clause that says why a voice cannot have this name."""
    if len(name) > _NAME_LETTERS:
        return say(strings.VOICE_NAME_LONG, count=_NAME_LETTERS)
    if not name or not all(c.isalpha() or c in "0123456789 -_" for c in name) or name[0] in " -_":
        return say(strings.VOICE_NAME_LETTERS)
    return say(strings.VOICE_NAME_RESERVED) if name.casefold() in _RESERVED else None


def _root() -> Path:
    return paths.data_dir() / "voices"


def find(name: str) -> str | None:
    """The voice of that name, whatever its capitals, as it is written."""
    wanted = unicodedata.normalize("NFC", " ".join(name.split())).casefold()
    same = (own for own in names() if unicodedata.normalize("NFC", own).casefold() == wanted)
    return next(same, None)


def _existing(name: str) -> str:
    if (own := find(name)) is not None:
        return own
    there = ", ".join(names())
    step = say(strings.NEXT_CHOOSE_VOICE, names=there) if there else say(strings.VOICE_NONE_YET)
    raise VoicePromptMissing(name=name, next_step=step)


def _read(folder: Path) -> VoicePrompt:
    """Raises VoicePromptDamaged."""
    try:
        with opened(folder / _FACTS, _FACTS_BYTES) as file:
            facts = json.loads(file.read())
        voice = VoicePrompt(
            name=unicodedata.normalize("NFC", folder.name),
            folder=folder,
            transcript=facts["transcript"],
            duration_s=float(facts["duration_s"]),
            cut_s=float(facts["cut_s"]),
            consent=facts["consent"],
            sha256=facts["sha256"],
        )
    except (NotReadable, ValueError, KeyError, TypeError, RecursionError) as error:
        raise VoicePromptDamaged(type(error).__name__, name=folder.name) from error
    texts = (voice.transcript, voice.consent, voice.sha256)
    is_whole = all(isinstance(text, str) and text for text in texts)
    if not is_whole or facts.get("version") != _VERSION or not 0 < voice.cut_s <= voice.duration_s:
        raise VoicePromptDamaged("the facts make no sense", name=folder.name)
    return voice


def _as_wav(samples: NDArray[np.float32]) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes())
    return file.getvalue()


# -- writing ---------------------------------------------------------------------------------


@contextmanager
def _changing(name: str) -> Iterator[Path]:
    """Hold the folder of voices: one change at a time, and what a broken one left is put right.

    Raises:
        VoiceNotSaved: Also for an OSError inside the block.
    """
    from filelock import FileLock, Timeout

    root = _root()
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(root / ".lock", timeout=_LOCK_WAIT_S):
            _tidy(root)
            yield root
    except Timeout as error:
        raise VoiceNotSaved(name=name, reason=say(strings.VOICE_BUSY)) from error
    except OSError as error:
        detail = type(error).__name__
        raise VoiceNotSaved(detail, name=name, reason=why_not_written(error)) from error


def _tidy(root: Path) -> None:
    """After a power cut: a voice that was about to be replaced comes back, halves go."""
    for left in root.glob(".old-*"):
        own = root / left.name.removeprefix(".old-")
        if not own.exists():
            left.rename(own)
    for left in (*root.glob(".old-*"), root / ".new", *root.glob(".gone*")):
        shutil.rmtree(left, ignore_errors=True)


def _store(name: str, sound: bytes, facts: dict[str, Any], replace: bool) -> None:
    """Write the folder beside its place, then put it there. Raises VoiceNotSaved, VoiceNameRefused."""
    with _changing(name) as root:
        new, place, old = root / ".new", root / name, root / f".old-{name}"
        if place.exists() and not replace:  # another command was quicker
            raise VoiceNameRefused(name=name, reason=say(strings.VOICE_NAME_TAKEN))
        try:
            new.mkdir(mode=0o700)
            _write(new / _SOUND, sound)
            _write(new / _FACTS, json.dumps(facts, ensure_ascii=False, indent=1).encode())
            if place.exists():
                place.rename(old)
            new.rename(place)
        except BaseException:
            _tidy(root)
            raise
        _forget_computed(name)
        shutil.rmtree(old, ignore_errors=True)


def _write(file: Path, data: bytes) -> None:
    with file.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _forget_computed(name: str) -> None:
    shutil.rmtree(paths.cache_dir() / "voices" / name, ignore_errors=True)
