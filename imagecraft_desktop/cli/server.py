"""`imagecraft-desktop server`: which other machine pictures may be sent to, and whether a server works."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import suppress

from imagecraft_desktop import strings
from imagecraft_desktop.cli import consent
from imagecraft_desktop.describe.server.address import (
    Address,
    allow,
    allowed,
    forget,
    is_allowed,
    read_address,
)
from imagecraft_desktop.errors import EXIT_DONE, ServerError, ServerNotAccepted
from imagecraft_desktop.settings import store
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import paths
from imagecraft_desktop.wishes import server_of

_SAMPLE = "dog.jpg"


def server(arguments: argparse.Namespace) -> int:
    """Run one of the verbs. Raises ImageCraftError."""
    return _VERBS[arguments.verb](arguments)


def _allow(arguments: argparse.Namespace) -> int:
    """Show what it means, and keep it that the user allows it. Raises ServerNotAccepted."""
    where = _meant(arguments.host)
    host = where.host
    if where.is_local:
        print(say(strings.SERVER_IS_LOCAL, host=host))
        return EXIT_DONE
    if not is_allowed(where):
        print(say(strings.SERVER_TERMS, host=host))
        if not where.is_secure:
            print(say(strings.SERVER_TERMS_OPEN))
        sys.stdout.flush()
        if not (arguments.accept or consent.is_given(strings.SERVER_ASK)):
            raise ServerNotAccepted(host=host)
        allow(where)
    print(say(strings.SERVER_ALLOWED, host=host))
    return EXIT_DONE


def _meant(typed: str) -> Address:
    """The address that was typed; of a name alone that of the settings, if it is on that machine. Raises
    ServerAddressWrong, ServerNotNamed."""
    where = read_address(typed)
    if "://" in typed:
        return where
    with suppress(ServerError):  # that of the settings is none
        named = read_address(store.load().settings.server_address)
        return named if named.host == where.host else where
    return where


def _forget(arguments: argparse.Namespace) -> int:
    hosts = [read_address(arguments.host).host] if arguments.host else list(allowed())
    if not hosts:
        print(say(strings.SERVER_NONE_ALLOWED))
    for host in hosts:
        was_allowed = forget(host)
        message = strings.SERVER_FORGOTTEN if was_allowed else strings.SERVER_WAS_NOT_ALLOWED
        print(say(message, host=host))
    return EXIT_DONE


def _test(_: argparse.Namespace) -> int:
    """Ask for the models, then about a picture of ours, as a description would."""
    import numpy as np
    from PIL import Image

    from imagecraft_desktop.describe.caption import say_caption
    from imagecraft_desktop.describe.server import captions, models, open_address
    from imagecraft_desktop.values import Certainty, Detail, Statement, Wish

    chosen = server_of(store.load().settings)
    host = open_address(chosen).host
    print(say(strings.SERVER_ANSWERS, host=host, names=", ".join(models(chosen, _no_tick))))
    sys.stdout.flush()
    with Image.open(paths.resources() / "samples" / _SAMPLE) as file:
        pixels = np.asarray(file.convert("RGB"))
    begun = time.perf_counter()
    answer = []
    for one in captions(pixels, Wish(Detail.BRIEF, server=chosen), _no_tick):
        if isinstance(one, Statement):
            print(one.text, flush=True)
        else:
            answer.append(say_caption(one, Certainty.LIKELY).text)
    print(say(strings.SERVER_TOOK, seconds=f"{time.perf_counter() - begun:.1f}"))
    print("\n".join(answer))
    return EXIT_DONE


def _no_tick() -> None:
    """Control-C ends a command by itself."""


_VERBS = {"allow": _allow, "forget": _forget, "test": _test}
