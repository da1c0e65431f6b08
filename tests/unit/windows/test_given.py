"""What the user gave becomes pictures to describe, in the order people expect."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest

from imagecraft_desktop.capture.clipboard import Offered, all_of
from imagecraft_desktop.values import Frame
from imagecraft_desktop.windows import given
from imagecraft_desktop.windows.given import captures_of
from tests.unit.capture.encoded import FILES

PNG = FILES["png"]


class Offer:
    def __init__(self, contents: Mapping[str, bytes | Frame]) -> None:
        self._contents = contents
        self.formats = list(contents)

    def read(self, name: str) -> bytes | Frame:
        return self._contents[name]


def test_a_folder_gives_its_pictures_in_natural_order(tmp_path: Path):
    for name in ("10.png", "9.PNG", "notes.txt", "sub/1.jpg", "sub/a.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PNG)
    captures, are_more = captures_of([tmp_path / "notes.txt", tmp_path])
    names = [str(Path(one.name).relative_to(tmp_path)) for one in captures]
    assert names == ["notes.txt", "9.PNG", "10.png", "sub/1.jpg", "sub/a.pdf"]
    assert not are_more


def test_too_many_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(given, "MOST", 3)
    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(PNG)
    captures, are_more = captures_of([tmp_path])
    assert (len(captures), are_more) == (3, True)
    assert captures_of([tmp_path / "0.png"] * 3)[1] is False


@pytest.mark.parametrize(
    ("offer", "offered"),
    [
        (
            {"text/uri-list": b"file:///p/a.png\r\nfile:///p/b%20c.png\r\n"},
            {"paths": ("/p/a.png", "/p/b c.png")},
        ),
        ({"text/uri-list": b"file:///p/a.png", "image/png": PNG}, {"paths": ("/p/a.png",)}),
        ({"text/uri-list": b"https://example.org/a.png", "image/png": PNG}, {"contents": (PNG,)}),
        (
            {"text/uri-list": b"https://example.org/a.png"},
            {"addresses": ("https://example.org/a.png",)},
        ),
        (
            {"text/uri-list": b"https://example.org/a.png\r\nhttps://example.org/b.png\r\n"},
            {"addresses": ("https://example.org/a.png", "https://example.org/b.png")},
        ),
        (
            {
                "text/html": b'<a href="https://x.example/"><img src="https://example.org/i.png"></a>',
                "text/uri-list": b"https://x.example/",
            },
            {"addresses": ("https://example.org/i.png",)},
        ),
        (
            {"text/html": b'<img src="data:image/png;base64,' + base64.b64encode(PNG) + b'">'},
            {"contents": (PNG,)},
        ),
        (
            {"text/plain": b"https://example.org/a.png"},
            {"addresses": ("https://example.org/a.png",)},
        ),
        ({"text/plain": b"Just words"}, {}),
        ({"image/png": b"broken"}, {}),
        ({"application/x-qt-image": Frame(1, 1, bytes(4))}, {"contents": (Frame(1, 1, bytes(4)),)}),
        ({}, {}),
    ],
    ids=[
        "files",
        "file-and-image",
        "image-before-address",
        "address",
        "addresses",
        "image-in-page",
        "inline",
        "text-address",
        "words",
        "broken",
        "bitmap",
        "nothing",
    ],
)
def test_the_best_of_an_offer_is_taken(offer: dict, offered: dict):
    if "paths" in offered:
        offered = {"paths": tuple(map(Path, offered["paths"]))}
    assert all_of(Offer(offer)) == Offered(**offered)
