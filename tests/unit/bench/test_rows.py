"""Rows of figures: medians of rounds, sums of readers, lines of Tesseract's table."""

from pathlib import Path

from imagecraft_desktop.bench.pictures import median_of, pick_for_cold, pictures_in
from imagecraft_desktop.bench.reading import sum_up, tesseract_lines, with_truth
from imagecraft_desktop.values import Box


def test_rounds_of_a_picture_become_medians_and_all_wrong_words() -> None:
    rows = [
        {"picture": "a", "whole_ms": whole, "first_sound_ms": first, "absent_named": wrong}
        for whole, first, wrong in ((5, 1, []), (9, None, ["cat"]), (7, 3, ["dog"]))
    ]
    merged = median_of(rows)
    assert (merged["picture"], merged["whole_ms"]) == ("a", 7)
    assert merged["absent_named"] == ["cat", "dog"]
    assert merged["first_sound_ms"] is None


def test_a_picture_that_failed_once_has_no_figures() -> None:
    bad = {"error": "No picture here: a."}
    assert median_of([{"whole_ms": 1, "absent_named": []}, bad]) == bad


def test_one_photo_and_one_other_picture_are_measured_cold() -> None:
    rows = [{"path": name, "kind": kind} for name, kind in ("as", "bp", "cp", "ds")]
    kinds = {"s": "screen", "p": "photo"}
    rows = [{**row, "kind": kinds[row["kind"]]} for row in rows]
    assert pick_for_cold(rows) == ["b", "a"]
    assert pick_for_cold(rows[:1]) == ["a"]


def test_pictures_are_found_by_their_ending(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.jpg", "a.text.json", "notes.txt"):
        (tmp_path / name).touch()
    found = pictures_in([tmp_path, tmp_path / "b.PNG"])
    assert [path.name for path in found] == ["a.jpg", "b.PNG", "b.PNG"]
    assert [path.name for path in with_truth(found)] == ["a.jpg"]


def test_a_reader_is_judged_by_all_letters_not_by_all_pictures() -> None:
    same = {"word_recall": 1.0, "word_precision": 1.0, "seconds": 2.0, "cpu_s": 1.5}
    rows = [
        {"reader": "ours", "letters": 10, "character_error": 0.5, "peak_mb": 9, **same},
        {"reader": "ours", "letters": 90, "character_error": 0.0, "peak_mb": 7, **same},
    ]
    (summed,) = sum_up(rows)
    assert summed["character_error"] == 0.05
    assert summed["worst_character_error"] == 0.5
    assert (summed["seconds"], summed["peak_mb"], summed["pictures"]) == (4.0, 9, 2)


def test_words_of_tesseract_become_lines() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    words = [
        "4\t1\t1\t1\t1\t0\t10\t5\t90\t20\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t5\t40\t20\t96\tSave",
        "5\t1\t1\t1\t1\t2\t60\t6\t40\t18\t95\tfailed",
        "5\t1\t1\t1\t2\t1\t10\t40\t30\t20\t90\tRetry",
        "5\t1\t1\t1\t2\t2\t50\t40\t30\t20\t95\t ",
    ]
    lines = tesseract_lines("\n".join([head, *words]))
    assert [(line.line, line.box) for line in lines] == [
        ("Save failed", Box(10, 5, 100, 25)),
        ("Retry", Box(10, 40, 40, 60)),
    ]
