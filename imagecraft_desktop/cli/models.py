"""`imagecraft-desktop models`: install and remove models that describe pictures or speak."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from getpass import getpass

from imagecraft_desktop import strings
from imagecraft_desktop.cli import consent
from imagecraft_desktop.cli.download_told import Teller
from imagecraft_desktop.errors import (
    EXIT_DONE,
    EXIT_MODEL,
    EXIT_USAGE,
    Cancelled,
    ImageCraftError,
    LicenceNotAccepted,
    ModelDamaged,
    NoAnswer,
    NotRunning,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.trigger import client
from imagecraft_desktop.trigger.actions import Action
from imagecraft_desktop.values import CALIBRATED, CHOSEN
from imagecraft_desktop.weights import (
    catalogue,
    certainty,
    download,
    fit,
    lines,
    login,
    pause,
    sizes,
    speed,
    store,
    voicecraft,
)
from imagecraft_desktop.weights.catalogue import Kind, Model
from imagecraft_desktop.weights.fit import Machine
from imagecraft_desktop.weights.speed import Speed

_ROOM_S = 60.0
_LOOK_S = 0.1


def models(arguments: argparse.Namespace) -> int:
    """Run one of the verbs. Raises ImageCraftError."""
    return _VERBS[arguments.verb](arguments)


def _no_tick() -> None:
    """Control-C ends a command by itself."""


# --- telling ---


@dataclass(frozen=True)
class _Here:
    """This machine, and what was measured on it."""

    machine: Machine
    speeds: Mapping[str, Speed]


def _look() -> _Here:
    return _Here(*speed.look())


def _list(arguments: argparse.Namespace) -> int:
    """Every model, those first that suit this machine."""
    here = _look()
    for model in lines.ranked(here.machine, here.speeds):
        print(
            _as_json(model, here)
            if arguments.json
            else lines.line(model, here.machine, here.speeds.get(model.name))
        )
    return EXIT_DONE


def _as_json(model: Model, here: _Here) -> str:
    """The same as an object in a line."""
    measured = here.speeds.get(model.name)
    facts = {
        "name": model.name,
        "label": model.label,
        "kind": model.kind.value,
        "good_for": [use.value for use in model.good_for],
        "download_bytes": model.download_bytes,
        "memory_bytes": fit.need_bytes(model, here.machine),
        "fit": fit.fit(model, here.machine).value,
        "licence": model.licence.name,
        "gated": model.gated,
        "languages": list(model.languages),
        "is_installed": store.manifest(model.name) is not None,
        "is_newer_known": store.is_outdated(model),
        "begun_bytes": download.begun_bytes(model.name),
        "bounds": _bounds(model),
        "instead": model.instead if download.may_lack_weights(model) else None,
        "speed": None if measured is None else _figures(measured),
    }
    return json.dumps(facts, ensure_ascii=False)


def _bounds(model: Model) -> str | None:
    """How it was found how sure the model must be of what it says; None for a voice."""
    if model.kind is Kind.VOICE:
        return None
    return CHOSEN if certainty.known(model.name) is None else CALIBRATED


def _figures(measured: Speed) -> dict[str, object]:
    facts = asdict(measured)
    return {name: facts[name] for name in facts if name not in {"name", "weights", "place"}} | {
        "processor": measured.place.processor
    }


def _show(arguments: argparse.Namespace) -> int:
    model, here = catalogue.find(arguments.name), _look()
    if arguments.json:
        print(_as_json(model, here))
        return EXIT_DONE
    measured = here.speeds.get(model.name)
    print("\n".join(lines.facts(model, here.machine, measured)))
    return EXIT_DONE


# --- changing ---


def _install(arguments: argparse.Namespace) -> int:
    model = catalogue.find(arguments.name)
    is_accepted = arguments.accept or download.begun_bytes(model.name) > 0
    if store.is_outdated(model):
        print(say(strings.MODEL_NEWER, name=model.name))
    elif (kept := store.manifest(model.name)) is not None:
        try:
            store.verify(model.name, _no_tick, Teller(model.name, is_aloud=False).tell_step)
        except ModelDamaged as error:
            print(error.spoken, flush=True)
            is_accepted = is_accepted or kept.licence == model.licence.name
        else:
            print(say(strings.MODEL_ALREADY, name=model.name))
            return EXIT_DONE
    _accept(model, is_accepted=is_accepted)
    _tell_of_spoiled()
    with Teller(model.name, is_aloud=arguments.is_aloud) as teller:
        try:
            download.install(model, _no_tick, teller.tell_step, login=arguments.login)
        except (KeyboardInterrupt, Cancelled):
            if download.begun_bytes(model.name):
                print(say(strings.MODEL_KEPT, name=model.name), file=sys.stderr)
            raise
        return _installed(model, teller, is_measured=arguments.is_measured)


def _import(arguments: argparse.Namespace) -> int:
    model, folder = catalogue.find(arguments.name), paths.typed(arguments.folder)
    store.find_in(folder, model)
    _accept(model, is_accepted=arguments.accept, is_brought=True)
    _tell_of_spoiled()
    with Teller(model.name, is_aloud=False) as teller:
        store.import_folder(model, folder, _no_tick, teller.tell_step)
        return _installed(model, teller, is_measured=arguments.is_measured)


def _tell_of_spoiled() -> None:
    """Say it when what was recorded of first downloads cannot be read; once, for it is set aside."""
    if (told := lines.spoiled()) is not None:
        print(told, file=sys.stderr, flush=True)


def _installed(model: Model, teller: Teller, *, is_measured: bool) -> int:
    """Tell what can be done now. A model that cannot be measured is installed all the same."""
    teller.tell(say(strings.MODEL_READY, name=model.name))
    if model.kind is Kind.VOICE:
        voicecraft.accept()
        print(say(strings.MODEL_MAKE_VOICE))
    elif is_measured:
        try:
            teller.tell(say(strings.MODEL_MEASURING))
            teller.tell(lines.takes(_measure(model)))
        except ImageCraftError as error:
            teller.tell_failure(error)
    return EXIT_DONE


def _measure(model: Model) -> Speed:
    """Raises ImageCraftError."""
    from imagecraft_desktop.trials.calibrate import calibrate_alone

    def give_way() -> None:
        print(say(strings.MODEL_GIVES_WAY), file=sys.stderr, flush=True)

    return calibrate_alone(model.name, _make_room, _is_describing, give_way)


def _is_describing() -> bool:
    """Whether the running program describes for the user."""
    with suppress(NotRunning, NoAnswer):
        return bool(client.send(Action.MAKE_ROOM, again="yes").get("is_describing"))
    return False


def _make_room() -> None:
    """Have the running program let go of its models, which would lack this one's memory; one that is at work is
    waited for, but not for ever."""
    end_s = time.monotonic() + _ROOM_S
    with suppress(NotRunning, NoAnswer):
        reply = client.send(Action.MAKE_ROOM)
        # an older program, which does not know this, has no such word in its answer
        while not reply.get("is_roomy", True) and time.monotonic() < end_s:
            time.sleep(_LOOK_S)
            reply = client.send(Action.MAKE_ROOM, again="yes")


def _calibrate(arguments: argparse.Namespace) -> int:
    """Measure an installed model anew. Raises ModelMissing, ModelDamaged before anything is said."""
    model = catalogue.find(arguments.name)
    if model.kind is Kind.VOICE:
        print(say(strings.MODEL_SPEAKS, name=model.name), file=sys.stderr)
        return EXIT_USAGE
    store.find(model.name)
    if arguments.json:
        print(json.dumps(_figures(_measure(model)), ensure_ascii=False))
    else:
        print(say(strings.MODEL_MEASURING), flush=True)
        print(lines.takes(_measure(model)))
    return EXIT_DONE


def _pause(arguments: argparse.Namespace) -> int:
    name = catalogue.find(arguments.name).name
    pause.pause(name)
    print(say(strings.MODEL_PAUSES, name=name))
    return EXIT_DONE


def _resume(arguments: argparse.Namespace) -> int:
    name = catalogue.find(arguments.name).name
    pause.resume(name)
    print(say(strings.MODEL_RESUMES, name=name))
    return EXIT_DONE


def _accept(model: Model, *, is_accepted: bool, is_brought: bool = False) -> None:
    """Show licence and size, and go on only when both are accepted. Raises LicenceNotAccepted."""
    print(lines.terms(model, is_brought=is_brought))
    sys.stdout.flush()
    if not (is_accepted or consent.is_given(strings.MODEL_ASK)):
        raise LicenceNotAccepted


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
    _tell_of_spoiled()
    status = EXIT_DONE
    for name in names:
        try:
            kept = store.verify(name, _no_tick, Teller(name, is_aloud=False).tell_step)
        except ImageCraftError as error:
            print(error.spoken, file=sys.stderr)
            status = EXIT_MODEL
        else:
            print(say(strings.MODEL_VERIFIED, name=name, count=len(kept.files)), flush=True)
    return status


def _login(_: argparse.Namespace) -> int:
    """Log in with a token that is typed, unseen, or comes through the standard input; an argument would stay in
    the shell's history and in the list of processes."""
    token = ""
    with suppress(EOFError):
        token = getpass(say(strings.LOGIN_ASK)) if sys.stdin.isatty() else sys.stdin.readline()
    print(login.login(token, _no_tick))
    return EXIT_DONE


def _logout(_: argparse.Namespace) -> int:
    print(login.logout())
    return EXIT_DONE


_VERBS = {
    "list": _list,
    "show": _show,
    "install": _install,
    "pause": _pause,
    "resume": _resume,
    "remove": _remove,
    "verify": _verify,
    "import": _import,
    "calibrate": _calibrate,
    "login": _login,
    "logout": _logout,
}
