"""What counts as text."""

import pytest

from imagecraft_desktop.see.reader import is_text


@pytest.mark.parametrize("text", ["- □ ×", "...", "", "•••", "✓", "|"])
def test_symbols_alone_are_no_text(text: str):
    assert not is_text(text, 0.99)


@pytest.mark.parametrize(
    ("text", "score", "kept"),
    [
        ("Save", 0.6, True),
        ("Save", 0.4, False),
        ("7", 0.95, True),
        ("C", 0.6, False),
        ("日本", 0.9, True),
        ("OK", 0.8, True),
        ("00网", 0.63, False),  # a window's buttons
        ("日", 0.95, False),  # an icon, or a letter that the font lacks
        ("日", 0.99, True),
        ("V", 0.88, False),  # the arrow of a list
    ],
)
def test_a_reading_needs_a_score(text: str, score: float, kept: bool):
    assert is_text(text, score) is kept


@pytest.mark.parametrize(
    ("text", "score", "kept"),
    [
        ("NO ENTRY", 0.9, True),
        ("NO ENTRY", 0.7, False),
        ("EA", 0.99, False),
        ("XXXXXX", 0.99, False),
        ("2000", 0.99, False),
        ("16.46", 0.99, True),
        ("12 Mill Lane", 0.9, True),
    ],
)
def test_in_a_photo_more_is_asked(text: str, score: float, kept: bool):
    assert is_text(text, score, is_photo=True) is kept
