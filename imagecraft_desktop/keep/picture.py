"""Writes a copy of a picture with its description inside, as alternative text.

The image data is copied byte for byte: JPEG, PNG and WebP get blocks of metadata put in beside it.
Other kinds are written as PNG. The libraries that write XMP either re-encode the picture (Pillow),
are under the GPL (those over Exiv2) or no longer kept; so Pillow makes a new EXIF block, and the few
bytes around a block are laid here.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.errors import FileNotWritten
from imagecraft_desktop.keep import jpeg, png, webp
from imagecraft_desktop.keep.blocks import Alt, Damaged
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.new_file import write_new
from imagecraft_desktop.values import FAILURE, Picture, Statement

_MOST_SHORT = 250
"""Characters; what IPTC advises for the shorter of the two texts."""


@dataclass(frozen=True)
class _Kind:
    head: bytes
    endings: tuple[str, ...]
    embed: Callable[[bytes, Alt], bytes]


_KINDS = (
    _Kind(b"\xff\xd8\xff", (".jpg", ".jpeg", ".jpe", ".jfif"), jpeg.embed),
    _Kind(b"\x89PNG\r\n\x1a\n", (".png",), png.embed),
    _Kind(b"RIFF", (".webp",), webp.embed),
)
_PNG = _KINDS[1]


def alt_of(statements: Sequence[Statement], language: str) -> Alt:
    """The alternative text: the first sentences, and all of them. What is about the program and not
    about the picture is left out.

    Args:
        language: BCP 47 tag of the sentences.
    """
    texts = [one.text for one in statements if one.source not in {FAILURE, "sent"}]
    short = texts[0] if texts else ""
    for text in texts[1:]:
        if len(short) + 1 + len(text) > _MOST_SHORT:
            break
        short += f" {text}"
    return Alt(short, " ".join(texts), language)


def ending_for(original: bytes | None) -> str:
    """How the name of the copy is to end."""
    return _kind_of(original).endings[0]


def save_described(
    path: Path, original: bytes | None, picture: Picture, alt: Alt, source: Path | None = None
) -> None:
    """Write the copy; it appears whole or not at all.

    Args:
        original: The image file's bytes; None when there never was a file.
        picture: The same, decoded: written where the file is of a kind that is not known here.
        source: Where the original lies; it is never written over.
    Raises:
        FileNotWritten: With the reason.
    """
    if source is not None and path.exists() and path.samefile(source):
        raise FileNotWritten(name=path.name, reason=say(strings.KEEP_ORIGINAL))
    kind = _kind_of(original)
    if path.suffix.lower() not in {*kind.endings, *_PNG.endings}:
        endings = ", ".join(dict.fromkeys((kind.endings[0], *_PNG.endings)))
        raise FileNotWritten(name=path.name, reason=say(strings.HISTORY_ENDING, endings=endings))
    is_copy = original is not None and original.startswith(kind.head)
    if original is None or not is_copy or path.suffix.lower() not in kind.endings:
        kind, original = _PNG, _as_png(picture)
    try:
        data = kind.embed(original, alt)
    except Damaged as error:
        raise FileNotWritten(str(error), name=path.name, reason=say(error.message)) from error
    write_new(path, data)


def _kind_of(original: bytes | None) -> _Kind:
    """The kind of a file; PNG for what cannot be copied with metadata in it."""
    for kind in _KINDS:
        is_riff = kind.head == b"RIFF"
        if original is None or (is_riff and original[8:12] != b"WEBP"):
            continue
        if original.startswith(kind.head):
            return kind
    return _PNG


def _as_png(picture: Picture) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture.pixels).save(file, "PNG")
    return file.getvalue()
