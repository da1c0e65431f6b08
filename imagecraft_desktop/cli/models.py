"""`imagecraft-desktop models`: install and remove models that describe pictures or speak."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    EXIT_DONE,
    EXIT_MODEL,
    Cancelled,
    ImageCraftError,
    LicenceNotAccepted,
    ModelDamaged,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.weights import catalogue, download, fit, lines, sizes, store, voicecraft
from imagecraft_desktop.weights.catalogue import Kind, Model
from imagecraft_desktop.weights.download import Step

_BF16, _FP32 = 2, 4


def models(arguments: argparse.Namespace) -> int:
    """Run one of the verbs. Raises ImageCraftError."""
    return _VERBS[arguments.verb](arguments)


def _no_tick() -> None:
    """Control-C ends a command by itself."""


# --- telling ---


def _list(_: argparse.Namespace) -> int:
    """Every model, those first that suit this machine."""
    machine = fit.look()
    for model in fit.ranked(catalogue.known().values(), machine):
        print(lines.line(model, machine))
    return EXIT_DONE


def _show(arguments: argparse.Namespace) -> int:
    model = catalogue.find(arguments.name)
    print(lines.line(model, fit.look()))
    print(
        say(
            strings.MODEL_SHOW_SIZE,
            label=model.label,
            millions=round(model.parameters / 1e6),
            size=sizes.in_words(model.download_bytes),
            memory=sizes.in_words(model.memory_bytes(_BF16)),
            more=sizes.in_words(model.memory_bytes(_FP32)),
        )
    )
    for source in model.sources:
        if commit := store.commit_of(source):
            print(say(strings.MODEL_SHOW_SOURCE, repo=source.repo, commit=commit))
        else:
            print(say(strings.MODEL_SHOW_NEWEST, repo=source.repo))
    licence = model.licence
    print(say(strings.MODEL_SHOW_LICENCE, licence=licence.name, address=licence.address))
    if (kept := store.manifest(model.name)) is not None:
        folder, size = str(store.folder_of(model.name)), sizes.in_words(kept.size)
        print(say(strings.MODEL_SHOW_INSTALLED, day=kept.installed, folder=folder, size=size))
    return EXIT_DONE


# --- changing ---


def _install(arguments: argparse.Namespace) -> int:
    model = catalogue.find(arguments.name)
    is_accepted = arguments.accept or download.begun_bytes(model.name) > 0
    if (kept := store.manifest(model.name)) is not None:
        try:
            store.verify(model.name, _no_tick)
        except ModelDamaged as error:
            print(error.spoken, flush=True)
            is_accepted = is_accepted or kept.licence == model.licence.name
        else:
            print(say(strings.MODEL_ALREADY, name=model.name))
            return EXIT_DONE
    _accept(model, is_accepted=is_accepted)
    teller = _Teller()
    try:
        download.install(model, _no_tick, teller.tell, login=arguments.login)
    except (KeyboardInterrupt, Cancelled):
        print(say(strings.MODEL_KEPT, name=model.name), file=sys.stderr)
        raise
    return _installed(model)


def _import(arguments: argparse.Namespace) -> int:
    model = catalogue.find(arguments.name)
    _accept(model, is_accepted=arguments.accept)
    store.import_folder(model, Path(arguments.folder).expanduser(), _no_tick)
    return _installed(model)


def _installed(model: Model) -> int:
    print(say(strings.MODEL_READY, name=model.name))
    if model.kind is Kind.VOICE:
        voicecraft.accept()
        print(say(strings.MODEL_MAKE_VOICE))
    return EXIT_DONE


def _accept(model: Model, *, is_accepted: bool) -> None:
    """Show licence and size, and go on only when both are accepted. Raises LicenceNotAccepted."""
    print(lines.terms(model))
    sys.stdout.flush()
    if not (is_accepted or _asked()):
        raise LicenceNotAccepted


def _asked() -> bool:
    """Ask in a terminal for a yes; elsewhere nobody says so."""
    if not sys.stdin.isatty():
        return False
    yes = say(strings.VOICE_YES)
    try:
        answer = input(say(strings.MODEL_ASK, yes=yes))
    except EOFError:
        return False
    return answer.strip().casefold() in {yes.casefold(), strings.VOICE_YES}


class _Teller:
    """Prints a line for each tenth of a download, and when it waits."""

    def __init__(self) -> None:
        self._told = lines.Tenths()

    def tell(self, step: Step) -> None:
        if sentence := self._told.sentence(step):
            print(sentence, flush=True)


def _remove(arguments: argparse.Namespace) -> int:
    name = catalogue.find(arguments.name).name
    freed = sizes.in_words(store.remove(name))
    print(say(strings.MODEL_REMOVED, name=name, size=freed))
    return EXIT_DONE


def _verify(arguments: argparse.Namespace) -> int:
    """Look at one model, or at all; told of each, and a bad one does not hide the next."""
    if arguments.name:
        names = [catalogue.find(arguments.name).name]
    elif not (names := list(store.installed())):
        print(say(strings.MODELS_NONE))
    status = EXIT_DONE
    for name in names:
        try:
            kept = store.verify(name, _no_tick)
        except ImageCraftError as error:
            print(error.spoken, file=sys.stderr)
            status = EXIT_MODEL
        else:
            print(say(strings.MODEL_VERIFIED, name=name, count=len(kept.files)), flush=True)
    return status


_VERBS = {
    "list": _list,
    "show": _show,
    "install": _install,
    "remove": _remove,
    "verify": _verify,
    "import": _import,
}
