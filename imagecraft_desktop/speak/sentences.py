"""Where a text is cut into sentences. Used by `prepare` and `phrases`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)»]{0,3}+\s++(?=\S)|\n|(?<=[。！？])")
_NO_END = re.compile(
    r"(?:^|[\s(\"'])(?:Mr|Mrs|Ms|Dr|Prof|St|Mt|Sr|Jr|Gen|Rep|Sen|Gov|Capt|Lt|Col|Fig|Vol|pp?|cf|vs"
    r"|approx|e\.g|i\.e|[A-Z]|(?:[A-Za-z]\.){1,4}[A-Za-z]|Rev|Sgt|Ft|Av|Pza|Sta|Sto|Dra|EE|(?<=[0-9IVX] )[ad]|Sra|Srta|Ud|Uds|D|Dña|págs?|núm|Avda)\.$"
)
# Before a number only: "No. Stop."
_NO_END_BEFORE_NUMBER = re.compile(
    r"(?<!\w)(?:Nos?|ca?|(?<!is )(?<!was )(?<!says )(?<!said )no|nos|[Tt]el|[Ee]xt|vol|[Ff]igs?|[Cc]h|Sec"
    r"|[Ee]q|Art|Rs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|(?<=[0-9] )(?:ft|lbs?)|(?<![0-9] )[Mm]in|[Mm]ax|[Mm]áx|[Mm]ín|[Aa]pt|Rm|art|[Cc]ap|[Ee]ne|feb|[Aa]br|jun|jul|sept?|oct|nov|[Dd]ic)\.$"
)

_NO_END_BEFORE_ROMAN = re.compile(r"(?<!\w)s\.$")  # "s. XIX"
_ROMAN = re.compile("[IVX]{2}")


def is_shortened(before: str, after: str) -> bool:
    """Whether the stop at the end of a text is that of a title or of another shortened word."""
    if _NO_END.search(before[-12:]):
        return True
    if _NO_END_BEFORE_ROMAN.search(before[-12:]) and _ROMAN.match(after):
        return True
    return after.lstrip("+(")[:1].isdecimal() and bool(_NO_END_BEFORE_NUMBER.search(before[-12:]))


def sentences(text: str) -> Iterator[str]:
    """Cut cleaned text at the ends of its sentences and lines."""
    begun = 0
    for end in _SENTENCE_END.finditer(text):
        part = text[begun : end.end()].strip()
        after = text[end.end() : end.end() + 3]
        if (
            end.group() != "\n"
            and part.endswith(".")
            and (after[:1].islower() or is_shortened(part, after))
        ):
            continue
        if part:
            yield part
        begun = end.end()
    if part := text[begun:].strip():
        yield part
