"""The codec of VoiceCraft: sound to codes and back, also while the codes are still being made.

An EnCodec: convolutions shrink the sound to frames of 20 ms, an LSTM runs over the frames, and
each frame becomes one code of each codebook; the decoder is the same in reverse. Before and after
the LSTM a result sees only a few frames around itself, and the LSTM only looks back. So the work is
done in pieces of frames with a little context on both sides, which gives the samples of the whole
clip done at once (tests/unit/nets/voicecraft/test_codec.py), lets the user stop it at any time, and
lets `DecodeStream` give samples a few frames behind the newest code.

transformers' EncodecModel holds the layers. Called by the voice and by its prompts.
Source: "High Fidelity Neural Audio Compression", arXiv 2210.13438, for the network.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from imagecraft_desktop.errors import VoiceDamaged
from imagecraft_desktop.nets.voicecraft.codec_file import (
    PUBLISHED,
    Sizes,
    fill_network,
    make_network,
    read_network,
)
from imagecraft_desktop.values import Tick, no_tick

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from transformers import EncodecModel

# Frames that are worked on at once. Between two of its layers a cancel is heard, so on a processor a
# piece is short; a GPU is fast enough to take more and then waits less for its next order.
_PIECE_CPU = 25
_PIECE_GPU = 500


class BadCodes(ValueError):
    """Codes that this codec cannot decode: shape, type, or an id it does not have."""


class BadSamples(ValueError):
    """Sound that cannot be encoded: not one channel, or not of finite numbers."""


class BadState(ValueError):
    """A saved state that does not belong to this codec."""


@dataclass
class _Convolutions:
    """Layers that see only a few frames around those they give.

    A frame is `size_in` positions of what goes in and `size_out` of what comes out; one of them is 1
    or both are equal. `left` and `right` are the frames that must be known on both sides.
    """

    layers: Sequence[nn.Module]
    size_in: int
    size_out: int
    left: int = field(init=False)
    right: int = field(init=False)

    def __post_init__(self) -> None:
        left = right = 0
        for layer in reversed([part for one in self.layers for part in one.modules()]):
            if isinstance(layer, nn.Conv1d):
                (width,), (step,), (dilation,) = layer.kernel_size, layer.stride, layer.dilation
                pad = (width - 1) * dilation + 1 - step
                left, right = left * step + pad - pad // 2, right * step + pad // 2
            elif isinstance(layer, nn.ConvTranspose1d):
                (width,), (step,) = layer.kernel_size, layer.stride
                cut = width - step - (width - step) // 2
                left = (left + width - 1 - cut) // step
                right = (right - 1 + cut) // step + 1
        self.left, self.right = -(-left // self.size_in), -(-right // self.size_in)

    def run(self, x: Tensor, first: int, end: int, tick: Tick) -> Tensor:
        """What comes out for the frames [first, end).

        Args:
            x: float32 (1, channels, n). It begins `left` frames before `first` or with the sound, and
                ends `right` frames after `end` or with the sound, whose edges the layers pad.
        Returns:
            float32 (1, channels, (end - first) * size_out).
        """
        begin = max(0, first - self.left)
        y = x[..., begin * self.size_in : (end + self.right) * self.size_in]
        for layer in self.layers:
            tick()
            y = layer(y)
        return y[..., (first - begin) * self.size_out : (end - begin) * self.size_out]

    def run_all(self, x: Tensor, piece: int, tick: Tick) -> list[Tensor]:
        """What comes out for all frames, piece after piece."""
        n_frames = -(-x.shape[-1] // self.size_in)
        return [
            self.run(x, first, min(first + piece, n_frames), tick)
            for first in range(0, n_frames, piece)
        ]


@dataclass(frozen=True, eq=False)
class StreamState:
    """What a decoder remembers of the frames it has seen; small, all on the CPU.

    Attributes:
        n_frames: Frames seen so far.
        latents: (dim, n), code vectors of the last frames.
        outputs: (channels, n), what the LSTM gave for the last frames that it has done.
        hidden, cell: (layers, channels), the LSTM itself.
    """

    n_frames: int
    latents: Tensor
    outputs: Tensor
    hidden: Tensor
    cell: Tensor

    def to_tensors(self) -> dict[str, Tensor]:
        """To be saved, for instance as safetensors."""
        return {
            "n_frames": torch.tensor([self.n_frames]),
            "latents": self.latents,
            "outputs": self.outputs,
            "hidden": self.hidden,
            "cell": self.cell,
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor]) -> StreamState:
        """The state again.

        Raises:
            BadState: If a tensor is missing. `Codec.stream` checks the rest.
        """
        try:
            names = ("latents", "outputs", "hidden", "cell")
            return cls(int(tensors["n_frames"]), *(tensors[name] for name in names))
        except (KeyError, ValueError, RuntimeError) as error:
            raise BadState(f"no state of a codec: {error}") from error


class Codec:
    """A codec, ready to run.

    Attributes:
        rate_hz: Samples per second, 16000 in the published one.
        hop: Samples per frame, 320.
        n_codebooks: Codes per frame, 4.
        n_codes: Ids of one codebook, 2048.
        network: The layers, with the weight norm folded in.
    """

    def __init__(self, network: EncodecModel, sizes: Sizes) -> None:
        self.network = network
        self.rate_hz = sizes.rate_hz
        self.hop = math.prod(sizes.ratios)
        self.n_codebooks = sizes.n_codebooks
        self.n_codes = sizes.n_codes
        self._dim = sizes.dim
        self._piece = _PIECE_CPU if self.device.type == "cpu" else _PIECE_GPU
        encoder, decoder = list(network.encoder.layers), list(network.decoder.layers)
        at = next(n for n, layer in enumerate(encoder) if hasattr(layer, "lstm"))
        self._fall = _Convolutions(encoder[:at], self.hop, 1)
        self._encoder_lstm = _lstm_of(encoder[at])
        self._to_latents = _Convolutions(encoder[at + 1 :], 1, 1)
        self._from_latents = _Convolutions(decoder[:1], 1, 1)
        self._decoder_lstm = _lstm_of(decoder[1])
        self._rise = _Convolutions(decoder[2:], 1, self.hop)

    @property
    def device(self) -> torch.device:
        return next(self.network.parameters()).device

    @torch.no_grad()
    def embed(self, samples: NDArray[np.float32] | Tensor, tick: Tick = no_tick) -> Tensor:
        """What the encoder makes of sound, before it is put into codes.

        Args:
            samples: float32 (n,), one channel at `rate_hz`, in [-1, 1].
        Returns:
            float32 (dim, ceil(n / hop)) on `device`.
        Raises:
            BadSamples: If it is not that.
        """
        x = torch.as_tensor(samples)
        if x.ndim != 1 or not x.is_floating_point():
            raise BadSamples(f"sound of shape {tuple(x.shape)} and type {x.dtype}")
        x = x.to(self.device, torch.float32)
        if not bool(x.isfinite().all()):
            raise BadSamples("sound with values that are no numbers")
        if not len(x):
            return torch.zeros(self._dim, 0, device=self.device)
        state = _at_rest(self._encoder_lstm)
        outputs = []
        for piece in self._fall.run_all(x[None, None], self._piece, tick):
            y, state = _run_lstm(self._encoder_lstm, piece, state, tick)
            outputs.append(y)
        return torch.cat(self._to_latents.run_all(torch.cat(outputs, -1), self._piece, tick), -1)[0]

    @torch.no_grad()
    def encode(self, samples: NDArray[np.float32] | Tensor, tick: Tick = no_tick) -> Tensor:
        """Put sound into codes.

        Args:
            samples: float32 (n,), one channel at `rate_hz`, in [-1, 1].
        Returns:
            int64 (n_codebooks, ceil(n / hop)) on `device`.
        Raises:
            BadSamples: If it is not that.
        """
        latents = self.embed(samples, tick)
        if not latents.shape[1]:
            return torch.zeros(self.n_codebooks, 0, dtype=torch.int64, device=self.device)
        pieces = []
        for first in range(0, latents.shape[1], self._piece):
            tick()
            piece = latents[None, :, first : first + self._piece]
            pieces.append(self.network.quantizer.encode(piece)[:, 0])
        return torch.cat(pieces, 1)

    def decode(self, codes: Tensor, tick: Tick = no_tick) -> Tensor:
        """The sound of codes.

        Args:
            codes: int64 (n_codebooks, n).
        Returns:
            float32 (n * hop,) on the CPU.
        Raises:
            BadCodes: If they are not that, or have an id outside [0, n_codes).
        """
        return self.stream().push(codes, final=True, tick=tick)

    def stream(self, state: StreamState | None = None) -> DecodeStream:
        """Begin to decode; after a state, as if the frames it has seen had been skipped.

        Raises:
            BadState: If the state was made by another codec.
        """
        return DecodeStream(self, state)

    @torch.no_grad()
    def sum_vectors(self, codes: Tensor) -> Tensor:
        """The code vectors of each frame, summed: int64 (n_codebooks, n) -> float32 (dim, n).

        Raises:
            BadCodes: If they are not that, or have an id outside [0, n_codes).
        """
        self._check(codes)
        if not codes.shape[1]:
            return torch.zeros(self._dim, 0, device=self.device)
        found: Tensor = self.network.quantizer.decode(codes.to(self.device, torch.int64)[:, None])
        return found[0]

    def _check(self, codes: Tensor) -> None:
        is_whole = not (
            codes.is_floating_point() or codes.is_complex() or codes.dtype == torch.bool
        )
        if codes.ndim != 2 or codes.shape[0] != self.n_codebooks or not is_whole:
            found = f"{tuple(codes.shape)} of {codes.dtype}"
            raise BadCodes(f"codes must be ({self.n_codebooks}, frames) whole numbers, not {found}")
        wrong = ((codes < 0) | (codes >= self.n_codes)).nonzero()
        if len(wrong):
            codebook, frame = wrong[0].tolist()
            one = int(codes[codebook, frame])
            raise BadCodes(
                f"code {one} of codebook {codebook} in frame {frame}: not in 0..{self.n_codes - 1}"
            )


class DecodeStream:
    """Decodes frames as they come; all it gives equals the whole decoded at once.

    Made by `Codec.stream`. One that was left by an exception, also a cancel, cannot be used further.
    """

    def __init__(self, codec: Codec, state: StreamState | None = None) -> None:
        self._codec = codec
        self._before, self._after = codec._from_latents, codec._rise
        lstm, device = codec._decoder_lstm, codec.device
        if state is None:
            zeros = torch.zeros(lstm.num_layers, lstm.hidden_size)
            state = StreamState(
                0, torch.zeros(codec._dim, 0), torch.zeros(lstm.hidden_size, 0), zeros, zeros
            )
        else:
            self._check(state)
        self._n_seen = self._n_given = state.n_frames
        self._n_done = max(0, state.n_frames - self._before.right)  # by the LSTM
        self._latents = state.latents.to(device)[None]
        self._outputs = state.outputs.to(device)[None]
        self._lstm_state = (state.hidden.to(device), state.cell.to(device))
        self._is_over = False

    def push(self, codes: Tensor, final: bool = False, tick: Tick = no_tick) -> Tensor:
        """Take the next frames and give the samples that nothing can change any more.

        Args:
            codes: int64 (n_codebooks, n); n may be 0.
            final: No frames follow; gives all that is left.
        Returns:
            float32 (m,) on the CPU; m may be 0.
        Raises:
            BadCodes: If the codec has no such codes; the stream is as before.
            RuntimeError: If frames come after the final ones.
        """
        return self._take(codes, final, tick)

    def skip(self, codes: Tensor, tick: Tick = no_tick) -> None:
        """Take frames that were heard before: they are what the next ones follow, and are not given.

        Raises:
            BadCodes: If the codec has no such codes.
            RuntimeError: If frames that were pushed have not been given yet.
        """
        if self._n_given != self._n_seen:
            raise RuntimeError("frames that were pushed are not given yet")
        self._take(codes, False, tick, is_heard=True)

    def state(self) -> StreamState:
        """What a new stream needs to go on after the frames seen so far, as if all were heard.

        Raises:
            RuntimeError: After the final frames: their end was decoded as the end of the sound.
        """
        if self._is_over:
            raise RuntimeError("the stream is over")
        hidden, cell = self._lstm_state
        n_kept = _n_kept(self._outputs, self._n_seen - self._after.left, self._n_done)
        return StreamState(
            self._n_seen,
            self._latents[0].to("cpu", copy=True),
            self._outputs[0, :, self._outputs.shape[-1] - n_kept :].to("cpu", copy=True),
            hidden.to("cpu", copy=True),
            cell.to("cpu", copy=True),
        )

    @torch.no_grad()
    def _take(self, codes: Tensor, final: bool, tick: Tick, is_heard: bool = False) -> Tensor:
        if self._is_over:
            raise RuntimeError("the stream is over")
        self._latents = torch.cat([self._latents, self._codec.sum_vectors(codes)[None]], -1)
        self._n_seen += codes.shape[1]
        self._is_over = final
        if is_heard:
            self._n_given = self._n_seen
        known = self._n_seen if final else max(self._n_done, self._n_seen - self._before.right)
        samples = [torch.zeros(0)]
        while self._n_done < known:
            self._run_lstm(min(self._n_done + self._codec._piece, known), tick)
            samples.append(self._give(self._n_done - self._after.right, tick))
        if final:
            samples.append(self._give(self._n_seen, tick))
        return torch.cat(samples)

    def _run_lstm(self, end: int, tick: Tick) -> None:
        """Do the frames up to `end`, and forget the latents that no later frame sees."""
        origin = self._n_seen - self._latents.shape[-1]
        x = self._before.run(self._latents, self._n_done - origin, end - origin, tick)
        y, self._lstm_state = _run_lstm(self._codec._decoder_lstm, x, self._lstm_state, tick)
        self._outputs = torch.cat([self._outputs, y], -1)
        self._n_done = end
        n_kept = _n_kept(self._latents, end - self._before.left, self._n_seen)
        self._latents = self._latents[..., self._latents.shape[-1] - n_kept :].clone()

    def _give(self, end: int, tick: Tick) -> Tensor:
        """The samples from the last given frame up to `end`; forgets the outputs of the LSTM before."""
        samples = torch.zeros(0)
        if end > self._n_given:
            origin = self._n_done - self._outputs.shape[-1]
            y = self._after.run(self._outputs, self._n_given - origin, end - origin, tick)
            samples = y[0, 0].cpu()
            self._n_given = end
        n_kept = _n_kept(self._outputs, self._n_given - self._after.left, self._n_done)
        self._outputs = self._outputs[..., self._outputs.shape[-1] - n_kept :].clone()
        return samples

    def _check(self, state: StreamState) -> None:
        lstm = self._codec._decoder_lstm
        n_done = max(0, state.n_frames - self._before.right)
        lstm_shape = (lstm.num_layers, lstm.hidden_size)
        n_latents = state.n_frames - max(0, n_done - self._before.left)
        n_outputs = max(0, n_done - max(0, state.n_frames - self._after.left))
        wanted = {
            "latents": (state.latents, (self._codec._dim, n_latents)),
            "outputs": (state.outputs, (lstm.hidden_size, n_outputs)),
            "hidden": (state.hidden, lstm_shape),
            "cell": (state.cell, lstm_shape),
        }
        for name, (tensor, shape) in wanted.items():
            is_sound = tensor.dtype == torch.float32 and bool(tensor.isfinite().all())
            if state.n_frames < 0 or tuple(tensor.shape) != shape or not is_sound:
                raise BadState(f"{name} is {tuple(tensor.shape)}, {tensor.dtype}; wanted {shape}")


def load_codec(path: Path, device: str = "cpu") -> Codec:
    """Read a codec.

    Args:
        path: A .th file of audiocraft, a .safetensors file of its state dict, or a folder that holds
            one of them.
        device: As torch names it.
    Raises:
        VoiceDamaged: If there is not exactly one, or it is cut off, or is no such codec.
    """
    if path.is_dir():
        found = [one for one in sorted(path.iterdir()) if one.suffix in (".th", ".safetensors")]
        if len(found) != 1:
            reason = f"it holds {len(found)} files of a codec, not one"
            raise VoiceDamaged(f"{path}: {reason}", name=path.name, reason=reason)
        (path,) = found
    return Codec(*read_network(path, device))


def random_codec(sizes: Sizes = PUBLISHED, seed: int = 0, device: str = "cpu") -> Codec:
    """A codec that says nothing, of any size, for measuring and for tests."""
    network = make_network(sizes)
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, wanted in network.state_dict().items():
        value = torch.rand(wanted.shape, generator=generator) * 2 - 1
        width = math.prod(wanted.shape[1:])
        weights[name] = value if name.endswith("embed") else value * math.sqrt(1 / max(1, width))
    fill_network(network, weights, device)
    return Codec(network, sizes)


def _lstm_of(layer: nn.Module) -> nn.LSTM:
    lstm = layer.lstm
    if not isinstance(lstm, nn.LSTM):
        raise TypeError(f"{type(lstm).__name__} is no LSTM")
    lstm.flatten_parameters()  # for a GPU; does nothing elsewhere
    return lstm


def _run_lstm(
    lstm: nn.LSTM, x: Tensor, state: tuple[Tensor, Tensor], tick: Tick
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """The LSTM block, y = LSTM(x) + x, on (1, channels, n), and its state after that.

    `state` is what each layer put out last, and its cell: both (layers, channels).
    """
    by_frame = x[0].T
    if x.device.type == "cpu":
        y, state = _run_layers(lstm, by_frame, state, tick)
    else:
        tick()
        y, state = lstm(by_frame, state)
    return (y + by_frame).T[None], state


def _run_layers(
    lstm: nn.LSTM, x: Tensor, state: tuple[Tensor, Tensor], tick: Tick
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """The LSTM on (n, channels), one frame at a time.

    Not `lstm` itself: on a CPU that has oneDNN arrange the weights anew in each call, which for the
    published size takes as long as 40 frames, and it cannot be stopped.
    """
    last = []
    for number in range(lstm.num_layers):
        hidden, cell = state[0][number], state[1][number]
        from_input, from_hidden, *biases = (
            getattr(lstm, f"{name}_l{number}")
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        tick()
        frames = []
        for gates in nn.functional.linear(x, from_input, biases[0] + biases[1]):
            tick()
            take, forget, new, give = torch.addmv(gates, from_hidden, hidden).chunk(4)
            cell = forget.sigmoid() * cell + take.sigmoid() * new.tanh()
            hidden = give.sigmoid() * cell.tanh()
            frames.append(hidden)
        last.append((hidden, cell))
        x = torch.stack(frames)
    return x, (torch.stack([one for one, _ in last]), torch.stack([one for _, one in last]))


def _at_rest(lstm: nn.LSTM) -> tuple[Tensor, Tensor]:
    """The state before the first frame."""
    zeros = next(lstm.parameters()).new_zeros(lstm.num_layers, lstm.hidden_size)
    return zeros, zeros


def _n_kept(held: Tensor, first: int, end: int) -> int:
    """How many of the frames held, the last of which is before `end`, are not before `first`."""
    return max(0, min(held.shape[-1], end - first))
