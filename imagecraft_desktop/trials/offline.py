"""Proves that nothing is sent: pictures are described and read in a child that has no network.

Used by `self-test --offline` and the page Privacy of the settings window. On Linux the kernel keeps the
child from every network, where it allows that, and counts the attempts of parts written in C. There as elsewhere
Python's audit events are watched, and what would go out is refused: another program of this machine, reached by a
file, could still ask the network for us, as the system's resolver does.
"""

from __future__ import annotations

import ctypes
import errno
import json
import logging
import os
import socket
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from imagecraft_desktop import strings
from imagecraft_desktop.errors import ChildFailed, ImageCraftError, NotProved
from imagecraft_desktop.settings import store
from imagecraft_desktop.strings import say
from imagecraft_desktop.system import child, paths
from imagecraft_desktop.system.language import chosen
from imagecraft_desktop.system.log import start_logging
from imagecraft_desktop.values import (
    FAILURE,
    Capture,
    Description,
    Manner,
    Origin,
    Request,
    Tick,
)

log = logging.getLogger(__name__)

_SAMPLES = ("error_dialog.png", "dog.jpg")
"""One is read, in the other things are found; about the second, the last, a model is asked."""
_TIME_OUT_S = 300.0
_NOWHERE = (("192.0.2.1", 9), ("127.0.0.1", 9))
"""An address that is nobody's (RFC 5737), and this machine itself."""
_LOOKED_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_SENT = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_STARTED = {"subprocess.Popen", "os.system", "os.posix_spawn", "os.exec"}

# linux/sched.h
_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000
# linux/sockios.h, linux/if.h
_SET_FLAGS, _FLAGS_OF, _IS_UP = 0x8914, "16sh14x", 1
_TRIED = ("OutRequests", "OutNoRoutes", "Ip6OutRequests", "Ip6OutNoRoutes")
"""Counters of packets, of a process without a network: to itself, and without a way out."""


class Wall(StrEnum):
    """How the network was closed.

    KERNEL: the process has none. WATCH: attempts of Python code are refused.
    """

    KERNEL = "kernel"
    WATCH = "watch"


@dataclass(frozen=True)
class Proof:
    """How it went.

    Attributes:
        attempts: What was to be reached; empty when nothing was.
        captioner, voices: What worked; of captioners the network that answered.
        has_server: The user's captioner is a server, and another one was tried.
        plays_itself: The voice is another program, which was not tried: it would have been heard.
        is_silent: The voice says nothing, so nothing was read.
    """

    wall: Wall
    attempts: tuple[str, ...]
    captioner: str
    voices: str
    has_server: bool = False
    plays_itself: bool = False
    is_silent: bool = False

    @property
    def spoken(self) -> str:
        """What it proves, and by what."""
        if self.attempts:
            return say(strings.PROOF_ATTEMPT, what=", ".join(self.attempts))
        by_kernel = self.wall is Wall.KERNEL
        is_unread = self.plays_itself or self.is_silent
        done = strings.PROOF_DESCRIBED if is_unread else strings.PROOF_NOTHING_SENT
        told = [
            say(done, captioner=self.captioner, voice=self.voices),
            say(strings.PROOF_BY_KERNEL if by_kernel else strings.PROOF_BY_WATCH),
        ]
        if self.has_server:
            told.append(say(strings.PROOF_SERVER))
        if self.plays_itself:
            told.append(say(strings.PROOF_OTHER_PROGRAM, voice=self.voices))
        return " ".join(told)


# --- the caller's side ---


def _go_on() -> None:
    """Nobody cancels."""


def prove(tick: Tick = _go_on, wall: Wall = Wall.KERNEL) -> Proof:
    """Describe and read with the captioner and the voice of the settings, without a network.

    Args:
        tick: Asked ten times a second; what it raises ends the child.
        wall: The best that is wanted; where it cannot be had, the other one stands.
    Raises:
        NotProved: It could not be tried.
    """
    try:
        answer = list(child.answers(__name__, wall, timeout_s=_TIME_OUT_S, tick=tick))[-1]
    except (TimeoutError, ChildFailed, OSError) as error:
        reason = say(strings.PROOF_ENDED)
        raise NotProved(str(error) or type(error).__name__, reason=reason) from error
    if "failed" in answer:
        raise NotProved(reason=answer["failed"])
    return Proof(**{**answer, "wall": Wall(answer["wall"]), "attempts": tuple(answer["attempts"])})


# --- the child's side ---


def main(wish: str) -> dict[str, Any]:
    """The facts of a `Proof`, or "failed" with a sentence."""
    wall = Wall.KERNEL if wish == Wall.KERNEL and _leave_network() else Wall.WATCH
    watch = _Watch(stops_programs=wall is Wall.WATCH)
    sys.addaudithook(watch.hear)
    settings = store.load().settings
    strings.use_language(chosen(settings.language), paths.resources() / "locale")
    start_logging(settings.log_level)
    n_before = _count_tried()
    try:
        facts = _describe_and_read(settings)
    except ImageCraftError as error:
        facts = {"failed": error.spoken}
    except Exception:  # what is refused may come back as any error
        log.exception("describing or reading fails")
        facts = {"failed": say(strings.ERR_UNEXPECTED)}
    if wall is Wall.KERNEL and _count_tried() > n_before:
        watch.attempts.append(say(strings.PROOF_UNKNOWN))
    if watch.attempts and "failed" in facts:  # the more important of the two
        facts = {"captioner": "", "voices": ""}
    return {**facts, **({} if "failed" in facts else {"wall": wall, "attempts": watch.attempts})}


def _describe_and_read(settings: Any) -> dict[str, Any]:
    """The facts, or "failed". Raises ImageCraftError."""
    from imagecraft_desktop.capture.decode import to_picture
    from imagecraft_desktop.engine.pipeline import Pipeline
    from imagecraft_desktop.speak.chain import make_chain
    from imagecraft_desktop.speak.voicecraft import VoiceCraftWish

    has_server = settings.captioner == "server"
    captioner = "embedded" if has_server else settings.captioner
    wish = VoiceCraftWish(settings.voicecraft_model, settings.voicecraft_mode)
    chain = make_chain(settings.voice, wish)
    pipeline = Pipeline(to_picture, chain)
    language = strings.language()
    manner = Manner(settings.speech_rate, language=language, pitch=settings.speech_pitch)
    voice = chain.voice_for(language)
    plays_itself = voice is not None and voice.plays_itself
    found: list[Description] = []
    for name in _SAMPLES:
        capture = Capture(Origin.FILE, name, paths.resources() / "samples" / name)
        request = Request(capture, captioner=captioner)
        outcome = pipeline.run(request, None, lambda _: None, _go_on)
        found += filter(None, [outcome.description])
        if not plays_itself:
            for _ in chain.say(outcome.text, manner, _go_on):
                pass
    if reason := _why_nothing(found):
        return {"failed": reason}
    return {
        "captioner": found[-1].model or found[-1].captioner,
        "voices": voice.name if voice and plays_itself else "+".join(chain.take_used()),
        "has_server": has_server,
        "plays_itself": plays_itself,
        "is_silent": voice is None,
    }


def _why_nothing(found: Sequence[Description]) -> str:
    """Why the captioner did not do its work, in a sentence; "" when it did."""
    for one in found:
        if one.exit_code:
            return " ".join(told.text for told in one.statements if told.source == FAILURE)
    if found[-1].model and found[-1].caption is None:
        return say(strings.PROOF_NOT_ASKED, name=found[-1].model)
    return ""


class _Watch:
    """Hears of everything that Python code does, and notes and refuses what would leave this process.

    Args:
        stops_programs: So is the start of other programs, which could not be watched. That alone is no
            attempt: libraries look for others so.
    """

    def __init__(self, *, stops_programs: bool) -> None:
        self.attempts: list[str] = []
        self._stops_programs = stops_programs

    def hear(self, event: str, arguments: Sequence[Any]) -> None:
        """Called by Python. Raises OSError instead of letting it happen."""
        if event in _LOOKED_UP:
            self._note(str(arguments[0]))
        elif event in _SENT and not _is_local(arguments[0]):
            self._note(_in_words(arguments[1]))
        elif event in _STARTED and self._stops_programs:
            _refuse()

    def _note(self, what: str) -> None:
        if what not in self.attempts:
            self.attempts.append(what)
        _refuse()


def _refuse() -> None:
    raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))


def _is_local(one: socket.socket) -> bool:
    """A socket to another program of this machine, by a file."""
    return one.family == getattr(socket, "AF_UNIX", None)


def _in_words(address: object) -> str:
    return str(address[0]) if isinstance(address, tuple) and address else str(address)


def _leave_network() -> bool:
    """Go where there is no network, and look whether it is so. False where the kernel refuses.

    To be called while there is one thread.
    """
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None)
    user, group = os.getuid(), os.getgid()
    try:
        if library.unshare(_NEW_NETWORK) != 0:  # not root: as one of its own users it may
            if library.unshare(_NEW_USERS | _NEW_NETWORK) != 0:
                return False
            # else new files could have no owner
            for file, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                Path("/proc/self", file).write_text(text)
        if any(map(_reaches, _NOWHERE)):
            return False
        _raise_loopback()
    except (OSError, AttributeError):
        return False
    return True


def _raise_loopback() -> None:
    """Let the process talk to itself: without any address of its own it would not be told that there is no
    way out for IPv6, and so nothing would be counted. Raises OSError."""
    import fcntl  # which not every system has

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, _SET_FLAGS, struct.pack(_FLAGS_OF, b"lo", _IS_UP))


def _reaches(address: tuple[str, int]) -> bool:
    """Whether there is a way to an address. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(address)
        except OSError:
            return False
    return True


def _count_tried() -> int:
    """How many packets were to go somewhere, as the kernel counts them for this process and its threads."""
    counts: dict[str, str] = {}
    try:
        heads, values = Path("/proc/self/net/snmp").read_text().splitlines()[:2]
        counts |= zip(heads.split(), values.split(), strict=False)
        newer = Path("/proc/self/net/snmp6").read_text()  # not there where the system has no IPv6
        counts |= dict(line.split() for line in newer.splitlines())
    except (OSError, ValueError):
        log.info("not every packet is counted here")
    return sum(int(counts.get(name, 0)) for name in _TRIED)


if __name__ == "__main__":
    child.end_with_parent()
    print(json.dumps(main(sys.argv[1])), flush=True)
