"""Writes tiny networks with random weights to disk, in the layout of the published folders."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import BlipConfig, BlipForConditionalGeneration, GitConfig, GitForCausalLM

WORDS = "a dog cat man red blue on in the of grass street ##s sits runs".split()  # noqa: SIM905
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
MEAN = [0.48145466, 0.4578275, 0.40821073]
DEVIATION = [0.26862954, 0.26130258, 0.27577711]


def write_bert_tokenizer(folder: Path, *more: str) -> dict[str, int]:
    """tokenizer.json as BERT's; the numbers of its words."""
    vocabulary = {word: number for number, word in enumerate([*SPECIAL, *WORDS, *more])}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    made.add_special_tokens([*SPECIAL, *more])
    made.save(str(folder / "tokenizer.json"))
    return vocabulary


def padded(rows: list[list[int]], filling: int) -> torch.Tensor:
    """All as long as the longest."""
    longest = max(map(len, rows))
    return torch.tensor([row + [filling] * (longest - len(row)) for row in rows])


def write_preprocessor(folder: Path, **differences: object) -> None:
    given = {
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": MEAN,
        "image_std": DEVIATION,
        "resample": 3,
        "rescale_factor": 1 / 255,
        "size": {"height": 32, "width": 32},
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(given | differences))


def write_blip(folder: Path, *, inner: int = 64, layers: int = 2, edge: int = 0) -> Path:
    """A BLIP in the layout of Salesforce/blip-image-captioning-base.

    Args:
        inner: Width inside its layers.
        edge: Of the picture that it takes; 0 for 32, which the preprocessor need not be told.
    """
    folder.mkdir()
    words = write_bert_tokenizer(folder, "[DEC]", "[ENC]")
    told = {"size": {"height": edge, "width": edge}} if edge else {}
    write_preprocessor(folder, image_processor_type="BlipImageProcessor", **told)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": inner, "num_attention_heads": 2}
    config = BlipConfig(
        text_config={
            **sizes,
            "num_hidden_layers": layers,
            "vocab_size": len(words),
            "encoder_hidden_size": 32,
            "bos_token_id": words["[DEC]"],
            "sep_token_id": words["[SEP]"],
            "eos_token_id": words["[SEP]"],
            "pad_token_id": words["[PAD]"],
        },
        vision_config={
            **sizes,
            "num_hidden_layers": layers,
            "image_size": edge or 32,
            "patch_size": 8,
        },
        projection_dim=32,
    )
    BlipForConditionalGeneration(config).save_pretrained(folder)
    return folder


def write_git(folder: Path) -> Path:
    """A GIT in the layout of microsoft/git-base-coco."""
    folder.mkdir()
    words = write_bert_tokenizer(folder)
    write_preprocessor(
        folder,
        image_processor_type="CLIPImageProcessor",
        size={"shortest_edge": 32},
        do_center_crop=True,
        crop_size={"height": 32, "width": 32},
    )
    torch.manual_seed(0)
    narrow = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 2}
    config = GitConfig(
        **narrow,
        num_hidden_layers=2,
        vocab_size=len(words),
        bos_token_id=words["[CLS]"],
        eos_token_id=words["[SEP]"],
        pad_token_id=words["[PAD]"],
        vision_config={**narrow, "num_hidden_layers": 2, "image_size": 32, "patch_size": 8},
    )
    GitForCausalLM(config).save_pretrained(folder)
    return folder
