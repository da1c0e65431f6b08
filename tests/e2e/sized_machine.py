"""The tray program on a machine with as much memory as is said, watched for what is in the memory.

    python -m tests.e2e.sized_machine GIGABYTES

Only the size of the machine is made up. At the end it tells, as a JSON line, how often a captioner's
network, a voice's, and both at once were seen.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from imagecraft_desktop import app, program
from imagecraft_desktop.describe.facts_first import FactsFirst
from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice

_LOOK_S = 0.002
seen = {"captioner": 0, "voice": 0, "both": 0}


class _Watched(program.Program):
    """Looks at its networks five hundred times a second."""

    def _make_speaker(self) -> Any:
        chain = super()._make_speaker()
        self._own_voices = [one for one in chain._voices if isinstance(one, VoiceCraftVoice)]
        return chain

    def _make_pipeline(self, speaker: Any) -> Any:
        self._watched = super()._make_pipeline(speaker)
        threading.Thread(target=self._watch_networks, daemon=True).start()
        return self._watched

    def _watch_networks(self) -> None:
        while True:
            captioner = self._watched._captioner
            describes = isinstance(captioner, FactsFirst) and captioner._loaded is not None
            speaks = any(voice._model is not None for voice in self._own_voices)
            seen["captioner"] += describes
            seen["voice"] += speaks
            seen["both"] += describes and speaks
            time.sleep(_LOOK_S)


def main(gigabytes: int) -> int:
    program.machine_bytes = lambda: gigabytes * 10**9
    program.Program = _Watched  # type: ignore[misc]
    status = app.main()
    print(json.dumps({"event": "seen", **seen}), flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
