"""Draws PDF and SVG pictures in a process of their own.

Both are little programs rather than pictures: a few hundred bytes can keep PDFium or Qt busy for
years or make them take all memory, and neither can be told to stop. A process can.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

from imagecraft_desktop import strings
from imagecraft_desktop.capture.limits import Refused
from imagecraft_desktop.capture.sniff import Format
from imagecraft_desktop.system.child import command, environment

_TIME_S = 15
_LOOK_S = 0.05
_MEMORY_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn.

    Attributes:
        mode: "RGB" or "RGBA": the bytes of a pixel, rows from the top without padding.
        pages: Pages of the document.
        links: Linked pictures that were left out.
    """

    width: int
    height: int
    mode: str
    data: bytes = field(repr=False)
    pages: int = 1
    links: int = 0


def draw(data: bytes, kind: Format, tick: Callable[[], None] = lambda: None) -> Drawn:
    """Draw a PDF's first page or an SVG.

    Args:
        tick: Called every `_LOOK_S`; raises Cancelled when the user has asked to stop.
    Raises:
        Refused: With the reason; also when it takes too long or too much memory.
    """
    try:
        child = subprocess.Popen(
            command(__name__, kind.value),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment() | {"QT_QPA_PLATFORM": "offscreen"},  # Qt needs no display
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise Refused(strings.READ_NOT_DRAWN) from error
    with child:
        try:
            output = _output(child, data, tick)
        finally:
            child.kill()  # when it has ended by itself this does nothing
    if child.returncode != 0:
        raise Refused(strings.READ_NOT_DRAWN)
    head, _, pixels = output.partition(b"\n")
    answer = json.loads(head)
    if "refused" in answer:
        raise Refused(answer["refused"], **answer["words"])
    return Drawn(**answer, data=pixels)


def _output(child: subprocess.Popen[bytes], data: bytes, tick: Callable[[], None]) -> bytes:
    """What the child writes until it ends. Raises Refused when that takes too long."""
    end = time.monotonic() + _TIME_S
    unsent: bytes | None = data
    while time.monotonic() < end:
        try:
            return child.communicate(unsent, timeout=_LOOK_S)[0]
        except subprocess.TimeoutExpired:
            unsent = None  # the first call goes on with it
            tick()
    raise Refused(strings.READ_TOO_SLOW, seconds=_TIME_S)


def main(kind: str, source: BinaryIO, sink: BinaryIO) -> None:
    """The child: read a file, write one line of JSON and then the pixels."""
    _limit_memory()
    data = source.read()
    try:
        if kind == Format.PDF.value:
            from imagecraft_desktop.capture import pdf

            drawn = pdf.draw(data)
        else:
            from imagecraft_desktop.capture import svg

            drawn = svg.draw(data)
    except Refused as refusal:
        answer = {"refused": refusal.message, "words": refusal.words}
        sink.write(json.dumps(answer).encode() + b"\n")
        return
    except MemoryError:
        sink.write(json.dumps({"refused": strings.READ_NO_MEMORY, "words": {}}).encode() + b"\n")
        return
    answer = {name: value for name, value in asdict(drawn).items() if name != "data"}
    sink.write(json.dumps(answer).encode() + b"\n" + drawn.data)


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(_MEMORY_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
