"""Says one sentence where no program runs that could say it: `app` calls it when it cannot start.

Only voices that are ready within a second or two speak, and only for a while: the process is to end.
"""

from __future__ import annotations

import logging
import time

from imagecraft_desktop.errors import Cancelled, ImageCraftError
from imagecraft_desktop.speak.chain import Chain
from imagecraft_desktop.speak.espeak import EspeakVoice
from imagecraft_desktop.speak.hibari import HibariVoice
from imagecraft_desktop.speak.player import Player
from imagecraft_desktop.speak.reader.route import Route
from imagecraft_desktop.values import Manner

log = logging.getLogger(__name__)

_MOST_S = 15.0


def say_alone(text: str, route: Route, player: Player, manner: Manner, voice: str) -> None:
    """Say a text to its end, at most 15 s; a screen reader that takes it says it instead. Nothing is raised.

    Args:
        player: Closed afterwards.
        voice: Of the settings. "silence" keeps silent; one that is slow to load is not waited for.
    """
    reader = route.reader(is_message=True)
    if reader is not None and reader.say(text):
        return
    end_s = time.monotonic() + _MOST_S

    def tick() -> None:
        if time.monotonic() > end_s:
            raise Cancelled

    chain = Chain([HibariVoice(), EspeakVoice()], voice)
    try:
        player.begin()
        is_said = False
        for chunk in chain.say(text, manner, tick):
            player.feed(chunk)
            is_said = True
        player.finish()
        if is_said:
            player.wait(end_s - time.monotonic())
    except (ImageCraftError, Cancelled) as error:
        log.warning("a sentence was not said: %s", type(error).__name__)
    finally:
        player.close()
