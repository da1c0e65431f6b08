"""A download that is spoken: each tenth, a pause and the end are heard, and others may speak between."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop import Desktop, transcribe
from tests.desktop.processes import Child, wait_until
from tests.e2e.test_cli_models import REPO
from tests.hub_server import Hub, Mischief
from tests.tiny_models import blip

pytestmark = [pytest.mark.desktop, pytest.mark.sound]


@pytest.fixture
def hub(desktop: Desktop, tmp_path: Path) -> Iterator[Hub]:
    with Hub({REPO: blip(12_000_000)}).running() as one:
        desktop.env |= {"HF_ENDPOINT": one.url, "HF_HOME": str(tmp_path / "hf")}
        one.mischief.append(Mischief("model.safetensors", times=1, pace=60_000))
        yield one


def begin(desktop: Desktop) -> Child:
    words = ("models", "install", "blip-base", "--accept", "--no-calibrate", "--say")
    return desktop.spawn(desktop.command(*words), name="install")


@pytest.mark.alone
def test_tenths_a_pause_and_the_end_are_heard(desktop: Desktop, hub: Hub) -> None:
    with desktop.record() as heard:
        child = begin(desktop)
        heard.wait_for_sound(60)
        wait_until(lambda: "30 percent" in "\n".join(child.lines), "three tenths", 60)
        other = desktop.run(desktop.command("speak", "Two brown dogs play."), timeout_s=60)
        desktop.run(desktop.command("models", "pause", "blip-base"), timeout_s=60)
        wait_until(lambda: "Paused." in "\n".join(child.lines), "the pause", 20)
        heard.wait_until_spoken()
        desktop.run(desktop.command("models", "resume", "blip-base"), timeout_s=60)
        assert child.wait(90) == 0
        said = transcribe(heard.samples)
    assert (other.returncode, child.errors) == (0, "")
    assert "downloading 12 megabytes" in said
    # Whisper writes numbers in digits or words, as the rest of the sound suggests
    assert re.search(r"\b([2-9]0|(twen|thir|for|fif|six|seven|eigh|nine)ty)\b", said), said
    assert "brown dogs" in said, said
    places = [said.index(word) for word in ("brown dogs", "paused", "going on", "is installed")]
    assert places == sorted(places)


def test_a_cancel_silences_it(desktop: Desktop, hub: Hub) -> None:
    with desktop.record() as heard:
        child = begin(desktop)
        heard.wait_for_sound(60)
        begun = time.monotonic()
        child.process.send_signal(signal.SIGINT)
        assert child.wait(20) == 6
        assert time.monotonic() - begun < 3
        heard.wait_for_silence(1.0, 10)
    assert "What has come is kept." in child.errors
