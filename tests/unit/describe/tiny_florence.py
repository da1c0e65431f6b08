"""Writes a tiny Florence-2 with random weights to disk, in the layout of the published folders."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import Florence2Config, Florence2ForConditionalGeneration, GenerationConfig

from tests.unit.describe.tiny import padded, write_preprocessor

STEPS = 60
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
PIECES = "\u0120a \u0120dog \u0120man \u0120The \u0120It \u0120sits \u0120runs . \u0120in \u0120the \u0120street EX IT TO".split()  # noqa: SIM905
"""A blank is written as BART's tokenizer writes it."""


def write_tokenizer(folder: Path) -> Tokenizer:
    """tokenizer.json as BART's with the places of Florence-2."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    names = [*SPECIAL, *letters, *(piece for piece in PIECES if piece not in letters)]
    vocabulary = {name: number for number, name in enumerate(names)}
    made = Tokenizer(models.BPE(vocabulary, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    places = [f"<loc_{number}>" for number in range(1000)]
    made.add_special_tokens([*SPECIAL, *places, "<image>"])
    made.save(str(folder / "tokenizer.json"))
    return made


TAUGHT = {
    "What does the image describe?": "\u0120a \u0120dog",
    "Describe in detail what is shown in the image.": "\u0120The \u0120dog \u0120sits . \u0120It \u0120runs .",
    "Describe with a paragraph what is shown in the image.": (
        "\u0120The \u0120dog \u0120sits \u0120in \u0120the \u0120street . \u0120The \u0120man \u0120runs . \u0120It \u0120sits ."
    ),
    "What is the text in the image, with regions?": (
        "EX IT <loc_100> <loc_200> <loc_500> <loc_201> <loc_501> <loc_400> <loc_101> <loc_401> "
        "TO \u0120the \u0120street <loc_0> <loc_600> <loc_999> <loc_602> <loc_998> <loc_900> <loc_1> <loc_901>"
    ),
}
"""What a taught network answers, in pieces, to each of the sentences that it is asked."""


def teach(network: Florence2ForConditionalGeneration, tokenizer: Tokenizer) -> None:
    """Have it know the answers, whatever the picture."""
    pad = tokenizer.token_to_id("<pad>")
    asked = [tokenizer.encode("<image>" * 5 + f"<s>{each}</s>").ids for each in TAUGHT]
    answers = [
        [tokenizer.token_to_id(piece) for piece in ["<s>", *each.split(), "</s>"]]
        for each in TAUGHT.values()
    ]
    prompts, labels = padded(asked, pad), padded(answers, -100)
    torch.manual_seed(0)
    network.eval()  # nothing is dropped
    network.model.vision_tower.requires_grad_(False)
    best = torch.optim.Adam(network.parameters(), lr=1e-2)
    for _ in range(STEPS):
        loss = network(
            input_ids=prompts,
            attention_mask=(prompts != pad).long(),
            pixel_values=torch.randn(len(TAUGHT), 3, 64, 64),
            labels=labels,
        ).loss
        loss.backward()
        best.step()
        best.zero_grad()


def write_florence(folder: Path, is_taught: bool = False) -> Path:
    """A Florence-2 in the layout of florence-community/Florence-2-base."""
    folder.mkdir()
    tokenizer = write_tokenizer(folder)
    words = tokenizer.get_vocab()
    write_preprocessor(
        folder,
        image_processor_type="CLIPImageProcessor",
        image_mean=[0.485, 0.456, 0.406],
        image_std=[0.229, 0.224, 0.225],
        size={"height": 64, "width": 64},
        crop_size={"height": 64, "width": 64},
        do_center_crop=False,
        image_seq_length=5,
    )
    torch.manual_seed(0)
    numbers = {
        "bos_token_id": words["<s>"],
        "pad_token_id": words["<pad>"],
        "eos_token_id": words["</s>"],
        "decoder_start_token_id": words["</s>"],
    }
    config = Florence2Config(
        vision_config={
            "depths": (1, 1, 1, 1),
            "embed_dim": (8, 8, 16, 16),
            "num_heads": (1, 1, 2, 2),
            "num_groups": (1, 1, 2, 2),
            "window_size": 4,
            "projection_dim": 32,
        },
        text_config={
            **numbers,
            "model_type": "bart",
            "vocab_size": len(words),
            "d_model": 32,
            "encoder_layers": 2,
            "decoder_layers": 2,
            "encoder_attention_heads": 2,
            "decoder_attention_heads": 2,
            "encoder_ffn_dim": 64,
            "decoder_ffn_dim": 64,
            "max_position_embeddings": 1100,
        },
        image_token_id=words["<image>"],
        **numbers,
    )
    network = Florence2ForConditionalGeneration(config)
    if is_taught:
        teach(network, tokenizer)
    network.generation_config = GenerationConfig(
        **numbers,
        forced_bos_token_id=words["<s>"],
        forced_eos_token_id=words["</s>"],
        no_repeat_ngram_size=3,
        num_beams=3,
        early_stopping=True,
    )
    network.save_pretrained(folder)
    return folder
