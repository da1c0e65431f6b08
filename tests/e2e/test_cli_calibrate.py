"""How long a model takes here is measured in a process of its own: after an install, and on request.

The models are tiny networks of the real layout, under the names of real ones.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from imagecraft_desktop.errors import NotMeasured
from imagecraft_desktop.trials.calibrate import calibrate, calibrate_alone
from imagecraft_desktop.weights import catalogue, speed, store
from tests.e2e.conftest import Here
from tests.e2e.test_cli_models import COMMAND, REPO, ROOT
from tests.hub_server import Hub
from tests.tiny_models import blip, write
from tests.unit.describe.tiny import write_blip, write_git

MEASURING = "Measuring how fast it is here. This may take a few minutes."
GIANT_BYTES = 4 << 40


def test_what_is_not_installed_is_not_said_to_be_measured(here: Here) -> None:
    code, out, err = here("models", "calibrate", "blip-base")
    assert (code, out) == (4, "")
    assert err.startswith("Model missing: blip-base.")


def run(*arguments: object, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        cwd=ROOT,
        env=env,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_blip(tmp_path_factory.mktemp("models") / "blip")


def put(name: str, folder: Path) -> None:
    store.import_folder(catalogue.find(name), folder, lambda: None)


def make_giant(name: str) -> None:
    """Let the weights of an installed model be more than any memory holds; no room is taken for it."""
    folder = store.folder_of(name)
    tensor = {"dtype": "F32", "shape": [GIANT_BYTES // 4], "data_offsets": [0, GIANT_BYTES]}
    header = json.dumps({"weight": tensor}).encode()
    with (folder / "model.safetensors").open("wb") as stream:
        stream.write(struct.pack("<Q", len(header)) + header)
        stream.truncate(8 + len(header) + GIANT_BYTES)
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        entry["size"] = (folder / entry["path"]).stat().st_size
    (folder / "manifest.json").write_text(json.dumps(manifest))


def state_of(name: str) -> str:
    return next(line for line in run("list")[1].splitlines() if line.startswith(f"{name},"))


def test_an_install_is_followed_by_a_measurement_that_list_and_show_tell(
    tiny: Path, tmp_path: Path
) -> None:
    files = {one.name: one.read_bytes() for one in tiny.iterdir()}
    with Hub({REPO: files}).running() as hub:
        env = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hf")}
        code, out, err = run("install", "blip-base", "--accept", env=env)
    assert (code, err) == (0, "")
    assert out.splitlines()[-3:-1] == ["The model blip-base is installed.", MEASURING]
    told = out.splitlines()[-1]
    assert told.startswith("Describes a picture in about ")
    assert told.endswith((" seconds here.", " second here."))
    assert f"Installed. {told} Fits" in state_of("blip-base")
    (line,) = run("show", "blip-base", "--json")[1].splitlines()
    found = json.loads(line)["speed"]
    assert 0 < found["first_word_s"] <= found["description_s"] < 60 < 60 + found["load_s"]
    assert found["device"] in {"cpu", "cuda", "mps"}
    assert found["dtype"] in {"bfloat16", "float16", "float32"}
    assert run("show", "blip-base")[1].splitlines()[-1].endswith(f"{found['processor']}.")
    listed = [json.loads(line) for line in run("list", "--json")[1].splitlines()]
    first = next(one for one in listed if one["fit"] == listed[0]["fit"])
    assert (first["name"], first["speed"]) == ("blip-base", found)
    assert [one["name"] for one in listed if one["speed"]] == ["blip-base"]


def test_import_may_leave_it_out_and_calibrate_makes_up_for_it(tiny: Path) -> None:
    code, out, _ = run("import", "blip-base", tiny, "--accept", "--no-calibrate")
    assert (code, out.splitlines()[-1]) == (0, "The model blip-base is installed.")
    assert "Installed. How long it takes here is not measured. Fits" in state_of("blip-base")
    code, out, err = run("calibrate", "blip-base", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["description_s"] > 0
    assert "not measured" not in state_of("blip-base")


def test_an_install_stands_when_its_measurement_fails(tmp_path: Path) -> None:
    code, out, err = run("import", "blip-base", write(tmp_path / "no", blip()), "--accept")
    assert code == 0
    assert out.splitlines()[-2:] == ["The model blip-base is installed.", MEASURING]
    assert err.startswith("How fast the model blip-base is here could not be measured: ")
    assert err.endswith(
        "To try again: Settings, page Models, or the command imagecraft-desktop models calibrate blip-base\n"
    )
    assert len(err.splitlines()) == 1
    assert run("verify", "blip-base")[0] == 0
    code, _, again = run("calibrate", "blip-base")
    assert (code, again) == (4, err)


@pytest.mark.parametrize("has_lighter", [False, True], ids=["alone", "beside a lighter one"])
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere free memory is not known")
def test_a_model_that_is_too_big_for_the_memory_does_not_run_here(
    tiny: Path, tmp_path: Path, has_lighter: bool
) -> None:
    put("git-base-coco", write_git(tmp_path / "git"))
    make_giant("git-base-coco")
    if has_lighter:
        put("blip-base", tiny)
    code, _, err = run("calibrate", "git-base-coco")
    assert code == 4
    assert err.startswith("The model git-base-coco does not run here: the memory is too small")
    assert speed.known(speed.here()) == {}
    assert "not measured" in state_of("git-base-coco")


@pytest.mark.skipif(sys.platform != "linux", reason="its children are read from /proc")
def test_a_model_that_is_killed_hurts_nobody(tiny: Path) -> None:
    put("blip-base", tiny)
    with subprocess.Popen(
        [*COMMAND, "calibrate", "blip-base"], stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as command:
        listed = Path(f"/proc/{command.pid}/task/{command.pid}/children")
        while not (children := listed.read_text().split()):
            time.sleep(0.05)
        os.kill(int(children[0]), signal.SIGKILL)  # as the system does when the memory is full
        err = command.communicate(timeout=60)[1]
    assert command.returncode == 4
    assert "it ended in the middle, as when the memory is too small" in err
    assert len(err.splitlines()) == 1
    assert speed.known(speed.here()) == {}


def test_a_model_that_never_ends_is_ended(tiny: Path) -> None:
    put("blip-base", tiny)
    begun = time.monotonic()
    with pytest.raises(NotMeasured, match="it took longer than 1 minute"):
        calibrate("blip-base", timeout_s=0.5)
    assert time.monotonic() - begun < 10


@pytest.mark.skipif(sys.platform != "linux", reason="its children are read from /proc")
def test_a_measurement_is_ended_for_a_description_and_done_after_it(tiny: Path) -> None:
    put("blip-base", tiny)
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    events: list[str] = []
    before = set(children.read_text().split())

    def is_describing() -> bool:
        """Once, when the first child runs."""
        runs = set(children.read_text().split()) > before
        if not runs or "description" in events:
            return False
        events.append("description")
        return True

    def give_way() -> None:
        assert set(children.read_text().split()) == before, "the measured model has left"
        events.append("gives way")

    made = calibrate_alone("blip-base", lambda: events.append("room"), is_describing, give_way)
    assert events == ["room", "description", "gives way", "room"]
    assert speed.known(speed.here()) == {"blip-base": made}


def test_a_voice_is_not_measured_and_it_is_told() -> None:
    code, out, err = run("calibrate", "voicecraft-330m")
    assert (code, out) == (2, "")
    assert err == "Only models that describe pictures are measured. voicecraft-330m speaks.\n"


def test_a_model_that_is_not_there_is_told() -> None:
    code, _, err = run("calibrate", "blip-base")
    assert code == 4
    assert err.startswith("Model missing: blip-base.")
