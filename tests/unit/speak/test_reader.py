"""The ways to screen readers, against their documented interfaces, and the choice between them."""

from __future__ import annotations

import ctypes
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from imagecraft_desktop.speak.reader import base, speech_dispatcher, voiceover
from imagecraft_desktop.speak.reader.jaws import Jaws
from imagecraft_desktop.speak.reader.narrator import Narrator
from imagecraft_desktop.speak.reader.nvda import Nvda
from imagecraft_desktop.speak.reader.orca import Orca
from imagecraft_desktop.speak.reader.prism import Prism
from imagecraft_desktop.speak.reader.route import AUTO, MESSAGES, READER, VOICE, Route
from imagecraft_desktop.speak.reader.speech_dispatcher import SpeechDispatcher
from imagecraft_desktop.speak.reader.voiceover import VoiceOver
from tests.fakes import FakeReader

TEXT = 'Window "Accounts". Größe 5.'


def test_the_ways_of_each_system_and_the_kept_library_first() -> None:
    names = {
        platform: [type(reader).__name__ for reader in base.known(platform)]
        for platform in ("linux", "win32", "darwin")
    }
    assert names == {
        "linux": ["Prism", "Orca", "SpeechDispatcher"],
        "win32": ["Prism", "Nvda", "Jaws", "Narrator"],
        "darwin": ["Prism", "VoiceOver"],
    }


@pytest.mark.parametrize(
    ("wish", "is_message", "is_reader"),
    [
        (AUTO, False, True),
        (AUTO, True, True),
        (READER, False, True),
        (READER, True, True),
        (VOICE, False, False),
        (VOICE, True, False),
        (MESSAGES, False, False),
        (MESSAGES, True, True),
    ],
)
def test_who_gets_a_text(wish: str, is_message: bool, is_reader: bool) -> None:
    reader = FakeReader()
    assert (Route(wish, [reader]).reader(is_message) is reader) == is_reader


@pytest.mark.parametrize("wish", [AUTO, READER, MESSAGES])
def test_without_a_reader_it_is_our_own_voice(wish: str) -> None:
    assert Route(wish, [FakeReader(is_on=False)]).reader(is_message=True) is None


def test_a_reader_that_starts_or_ends_is_noticed_at_the_next_text() -> None:
    first, second = FakeReader("one", is_on=False), FakeReader("two")
    route = Route(AUTO, [first, second])
    assert route.reader() is second
    first.is_on = True
    assert route.reader() is first
    first.is_on = second.is_on = False
    assert route.reader() is None


def test_stop_goes_to_whom_a_text_was_given_last() -> None:
    reader = FakeReader()
    route = Route(AUTO, [reader])
    route.stop()
    assert reader.stops == 0
    route.reader()
    route.stop()
    route.stop()
    assert reader.stops == 1


# --- NVDA: int functions of the controller client, 0 for success, wide strings ---


class FakeControllerClient:
    def __init__(self, running: int = 0, speaks: int = 0) -> None:
        self.running, self.speaks = running, speaks
        self.calls: list[tuple[str, str]] = []

    def nvdaController_testIfRunning(self) -> int:
        return self.running

    def nvdaController_speakText(self, text: ctypes.c_wchar_p) -> int:
        self.calls.append(("speak", str(text.value)))
        return self.speaks

    def nvdaController_brailleMessage(self, text: ctypes.c_wchar_p) -> int:
        self.calls.append(("braille", str(text.value)))
        return 0

    def nvdaController_cancelSpeech(self) -> int:
        self.calls.append(("cancel", ""))
        return 0


def test_nvda_speaks_and_shows_braille_without_cutting_off() -> None:
    library = FakeControllerClient()
    nvda = Nvda(library)
    assert nvda.is_running()
    assert nvda.say(TEXT)
    assert library.calls == [("speak", TEXT), ("braille", TEXT)]
    nvda.stop()
    assert library.calls[-1] == ("cancel", "")


def test_nvda_that_does_not_run_or_refuses() -> None:
    assert not Nvda(FakeControllerClient(running=1717)).is_running()  # RPC_S_UNKNOWN_IF
    assert not Nvda(FakeControllerClient(speaks=1702)).say(TEXT)


def test_nvda_without_its_library_is_not_there() -> None:
    nvda = Nvda()
    assert not nvda.is_running()
    assert not nvda.say(TEXT)


# --- JAWS: SayString(text, flush) -> bool, RunFunction(call) -> bool, StopSpeech() ---


class FakeJawsApi:
    def __init__(self, takes: bool = True) -> None:
        self.takes = takes
        self.calls: list[tuple[Any, ...]] = []

    def SayString(self, text: str, flush: bool) -> bool:
        self.calls.append(("SayString", text, flush))
        return self.takes

    def RunFunction(self, call: str) -> bool:
        self.calls.append(("RunFunction", call))
        return True

    def StopSpeech(self) -> None:
        self.calls.append(("StopSpeech",))


def test_jaws_speaks_and_shows_braille_without_flushing() -> None:
    api = FakeJawsApi()
    jaws = Jaws(lambda: api, lambda window_class: window_class == "JFWUI2")
    assert jaws.is_running()
    assert jaws.say(TEXT)
    braille = "BrailleString(\"Window 'Accounts'. Größe 5.\")"
    assert api.calls == [("SayString", TEXT, False), ("RunFunction", braille)]
    jaws.stop()
    assert api.calls[-1] == ("StopSpeech",)


def test_jaws_that_refuses_or_cannot_be_reached() -> None:
    def fail() -> Any:
        raise OSError("no class registered")

    assert not Jaws(lambda: FakeJawsApi(takes=False), lambda _: True).say(TEXT)
    gone = Jaws(fail, lambda _: True)
    assert not gone.say(TEXT)
    gone.stop()


# --- VoiceOver ---


def appkit(is_on: bool) -> Any:
    workspace = SimpleNamespace(isVoiceOverEnabled=lambda: is_on)
    return SimpleNamespace(NSWorkspace=SimpleNamespace(sharedWorkspace=lambda: workspace))


@pytest.mark.parametrize("is_on", [False, True], ids=str)
def test_voiceover_is_told_by_the_workspace(is_on: bool) -> None:
    assert VoiceOver(appkit(is_on)).is_running() == is_on


@pytest.mark.parametrize(("status", "is_taken"), [(0, True), (1, False)])
def test_voiceover_gets_the_text_as_an_argument(status: int, is_taken: bool) -> None:
    commands: list[list[str]] = []

    def run(command: Any) -> int:
        commands.append(list(command))
        return status

    assert VoiceOver(appkit(True), run).say(TEXT) == is_taken
    assert commands[0][:2] == ["osascript", "-e"]
    assert TEXT not in commands[0][2]
    assert commands[0][3:] == [TEXT]


def test_a_command_that_is_not_there_takes_nothing() -> None:
    assert voiceover._run(["no-such-command-here"]) != 0


# --- Narrator ---


def test_narrator_hears_only_a_focused_window_of_ours(qtbot: Any) -> None:
    from PySide6.QtWidgets import QLineEdit

    narrator = Narrator(lambda: True)
    assert not narrator.is_running()
    assert not narrator.say(TEXT)
    window = QLineEdit()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.hasFocus())
    assert narrator.is_running()
    assert narrator.say(TEXT)
    assert not Narrator(lambda: False).is_running()


def test_narrator_announces_from_any_thread(qtbot: Any) -> None:
    import threading

    from PySide6.QtWidgets import QLineEdit

    window = QLineEdit()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.hasFocus)
    taken: list[bool] = []
    thread = threading.Thread(target=lambda: taken.append(Narrator(lambda: True).say(TEXT)))
    thread.start()
    qtbot.waitUntil(lambda: bool(taken))
    thread.join()
    assert taken == [True]


# --- Prism: Context().exists/create, Backend.features/output/speak/stop ---


class FakePrism:
    """The module `prism` with one reader."""

    BackendId = SimpleNamespace(NVDA=1, JAWS=2, ORCA=3)

    def __init__(self, identity: int, *, has_output: bool = True, fails: bool = False) -> None:
        self.identity, self.fails = identity, fails
        self.is_on = True
        self.calls: list[tuple[Any, ...]] = []
        self.features = SimpleNamespace(is_supported_at_runtime=True, supports_output=has_output)

    def Context(self) -> Any:
        return SimpleNamespace(exists=lambda identity: True, create=self.create)

    def create(self, identity: int) -> Any:
        if identity != self.identity or not self.is_on:
            raise RuntimeError("Backend not available")
        return SimpleNamespace(
            name="NVDA",
            features=self.features,
            output=self.call("output"),
            speak=self.call("speak"),
            stop=self.call("stop"),
        )

    def call(self, name: str) -> Callable[..., None]:
        def take(*words: Any) -> None:
            self.calls.append((name, *words))
            if self.fails:
                raise OSError("speak failed")

        return take


@pytest.mark.parametrize(("has_output", "method"), [(True, "output"), (False, "speak")])
def test_prism_hands_over_politely(has_output: bool, method: str) -> None:
    library = FakePrism(1, has_output=has_output)
    reader = Prism(library, "win32")
    assert reader.is_running()
    assert reader.name == "NVDA"
    assert reader.say("a\0b")
    reader.stop()
    assert library.calls == [(method, "a b", False), ("stop",)]


def test_prism_notices_a_reader_that_ends_and_one_that_fails() -> None:
    library = FakePrism(2, fails=True)
    reader = Prism(library, "win32")
    assert reader.is_running()
    assert not reader.say(TEXT)
    reader.stop()
    library.is_on = False
    assert not reader.is_running()
    assert not reader.say(TEXT)


def test_prism_is_not_there_where_it_is_not_installed() -> None:
    assert not Prism(SimpleNamespace()).is_running()  # another package of that name


# --- Orca before 49, through Speech Dispatcher ---


class FakeSpeechd:
    """libspeechd: spd_open2, spd_say (a number or -1), spd_cancel, spd_close."""

    def __init__(self, opens: bool = True, broken: int = 0) -> None:
        self.opens, self.broken = opens, broken
        self.calls: list[tuple[Any, ...]] = []

    def spd_open2(self, *words: Any) -> int | None:
        self.calls.append(("open", words[5]))
        return 7 if self.opens else None

    def spd_say(self, connection: int, priority: int, text: bytes) -> int:
        self.calls.append(("say", connection, priority, text.decode()))
        if self.broken:
            self.broken -= 1
            return -1
        return 1

    def spd_cancel(self, connection: int) -> int:
        self.calls.append(("cancel", connection))
        return 0

    def spd_close(self, connection: int) -> None:
        self.calls.append(("close", connection))


@pytest.fixture
def processes(tmp_path: Path) -> Path:
    (tmp_path / "proc" / "77").mkdir(parents=True)
    (tmp_path / "proc" / "77" / "comm").write_text("orca\n")
    return tmp_path / "proc"


@pytest.fixture
def speech_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Something listens where the speech server would; closed, its socket's file stays."""
    path = Path(os.environ["XDG_RUNTIME_DIR"]) / "speechd.sock"
    monkeypatch.setenv("SPEECHD_ADDRESS", f"unix_socket:{path}")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        yield server


def test_an_old_orca_is_reached_by_its_speech_server(
    processes: Path, speech_server: socket.socket
) -> None:
    library = FakeSpeechd()
    reader = SpeechDispatcher(library, processes)
    assert reader.is_running()
    assert reader.say(TEXT)
    assert reader.say("More.")
    reader.stop()
    # never started by us (0); opened once; priority "message", as Orca's own
    assert library.calls == [
        ("open", 0),
        ("say", 7, 2, TEXT),
        ("say", 7, 2, "More."),
        ("cancel", 7),
    ]


def test_a_speech_server_that_restarted_is_opened_again(
    processes: Path, speech_server: socket.socket
) -> None:
    library = FakeSpeechd(broken=1)
    assert SpeechDispatcher(library, processes).say(TEXT)
    assert [call[0] for call in library.calls] == ["open", "say", "close", "open", "say"]


def test_another_users_orca_does_not_hide_ones_own(
    processes: Path, speech_server: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (5, 6, 78, 901, 902):
        other = processes / str(number)
        other.mkdir()
        (other / "comm").write_text("orca\n")
    with monkeypatch.context() as others:
        # only root could give them to another user
        others.setattr(speech_dispatcher, "_is_ours", lambda process: process.name == "77")
        assert SpeechDispatcher(FakeSpeechd(), processes).is_running()
        (processes / "77" / "comm").write_text("sleep\n")
        assert not SpeechDispatcher(FakeSpeechd(), processes).is_running()
    assert SpeechDispatcher(FakeSpeechd(), processes).is_running()
    user = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: user + 1)
    assert not SpeechDispatcher(FakeSpeechd(), processes).is_running()


def test_an_old_orca_is_not_there_without_its_server_or_itself(
    processes: Path, speech_server: socket.socket
) -> None:
    assert not SpeechDispatcher(FakeSpeechd(opens=False), processes).say(TEXT)
    (processes / "77" / "comm").write_text("orcania\n")
    assert not SpeechDispatcher(FakeSpeechd(), processes).is_running()
    (processes / "77" / "comm").write_text("orca\n")
    speech_server.close()
    assert not SpeechDispatcher(FakeSpeechd(), processes).is_running()
    assert not SpeechDispatcher(FakeSpeechd(), processes).say(TEXT)


def test_the_real_library_survives_a_server_that_has_died(
    processes: Path, speech_server: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """libspeechd crashed the process when it was given no place for the reason."""
    speech_server.close()
    monkeypatch.setattr(speech_dispatcher, "_has_server", lambda: True)
    assert not SpeechDispatcher(processes=processes).say(TEXT)


def test_without_a_session_bus_there_is_no_orca() -> None:
    orca = Orca()
    assert not orca.is_running()
    assert not orca.say(TEXT)
    orca.stop()
