"""Speech that goes to a file instead of the loudspeaker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.errors import ImageCraftError, SpeechNotSaved
from imagecraft_desktop.strings import say
from imagecraft_desktop.values import Speech


class SpeechFile:
    """An output of the pipeline (`engine.worker.Sound`) that writes the file at the end.

    Args:
        voice: Named when it gives no sound.
        tell: Hears how it went, in the worker's thread.
    """

    def __init__(self, path: Path, voice: str, tell: Callable[[str], None]) -> None:
        self._path = path
        self._voice = voice
        self._tell = tell
        self._chunks: list[Speech] = []
        self._is_over = False

    def begin(self) -> None:
        """An utterance begins."""
        self._chunks = []

    def feed(self, speech: Speech) -> None:
        """The next chunk."""
        self._chunks.append(speech)

    def finish(self) -> None:
        """All of it is there."""
        from imagecraft_desktop.speak.save import save

        if self._is_over:
            return
        self._is_over = True
        try:
            if not self._chunks:
                raise SpeechNotSaved(name=self._voice)
            save(self._path, self._chunks)
        except ImageCraftError as error:
            self._tell(error.spoken)
        else:
            self._tell(say(strings.IMAGES_SAVED, name=self._path.name))

    def stop(self) -> None:
        """Something else was asked for before the end."""
        if not self._is_over:
            self._is_over = True
            self._tell(say(strings.IMAGES_SPEECH_NOT_SAVED))
