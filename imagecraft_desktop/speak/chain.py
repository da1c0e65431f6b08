"""The fallback from voice to voice: every text is heard, or a sign is given and the reason told.

The pipeline calls it from the worker thread, the command line from its own. Voices are made ready
when they are first needed. Within one utterance all sound goes one way: a voice that plays itself
and one that is played by us would talk at the same time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    NoSoundDevice,
    SpeakError,
    VoiceAway,
    VoiceDamaged,
    VoiceMissing,
)
from imagecraft_desktop.speak import prompts, scripts, silence
from imagecraft_desktop.speak.base import Voice, known
from imagecraft_desktop.speak.espeak import EspeakVoice
from imagecraft_desktop.speak.hibari import HibariVoice
from imagecraft_desktop.speak.prepare import Piece, prepare, with_short_joined
from imagecraft_desktop.speak.system import SystemVoice, need_application
from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish
from imagecraft_desktop.system.tenancy import ROOMY, Tenancy
from imagecraft_desktop.values import Manner, Speech, Tick, no_tick

log = logging.getLogger(__name__)

_WITH_REASON = (VoiceMissing, VoiceDamaged)
"""Their sentences say what to do; else it is told only that another voice speaks."""


def make_chain(
    preferred: str, wish: VoiceCraftWish | None = None, tenancy: Tenancy = ROOMY
) -> Chain:
    """The chain of all voices of this installation; costs nothing until it speaks.

    To be called in the main thread: only there can Qt be made ready for the system's voice.

    Args:
        preferred: A voice of `known`, or one of the user's own, which then speaks first.
        wish: How voices of the user's own speak.
        tenancy: Where their networks share the memory with those of the captioners.
    """
    if _may_need_system(preferred) and SystemVoice.missing() is None:
        need_application()
    voices: list[Voice] = [voice() for voice in known().values()]
    if (own := own_voice(preferred)) is not None:
        return Chain([VoiceCraftVoice(own, wish or VoiceCraftWish(), tenancy), *voices], own)
    return Chain(voices, preferred)


def own_voice(name: str) -> str | None:
    """The voice of the user's own of that name, as it is written; None when there is none."""
    return prompts.find(name) if name and name not in known() else None


def _may_need_system(preferred: str) -> bool:
    """Whether the system's voice is the chosen one or likely to be the only one."""
    if preferred == SystemVoice.name:
        return True
    is_english = strings.language().startswith("en")
    return EspeakVoice.missing() is not None and (
        not is_english or HibariVoice.missing() is not None
    )


class Chain:
    """Speaks through the first voice that can.

    Args:
        voices: In fallback order; the last rung need not be among them.
        preferred: Name of the voice to try first; empty for the given order. "silence" keeps silent.
    """

    def __init__(self, voices: Sequence[Voice], preferred: str = "") -> None:
        self._voices = sorted(
            (voice for voice in voices if voice.name != silence.SilenceVoice.name),
            key=lambda voice: voice.name != preferred,
        )
        self._preferred = preferred
        self.plays_itself = False
        """Whether the voice that speaks, or spoke last, makes its own sound."""
        self._is_silent = preferred == silence.SilenceVoice.name
        self._ready: set[str] = set()
        self._failures: dict[str, SpeakError] = {}  # voices that cannot be loaded
        self._failed_with: dict[str, tuple[object, ...]] = {}
        self._told: set[str] = set()
        self._used: dict[str, None] = {}
        self._notices: list[str] = []

    def load(self, language: str = "en", tick: Tick = no_tick) -> None:
        """Make the voice for this language ready before it is needed. Raises Cancelled, from `tick`."""
        self.voice_for(language, tick)

    def voice_for(self, language: str, tick: Tick = no_tick) -> Voice | None:
        """The voice that a text in this language begins with, made ready; None to be silent, or where none works."""
        return None if self._is_silent else self._lead(language, tick)

    def unload(self) -> None:
        """Give the voices' memory back."""
        for voice in self._voices:
            voice.unload()
        self._ready.clear()

    def say(self, text: str, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """Yield the sound of a text, sentence by sentence; a voice that plays itself yields none.

        Raises:
            SpeakError: No voice could say it. The sign for that was yielded before.
            NoSoundDevice: The voice plays itself, and there is none.
            Cancelled: From `tick`.
        """
        tick()
        if self._is_silent:
            self._used[self._preferred] = None
            return
        pieces = prepare(text, manner.language)
        if not pieces:
            return
        self._forgive()
        lead = self._lead(manner.language, tick)
        if lead is None:
            yield from self._give_up()
            return
        if isinstance(lead, VoiceCraftVoice):
            pieces = with_short_joined(pieces)
        self.plays_itself = lead.plays_itself
        said = 0  # sentences of our own before the text
        for notice in self._new_notices(lead, manner.language):
            for chunk in self._say_notice(notice, lead, manner, tick):
                yield replace(chunk, sentence=said)
            said += 1
        unread: list[Piece] = []
        for piece in pieces:
            readable = self._readable(piece, lead, tick)
            if unread and (readable is not None or unread[0].language != piece.language):
                yield from self._say_unread(unread, lead, manner, tick, said)
                unread = []
            if readable is not None:
                yield from self._say_piece(readable, lead, manner, tick, said)
            else:
                unread.append(piece)
        if unread:
            yield from self._say_unread(unread, lead, manner, tick, said)

    def take_used(self) -> tuple[str, ...]:
        """Names of the voices that spoke since the last call."""
        used = tuple(self._used)
        self._used.clear()
        return used

    def take_notices(self) -> tuple[str, ...]:
        """Sentences about voices that failed since the last call."""
        notices = tuple(self._notices)
        self._notices.clear()
        return notices

    # --- which voice ----------------------------------------------------------------------------

    def _is_ready(self, voice: Voice, tick: Tick) -> bool:
        if voice.name in self._ready:
            return True
        if voice.name in self._failures:
            return False
        try:
            if (why := voice.missing()) is not None:
                raise VoiceMissing(name=voice.name, next_step=why)
            voice.load(tick)
        except VoiceAway:
            return False
        except SpeakError as error:
            log.warning("voice %s: %s", voice.name, error.detail or type(error).__name__)
            self._failures[voice.name] = error
            if isinstance(voice, VoiceCraftVoice):
                self._failed_with[voice.name] = voice.marks()
            return False
        self._ready.add(voice.name)
        return True

    def _forgive(self) -> None:
        """Try a voice of the user's own again once what it is loaded from has changed: who does what
        they were told to do need not start the program anew."""
        for voice in self._voices:
            if not isinstance(voice, VoiceCraftVoice) or voice.name not in self._failed_with:
                continue
            if voice.marks() != self._failed_with[voice.name]:
                del self._failures[voice.name], self._failed_with[voice.name]
                self._told.discard(f"voice {voice.name}")

    def _lead(self, language: str, tick: Tick = no_tick) -> Voice | None:
        """The first voice that works and knows the language, else the first that works in English."""
        for tag in dict.fromkeys([language, "en"]):
            for voice in self._voices:
                if voice.can_say("", tag) and self._is_ready(voice, tick):
                    return voice
        return None

    def _able(self, piece: Piece, lead: Voice, tick: Tick) -> Iterator[Voice]:
        """Voices that can say a piece, the lead first, sounding the same way as it; the next is made
        ready only when it is asked for."""
        for voice in sorted(self._voices, key=lambda voice: voice is not lead):
            if (
                voice.plays_itself == lead.plays_itself
                and voice.can_say(piece.text, piece.language)
                and self._is_ready(voice, tick)
            ):
                yield voice

    def _readable(self, piece: Piece, lead: Voice, tick: Tick) -> Piece | None:
        """The piece when somebody can say it; Latin letters in English when nobody knows better."""
        if next(self._able(piece, lead, tick), None) is not None:
            return piece
        if scripts.is_plain(piece.text):
            return replace(piece, language="en")
        return None

    # --- saying ---------------------------------------------------------------------------------

    def _say_piece(
        self, piece: Piece, lead: Voice, manner: Manner, tick: Tick, said: int
    ) -> Iterator[Speech]:
        """Say a piece; where every voice fails with it, that it is there."""
        placed = replace(piece, sentence=piece.sentence + said)
        try:
            yield from self._say_somehow(placed, lead, manner, tick)
        except NoSoundDevice:
            raise  # nothing else would be heard
        except SpeakError as error:
            # they work, but not with this text
            yield from self._say_unread([piece], lead, manner, tick, said, failure=error)

    def _say_somehow(
        self, piece: Piece, lead: Voice, manner: Manner, tick: Tick
    ) -> Iterator[Speech]:
        """Say a piece with the first voice that can and does not fail.

        Raises:
            SpeakError: All failed, as the first of them did; or none can say it.
        """
        manner = replace(manner, language=piece.language)
        source = piece.source
        failed: list[tuple[Voice, SpeakError]] = []
        for voice in self._able(piece, lead, tick):
            for notice in self._fallen(failed, voice):
                for chunk in self._say_notice(notice, voice, manner, tick):
                    yield replace(chunk, sentence=piece.sentence, text="")
            try:
                made = voice.say(piece.text, manner, tick)
                for chunk in list(made) if manner.is_kept else made:
                    yield replace(chunk, sentence=piece.sentence, text=source)
                    source = ""
            except NoSoundDevice:
                raise
            except SpeakError as error:
                log.warning("voice %s: %s", voice.name, error.detail or type(error).__name__)
                failed.append((voice, error))
            else:
                self._used[voice.name] = None
                return
        raise failed[0][1] if failed else SpeakError("no voice can say it", name=lead.name)

    def _say_unread(
        self,
        pieces: Sequence[Piece],
        lead: Voice,
        manner: Manner,
        tick: Tick,
        said: int,
        *,
        failure: SpeakError | None = None,
    ) -> Iterator[Speech]:
        """Say that there is a text which no voice here can read.

        Args:
            failure: With it, where they tried.
        Raises:
            SpeakError: Nor can one say this. The sign for that was yielded before.
        """
        source = " ".join(piece.source for piece in pieces).strip()
        with _in_words_of(lead):
            text = describe_unread(pieces)
        try:
            for chunk in self._say_aside(text, lead, manner, tick):
                shown = source if chunk.text else ""
                yield replace(chunk, sentence=pieces[0].sentence + said, text=shown)
        except SpeakError as error:
            yield from self._give_up(failure or error, error)

    def _say_notice(self, text: str, lead: Voice, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """As `_say_aside`; one that nobody can say is only shown: the text is to be heard."""
        with suppress(SpeakError):
            yield from self._say_aside(text, lead, manner, tick)

    def _say_aside(self, text: str, lead: Voice, manner: Manner, tick: Tick) -> Iterator[Speech]:
        """A sentence of our own, in the words of the voice: see `_in_words_of`.

        Raises:
            SpeakError: There is a part of it that no voice could say.
        """
        tag = strings.language() if lead.can_say("", strings.language()) else "en"
        failure: SpeakError | None = None
        for piece in prepare(text, tag):
            try:
                yield from self._say_somehow(piece, lead, manner, tick)
            except SpeakError as error:
                failure = error
        if failure is not None:
            raise failure

    # --- telling --------------------------------------------------------------------------------

    def _new_notices(self, lead: Voice, language: str) -> list[str]:
        """What the user should hear once about the voices, in the words of the lead."""
        base = language.partition("-")[0]
        is_new = self._is_tried() and self._once(f"voice {self._preferred}")
        is_foreign = not lead.can_say("", language) and self._once(f"language {base}")
        is_unfit = self._is_unfit(lead) and self._once(f"voice {self._preferred} {base}")

        def notices() -> list[str]:
            found = self._about_preferred(lead) if is_new else []
            known_as = scripts.NAMES.get(base)
            name = strings.say(known_as) if known_as else base
            if is_unfit:
                words = {"name": self._preferred, "language": name, "other": lead.name}
                found.append(strings.say(strings.VOICE_OTHER_LANGUAGE, **words))
            if is_foreign:
                found.append(strings.say(strings.VOICE_WRONG_LANGUAGE, language=name))
            return found

        return self._keep(notices, lead)

    def _is_tried(self) -> bool:
        """Whether it is known if the chosen voice works: it may not know the language so far."""
        names = {voice.name for voice in self._voices}
        is_known = self._preferred not in names - self._ready - self._failures.keys()
        return bool(self._preferred) and is_known

    def _is_unfit(self, lead: Voice) -> bool:
        """Whether a voice of the user's own works but does not know the language. The program's own
        voices take turns without a word: the chosen one may only be the one it came with."""
        chosen = next((voice for voice in self._voices if voice.name == self._preferred), None)
        if not isinstance(chosen, VoiceCraftVoice) or chosen.is_away:
            return False
        return chosen is not lead and self._preferred not in self._failures

    def _about_preferred(self, lead: Voice) -> list[str]:
        """Why the chosen voice is not the one that speaks."""
        voice = next((voice for voice in self._voices if voice.name == self._preferred), None)
        if voice is None:
            names = ", ".join(voice.name for voice in self._voices)
            step = strings.say(strings.NEXT_CHOOSE_VOICE, names=names)
            return [VoiceMissing(name=self._preferred, next_step=step).spoken]
        if (failure := self._failures.get(voice.name)) is None:
            return []
        fell = strings.say(strings.VOICE_FELL_BACK, name=voice.name, other=lead.name)
        if not isinstance(failure, _WITH_REASON):
            return [fell]
        if (step_now := voice.missing()) is not None:  # in the language of now
            failure = VoiceMissing(name=voice.name, next_step=step_now)
        return [failure.spoken, fell]

    def _fallen(self, failed: Sequence[tuple[Voice, SpeakError]], voice: Voice) -> list[str]:
        """Told the first time that a voice fails while speaking."""
        new = [one for one in failed if self._once(f"voice {one[0].name} fell")]

        def notices() -> list[str]:
            found: list[str] = []
            for other, error in new:
                if isinstance(error, _WITH_REASON):
                    found.append(error.spoken)
                found.append(
                    strings.say(strings.VOICE_FELL_BACK, name=other.name, other=voice.name)
                )
            return found

        return self._keep(notices, voice)

    def _keep(self, notices: Callable[[], list[str]], voice: Voice) -> list[str]:
        """Keep them for `take_notices` in the program's language; return them for the voice."""
        self._notices += notices()
        with _in_words_of(voice):
            return notices()

    def _once(self, subject: str) -> bool:
        is_new = subject not in self._told
        self._told.add(subject)
        return is_new

    def _give_up(
        self, failure: SpeakError | None = None, cause: SpeakError | None = None
    ) -> Iterator[Speech]:
        """No voice works: a sign that can be heard, a notice, and the error for others to show."""
        name = self._preferred or (self._voices[0].name if self._voices else "")
        if self._once("all"):
            self._notices.append(strings.say(strings.VOICE_ALL_FAILED, name=name))
        yield silence.sign()
        raise (
            failure or self._failures.get(name) or SpeakError("no voice works", name=name)
        ) from cause


def _in_words_of(voice: Voice) -> AbstractContextManager[None]:
    """Within the block sentences are in the program's language if the voice knows it, else in
    English: Spanish words from an English voice would not be understood."""
    return nullcontext() if voice.can_say("", strings.language()) else strings.in_english()


def describe_unread(pieces: Sequence[Piece]) -> str:
    """ "text in Chinese, 4 characters" for pieces in one language that nobody can read."""
    count = sum(sum(map(str.isalnum, piece.text)) for piece in pieces)
    name = scripts.NAMES.get(pieces[0].language)
    if name is None:
        return strings.say(strings.TEXT_UNREADABLE_UNKNOWN, count=count)
    return strings.say(strings.TEXT_UNREADABLE, language=strings.say(name), count=count)
