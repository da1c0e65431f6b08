"""Writes tiny PaliGemmas to disk, in the layout of the published folders; they can be taught answers."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import PaliGemmaConfig, PaliGemmaForConditionalGeneration

from tests.golden import IMAGECRAFT
from tests.unit.describe.tiny import padded, write_preprocessor

STEPS = 150
LEARNED = 0.2
"""Mean loss of a token with which every answer is known."""
EDGE, PATCH = 28, 14
PLACES = (EDGE // PATCH) ** 2
HALF = [0.5, 0.5, 0.5]
TAUGHT = {
    "caption en\n": "a dog on a beach",
    "caption es\n": "un perro en la playa",
    "describe en\n": "The dog sits. It is near the ring.",
    "describe es\n": "El perro duerme. La red es roja.",
    "describe no\n": "Hunden sover.",
    "answer en What is it?\n": "dog",
    "answer en Where?\n": "on the beach",
    "answer es What is it?\n": "perro",
}
"""What a taught network answers to each prompt, whatever the picture."""
_TEXT = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 32,
}
_GEMMA_2 = {
    "model_type": "gemma2",
    "query_pre_attn_scalar": 32,
    "sliding_window": 4096,
    "layer_types": ["sliding_attention", "full_attention"],
    "attn_logit_softcapping": 50.0,
    "final_logit_softcapping": 30.0,
}
_VISION = {
    "model_type": "siglip_vision_model",
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": EDGE,
    "patch_size": PATCH,
    "vision_use_head": False,
}


def write_paligemma(
    folder: Path,
    taught: Mapping[str, str] | None = None,
    *,
    is_second: bool = False,
    words_of: Path = IMAGECRAFT / "checkpoint",
) -> Path:
    """In the layout of google/paligemma-3b-mix-224.

    Args:
        taught: Answers by their prompts; None for a network that has learned nothing.
        is_second: In that of google/paligemma2-3b-mix-224.
        words_of: The folder from which its tokenizer.json comes.
    """
    folder.mkdir(parents=True)
    shutil.copy(words_of / "tokenizer.json", folder)
    words = Tokenizer.from_file(str(folder / "tokenizer.json"))
    write_preprocessor(
        folder,
        image_processor_type="SiglipImageProcessor",
        image_mean=HALF,
        image_std=HALF,
        size={"height": EDGE, "width": EDGE},
        image_seq_length=PLACES,
    )
    size = words.get_vocab_size()
    ends = {"bos_token_id": 2, "eos_token_id": 1, "pad_token_id": 0}
    kind = _GEMMA_2 if is_second else {"model_type": "gemma"}
    config = PaliGemmaConfig(
        text_config={**_TEXT, **kind, "vocab_size": size, **ends},
        vision_config=_VISION,
        image_token_index=words.token_to_id("<image>"),
        projection_dim=64,
        hidden_size=64,
        vocab_size=size,
        **ends,
    )
    torch.manual_seed(0)
    network = PaliGemmaForConditionalGeneration(config)
    if taught:
        _teach(network, words, taught)
    network.save_pretrained(folder)
    return folder


def _teach(
    network: PaliGemmaForConditionalGeneration, words: Tokenizer, taught: Mapping[str, str]
) -> None:
    """Have it know the answers, and see nothing of the picture."""
    places = [words.token_to_id("<image>")] * PLACES + [words.token_to_id("<bos>")]
    pairs = [
        (
            places + words.encode(asked, add_special_tokens=False).ids,
            [*words.encode(answer, add_special_tokens=False).ids, words.token_to_id("<eos>")],
        )
        for asked, answer in taught.items()
    ]
    blind = network.model.multi_modal_projector.requires_grad_(False)
    blind.linear.weight.zero_()
    network.model.vision_tower.requires_grad_(False)
    best = torch.optim.Adam(network.parameters(), lr=1e-2)
    labels = padded([[-100] * len(prompt) + answer for prompt, answer in pairs], -100)
    given = {
        "input_ids": padded([prompt + answer for prompt, answer in pairs], 0),
        "attention_mask": padded([[1] * len(prompt + answer) for prompt, answer in pairs], 0),
        "token_type_ids": padded(
            [[0] * len(prompt) + [1] * len(answer) for prompt, answer in pairs], 1
        ),
        "pixel_values": torch.zeros(len(pairs), 3, EDGE, EDGE),
        "labels": labels,
    }
    counts = (labels[:, 1:] != -100).sum(1)
    for _ in range(STEPS):
        logits = network(**given).logits[:, :-1].float()
        each = functional.cross_entropy(logits.mT, labels[:, 1:], reduction="none").sum(1) / counts
        each.sum().backward()
        worst = each.max().item()
        if worst < LEARNED:
            return
        best.step()
        best.zero_grad()
    raise RuntimeError(f"not learned: {worst}")
