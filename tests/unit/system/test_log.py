"""The log tells what happened and never what the user saw, heard or copied."""

import logging
import os
import stat

import numpy as np
import pytest

from imagecraft_desktop.errors import UnreadableImage
from imagecraft_desktop.system import paths
from imagecraft_desktop.system.log import FILE_NAME, start_logging, stop_logging
from imagecraft_desktop.values import (
    Box,
    Capture,
    Certainty,
    Code,
    Description,
    Frame,
    Kind,
    Origin,
    Outcome,
    Picture,
    Request,
    Speech,
    Statement,
    TextLine,
)

SECRET = "my bank PIN is 4711"
log = logging.getLogger("imagecraft_desktop.engine.test")


@pytest.fixture(autouse=True)
def _quiet():
    root = logging.getLogger()
    level, ours = root.level, logging.getLogger("imagecraft_desktop").level
    yield
    stop_logging()
    root.setLevel(level)
    logging.getLogger("imagecraft_desktop").setLevel(ours)


def content():
    """Every value that can carry what the user sees, hears or copies."""
    statement = Statement(SECRET, Certainty.CERTAIN, "ocr")
    line = TextLine(SECRET, Box(0, 0, 1, 1), 1.0)
    code = Code("QR", SECRET, Box(0, 0, 1, 1))
    description = Description(Kind.SCREEN, (statement,), (line,), (), (code,))
    capture = Capture(Origin.WINDOW, SECRET, Frame(1, 1, SECRET.encode()), title=SECRET)
    return [
        statement,
        line,
        code,
        description,
        capture,
        Picture(np.zeros((1, 1, 3), np.uint8), Origin.WINDOW, SECRET, title=SECRET),
        Request(capture, text=SECRET),
        Speech(np.zeros(1, np.float32), 24000, text=SECRET),
        Outcome(1, description, SECRET),
        SECRET.encode(),
        bytearray(SECRET.encode()),
        [SECRET],
        (statement, line),
        {"text": SECRET},
        ValueError(SECRET),
        UnreadableImage("a detail", name=SECRET, reason=SECRET),
    ]


def fail_on_content():
    try:
        int(SECRET)
    except ValueError as error:
        raise UnreadableImage("decoder 7", name=SECRET, reason=SECRET) from error


@pytest.mark.parametrize("level", ["info", "warning", "error"])
def test_content_never_reaches_the_file_at_the_usual_levels(tmp_path, level):
    file = start_logging(level, tmp_path)
    for value in content():
        for number in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            log.log(number, "took %s", value)
    log.error("took %(it)s and %(n)d", {"it": content()[0], "n": 3})
    try:
        fail_on_content()
    except UnreadableImage:
        log.exception("it failed")
    logging.getLogger("some.library").warning("cannot read %s", SECRET)
    text = file.read_text()
    assert SECRET not in text
    assert "4711" not in text
    assert "took <Description>" in text
    assert "took <list of 1>" in text
    assert "took ValueError\n" in text


def test_an_error_is_told_by_types_places_and_its_own_detail(tmp_path):
    file = start_logging("info", tmp_path)
    try:
        fail_on_content()
    except UnreadableImage:
        log.exception("it failed")
    text = file.read_text()
    assert "ERROR imagecraft_desktop.engine.test [MainThread] it failed" in text
    assert "in fail_on_content" in text
    assert "ValueError\nwhich led to\n" in text
    assert text.endswith("UnreadableImage: decoder 7\n")


def test_system_errors_keep_their_reason_without_the_file(tmp_path):
    file = start_logging("info", tmp_path)
    try:
        (tmp_path / SECRET).read_bytes()
    except OSError as error:
        log.warning("no settings: %s", error)
    assert "no settings: FileNotFoundError: No such file or directory\n" in file.read_text()


def test_errors_that_lead_to_each_other_do_not_loop(tmp_path):
    file = start_logging("info", tmp_path)
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    log.error("round", exc_info=first)
    assert "KeyError\nwhich led to\nValueError\n" in file.read_text()


def test_everything_is_shown_at_debug(tmp_path):
    file = start_logging("debug", tmp_path)
    log.debug("took %s", content()[0])
    try:
        fail_on_content()
    except UnreadableImage:
        log.exception("it failed")
    text = file.read_text()
    assert text.count(SECRET) > 2
    assert "Traceback" in text


def test_level_is_obeyed_and_may_change(tmp_path):
    file = start_logging("warning", tmp_path)
    log.info("one")
    log.warning("two")
    assert start_logging("info", tmp_path) == file
    log.info("three")
    text = file.read_text()
    assert "one" not in text
    assert text.count("two") == text.count("three") == 1


def test_file_lies_in_the_users_log_folder_and_is_private():
    file = start_logging("info")
    log.info("hello")
    assert file == paths.log_dir() / FILE_NAME
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_file_is_turned_over_before_it_grows(tmp_path, monkeypatch):
    monkeypatch.setattr("imagecraft_desktop.system.log.MOST_BYTES", 2000)
    start_logging("info", tmp_path)
    for number in range(200):
        log.info("line %d", number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [FILE_NAME, *(f"{FILE_NAME}.{n}" for n in (1, 2, 3))]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 4 * 2000


def test_folder_that_cannot_be_written_leaves_warnings_on_standard_error(tmp_path, capfd):
    (tmp_path / "file").touch()
    assert start_logging("info", tmp_path / "file" / "log") is None
    log.info("quiet")
    log.warning("about %s", content()[0])
    shown = capfd.readouterr().err
    assert "quiet" not in shown
    assert "about <Statement>" in shown


def test_full_disk_is_borne_in_silence(tmp_path, capfd, monkeypatch):
    start_logging("info", tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device")

    handler = logging.getLogger().handlers[-1]
    monkeypatch.setattr(handler.stream, "write", full, raising=False)
    log.info("lost")
    assert capfd.readouterr().err == ""
