"""Every kind of file becomes an upright RGB picture, or an error with its own reason."""

import base64
import gzip
import io
import os
import socket
import struct
import sys
import threading
import zlib
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image, ImageDraw

from imagecraft_desktop import strings
from imagecraft_desktop.capture.decode import to_picture
from imagecraft_desktop.capture.file import from_bytes, from_path, from_stream
from imagecraft_desktop.errors import Cancelled, UnreadableImage
from imagecraft_desktop.values import Box, Capture, Frame, Origin
from tests.unit.capture.encoded import FILES, SVG, encode, grey16, halves, is_halves, pdf


def decode(data):
    return to_picture(Capture(Origin.FILE, "it", data))


def reason(content):
    with pytest.raises(UnreadableImage) as error:
        to_picture(content if isinstance(content, Capture) else Capture(Origin.FILE, "it", content))
    return error.value.words["reason"]


@pytest.mark.parametrize("kind", FILES)
def test_each_format_is_decoded_whatever_the_file_is_called(kind, tmp_path):
    path = tmp_path / "wrong extension.txt"
    path.write_bytes(FILES[kind])
    picture = to_picture(from_path(path))
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.shape[2] == 3
    assert is_halves(picture.pixels)
    assert picture.name == str(path)
    assert picture.notes == ()


def test_pixels_of_a_frame_are_reordered_and_what_is_known_goes_along():
    data = bytes([10, 20, 30, 0] * 3 + [40, 50, 60, 255] * 3)
    capture = Capture(
        Origin.WINDOW,
        "Mail",
        Frame(3, 2, data),
        title="Mail",
        app="mailer",
        place=Box(5, 6, 8, 8),
        notes=("A note.",),
    )
    picture = to_picture(capture)
    assert picture.pixels.tolist() == [[[30, 20, 10]] * 3, [[60, 50, 40]] * 3]
    assert (picture.title, picture.app, picture.place) == ("Mail", "mailer", Box(5, 6, 8, 8))
    assert picture.notes == ("A note.",)


def test_frame_of_the_wrong_length_is_refused():
    assert reason(Frame(3, 2, bytes(23))) == "the file is damaged; get it again"


def test_nobody_can_write_into_a_picture():
    with pytest.raises(ValueError, match="read-only"):
        decode(FILES["png"]).pixels[0, 0, 0] = 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_is_turned_upright(kind, orientation):
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = halves()
    image.paste((20, 200, 20), (0, 0, 32, 10))  # the upper left corner is green
    stored = image.transpose(turn[orientation]) if orientation in turn else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = decode(encode(stored, kind, exif=exif.tobytes(), quality=95)).pixels
    assert pixels.shape == (48, 64, 3)
    assert pixels[4, 8, 1] > 150 > 120 > pixels[4, 8, 0]
    assert is_halves(pixels)


def test_picture_with_damaged_camera_notes_is_still_decoded():
    data = encode(halves(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08" + b"\xff" * 40)
    assert is_halves(decode(data).pixels)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_keeps_its_range(kind):
    pixels = decode(encode(grey16(0, 65535), kind)).pixels
    assert pixels.min() == 0
    assert pixels.max() == 255
    assert abs(int(pixels[24, 32, 0]) - 128) < 4


@pytest.mark.parametrize(
    "values",
    [
        np.linspace(-3, 7, 3072).astype(np.float32),
        np.linspace(0, 2**31 - 1, 3072).astype(np.int32),
        np.array([np.nan, np.inf, -np.inf, *np.linspace(0, 1, 3069)], np.float32),
    ],
)
def test_values_without_a_range_are_stretched(values):
    pixels = decode(encode(Image.fromarray(values.reshape(48, 64)), "TIFF")).pixels
    assert pixels.min() == 0
    assert pixels.max() == 255


def test_flat_values_without_a_range_are_black():
    flat = Image.fromarray(np.full((4, 4), 0.5, np.float32))
    assert decode(encode(flat, "TIFF")).pixels.max() == 0


def words(colour):
    image = Image.new("RGBA", (200, 60), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((20, 20, 180, 40), fill=colour)
    return image


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("colour", [(0, 0, 0, 255), (255, 255, 255, 255), (250, 250, 200, 255)])
def test_see_through_picture_is_shown_on_a_ground_that_lets_it_be_seen(kind, colour):
    pixels = decode(encode(words(colour), kind, lossless=True)).pixels.astype(int)
    assert abs(pixels[30, 100].mean() - pixels[2, 2].mean()) > 150


def test_see_through_palettes_and_greys_are_filled():
    grey = Image.new("LA", (10, 10), (0, 0))
    grey.paste((10, 255), (0, 0, 5, 10))
    for data in (
        encode(grey, "PNG"),
        encode(words((0, 0, 0, 255)).quantize(4), "PNG"),
        encode(words((0, 0, 0, 255)), "GIF"),
    ):
        pixels = decode(data).pixels
        assert pixels.min() < 20
        assert pixels.max() == 255


def test_invisible_picture_is_white():
    assert decode(encode(Image.new("RGBA", (9, 9), (5, 5, 5, 0)), "PNG")).pixels.min() == 255


def animation(kind, frames, **options):
    return encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, **options)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_first_frame_of_an_animation_that_shows_something(kind):
    blank = Image.new("RGB", (64, 48), "black")
    other = halves().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture = decode(animation(kind, [blank, halves(), other]))
    assert is_halves(picture.pixels)
    assert picture.notes == ("An animation of 3 pictures; this is number 2.",)


def test_animation_that_shows_nothing_gives_its_first_frame():
    frames = [Image.new("RGB", (8, 8), (i, 0, 0)) for i in (0, 90, 180)]
    picture = decode(animation("GIF", frames))
    assert picture.pixels.max() == 0
    assert picture.notes == ("An animation of 3 pictures; this is number 1.",)


def test_looking_for_a_frame_that_shows_something_can_be_stopped_and_has_an_end(monkeypatch):
    ticks = []

    def tick():
        ticks.append(1)
        if len(ticks) == 3:
            raise Cancelled

    frames = [Image.new("RGB", (20, 20), (i, 0, 0)) for i in range(0, 250, 25)]
    capture = Capture(Origin.FILE, "it", animation("GIF", frames))
    with pytest.raises(Cancelled):
        to_picture(capture, tick)
    # the search costs no more pixels than one large picture: here two frames
    monkeypatch.setattr("imagecraft_desktop.capture.raster.MOST_DECODED_PIXELS", 800)
    picture = decode(animation("GIF", [*frames[:2], halves().resize((20, 20))]))
    assert picture.notes == ("An animation of 3 pictures; this is number 1.",)


def test_further_pages_are_noted():
    tiff = animation("TIFF", [halves(), Image.new("RGB", (5, 5))])
    assert decode(tiff).notes == ("First page of 2.",)
    assert decode(pdf(pages=12)).notes == ("First page of 12.",)


def test_one_pixel_is_a_picture():
    assert decode(encode(Image.new("RGB", (1, 1), (1, 2, 3)), "PNG")).pixels.tolist() == [
        [[1, 2, 3]]
    ]


@pytest.mark.parametrize(
    ("kind", "edge"), [("PNG", 65_535), ("TIFF", 65_535), ("BMP", 65_535), ("JPEG", 65_500)]
)
def test_longest_edge_is_decoded(kind, edge):
    for width, height in ((edge, 2), (2, edge)):
        data = encode(Image.new("RGB", (width, height), "red"), kind)
        assert decode(data).pixels.shape == (height, width, 3)


@pytest.mark.parametrize(("mode", "kind"), [("L", "JPEG"), ("L", "PNG"), ("P", "PNG")])
def test_large_picture_is_made_smaller(mode, kind):
    pixels = decode(encode(Image.new(mode, (7000, 7000), 9), kind)).pixels
    assert pixels.shape == (3500, 3500, 3)


def test_sixteen_bit_picture_that_is_large_is_made_smaller():
    pixels = decode(encode(Image.new("I;16", (7000, 6000), 65535), "PNG")).pixels
    assert pixels.shape == (3000, 3500, 3)
    assert pixels.min() == 255


# --- vector ------------------------------------------------------------------------------------


def test_small_drawing_is_drawn_large():
    assert decode(SVG).pixels.shape == (768, 1024, 3)


def test_drawing_is_found_packed_in_utf16_or_with_a_doctype():
    assert is_halves(decode(gzip.compress(SVG)).pixels)
    text = '<?xml version="1.0" encoding="utf-16"?>' + SVG.decode()
    assert is_halves(decode(text.encode("utf-16")).pixels)
    illustrator = (
        b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd" ['
        b'<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>'
        + SVG.replace(b"http://www.w3.org/2000/svg", b"&ns_svg;")
    )
    assert is_halves(decode(illustrator).pixels)


def test_text_is_drawn_without_a_display_also_from_a_thread():
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60">'
        b'<text x="5" y="45" font-size="40">Words</text></svg>'
    )
    found = []
    thread = threading.Thread(target=lambda: found.append(decode(drawing).pixels))
    thread.start()
    thread.join(30)
    assert (found[0] < 100).any()


def test_drawing_with_light_colours_is_on_dark_ground():
    pixels = decode(SVG.replace(b"220", b"255").replace(b"30", b"250")).pixels
    light = SVG.replace(b'width="32"', b'width="8"').replace(b"30,30,220", b"255,255,255")
    assert pixels.max() == 255
    assert decode(light.replace(b"220,30,30", b"250,250,250")).pixels.min() == 40


def test_drawing_reaches_neither_disk_nor_network(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(encode(Image.new("RGB", (50, 50), (0, 255, 0)), "PNG"))
    nested = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<image href="{secret}" width="9" height="9"/></svg>'
    ).encode()
    hidden = [
        "data:image/svg+xml;base64," + base64.b64encode(nested).decode(),
        "data:image/png;base64," + base64.b64encode(gzip.compress(nested)).decode(),
        "data:image/heic;base64,"  # a comment may begin like a HEIC file
        + base64.b64encode(b"<!--ftypheic-->" + nested).decode(),
    ]
    drawn_inside = "".join(
        f'<image xlink:href="{link}" width="50" height="50"/>' for link in hidden
    )
    css = tmp_path / "secret.css"
    css.write_text("rect { fill: lime }")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        drawing = f"""<?xml version="1.0"?>
        <?xml-stylesheet type="text/css" href="{css}"?>
        <!DOCTYPE svg [<!ENTITY x SYSTEM "file://{css}">]>
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
          width="100" height="100"><style>@import url("{css}");</style>
        <rect width="100" height="100" fill="black"/>
        <image xlink:href="{secret}" width="50" height="50"/>
        <image xlink:href="file://{secret}" width="50" height="50"/>
        <image href="http://127.0.0.1:{port}/a.png" width="50" height="50"/>
        {drawn_inside}
        <text y="80" fill="lime">&x;</text></svg>"""
        picture = decode(drawing.encode())
        with pytest.raises(TimeoutError):
            server.accept()
    assert picture.pixels[:, :, 1].max() == 0
    assert picture.notes == ("Linked pictures were left out.",)


def in_lines(text):
    return "".join(f"{text[i : i + 76]}\n" for i in range(0, len(text), 76))


@pytest.mark.parametrize(
    ("kind", "written"),
    [("png", in_lines), ("jpeg", quote), ("gif", str), ("bmp", str), ("webp", str), ("tiff", str)],
)
def test_picture_inside_a_drawing_is_kept(kind, written):
    inside = written(base64.b64encode(FILES[kind]).decode())
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="64" height="48"><image xlink:href=" data:image/png;base64,{inside}" '
        'width="64" height="48"/></svg>'
    )
    picture = decode(drawing.encode())
    assert is_halves(picture.pixels)
    assert picture.notes == ()


def test_page_is_fine_enough_to_read():
    assert decode(pdf()).pixels.shape == (556, 556, 3)


@pytest.mark.parametrize("box", [b"0 0 200000 200000", b"0 0 1 14400", b"0 0 14400 1"])
def test_page_of_any_size_stays_within_bounds(box):
    pixels = decode(pdf(box=box)).pixels
    assert pixels.shape[0] * pixels.shape[1] <= 16_100_000
    assert max(pixels.shape) <= 16_384


# --- refusals ----------------------------------------------------------------------------------


def whole_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width, height, depth=8, colour=2):
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + whole_chunk(b"IHDR", head)
        + whole_chunk(b"IDAT", zlib.compress(bytes(1000)))
        + whole_chunk(b"IEND", b"")
    )


def test_picture_with_too_many_pixels_is_refused_before_it_is_decoded():
    assert reason(png_of(65_535, 65_535)) == (
        "it has too many pixels, 65535 by 65535; make it smaller than 80 million"
    )
    assert "too many pixels" in reason(png_of(2**31 - 1, 2**31 - 1))


@pytest.mark.parametrize("kind", FILES)
def test_file_that_is_cut_off_says_so(kind):
    data = FILES[kind]
    found = set()
    for share in (0.35, 0.6, 0.9):
        try:
            decode(data[: int(len(data) * share)])
        except UnreadableImage as error:
            found.add(error.words["reason"])
    assert found == {"the file is cut off; get it again"}


def test_damage_is_not_called_cut_off():
    data = bytearray(FILES["png"])
    middle = data.index(b"IDAT") + 10
    data[middle : middle + 8] = b"\xff" * 8
    assert reason(bytes(data)) == "the file is damaged; get it again"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear Ann,\nhere is the photo.\n", "it is text, not a picture"),
        ("Größe: 3 €".encode(), "it is text, not a picture"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "it is a web page, not a picture"),
        (b"<html><body><svg></svg></body></html>", "it is a web page, not a picture"),
        (b"PK\x03\x04" + bytes(40), "it is not a kind of picture that can be opened here"),
        (
            b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(99),
            "it is not a kind of picture that can be opened here",
        ),
        (bytes(500), "it is not a kind of picture that can be opened here"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'", "the file is cut off"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/>",
            "it holds no drawing",
        ),
        (gzip.compress(b"just text", mtime=0), "it is text, not a picture"),
        (gzip.compress(SVG, mtime=0)[:-20], "the file is cut off"),
    ],
)
def test_what_is_no_picture_is_named(content, said):
    assert reason(content).startswith(f"{said}; ")


def test_page_under_a_password_says_so():
    import pypdfium2

    locked = pdf().replace(
        b"trailer<<",
        b"trailer<</ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O("
        + b"a" * 32
        + b")/U("
        + b"b" * 32
        + b")>>",
    )
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(locked)
    assert reason(locked) == strings.READ_PASSWORD


def test_every_bad_path_has_its_own_reason(tmp_path, monkeypatch):
    (tmp_path / "empty.png").touch()
    (tmp_path / "big.png").touch()
    os.truncate(tmp_path / "big.png", 300 * 1024**2)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    said = {
        name: reason(from_path(tmp_path / name))
        for name in ("gone.png", "empty.png", "", "big.png", "empty.png/x", "a\0b", "loop")
    }
    assert said == {
        "gone.png": "there is no such file; check its name",
        "empty.png": "the file is empty; get it again",
        "": "it is a folder; name a file in it",
        "big.png": "it is larger than 200 megabytes; make it smaller, or choose another",
        "empty.png/x": "there is no such file; check its name",
        "a\0b": "there is no such file; check its name",
        "loop": "the system says: Too many levels of symbolic links; try again, or choose another file",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_pipes_sockets_and_devices_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.png"))
        for path in (tmp_path / "pipe.png", tmp_path / "socket.png", Path("/dev/zero")):
            assert reason(from_path(path)) == "it is not an ordinary file; choose another"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has other rights")
def test_file_that_may_not_be_read_says_so(tmp_path, monkeypatch):
    path = tmp_path / "secret.png"
    path.write_bytes(FILES["png"])
    path.chmod(0)
    if os.geteuid() == 0:  # the superuser may read all: let the system call refuse

        def refuse(*_):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("imagecraft_desktop.system.plain_file.os.open", refuse)
    assert reason(from_path(path)) == strings.READ_NOT_ALLOWED


def test_standard_input_is_read_to_its_end():
    picture = to_picture(from_stream(io.BytesIO(FILES["webp"])))
    assert is_halves(picture.pixels)
    assert picture.origin is Origin.STDIN
    with pytest.raises(UnreadableImage, match=r"standard input .* the file is empty"):
        from_stream(io.BytesIO())


def test_endless_standard_input_is_ended(monkeypatch):
    monkeypatch.setattr("imagecraft_desktop.capture.file.MOST_BYTES", 3_000_000)

    class Endless(io.RawIOBase):
        def read(self, size=-1):
            return bytes(size)

    with pytest.raises(UnreadableImage, match="larger than 2 megabytes"):
        from_stream(Endless())


def test_bytes_in_memory_keep_their_origin():
    capture = from_bytes(FILES["gif"], "clipboard", Origin.CLIPBOARD)
    assert to_picture(capture).origin is Origin.CLIPBOARD
