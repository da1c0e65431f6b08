"""Every text is heard through some voice, or a sign and an error say that it is not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from imagecraft_desktop import strings
from imagecraft_desktop.errors import (
    Cancelled,
    NoSoundDevice,
    SpeakError,
    VoiceDamaged,
    VoiceMissing,
    VoicePromptDamaged,
)
from imagecraft_desktop.speak import silence
from imagecraft_desktop.speak.base import known
from imagecraft_desktop.speak.chain import Chain, make_chain
from imagecraft_desktop.speak.voicecraft import VoiceCraftVoice, VoiceCraftWish
from imagecraft_desktop.system import paths
from imagecraft_desktop.values import Manner, Speech


class Voice:
    """Notes what it is told to say; gives 10 ms a text."""

    label = "voice"

    def __init__(
        self,
        name: str,
        *languages: str,
        plays_itself: bool = False,
        absent: str | None = None,
        cannot_load: bool = False,
        fails_at: str | None = None,
    ) -> None:
        self.name = name
        self.rung = 1
        self.plays_itself = plays_itself
        self.languages = languages or ("en",)
        self.absent = absent
        self.cannot_load = cannot_load
        self.fails_at = fails_at
        self.loads = 0
        self.said: list[str] = []
        self.manners: list[Manner] = []

    def missing(self) -> str | None:  # type: ignore[override]
        return self.absent

    def load(self, tick: object = None) -> None:
        self.loads += 1
        if self.cannot_load:
            raise VoiceMissing(name=self.name, next_step="Install it.")

    def can_say(self, text: str, language: str) -> bool:
        return language.split("-", maxsplit=1)[0] in self.languages

    def say(self, text: str, manner: Manner, tick) -> Iterator[Speech]:
        tick()
        if self.fails_at is not None and self.fails_at in text:
            raise SpeakError("as told", name=self.name)
        self.said.append(text)
        self.manners.append(manner)
        if not self.plays_itself:
            yield Speech(np.full(240, 0.1, np.float32), 24_000, text=text)

    def unload(self) -> None:
        self.said.clear()


class OwnVoice(VoiceCraftVoice):
    """A voice of the user's own without its model; notes what it is told to say."""

    said: list[str]

    @classmethod
    def missing(cls) -> str | None:
        return None

    def load(self, tick: object = None) -> None:
        self.said = []

    def say(self, text: str, manner: Manner, tick) -> Iterator[Speech]:
        self.said.append(text)
        yield Speech(np.full(160, 0.1, np.float32), 16_000, text=text)


def no_tick() -> None:
    pass


def say(chain: Chain, text: str, language: str = "en") -> list[Speech]:
    return list(chain.say(text, Manner(language=language), no_tick))


def test_a_voice_of_the_user_s_own_is_not_given_a_lone_word() -> None:
    """Such a network loses itself in very short texts."""
    own, other = OwnVoice("anna", VoiceCraftWish()), Voice("other")
    chunks = say(Chain([own, other], "anna"), "Is it a dog? Yes. It sleeps in the sun.")
    assert own.said == ["Is it a dog? Yes.", "It sleeps in the sun."]
    assert [(chunk.sentence, chunk.text) for chunk in chunks] == [
        (0, "Is it a dog? Yes."),
        (2, "It sleeps in the sun."),
    ]
    chain = Chain([other])
    say(chain, "Is it a dog? Yes.")
    assert other.said == ["Is it a dog?", "Yes."]


def test_the_first_voice_speaks_and_no_other_is_loaded() -> None:
    first, second = Voice("first"), Voice("second")
    chain = Chain([first, second])
    assert (first.loads, second.loads) == (0, 0)
    chunks = say(chain, "It costs $5. Two dogs.")
    assert first.said == ["It costs five dollars.", "Two dogs."]
    assert [(chunk.sentence, chunk.text) for chunk in chunks] == [
        (0, "It costs $5."),
        (1, "Two dogs."),
    ]
    assert second.loads == 0
    assert chain.take_used() == ("first",)
    assert chain.take_used() == ()
    assert chain.take_notices() == ()


def test_the_preferred_voice_comes_first() -> None:
    first, second = Voice("first"), Voice("second")
    say(Chain([first, second], "second"), "Hello.")
    assert second.said == ["Hello."]
    assert first.said == []


def test_rate_and_seed_reach_the_voice() -> None:
    voice = Voice("a")
    list(Chain([voice]).say("Hello.", Manner(2.5, 7, "en-GB"), no_tick))
    assert voice.manners == [Manner(2.5, 7, "en")]


@pytest.mark.parametrize("how", [{"absent": "Not installed."}, {"cannot_load": True}])
def test_a_preferred_voice_that_is_missing_is_told_once_and_replaced(how) -> None:
    first, second = Voice("first", **how), Voice("second")
    chain = Chain([first, second], "first")
    say(chain, "Hello.")
    assert second.said[-1] == "Hello."
    assert "Voice first failed; using second." in second.said
    assert len(second.said) > 2  # and why
    notices = chain.take_notices()
    assert notices[-1] == "Voice first failed; using second."
    assert notices[0].startswith("Voice missing: first.")
    second.said.clear()
    say(chain, "Again.")
    assert second.said == ["Again."]
    assert chain.take_notices() == ()
    assert first.loads <= 1


@pytest.mark.parametrize("is_found_late", [False, True])
@pytest.mark.parametrize(
    "error",
    [
        VoiceDamaged("cut", name="model", reason="it ends before tensor x does"),
        VoicePromptDamaged("the sum of the sound is wrong", name="first"),
    ],
)
def test_why_a_voice_is_damaged_and_what_to_do_is_told_once(error, is_found_late) -> None:
    class Damaged(Voice):
        def load(self, tick: object = None) -> None:
            if not is_found_late:
                raise error

        def say(self, text: str, manner: Manner, tick) -> Iterator[Speech]:
            raise error
            yield

    second = Voice("second")
    chain = Chain([Damaged("first"), second], "first")
    say(chain, "Hello there. Two dogs play.")
    fell = "Voice first failed; using second."
    assert chain.take_notices() == (error.spoken, fell)
    told = " ".join(second.said)
    as_heard = error.spoken.replace("--replace", "dash dash replace")
    assert told == f"{as_heard} {fell} Hello there. Two dogs play."


def test_a_missing_voice_nobody_asked_for_is_not_spoken_about() -> None:
    first, second = Voice("first", absent="Not installed."), Voice("second")
    chain = Chain([first, second], "second")
    say(chain, "Hello.")
    assert second.said == ["Hello."]
    assert chain.take_notices() == ()


def test_a_voice_is_not_loaded_for_a_language_that_it_does_not_know() -> None:
    mine, other = Voice("mine", "en", cannot_load=True), Voice("other", "es", "en")
    chain = Chain([other, mine], "mine")
    say(chain, "Hola.", "es")
    assert (mine.loads, other.said) == (0, ["Hola."])
    assert chain.take_notices() == ()
    say(chain, "Hello.")
    assert mine.loads == 1
    (missing, fell) = chain.take_notices()
    assert missing == "Voice missing: mine. Install it."
    assert "other" in fell


def test_an_unknown_voice_is_told_and_replaced() -> None:
    voice = Voice("first")
    chain = Chain([voice], "frist")
    say(chain, "Hello.")
    assert chain.take_notices() == ("Voice missing: frist. Choose one of: first.",)
    assert voice.said[-1] == "Hello."


def test_a_voice_that_fails_while_speaking_is_replaced_for_that_piece() -> None:
    first, second = Voice("first", fails_at="bad"), Voice("second")
    chain = Chain([first, second], "first")
    chunks = say(chain, "Good one. A bad one. Good again. Also bad.")
    assert first.said == ["Good one.", "Good again."]
    assert second.said == ["Voice first failed; using second.", "A bad one.", "Also bad."]
    assert [chunk.sentence for chunk in chunks] == [0, 1, 1, 2, 3]
    assert chain.take_used() == ("first", "second")
    assert chain.take_notices() == ("Voice first failed; using second.",)


@pytest.mark.parametrize("is_kept", [False, True])
def test_what_a_voice_said_before_it_failed_is_not_in_a_file(is_kept: bool) -> None:
    """Another one says the whole of it again."""

    class BreaksOff(Voice):
        def say(self, text: str, manner: Manner, tick) -> Iterator[Speech]:
            yield Speech(np.full(100, 0.1, np.float32), 8000, text=text)
            raise SpeakError("in the middle", name=self.name)

    chain = Chain([BreaksOff("first"), Voice("second")])
    chunks = list(chain.say("Two dogs.", Manner(is_kept=is_kept), no_tick))
    broken = [] if is_kept else [8000]
    assert [chunk.rate_hz for chunk in chunks] == [*broken, 24_000, 24_000]
    assert [chunk.text for chunk in chunks if chunk.text] == ["Two dogs."]


def test_a_text_that_breaks_every_voice_is_at_least_mentioned() -> None:
    voice = Voice("a", fails_at="bad")
    say(Chain([voice]), "Good. This is bad.")
    assert voice.said == ["Good.", "text in English, nine characters"]


# --- sentences of our own ---

TIBETAN = "The dog runs home. བོད་སྐད་ཡིག The cat sleeps now here."


def test_a_voice_that_fails_at_a_sentence_of_ours_is_replaced_for_it() -> None:
    first, second = Voice("first", fails_at="Tibetan"), Voice("second")
    chain = Chain([first, second], "first")
    chunks = say(chain, TIBETAN)
    assert first.said == ["The dog runs home.", "The cat sleeps now here."]
    assert second.said == ["Voice first failed; using second.", "text in Tibetan, six characters"]
    shown = TIBETAN.partition(". ")[2]
    assert [(chunk.sentence, chunk.text) for chunk in chunks] == [
        (0, "The dog runs home."), (1, ""), (1, shown), (1, ""),
    ]  # fmt: skip
    assert chain.take_used() == ("first", "second")
    assert chain.take_notices() == ("Voice first failed; using second.",)


def test_a_notice_that_the_voice_fails_at_is_said_by_another() -> None:
    first, second = Voice("first", fails_at="gone"), Voice("second")
    chain = Chain([Voice("gone", cannot_load=True), first, second], "gone")
    say(chain, "Two dogs.")
    assert second.said == [
        "Voice first failed; using second.",
        "Voice missing: gone.",
        "Voice gone failed; using first.",
    ]
    assert first.said == ["Install it.", "Two dogs."]


def test_a_notice_that_nobody_can_say_does_not_keep_the_text_away() -> None:
    first, second = (Voice(name, fails_at="gone") for name in ("first", "second"))
    chain = Chain([Voice("gone", cannot_load=True), first, second], "gone")
    say(chain, "Two dogs.")
    assert first.said == ["Install it.", "Two dogs."]
    assert "Voice gone failed; using first." in chain.take_notices()


def test_of_a_notice_with_a_name_that_nobody_can_read_the_rest_is_said() -> None:
    class English(Voice):
        def can_say(self, text: str, language: str) -> bool:
            return language == "en" and text.isascii()

        def say(self, text: str, manner: Manner, tick) -> Iterator[Speech]:
            assert text.isascii()
            return super().say(text, manner, tick)

    voice = English("first")
    chain = Chain([Voice("Ирина", cannot_load=True), voice], "Ирина")
    say(chain, "Two dogs.")
    assert voice.said[-3:] == ["Voice", "failed; using first.", "Two dogs."]


def test_a_text_that_nobody_can_read_or_name_gives_the_sign_and_an_error() -> None:
    chain = Chain([Voice(name, fails_at="Tibetan") for name in ("first", "second")])
    chunks: list[Speech] = []
    with pytest.raises(SpeakError):
        chunks.extend(chain.say(TIBETAN, Manner(), no_tick))
    assert np.abs(chunks[-1].samples).max() > 0.01
    assert len(chunks[-1].samples) > 240
    assert "no other voice works" in chain.take_notices()[-1]


def test_each_script_goes_to_a_voice_that_reads_it() -> None:
    english, all_of_them = Voice("english"), Voice("all", "en", "zh", "ru")
    chain = Chain([english, all_of_them])
    chunks = say(chain, "The sign 出口 and Привет here.")
    assert english.said == ["The sign", "and", "here."]
    assert all_of_them.said == ["出口", "Привет"]
    assert [manner.language for manner in all_of_them.manners] == ["zh", "ru"]
    assert {chunk.sentence for chunk in chunks} == {0}
    assert chain.take_used() == ("english", "all")


def test_a_script_nobody_reads_is_named_with_its_length() -> None:
    voice = Voice("a")
    chain = Chain([voice])
    say(chain, "The sign 出口 here.")
    assert voice.said == ["The sign", "text in Chinese, two characters", "here."]
    voice.said.clear()
    say(chain, "出口。入口。")
    assert voice.said == ["text in Chinese, four characters"]
    voice.said.clear()
    say(chain, "ⵜⵉⴼ")
    assert voice.said == ["text in an unknown script, three characters"]


def test_a_language_nobody_speaks_is_read_in_english_and_said_once() -> None:
    voice = Voice("a")
    chain = Chain([voice])
    say(chain, "Hola.", "es")
    say(chain, "Adiós.", "es")
    assert voice.said == [
        "No voice for Spanish; it is read as if it were English.",
        "Hola.",
        "Adiós.",
    ]
    assert len(chain.take_notices()) == 1


@pytest.fixture
def spanish_program() -> Iterator[None]:
    """The program's own sentences are Spanish."""
    strings.use_language("es", paths.resources() / "locale")
    yield
    strings.use_language("en", paths.resources() / "locale")


@pytest.mark.usefixtures("spanish_program")
def test_a_voice_that_knows_no_spanish_tells_its_notices_in_english() -> None:
    broken, voice = Voice("broken", fails_at="bad"), Voice("a")
    chain = Chain([Voice("gone", absent="Install it."), broken, voice], "gone")
    say(chain, "Hola.", "es")
    say(chain, "The bad sign 出口.")
    assert broken.said == [
        "Voice missing: gone.",
        "Install it.",
        "Voice gone failed; using broken.",
        "No voice for Spanish; it is read as if it were English.",
        "Hola.",
        "text in Chinese, two characters",
    ]
    assert voice.said == ["Voice broken failed; using a.", "The bad sign"]
    shown = chain.take_notices()
    assert len(shown) == 4
    assert "español" in shown[2], "what is shown stays in the program's language"


@pytest.mark.usefixtures("spanish_program")
def test_a_voice_that_knows_spanish_tells_its_notices_in_spanish() -> None:
    voice = Voice("a", "es")
    chain = Chain([Voice("gone", "es", absent="Se instala así."), voice], "gone")
    say(chain, "Hola.", "es")
    assert " ".join(voice.said[:-1]) == " ".join(chain.take_notices())
    assert "Falló la voz gone; se usa a." in voice.said
    assert {manner.language for manner in voice.manners} == {"es"}


def test_the_language_decides_who_leads() -> None:
    english, spanish = Voice("english"), Voice("spanish", "es")
    say(Chain([english, spanish], "english"), "Hola a 5 km.", "es")
    assert spanish.said == ["Hola a cinco kilómetros."]
    assert english.said == []


def test_two_kinds_of_output_never_sound_at_once() -> None:
    ours, own = Voice("ours"), Voice("own", "en", "zh", plays_itself=True)
    say(Chain([ours, own]), "The sign 出口 here.")
    assert own.said == []
    assert ours.said[1] == "text in Chinese, two characters"
    chain = Chain([ours, own], "own")
    assert say(chain, "The sign 出口 here.") == []
    assert own.said == ["The sign", "出口", "here."]
    assert chain.take_used() == ("own",)


def test_a_voice_that_finds_no_sound_device_is_not_asked_again() -> None:
    """It waits for seconds before it gives up."""
    asked: list[str] = []

    class Unheard(Voice):
        def say(self, text: str, manner: Manner, tick) -> Iterator[Speech]:
            asked.append(text)
            raise NoSoundDevice
            yield

    chain = Chain([Unheard("own", plays_itself=True)], "own")
    with pytest.raises(NoSoundDevice):
        list(chain.say("Hello. Again.", Manner(), no_tick))
    assert asked == ["Hello."]
    assert chain.take_notices() == ()


def test_when_no_voice_works_there_is_a_sign_and_an_error() -> None:
    chain = Chain([Voice("a", cannot_load=True), Voice("b", absent="No.")], "a")
    speaking = chain.say("Hello.", Manner(), no_tick)
    chunks = [next(speaking)]
    with pytest.raises(VoiceMissing):
        next(speaking)
    assert np.abs(chunks[0].samples).max() > 0.01
    assert chain.take_notices() == (
        "Voice a failed, and no other voice works. The text is shown instead.",
    )
    with pytest.raises(SpeakError):
        list(Chain([]).say("Hello.", Manner(), no_tick))


def test_chosen_silence_is_silent_and_loads_nothing() -> None:
    voice = Voice("a")
    chain = Chain([voice], "silence")
    chain.load()
    assert say(chain, "Hello.") == []
    assert chain.take_used() == ("silence",)
    assert voice.loads == 0


def test_nothing_to_say_is_no_failure() -> None:
    chain = Chain([Voice("a", cannot_load=True)])
    assert say(chain, " \u200b\n") == []


def test_cancel_ends_it_between_pieces() -> None:
    voice = Voice("a")
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks > 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(Chain([voice]).say("One. Two. Three.", Manner(), tick))
    assert voice.said == ["One."]


def test_load_makes_ready_and_unload_gives_back() -> None:
    voice = Voice("a")
    chain = Chain([voice])
    chain.load("en")
    assert voice.loads == 1
    chain.unload()
    say(chain, "Hello.")
    assert voice.loads == 2


def test_known_voices_are_in_fallback_order() -> None:
    assert list(known()) == ["hibari", "espeak", "system", "silence"]
    for voice in known().values():
        assert strings.say(voice.label)
        assert voice.missing() is None or isinstance(voice.missing(), str)


def test_making_the_chain_loads_nothing() -> None:
    chain = make_chain("hibari")
    assert chain.take_used() == ()


def test_silence_offers_what_a_voice_offers() -> None:
    voice = silence.SilenceVoice()
    voice.load()
    assert voice.missing() is None
    assert voice.can_say("出口", "zh")
    assert list(voice.say("Hello.", Manner(), no_tick)) == []
    voice.unload()
