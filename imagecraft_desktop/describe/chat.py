"""Chat models that see: descriptions of any length, and answers to questions about a picture.

One captioner for several families of models over transformers' own classes; what differs is in the
table `_FAMILIES`. The picture is prepared by transformers' image processor in its Pillow form, as one
tile: cut into tiles it would be ten times the work. The words around it, which transformers'
own processors make only where torchvision is, are made here from the checkpoint's chat template.

What was computed of a picture is kept for the next question about it, and the questions and answers
before are part of the conversation.
Source: the pages of the classes in the documentation of transformers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop import strings
from imagecraft_desktop.describe.conversation import (
    Answering,
    Template,
    Turn,
    ask,
    harmless,
    language_for,
)
from imagecraft_desktop.describe.facts_first import FactsFirst, Inputs, Loaded, running
from imagecraft_desktop.describe.sentences import Cutter
from imagecraft_desktop.values import Caption, Detail, Tick, Wish
from imagecraft_desktop.weights.checkpoint import Checkpoint, damaged, kind_of

if TYPE_CHECKING:
    from imagecraft_desktop.nets.captioners.generate import Memory

_MOST = {Detail.BRIEF: 60, Detail.NORMAL: 150, Detail.DETAILED: 300}
"""Tokens of an answer."""
_MOST_TURNS = 8
"""A conversation of more starts anew: it would grow slow, and models lose the thread."""
_MOST_PIXELS = 768 * 32 * 32
"""For networks that take pictures of any size: a token for each 32 pixels by 32."""
_ENGLISH = frozenset({"en"})


@dataclass(frozen=True)
class Pictured:
    """A picture as the image processor made it.

    Attributes:
        values: All that it returned.
        processor: It.
        config: Of the network.
        names: What the tokenizer's settings say.
    """

    values: Mapping[str, Any]
    processor: Any
    config: Mapping[str, Any]
    names: Mapping[str, Any]


@dataclass(frozen=True)
class Family:
    """What is particular to a kind of network.

    Attributes:
        network: Its class in transformers.
        places: What stands in the text in place of the picture's one sign, which is given.
        given: Which of the image processor's results the network takes.
        one_tile: What the image processor is told so that the picture stays one.
        types: The input that says which tokens are the picture's, if there is one.
        sign: The setting with the number of the sign that the template writes for a picture.
        languages: That it writes well, by its makers; None for many.
    """

    network: str
    places: Callable[[str, Pictured], str]
    given: tuple[str, ...] = ("pixel_values",)
    one_tile: Mapping[str, Any] = field(default_factory=dict)
    types: str = ""
    sign: str = "image_token_id"
    languages: frozenset[str] | None = None


def _smol(sign: str, picture: Pictured) -> str:
    vision = picture.config["vision_config"]
    edge = vision["image_size"] // vision["patch_size"] // picture.config["scale_factor"]
    around = "<fake_token_around_image>"
    return f"{around}<global-img>{sign * edge**2}{around}"


def _qwen(sign: str, picture: Pictured) -> str:
    patches = int(np.prod(picture.values["image_grid_thw"][0]))
    return sign * (patches // int(picture.processor.merge_size) ** 2)


def _gemma3(sign: str, picture: Pictured) -> str:
    soft = str(picture.names.get("image_token", "<image_soft_token>"))
    end = str(picture.names.get("eoi_token", "<end_of_image>"))
    return f"\n\n{sign}{soft * int(picture.config['mm_tokens_per_image'])}{end}\n\n"


def _gemma4(sign: str, picture: Pictured) -> str:
    start = str(picture.names.get("boi_token", "<|image>"))
    end = str(picture.names.get("eoi_token", "<image|>"))
    return f"{start}{sign * int(picture.values['num_soft_tokens_per_image'][0])}{end}"


def _internvl(sign: str, picture: Pictured) -> str:
    start = str(picture.names.get("start_image_token", "<img>"))
    end = str(picture.names.get("end_image_token", "</img>"))
    tiles = int(picture.values["num_patches"][0])
    return f"{start}{sign * int(picture.config['image_seq_length']) * tiles}{end}"


def _minicpm(sign: str, picture: Pictured) -> str:
    words = [
        str(picture.names.get(name, word))
        for name, word in (
            ("image_id_start_token", "<image_id>"),
            ("image_id_end_token", "</image_id>"),
            ("image_start_token", "<image>"),
            ("image_end_token", "</image>"),
        )
    ]
    merged = 4 if picture.processor.downsample_mode == "4x" else 16
    signs = sign * (int(np.prod(picture.values["target_sizes"][0])) // merged)
    number = f"{words[0]}0{words[1]}" if picture.processor.use_image_id else ""
    return f"{number}{words[2]}{signs}{words[3]}"


def _smol_family(name: str) -> Family:
    return Family(
        f"{name}ForConditionalGeneration",
        _smol,
        given=("pixel_values", "pixel_attention_mask"),
        one_tile={"do_image_splitting": False},
        languages=_ENGLISH,
    )


def _qwen_family(name: str) -> Family:
    return Family(
        f"{name}ForConditionalGeneration",
        _qwen,
        given=("pixel_values", "image_grid_thw"),
        types="mm_token_type_ids",
    )


def _minicpm_family(name: str, types: str = "") -> Family:
    return Family(
        f"{name}ForConditionalGeneration",
        _minicpm,
        given=("pixel_values", "target_sizes"),
        one_tile={"slice_mode": False},
        types=types,
        languages=frozenset({"en", "zh"}),
    )


_FAMILIES = {
    "idefics3": _smol_family("Idefics3"),
    "smolvlm": _smol_family("SmolVLM"),
    "qwen3_vl": _qwen_family("Qwen3VL"),
    "qwen3_5": _qwen_family("Qwen3_5"),
    "gemma3": Family(
        "Gemma3ForConditionalGeneration",
        _gemma3,
        one_tile={"do_pan_and_scan": False},
        types="token_type_ids",
        sign="boi_token_index",
    ),
    "gemma4": Family(
        "Gemma4ForConditionalGeneration",
        _gemma4,
        given=("pixel_values", "image_position_ids"),
        types="mm_token_type_ids",
    ),
    "internvl": Family(
        "InternVLForConditionalGeneration",
        _internvl,
        one_tile={"crop_to_patches": False},
        languages=frozenset({"en", "zh"}),
    ),
    "minicpmv4_6": _minicpm_family("MiniCPMV4_6"),
    "minicpmv4_7": _minicpm_family("MiniCPMV4_7", types="mm_token_type_ids"),
}


@dataclass
class Talk:
    """What was said about one picture.

    Attributes:
        picture: A digest of its pixels.
        values: What the network is given of it.
        places: What stands for it in the text.
        memory: What was computed of it.
    """

    picture: bytes
    values: Inputs
    places: str
    memory: Memory
    turns: list[Turn] = field(default_factory=list)


class Chat(FactsFirst):
    """See `FactsFirst` and the module."""

    name = "chat"
    label = strings.CAPTIONER_CHAT
    kinds = tuple(_FAMILIES)
    answers = True

    _talk: Talk | None = None
    _template: Template | None = None

    def captions(self, pixels: NDArray[np.uint8], wish: Wish, tick: Tick) -> Iterator[Caption]:
        """See `FactsFirst.captions` and `sentences`. A question goes on with what was said about the same
        picture; a description starts anew."""
        loaded = self.ready(tick)
        from imagecraft_desktop.nets.captioners.generate import Options, stream

        language = self.language(wish)
        asked = harmless(loaded.words, ask(wish, language))
        cutter, has_ended = Cutter(loaded.words.decode, language, loaded.bounds), False
        checked = self.checking_first(pixels, wish, tick)
        with running(loaded):
            talk = self._talk_about(loaded, pixels)
            if not wish.question or len(talk.turns) >= _MOST_TURNS:
                talk.turns.clear()
            answering = Answering(asked, talk.turns)

            def take(sentence: Caption) -> Caption:
                return answering.take(checked(sentence))

            inputs = self._told(loaded, talk, asked)
            options = Options(self.ends(loaded), self.most(wish))
            for token in stream(loaded.network, inputs, options, tick, talk.memory):
                has_ended = token.is_end
                if not has_ended:
                    yield from map(take, cutter.add(token.id, token.probability))
                if cutter.is_circling:
                    break
            yield from map(take, cutter.finish(has_ended))
        if (turn := answering.turn()) is not None:
            talk.turns.append(replace(turn, answer=harmless(loaded.words, turn.answer)))

    def most(self, wish: Wish) -> int:
        return _MOST[wish.detail]

    def inputs(self, loaded: Loaded, pixels: Any, wish: Wish) -> Inputs:
        """A picture and what is asked of it, without what was said before."""
        talk = self._new_talk(loaded, pixels, b"")
        asked = ask(wish, self.language(wish))
        return self._told(loaded, talk, harmless(loaded.words, asked))

    def language(self, wish: Wish) -> str:
        """One that its makers say it writes well; else English, also where the folder is gone. Loads nothing: another
        may have the memory."""
        family = _FAMILIES.get(kind_of(self._folder()) or "")
        return language_for(wish, _ENGLISH if family is None else family.languages)

    def preprocessor(self, checkpoint: Checkpoint) -> Any:
        """The image processor, bound to one tile; it is given RGB, (H, W, 3)."""
        self._template = Template(checkpoint.folder)
        return _open_processor(checkpoint, _FAMILIES[checkpoint.kind])

    def ends(self, loaded: Loaded) -> tuple[int, ...]:
        """The tokens of which each ends what is written."""
        found = loaded.network.generation_config.eos_token_id
        if found is None:
            found = getattr(loaded.network.config.get_text_config(), "eos_token_id", None)
        ends = tuple(found) if isinstance(found, list | tuple) else (found,)
        if None in ends or not ends:
            raise damaged(
                loaded.checkpoint.folder, strings.MODEL_FILE_DAMAGED, file="generation_config.json"
            )
        return ends

    def class_of(self, checkpoint: Checkpoint) -> str:
        """The network's class in transformers."""
        return _FAMILIES[checkpoint.kind].network

    def let_go(self) -> None:
        """Give back what was computed of the last picture, too; what was said about it stays."""
        if self._talk is not None:
            self._talk.memory = type(self._talk.memory)()
        super().let_go()

    def _family(self, loaded: Loaded) -> Family:
        return _FAMILIES[loaded.checkpoint.kind]

    def _talk_about(self, loaded: Loaded, pixels: NDArray[np.uint8]) -> Talk:
        """What was said about this picture; a new one when it is another."""
        shape = np.array(pixels.shape, np.int64).tobytes()
        digest = hashlib.blake2b(shape + pixels.tobytes(), digest_size=32).digest()
        if self._talk is None or self._talk.picture != digest:
            self._talk = None  # its memory goes before that of the next comes
            self._talk = self._new_talk(loaded, loaded.preprocess(pixels), digest)
        return self._talk

    def _new_talk(self, loaded: Loaded, made: Any, digest: bytes) -> Talk:
        from imagecraft_desktop.nets.captioners.generate import Memory

        family, template = self._family(loaded), self._template
        assert template is not None  # `ready` has opened it
        values, processor = made
        picture = Pictured(values, processor, loaded.network.config.to_dict(), template.names)
        kept = {name: np.asarray(values[name]) for name in family.given if name in values}
        return Talk(digest, kept, family.places(self._sign(loaded), picture), Memory())

    def _sign(self, loaded: Loaded) -> str:
        """What the template writes for a picture."""
        number = int(getattr(loaded.network.config, self._family(loaded).sign))
        return loaded.words.word(number)

    def _told(self, loaded: Loaded, talk: Talk, asked: str) -> Inputs:
        """What the network is given for the next thing that is asked."""
        assert self._template is not None
        text = self._template.render(talk.turns, asked)
        before, sign, after = text.partition(self._sign(loaded))
        if not sign:
            raise damaged(
                loaded.checkpoint.folder, strings.MODEL_FILE_DAMAGED, file="chat_template.jinja"
            )
        ids = np.array([loaded.words.encode(before + talk.places + after)], np.int64)
        told = {**talk.values, "input_ids": ids, "attention_mask": np.ones_like(ids)}
        if types := self._family(loaded).types:
            pictured = int(loaded.network.config.image_token_id)
            told[types] = (ids == pictured).astype(np.int64)
        return told


def _open_processor(checkpoint: Checkpoint, family: Family) -> Callable[[NDArray[np.uint8]], Any]:
    """What makes of RGB (H, W, 3) the image processor's results, and it itself.

    Raises:
        ModelDamaged: The checkpoint's settings for it are none.
    """
    import transformers
    from PIL import Image

    made_of: Any = transformers  # whose classes have no types
    made_of.logging.set_verbosity_error()  # what it says of torchvision would be read aloud
    told = dict(family.one_tile)
    try:
        processor = made_of.AutoImageProcessor.from_pretrained(
            str(checkpoint.folder), backend="pil", local_files_only=True, trust_remote_code=False
        )
        if family.places is _qwen:
            least, most = (int(processor.size[f"{edge}_edge"]) for edge in ("shortest", "longest"))
            most = min(most, _MOST_PIXELS)
            told["size"] = {"shortest_edge": min(least, most), "longest_edge": most}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ImportError) as error:
        raise damaged(
            checkpoint.folder, strings.MODEL_FILE_DAMAGED, file="preprocessor_config.json"
        ) from error

    def process(pixels: NDArray[np.uint8]) -> Any:
        values = processor(images=[Image.fromarray(pixels)], return_tensors="np", **told)
        return values, processor

    return process


CAPTIONER = Chat
