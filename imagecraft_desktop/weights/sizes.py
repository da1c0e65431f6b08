"""Sizes in words, for the ear: "1.2 gigabytes"."""

from __future__ import annotations

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say

_MEGA, _GIGA = 10**6, 10**9


def in_words(n_bytes: int) -> str:
    """A number of bytes, in the language of now; gigabytes are 10^9 bytes, as sellers of disks count."""
    if n_bytes >= 10 * _GIGA:
        return say(strings.SIZE_GIGABYTES, number=round(n_bytes / _GIGA))
    if n_bytes >= 0.995 * _GIGA:
        return say(strings.SIZE_GIGABYTES, number=f"{n_bytes / _GIGA:.1f}")
    return say(strings.SIZE_MEGABYTES, count=max(1, round(n_bytes / _MEGA)))
