"""Draws SVG pictures with Qt, cut off from disk and network.

Runs in a process of its own: see `apart`.
"""

from __future__ import annotations

import base64
import io
import math
import xml.sax
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes
from xml.sax.saxutils import XMLGenerator

from imagecraft_desktop import strings
from imagecraft_desktop.capture.apart import Drawn
from imagecraft_desktop.capture.limits import Refused
from imagecraft_desktop.capture.sniff import HEAD_BYTES, Format, is_cut_off, sniff

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QImage

_MOST_BYTES = 20 * 1024 * 1024
_LONGEST_EDGE = 4096
_SHORTEST_LONG_EDGE = 1024
"""A small icon is drawn this large: a drawing has no pixels of its own."""
_PICTURES = {Format.PNG, Format.JPEG, Format.GIF, Format.BMP, Format.WEBP, Format.TIFF}
"""What may lie inside of a drawing: formats whose first bytes cannot also begin a drawing."""


def draw(data: bytes) -> Drawn:
    """Draw an SVG picture on a see-through ground.

    Raises:
        Refused: With the reason.
    """
    from PySide6.QtGui import QGuiApplication

    if len(data) > _MOST_BYTES:
        raise Refused(strings.READ_TOO_BIG, megabytes=_MOST_BYTES // 1024**2)
    clean, links = _without_links(data)
    application = QGuiApplication(["imagecraft-desktop"])  # without it Qt ends at the first text
    image = _draw(clean)
    drawn = Drawn(image.width(), image.height(), "RGBA", bytes(image.constBits()), links=links)
    application.shutdown()
    return drawn


class _BoundedBytes(io.BytesIO):
    """Refuses to grow without bound: entities can make a small document a huge one."""

    def write(self, data: ReadableBuffer) -> int:
        if self.tell() > 2 * _MOST_BYTES:
            raise Refused(strings.READ_TOO_BIG, megabytes=_MOST_BYTES // 1024**2)
        return super().write(data)


class _Cleaner(XMLGenerator):
    """Writes the document again without what could reach outside of it.

    Document types, processing instructions (style sheets) and external entities are dropped;
    links are kept only into the document itself and to pictures of pixels inside of it.
    """

    def __init__(self, out: io.BytesIO) -> None:
        super().__init__(out, encoding="utf-8", short_empty_elements=True)
        self.links = 0

    def startElement(self, name: str, attrs: xml.sax.xmlreader.AttributesImpl) -> None:
        kept = {}
        for key, value in attrs.items():
            if key.rpartition(":")[2] not in {"href", "src"}:
                kept[key] = value
            elif link := _inner_link(value):
                kept[key] = link
            else:
                self.links += name.rpartition(":")[2] in {"image", "feImage", "use"}
        super().startElement(name, xml.sax.xmlreader.AttributesImpl(kept))

    def processingInstruction(self, target: str, data: str) -> None:
        pass


def _inner_link(link: str) -> str:
    """The link, when it leads to a part of the document or holds a picture; else "".

    A drawing inside of the drawing would be opened by Qt's plug-in, which follows links. What is
    kept is written again, so that Qt can find in it nothing but what was checked.
    """
    link = link.strip()
    if link.startswith("#"):
        return link
    head, _, body = link.partition(",")
    if not head.startswith("data:") or not head.endswith(";base64"):
        return ""
    try:
        data = base64.b64decode(unquote_to_bytes(body))
    except ValueError:
        return ""
    if sniff(data[:HEAD_BYTES]) not in _PICTURES:
        return ""
    return f"data:;base64,{base64.b64encode(data).decode()}"


def _without_links(data: bytes) -> tuple[bytes, int]:
    """The document without links to the outside, and how many pictures were linked."""
    out = _BoundedBytes()
    cleaner = _Cleaner(out)
    # expat bounds how far entities may grow, and external ones are off
    parser = xml.sax.make_parser()  # noqa: S317
    parser.setContentHandler(cleaner)
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    parser.setFeature(xml.sax.handler.feature_external_pes, False)
    try:
        parser.parse(io.BytesIO(data))
    except (xml.sax.SAXException, ValueError, LookupError) as error:
        cut = is_cut_off(data, Format.SVG)
        raise Refused(strings.READ_CUT_OFF if cut else strings.READ_DAMAGED) from error
    return out.getvalue(), cleaner.links


def _draw(clean: bytes) -> QImage:
    """Draw as 8-bit RGBA, rows without padding."""
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer()
    renderer.setAnimationEnabled(False)
    if not renderer.load(QByteArray(clean)) or not renderer.isValid():
        raise Refused(strings.READ_DAMAGED)
    width, height = _size(renderer.defaultSize())
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise Refused(strings.READ_NO_MEMORY)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_RGBA8888)


def _size(natural: QSize) -> tuple[int, int]:
    """Width and height to draw at, in pixels, in the drawing's own proportions."""
    width, height = natural.width(), natural.height()
    if width <= 0 or height <= 0:
        raise Refused(strings.READ_NO_DRAWING)
    longest = max(width, height)
    scale = min(max(longest, _SHORTEST_LONG_EDGE), _LONGEST_EDGE) / longest
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))
