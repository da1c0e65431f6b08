"""Writes a tiny CoCa to disk, in open_clip's layout, that knows one caption."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from imagecraft_desktop.nets.captioners.coca import Coca, read_sizes
from tests.golden import IMAGECRAFT

GOLDEN = IMAGECRAFT / "coca"
CONFIG = json.loads((GOLDEN / "open_clip_config.json").read_text("utf-8"))
BEGIN, END = "<|startoftext|>", "<|endoftext|>"
WORDS = [f"{word}</w>" for word in "a dog runs in the street , and man 's hat .".split()]  # noqa: SIM905
CAPTION = [0, 1, 8, 9, 10, 2, 6, 7, 3, 4, 5, 11]
STEPS = 80


def write_tokenizer(folder: Path) -> Tokenizer:
    """tokenizer.json as CLIP's: the vocabulary of the golden network, its end of words, its signs."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    filling = [f"[{number}]" for number in range(498 - len(WORDS) - len(letters))]
    names = [*WORDS, *letters, *filling, BEGIN, END]
    vocabulary = {name: number for number, name in enumerate(names)}
    made = Tokenizer(models.BPE(vocabulary, [], end_of_word_suffix="</w>"))
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([BEGIN, END])
    made.save(str(folder / "tokenizer.json"))
    return made


def write_golden(folder: Path) -> Path:
    """The network of the golden data, with a tokenizer."""
    folder.mkdir()
    for name in ("open_clip_config.json", "open_clip_model.safetensors"):
        shutil.copy(GOLDEN / name, folder / name)
    write_tokenizer(folder)
    return folder


def write_coca(folder: Path) -> Path:
    """One that says "A dog's ...", whatever the picture, in the files of the published folder."""
    folder.mkdir()
    tokenizer = write_tokenizer(folder)
    (folder / "open_clip_config.json").write_text(json.dumps(CONFIG))
    torch.manual_seed(0)
    network = Coca(read_sizes(CONFIG))
    for name, tensor in network.named_parameters():
        is_scale = "ln_" in name and name.endswith("weight")
        torch.nn.init.constant_(tensor, 1) if is_scale else torch.nn.init.normal_(tensor, std=0.1)
    start, end = tokenizer.token_to_id(BEGIN), tokenizer.token_to_id(END)
    given, wanted = torch.tensor([[start, *CAPTION]]), torch.tensor([*CAPTION, end])
    best = torch.optim.Adam(network.parameters(), lr=1e-2)
    for _ in range(STEPS):
        text = network.begin(network.look(torch.randn(1, 3, 64, 64)))
        torch.nn.functional.cross_entropy(network(given, text)[0], wanted).backward()
        best.step()
        best.zero_grad()
    save_file(network.state_dict(), folder / "open_clip_pytorch_model.safetensors")
    return folder
