"""Which people, animals and things are in a photo, and how sure that is.

No network is believed alone. An animal is named when the detector and the classifier agree on it;
a thing when the detector is sure enough, a guess of the classifier only when it is very sure, and
then as LIKELY. Counts mean "at least". Sex, age, race, mood and names are never looked at.

The thresholds were chosen on about 130 photos, judged by eye. The detectors invent things on
screens ("kite" on a pie chart): give them photo regions only (regions.py).

Called by the embedded captioner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see import networks
from imagecraft_desktop.see.classes import (
    AGREEING,
    ANIMAL_CLASSES,
    GROUPS,
    SPECIES_SAFE,
    imagenet_names,
)
from imagecraft_desktop.see.networks import Found
from imagecraft_desktop.see.session import Tick, stopping
from imagecraft_desktop.values import Box, Certainty, Thing

ANIMAL = "animal"
PERSON = "person"

_SMALLEST_EDGE = 48  # pixels; below, the networks only guess
_SPECIES = 0.8
_SPECIES_ANYWHERE = 0.95
_SPECIES_GROUP = 0.9
_SPECIES_ANIMAL = 0.7
_GROUP_AGREES = 0.45
_GROUP_AGREES_WITH_SURE_DETECTOR = 0.15
_SURE_DETECTOR = 0.6
_GROUP_ALONE = 0.8
_SOME_ANIMAL = 0.5
_SOME_ANIMAL_ALONE = 0.85
_GUESS_ALONE = 0.85
_PERSON_PLAIN = 0.7
_FACE_WITHOUT_PERSON = 0.65
_FACE_OF_HEIGHT = 0.025


@dataclass(frozen=True, slots=True)
class Seen:
    """What is in a photo.

    Attributes:
        things: People, animals, objects; most certain and largest first.
        faces: Human faces, also on statues and posters: no proof of a person by themselves.
    """

    things: tuple[Thing, ...] = ()
    faces: tuple[Box, ...] = ()


def find_things(pixels: networks.Pixels, tick: Tick, within: Box | None = None) -> Seen:
    """Name what is certain, or at least likely, in a photo.

    Args:
        pixels: RGB, uint8, (H, W, 3).
        tick: Raises Cancelled; looked at every 20 ms.
        within: A photo region; only it is looked at. Boxes are always those of the whole picture.
    Raises:
        Cancelled: The user asked to stop.
        ModelMissing, ModelDamaged, DescribeError: A network cannot be used.
    """
    height, width = pixels.shape[:2]
    area = within or Box(0, 0, width, height)
    photo = pixels[area.top : area.bottom, area.left : area.right]
    if min(photo.shape[:2]) < _SMALLEST_EDGE:
        return Seen()
    with stopping(tick):
        objects = networks.detect_objects(photo)
        probabilities = networks.classify(photo)
        faces = networks.detect_faces(photo)
    seen_faces = believed_faces(faces, objects, photo.shape[0])
    things = believed_things(objects, probabilities, seen_faces)
    return _moved(Seen(tuple(things), tuple(face.box for face in seen_faces)), area)


def believed_faces(faces: Sequence[Found], objects: Sequence[Found], height: int) -> list[Found]:
    """Leave out tiny faces, and weak ones in a photo without a person.

    Args:
        height: Of the photo in pixels.
    """
    lowest = 0.0 if any(o.name == PERSON for o in objects) else _FACE_WITHOUT_PERSON
    return [
        face
        for face in faces
        if face.score >= lowest and face.box.height >= _FACE_OF_HEIGHT * height
    ]


def believed_things(
    objects: Sequence[Found], probabilities: NDArray[np.float32], faces: Sequence[Found] = ()
) -> list[Thing]:
    """The rules of agreement.

    Args:
        objects: Of the detector, with a score of at least 0.45.
        probabilities: Of the 1000 classes of the classifier.
        faces: That are believed.
    """
    by_name: dict[str, list[Found]] = defaultdict(list)
    for found in objects:
        by_name[found.name].append(found)
    things = _people(by_name.pop(PERSON, []), faces)
    animals = {name: by_name.pop(name) for name in AGREEING if name in by_name}
    things += _animals(animals, probabilities)
    for name, alike in by_name.items():
        if _best(alike) >= _SURE_DETECTOR:
            things.append(_thing(name, alike, Certainty.LIKELY))
    best = int(probabilities.argmax())
    name = imagenet_names()[best]
    if best >= ANIMAL_CLASSES and probabilities[best] >= _GUESS_ALONE and name:
        things.append(Thing(name, 1, Certainty.LIKELY, float(probabilities[best])))
    return things


def _people(people: Sequence[Found], faces: Sequence[Found]) -> list[Thing]:
    """A person is plain when the detector is sure, or has a face inside; else likely."""
    if not people:
        return []
    with_face = any(_holds(person.box, face.box) for person in people for face in faces)
    if with_face or _best(people) >= _PERSON_PLAIN:
        return [_thing(PERSON, people, Certainty.CERTAIN)]
    if _best(people) >= _SURE_DETECTOR:
        return [_thing(PERSON, people, Certainty.LIKELY)]
    return []


def _animals(animals: dict[str, list[Found]], probabilities: NDArray[np.float32]) -> list[Thing]:
    """At most one sort of answer: a species, or what both agree on, or a group, or "an animal"."""
    shares: dict[str, float] = defaultdict(float)
    for group in GROUPS:
        shares[group.name] += float(probabilities[group.first : group.last + 1].sum())
    some_animal = float(probabilities[:ANIMAL_CLASSES].sum())
    likeliest = max(shares, key=shares.__getitem__)
    seen = max(animals.values(), key=len, default=[])

    species = _species(probabilities, some_animal, likeliest, shares[likeliest])
    if species is not None:
        name, score = species
        agreed = [n for n in animals if likeliest in AGREEING[n]]
        certainty = Certainty.CERTAIN if agreed else Certainty.LIKELY
        if len(seen) > 1:  # species have no plural
            return [_thing(agreed[0] if agreed else likeliest, seen, certainty)]
        boxes = tuple(found.box for found in seen)
        return [Thing(name, 1, certainty, score, boxes, agreed[0] if agreed else likeliest)]

    both = [
        _thing(name, found, Certainty.CERTAIN)
        for name, found in animals.items()
        if _agree(name, found, sum(shares[group] for group in AGREEING[name]), some_animal)
    ]
    if both:
        return both
    if animals and some_animal >= _SOME_ANIMAL:
        return [_thing(ANIMAL, seen, Certainty.CERTAIN)]
    if shares[likeliest] >= _GROUP_ALONE:
        return [Thing(likeliest, 1, Certainty.LIKELY, shares[likeliest])]
    if some_animal >= _SOME_ANIMAL_ALONE:
        return [Thing(ANIMAL, 1, Certainty.LIKELY, some_animal)]
    return []


def _species(
    probabilities: NDArray[np.float32], some_animal: float, group: str, group_share: float
) -> tuple[str, float] | None:
    """The name and probability of one ImageNet animal, where that is safe to say."""
    best = int(probabilities.argmax())
    score = float(probabilities[best])
    if best >= ANIMAL_CLASSES or some_animal < _SPECIES_ANIMAL or group_share < _SPECIES_GROUP:
        return None
    if score < (_SPECIES if group in SPECIES_SAFE else _SPECIES_ANYWHERE):
        return None
    return imagenet_names()[best], score


def _agree(name: str, found: Sequence[Found], share: float, some_animal: float) -> bool:
    """Whether the classifier supports an animal of the detector, `share` being its groups' sum."""
    if share >= _GROUP_AGREES:
        return True
    unknown_to_imagenet = name == "giraffe" and some_animal > _SOME_ANIMAL
    return _best(found) >= _SURE_DETECTOR and (
        share >= _GROUP_AGREES_WITH_SURE_DETECTOR or unknown_to_imagenet
    )


def _thing(name: str, found: Sequence[Found], certainty: Certainty) -> Thing:
    return Thing(name, len(found), certainty, _best(found), tuple(one.box for one in found))


def _best(found: Sequence[Found]) -> float:
    return max(one.score for one in found)


def _holds(outer: Box, inner: Box) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _moved(seen: Seen, area: Box) -> Seen:
    """Boxes of the region to boxes of the picture."""

    def moved(box: Box) -> Box:
        return Box(
            box.left + area.left, box.top + area.top, box.right + area.left, box.bottom + area.top
        )

    return Seen(
        tuple(
            Thing(t.name, t.count, t.certainty, t.score, tuple(map(moved, t.boxes)), t.family)
            for t in seen.things
        ),
        tuple(map(moved, seen.faces)),
    )
