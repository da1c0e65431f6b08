"""`imagecraft-desktop self-test`: tries each part for real and says in one line each what works."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    EXIT_DEFECT,
    EXIT_DONE,
    EXIT_MODEL,
    EXIT_NO_SOUND,
    HotkeysImpossible,
    ImageCraftError,
    NotRunning,
)
from imagecraft_desktop.settings import store
from imagecraft_desktop.settings.table import Settings
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.log import start_logging
from imagecraft_desktop.values import Capture, Manner, Origin, Request, Speech

_SAMPLE = "error_dialog.png"
_SAMPLE_WORDS = "Save failed"
_LISTEN_S = 10.0


def _try(part: str, work: Callable[[], str]) -> bool:
    """Print one line: what `work` says, or why it failed; whether it worked."""
    try:
        print(say(strings.TEST_LINE, part=say(part), result=work()), flush=True)
    except HotkeysImpossible as error:  # its sentence names the part
        print(error.spoken, flush=True)
        return False
    except ImageCraftError as error:
        print(say(strings.TEST_LINE, part=say(part), result=error.spoken), flush=True)
        return False
    return True


def _settings() -> str:
    loaded = store.load()
    return " ".join(loaded.problems) or say(strings.TEST_SETTINGS, path=store.path())


def _screen() -> str:
    from imagecraft_desktop.capture.decode import to_picture
    from imagecraft_desktop.capture.screen import grab_screen

    height, width = to_picture(grab_screen("all")).pixels.shape[:2]
    return say(strings.TEST_SCREEN, width=width, height=height)


def _window() -> str:
    from imagecraft_desktop.capture.window import grab_window

    return say(strings.TEST_WINDOW, title=grab_window().name)


def _describer() -> str:
    from imagecraft_desktop.capture.decode import to_picture
    from imagecraft_desktop.engine.pipeline import Pipeline
    from imagecraft_desktop.errors import DescribeError
    from imagecraft_desktop.speak.chain import make_chain
    from imagecraft_desktop.system import paths

    sample = paths.resources() / "samples" / _SAMPLE
    request = Request(Capture(Origin.FILE, sample.name, sample), captioner="embedded")
    begun = time.perf_counter()
    outcome = Pipeline(to_picture, make_chain("silence")).run(
        request, None, lambda _: None, lambda: None
    )
    if _SAMPLE_WORDS not in outcome.text:
        raise DescribeError("the sample's words were not read", name="embedded")
    return say(strings.TEST_DESCRIBER, seconds=f"{time.perf_counter() - begun:.1f}")


class _Sound:
    """The voice and the player: what the voice says is what the player plays."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._chunks: list[Speech] = []

    def speak(self) -> str:
        from imagecraft_desktop.errors import SpeakError
        from imagecraft_desktop.speak.chain import make_chain
        from imagecraft_desktop.speak.voicecraft import VoiceCraftWish

        settings = self._settings
        wish = VoiceCraftWish(settings.voicecraft_model, settings.voicecraft_mode)
        chain = make_chain(settings.voice, wish)
        begun = time.perf_counter()
        said = chain.say(
            say(strings.TEST_SENTENCE), Manner(language=strings.language()), lambda: None
        )
        self._chunks = list(said)
        used = "+".join(chain.take_used())
        if not used:
            raise SpeakError("no sound came", name=self._settings.voice)
        seconds = f"{time.perf_counter() - begun:.1f}"
        return say(strings.TEST_VOICE, name=used, seconds=seconds)

    def play(self) -> str:
        from imagecraft_desktop.errors import NoSoundDevice
        from imagecraft_desktop.speak.player import Player

        player = Player(self._settings.sound_device, self._settings.speech_volume)
        try:
            player.begin()
            for chunk in self._chunks:
                player.feed(chunk)
            player.finish()
            if not player.wait(_LISTEN_S):
                raise NoSoundDevice("the sentence was not played to its end")
        finally:
            player.close()
        name = self._settings.sound_device or say(strings.TEST_DEFAULT_DEVICE)
        return say(strings.TEST_SOUND, name=name)


def _route(settings: Settings, is_audible: bool) -> str:
    """Who says what the program has to say."""
    from imagecraft_desktop.speak.reader.route import MESSAGES, VOICE, Route

    reader = Route(settings.output_route).find()
    if reader is None:
        return say(strings.TEST_ROUTE_VOICE if is_audible else strings.TEST_ROUTE_TEXT)
    messages = {VOICE: strings.TEST_ROUTE_VOICE_BESIDE, MESSAGES: strings.TEST_ROUTE_MESSAGES}
    sentence = messages.get(settings.output_route, strings.TEST_ROUTE_READER)
    return say(sentence, name=reader.name)


def _status() -> dict[str, Any] | None:
    """What the running program answers; None when it does not run."""
    from imagecraft_desktop.trigger import client
    from imagecraft_desktop.trigger.actions import Action

    try:
        return client.send(Action.STATUS)
    except NotRunning:
        return None


def _hotkeys(settings: Settings, running: dict[str, Any] | None) -> str:
    if running is not None:  # it holds the keys, so they cannot be tried
        if not running["keys"]:
            return say(strings.TEST_KEYS_NONE)
        keys = ", ".join(running["keys"])
        return say(strings.TEST_KEYS_HELD, keys=keys, backend=running["hotkeys"])
    from imagecraft_desktop.trigger.hotkeys import try_keys

    return try_keys([settings.layer_key, settings.window_key])


def _running(running: dict[str, Any] | None) -> str:
    if running is None:
        return NotRunning().spoken
    own_mb, apart_mb = float(running["rss_mb"]), float(running.get("children_mb", 0))
    return say(strings.TEST_RUNNING, megabytes=round(own_mb + apart_mb))


def prove_offline() -> int:
    """Describe and read with the network closed; 1 when something tried to reach it. Raises NotProved."""
    from imagecraft_desktop.trials import offline

    print(say(strings.PROOF_BEGUN), flush=True)
    proof = offline.prove()
    print(proof.spoken)
    return EXIT_DEFECT if proof.attempts else EXIT_DONE


def self_test() -> int:
    """Try every part; 0 when describing and speaking work, 4 or 5 when they do not."""
    settings = store.load().settings
    start_logging(settings.log_level)
    _try(strings.TEST_PART_SETTINGS, _settings)
    _try(strings.TEST_PART_SCREEN, _screen)
    _try(strings.TEST_PART_WINDOW, _window)
    describes = _try(strings.TEST_PART_DESCRIBER, _describer)
    sound = _Sound(settings)
    speaks = _try(strings.TEST_PART_VOICE, sound.speak)
    sounds = _try(strings.TEST_PART_SOUND, sound.play)
    route = _route(settings, speaks and sounds)
    print(say(strings.TEST_LINE, part=say(strings.TEST_PART_ROUTE), result=route))
    running = _status()
    _try(strings.TEST_PART_HOTKEYS, lambda: _hotkeys(settings, running))
    _try(strings.TEST_PART_PROGRAM, lambda: _running(running))
    if not (describes and speaks):
        return EXIT_MODEL
    return EXIT_DONE if sounds else EXIT_NO_SOUND
