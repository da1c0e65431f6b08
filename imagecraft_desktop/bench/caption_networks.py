"""What `bench caption` measures: captioning networks of published sizes with random weights.

The sizes are those of the configurations on the Hugging Face Hub, as far as they matter for speed;
a test compares the count of weights with the published one.
torch and transformers are imported inside the functions, so that the parent stays light.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imagecraft_desktop.weights import catalogue

Inputs = Mapping[str, NDArray[Any]]
Sizes = dict[str, Any]

NEVER = 0
"""A token that a CoCa of ours, whose results are random, never takes for the likeliest."""
_WORDS = 20
"""Tokens of an instruction to a chat model."""


@dataclass(frozen=True)
class Known:
    """A network.

    Attributes:
        network: Its class in transformers; empty for our own CoCa.
        config_class: That of its configuration; empty likewise.
        sizes: What is given to the latter; for CoCa, what its open_clip_config.json holds.
        millions: Of weights. Pages that say 247 for BLIP base count those of words twice.
        vision: The part that looks at the picture: the end of its name among the modules.
        inputs: What its `generate` is given, for a picture of the size that it takes.
        edge: Of that picture, where networks differ in nothing else; else 0.
        idle: Parts that a step does not read whole, besides that for the picture: the ends of their names.
    """

    network: str
    config_class: str
    sizes: Sizes
    millions: float
    vision: str
    inputs: Callable[[], Inputs]
    edge: int = 0
    idle: tuple[str, ...] = ()


def _pixels(edge: int) -> NDArray[np.float32]:
    """(1, 3, edge, edge), the same each time."""
    return _drawn(1, 3, edge, edge)


def _picture(edge: int) -> Callable[[], Inputs]:
    return lambda: {"pixel_values": _pixels(edge)}


def _with_text(edge: int, image_token: int, places: int, words: int) -> Callable[[], Inputs]:
    """A picture's places, then words."""

    def inputs() -> Inputs:
        ids = np.array([[image_token] * places + list(range(5, 5 + words))], np.int64)
        return {
            "pixel_values": _pixels(edge),
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
        }

    return inputs


def _paligemma_inputs(edge: int) -> Inputs:
    given = _with_text(edge, 257152, (edge // 14) ** 2, 5)()
    return {**given, "token_type_ids": np.zeros_like(given["input_ids"])}


def _smolvlm_inputs(edge: int, places: int) -> Inputs:
    """One tile."""
    given = _with_text(edge, 49190, places, _WORDS)()
    return {**given, "pixel_values": given["pixel_values"][:, None]}


def _gemma3_inputs() -> Inputs:
    given = _with_text(896, 262144, 256, _WORDS)()
    return {**given, "token_type_ids": (given["input_ids"] == 262144).astype(np.int64)}


def _drawn(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)


def _qwen_inputs(image_token: int) -> Inputs:
    """512 by 512 pixels: 32 by 32 patches, 256 places, each patch twice for want of a film."""
    side, merged = 32, 256
    given = _with_text(1, image_token, merged, _WORDS)()
    return {
        **given,
        "pixel_values": _drawn(side * side, 3 * 2 * 16 * 16),
        "image_grid_thw": np.array([[1, side, side]], np.int64),
        "mm_token_type_ids": (given["input_ids"] == image_token).astype(np.int64),
    }


def _gemma4_inputs() -> Inputs:
    """768 by 768 pixels: 48 by 48 patches, 256 places. It takes 2,520 patches each time; those beyond are at no place."""
    side, merged, most = 48, 256, 2520
    places = np.full((1, most, 2), -1, np.int64)
    rows, columns = np.divmod(np.arange(side * side), side)
    places[0, : side * side] = np.stack([columns, rows], -1)
    given = _with_text(1, 258880, merged, _WORDS)()
    return {
        **given,
        "pixel_values": _drawn(1, most, 3 * 16 * 16),
        "image_position_ids": places,
        "mm_token_type_ids": (given["input_ids"] == 258880).astype(np.int64),
    }


def _minicpm_inputs() -> Inputs:
    """448 by 448 pixels: 32 by 32 patches beside each other, 64 places."""
    side, edge, merged = 32, 14, 64
    return {
        **_with_text(1, 248056, merged, _WORDS)(),
        "pixel_values": _drawn(1, 3, edge, side * side * edge),
        "target_sizes": np.array([[side, side]], np.int32),
    }


def _vit(hidden: int, layers: int, inner: int, edge: int, patch: int) -> Sizes:
    """A head is 64 wide, 72 in the widest."""
    return {
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": hidden // (64 if hidden < 1152 else 72),
        "intermediate_size": inner,
        "image_size": edge,
        "patch_size": patch,
    }


def _blip(vision: Sizes, millions: float) -> Known:
    text = {"encoder_hidden_size": vision["hidden_size"], "num_attention_heads": 12}
    return Known(
        "BlipForConditionalGeneration",
        "BlipConfig",
        {"vision_config": vision, "text_config": text},
        millions,
        "vision_model",
        _picture(384),
    )


def _git(vision: Sizes, millions: float) -> Known:
    return Known(
        "GitForCausalLM",
        "GitConfig",
        {"vision_config": vision},
        millions,
        "image_encoder",
        _picture(224),
    )


def _florence(embed: list[int], width: int, layers: int, millions: float) -> Known:
    heads = [size // 32 for size in embed]
    vision = {
        "embed_dim": embed,
        "num_heads": heads,
        "num_groups": heads,
        "projection_dim": width,
        "drop_path_rate": 0.0,
    }
    text = {
        "model_type": "bart",
        "vocab_size": 51290,
        "d_model": width,
        **{f"{side}_layers": layers for side in ("encoder", "decoder")},
        **{f"{side}_ffn_dim": 4 * width for side in ("encoder", "decoder")},
        **{f"{side}_attention_heads": width // 64 for side in ("encoder", "decoder")},
        "forced_eos_token_id": None,  # how long it writes is the bench's wish
    }
    return Known(
        "Florence2ForConditionalGeneration",
        "Florence2Config",
        {"vision_config": vision, "text_config": text},
        millions,
        "vision_tower",
        _with_text(768, 51289, 577, 8),
    )


_GEMMA: Sizes = {
    "model_type": "gemma",
    "hidden_size": 2048,
    "intermediate_size": 16384,
    "num_hidden_layers": 18,
    "num_attention_heads": 8,
    "num_key_value_heads": 1,
    "head_dim": 256,
}
_GEMMA_2: Sizes = {
    "model_type": "gemma2",
    "hidden_size": 2304,
    "intermediate_size": 9216,
    "num_hidden_layers": 26,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
}


def _paligemma(gemma: Sizes, edge: int, millions: float) -> Known:
    width = gemma["hidden_size"]
    vision = {
        "model_type": "siglip_vision_model",
        **_vit(1152, 27, 4304, edge, 14),
        "projection_dim": width,
        "vision_use_head": False,
    }
    text = {**gemma, "vocab_size": 257216, "num_image_tokens": (edge // 14) ** 2}
    wide = {"image_token_index": 257152, "projection_dim": width, "hidden_size": width}
    return Known(
        "PaliGemmaForConditionalGeneration",
        "PaliGemmaConfig",
        {**wide, "vision_config": vision, "text_config": text},
        millions,
        "vision_tower",
        lambda: _paligemma_inputs(edge),
        edge,
    )


def _smolvlm(
    vision: Sizes, scale: int, text: tuple[int, int, int, int, int], millions: float
) -> Known:
    """`text` is its width, that inside, layers, heads and those of keys. SmolVLM2, whose class has another
    name, computes the same."""
    width, inner, layers, heads, keys = text
    places = (vision["image_size"] // vision["patch_size"] // scale) ** 2
    return Known(
        "Idefics3ForConditionalGeneration",
        "Idefics3Config",
        {
            "image_token_id": 49190,
            "scale_factor": scale,
            "vision_config": vision,
            "text_config": {
                "model_type": "llama",
                "hidden_size": width,
                "intermediate_size": inner,
                "num_hidden_layers": layers,
                "num_attention_heads": heads,
                "num_key_value_heads": keys,
                "vocab_size": 49280,
                "pad_token_id": 2,
            },
        },
        millions,
        "vision_model",
        lambda: _smolvlm_inputs(vision["image_size"], places),
    )


def _qwen(vision: Sizes, text: tuple[int, int, int, int], is_tied: bool, millions: float) -> Known:
    """`text` is its width, that inside, layers and heads."""
    width, inner, layers, heads = text
    return Known(
        "Qwen3VLForConditionalGeneration",
        "Qwen3VLConfig",
        {
            "tie_word_embeddings": is_tied,
            "vision_config": {**vision, "out_hidden_size": width},
            "text_config": {
                "hidden_size": width,
                "intermediate_size": inner,
                "num_hidden_layers": layers,
                "num_attention_heads": heads,
                "num_key_value_heads": 8,
                "rope_parameters": {
                    "rope_type": "default",
                    "rope_theta": 5000000.0,
                    "mrope_section": [24, 20, 20],
                    "mrope_interleaved": True,
                },
            },
        },
        millions,
        "visual",
        lambda: _qwen_inputs(151655),
    )


_GEMMA_3 = Known(
    "Gemma3ForConditionalGeneration",
    "Gemma3Config",
    {
        "mm_tokens_per_image": 256,
        "vision_config": {**_vit(1152, 27, 4304, 896, 14), "vision_use_head": False},
        "text_config": {
            "hidden_size": 2560,
            "intermediate_size": 10240,
            "num_hidden_layers": 34,
            "num_attention_heads": 8,
            "num_key_value_heads": 4,
            "head_dim": 256,
            "vocab_size": 262208,
            "sliding_window": 1024,
        },
    },
    4300,
    "vision_tower",
    _gemma3_inputs,
)
_INTERNVL_3 = Known(
    "InternVLForConditionalGeneration",
    "InternVLConfig",
    {
        "image_token_id": 151667,
        "tie_word_embeddings": False,
        "vision_config": {
            **_vit(1024, 24, 4096, 448, 14),
            "image_size": [448, 448],
            "patch_size": [14, 14],
        },
        "text_config": {
            "model_type": "qwen2",
            "hidden_size": 896,
            "intermediate_size": 4864,
            "num_hidden_layers": 24,
            "num_attention_heads": 14,
            "num_key_value_heads": 2,
            "vocab_size": 151674,
            "tie_word_embeddings": False,
        },
    },
    938,
    "vision_tower",
    _with_text(448, 151667, 256, _WORDS),
)
_QWEN_3_5_TEXT: Sizes = {
    "model_type": "qwen3_5_text",
    "hidden_size": 1024,
    "intermediate_size": 3584,
    "num_hidden_layers": 24,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "linear_num_key_heads": 16,
    "linear_num_value_heads": 16,
    "tie_word_embeddings": True,
}
_QWEN_3_5 = Known(
    "Qwen3_5ForConditionalGeneration",
    "Qwen3_5Config",
    {
        "tie_word_embeddings": True,
        "text_config": _QWEN_3_5_TEXT,
        "vision_config": {
            "depth": 12,
            "hidden_size": 768,
            "intermediate_size": 3072,
            "num_heads": 12,
            "out_hidden_size": 1024,
        },
    },
    853,  # its file has 20 more: a part that guesses further tokens, which transformers leaves out
    "visual",
    lambda: _qwen_inputs(248056),
)
_GEMMA_4 = Known(
    "Gemma4ForConditionalGeneration",
    "Gemma4Config",
    {
        "vision_config": {},
        "audio_config": {},
        "text_config": {
            "hidden_size": 1536,
            "intermediate_size": 6144,
            "num_hidden_layers": 35,
            "num_attention_heads": 8,
            "num_key_value_heads": 1,
            "num_kv_shared_layers": 20,
            "use_double_wide_mlp": True,
            "layer_types": [*["sliding_attention"] * 4, "full_attention"] * 7,
            "final_logit_softcapping": 30.0,
        },
    },
    5104,  # its file has 19 more: keys and values of the layers that take those of others
    "vision_tower",
    _gemma4_inputs,
    idle=("audio_tower", "embed_tokens_per_layer"),
)
_MINICPM_4_6 = Known(
    "MiniCPMV4_6ForConditionalGeneration",
    "MiniCPMV4_6Config",
    {
        "image_token_id": 248056,
        "tie_word_embeddings": True,
        "text_config": _QWEN_3_5_TEXT,
        "vision_config": _vit(1152, 27, 4304, 980, 14),
    },
    1301,
    "vision_tower",
    _minicpm_inputs,
)
_COCA: Sizes = {
    "model_cfg": {
        "embed_dim": 768,
        "vision_cfg": {
            "image_size": 224,
            "patch_size": 14,
            "layers": 24,
            "width": 1024,
            "attentional_pool": True,
        },
        "text_cfg": {
            "context_length": 76,
            "vocab_size": 49408,
            "width": 768,
            "heads": 12,
            "layers": 12,
            "embed_cls": True,
        },
        "multimodal_cfg": {"width": 768, "heads": 12, "layers": 12},
    }
}
_SIGLIP: Sizes = _vit(768, 12, 3072, 512, 16)
_QWEN_VISION: Sizes = {
    "depth": 24,
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "deepstack_visual_indexes": [5, 11, 17],
}
_QWEN_WIDE: Sizes = {
    "depth": 27,
    "hidden_size": 1152,
    "intermediate_size": 4304,
    "deepstack_visual_indexes": [8, 16, 24],
}

KNOWN: dict[str, Known] = {
    "blip-base": _blip(_vit(768, 12, 3072, 384, 16), 224),
    "blip-large": _blip(_vit(1024, 24, 4096, 384, 16), 446),
    "git-base": _git(_vit(768, 12, 3072, 224, 16), 177),
    "git-large": _git(_vit(1024, 24, 4096, 224, 14), 394),
    "florence-2-base": _florence([128, 256, 512, 1024], 768, 6, 232),
    "florence-2-large": _florence([256, 512, 1024, 2048], 1024, 12, 770),
    "coca": Known("", "", _COCA, 638, "visual", _picture(224)),
    "paligemma-3b": _paligemma(_GEMMA, 224, 2923),
    "paligemma-3b-448": _paligemma(_GEMMA, 448, 2924),
    "paligemma2-3b": _paligemma(_GEMMA_2, 224, 3032),
    "paligemma2-3b-448": _paligemma(_GEMMA_2, 448, 3033),
    "smolvlm-256m": _smolvlm(_SIGLIP, 4, (576, 1536, 30, 9, 3), 256),
    "smolvlm-500m": _smolvlm(_SIGLIP, 4, (960, 2560, 32, 15, 5), 507),
    "smolvlm2-2.2b": _smolvlm(_vit(1152, 27, 4304, 384, 14), 3, (2048, 8192, 24, 32, 32), 2247),
    "internvl3-1b": _INTERNVL_3,
    "gemma-3-4b": _GEMMA_3,
    "gemma-4-e2b": _GEMMA_4,
    "minicpm-v-4.6": _MINICPM_4_6,
    "qwen3.5-0.8b": _QWEN_3_5,
    "qwen3-vl-2b": _qwen(_QWEN_VISION, (2048, 6144, 28, 16), True, 2127),
    "qwen3-vl-4b": _qwen(_QWEN_VISION, (2560, 9728, 36, 32), True, 4438),
    "qwen3-vl-8b": _qwen(_QWEN_WIDE, (4096, 12288, 36, 32), False, 8767),
}
_SAME = 0.005
"""Share by which counts of weights of the same network differ: some are rounded."""
_EDGE = re.compile(r"-(\d{3})$")


def find(name: str) -> str | None:
    """The network of `KNOWN` that has this name, or that a model of the catalogue is: the one whose name
    the model's begins with, else the one with as many weights; None when there is none."""
    if name in KNOWN:
        return name
    if (model := catalogue.captioner(name)) is None:
        return None
    told = _EDGE.search(model.name)
    edge = int(told[1]) if told else 0
    fitting = {one: at for one, at in KNOWN.items() if not (edge and at.edge) or at.edge == edge}
    alike = [one for one in fitting if model.name.startswith(f"{one}-")]
    if alike:
        return max(alike, key=len)

    def apart(one: str) -> float:
        return abs(KNOWN[one].millions * 1e6 / model.parameters - 1)

    nearest = min(fitting, key=apart)
    return nearest if apart(nearest) <= _SAME else None


def empty(known: Known) -> Any:
    """The network without weights, on the device "meta"."""
    import torch
    import transformers

    with torch.device("meta"):
        if known.network:
            return getattr(transformers, known.network)(configuration(known))
        from imagecraft_desktop.nets.captioners.coca import Coca, read_sizes

        return Coca(read_sizes(known.sizes))


def configuration(known: Known) -> Any:
    """The configuration of transformers."""
    import transformers

    return getattr(transformers, known.config_class)(**known.sizes)


def make(known: Known, device: str, dtype: Any, *, is_plain: bool = False) -> Any:
    """The network, ready to write; plain as transformers has it. Raises MemoryError, torch.OutOfMemoryError."""
    from imagecraft_desktop.nets.captioners.load import random_network, random_weights

    if known.network:
        made = configuration(known)
        return random_network(known.network, made, device, dtype, is_plain=is_plain)
    network = empty(known)
    weights = random_weights(network, dtype)
    weights["text_decoder.text_projection"][:, NEVER] = 0
    network.load_state_dict(weights, assign=True)
    return network.eval().requires_grad_(False).to(device)


def vision_of(known: Known, network: Any) -> Any:
    """The module that looks at the picture."""
    return _part(network, known.vision)


def unread_of(known: Known, network: Any) -> set[int]:
    """The `id` of the weights in parts of which a step reads nothing, or a row."""
    parts = (_part(network, end) for end in (known.vision, *known.idle))
    return {id(one) for part in parts for one in part.parameters()}


def _part(network: Any, end: str) -> Any:
    return next(part for name, part in network.named_modules() if name.rpartition(".")[2] == end)
