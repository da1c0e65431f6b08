"""What all captioners with a network have in common: the embedded describer's facts come first.

They are said at once, while the network still works, and they decide whether it is asked at all. A
captioner of this kind says which class of transformers it runs and what that is given.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.describe.caption import make_caption
from imagecraft_desktop.describe.embedded import Embedded
from imagecraft_desktop.describe.pixels import read_preprocessor
from imagecraft_desktop.describe.sentences import Cutter
from imagecraft_desktop.describe.words import Words
from imagecraft_desktop.errors import DescribeError, ModelMissing, NoQuestions, OutOfMemory
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.memory import available_mb
from imagecraft_desktop.values import Caption, Description, Picture, Statement, Tick, Wish
from imagecraft_desktop.weights import store
from imagecraft_desktop.weights.checkpoint import (
    Checkpoint,
    damaged,
    kind_of,
    open_checkpoint,
)

if TYPE_CHECKING:
    from torch import dtype

    from imagecraft_desktop.nets.captioners.generate import Options, Token
    from imagecraft_desktop.nets.captioners.load import DoesNotFit

log = logging.getLogger(__name__)

_PACKAGES = ("torch", "transformers", "safetensors", "tokenizers")
_NAMES_TOLD = 3
_MIB = 1024 * 1024
_WORK_MB = 600
_WORK_SHARE = 1.2
"""Memory that a network needs beside and for its weights."""

_PLAIN = Wish()

Inputs = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Loaded:
    """A network and what belongs to it."""

    checkpoint: Checkpoint
    network: Any
    words: Words
    preprocess: Any
    """Of `preprocessor`."""


class FactsFirst:
    """See `describe.base.Captioner`, and the module.

    A subclass has the attributes and may change `inputs`, `text` and `most`; one that writes more
    than a sentence has `captions` yield its `sentences`.

    Attributes:
        network: Its class in transformers.
        end: The word of the tokenizer that ends a caption.
        most_tokens: A caption is never longer.
        answers: Whether it answers questions.

    Args:
        folder: Of the network; None for the first installed model that this captioner runs.
        dtype: Name of a type of torch, such as "float32"; "auto" for what suits this machine.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    network: ClassVar[str]
    end: ClassVar[str]
    most_tokens: ClassVar[int] = 50
    answers: ClassVar[bool] = False

    def __init__(self, folder: Path | None = None, dtype: str = "auto") -> None:
        self._given = folder
        self._dtype = dtype
        self._facts = Embedded()
        self._device = "auto"
        self._loaded: Loaded | None = None

    @classmethod
    def missing(cls) -> str | None:
        """See `describe.base.Captioner.missing`."""
        if (why := _missing_packages()) is not None:
            return why
        return None if cls._installed() is not None else say(strings.CAPTIONER_NO_MODEL)

    def load(self, device: str) -> None:
        """See that the network's files are there and whole; they are read when it is first asked,
        for that takes seconds to a minute.

        Raises:
            ModelMissing, ModelDamaged: With what is missing or wrong.
        """
        if self._loaded is not None:
            return
        if (why := _missing_packages()) is not None:
            raise ModelMissing(name=self.name, next_step=why)
        open_checkpoint(self._folder())
        self._device = device

    def describe(
        self, picture: Picture, wish: Wish, tick: Tick
    ) -> Generator[Statement, None, Description]:
        """See `describe.base.Captioner.describe`."""

        if wish.question and not self.answers:
            raise NoQuestions(name=self.name)

        def ask(pixels: NDArray[np.uint8]) -> Iterator[Caption]:
            return self.captions(pixels, wish, tick)

        found = yield from self._facts.describe(picture, wish, tick, ask, keep=self.answers)
        return replace(found, captioner=self.name)

    def captions(self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick) -> Iterator[Caption]:
        """What the network writes about a picture, sentence by sentence, each as soon as it is
        whole. See `caption`."""
        yield self.caption(pixels, tick, wish=wish)

    def caption(
        self,
        pixels: NDArray[np.uint8],
        tick: Tick,
        most: int = 0,
        seed: int | None = None,
        wish: Wish = _PLAIN,
    ) -> Caption:
        """Ask the network about a picture, whatever it shows.

        Args:
            pixels: RGB, (H, W, 3).
            most: Tokens; 0 for as many as suit.
            seed: None for the likeliest words; else they are drawn.
        Raises:
            DescribeError: OutOfMemory and ModelDamaged among them.
        """
        from imagecraft_desktop.nets.captioners.generate import Options, collect

        loaded = self.ready()
        options = Options(self.ends(loaded), most or self.most(wish), seed)
        with running(loaded.checkpoint):
            inputs = self.inputs(loaded, loaded.preprocess(pixels), wish)
            answer = collect(self.stream(loaded, inputs, options, tick))
        text = self.text(loaded.words.decode(answer.ids), wish)
        return make_caption(text, answer.probabilities, answer.has_ended)

    def sentences(self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick) -> Iterator[Caption]:
        """Ask the network; each sentence is out as soon as it is whole. See `caption`."""
        from imagecraft_desktop.nets.captioners.generate import Options

        loaded = self.ready()
        options = Options(self.ends(loaded), self.most(wish))
        cutter, has_ended = Cutter(lambda ids: self.text(loaded.words.decode(ids), wish)), False
        with running(loaded.checkpoint):
            inputs = self.inputs(loaded, loaded.preprocess(pixels), wish)
            for token in self.stream(loaded, inputs, options, tick):
                has_ended = token.is_end
                if not has_ended:
                    yield from cutter.add(token.id, token.probability)
            yield from cutter.finish(has_ended)

    def unload(self) -> None:
        """Give the memory of the network back, that of a graphics card included."""
        self._facts.unload()
        if self._loaded is None:
            return
        self._loaded = None
        from imagecraft_desktop.nets.captioners.load import release

        release()

    def ready(self) -> Loaded:
        """The network, read if it is not.

        Raises:
            ModelMissing, ModelDamaged: With what is missing or wrong.
            OutOfMemory: It is too large for this machine as it is now.
        """
        if self._loaded is None:
            folder = self._folder()
            checkpoint = open_checkpoint(folder)
            preprocess, words = self.preprocessor(checkpoint), self.words(checkpoint)
            begun = time.perf_counter()
            try:
                network = self._load_network(checkpoint)
            except MemoryError as error:
                raise OutOfMemory(repr(error), name=checkpoint.name) from error
            log.info("%s loaded in %.1f s", self.name, time.perf_counter() - begun)
            self._loaded = Loaded(checkpoint, network, words, preprocess)
        return self._loaded

    # --- what a network of another kind does otherwise ---

    def preprocessor(self, checkpoint: Checkpoint) -> Any:
        """What makes of a picture, RGB (H, W, 3), what `inputs` is given. Raises ModelMissing,
        ModelDamaged."""
        return read_preprocessor(checkpoint.folder)

    def words(self, checkpoint: Checkpoint) -> Words:
        """Its tokenizer. Raises ModelMissing, ModelDamaged."""
        return Words(checkpoint.folder)

    def open(self, checkpoint: Checkpoint, device: str, dtype: dtype) -> Any:
        """Read the network. Raises `load.DoesNotFit`, `load.Unloadable`."""
        from imagecraft_desktop.nets.captioners.load import load_network

        return load_network(self.class_of(checkpoint), checkpoint.folder, device, dtype)

    def inputs(self, loaded: Loaded, pixels: Any, wish: Wish) -> Inputs:
        """What the network's `generate` is given for a picture, (1, 3, height, width)."""
        return {"pixel_values": pixels}

    def ends(self, loaded: Loaded) -> int | tuple[int, ...]:
        """The token that ends what is written, or those of which each does."""
        return loaded.words.token(self.end)

    def class_of(self, checkpoint: Checkpoint) -> str:
        """The network's class in transformers."""
        return self.network

    def text(self, decoded: str, wish: Wish) -> str:
        """The caption in what the network wrote."""
        return decoded

    def most(self, wish: Wish) -> int:
        """Tokens that an answer may have."""
        return self.most_tokens

    def stream(
        self, loaded: Loaded, inputs: Inputs, options: Options, tick: Tick
    ) -> Iterator[Token]:
        """Let the network write. Raises what `stream` of the networks does."""
        from imagecraft_desktop.nets.captioners.generate import stream

        return stream(loaded.network, inputs, options, tick)

    # --- loading ---

    @classmethod
    def _installed(cls) -> Path | None:
        folders = store.captioners().values()
        return next((one for one in folders if kind_of(one) in cls.kinds), None)

    def _folder(self) -> Path:
        folder = self._given or self._installed()
        if folder is None:
            raise ModelMissing(name=self.name, next_step=say(strings.CAPTIONER_NO_MODEL))
        return folder

    def _load_network(self, checkpoint: Checkpoint) -> Any:
        import torch

        from imagecraft_desktop.nets.captioners import load
        from imagecraft_desktop.nets.voicecraft.choose import choose_device

        device = choose_device() if self._device == "auto" else self._device
        dtype = load.choose_dtype(device) if self._dtype == "auto" else getattr(torch, self._dtype)
        _check_memory(checkpoint, dtype.itemsize, device)
        folder = checkpoint.folder
        try:
            return self.open(checkpoint, device, dtype)
        except load.DoesNotFit as error:
            log.warning("%s: %s", checkpoint.kind, error)
            message, words = _first_wrong(error)
            raise damaged(folder, message, **words) from error
        except load.Unloadable as error:
            raise damaged(folder, strings.MODEL_NOT_LOADED) from error
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(type(error).__name__, name=checkpoint.name) from error


@contextmanager
def running(checkpoint: Checkpoint) -> Iterator[None]:
    """Within the block a network runs, or is fed; what goes wrong is raised in the words of this room.

    Raises:
        DescribeError: OutOfMemory and ModelDamaged among them.
    """
    import torch

    from imagecraft_desktop.nets.captioners.generate import NotNumbers

    name = checkpoint.name
    try:
        yield
    except NotNumbers as error:
        raise damaged(checkpoint.folder, strings.MODEL_NOT_NUMBERS) from error
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise OutOfMemory(type(error).__name__, name=name) from error
    except (RuntimeError, ValueError, LookupError, TypeError) as error:
        raise DescribeError(f"{type(error).__name__}: {error}", name=name) from error


def _missing_packages() -> str | None:
    absent = [package for package in _PACKAGES if find_spec(package) is None]
    if absent:
        return say(strings.CAPTIONER_PACKAGES_MISSING, names=", ".join(absent))
    return Embedded.missing()


def _check_memory(checkpoint: Checkpoint, width: int, device: str) -> None:
    """Refuse a network that would drive the machine into its swap. Raises OutOfMemory."""
    free_mb = available_mb()
    if device != "cpu" or free_mb is None:
        return
    weights_mb = checkpoint.weights_bytes / checkpoint.widest_bytes * width / _MIB
    if weights_mb * _WORK_SHARE + _WORK_MB > free_mb:
        detail = f"weights of {weights_mb:.0f} MiB, {free_mb:.0f} MiB free"
        raise OutOfMemory(detail, name=checkpoint.name)


def _first_wrong(error: DoesNotFit) -> tuple[str, dict[str, str]]:
    """What is told of the tensors: of the first sort that there is, a few names."""
    sorts = (
        (strings.MODEL_TENSORS_MISSING, error.missing),
        (strings.MODEL_TENSORS_UNEXPECTED, error.unexpected),
        (strings.MODEL_TENSORS_MISMATCHED, error.mismatched),
    )
    message, names = next(sort for sort in sorts if sort[1])
    return message, {"names": ", ".join(names[:_NAMES_TOLD])}
