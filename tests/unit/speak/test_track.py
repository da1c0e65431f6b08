from __future__ import annotations

import pytest

from imagecraft_desktop.speak.track import KEPT_S, Track

RATE_HZ = 1000
SECOND = 2 * RATE_HZ


def sound(letter: str, seconds: float = 2.0) -> bytes:
    return letter.encode() * int(seconds * SECOND)


def make_track(letters: str = "abc", seconds: float = 2.0) -> Track:
    track = Track(RATE_HZ)
    for number, letter in enumerate(letters):
        track.add(sound(letter, seconds), number)
    return track


def heard(track: Track, size: int = 100) -> str:
    """The letters that come next, each once."""
    letters = ""
    while part := track.take(size):
        letters += part.decode()
    return "".join(dict.fromkeys(letters))


def test_everything_is_taken_once_in_order():
    track = make_track()
    taken = b""
    while part := track.take(333):
        taken += part
    assert taken == sound("a") + sound("b") + sound("c")
    assert not track.has_more
    assert track.taken_s == pytest.approx(6.0)


def test_place_and_rest_are_told_in_seconds():
    track = make_track()
    track.take(SECOND)
    assert (track.taken_s, track.ahead_s) == (1.0, 5.0)


def test_skip_goes_to_the_next_sentence():
    track = make_track()
    track.take(100)
    track.skip()
    assert heard(track) == "bc"


def test_skip_twice_goes_two_sentences_on():
    track = make_track()
    track.skip()
    track.skip()
    assert heard(track) == "c"


def test_skip_in_the_last_sentence_drops_what_still_comes_of_it_but_not_the_next():
    track = make_track("a")
    track.take(100)
    track.skip()
    track.add(sound("A"), 0)
    assert not track.has_more
    track.add(sound("b"), 1)
    assert heard(track) == "b"


def test_skipped_sound_is_kept_for_repeating():
    track = make_track("a")
    track.skip()
    track.add(sound("A"), 0)
    track.rewind()
    assert heard(track) == "aA"


def test_sentence_in_several_chunks_is_skipped_whole():
    track = Track(RATE_HZ)
    for letter, sentence in (("a", 0), ("A", 0), ("b", 1)):
        track.add(sound(letter), sentence)
    track.skip()
    assert heard(track) == "b"


def test_back_goes_to_the_start_of_a_sentence_that_has_run_for_a_while():
    track = make_track()
    track.take(SECOND * 4 - 100)  # at the end of the second
    track.back(0.1)
    assert heard(track) == "bc"


def test_back_goes_to_the_sentence_before_when_this_has_just_begun():
    track = make_track()
    track.take(SECOND * 2 + SECOND // 2)
    track.back(0.1)
    assert heard(track) == "abc"


def test_back_counts_from_what_was_heard_not_from_what_was_taken():
    track = make_track()
    track.take(SECOND * 2 + 10)  # the second sentence lies in the device's buffer, unheard
    track.back(0.1)
    assert heard(track) == "abc"


def test_back_at_the_beginning_starts_again():
    track = make_track()
    track.take(100)
    track.back(0.1)
    assert track.taken_s == 0.0


def test_lost_device_goes_on_from_the_start_of_the_sentence_that_was_heard():
    track = make_track()
    track.take(SECOND * 2 + SECOND // 2)
    track.restart_sentence(0.1)
    assert track.taken_s == 2.0
    track.take(10)
    track.restart_sentence(0.1)
    assert track.taken_s == 0.0, "the second sentence was taken, but not heard yet"


def test_moving_in_an_empty_track_does_nothing():
    track = Track(RATE_HZ)
    track.skip()
    track.back(0.1)
    track.restart_sentence(0.1)
    track.rewind()
    assert track.take(10) == b""


def test_memory_is_bounded_and_whole_sentences_are_forgotten():
    track = make_track("abcdef", seconds=KEPT_S / 2)
    track.take(int(SECOND * KEPT_S * 1.6))
    track.forget()
    assert track.taken_s == pytest.approx(KEPT_S * 1.6), "the place is told as before"
    track.rewind()
    assert heard(track, 1 << 16) == "bcdef", "the first lies more than ten minutes back"


def test_nothing_is_forgotten_of_a_short_utterance():
    track = make_track()
    track.take(SECOND * 6)
    track.forget()
    track.rewind()
    assert heard(track) == "abc"


def test_conversion_to_another_rate_keeps_place_and_sentences():
    track = make_track()
    track.take(SECOND * 3)
    track.convert(RATE_HZ * 2, lambda pcm: pcm + pcm)
    assert track.rate_hz == RATE_HZ * 2
    assert track.taken_s == pytest.approx(3.0)
    track.skip()
    assert heard(track) == "c"


def test_the_sentence_that_is_heard_is_told():
    track = Track(RATE_HZ)
    assert track.sentence_at(0.0) is None
    for number, letter in enumerate("abc", 4):
        track.add(sound(letter), number)
    assert track.sentence_at(0.0) == 4
    track.take(2 * SECOND)
    assert track.sentence_at(0.0) == 5
    assert track.sentence_at(0.5) == 4, "the start of it has not left the loudspeaker yet"
    track.take(5 * SECOND)
    assert track.sentence_at(0.0) == 6
