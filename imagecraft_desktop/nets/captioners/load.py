"""Loads a transformers class from a folder: no network, no pickle, no code from the folder.

Refuses when the file's tensors are not exactly those of the network.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

_ROWS, _WIDE = 64, 1024
_TRIES = 3
_SLOWER = 1.3
"""So much slower bfloat16 may be: it halves the memory."""


_LOADING_FAILED = (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError)
"""What wrong configurations and tensors make of loading, of tied ones in the wrong size, too."""


class DoesNotFit(Exception):
    """The file's tensors are not those of the network.

    Attributes:
        missing, unexpected, mismatched: Names of tensors, sorted.
    """

    def __init__(
        self, missing: Iterable[str], unexpected: Iterable[str], mismatched: Iterable[str]
    ) -> None:
        self.missing = sorted(missing)
        self.unexpected = sorted(unexpected)
        self.mismatched = sorted(mismatched)
        super().__init__(f"{self.missing=} {self.unexpected=} {self.mismatched=}")


class Unloadable(Exception):
    """The folder cannot be made into a network: what the library said is in the message."""


def choose_dtype(device: str) -> torch.dtype:
    """The narrowest type that is not slower here; on a processor that is found by trying."""
    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if device == "mps":
        return torch.float16
    narrow_s, wide_s = _product_s(torch.bfloat16), _product_s(torch.float32)
    return torch.bfloat16 if narrow_s <= _SLOWER * wide_s else torch.float32


def load_network(class_name: str, folder: Path, device: str, dtype: torch.dtype) -> Any:
    """Make a network of a class of transformers, ready for inference.

    Args:
        class_name: "PaliGemmaForConditionalGeneration".
        folder: With config.json and .safetensors files.
        device: "cpu", "cuda" or "mps".
    Raises:
        DoesNotFit: Tensors are missing, not known to the network, or have another shape.
        Unloadable: The configuration is not one of that class, or a file cannot be read.
    """
    import transformers
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError

    # its reports and bars would be read aloud by a screen reader; what matters is raised
    talk: Any = transformers.logging
    talk.set_verbosity_error()
    talk.disable_progress_bar()
    cls = getattr(transformers, class_name)
    try:
        network, told = cls.from_pretrained(
            str(folder),
            dtype=dtype,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            ignore_mismatched_sizes=True,  # they are told with the rest, and refused below
            output_loading_info=True,
        )
    except torch.OutOfMemoryError:
        raise
    except (*_LOADING_FAILED, SafetensorError, StrictDataclassError) as error:
        raise Unloadable(f"{type(error).__name__}: {error}") from error
    wrong = [entry[0] if isinstance(entry, tuple) else entry for entry in told["mismatched_keys"]]
    if told["missing_keys"] or told["unexpected_keys"] or wrong:
        raise DoesNotFit(told["missing_keys"], told["unexpected_keys"], wrong)
    # it would make every answer that is cut off look whole
    network.generation_config.forced_eos_token_id = None
    return network.eval().to(device)


def release() -> None:
    """Give back to the system what a network had on a graphics card, once nobody holds it."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _product_s(dtype: torch.dtype) -> float:
    """Seconds of a product such as a layer makes."""
    x, weight = torch.ones(_ROWS, _WIDE, dtype=dtype), torch.ones(_WIDE, _WIDE, dtype=dtype)
    best = float("inf")
    for _ in range(_TRIES):
        begun = time.perf_counter()
        torch.nn.functional.linear(x, weight)
        best = min(best, time.perf_counter() - begun)
    return best
