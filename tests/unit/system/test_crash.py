"""An error that nobody caught is logged and told once; a hard crash is known at the next start."""

import logging
import subprocess
import sys
import textwrap
import threading

import pytest

from imagecraft_desktop.errors import NoSoundDevice
from imagecraft_desktop.system import crash
from imagecraft_desktop.system.crash import CrashHook

UNEXPECTED = "Something went wrong inside ImageCraft. The log file has the details."


@pytest.fixture
def told():
    return []


@pytest.fixture
def hook(told, tmp_path):
    made = CrashHook(told.append, tmp_path)
    made.install()
    yield made
    made.remove()


def fall(error):
    try:
        raise error
    except (RuntimeError, ValueError, KeyboardInterrupt, NoSoundDevice) as raised:
        sys.excepthook(type(raised), raised, raised.__traceback__)


def test_error_is_logged_and_told(hook, told, caplog):
    fall(RuntimeError("secret"))
    assert told == [UNEXPECTED]
    (record,) = caplog.records
    assert record.levelno == logging.CRITICAL
    assert record.exc_info[0] is RuntimeError


def test_our_own_errors_are_told_in_their_own_words(hook, told):
    fall(NoSoundDevice())
    assert told == [NoSoundDevice().spoken]


def test_error_in_a_thread_is_told(hook, told):
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert told == [UNEXPECTED]


def test_end_of_a_thread_and_the_users_own_stop_are_no_errors(hook, told, caplog):
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    fall(KeyboardInterrupt())
    assert told == []
    assert caplog.records == []


def test_error_that_comes_again_is_told_once_and_logged_each_time(hook, told, caplog, monkeypatch):
    for _ in range(5):
        fall(RuntimeError())
    assert told == [UNEXPECTED]
    assert len(caplog.records) == 5
    monkeypatch.setattr(crash, "QUIET_S", 0.0)
    fall(RuntimeError())
    assert told == [UNEXPECTED] * 2


def test_telling_that_fails_is_logged_and_does_not_loop(tmp_path, caplog):
    def announce(_):
        fall(ValueError())
        raise OSError

    hook = CrashHook(announce, tmp_path)
    hook.install()
    try:
        fall(RuntimeError())
    finally:
        hook.remove()
    assert [r.message for r in caplog.records] == [
        "nobody caught this",
        "nobody caught this",
        "the error could not be told",
    ]


def test_error_while_clearing_away_is_only_logged(hook, told, caplog):
    class Bad:
        def __del__(self):
            raise RuntimeError

    bad = Bad()
    del bad
    assert told == []
    assert [r.message for r in caplog.records] == ["error while clearing away"]


def test_python_gets_its_hooks_back(told, tmp_path):
    hook = CrashHook(told.append, tmp_path)
    hook.install()
    hook.remove()
    assert sys.excepthook is sys.__excepthook__
    assert threading.excepthook is threading.__excepthook__
    assert sys.unraisablehook is sys.__unraisablehook__


def test_folder_that_cannot_be_made_does_no_harm(told, tmp_path):
    (tmp_path / "file").touch()
    hook = CrashHook(told.append, tmp_path / "file" / "log")
    assert hook.install() is False
    hook.remove()


def run(folder, body):
    code = f"""
        import sys
        from pathlib import Path
        from imagecraft_desktop.system.crash import CrashHook
        hook = CrashHook(lambda sentence: print("told", sentence, flush=True), Path(sys.argv[1]))
        print("crashed", hook.install(), flush=True)
        {body}
    """
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(folder)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_hard_crash_leaves_a_trace_that_the_next_start_knows_of(tmp_path):
    first = run(tmp_path, "import ctypes; ctypes.string_at(0)")
    assert first.returncode != 0
    assert first.stdout == "crashed False\n"
    second = run(tmp_path, "")
    assert second.stdout == "crashed True\n"
    assert "string_at" in (tmp_path / "crash.txt.old").read_text()
    assert run(tmp_path, "").stdout == "crashed False\n"


def test_error_at_the_top_of_a_program_is_told(tmp_path):
    assert f"told {UNEXPECTED}\n" in run(tmp_path, "raise RuntimeError").stdout


def test_errors_in_qt_slots_and_messages_of_qt_arrive(tmp_path):
    body = """
        import logging
        logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(name)s %(message)s")
        hook.route_qt_messages()
        from PySide6.QtCore import QCoreApplication, QTimer, qWarning
        app = QCoreApplication([])
        QTimer.singleShot(0, lambda: 1 / 0)
        QTimer.singleShot(50, app.quit)
        qWarning("careful")
        app.exec()
    """
    done = run(tmp_path, textwrap.dedent(body).strip().replace("\n", "\n        "))
    assert f"told {UNEXPECTED}\n" in done.stdout
    assert "WARNING imagecraft_desktop.qt default: careful" in done.stdout
