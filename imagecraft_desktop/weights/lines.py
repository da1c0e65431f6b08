"""What is said of models: lines of the list, terms, how far a download is. For the command line and
the settings window alike.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from imagecraft_desktop import strings
from imagecraft_desktop.strings import say
from imagecraft_desktop.weights import (
    catalogue,
    certainty,
    download,
    fit,
    sizes,
    speed,
    store,
    voicecraft,
)
from imagecraft_desktop.weights.catalogue import Kind, Model, Source
from imagecraft_desktop.weights.fit import Machine
from imagecraft_desktop.weights.speed import Speed
from imagecraft_desktop.weights.steps import Stage, Step

LANGUAGES = {"en": strings.LANG_ENGLISH, "zh": strings.LANG_CHINESE}
_OTHERS = "*"
_BF16, _FP32 = 2, 4
"""Bytes of a parameter."""
_SILENT_S = 2.0
"""After so long a tenth is told; else there is only what begins and what came of it."""


def spoiled() -> str | None:
    """What must be told when the record of first downloads cannot be read, which is set aside; None when it can."""
    file = store.set_spoiled_aside()
    return None if file is None else say(strings.MODELS_RECORD_SPOILED, file=str(file))


def line(model: Model, machine: Machine, measured: Speed | None = None) -> str:
    """All that matters of a model, in one line made to be heard.

    Args:
        measured: What it takes here, where that is known.
    """
    states = [state(model)]
    is_installed = store.manifest(model.name) is not None
    if model.gated and not is_installed:
        states.append(say(strings.MODEL_WANTS_LOGIN))
    if download.may_lack_weights(model):
        states.append(say(strings.MODEL_MAYBE_UNSAFE, instead=model.instead))
    if measured is not None:
        states.append(takes(measured))
    elif is_installed and model.kind is Kind.CAPTIONER:
        states.append(say(strings.MODEL_NOT_MEASURED))
    states.append(say(strings.MODEL_FITS[fit.fit(model, machine)]))
    return say(
        strings.MODEL_LINE,
        name=model.name,
        uses=", ".join(say(strings.MODEL_USES[use]) for use in model.good_for),
        size=sizes.in_words(model.download_bytes),
        memory=sizes.in_words(fit.need_bytes(model, machine)),
        licence=model.licence.name,
        languages=languages(model.languages),
        state=" ".join(states),
    )


def facts(model: Model, machine: Machine, measured: Speed | None = None) -> list[str]:
    """All that is known of a model, in sentences; arguments as in `line`."""
    found = [
        line(model, machine, measured),
        say(
            strings.MODEL_SHOW_SIZE,
            label=model.label,
            millions=round(model.parameters / 1e6),
            size=sizes.in_words(model.download_bytes),
            memory=sizes.in_words(model.memory_bytes(_BF16)),
            more=sizes.in_words(model.memory_bytes(_FP32)),
        ),
    ]
    found += [sentence for source in model.sources for sentence in _versions(model, source)]
    licence = model.licence
    found.append(say(strings.MODEL_SHOW_LICENCE, licence=licence.name, address=licence.address))
    if (kept := store.manifest(model.name)) is not None:
        folder, size = str(store.folder_of(model.name)), sizes.in_words(kept.size)
        words = {"day": kept.installed, "folder": folder, "size": size}
        found.append(say(strings.MODEL_SHOW_INSTALLED, **words))
        if not kept.commits:
            found.append(say(strings.MODEL_SHOW_FOLDER))
        if model.kind is Kind.CAPTIONER:
            found.append(_bounds(model))
    if measured is not None:
        found.append(_speed(measured))
    return found


def _versions(model: Model, source: Source) -> list[str]:
    """From where it is, and in which version; else in which it would be installed."""
    kept, known = store.manifest(model.name), store.commit_of(source)
    here = known if kept is None else kept.commits.get(source.repo)
    found = []
    if here is not None:
        found.append(say(strings.MODEL_SHOW_SOURCE, repo=source.repo, commit=here))
    elif kept is None:
        found.append(say(strings.MODEL_SHOW_NEWEST, repo=source.repo))
    if store.is_outdated(model) and known != here:
        found.append(say(strings.MODEL_SHOW_NEWER, commit=known, name=model.name))
    return found


def _bounds(model: Model) -> str:
    found = certainty.known(model.name)
    if found is None:
        return say(strings.MODEL_SHOW_CHOSEN)
    return say(strings.MODEL_SHOW_CALIBRATED, day=found.day, count=found.judged)


def _speed(measured: Speed) -> str:
    return say(
        strings.MODEL_SHOW_SPEED,
        day=measured.day,
        load=speed.in_words(measured.load_s),
        first=speed.in_words(measured.first_word_s),
        time=speed.in_words(measured.description_s),
        device=measured.device,
        dtype=measured.dtype,
        processor=measured.place.processor,
    )


def ranked(machine: Machine, speeds: Mapping[str, Speed]) -> list[Model]:
    """Every model, in the order in which they are told: those first that suit this machine.

    Args:
        speeds: What was measured here, by the names of models.
    """
    models = catalogue.known().values()
    takes_s = {name: one.description_s for name, one in speeds.items()}
    unsafe = {model.name for model in models if download.may_lack_weights(model)}
    return fit.ranked(models, machine, takes_s, unsafe)


def takes(measured: Speed) -> str:
    """How long a description takes here."""
    return say(strings.MODEL_TAKES, time=speed.in_words(measured.description_s))


def languages(tags: Sequence[str]) -> str:
    """Their names, with commas."""
    if list(tags) == [_OTHERS]:
        return say(strings.MODEL_ANY_LANGUAGE)
    names = [say(LANGUAGES[tag]) for tag in tags if tag != _OTHERS]
    if _OTHERS in tags:
        names.append(say(strings.MODEL_MANY_LANGUAGES))
    return ", ".join(names)


def state(model: Model) -> str:
    """Whether a model is installed, and whether a newer version of it could be."""
    if (kept := store.manifest(model.name)) is not None:
        if store.is_outdated(model):
            return say(strings.MODEL_OUTDATED, day=kept.installed)
        return say(strings.MODEL_INSTALLED)
    if begun := download.begun_bytes(model.name):
        return say(strings.MODEL_BEGUN, size=sizes.in_words(begun))
    return say(strings.MODEL_NOT_INSTALLED)


def terms(model: Model, *, is_brought: bool = False) -> str:
    """What the user must accept before the first byte.

    Args:
        is_brought: The model comes from a folder, not from the Hub.
    """
    licence, size = model.licence, sizes.in_words(model.download_bytes)
    words = {"licence": licence.name, "address": licence.address}
    first = strings.MODEL_TERMS_BROUGHT if is_brought else strings.MODEL_TERMS
    sentences = [say(first, label=model.label, size=size, **words)]
    if model.kind is Kind.VOICE:
        sentences.append(voicecraft.terms())
    elif licence.must_accept:
        sentences.append(say(strings.MODEL_TERMS_BOUND))
    if is_brought:
        return "\n".join(sentences)
    if model.gated:
        sentences.append(say(strings.MODEL_TERMS_GATED))
    if download.may_lack_weights(model):
        sentences.append(say(strings.MODEL_TERMS_UNSAFE, instead=model.instead))
    return "\n".join(sentences)


class Tenths:
    """Says how far a download is: once for each tenth, and when it waits."""

    def __init__(self) -> None:
        self._tenth = -1
        self._work = Work()

    def sentence(self, step: Step) -> str:
        """The sentence for a step; "" when there is nothing new to say."""
        if step.stage in {Stage.COPY, Stage.CHECK}:
            return self._work.sentence(step)
        if step.stage is Stage.PAUSED:
            return say(strings.MODEL_PAUSED_SHORT)
        if step.stage is Stage.RESUMED:
            return say(strings.MODEL_RESUMED)
        if step.stage is Stage.WAIT:
            waiting = say(strings.MODEL_WAITING, count=step.total)
            return waiting if step.total else say(strings.MODEL_SILENT)
        return self._of_bytes(step.done, step.total)

    def _of_bytes(self, done: int, total: int) -> str:
        percent = 100 * done // total
        if percent // 10 <= self._tenth:
            return ""
        in_all, is_first = sizes.in_words(total), self._tenth < 0
        self._tenth = percent // 10
        if not is_first:
            words = {"percent": self._tenth * 10, "done": sizes.in_words(done), "total": in_all}
            return say(strings.MODEL_PERCENT, **words)
        if percent:
            return say(strings.MODEL_GOING_ON, percent=percent, total=in_all)
        return say(strings.MODEL_DOWNLOADING, total=in_all)


class Work:
    """Says how far it is with what is quick where the files are small, copying and checking: what begins, and a
    tenth where it was silent for a while."""

    def __init__(self) -> None:
        self._tenth = 0
        self._said_s = 0.0

    def sentence(self, step: Step) -> str:
        """The sentence for a step; "" when there is nothing new to say."""
        total, tenth = sizes.in_words(step.total), tenths(step)
        if step.done == 0:
            self._tenth, self._said_s = 0, time.monotonic()
            is_copy = step.stage is Stage.COPY
            return (
                say(strings.MODEL_COPYING, total=total) if is_copy else say(strings.MODEL_CHECKING)
            )
        if tenth <= self._tenth or time.monotonic() - self._said_s < _SILENT_S:
            return ""
        self._tenth, self._said_s = tenth, time.monotonic()
        done = sizes.in_words(step.done)
        return say(strings.MODEL_PERCENT, percent=tenth * 10, done=done, total=total)


def tenths(step: Step) -> int:
    """How many tenths are done, 0 to 10."""
    return 10 * step.done // step.total if step.total else 10


class Standing:
    """Says where the download of a model is, to who asks."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._come = say(strings.MODEL_NOW_BEGINS, name=name)

    def sentence(self, step: Step) -> str:
        """Where it is at this step."""
        if step.stage is Stage.CHECK:
            return say(strings.MODEL_NOW_CHECKED, name=self.name)
        if step.stage is Stage.COPY:
            return say(strings.MODEL_NOW_COPIED, name=self.name)
        if step.stage is Stage.FETCH:
            words = {"percent": 100 * step.done // step.total, "total": sizes.in_words(step.total)}
            self._come = say(strings.MODEL_NOW, name=self.name, **words)
        halts = {Stage.PAUSED: strings.MODEL_PAUSED_SHORT, Stage.WAIT: strings.MODEL_SILENT}
        halt = halts.get(step.stage)
        return f"{self._come} {say(halt)}" if halt is not None else self._come
