"""What all captioners with a network have in common: the embedded describer's facts come first.

They are said at once, while the network still works, and they decide whether it is asked at all. A
captioner of this kind says which class of transformers it runs and what that is given.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.describe.base import name_in
from imagecraft_desktop.describe.bounds import BOUNDS, Bounds, bounds_of
from imagecraft_desktop.describe.caption import make_caption
from imagecraft_desktop.describe.embedded import Embedded
from imagecraft_desktop.describe.pixels import read_preprocessor
from imagecraft_desktop.describe.rescue import Asking, import_network
from imagecraft_desktop.describe.second_look import is_worth, middle
from imagecraft_desktop.describe.sentences import Cutter
from imagecraft_desktop.describe.truth import compare, compare_short, go_on
from imagecraft_desktop.describe.words import Words
from imagecraft_desktop.errors import (
    DescribeError,
    DeviceRefused,
    ModelMissing,
    NoQuestions,
    OutOfMemory,
)
from imagecraft_desktop.strings import say
from imagecraft_desktop.system.aside import aside
from imagecraft_desktop.system.memory import available_mb, give_back
from imagecraft_desktop.system.tenancy import ROOMY
from imagecraft_desktop.values import (
    Caption,
    Description,
    Detail,
    Picture,
    Statement,
    TextLine,
    Tick,
    Wish,
)
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

PLAIN = Wish()
"""Nothing in particular."""

Inputs = Mapping[str, NDArray[Any]]


def _go_on() -> None:
    """A `tick` where nobody can cancel."""


@dataclass(frozen=True)
class Loaded:
    """A network and what belongs to it."""

    checkpoint: Checkpoint
    network: Any
    words: Words
    preprocess: Any
    """Of `preprocessor`."""
    bounds: Bounds
    """Of how far its certainty goes."""
    device: str
    """Where it is: "cpu", or a graphics card as torch names it."""


class FactsFirst:
    """See `describe.base.Captioner`, and the module.

    A subclass has the attributes and may change `inputs`, `text`, `most` and `language`; one that
    writes more than a sentence has `captions` yield its `sentences`.

    Attributes:
        network: Its class in transformers; empty for one of our own.
        end: The word of the tokenizer that ends a caption.
        most_tokens: A caption is never longer.
        answers: Whether all of its networks answer questions; see `can_answer`.
        reads: Whether it can `read`.

    Args:
        folder: Of the network; None for the first installed model that this captioner runs.
        dtype: Name of a type of torch, such as "float32"; "auto" for what suits this machine.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    network: ClassVar[str] = ""
    end: ClassVar[str]
    most_tokens: ClassVar[int] = 50
    answers: ClassVar[bool] = False
    reads: ClassVar[bool] = False

    def __init__(self, folder: Path | None = None, dtype: str = "auto") -> None:
        self._given = folder
        self._dtype = dtype
        self._facts = Embedded()
        self._device = "auto"
        self._loaded: Loaded | None = None
        self.loaded_at = 0.0
        """When its network was last read, by `time.perf_counter`."""
        self.again_s = 0.0
        """How long the second look at the last picture took."""
        self.tenancy = ROOMY
        """Where the network shares the memory with a voice's."""
        self.stand_in: FactsFirst | None = None
        """A lighter one, asked instead until this one is unloaded: the memory is too small."""
        self.has_told_language = False
        """Whether the user knows that it does not write in the language that was wished."""
        self.has_told_silence = False
        """Whether the user knows that nothing it writes is said."""

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
        """See `describe.base.Captioner.describe`. A network that fails after facts were spoken is told
        at their end."""

        can_answer = self.can_answer()
        if wish.question and not can_answer:
            raise NoQuestions(name=name_in(self.label))
        asking = Asking(self, wish, tick)
        reread = asking.read if self.reads else None
        found = yield from self._facts.describe(
            picture, wish, tick, asking.ask, keep=can_answer, reread=reread
        )
        told = list(asking.tell())
        yield from told
        return replace(
            found,
            statements=(*found.statements, *told),
            captioner=asking.used.name,
            model=asking.used.model_name,
            exit_code=asking.failure.exit_code if asking.failure is not None else 0,
        )

    def captions(self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick) -> Iterator[Caption]:
        """What the network writes about a picture, sentence by sentence, each as soon as it is
        whole. See `caption`.

        Here: one sentence. Where a second look is worth its time it is asked again, about the middle of the picture;
        that takes as long once more, so not for a brief description, nor on a slow machine.
        """
        begun, self.again_s = time.perf_counter(), 0.0
        first = self.caption(pixels, tick, wish=wish)
        spent_s = time.perf_counter() - max(begun, self.loaded_at)
        if _is_open(first, wish, spent_s):
            second = self._look_again(pixels, wish, tick)
            first = first if second is None else compare(first, second)
        yield first

    def caption(
        self,
        pixels: NDArray[np.uint8],
        tick: Tick,
        most: int = 0,
        seed: int | None = None,
        wish: Wish = PLAIN,
    ) -> Caption:
        """Ask the network about a picture, whatever it shows.

        Args:
            pixels: RGB, (H, W, 3).
            most: Tokens; 0 for as many as suit.
            seed: None for the likeliest words; else they are drawn.
        Raises:
            DescribeError: OutOfMemory and ModelDamaged among them.
        """
        loaded = self.ready(tick)
        from imagecraft_desktop.nets.captioners.generate import Options, collect

        options = Options(self.ends(loaded), most or self.most(wish), seed)
        with running(loaded):
            inputs = self.inputs(loaded, loaded.preprocess(pixels), wish)
            answer = collect(self.stream(loaded, inputs, options, tick))
        text = self.text(loaded.words.decode(answer.ids), wish)
        language, bounds = self.language(wish), loaded.bounds
        return make_caption(text, answer.probabilities, answer.has_ended, language, bounds)

    def sentences(self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick) -> Iterator[Caption]:
        """Ask the network; each sentence is out as soon as it is whole. See `caption`.

        Before the first of a description is out, it is asked for a brief one of the middle of the picture, where that is
        worth its time: see `checking_first`.
        """
        loaded = self.ready(tick)
        checked = self.checking_first(pixels, wish, tick)
        # what it is writing waits meanwhile, and is to be put away when it is not gone on with
        with closing(self._written(loaded, pixels, wish, tick)) as written:
            yield from map(checked, written)

    def checking_first(
        self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick
    ) -> Callable[[Caption], Caption]:
        """What makes each sentence of an answer as sure as it is: the first of a description after a second look,
        where that is worth its time, and the others after what came of it. Counts from now on."""
        begun, self.again_s = time.perf_counter(), 0.0
        first: Caption | None = None

        def check(sentence: Caption) -> Caption:
            nonlocal first
            if first is not None:
                return go_on(first, sentence)
            first = sentence
            if not wish.question and _is_open(sentence, wish, time.perf_counter() - begun):
                second = self._look_again(pixels, replace(wish, detail=Detail.BRIEF), tick)
                first = sentence if second is None else compare_short(sentence, second)
            return first

        return check

    def _look_again(self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick) -> Caption | None:
        """What it writes of the middle of a picture; None where there is no memory for that beside the first look, which
        then stands as it is. Raises what `caption` does."""
        begun = time.perf_counter()
        try:
            return self.caption(middle(pixels), tick, wish=wish)
        except OutOfMemory as error:
            log.info("no second look: %s", error.detail)
        finally:
            self.again_s = time.perf_counter() - begun
        _free()
        return None

    def _written(
        self, loaded: Loaded, pixels: NDArray[np.uint8], wish: Wish, tick: Tick
    ) -> Generator[Caption]:
        """The sentences, as sure as their tokens."""
        from imagecraft_desktop.nets.captioners.generate import Options

        options = Options(self.ends(loaded), self.most(wish))
        language, has_ended = self.language(wish), False
        cutter = Cutter(
            lambda ids: self.text(loaded.words.decode(ids), wish), language, loaded.bounds
        )
        with running(loaded):
            inputs = self.inputs(loaded, loaded.preprocess(pixels), wish)
            for token in self.stream(loaded, inputs, options, tick):
                has_ended = token.is_end
                if not has_ended:
                    yield from cutter.add(token.id, token.probability)
                if cutter.is_circling:
                    break
            yield from cutter.finish(has_ended)

    def read(self, pixels: NDArray[np.uint8], tick: Tick) -> tuple[TextLine, ...] | None:
        """The lines of text in a picture with their places, in the order in which it reads them. None when it is
        never so sure that it could read.

        Args:
            pixels: RGB, (H, W, 3).
        Returns:
            `score` is the geometric mean of the probabilities of a line's tokens. A line of which the network is
            not so sure as of a sentence that is said plainly has no text: `line` is "".
        Raises:
            See `caption`.
        """
        return ()

    def unload(self) -> None:
        """Give the memory of the network back to the system, that of a graphics card included."""
        self._facts.unload()
        self.let_go()
        if self.stand_in is not None:
            self.stand_in.unload()
            self.stand_in = None

    def let_go(self) -> None:
        """Give back the memory of the network, not that of the facts'."""
        if self._loaded is not None:
            self._loaded.words.end()
            self._loaded = None
            _free()

    def leave_device(self) -> bool:
        """Leave the graphics card for the processor; False when that is where it is."""
        if self._chosen_device() == "cpu":
            return False
        self.let_go()
        _free()  # also what was loaded in part
        self._device = "cpu"
        return True

    @property
    def folder(self) -> Path:
        """Of the network. Raises ModelMissing."""
        return self._folder()

    @property
    def model_name(self) -> str:
        """What the user calls the network."""
        return self.folder.name

    def checkpoint(self) -> Checkpoint:
        """The network's folder. Raises ModelMissing, ModelDamaged."""
        return open_checkpoint(self._folder())

    def ready(self, tick: Tick = _go_on) -> Loaded:
        """The network, read if it is not.

        Args:
            tick: Called many times a second meanwhile.
        Raises:
            ModelMissing, ModelDamaged: With what is missing or wrong.
            OutOfMemory: It is too large for this machine as it is now.
            DeviceRefused: The graphics card does not take it.
        """
        if self._loaded is None:
            folder = self._folder()
            checkpoint = open_checkpoint(folder)
            begun = time.perf_counter()
            preprocess, words = self._prepare(checkpoint, tick)
            try:
                device = self._chosen_device()
                network = self._load_network(checkpoint, device, tick)
            except BaseException:  # a cancel, too
                words.end()
                raise
            self.loaded_at = time.perf_counter()
            log.info("%s loaded in %.1f s", self.name, self.loaded_at - begun)
            bounds = bounds_of(folder)
            self._loaded = Loaded(checkpoint, network, words, preprocess, bounds, device)
        return self._loaded

    def is_silent(self) -> bool:
        """Whether nothing it writes is said: it was measured, and reached no level of certainty."""
        return not bounds_of(self._folder()).levels

    # --- what a network of another kind does otherwise ---

    def can_answer(self) -> bool:
        """Whether the network answers questions. Raises ModelMissing, ModelDamaged."""
        return self.answers

    def language(self, wish: Wish) -> str:
        """The language that the network writes in for a wish: a BCP 47 tag without region."""
        return "en"

    def preprocessor(self, checkpoint: Checkpoint) -> Any:
        """What makes of a picture, RGB (H, W, 3), what `inputs` is given. Raises ModelMissing,
        ModelDamaged."""
        return read_preprocessor(checkpoint.folder)

    def words(self, checkpoint: Checkpoint, tick: Tick) -> Words:
        """Its tokenizer. Raises ModelMissing, ModelDamaged."""
        return Words(checkpoint.folder, tick)

    def open(self, checkpoint: Checkpoint, device: str, dtype: dtype, tick: Tick) -> Any:
        """Read the network. Raises `load.DoesNotFit`, `load.Unloadable`."""
        from imagecraft_desktop.nets.captioners.load import load_network

        return load_network(self.class_of(checkpoint), checkpoint.folder, device, dtype, tick)

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

    def _prepare(self, checkpoint: Checkpoint, tick: Tick) -> tuple[Any, Words]:
        """Preprocessor and tokenizer, and what the network needs is imported. Raises ModelMissing, ModelDamaged."""
        aside(lambda: import_network(self.class_of(checkpoint)), tick)
        tick()
        preprocess = aside(lambda: self.preprocessor(checkpoint), tick)  # imports as well
        tick()
        return preprocess, self.words(checkpoint, tick)

    @classmethod
    def _installed(cls) -> Path | None:
        folders = store.captioners().values()
        return next((one for one in folders if kind_of(one) in cls.kinds), None)

    def _folder(self) -> Path:
        folder = self._given or self._installed()
        if folder is None:
            raise ModelMissing(name=self.name, next_step=say(strings.CAPTIONER_NO_MODEL))
        return folder

    def _chosen_device(self) -> str:
        from imagecraft_desktop.nets.voicecraft.choose import choose_device

        return choose_device() if self._device == "auto" else self._device

    def _load_network(self, checkpoint: Checkpoint, device: str, tick: Tick) -> Any:
        import torch

        from imagecraft_desktop.nets.captioners import load

        is_auto, folder = self._dtype == "auto", checkpoint.folder
        try:
            with load.on_device():  # a card that is lost refuses these questions already
                dtype = load.choose_dtype(device) if is_auto else getattr(torch, self._dtype)
                _check_memory(checkpoint, dtype.itemsize, device)
            return self.open(checkpoint, device, dtype, tick)
        except load.DoesNotFit as error:
            log.warning("%s: %s", checkpoint.kind, error)
            message, words = _first_wrong(error)
            raise damaged(folder, message, **words) from error
        except load.Unloadable as error:
            raise damaged(folder, strings.MODEL_NOT_LOADED) from error
        except load.NotOnDevice as error:
            kind = DescribeError if device == "cpu" else DeviceRefused
            raise kind(str(error), name=checkpoint.name) from error
        except (MemoryError, torch.OutOfMemoryError) as error:
            raise OutOfMemory(type(error).__name__, name=checkpoint.name) from error


@contextmanager
def running(loaded: Loaded) -> Iterator[None]:
    """Within the block a network runs, or is fed; what goes wrong is raised in the words of this room.

    Raises:
        DescribeError: OutOfMemory, DeviceRefused and ModelDamaged among them.
    """
    import torch

    from imagecraft_desktop.nets.captioners.generate import NotNumbers
    from imagecraft_desktop.nets.captioners.load import is_out_of_memory

    name = loaded.checkpoint.name
    try:
        yield
    except NotNumbers as error:
        raise damaged(loaded.checkpoint.folder, strings.MODEL_NOT_NUMBERS) from error
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise OutOfMemory(type(error).__name__, name=name) from error
    except (
        RuntimeError,
        ValueError,
        LookupError,
        TypeError,
        ArithmeticError,
        AttributeError,
    ) as error:
        if is_out_of_memory(error):
            raise OutOfMemory(type(error).__name__, name=name) from error
        # whether it is the card's fault is only in the text, and the processor tells as well
        is_card = loaded.device != "cpu" and isinstance(error, (RuntimeError, TypeError))
        kind = DeviceRefused if is_card else DescribeError
        raise kind(f"{type(error).__name__}: {error}", name=name) from error


def _free() -> None:
    """Give back to the system what nobody holds any more, on a graphics card, too."""
    from imagecraft_desktop.nets.captioners.load import release

    release()
    give_back()


def _is_open(caption: Caption, wish: Wish, spent_s: float) -> bool:
    """Whether a second look at the picture is worth its time, and it was written quickly."""
    return is_worth(caption, wish) and spent_s < BOUNDS.slow_s


def _missing_packages() -> str | None:
    absent = [package for package in _PACKAGES if find_spec(package) is None]
    if absent:
        return say(strings.CAPTIONER_PACKAGES_MISSING, names=", ".join(absent))
    return Embedded.missing()


def needed_mb(checkpoint: Checkpoint, width: int) -> float:
    """Memory in MiB that a network takes while it works, at so many bytes for each weight."""
    return checkpoint.n_weights * width / _MIB * _WORK_SHARE + _WORK_MB


def _check_memory(checkpoint: Checkpoint, width: int, device: str) -> None:
    """Refuse a network that would drive the machine into its swap, or that the graphics card cannot
    hold. Raises OutOfMemory."""
    free_mb = _free_mb(device)
    if free_mb is None:
        return
    weights_mb = checkpoint.n_weights * width / _MIB
    if needed_mb(checkpoint, width) > free_mb:
        detail = f"weights of {weights_mb:.0f} MiB, {free_mb:.0f} MiB free"
        raise OutOfMemory(detail, name=checkpoint.name)


def _free_mb(device: str) -> float | None:
    """Memory in MiB; None where it cannot be told."""
    if device != "cuda":  # an Apple graphics card has the machine's
        return available_mb()
    import torch

    return torch.cuda.mem_get_info()[0] / _MIB


def _first_wrong(error: DoesNotFit) -> tuple[str, dict[str, str]]:
    """What is told of the tensors: of the first sort that there is, a few names."""
    sorts = (
        (strings.MODEL_TENSORS_MISSING, error.missing),
        (strings.MODEL_TENSORS_UNEXPECTED, error.unexpected),
        (strings.MODEL_TENSORS_MISMATCHED, error.mismatched),
    )
    message, names = next(sort for sort in sorts if sort[1])
    return message, {"names": ", ".join(names[:_NAMES_TOLD])}
