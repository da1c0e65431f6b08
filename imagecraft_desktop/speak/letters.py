"""Where the letter A stands alone and is a name, not the article. Used by voices that mix them up."""

from __future__ import annotations

import re

_LETTER_A = re.compile(
    # alone, before a stop, in the middle of a sentence in small letters, beside another lone letter
    r"(?<![\w'])(?:[Aa](?=\W*\Z|[,;:.!?)])|(?<=\w )A(?= [a-z])|(?<=\b[B-Z] )A(?=\W)"
    r"|A(?= (?:(?:and|or) )?[A-Z]\b))(?![\w'])"
)


def with_letter_a(text: str, sound: str) -> str:
    """An English text with each letter A, not the article, in the notation of a voice."""
    return _LETTER_A.sub(sound, text)
