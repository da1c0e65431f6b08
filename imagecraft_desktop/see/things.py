"""Which people, animals and things are in a photo, and how sure that is.

No network is believed alone. What the detector finds is shown to the classifier a second time, cut
out; when both agree it is CERTAIN. What only one of them says is LIKELY, if it is very sure, else
nothing. Counts mean "at least". Sex, age, race, mood and names are never looked at.

The thresholds were chosen on about 150 photos, judged by eye. The detectors invent things on
screens ("kite" on a pie chart): give them photo regions only (regions.py).

Called by the embedded captioner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.see import networks
from imagecraft_desktop.see.classes import (
    AGREEING,
    ANIMAL_CLASSES,
    GROUPS,
    SPECIES_SAFE,
    SUPPORTING,
    imagenet_names,
)
from imagecraft_desktop.see.networks import Found
from imagecraft_desktop.see.session import stopping
from imagecraft_desktop.values import Box, Certainty, Thing, Tick

ANIMAL = "animal"
PERSON = "person"

_SMALLEST_EDGE = 48  # pixels; below, the networks only guess
_MOST_SECOND_LOOKS = 4
_MARGIN_OF_CUT = 0.1

_PERSON_PLAIN = 0.7
_PERSON_LIKELY = 0.6
_FACE_WITHOUT_PERSON = 0.65
_FACE_OF_HEIGHT = 0.025

_SPECIES = 0.8
_SPECIES_ANYWHERE = 0.95
_SPECIES_GROUP = 0.9
_SPECIES_ANIMAL = 0.7
_GROUP_AGREES = 0.45
_GROUP_AGREES_A_LITTLE = 0.15
_SURE_DETECTOR = 0.6
_GROUP_ALONE = 0.8
_SOME_ANIMAL = 0.5
_SOME_ANIMAL_CUT_OUT = 0.75
_SOME_ANIMAL_ALONE = 0.85

_THING_AGREED = 0.5
_CLASSIFIER_AGREES = 0.3
_THING_LIKELY = 0.75
_CLASSIFIER_DOES_NOT_OBJECT = 0.05
_THING_UNKNOWN_TO_IMAGENET = 0.8
_GUESS_ALONE = 0.85

Probabilities = NDArray[np.float32]
SecondLook = Callable[[Found], Probabilities]
"""What the classifier says of the place where an object was found."""


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
        faces = believed_faces(networks.detect_faces(photo), objects, photo.shape[0])
        things = believed_things(
            objects,
            networks.classify(photo),
            lambda found: networks.classify(_cut_out(photo, found.box)),
            faces,
        )
    return _moved(Seen(tuple(things), tuple(face.box for face in faces)), area)


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
    objects: Sequence[Found],
    whole: Probabilities,
    second_look: SecondLook,
    faces: Sequence[Found] = (),
) -> list[Thing]:
    """The rules of agreement.

    Args:
        objects: Of the detector, best first.
        whole: What the classifier says of the whole photo: (1000,).
        second_look: Asked at most four times.
        faces: Those that are believed.
    """
    by_name: dict[str, list[Found]] = defaultdict(list)
    for found in objects:
        by_name[found.name].append(found)
    people = by_name.pop(PERSON, [])
    looks = {name: second_look(by_name[name][0]) for name in list(by_name)[:_MOST_SECOND_LOOKS]}
    animals = {name: by_name[name] for name in looks if name in AGREEING}
    things = _people(people, faces) + _animals(animals, whole, looks)
    for name, look in looks.items():
        if name not in AGREEING and (sure := _certainty_of(name, by_name[name][0], look)):
            things.append(_thing(name, by_name[name], sure))
    best = int(whole.argmax())
    guess = imagenet_names()[best]
    said = any(best in SUPPORTING.get(thing.name, ()) for thing in things)
    if best >= ANIMAL_CLASSES and whole[best] >= _GUESS_ALONE and guess and not said:
        things.append(Thing(guess, 1, Certainty.LIKELY, float(whole[best])))
    return sorted(things, key=lambda thing: thing.certainty is not Certainty.CERTAIN)


def _certainty_of(name: str, found: Found, look: Probabilities) -> Certainty | None:
    """How sure a thing is that the detector found; None: it is not said."""
    if name not in SUPPORTING:
        sure = found.score >= _THING_UNKNOWN_TO_IMAGENET
        return Certainty.LIKELY if sure else None
    support = float(look[sorted(SUPPORTING[name])].sum())
    if found.score >= _THING_AGREED and support >= _CLASSIFIER_AGREES:
        return Certainty.CERTAIN
    if found.score >= _THING_LIKELY and support >= _CLASSIFIER_DOES_NOT_OBJECT:
        return Certainty.LIKELY
    return None


def _people(people: Sequence[Found], faces: Sequence[Found]) -> list[Thing]:
    """A person is plain when the detector is sure, or has a face inside; else likely."""
    if not people:
        return []
    with_face = any(_holds(person.box, face.box) for person in people for face in faces)
    if with_face or _best(people) >= _PERSON_PLAIN:
        seen = _thing(PERSON, people, Certainty.CERTAIN)
        sure_faces = sum(face.score >= _FACE_WITHOUT_PERSON for face in faces)
        return [replace(seen, count=max(seen.count, sure_faces))]
    if _best(people) >= _PERSON_LIKELY:
        return [_thing(PERSON, people, Certainty.LIKELY)]
    return []


def _animals(
    animals: Mapping[str, Sequence[Found]], whole: Probabilities, looks: Mapping[str, Probabilities]
) -> list[Thing]:
    """At most one sort of answer: a species, or what both agree on, or a group, or "an animal"."""
    clearest = max([whole, *(looks[name] for name in animals)], key=_animal_share)
    some_animal = _animal_share(clearest)
    shares = _group_shares(clearest)
    likeliest = max(shares, key=shares.__getitem__)
    seen = max(animals.values(), key=len, default=())

    species = _species(clearest, some_animal, likeliest, shares[likeliest])
    if species is not None:
        agreed = any(likeliest in AGREEING[name] for name in animals)
        certainty = Certainty.CERTAIN if agreed else Certainty.LIKELY
        if len(seen) > 1:  # species have no plural
            return [_thing(likeliest, seen, certainty)]
        family = likeliest if likeliest in AGREEING and likeliest != species[0] else ""
        boxes = tuple(found.box for found in seen)
        return [Thing(species[0], 1, certainty, species[1], boxes, family)]

    both = [
        _thing(name, found, Certainty.CERTAIN)
        for name, found in animals.items()
        if _agree(name, found, whole) or _share_of(name, looks[name]) >= _GROUP_AGREES
    ]
    if both:
        return both
    if animals and (_animal_share(whole) >= _SOME_ANIMAL or some_animal >= _SOME_ANIMAL_CUT_OUT):
        return [_thing(ANIMAL, seen, Certainty.CERTAIN)]
    if shares[likeliest] >= _GROUP_ALONE:
        return [Thing(likeliest, 1, Certainty.LIKELY, shares[likeliest])]
    if some_animal >= _SOME_ANIMAL_ALONE:
        return [Thing(ANIMAL, 1, Certainty.LIKELY, some_animal)]
    return []


def _animal_share(probabilities: Probabilities) -> float:
    return float(probabilities[:ANIMAL_CLASSES].sum())


def _group_shares(probabilities: Probabilities) -> dict[str, float]:
    shares: dict[str, float] = defaultdict(float)
    for group in GROUPS:
        shares[group.name] += float(probabilities[group.first : group.last + 1].sum())
    return shares


def _share_of(name: str, probabilities: Probabilities) -> float:
    """How much the classifier supports an animal of the detector."""
    shares = _group_shares(probabilities)
    return sum(shares.get(group, 0.0) for group in AGREEING[name])


def _species(
    probabilities: Probabilities, some_animal: float, group: str, group_share: float
) -> tuple[str, float] | None:
    """The name and probability of one ImageNet animal, where that is safe to say."""
    best = int(probabilities.argmax())
    score = float(probabilities[best])
    if best >= ANIMAL_CLASSES or some_animal < _SPECIES_ANIMAL or group_share < _SPECIES_GROUP:
        return None
    if score < (_SPECIES if group in SPECIES_SAFE else _SPECIES_ANYWHERE):
        return None
    return imagenet_names()[best], score


def _agree(name: str, found: Sequence[Found], whole: Probabilities) -> bool:
    """Whether the classifier's view of the whole photo supports an animal of the detector."""
    share = _share_of(name, whole)
    if share >= _GROUP_AGREES:
        return True
    unknown_to_imagenet = name == "giraffe" and _animal_share(whole) > _SOME_ANIMAL
    return _best(found) >= _SURE_DETECTOR and (
        share >= _GROUP_AGREES_A_LITTLE or unknown_to_imagenet
    )


def _thing(name: str, found: Sequence[Found], certainty: Certainty) -> Thing:
    return Thing(name, len(found), certainty, _best(found), tuple(one.box for one in found))


def _best(found: Sequence[Found]) -> float:
    return max(one.score for one in found)


def _holds(outer: Box, inner: Box) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _cut_out(photo: networks.Pixels, box: Box) -> networks.Pixels:
    """The box with some of its surroundings."""
    x, y = round(box.width * _MARGIN_OF_CUT), round(box.height * _MARGIN_OF_CUT)
    return photo[max(0, box.top - y) : box.bottom + y + 1, max(0, box.left - x) : box.right + x + 1]


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
