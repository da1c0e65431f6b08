"""Writes a tokenizer.json of the kind and the size of Gemma's, with words of random letters."""

from __future__ import annotations

import json
import random
from itertools import product
from pathlib import Path

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZáéíóúñäöü.,▁"
SPECIAL = ("<pad>", "<eos>", "<bos>", "<unk>", "<image>")


def write_large_words(folder: Path) -> int:
    """A vocabulary of all letters in ones, twos and threes, each three made in two ways; how many words it has."""
    twos = ["".join(pair) for pair in product(LETTERS, repeat=2)]
    threes = ["".join(letters) for letters in product(LETTERS, repeat=3)]
    bytes_ = [f"<0x{number:02X}>" for number in range(256)]
    merges = [[three[:2], three[2]] for three in threes]
    merges += [[three[0], three[1:]] for three in threes]
    chance = random.Random(0)
    chance.shuffle(merges)
    chance.shuffle(twos)
    words = [*SPECIAL, *bytes_, *LETTERS, *twos, *threes]
    added = [
        {
            "id": number,
            "content": word,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for number, word in enumerate(SPECIAL)
    ]
    made = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"String": " "},
            "behavior": "MergedWithPrevious",
            "invert": False,
        },
        "post_processor": None,
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>",
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "ignore_merges": False,
            "vocab": {word: number for number, word in enumerate(words)},
            "merges": [[two[0], two[1]] for two in twos] + merges,
        },
    }
    text = json.dumps(made, ensure_ascii=False, indent=2)
    (folder / "tokenizer.json").write_text(text, "utf-8")
    return len(words)
