"""With little memory the running program has one large network at a time, and says all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.desktop import Desktop
from tests.desktop.processes import wait_until
from tests.e2e.running import RunningProgram
from tests.tiny_voice import add_voice, write_model
from tests.unit.describe.tiny import write_blip

pytestmark = pytest.mark.desktop

DOG = Path(__file__).parents[2] / "resources" / "samples" / "dog.jpg"


@pytest.mark.slow
def test_a_captioner_and_a_voice_of_the_users_own_take_turns_where_memory_is_small(
    inside_desktop: Desktop, tmp_path: Path
) -> None:
    desktop = inside_desktop
    add_voice(tmp_path)
    settings = {
        "voice": "anna",
        "voicecraft_model": str(write_model(tmp_path / "voice")),
        "voicecraft_mode": "fp32",
        "captioner": str(write_blip(tmp_path / "captioner")),
        "unload_after_min": 0.0,
    }
    file = Path(desktop.env["XDG_CONFIG_HOME"]) / "imagecraft-desktop" / "settings.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(settings))
    Image.open(DOG).resize((160, 120)).save(tmp_path / "photo.png")
    command = desktop.python("-m", "tests.e2e.sized_machine", 8)
    program = RunningProgram(desktop, command=command)
    for _ in range(2):
        program.ask("file", path=str(tmp_path / "photo.png"))
        wait_until(lambda: program.status()["state"] != "describing", "the end", 120, step_s=0.05)
        assert "dog" in program.status()["last"]["description"]
    program.ask("quit")
    seen = program.process.wait_event("seen", 20)
    assert seen["captioner"] > 0
    assert seen["voice"] > 0
    assert seen["both"] == 0
