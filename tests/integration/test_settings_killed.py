"""A process that is killed while it writes the settings leaves the old file or the new one."""

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time

import pytest

WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from imagecraft_desktop.settings import store
    file = Path(sys.argv[1])
    print("ready", flush=True)
    i = 0
    while True:
        i += 1
        store.set_values({"voice": f"v{i}" * 500, "captioner": f"v{i}" * 500}, file)
""")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_settings_are_whole_after_kill_at_fifty_random_moments(tmp_path):
    file = tmp_path / "settings.json"
    rng = random.Random(7)
    seen = set()
    for _ in range(50):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout.readline() == b"ready\n"
            time.sleep(rng.uniform(0.001, 0.06))
            child.send_signal(signal.SIGKILL)
        if file.exists():
            values = json.loads(file.read_bytes())
            assert values["voice"] == values["captioner"]
            assert len(values["voice"]) % 500 == 0
            seen.add(values["voice"])
    assert len(seen) > 1
    assert not file.with_name("settings.json.bad").exists()
    assert len(list(tmp_path.glob("*.tmp"))) <= 1  # the next writer clears what a killed one left
