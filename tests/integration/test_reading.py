"""The real reading networks on drawn and rendered pictures."""

import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from imagecraft_desktop.bench.ocr import character_error, true_lines, word_score
from imagecraft_desktop.errors import ModelMissing
from imagecraft_desktop.see import reader as reader_module
from imagecraft_desktop.see.reader import Reader
from tests.cancelling import cancel, watch

IMAGES = Path(__file__).parents[1] / "data" / "images"
SCREENS = sorted(IMAGES.glob("*.text.json"))


def _go_on() -> None:
    pass


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _drawn(
    *texts: tuple[int, int, str, int],
    size: tuple[int, int],
    ground: str = "white",
    ink: str = "black",
) -> np.ndarray:
    picture = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(picture)
    for left, top, text, height in texts:
        draw.text((left, top), text, fill=ink, font=ImageFont.load_default(height))
    return np.asarray(picture)


def _read(reader: Reader, pixels: np.ndarray, **options: bool) -> list[str]:
    spots = list(reader.find(pixels, _go_on, **options))
    return [line.line for line in reader.read(pixels, spots, _go_on, **options)]


def _pixels(name: str) -> np.ndarray:
    return np.asarray(Image.open(IMAGES / name).convert("RGB"))


@pytest.mark.slow
def test_screens_are_read_with_few_errors(reader: Reader):
    """The promise: at most 1.5 % of the letters of a screen are wrong."""
    errors, recalls = {}, {}
    for truth in SCREENS:
        pixels = _pixels(truth.name.replace(".text.json", ".png"))
        lines = list(reader.read(pixels, reader.find(pixels, _go_on), _go_on))
        errors[truth.name] = character_error(lines, true_lines(truth))
        recalls[truth.name] = word_score(lines, true_lines(truth)).recall
    assert len(errors) == 13
    assert statistics.mean(errors.values()) <= 0.01, errors
    assert statistics.mean(recalls.values()) >= 0.97, recalls


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (_drawn((3, 3, "Read more", 16), size=(120, 24), ink="#0066cc"), ["Read more"]),
        (_drawn((12, 5, "OK", 12), size=(60, 24)), ["OK"]),
        (_drawn((5, 2, "7", 16), size=(20, 24)), ["7"]),
        (_drawn((6, 3, "1", 16), size=(20, 24)), ["1"]),
        (
            _drawn((5, 20, "Grey on black", 16), size=(300, 60), ground="#1e1e1e", ink="#888888"),
            ["Grey on black"],
        ),
        (_drawn((300, 300, "Hello", 400), size=(1920, 1080)), ["Hello"]),
    ],
    ids=["link", "button", "digit", "one", "dark", "huge"],
)
def test_little_and_large_text(reader: Reader, pixels: np.ndarray, expected: list[str]):
    assert _read(reader, pixels) == expected


def test_a_line_as_wide_as_a_4k_screen_is_cut_between_words(reader: Reader):
    words = "the quick brown fox jumps over the lazy dog " * 8
    found = _read(reader, _drawn((5, 10, words, 20), size=(3840, 48)))
    assert " ".join(found).split()[:50] == words.split()[:50]


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (500, 3), (20, 4000), (4000, 40), (8, 8)])
def test_odd_shapes_hold_no_text(reader: Reader, shape: tuple[int, int]):
    noise = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)
    assert _read(reader, noise) == []
    assert _read(reader, np.full_like(noise, 90)) == []


def test_bullets_and_window_buttons_are_not_text(reader: Reader):
    pixels = _drawn((10, 10, "• First item", 18), (10, 100, "Second", 18), size=(400, 160))
    assert sorted(_read(reader, pixels)) == ["First item", "Second"]
    assert not any(set(text) <= set("xX") for text in _read(reader, _pixels("a_code_dark.png")))
    lines = {"Accounts", "Quarterly accounts", "The invoice is due on Monday"}
    assert set(_read(reader, _pixels("window_buttons.png"))) == lines


def test_an_icon_before_a_word_is_no_letter_of_it(reader: Reader):
    pictures = Path(__file__).parents[2] / "docs" / "pictures"
    pixels = np.asarray(Image.open(pictures / "confirm-window-light.png").convert("RGB"))
    assert {"Yes", "No"} <= set(_read(reader, pixels))


@pytest.mark.parametrize("name", ["a_dog", "a_kitten", "a_orchestra", "a_coffee", "a_horses"])
def test_a_photo_without_text_has_none(reader: Reader, name: str):
    assert _read(reader, _pixels(f"{name}.jpg"), is_photo=True) == []


def test_text_in_a_photo_is_read(reader: Reader):
    found = _read(reader, _pixels("a_sign_photo.jpg"), is_photo=True)
    assert sorted(found) == ["Construction site", "NO ENTRY", "Use other footpath"]


def test_a_line_is_read_once_and_remembered(reader: Reader, monkeypatch: pytest.MonkeyPatch):
    pixels = _pixels("a_login_form.png")
    spots = list(reader.find(pixels, _go_on))
    first = list(reader.read(pixels, spots, _go_on))
    runs: list[object] = []
    assert reader._recogniser is not None
    monkeypatch.setattr(reader._recogniser, "run", lambda *given: runs.append(given))
    assert list(reader.read(pixels, spots, _go_on)) == first
    assert runs == []


def test_memory_of_lines_is_bounded():
    small = Reader(remembered=2)
    pixels = _drawn(*((10, 10 + 40 * n, f"Line {n}", 18) for n in range(4)), size=(300, 180))
    assert len(_read(small, pixels)) == 4
    assert len(small._known) == 2
    small.unload()
    assert small._known == {}
    assert len(_read(small, pixels)) == 4


def test_cancel_ends_the_search_and_the_reading_at_once(reader: Reader):
    pixels = _pixels("a_small_text_news.png")
    forgetful = Reader(remembered=0)
    spots = list(reader.find(pixels, _go_on))[:12]
    for work in (
        lambda tick: list(reader.find(pixels, tick)),
        lambda tick: list(forgetful.read(pixels, spots, tick)),
    ):
        last = watch(work).count
        assert last > 4
        for at in (1, 2, last // 2, last * 3 // 4):
            cancel(work, at)


def test_a_missing_package_is_said_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader_module, "find_spec", lambda name: None)
    with pytest.raises(ModelMissing) as error:
        _read(Reader(), _drawn((5, 5, "text", 16), size=(80, 30)))
    assert "install the program again" in error.value.spoken


def test_reading_says_nothing_on_the_console_and_opens_no_connection(tmp_path: Path):
    """In a process of its own: no output, no socket, no file written, no rapidocr code run."""
    program = (
        "import socket, sys\n"
        "def no(*_, **__): raise SystemExit('network')\n"
        "socket.socket.connect = no\n"
        "import numpy as np\n"
        "from PIL import Image\n"
        "from imagecraft_desktop.see.reader import Reader\n"
        "reader = Reader()\n"
        "pixels = np.asarray(Image.open(sys.argv[1]).convert('RGB'))\n"
        "lines = list(reader.read(pixels, reader.find(pixels, lambda: None), lambda: None))\n"
        "assert lines and 'rapidocr' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(IMAGES / "a_login_form.png")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
