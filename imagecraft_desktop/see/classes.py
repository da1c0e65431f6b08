"""What the embedded networks can name, and which of their classes mean the same.

COCO classes are those of the detector, ImageNet classes those of the classifier. Used by things.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from imagecraft_desktop.see.session import models_dir

COCO = (
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat",
    "traffic light", "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat", "dog",
    "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella",
    "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite",
    "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle",
    "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange",
    "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch", "potted plant",
    "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone",
    "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors",
    "teddy bear", "hair drier", "toothbrush",
)  # fmt: skip
"""The 80 classes of COCO in the detector's order."""

ANIMAL_CLASSES = 398
"""ImageNet classes below this number are animals."""


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring ImageNet classes that share a plain name; `first` to `last`, both included."""

    first: int
    last: int
    name: str


GROUPS = (
    Group(0, 6, "fish"),
    Group(7, 24, "bird"),
    Group(25, 32, "amphibian"),
    Group(33, 37, "turtle"),
    Group(38, 48, "lizard"),
    Group(49, 50, "crocodile"),
    Group(52, 68, "snake"),
    Group(70, 77, "spider"),
    Group(80, 100, "bird"),
    Group(101, 101, "elephant"),
    Group(102, 106, "marsupial"),
    Group(118, 121, "crab"),
    Group(122, 124, "lobster"),
    Group(127, 146, "bird"),
    Group(147, 148, "whale"),
    Group(149, 150, "sea mammal"),
    Group(151, 268, "dog"),
    Group(269, 276, "wild dog"),
    Group(277, 280, "fox"),
    Group(281, 285, "cat"),
    Group(286, 293, "wild cat"),
    Group(294, 297, "bear"),
    Group(298, 299, "mongoose"),
    Group(300, 326, "insect"),
    Group(330, 332, "rabbit"),
    Group(333, 338, "small mammal"),
    Group(339, 339, "horse"),
    Group(340, 340, "zebra"),
    Group(341, 343, "pig"),
    Group(344, 344, "hippopotamus"),
    Group(345, 346, "cattle"),
    Group(347, 347, "bison"),
    Group(348, 353, "sheep, goat or antelope"),
    Group(354, 355, "camel or llama"),
    Group(356, 362, "small mammal"),
    Group(365, 384, "monkey or lemur"),
    Group(385, 386, "elephant"),
    Group(387, 388, "panda"),
    Group(389, 397, "fish"),
)
"""Animals of ImageNet by plain name. Those that fit nowhere (trilobite, starfish) are left out."""

AGREEING = {
    "bird": frozenset({"bird"}),
    "cat": frozenset({"cat", "wild cat"}),
    "dog": frozenset({"dog", "wild dog", "fox"}),
    "horse": frozenset({"horse", "zebra", "cattle"}),
    "sheep": frozenset({"sheep, goat or antelope"}),
    "cow": frozenset({"cattle"}),
    "elephant": frozenset({"elephant"}),
    "bear": frozenset({"bear", "panda"}),
    "zebra": frozenset({"zebra"}),
    "giraffe": frozenset({"giraffe"}),  # not in ImageNet
}
"""The animals of COCO, and the groups of ImageNet that support each."""

SUPPORTING = {
    "bicycle": frozenset({444, 671}),
    "car": frozenset({407, 436, 468, 479, 511, 581, 609, 627, 656, 661, 705, 717, 734, 751, 817}),
    "motorcycle": frozenset({518, 665, 670}),
    "airplane": frozenset({404, 405, 895, 908, 812}),
    "bus": frozenset({654, 779, 829, 874}),
    "train": frozenset({466, 547, 565, 705, 820, 829}),
    "truck": frozenset({555, 569, 586, 595, 656, 675, 717, 757, 803, 864, 867}),
    "boat": frozenset(
        {403, 449, 472, 484, 510, 536, 554, 576, 625, 628, 693, 724, 780, 814, 833, 871, 913, 914}
    ),
    "traffic light": frozenset({920}),
    "stop sign": frozenset({919}),
    "parking meter": frozenset({704}),
    "bench": frozenset({703}),
    "backpack": frozenset({414}),
    "umbrella": frozenset({879}),
    "handbag": frozenset({414, 636, 748, 728}),
    "tie": frozenset({451, 457, 834, 906}),
    "suitcase": frozenset({492}),
    "skis": frozenset({795}),
    "sports ball": frozenset({429, 430, 522, 574, 722, 768, 805, 852, 890}),
    "baseball bat": frozenset({429, 981}),
    "baseball glove": frozenset({429, 981}),
    "tennis racket": frozenset({752, 852}),
    "bottle": frozenset({440, 503, 720, 737, 898, 901, 907, 966}),
    "wine glass": frozenset({441, 572, 907, 966}),
    "cup": frozenset({441, 504, 505, 647, 659, 809, 967, 968, 969}),
    "spoon": frozenset({618, 910}),
    "bowl": frozenset({469, 659, 809, 925, 926, 924, 935}),
    "banana": frozenset({954}),
    "apple": frozenset({948, 957}),
    "sandwich": frozenset({933, 965, 930}),
    "orange": frozenset({950, 951}),
    "broccoli": frozenset({937, 938}),
    "hot dog": frozenset({934}),
    "pizza": frozenset({963}),
    "donut": frozenset({931}),
    "cake": frozenset({927, 960}),
    "chair": frozenset({423, 559, 765, 857}),
    "couch": frozenset({831}),
    "potted plant": frozenset({738, 883, 580}),
    "bed": frozenset({516, 520, 564}),
    "dining table": frozenset({532}),
    "toilet": frozenset({861}),
    "tv": frozenset({664, 782, 851, 598, 548}),
    "laptop": frozenset({620, 681}),
    "mouse": frozenset({673}),
    "remote": frozenset({761}),
    "keyboard": frozenset({508, 810, 878}),
    "cell phone": frozenset({487, 590, 605}),
    "microwave": frozenset({651}),
    "oven": frozenset({651, 766, 827}),
    "toaster": frozenset({859}),
    "sink": frozenset({896}),
    "refrigerator": frozenset({760}),
    "book": frozenset({446, 453, 454, 624, 917, 921}),
    "clock": frozenset({409, 530, 531, 826, 892}),
    "vase": frozenset({883}),
    "teddy bear": frozenset({850}),
    "hair drier": frozenset({589}),
}
"""Things of COCO, and the classes of ImageNet that support each. Those left out have none."""

SPECIES_SAFE = frozenset(
    {
        "dog",
        "cat",
        "wild cat",
        "bear",
        "panda",
        "monkey or lemur",
        "cattle",
        "bison",
        "marsupial",
        "horse",
        "zebra",
        "elephant",
        "fox",
    }
)
"""Groups whose members the classifier tells apart well enough to be named one by one."""


@cache
def imagenet_phrases(language: str = "en", folder: Path | None = None) -> tuple[str, ...]:
    """The 1000 ImageNet classes as they are said, with article; "" is never said.

    Args:
        language: BCP 47 base tag. One that has no file of its own (imagenet_names.es.txt) has no
            phrases at all: English words in its sentences would not be understood.
        folder: Of the embedded models, unless it is the program's own.
    """
    folder = folder or models_dir()
    path = folder / ("imagenet_names.txt" if language == "en" else f"imagenet_names.{language}.txt")
    if not path.exists():
        return ()
    return tuple(path.read_text(encoding="utf-8").split("\n")[:1000])


@cache
def imagenet_names() -> tuple[str, ...]:
    """The 1000 ImageNet classes in English without article; "" is never said."""
    return tuple(phrase.removeprefix("an ").removeprefix("a ") for phrase in imagenet_phrases("en"))


def phrase_of(name: str, language: str) -> str:
    """ "a German shepherd" for the name that things.py gave; "" if the language has no words for it.

    Args:
        language: BCP 47 tag.
    """
    phrases = imagenet_phrases(language.partition("-")[0])
    return phrases[imagenet_names().index(name)] if phrases and name in imagenet_names() else ""


def group_of(name: str) -> str:
    """The plain name, a key of `strings.THINGS`, for an animal that things.py named; or ""."""
    if name not in imagenet_names():
        return ""
    number = imagenet_names().index(name)
    return next((group.name for group in GROUPS if group.first <= number <= group.last), "")
