"""Make the earcons, the short sounds of `resources/earcons`. The same bytes each time.

Run it after a change of the table below: `python installer/make_earcons.py`.

What is heard:

accepted   one short, soft tap: the key was understood, the picture is taken.
working    one low, dull tick: it is still at work.
done       two notes, rising: all is said.
nothing    two equal notes in the middle: there is nothing to describe.
error      three low notes, falling: something failed.
cancelled  one note that slides down: stopped, as asked.
"""

from __future__ import annotations

import sys
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 24_000
LEVEL_DBFS = -20.0
"""Loudness of each (root mean square), so that they stay below the speech."""
FOLDER = Path(__file__).resolve().parent.parent / "resources" / "earcons"


@dataclass(frozen=True)
class Note:
    """A tone that slides from one pitch to another; pitch 0 is silence."""

    from_hz: float
    to_hz: float
    lasting_ms: int


def _steady(hz: float, lasting_ms: int) -> Note:
    return Note(hz, hz, lasting_ms)


_REST = _steady(0, 15)
EARCONS = {
    "accepted": (_steady(880, 50),),
    "working": (_steady(330, 60),),
    "done": (_steady(659, 90), _REST, _steady(988, 120)),
    "nothing": (_steady(494, 80), _REST, _steady(494, 80)),
    "error": (_steady(392, 60), _REST, _steady(330, 60), _REST, _steady(262, 90)),
    "cancelled": (Note(740, 370, 150),),
}


def _tone(note: Note) -> NDArray[np.float64]:
    """The note with a soft beginning and end, and a quiet octave that gives it body."""
    count = RATE_HZ * note.lasting_ms // 1000
    pitch = np.linspace(note.from_hz, note.to_hz, count)
    phase = 2 * np.pi * np.concatenate(([0.0], np.cumsum(pitch)[:-1])) / RATE_HZ
    rise = min(RATE_HZ * 8 // 1000, count // 2)
    shape = np.ones(count)
    shape[:rise] = np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    fall = count - rise
    shape[rise:] = np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
    return (np.sin(phase) + 0.25 * np.sin(2 * phase)) * shape


def samples_of(name: str) -> NDArray[np.int16]:
    """int16, (N,), mono, RATE_HZ; begins and ends with 0."""
    sound = np.concatenate([_tone(note) for note in EARCONS[name]])
    sound *= 10 ** (LEVEL_DBFS / 20) / np.sqrt(np.mean(sound**2))
    return np.rint(sound * 32767).astype(np.int16)


def write_all(folder: Path) -> None:
    """Write each as `<name>.wav`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in EARCONS:
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(samples_of(name).astype("<i2").tobytes())


if __name__ == "__main__":
    write_all(FOLDER)
    sys.stdout.write(f"{len(EARCONS)} earcons in {FOLDER}\n")
