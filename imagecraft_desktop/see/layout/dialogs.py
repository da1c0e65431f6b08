"""Dialogs: a box in the middle, over something else, with text and buttons at its lower end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imagecraft_desktop.see.layout.order import flow
from imagecraft_desktop.see.layout.parts import Button, Dialog
from imagecraft_desktop.see.layout.scene import Scene, holds
from imagecraft_desktop.see.layout.shapes import distance
from imagecraft_desktop.values import Box

STACKED = 3  # greatest gap between the strips of one box, in pixels
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class FoundDialog:
    """A dialog, and its lines (by number) as they are read."""

    dialog: Dialog
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A box made of one shape, or of several strips stacked on each other."""

    box: Box
    strips: tuple[Box, ...]


def find_dialog(
    scene: Scene, buttons: Sequence[tuple[Button, int]], crowd: frozenset[int]
) -> FoundDialog | None:
    """The dialog over the rest of the screen, or the message box that is the whole picture.

    Args:
        buttons: With the numbers of their lines.
        crowd: Lines of tables, fields, charts and other things that a message box does not have.
    """
    if not buttons:
        return None
    found = [panel for panel in panels(scene) if _is_dialog(scene, panel, buttons)]
    if found:
        inner = min(found, key=lambda one: one.box.width * one.box.height)
        # the same box with its title bar
        same = [one for one in found if _is_level(one.box, inner.box)]
        return _read(scene, max(same, key=lambda one: one.box.height), buttons, False)
    whole = Panel(Box(0, 0, scene.width, scene.height), ())
    if _is_message_box(scene, buttons, crowd):
        return _read(scene, whole, buttons, True)
    return None


def panels(scene: Scene) -> list[Panel]:
    """Larger boxes, strips of the same width joined."""
    wide = [
        shape.box
        for shape in scene.shapes
        if shape.box.width >= 10 * scene.unit and shape.box.height >= 1.4 * scene.unit
    ]
    wide.sort(key=lambda box: (box.left, box.top))
    found = [Panel(box, (box,)) for box in wide]
    for at, first in enumerate(wide):
        strips = [first]
        for box in sorted(wide[at + 1 :], key=lambda one: one.top):
            level = (
                abs(box.left - first.left) <= STACKED and abs(box.right - first.right) <= STACKED
            )
            if level and -1 <= box.top - strips[-1].bottom <= STACKED:
                strips.append(box)
        if len(strips) > 1:
            bottom = strips[-1].bottom
            found.append(Panel(Box(first.left, first.top, first.right, bottom), tuple(strips)))
    return found


def _is_level(one: Box, other: Box) -> bool:
    return abs(one.left - other.left) <= STACKED and abs(one.right - other.right) <= STACKED


def _inside(scene: Scene, box: Box) -> list[int]:
    return [n for n, line in enumerate(scene.boxes) if holds(box, line)]


def _is_dialog(scene: Scene, panel: Panel, buttons: Sequence[tuple[Button, int]]) -> bool:
    box = panel.box
    share = box.width * box.height / (scene.width * scene.height)
    margin = min(box.left, box.top, scene.width - box.right, scene.height - box.bottom)
    off_x = abs((box.left + box.right) / 2 - scene.width / 2) / scene.width
    off_y = abs((box.top + box.bottom) / 2 - scene.height / 2) / scene.height
    if not 0.015 <= share <= 0.5 or margin < scene.unit or off_x > 0.15 or off_y > 0.25:
        return False
    own = [line for button, line in buttons if holds(box, button.box)]
    inside = _inside(scene, box)
    if not own or len(inside) <= len(own) or len(inside) > 40:
        return False
    outside = len(scene.lines) - len(inside)
    if outside < 1 or not _buttons_last(scene, own, inside):
        return False
    return _has_title_strip(scene, panel) or _casts_shadow(scene, box) or _cuts_text(scene, box)


def _buttons_last(scene: Scene, own: Sequence[int], inside: Sequence[int]) -> bool:
    """Does nothing stand below the row of buttons?"""
    lowest = max(scene.boxes[n].bottom for n in own)
    row_top = min(scene.boxes[n].top for n in own)
    in_row = lowest - row_top <= 2.5 * scene.unit or len(own) == 1
    return in_row and all(
        scene.boxes[n].bottom <= lowest + 0.5 * scene.unit for n in inside if n not in own
    )


def _has_title_strip(scene: Scene, panel: Panel) -> bool:
    if len(panel.strips) < 2:
        return False
    first = panel.strips[0]
    return first.height <= 4 * scene.unit and 1 <= len(_inside(scene, first)) <= 2


def _casts_shadow(scene: Scene, box: Box) -> bool:
    """Is it darker just outside than some way off, below and on one more side?"""

    def light(x: int, y: int) -> int | None:
        if 0 <= x < scene.width and 0 <= y < scene.height:
            return int(scene.pixels[y, x].sum())
        return None

    middle_x, middle_y = (box.left + box.right) // 2, (box.top + box.bottom) // 2
    darker = []
    far = int(3 * scene.unit)
    for near_point, far_point in (
        ((middle_x, box.bottom + 4), (middle_x, box.bottom + far)),
        ((box.left - 5, middle_y), (box.left - far, middle_y)),
        ((box.right + 4, middle_y), (box.right + far, middle_y)),
    ):
        near_light, far_light = light(*near_point), light(*far_point)
        darker.append(
            near_light is not None and far_light is not None and near_light <= far_light - 15
        )
    return darker[0] and (darker[1] or darker[2])


def _cuts_text(scene: Scene, box: Box) -> bool:
    """Do lines of what is behind end at its left or right edge?"""
    cut = sum(
        (abs(line.right - box.left) <= 4 or abs(line.left - box.right) <= 4)
        and box.top < line.top
        and line.bottom < box.bottom
        for line in scene.boxes
    )
    return cut >= 2


def _is_message_box(
    scene: Scene, buttons: Sequence[tuple[Button, int]], crowd: frozenset[int]
) -> bool:
    """Is the whole picture a short text with a row of one to four buttons under it?"""
    own = [line for _, line in buttons]
    others = [n for n in range(len(scene.lines)) if n not in own]
    return (
        len(own) <= 4
        and 1 <= len(others) <= MOST_LINES
        and not crowd
        and scene.width <= 75 * scene.unit
        and scene.height <= 36 * scene.unit
        and _buttons_last(scene, own, [*own, *others])
        and min(scene.boxes[n].top for n in own) > max(scene.boxes[n].bottom for n in others)
        and any(_is_sentence(scene.text(n)) for n in others)
        and sum(len(scene.text(n).split()) <= 2 for n in others) <= 0.5 * len(others)
    )


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= 3 and text.rstrip().endswith((".", "?", "!", "…"))


def _read(
    scene: Scene, panel: Panel, buttons: Sequence[tuple[Button, int]], is_whole: bool
) -> FoundDialog:
    inside = _inside(scene, panel.box)
    own = sorted(
        (line for button, line in buttons if holds(panel.box, button.box)),
        key=lambda n: scene.boxes[n].left,
    )
    texts = [n for n in inside if n not in own]
    order = flow([scene.text(n) for n in texts], [scene.boxes[n] for n in texts])
    texts = [texts[at] for at in order.numbers]
    # the cross of an error sign is read as a letter
    signs = [n for n in texts if len(scene.text(n).strip()) == 1]
    texts = [n for n in texts if n not in signs]
    title = _title(scene, panel, texts)
    body = [n for n in texts if n != title]
    dialog = Dialog(
        box=panel.box,
        title=scene.text(title) if title is not None else "",
        body=_paragraphs(scene, body),
        buttons=tuple(scene.text(n) for n in own),
        icon=_icon(scene, panel.box, body),
        is_whole_picture=is_whole,
    )
    first = [title] if title is not None else []
    return FoundDialog(dialog, (*first, *body, *own, *signs))


def _title(scene: Scene, panel: Panel, texts: Sequence[int]) -> int | None:
    """The line in the top strip, or a first line that is larger or bolder than the second."""
    if not texts:
        return None
    first = texts[0]
    if len(panel.strips) > 1 and holds(panel.strips[0], scene.boxes[first]):
        return first if panel.strips[0].height <= 4 * scene.unit else None
    if len(texts) < 2:
        return None
    one, other = scene.inks[first], scene.inks[texts[1]]
    if one is None or other is None:
        return None
    is_larger = scene.sizes[first] >= 1.2 * scene.sizes[texts[1]]
    is_bolder = one.stroke >= 1.3 * other.stroke
    return first if is_larger or is_bolder else None


def _paragraphs(scene: Scene, numbers: Sequence[int]) -> tuple[str, ...]:
    """Lines joined where a sentence runs on: the line before is full and has no end."""
    found: list[str] = []
    last = None
    for n in numbers:
        text, box = scene.text(n), scene.boxes[n]
        runs_on = (
            last is not None
            and abs(box.left - scene.boxes[last].left) <= scene.unit
            and 0 <= box.top - scene.boxes[last].bottom <= scene.unit
            and not found[-1].rstrip().endswith((".", "!", "?", ":", ";"))
            and scene.boxes[last].right >= box.right - 4 * scene.unit
        )
        if runs_on:
            found[-1] = f"{found[-1]} {text}"
        else:
            found.append(text)
        last = n
    return tuple(found)


def _icon(scene: Scene, box: Box, body: Sequence[int]) -> str:
    """ "error" or "warning" when a red or yellow sign stands left of the text, else ""."""
    import cv2

    if not body:
        return ""
    right = min(scene.boxes[n].left for n in body) - 2
    top = max(box.top, min(scene.boxes[n].top for n in body) - int(4 * scene.unit))
    bottom = min(box.bottom, max(scene.boxes[n].bottom for n in body) + int(4 * scene.unit))
    left = max(box.left + 2, right - int(9 * scene.unit))
    if right - left < 12 or bottom - top < 12:
        return ""
    crop = scene.pixels[top:bottom, left:right].astype(np.int16)
    spread = crop.max(axis=2) - crop.min(axis=2)
    mask = (spread >= 90).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return ""
    largest = 1 + int(np.argmax(stats[1:, 4]))
    _, _, width, height, area = stats[largest].tolist()
    if not 1.0 * scene.unit <= width <= 6 * scene.unit or not 0.75 <= width / height <= 1.35:
        return ""
    if area < 0.25 * width * height:
        return ""
    red, green, blue = np.median(crop[labels == largest], axis=0).tolist()
    if red >= 150 and green <= 0.5 * red and distance((green,), (blue,)) <= 60:
        return "error"
    if red >= 180 and green >= 0.55 * red and blue <= 0.5 * red:
        return "warning"
    return ""
