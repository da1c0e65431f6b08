"""The sizes and special ids of a VoiceCraft checkpoint, read from its own configuration.

Source: the facts in Peng et al., "VoiceCraft", arXiv 2403.16973, and the published checkpoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MOST_FRAMES_HZ = 1000
"""No tensor contradicts this size, and memory for an utterance is taken by it; codecs have 12 to 90."""


class BadConfig(ValueError):
    """The configuration lacks a value or contradicts itself; the text names the key."""


@dataclass(frozen=True)
class Config:
    """What inference needs to know; every training-only key is left out.

    Attributes:
        n_codebooks: Codebooks of the codec, K.
        n_codes: Codes of each codebook, V; the ids from here on are special.
        n_classes: Rows of an audio embedding and outputs of a head, V' = V + special ids.
        empty: Filler of the delay pattern.
        eog: End of a generated span.
        eos: End of an utterance; None where the checkpoint has none.
        frames_hz: Codec frames in a second.
        n_text_rows: Rows of the text embedding.
        n_spans: Rows of the mask embedding: the most spans that can be edited at once.
        has_one_end: Editing: only the last kept segment has an end column.
        phn2num: Text symbols and their ids.
    """

    n_codebooks: int
    n_codes: int
    n_classes: int
    empty: int
    eog: int
    eos: int | None
    frames_hz: int
    d_model: int
    n_heads: int
    n_layers: int
    n_text_rows: int
    n_spans: int
    has_one_end: bool
    phn2num: dict[str, int]

    @property
    def end(self) -> int:
        """The id that ends an utterance."""
        return self.eog if self.eos is None else self.eos

    @property
    def d_head(self) -> int:
        return self.d_model // self.n_heads


def read_config(given: Mapping[str, Any]) -> Config:
    """Take the values of a checkpoint's flat mapping; keys that are not known are ignored.

    Raises:
        BadConfig: With the key that is missing or wrong.
    """

    def number(key: str, default: int | None = None) -> int:
        value = given.get(key)
        if value is None:
            value = default
        if value is None:
            raise BadConfig(f"{key} is missing")
        return _whole(value, key)

    n_codes = number("audio_vocab_size")
    n_special = number("n_special", 0) or 3
    eos = number("eos", -1)
    phn2num = given.get("phn2num")
    if not isinstance(phn2num, Mapping) or not phn2num:
        raise BadConfig("phn2num is missing")
    config = Config(
        n_codebooks=number("n_codebooks"),
        n_codes=n_codes,
        n_classes=n_codes + n_special,
        empty=number("empty_token"),
        eog=number("eog"),
        eos=eos if eos > 0 else None,
        frames_hz=number("encodec_sr"),
        d_model=number("d_model"),
        n_heads=number("nhead"),
        n_layers=number("num_decoder_layers"),
        n_text_rows=number("text_vocab_size") + 1,
        n_spans=number("max_n_spans", 3),
        has_one_end=bool(number("reduced_eog", 0)),
        phn2num={str(one): _whole(place, "phn2num") for one, place in phn2num.items()},
    )
    _check(config, given)
    return config


def _whole(value: Any, key: str) -> int:
    """The published files have some numbers as strings."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadConfig(f"{key} is no whole number") from error
    if isinstance(value, float) and value != number:
        raise BadConfig(f"{key} is no whole number")
    return number


def _check(config: Config, given: Mapping[str, Any]) -> None:
    if _whole(given.get("special_first") or 0, "special_first"):
        raise BadConfig("special_first is on, which no published checkpoint has")
    for key, number, least in (
        ("n_codebooks", config.n_codebooks, 1),
        ("audio_vocab_size", config.n_codes, 2),
        ("encodec_sr", config.frames_hz, 1),
        ("d_model", config.d_model, 1),
        ("nhead", config.n_heads, 1),
        ("num_decoder_layers", config.n_layers, 1),
    ):
        if number < least:
            raise BadConfig(f"{key} is below {least}")
    if config.frames_hz > _MOST_FRAMES_HZ:
        raise BadConfig(f"encodec_sr is above {_MOST_FRAMES_HZ}")
    if config.d_model % config.n_heads or config.d_model % 2:
        raise BadConfig("d_model cannot be shared among the heads")
    for key, place in (
        ("empty_token", config.empty),
        ("eog", config.eog),
        ("eos", config.eos),
    ):
        if place is not None and not config.n_codes <= place < config.n_classes:
            raise BadConfig(f"{key} is not among the special ids")
    if not all(0 <= place < config.n_text_rows for place in config.phn2num.values()):
        raise BadConfig("phn2num has an id that the text embedding lacks")
