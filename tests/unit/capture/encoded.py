"""Image files for the tests, made in memory: a red left half and a blue right half, 64 by 48."""

import io

import numpy as np
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener(thumbnails=False)

WIDTH, HEIGHT = 64, 48


def halves(mode="RGB"):
    image = Image.new("RGB", (WIDTH, HEIGHT), (220, 30, 30))
    image.paste((30, 30, 220), (WIDTH // 2, 0, WIDTH, HEIGHT))
    return image.convert(mode)


def encode(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pdf(body=b"1 0 0 rg 0 0 100 200 re f 0 0 1 rg 100 0 100 200 re f", pages=1, box=b"0 0 200 200"):
    """A PDF of `pages` equal pages, 200 by 200 points."""
    kids = b" ".join(b"%d 0 R" % (4 + i) for i in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Length %d>>stream\n%s\nendstream" % (len(body), body),
        *([b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 3 0 R>>" % box] * pages),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
    return out


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">'
    b'<rect width="32" height="48" fill="rgb(220,30,30)"/>'
    b'<rect x="32" width="32" height="48" fill="rgb(30,30,220)"/></svg>'
)

FILES = {
    "png": encode(halves(), "PNG"),
    "png-palette": encode(halves().quantize(8), "PNG"),
    "jpeg": encode(halves(), "JPEG", quality=95),
    "jpeg-progressive": encode(halves(), "JPEG", quality=95, progressive=True),
    "jpeg-cmyk": encode(halves("CMYK"), "JPEG", quality=95),
    "webp": encode(halves(), "WEBP"),
    "webp-lossless": encode(halves(), "WEBP", lossless=True),
    "gif": encode(halves(), "GIF"),
    "bmp": encode(halves(), "BMP"),
    "tiff": encode(halves(), "TIFF"),
    "tiff-lzw": encode(halves(), "TIFF", compression="tiff_lzw"),
    "tiff-cmyk": encode(halves("CMYK"), "TIFF"),
    "heic": encode(halves(), "HEIF", quality=90),
    "avif": encode(halves(), "AVIF", quality=90),
    "svg": SVG,
    "pdf": pdf(),
}
"""One file of each kind that can be opened."""


def is_halves(pixels):
    """Whether the picture is red on the left and blue on the right."""
    height, width = pixels.shape[:2]
    left = pixels[height // 2, width // 4].astype(int)
    right = pixels[height // 2, width * 3 // 4].astype(int)
    return bool(left[0] > 150 and left[2] < 110 and right[2] > 150 and right[0] < 110)


def grey16(low, high):
    """A 16-bit ramp."""
    return Image.fromarray(np.linspace(low, high, 64 * 48).reshape(48, 64).astype(np.uint16))
