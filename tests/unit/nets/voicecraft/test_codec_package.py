"""The modules of the stand-alone `encodec` package take the same file unchanged and agree with ours.

Only where the package can be imported: it needs a torchaudio that fits the torch in use.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from imagecraft_desktop.nets.voicecraft.codec import load_codec
from tests.golden import VOICECRAFT

# the package is of 2022: what it and torchaudio use of torch has since been renamed
pytestmark = pytest.mark.filterwarnings("ignore")
FILE = VOICECRAFT / "encodec_tiny_best_state_model.safetensors"
LAYERS = {
    "dimension": 16,
    "n_filters": 4,
    "ratios": [8, 5, 4, 2],
    "norm": "weight_norm",
    "causal": False,
    "pad_mode": "constant",
    "true_skip": True,
    "lstm": 2,
}


@pytest.fixture(scope="module")
def package() -> Any:
    try:
        import encodec.modules
        import encodec.quantization
    except (ImportError, OSError) as error:  # OSError: torchaudio's library for another torch
        pytest.skip(f"the encodec package cannot be imported: {error}")
    encoder = encodec.modules.SEANetEncoder(**LAYERS)
    decoder = encodec.modules.SEANetDecoder(**LAYERS)
    quantizer = encodec.quantization.ResidualVectorQuantizer(dimension=16, n_q=4, bins=64)
    whole = torch.nn.ModuleDict({"encoder": encoder, "decoder": decoder, "quantizer": quantizer})
    whole.load_state_dict(load_file(FILE))
    return whole.eval()


def test_the_same_codes_and_the_same_sound(package: Any) -> None:
    codec = load_codec(FILE)
    samples = torch.randn(16_000 * 2 + 77, generator=torch.Generator().manual_seed(0)) * 0.2
    with torch.no_grad():
        latents = package["encoder"](samples[None, None])
        codes = package["quantizer"].encode(latents, 50)[:, 0]
        sound = package["decoder"](package["quantizer"].decode(codes[:, None]))[0, 0]
    np.testing.assert_allclose(codec.embed(samples).numpy(), latents[0].numpy(), rtol=0, atol=1e-5)
    assert torch.equal(codec.encode(samples), codes)
    np.testing.assert_allclose(codec.decode(codes).numpy(), sound.numpy(), rtol=0, atol=1e-5)
