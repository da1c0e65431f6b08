"""A sound server with one silent output, and what a person would hear of it."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from tests.desktop.processes import Child, Family, wait_until

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE_HZ = 48_000
SINK = "speakers"
_SINK_OPTIONS = (
    # without norewinds the silent output runs up to two seconds ahead and recordings have holes
    f"rate={RATE_HZ} channels=2 norewinds=1 sink_properties=device.description={{name}}"
)


class SoundServer:
    """PulseAudio with a null sink called "speakers"."""

    def __init__(self, folder: Path, family: Family, env: Mapping[str, str]) -> None:
        self._folder = folder
        self._family = family
        self._env = dict(env)
        self._server: Child | None = None
        alsa = folder / "asound.conf"
        alsa.write_text(
            "</usr/share/alsa/alsa.conf>\n"
            'pcm.!default { type pulse hint { show on description "Default" } }\n'
            "ctl.!default { type pulse }\n"
        )
        self.env = {
            "PULSE_SERVER": f"unix:{folder}/pulse.sock",
            "PULSE_COOKIE": str(folder / "cookie"),
            "ALSA_CONFIG_PATH": str(alsa),
        }

    def start(self, *, wait: bool = True) -> None:
        """Start the server with the sink; with `wait`, until both answer."""
        self._server = self._family.spawn(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1"),
                *("--log-target=stderr", "--log-level=notice"),
                *(
                    "-L",
                    f"module-native-protocol-unix socket={self._folder}/pulse.sock auth-anonymous=1",
                ),
                *("-L", f"module-null-sink sink_name={SINK} {_SINK_OPTIONS.format(name=SINK)}"),
            ],
            {**self._env, "PULSE_RUNTIME_PATH": str(self._folder / "pulse")},
            name="pulseaudio",
        )
        if wait:
            self.wait_ready()

    def wait_ready(self) -> None:
        wait_until(lambda: SINK in self._try("list", "short", "sinks"), "the sound server", 10)

    def is_whole(self) -> bool:
        """Whether the server runs and has exactly the sink it started with."""
        running = self._server is not None and self._server.is_running()
        return running and self._sinks() == [SINK]

    def kill(self) -> None:
        """The server crashes."""
        if self._server is not None:
            self._server.kill()

    def unplug(self, name: str = SINK) -> None:
        """The output is pulled out."""
        for row in self._pactl("list", "short", "modules").splitlines():
            number, module, *options = row.split("\t")
            if module == "module-null-sink" and f"sink_name={name} " in f"{options[0]} ":
                self._pactl("unload-module", number)

    def plug(self, name: str = SINK, *, default: bool = False) -> None:
        """An output is put in."""
        options = _SINK_OPTIONS.format(name=name).split()
        self._pactl("load-module", "module-null-sink", f"sink_name={name}", *options)
        if default:
            self._pactl("set-default-sink", name)

    def _sinks(self) -> list[str]:
        return [row.split("\t")[1] for row in self._try("list", "short", "sinks").splitlines()]

    def _pactl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["pactl", *arguments],
            env={**self._env, **self.env},
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
        return done.stdout

    def _try(self, *arguments: str) -> str:
        try:
            return self._pactl(*arguments)
        except subprocess.SubprocessError:
            return ""


class Recorder:
    """Records what a sink plays: 48 kHz, mono. Begins when the `with` block is entered."""

    def __init__(self, env: Mapping[str, str], sink: str = SINK) -> None:
        self._command = [
            *("parec", "-d", f"{sink}.monitor", "--format=s16le", f"--rate={RATE_HZ}"),
            *("--channels=1", "--latency-msec=10", "--raw"),
        ]
        self._env = dict(env)
        self._data = bytearray()

    def __enter__(self) -> Recorder:
        self._process = subprocess.Popen(self._command, env=self._env, stdout=subprocess.PIPE)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        wait_until(lambda: self._data, "the first recorded samples")
        self._data.clear()
        self.started_at = time.monotonic()
        return self

    def _read(self) -> None:
        assert self._process.stdout is not None
        while block := os.read(self._process.stdout.fileno(), 65536):
            self._data += block

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(5)
        self._thread.join(2)
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def samples(self) -> NDArray[np.float32]:
        """What was heard so far: float32, (N,), in [-1, 1], 48 kHz."""
        import numpy as np

        data = bytes(self._data)
        heard = np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32)
        return heard / np.float32(32768)

    @property
    def seconds(self) -> float:
        """How much has been recorded."""
        return len(self._data) / 2 / RATE_HZ

    def loud_at_s(self, threshold: float = 0.01, after_s: float = 0.0) -> float | None:
        """When, in seconds of the recording, the first sound above `threshold` was heard."""
        import numpy as np

        first = int(after_s * RATE_HZ)
        loud = np.flatnonzero(np.abs(self.samples[first:]) > threshold)
        return (first + int(loud[0])) / RATE_HZ if len(loud) else None

    def silent_since_s(self, threshold: float = 0.01) -> float:
        """For how many seconds, up to now, nothing above `threshold` was heard."""
        import numpy as np

        samples = self.samples
        loud = np.flatnonzero(np.abs(samples) > threshold)
        return (len(samples) - (int(loud[-1]) + 1 if len(loud) else 0)) / RATE_HZ

    def wait_for_sound(self, timeout_s: float = 10.0, after_s: float = 0.0) -> float:
        """Wait until something is heard; when that was, in seconds of the recording."""
        wait_until(
            lambda: self.loud_at_s(after_s=after_s) is not None, "a sound", timeout_s, step_s=0.02
        )
        at = self.loud_at_s(after_s=after_s)
        assert at is not None
        return at

    def wait_for_silence(self, lasting_s: float = 1.0, timeout_s: float = 30.0) -> None:
        """Wait until nothing was heard for `lasting_s`."""
        wait_until(
            lambda: self.seconds >= lasting_s and self.silent_since_s() >= lasting_s,
            f"{lasting_s} s of silence",
            timeout_s,
            step_s=0.05,
        )

    def wait_until_spoken(self, lasting_s: float = 1.0, timeout_s: float = 30.0) -> None:
        """Wait until something was heard, and then nothing for `lasting_s`."""
        self.wait_for_sound(timeout_s)
        self.wait_for_silence(lasting_s, timeout_s)
