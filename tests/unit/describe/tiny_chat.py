"""Writes tiny chat models with random weights to disk, in the layout of the published folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

HALF = [0.5, 0.5, 0.5]
NARROW = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
TEXT = {
    **NARROW,
    "num_key_value_heads": 1,
    "head_dim": 16,
    "max_position_embeddings": 4096,
    "initializer_range": 0.4,  # so that it does not write the same letter for ever
}
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% for part in message.content %}"
    "{% if part.type == 'image' %}IMAGE{% else %}{{ part.text }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
THINKS = CHATML.replace(
    "assistant\n{% endif %}",
    "assistant\n{% if enable_thinking is defined and enable_thinking is false %}"
    "<think>\n\n</think>\n\n{% else %}<think>\n{% endif %}{% endif %}",
)
SMOL = (
    "<|im_start|>{% for message in messages %}{{ message.role | capitalize }}"
    "{% if message.content[0].type == 'image' %}:{% else %}: {% endif %}"
    "{% for part in message.content %}"
    "{% if part.type == 'image' %}<image>{% else %}{{ part.text }}{% endif %}"
    "{% endfor %}<end_of_utterance>\n{% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}"
)
GEMMA = (
    "{{ bos_token }}{% for message in messages %}START"
    "{% if message.role == 'assistant' %}model{% else %}user{% endif %}{{ '\\n' }}"
    "{% for part in message.content %}"
    "{% if part.type == 'image' %}IMAGE{% else %}{{ part.text | trim }}{% endif %}"
    "{% endfor %}END\n{% endfor %}{% if add_generation_prompt %}STARTmodel\n{% endif %}"
)


def write_tokenizer(folder: Path, template: str, special: list[str], **more: Any) -> dict[str, int]:
    """tokenizer.json of letters, its settings and the chat template; the numbers of the signs."""
    letters = {letter: n for n, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    made = Tokenizer(models.BPE(letters, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(special)
    made.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", **more}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    (folder / "chat_template.jinja").write_text(template)
    return {word: made.token_to_id(word) for word in special}


def write_processor(folder: Path, kind: str, **settings: Any) -> None:
    given = {"image_processor_type": kind, "image_mean": HALF, "image_std": HALF, **settings}
    (folder / "preprocessor_config.json").write_text(json.dumps(given))


def save(folder: Path, network: str, config: Any, ends: list[int]) -> Path:
    torch.manual_seed(0)
    made = getattr(transformers, network)(config)
    made.generation_config.eos_token_id = ends
    made.save_pretrained(folder)
    return folder


def write_smolvlm(folder: Path, kind: str = "SmolVLM") -> Path:
    """In the layout of HuggingFaceTB/SmolVLM2-256M-Video-Instruct; Idefics3: SmolVLM-256M-Instruct."""
    folder.mkdir()
    signs = ["<|im_start|>", "<end_of_utterance>", "<fake_token_around_image>", "<global-img>"]
    words = write_tokenizer(folder, SMOL, [*signs, "<image>"])
    write_processor(
        folder,
        f"{kind}ImageProcessor",
        do_image_splitting=True,
        size={"longest_edge": 64},
        max_image_size={"longest_edge": 32},
    )
    made: Any = getattr(transformers, f"{kind}Config")
    config = made(
        text_config={
            "model_type": "llama",
            **TEXT,
            "vocab_size": 300,
            "pad_token_id": 0,
            "bos_token_id": words["<|im_start|>"],
            "eos_token_id": words["<end_of_utterance>"],
        },
        vision_config={**NARROW, "image_size": 32, "patch_size": 8},
        image_token_id=words["<image>"],
        scale_factor=2,
        pad_token_id=0,
    )
    return save(folder, f"{kind}ForConditionalGeneration", config, [words["<end_of_utterance>"]])


def write_idefics3(folder: Path) -> Path:
    return write_smolvlm(folder, "Idefics3")


QWEN = ["<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>"]
QWEN_VISION = {
    "depth": 2,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_heads": 2,
    "out_hidden_size": 32,
    "patch_size": 8,
    "spatial_merge_size": 2,
    "temporal_patch_size": 2,
    "num_position_embeddings": 16,
}


def _write_qwen(folder: Path, template: str) -> dict[str, int]:
    folder.mkdir()
    picture = "<|vision_start|><|image_pad|><|vision_end|>"
    words = write_tokenizer(
        folder, template.replace("IMAGE", picture), [*QWEN, "<|video_pad|>", "<think>", "</think>"]
    )
    write_processor(
        folder,
        "Qwen2VLImageProcessorFast",
        size={"shortest_edge": 16 * 16, "longest_edge": 64 * 64},
        patch_size=8,
        merge_size=2,
        temporal_patch_size=2,
    )
    return words


def _qwen_signs(words: dict[str, int]) -> dict[str, int]:
    return {
        "image_token_id": words["<|image_pad|>"],
        "video_token_id": words["<|video_pad|>"],
        "vision_start_token_id": words["<|vision_start|>"],
        "vision_end_token_id": words["<|vision_end|>"],
    }


def write_qwen3_vl(folder: Path) -> Path:
    """In the layout of Qwen/Qwen3-VL-2B-Instruct."""
    words = _write_qwen(folder, CHATML)
    config = transformers.Qwen3VLConfig(
        text_config={
            **TEXT,
            "vocab_size": 300,
            "rope_parameters": {
                "rope_type": "default",
                "mrope_section": [4, 2, 2],
                "rope_theta": 10000.0,
            },
        },
        vision_config={**QWEN_VISION, "deepstack_visual_indexes": [0, 1]},
        tie_word_embeddings=True,
        **_qwen_signs(words),
    )
    return save(folder, "Qwen3VLForConditionalGeneration", config, [words["<|im_end|>"]])


def write_qwen3_5(folder: Path) -> Path:
    """In the layout of Qwen/Qwen3.5-0.8B: layers of linear attention beside one of full attention."""
    words = _write_qwen(folder, THINKS)
    config = transformers.Qwen3_5Config(
        text_config={
            **TEXT,
            "vocab_size": 300,
            "layer_types": ["linear_attention", "full_attention"],
            "linear_num_key_heads": 2,
            "linear_num_value_heads": 2,
            "linear_key_head_dim": 16,
            "linear_value_head_dim": 16,
            "rope_parameters": {
                "rope_type": "default",
                "mrope_section": [2, 1, 1],
                "rope_theta": 10000.0,
                "partial_rotary_factor": 0.5,
            },
        },
        vision_config=QWEN_VISION,
        tie_word_embeddings=True,
        **_qwen_signs(words),
    )
    return save(folder, "Qwen3_5ForConditionalGeneration", config, [words["<|im_end|>"]])


def write_gemma3(folder: Path) -> Path:
    """In the layout of google/gemma-3-4b-it."""
    folder.mkdir()
    signs = ["<start_of_image>", "<end_of_image>", "<image_soft_token>"]
    turns = ["<bos>", "<start_of_turn>", "<end_of_turn>"]
    template = GEMMA.replace("START", "<start_of_turn>").replace("END", "<end_of_turn>")
    words = write_tokenizer(
        folder,
        template.replace("IMAGE", "<start_of_image>"),
        [*turns, *signs],
        bos_token="<bos>",
        boi_token="<start_of_image>",
        eoi_token="<end_of_image>",
        image_token="<image_soft_token>",
    )
    write_processor(folder, "Gemma3ImageProcessor", size={"height": 32, "width": 32})
    config = transformers.Gemma3Config(
        text_config={
            **TEXT,
            "vocab_size": 300,
            "query_pre_attn_scalar": 16,
            "sliding_window": 64,
            "layer_types": ["sliding_attention", "full_attention"],
        },
        vision_config={**NARROW, "image_size": 32, "patch_size": 8, "vision_use_head": False},
        mm_tokens_per_image=4,
        boi_token_index=words["<start_of_image>"],
        eoi_token_index=words["<end_of_image>"],
        image_token_index=words["<image_soft_token>"],
    )
    return save(folder, "Gemma3ForConditionalGeneration", config, [words["<end_of_turn>"]])


def write_gemma4(folder: Path) -> Path:
    """In the layout of google/gemma-4-E2B-it, without its ears."""
    folder.mkdir()
    signs = ["<|image>", "<image|>", "<|image|>"]
    turns = ["<bos>", "<|turn>", "<turn|>"]
    template = GEMMA.replace("START", "<|turn>").replace("END", "<turn|>")
    words = write_tokenizer(
        folder,
        template.replace("IMAGE", "{{ '\\n\\n<|image|>\\n\\n' }}"),
        [*turns, *signs],
        bos_token="<bos>",
        boi_token="<|image>",
        eoi_token="<image|>",
        image_token="<|image|>",
    )
    write_processor(
        folder, "Gemma4ImageProcessor", patch_size=8, max_soft_tokens=70, pooling_kernel_size=3
    )
    config = transformers.Gemma4Config(
        text_config={
            **TEXT,
            "vocab_size": 300,
            "vocab_size_per_layer_input": 300,
            "hidden_size_per_layer_input": 8,
            "global_head_dim": 16,
            "num_kv_shared_layers": 0,
            "sliding_window": 64,
            "layer_types": ["sliding_attention", "full_attention"],
        },
        vision_config={
            **NARROW,
            "num_key_value_heads": 2,
            "head_dim": 16,
            "patch_size": 8,
            "pooling_kernel_size": 3,
            "position_embedding_size": 64,
        },
        audio_config=None,
        boi_token_id=words["<|image>"],
        eoi_token_id=words["<image|>"],
        image_token_id=words["<|image|>"],
        video_token_id=299,
        audio_token_id=298,
    )
    return save(folder, "Gemma4ForConditionalGeneration", config, [words["<turn|>"]])


def write_internvl(folder: Path) -> Path:
    """In the layout of OpenGVLab/InternVL3-1B-hf."""
    folder.mkdir()
    signs = ["<|im_start|>", "<|im_end|>", "<img>", "</img>", "<IMG_CONTEXT>"]
    words = write_tokenizer(folder, CHATML.replace("IMAGE", "<IMG_CONTEXT>\n"), signs)
    write_processor(
        folder, "GotOcr2ImageProcessor", size={"height": 32, "width": 32}, crop_to_patches=True
    )
    config = transformers.InternVLConfig(
        text_config={"model_type": "qwen2", **TEXT, "vocab_size": 300},
        vision_config={**NARROW, "image_size": [32, 32], "patch_size": [8, 8]},
        image_token_id=words["<IMG_CONTEXT>"],
        image_seq_length=4,
        downsample_ratio=0.5,
    )
    return save(folder, "InternVLForConditionalGeneration", config, [words["<|im_end|>"]])


def write_minicpmv4_6(folder: Path, version: str = "4_6") -> Path:
    """In the layout of openbmb/MiniCPM-V-4.6."""
    folder.mkdir()
    signs = ["<|im_start|>", "<|im_end|>", "<image>", "</image>", "<image_id>", "</image_id>"]
    words = write_tokenizer(
        folder,
        THINKS.replace("IMAGE", "<|image_pad|>\n"),
        [*signs, "<slice>", "</slice>", "<|image_pad|>", "<|video_pad|>"],
    )
    kind = f"MiniCPMV{version}"
    write_processor(
        folder, "MiniCPMV4_6ImageProcessor", patch_size=8, scale_resolution=64, slice_mode=True
    )
    made: Any = getattr(transformers, f"{kind}Config")
    marks = {}
    if version == "4_7":  # where in the text a picture and its parts begin and end
        newline = Tokenizer.from_file(str(folder / "tokenizer.json")).token_to_id("\u010a")
        marks = {
            "image_start_id": words["<image>"],
            "image_end_id": words["</image>"],
            "slice_start_id": words["<slice>"],
            "slice_end_id": words["</slice>"],
            "newline_id": newline,
        }
    config = made(
        text_config={
            "model_type": "qwen3_5_text",
            **TEXT,
            "vocab_size": 300,
            "layer_types": ["linear_attention", "full_attention"],
            "linear_num_key_heads": 2,
            "linear_num_value_heads": 2,
            "linear_key_head_dim": 16,
            "linear_value_head_dim": 16,
        },
        vision_config={**NARROW, "image_size": 64, "patch_size": 8},
        insert_layer_id=0,
        image_token_id=words["<|image_pad|>"],
        video_token_id=words["<|video_pad|>"],
        **marks,
    )
    return save(folder, f"{kind}ForConditionalGeneration", config, [words["<|im_end|>"]])


def write_minicpmv4_7(folder: Path) -> Path:
    """In the layout of openbmb/MiniCPM-V-4.7-1B."""
    return write_minicpmv4_6(folder, "4_7")


WRITERS: dict[str, Callable[[Path], Path]] = {
    "smolvlm": write_smolvlm,
    "idefics3": write_idefics3,
    "qwen3_vl": write_qwen3_vl,
    "qwen3_5": write_qwen3_5,
    "gemma3": write_gemma3,
    "gemma4": write_gemma4,
    "internvl": write_internvl,
    "minicpmv4_6": write_minicpmv4_6,
    "minicpmv4_7": write_minicpmv4_7,
}
"""By the kind of their configuration."""
