"""Takes the picture that is on the clipboard. Runs in the main thread, without numpy.

On X11 the owner is asked directly (`selection_x11`); elsewhere, when this very program owns the
clipboard, and on Wayland when it has the focus, through Qt. The owner is asked once for what it
has and once for the best of it.
"""

from __future__ import annotations

import base64
import binascii
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

from imagecraft_desktop import strings
from imagecraft_desktop.capture.sniff import HEAD_BYTES, sniff
from imagecraft_desktop.errors import NoPictureOnClipboard
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.desktop import session_kind
from imagecraft_desktop.values import Capture, Frame, Origin

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QClipboard

_QT_IMAGE = "application/x-qt-image"
_PICTURES = (
    "image/png",
    "image/webp",
    "image/jpeg",
    "image/tiff",
    "image/bmp",
    "image/gif",
    "image/avif",
    "image/heic",
    "image/heif",
    "image/svg+xml",
    "image/svg",
    "application/pdf",
)
"""The best first: without loss, with see-through parts, quick to make."""
_LONGEST_PATH = 4096
_FILES = ("text/uri-list", "x-special/gnome-copied-files")
_TEXTS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "STRING", "TEXT")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offered:
    """Everything of an offer that can be described.

    Attributes:
        paths: Files and folders.
        contents: Pictures that are there themselves.
        addresses: Of pictures on the web; nothing was fetched.
    """

    paths: tuple[Path, ...] = ()
    contents: tuple[bytes | Frame, ...] = ()
    addresses: tuple[str, ...] = ()


class Offer(Protocol):
    """What the clipboard holds: the names of its formats, and their contents on
    demand."""

    @property
    def formats(self) -> Sequence[str]:
        """The owner's names of them, in any order; none when the clipboard is empty."""

    def read(self, name: str) -> bytes | Frame:
        """The contents in one of the formats; empty when they cannot be had."""


def grab_clipboard() -> Capture:
    """Take the picture on the clipboard: an image, a file, or one inside of copied web content.

    Raises:
        NoPictureOnClipboard: With what it holds instead, or why it cannot be asked.
    """
    return _read(from_offer)


def grab_all() -> Offered:
    """Take every picture on the clipboard. Raises NoPictureOnClipboard."""
    return _read(all_of)


def _read(read: Callable[[Offer], T]) -> T:
    kind = session_kind()
    if kind == "none":
        raise _none(strings.CLIPBOARD_NO_DISPLAY)
    if kind in {"windows", "macos"} or _is_our_own() or (kind == "wayland" and _is_in_front()):
        return read(_QtOffer(_qt_clipboard().mimeData()))
    return _from_x11(read, on_wayland=kind == "wayland")


def _from_x11(read: Callable[[Offer], T], on_wayland: bool) -> T:
    """From the X server; a Wayland desktop may share its clipboard there (Xwayland)."""
    from imagecraft_desktop.capture.selection_x11 import (
        DisplaySilent,
        OwnerGone,
        OwnerSilent,
        open_clipboard,
    )

    try:
        with open_clipboard() as selection:
            if on_wayland and not selection.formats:
                raise _none(strings.CLIPBOARD_WAYLAND)
            return read(selection)
    except OwnerGone as error:
        raise _none(strings.CLIPBOARD_GONE) from error
    except OwnerSilent as error:
        raise _none(strings.CLIPBOARD_SILENT) from error
    except DisplaySilent as error:
        message = strings.CLIPBOARD_WAYLAND if on_wayland else strings.CLIPBOARD_NO_DISPLAY
        raise _none(message) from error


def from_offer(offer: Offer) -> Capture:
    """The best picture of what is offered. Raises NoPictureOnClipboard."""
    if not offer.formats:
        raise _none(strings.CLIPBOARD_EMPTY)
    for name in (*_PICTURES, _QT_IMAGE):
        if name in offer.formats:
            return _image(offer.read(name))
    for name in _FILES:
        if name in offer.formats:
            return _files(_lines(_text(offer.read(name))))
    if "text/html" in offer.formats and (capture := _from_html(_text(offer.read("text/html")))):
        return capture
    for name in _TEXTS:
        if name in offer.formats:
            return _from_text(_text(offer.read(name)))
    raise _none(strings.CLIPBOARD_TEXT if "text/html" in offer.formats else strings.CLIPBOARD_OTHER)


def dropped(mime: QMimeData) -> Offered:
    """What was dropped on a window; read at once, for it is gone when the drop is over."""
    return all_of(_QtOffer(mime))


def all_of(offer: Offer) -> Offered:
    """Every picture of what is offered: files before their contents, contents before addresses.

    A browser offers an address beside the picture itself; the network is the last resort.
    """
    links = [
        link for name in _FILES if name in offer.formats for link in _lines(_text(offer.read(name)))
    ]
    if paths := tuple(dict.fromkeys(path for link in links if (path := _local(link)) is not None)):
        return Offered(paths=paths)
    for name in (*_PICTURES, _QT_IMAGE):
        content = offer.read(name) if name in offer.formats else b""
        if isinstance(content, Frame) or (content and sniff(content[:HEAD_BYTES]) is not None):
            return Offered(contents=(content,))
    return _from_links(offer, links)


def _from_links(offer: Offer, links: list[str]) -> Offered:
    """From web links, a piece of web page, or a text that is one of these or a path."""
    if "text/html" in offer.formats:
        images = _Images()
        images.feed(_text(offer.read("text/html")))
        # the links beside pictures of a page are what these lead to
        links = [source.strip() for source in images.sources] or links
    for name in _TEXTS:
        if not links and name in offer.formats:
            links = [_text(offer.read(name)).strip()]
    for link in links:
        if link[:5].lower() == "data:":
            data = _inline(link)
            return Offered(contents=(data,)) if sniff(data[:HEAD_BYTES]) is not None else Offered()
        if _is_web(link):
            return Offered(addresses=tuple(dict.fromkeys(filter(_is_web, links))))
        path = _local(link) or Path(link)
        if "\n" not in link and len(link) < _LONGEST_PATH and path.is_absolute() and path.exists():
            return Offered(paths=(path,))
    return Offered()


def _none(message: str) -> NoPictureOnClipboard:
    return NoPictureOnClipboard(reason=say(message))


def _capture(content: bytes | Frame | Path, count: int = 1) -> Capture:
    name = str(content) if isinstance(content, Path) else say(strings.CAPTURE_CLIPBOARD)
    notes = (say(strings.CLIPBOARD_SEVERAL, count=count),) if count > 1 else ()
    return Capture(Origin.CLIPBOARD, name, content, notes=notes)


def _image(content: bytes | Frame) -> Capture:
    if isinstance(content, bytes) and sniff(content[:HEAD_BYTES]) is None:
        raise _none(strings.CLIPBOARD_BROKEN)
    return _capture(content)


def _files(links: list[str]) -> Capture:
    """The first of the files that were copied in a file manager."""
    paths = [path for link in links if (path := _local(link)) is not None]
    if paths:
        return _capture(paths[0], len(paths))
    if any(_is_web(link) for link in links):
        raise _none(strings.CLIPBOARD_ADDRESS)
    raise _none(strings.CLIPBOARD_OTHER)


def _from_text(text: str) -> Capture:
    """A text is a picture when it is the link or the path of one."""
    text = text.strip()
    if (capture := _linked(text)) is not None:
        return capture
    path = Path(text)
    if (
        "\n" not in text
        and len(text) < _LONGEST_PATH
        and path.is_absolute()
        and os.path.isfile(path)
    ):
        return _capture(path)
    raise _none(strings.CLIPBOARD_TEXT)


def _from_html(text: str) -> Capture | None:
    """The first picture of a piece of web page; None when it has none."""
    images = _Images()
    images.feed(text)
    return _linked(images.sources[0].strip()) if images.sources else None


class _Images(HTMLParser):
    """Collects the addresses of the pictures in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.sources += [value for name, value in attrs if name == "src" and value]


def _linked(link: str) -> Capture | None:
    """What a link leads to, None when it is no link. Raises NoPictureOnClipboard for the web."""
    if link[:5].lower() == "data:":
        return _image(_inline(link))
    if (path := _local(link)) is not None:
        return _capture(path)
    if _is_web(link):
        raise _none(strings.CLIPBOARD_ADDRESS)
    return None


def _inline(link: str) -> bytes:
    """The bytes inside of a data: link. Raises NoPictureOnClipboard."""
    head, _, body = link.partition(",")
    data = unquote_to_bytes(body)
    if not head.lower().endswith(";base64"):
        return data
    try:
        return base64.b64decode(data)
    except binascii.Error as error:
        raise _none(strings.CLIPBOARD_BROKEN) from error


def _local(link: str) -> Path | None:
    """The path of a file: link to this machine."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or not parts.path:
        return None
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if os.name == "nt":  # /C:/folder
        path = path.lstrip("/")
    return Path(path)


def _is_web(link: str) -> bool:
    return link.lower().startswith(("http://", "https://")) and len(link.split()) == 1


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line and not line.startswith("#")]


def _text(content: bytes | Frame) -> str:
    """Text as programs put it on the clipboard: UTF-8, or UTF-16 as Firefox writes its HTML."""
    data = content if isinstance(content, bytes) else b""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", errors="replace")
    return data.decode("utf-8", errors="replace").rstrip("\0")


# --- Qt ------------------------------------------------------------------------------------------


class _QtOffer:
    """The clipboard as Qt gives it."""

    def __init__(self, mime: QMimeData) -> None:
        self._mime = mime
        self.formats: Sequence[str] = mime.formats()

    def read(self, name: str) -> bytes | Frame:
        if name != _QT_IMAGE:
            return bytes(self._mime.data(name).data())
        return self._frame()

    def _frame(self) -> bytes | Frame:
        """A bitmap of the system, on white; empty when it is broken."""
        from PySide6.QtGui import QImage, QPainter

        image = self._mime.imageData()
        if not isinstance(image, QImage) or image.isNull():
            return b""
        canvas = QImage(image.size(), QImage.Format.Format_RGB32)
        canvas.fill(0xFFFFFFFF)
        painter = QPainter(canvas)
        painter.drawImage(0, 0, image)
        painter.end()
        return Frame(canvas.width(), canvas.height(), bytes(canvas.constBits()))


def _is_our_own() -> bool:
    """Whether this program itself put it there: it could not answer its own question."""
    if "PySide6.QtGui" not in sys.modules:
        return False
    from PySide6.QtGui import QGuiApplication

    there = isinstance(QGuiApplication.instance(), QGuiApplication)
    return there and QGuiApplication.clipboard().ownsClipboard()


def _is_in_front() -> bool:
    """Whether a window of this program has the focus: Wayland shows such a program the clipboard."""
    if "PySide6.QtGui" not in sys.modules:
        return False
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication.focusWindow() is not None


_application: object | None = None


def _qt_clipboard() -> QClipboard:
    """Qt's clipboard; makes the application object that it needs in the command line."""
    from PySide6.QtGui import QGuiApplication

    global _application
    if QGuiApplication.instance() is None:
        _application = QGuiApplication(["imagecraft-desktop"])
    return QGuiApplication.clipboard()
