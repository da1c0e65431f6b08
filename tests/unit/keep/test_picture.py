"""A copy of a picture has its description inside, the same pixels and all that was in it before."""

from __future__ import annotations

import io
import os
import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from imagecraft_desktop.errors import FileNotWritten
from imagecraft_desktop.keep.picture import Alt, alt_of, ending_for, save_described
from imagecraft_desktop.values import Certainty, Origin, Picture, Statement

SAMPLES = Path(__file__).parents[3] / "resources" / "samples"
ALT = Alt("Un perro en el césped.", "Un perro en el césped. 2 < 3 & «más».", "es")
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
IPTC = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
OLD_XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:my="http://example.org/my/" my:stars="5">'
    b"<dc:creator><rdf:Seq><rdf:li>Anna</rdf:li></rdf:Seq></dc:creator></rdf:Description>"
    b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def pixels_of(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def picture(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data)) as image:
        return Picture(np.asarray(image.convert("RGB")), Origin.FILE, "a")


def made(kind: str, mode: str = "RGB", **options: object) -> bytes:
    rng = np.random.default_rng(1)
    depth = len(mode)
    shape = (37, 53) if depth == 1 else (37, 53, depth)
    file = io.BytesIO()
    Image.fromarray(rng.integers(0, 255, shape, np.uint8), mode).save(file, kind, **options)
    return file.getvalue()


def saved(tmp_path: Path, data: bytes, ending: str) -> bytes:
    target = tmp_path / f"copy{ending}"
    save_described(target, data, picture(data), ALT)
    return target.read_bytes()


def xmp_of(data: bytes) -> ElementTree.Element:
    with Image.open(io.BytesIO(data)) as image:
        found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    return ElementTree.fromstring(found.decode() if isinstance(found, bytes) else found)


def texts(root: ElementTree.Element, field: str) -> dict[str | None, str | None]:
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    (place,) = root.iter(f"{IPTC}{field}")
    return {one.get(language): one.text for one in place.iter(f"{RDF}li")}


KINDS = {
    "jpeg": (made("JPEG"), ".jpg"),
    "jpeg-progressive": (made("JPEG", progressive=True), ".jpeg"),
    "jpeg-grey": (made("JPEG", "L"), ".jpg"),
    "jpeg-xmp": (made("JPEG", xmp=OLD_XMP), ".jpg"),
    "png": (made("PNG"), ".png"),
    "png-alpha": (made("PNG", "RGBA"), ".png"),
    "webp": (made("WEBP"), ".webp"),
    "webp-lossless-alpha": (made("WEBP", "RGBA", lossless=True), ".webp"),
    "webp-xmp": (made("WEBP", xmp=OLD_XMP), ".webp"),
    "sample": ((SAMPLES / "dog.jpg").read_bytes(), ".jpg"),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_description_is_inside_and_the_pixels_are_the_same(tmp_path: Path, name: str):
    data, ending = KINDS[name]
    copy = saved(tmp_path, data, ending)
    assert np.array_equal(pixels_of(copy), pixels_of(data))
    root = xmp_of(copy)
    assert texts(root, "AltTextAccessibility") == {"x-default": ALT.short, "es": ALT.short}
    assert texts(root, "ExtDescrAccessibility") == {"x-default": ALT.long, "es": ALT.long}
    with Image.open(io.BytesIO(copy)) as image:
        image.load()
        exif = image.getexif()
    assert exif[0x010E].encode("latin-1").decode() == ALT.short


@pytest.mark.parametrize("name", KINDS)
def test_a_second_description_takes_the_place_of_the_first(tmp_path: Path, name: str):
    data, ending = KINDS[name]
    once = saved(tmp_path, data, ending)
    twice = saved(tmp_path, once, ending)
    assert np.array_equal(pixels_of(twice), pixels_of(data))
    assert texts(xmp_of(twice), "AltTextAccessibility")["es"] == ALT.short


@pytest.mark.parametrize("name", ["jpeg-xmp", "webp-xmp"])
def test_what_was_said_before_stays(tmp_path: Path, name: str):
    data, ending = KINDS[name]
    root = xmp_of(saved(tmp_path, data, ending))
    assert next(one.text for one in root.iter(f"{RDF}li")) == "Anna"
    assert "5" in [one.get("{http://example.org/my/}stars") for one in root.iter()]


def test_png_has_it_as_text_and_keeps_a_text_of_its_own(tmp_path: Path):
    copy = saved(tmp_path, KINDS["png"][0], ".png")
    with Image.open(io.BytesIO(copy)) as image:
        assert image.text["Description"] == ALT.long
    own = PngImagePlugin.PngInfo()
    own.add_text("Description", "Mine.")
    own.add_itxt("XML:com.adobe.xmp", OLD_XMP.decode(), zip=True)
    copy = saved(tmp_path, made("PNG", pnginfo=own), ".png")
    with Image.open(io.BytesIO(copy)) as image:
        assert image.text["Description"] == "Mine."
    assert next(one.text for one in xmp_of(copy).iter(f"{RDF}li")) == "Anna"


NEW = Alt("A cat sleeps.", "A cat sleeps. It is grey.")


@pytest.mark.parametrize("name", KINDS)
def test_described_anew_nothing_of_the_old_description_is_left(tmp_path: Path, name: str):
    data, ending = KINDS[name]
    once = saved(tmp_path, data, ending)
    target = tmp_path / f"new{ending}"
    save_described(target, once, picture(data), NEW)
    twice = target.read_bytes()
    assert np.array_equal(pixels_of(twice), pixels_of(data))
    assert texts(xmp_of(twice), "ExtDescrAccessibility")["en"] == NEW.long
    with Image.open(io.BytesIO(twice)) as image:
        image.load()
        assert image.getexif()[0x010E] == NEW.short
        assert image.info.get("Description", NEW.long) == NEW.long
    assert b"perro" not in twice


NOTES, SMALL = b"NOTES" * 9, b"\xff\xd8small\xff\xd9"


def camera_block(order: str, notes: bytes = NOTES) -> bytes:
    """As a camera writes it: with notes and a small picture, both at places counted from the beginning."""
    mark, entry = {"<": b"II*\0", ">": b"MM\0*"}[order], f"{order}HHI4s"

    def at(place: int) -> bytes:
        return struct.pack(f"{order}I", place)

    def directory(*entries: tuple[int, int, int, bytes], following: int = 0) -> bytes:
        packed = b"".join(struct.pack(entry, *one) for one in entries)
        return struct.pack(f"{order}H", len(entries)) + packed + at(following)

    first, exif, second = 8, 8 + 2 + 36 + 4, 8 + 2 + 36 + 4 + 2 + 12 + 4
    data = second + 2 + 24 + 4
    small = data + 8 + len(notes)
    return (
        mark
        + at(first)
        + directory(
            (0x0110, 2, 8, at(data)),
            (0x0112, 3, 1, struct.pack(f"{order}HH", 6, 0)),
            (0x8769, 4, 1, at(exif)),
            following=second,
        )
        + directory((0x927C, 7, len(notes), at(data + 8)))
        + directory((0x0201, 4, 1, at(small)), (0x0202, 4, 1, at(len(SMALL))))
        + b"Camera1\0"
        + notes
        + SMALL
    )


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("kind", "ending"), [("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp")])
def test_a_camera_s_block_has_it_and_all_else_in_it_stays_where_it_was(
    tmp_path: Path, kind: str, ending: str, order: str
):
    block = camera_block(order)
    data = made(kind, exif=b"Exif\0\0" + block if kind != "PNG" else block)
    assert block in data
    for alt in (ALT, NEW):
        target = tmp_path / f"{alt.language}{ending}"
        save_described(target, data, picture(data), alt)
        copy = target.read_bytes()
        begin = copy.index(block[:4])
        kept = copy[begin : begin + len(block)]
        assert kept[:4] + block[4:8] + kept[8:] == block  # but for where the directory is
        with Image.open(io.BytesIO(copy)) as image:
            image.load()
            found = image.getexif()
        assert found[0x010E].encode("latin-1").decode() == alt.short
        assert (found[0x0112], found[0x0110]) == (6, "Camera1")
        assert found.get_ifd(0x8769)[0x927C] == NOTES
        place = begin + struct.unpack_from(f"{order}I", copy, begin + 4)[0]
        tags = [struct.unpack_from(f"{order}H", copy, place + 2 + 12 * n)[0] for n in range(4)]
        assert tags == [0x010E, 0x0110, 0x0112, 0x8769]
        following = struct.unpack_from(f"{order}I", copy, place + 2 + 12 * 4)
        assert following == struct.unpack_from(f"{order}I", block, 8 + 2 + 12 * 3)
        data = copy
    assert b"perro" not in copy


@pytest.mark.filterwarnings("ignore:.*EXIF")
def test_a_block_that_has_no_room_left_or_is_damaged_stays_as_it_is(tmp_path: Path):
    full = camera_block("<", b"N" * 65_400)
    for block in (full, b"II*\0" + b"\xff" * 4, b"MM\0*" + b"\0\0\0\x08\0\x09", b"XX"):
        head = b"\xff\xe1" + (len(block) + 8).to_bytes(2, "big") + b"Exif\0\0" + block
        data = KINDS["jpeg"][0]
        copy = saved(tmp_path, data[:2] + head + data[2:], ".jpg")
        assert head in copy
        assert texts(xmp_of(copy), "AltTextAccessibility")["es"] == ALT.short
    target = tmp_path / "short.jpg"
    save_described(target, made("JPEG", exif=camera_block(">")), picture(data), Alt("No.", "No."))
    with Image.open(target) as image:
        assert image.getexif()[0x010E] == "No."


def test_a_user_s_own_caption_and_orientation_stay(tmp_path: Path):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "My dog", 6
    copy = saved(tmp_path, made("JPEG", exif=exif), ".jpg")
    with Image.open(io.BytesIO(copy)) as image:
        assert image.getexif()[0x010E] == "My dog"
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "Camera"
    copy = saved(tmp_path, made("JPEG", exif=exif), ".jpg")
    with Image.open(io.BytesIO(copy)) as image:
        found = image.getexif()
        assert (found[0x0112], found[0x0110]) == (6, "Camera")
        assert found[0x010E]


@pytest.mark.parametrize("kind", ["BMP", "GIF", "TIFF"])
def test_other_kinds_become_png(tmp_path: Path, kind: str):
    data = made(kind)
    assert ending_for(data) == ".png"
    copy = saved(tmp_path, data, ".png")
    assert np.array_equal(pixels_of(copy), pixels_of(data))
    with pytest.raises(FileNotWritten) as told:
        saved(tmp_path, data, f".{kind.lower()}")
    assert ".png" in told.value.spoken


def test_what_never_was_a_file_becomes_png(tmp_path: Path):
    shown = picture(KINDS["png"][0])
    save_described(tmp_path / "a.png", None, shown, ALT)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), shown.pixels)


def test_a_jpeg_may_be_written_as_png(tmp_path: Path):
    data = KINDS["jpeg"][0]
    assert np.array_equal(pixels_of(saved(tmp_path, data, ".png")), pixels_of(data))


def test_the_original_is_never_written_over(tmp_path: Path):
    original = tmp_path / "a.jpg"
    original.write_bytes(KINDS["jpeg"][0])
    os.link(original, tmp_path / "link.jpg")
    for name in ("a.jpg", "link.jpg"):
        with pytest.raises(FileNotWritten) as told:
            save_described(
                tmp_path / name, original.read_bytes(), picture(KINDS["jpeg"][0]), ALT, original
            )
        assert "the original" in told.value.spoken
    assert original.read_bytes() == KINDS["jpeg"][0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jpg", "link.jpg"]


@pytest.mark.parametrize("name", ["jpeg", "png", "webp"])
def test_a_cut_file_is_told_and_nothing_is_written(tmp_path: Path, name: str):
    data, ending = KINDS[name]
    for size in (20, 30, 45):
        with pytest.raises(FileNotWritten):
            save_described(tmp_path / f"a{ending}", data[:size], picture(data), ALT)
    assert list(tmp_path.iterdir()) == []


def test_damaged_metadata_is_told(tmp_path: Path):
    bomb = b'<!DOCTYPE a [<!ENTITY b "ha">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&b;</x:xmpmeta>'
    for bad in (b"<not closed", bomb):
        with pytest.raises(FileNotWritten) as told:
            saved(tmp_path, made("JPEG", xmp=bad), ".jpg")
        assert "damaged" in told.value.spoken


def test_a_description_that_is_too_long_for_the_format_is_told(tmp_path: Path):
    data = KINDS["jpeg"][0]
    with pytest.raises(FileNotWritten) as told:
        save_described(tmp_path / "a.jpg", data, picture(data), Alt("a", "b" * 70_000))
    assert "too much" in told.value.spoken


def test_the_short_text_has_whole_sentences_and_nothing_about_the_program():
    def said(text: str, source: str = "ocr") -> Statement:
        return Statement(text, Certainty.CERTAIN, source)

    alt = alt_of(
        [said("A dog."), said("x" * 300), said("Sent to box.", "sent"), said("No.", "failure")],
        "en",
    )
    assert (alt.short, alt.long) == ("A dog.", "A dog. " + "x" * 300)
    assert alt_of([said("y" * 300)], "en").short == "y" * 300
    assert alt_of([], "en").long == ""
