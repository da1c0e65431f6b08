"""`imagecraft-desktop voice`: voices of the user's own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from imagecraft_desktop import choices, strings
from imagecraft_desktop.cli import consent
from imagecraft_desktop.errors import EXIT_DONE, LicenceNotAccepted, VoicePromptDamaged
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths


def voice(arguments: argparse.Namespace) -> int:
    """Run one of the verbs. Raises ImageCraftError."""
    return _VERBS[arguments.verb](arguments)


def _add(arguments: argparse.Namespace) -> int:
    from imagecraft_desktop.speak import prompts

    prompts.check_name(arguments.name, arguments.replace)
    made = prompts.add(
        arguments.name,
        Path(arguments.audio),
        arguments.transcript,
        has_consent=arguments.speaker_agreed or consent.is_given(strings.VOICE_ASK_CONSENT),
        cut_s=arguments.cut,
        replace=arguments.replace,
        warn=lambda sentence: print(sentence, file=sys.stderr),
    )
    why_not = choices.lacks_of_own(made.name)
    sentence = strings.VOICE_KEPT if why_not else strings.VOICE_ADDED
    print(say(sentence, name=made.name, seconds=f"{made.duration_s:.1f}"))
    print(say(strings.VOICE_SAYS, transcript=made.transcript))
    if why_not:
        print(say(strings.VOICE_NOT_YET, next_step=why_not))
        return EXIT_DONE
    name = f'"{made.name}"' if " " in made.name else made.name
    print(say(strings.VOICE_TRY, command=f"imagecraft-desktop voice test {name}"))
    return EXIT_DONE


def _list(_: argparse.Namespace) -> int:
    from imagecraft_desktop.speak import prompts

    names = prompts.names()
    if not names:
        print(say(strings.VOICE_NONE_YET))
    for name in names:
        try:
            one = prompts.load(name)
            one.samples()
        except VoicePromptDamaged as error:
            print(error.spoken)
            continue
        seconds = f"{one.duration_s:.1f}"
        print(say(strings.VOICE_LISTED, name=name, seconds=seconds, transcript=one.transcript))
    return EXIT_DONE


def _remove(arguments: argparse.Namespace) -> int:
    from imagecraft_desktop.speak import prompts

    print(say(strings.VOICE_REMOVED, name=prompts.remove(arguments.name)))
    return EXIT_DONE


def _test(arguments: argparse.Namespace) -> int:
    """The same as `speak TEXT --voice NAME`; without a text an English sentence."""
    from imagecraft_desktop.cli.describe import speak
    from imagecraft_desktop.speak import prompts

    arguments.voice = prompts.load(arguments.name).name
    if not arguments.text:
        with strings.in_english():
            arguments.text = [say(strings.TEST_SENTENCE)]
    arguments.language, arguments.json = "en", False
    return speak(arguments)


def _licence(arguments: argparse.Namespace) -> int:
    """Show the terms; keep it that the user accepts them."""
    from imagecraft_desktop.weights import voicecraft

    print(voicecraft.terms())
    if arguments.accept and not voicecraft.is_accepted():
        voicecraft.accept()
    if voicecraft.is_accepted():
        print(say(strings.VOICECRAFT_ACCEPTED))
    return EXIT_DONE


def _model(arguments: argparse.Namespace) -> int:
    """Speak with the model in a folder, once its terms are accepted and it is whole."""
    from imagecraft_desktop.cli.change_settings import change
    from imagecraft_desktop.speak.voicecraft import read_model
    from imagecraft_desktop.weights import voicecraft

    folder = paths.whole(arguments.folder)
    found = voicecraft.find(folder)
    if not voicecraft.is_accepted():
        print(voicecraft.terms(), flush=True)
        if not (arguments.accept or consent.is_given(strings.VOICECRAFT_ASK)):
            raise LicenceNotAccepted
    checkpoint, _ = read_model(found)
    if not voicecraft.is_accepted():
        voicecraft.accept()
    change("voicecraft_model", str(folder))
    size = round(sum(one.numel() for one in checkpoint.tensors.values()) / 1e6)
    print(say(strings.VOICECRAFT_MODEL_FOUND, folder=str(folder), size=size))
    return EXIT_DONE


_VERBS = {
    "licence": _licence,
    "model": _model,
    "add": _add,
    "list": _list,
    "remove": _remove,
    "test": _test,
}
