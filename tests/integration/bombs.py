"""Small files that would be huge, or endless, if they were believed."""

import struct
import zlib

from PIL import Image

from tests.unit.capture.encoded import FILES, encode, pdf


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, depth, colour, fill=b"\0"):
    """A real PNG of zeros, made without ever holding it whole."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    row = b"\0" + fill * ((width * depth * channels + 7) // 8)
    pack = zlib.compressobj(6)
    body = b"".join(pack.compress(row) for _ in range(height)) + pack.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg_of(width, height, progressive=False):
    """A small JPEG whose header claims another size."""
    data = bytearray(FILES["jpeg-progressive" if progressive else "jpeg"])
    at = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def gif(width, height, frames):
    """A GIF of flat frames given as (left, top, width, height), each with almost no data."""
    out = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    for frame in frames:
        out += b"\x2c" + struct.pack("<HHHHB", *frame, 0) + b"\x02\x02\x44\x01\x00"
    return out + b";"


def gif_blank(side, count):
    """A whole GIF of equal even frames."""
    one = encode(Image.new("P", (side, side)), "GIF")
    start = 13 + 3 * 2 ** ((one[10] & 7) + 1)  # behind the header and the palette
    return one[:start] + one[start:-1] * count + b";"


def webp(width, height):
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + bytes(32)
    riff = b"WEBPVP8L" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(riff)) + riff


def bmp(width, height):
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 154, 0, 0, 54) + head + bytes(100)


def tiff(tags):
    """A little-endian TIFF of one directory; every value is a 32-bit number."""
    out = b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags))
    for tag, value in sorted(tags.items()):
        out += struct.pack("<HHII", tag, 4, 1, value)
    return out + bytes(64)


def tiff_of(width, height, compression, **more):
    tags = {256: width, 257: height, 258: 8, 259: compression, 262: 1, 273: 200, 277: 1}
    tags |= {278: height, 279: 50} | {int(k[1:]): v for k, v in more.items()}
    return tiff(tags)


def ispe(kind, width, height):
    """A small HEIC or AVIF whose header claims another size."""
    data = bytearray(FILES[kind])
    at = data.index(b"ispe")
    data[at + 8 : at + 16] = struct.pack(">II", width, height)
    return bytes(data)


def svg(body, size='width="300" height="300"', head=""):
    text = (
        f'<?xml version="1.0"?>{head}<svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" {size}>{body}</svg>'
    )
    return text.encode()


def laughs():
    """Entities that grow tenfold nine times."""
    steps = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return svg("<text>&l9;</text>", head=f'<!DOCTYPE svg [<!ENTITY l0 "laugh">{steps}]>')


def doubling():
    """Groups that use the group before twice."""
    groups = "".join(
        f'<g id="g{i}"><use xlink:href="#g{i - 1}"/><use xlink:href="#g{i - 1}"/></g>'
        for i in range(1, 40)
    )
    return svg(f'<g id="g0"><rect width="9" height="9"/></g>{groups}')


def flate_pdf(megabytes):
    """A page whose packed contents are this large."""
    body = zlib.compress(b"0 0 m 9 9 l S\n" * (megabytes * 1024**2 // 14))
    plain = pdf(b"X")
    return plain.replace(
        b"<</Length 1>>stream\nX\n",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\n" % (len(body), body),
    )


def image_pdf(width, height):
    """A page with an inline picture of a claimed size."""
    return pdf(b"200 0 0 200 0 0 cm BI /W %d /H %d /BPC 8 /CS /RGB ID x EI" % (width, height))


def jpeg_large(width, height):
    return encode(Image.new("L", (width, height), 77), "JPEG", quality=20)


BOMBS = {
    "png-header": lambda: (
        png(65_535, 1, 8, 2)[:16] + struct.pack(">II", 65_535, 65_535) + bytes(99)
    ),
    "png-one-bit": lambda: png(30_000, 30_000, 1, 0),
    "png-largest": lambda: png(8900, 8900, 8, 6, b"\x80"),
    "png-largest-16": lambda: png(8900, 8900, 16, 0, b"\x80"),
    "jpeg-largest": lambda: jpeg_large(20_000, 20_000),
    "jpeg-header": lambda: jpeg_of(65_500, 65_500),
    "jpeg-progressive": lambda: jpeg_of(65_500, 65_500, progressive=True),
    "jpeg-progressive-large": lambda: jpeg_of(8900, 8900, progressive=True),
    "gif-header": lambda: gif(65_535, 65_535, [(0, 0, 1, 1)]),
    "gif-grows": lambda: gif(9, 9, [(0, 0, 1, 1), (0, 0, 65_535, 65_535)]),
    "gif-many": lambda: gif(2000, 2000, [(0, 0, 2000, 2000)] * 20_000),
    "gif-blank": lambda: gif_blank(8900, 30),
    "webp-header": lambda: webp(16_383, 16_383),
    "bmp-header": lambda: bmp(65_535, 65_535),
    "bmp-negative": lambda: bmp(30_000, -2_147_483_648),
    "tiff-header": lambda: tiff_of(65_535, 65_535, 1),
    "tiff-packed": lambda: tiff_of(8000, 8000, 8),
    "tiff-tile": lambda: tiff_of(100, 100, 5, t322=2**30, t323=2**30, t324=200, t325=50),
    "tiff-rows": lambda: tiff_of(100, 100, 5, t278=2**31 - 1),
    "tiff-tags": lambda: tiff_of(100, 100, 1, t282=2**31, t320=2**31),
    "heic-header": lambda: ispe("heic", 65_535, 65_535),
    "avif-header": lambda: ispe("avif", 65_535, 65_535),
    "svg-laughs": laughs,
    "svg-doubling": doubling,
    "svg-deep": lambda: svg("<g>" * 100_000 + "</g>" * 100_000),
    "svg-size": lambda: svg('<rect width="9" height="9"/>', 'width="1e9" height="1e9"'),
    "svg-thin": lambda: svg('<rect width="9" height="9"/>', 'width="1e9" height="1"'),
    "svg-blur": lambda: svg(
        '<filter id="f" x="-1e6" y="-1e6" width="2e6" height="2e6">'
        '<feGaussianBlur stdDeviation="1e6"/></filter>'
        '<rect width="99" height="99" filter="url(#f)"/>'
    ),
    "svg-dashes": lambda: svg('<path d="M0 0 L 1e6 1e6" stroke="red" stroke-dasharray="0.0001"/>'),
    "svg-image": lambda: svg(
        '<image width="9" height="9" xlink:href="data:image/png;base64,'
        + __import__("base64").b64encode(png(30_000, 30_000, 1, 0)).decode()
        + '"/>'
    ),
    "pdf-page": lambda: pdf(box=b"0 0 1000000 1000000"),
    "pdf-packed": lambda: flate_pdf(100),
    "pdf-image": lambda: image_pdf(65_535, 65_535),
    "pdf-stack": lambda: pdf(b"q " * 1_000_000),
    "pdf-dashes": lambda: pdf(b"[0.0001] 0 d 0 0 m 1000000 1000000 l S"),
}
"""Each makes one file."""


def main():
    """Decode the named bomb; print the outcome and the growth of memory in megabytes."""
    import json
    import resource
    import sys

    from imagecraft_desktop.capture import apart
    from imagecraft_desktop.capture.decode import to_picture
    from imagecraft_desktop.errors import CaptureError
    from imagecraft_desktop.values import Capture, Origin

    apart._TIME_S = 2
    data = sys.stdin.buffer.read()
    kind = sys.argv[1]
    if kind in FILES:  # the libraries are in memory before the measuring begins
        to_picture(Capture(Origin.FILE, "it", FILES[kind]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    limit = int(sys.argv[2]) * 1024**2
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        outcome = str(to_picture(Capture(Origin.FILE, "it", data)).pixels.shape)
    except CaptureError as error:
        outcome = str(error.words["reason"])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(json.dumps([outcome, grown]))


if __name__ == "__main__":
    main()
