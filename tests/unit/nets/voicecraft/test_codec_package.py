"""The modules of the stand-alone `encodec` package take the same file unchanged and agree with ours.

Only where the package can be imported: it needs torchaudio, whose usual form asks for the libraries of CUDA.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from imagecraft_desktop.nets.voicecraft.codec import load_codec
from tests.golden import CODECS, GoldenCodec

# the package is of 2022: what it and torchaudio use of torch has since been renamed
pytestmark = pytest.mark.filterwarnings("ignore")
# of SEANet's settings, what the package's layers take under the same name
TAKEN = frozenset(
    [
        *("channels", "dimension", "n_filters", "n_residual_layers", "ratios", "activation"),
        *("activation_params", "norm", "norm_params", "kernel_size", "last_kernel_size"),
        *("residual_kernel_size", "dilation_base", "causal", "pad_mode", "true_skip", "compress"),
        "lstm",
    ]
)


@pytest.fixture(params=CODECS, ids=lambda codec: codec.name)
def golden(request: pytest.FixtureRequest) -> GoldenCodec:
    return request.param


@pytest.fixture
def package(golden: GoldenCodec) -> Any:
    try:
        import encodec.modules
        import encodec.quantization
    except (ImportError, OSError) as error:  # OSError: torchaudio's library for another torch
        pytest.skip(f"the encodec package cannot be imported: {error}")
    layers = {name: value for name, value in golden.config["seanet"].items() if name in TAKEN}
    encoder = encodec.modules.SEANetEncoder(**layers)
    decoder = encodec.modules.SEANetDecoder(**layers)
    rvq = golden.config["rvq"]
    quantizer = encodec.quantization.ResidualVectorQuantizer(
        dimension=layers["dimension"], n_q=rvq["n_q"], bins=rvq["bins"]
    )
    whole = torch.nn.ModuleDict({"encoder": encoder, "decoder": decoder, "quantizer": quantizer})
    whole.load_state_dict(load_file(golden.files[1]))
    return whole.eval()


def test_the_same_codes_and_the_same_sound(golden: GoldenCodec, package: Any) -> None:
    codec = load_codec(golden.files[1])
    samples = torch.randn(16_000 * 2 + 77, generator=torch.Generator().manual_seed(0)) * 0.2
    with torch.no_grad():
        latents = package["encoder"](samples[None, None])
        codes = package["quantizer"].encode(latents, codec.rate_hz // codec.hop)[:, 0]
        sound = package["decoder"](package["quantizer"].decode(codes[:, None]))[0, 0]
    np.testing.assert_allclose(codec.embed(samples).numpy(), latents[0].numpy(), rtol=0, atol=1e-5)
    assert torch.equal(codec.encode(samples), codes)
    np.testing.assert_allclose(codec.decode(codes).numpy(), sound.numpy(), rtol=0, atol=1e-5)
