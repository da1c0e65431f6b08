"""Where a text is cut into sentences. Used by `prepare` and `phrases`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)»]{0,3}+\s++(?=\S)|\n|(?<=[。！？])")
_NO_END = re.compile(
    r"(?:^|[\s(\"'])(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|Sr|Jr|Gen|Rep|Sen|Gov|Capt|Lt|Col|No|Nos|Fig|Vol|pp?|cf|vs"
    r"|approx|e\.g|i\.e|[A-Z]|(?:[A-Za-z]\.){1,4}[A-Za-z]|Sra|Srta|Ud|Uds|D|Dña|pág|núm|Avda)\.$"
)

_MONTH_END = re.compile(r"(?<!\w)(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\.$")


def is_shortened(text: str) -> bool:
    """Whether the stop at the end of a text is that of a title or of another shortened word."""
    return _NO_END.search(text[-12:]) is not None


def sentences(text: str) -> Iterator[str]:
    """Cut cleaned text at the ends of its sentences and lines."""
    begun = 0
    for end in _SENTENCE_END.finditer(text):
        part = text[begun : end.end()].strip()
        after = text[end.end() : end.end() + 1]
        if (
            end.group() != "\n"
            and part.endswith(".")
            and (
                after.islower()
                or is_shortened(part)
                or (after.isdecimal() and _MONTH_END.search(part[-6:]))
            )
        ):
            continue
        if part:
            yield part
        begun = end.end()
    if part := text[begun:].strip():
        yield part
