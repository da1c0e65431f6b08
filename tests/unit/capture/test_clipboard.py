"""What is taken from what the clipboard offers, and Qt's way of offering it."""

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from imagecraft_desktop.capture.clipboard import _QtOffer, from_offer
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.errors import NoPictureOnClipboard
from tests.unit.capture.encoded import FILES, is_halves


class Offer:
    """Remembers what it was asked for."""

    def __init__(self, **contents):
        self.contents = {name.replace("_", "/"): value for name, value in contents.items()}
        self.formats = list(self.contents)
        self.asked = []

    def read(self, name):
        self.asked.append(name)
        return self.contents[name]


def test_best_picture_is_asked_for_once():
    offer = Offer(text_html=b"<p>", image_jpeg=FILES["jpeg"], image_png=FILES["png"])
    assert from_offer(offer).content == FILES["png"]
    assert offer.asked == ["image/png"]


def test_own_bitmap_comes_as_pixels_on_white():
    image = QImage(30, 20, QImage.Format.Format_ARGB32)
    image.fill(0x00FF0000)
    for x in range(15):
        image.setPixel(x, 5, 0xFF0000FF)
    mime = QMimeData()
    mime.setImageData(image)
    pixels = to_picture(from_offer(_QtOffer(mime))).pixels
    assert pixels[5, 3].tolist() == [0, 0, 255]
    assert pixels[5, 20].tolist() == [255, 255, 255]


def test_broken_bitmap_is_told():
    mime = QMimeData()
    mime.setImageData(QImage())
    with pytest.raises(NoPictureOnClipboard, match="damaged"):
        from_offer(_QtOffer(mime))


def test_files_and_pictures_through_qt(tmp_path):
    path = tmp_path / "a b ü.png"
    path.write_bytes(FILES["png"])
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)), QUrl("file:///second.png")])
    capture = from_offer(_QtOffer(mime))
    assert capture.content == path
    assert capture.notes == ("The clipboard holds 2 files. This is the first.",)
    encoded = QMimeData()
    encoded.setData("image/webp", FILES["webp"])
    assert is_halves(to_picture(from_offer(_QtOffer(encoded))).pixels)


def test_nothing_through_qt_is_empty():
    with pytest.raises(NoPictureOnClipboard, match="It is empty"):
        from_offer(_QtOffer(QMimeData()))


@pytest.mark.parametrize("link", [b"file://[::1", b"file://otherhost/a.png", b"file://", b""])
def test_links_that_lead_nowhere_are_refused(link):
    with pytest.raises(NoPictureOnClipboard, match="not a picture"):
        from_offer(Offer(**{"text_uri-list": link}))
