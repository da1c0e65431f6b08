"""The sampler draws what torch.multinomial draws."""

from __future__ import annotations

import torch

from imagecraft_desktop.nets.voicecraft.sampling import keep_likely, sampler


def test_tokens_are_those_of_multinomial_with_the_same_generator() -> None:
    logits = torch.randn(3, 4, 68, generator=torch.Generator().manual_seed(1)) * 3
    ours, theirs = torch.Generator().manual_seed(5), torch.Generator().manual_seed(5)
    draw = sampler(12, 0.9, 0.8, ours)
    for _ in range(50):
        rows = keep_likely(logits.flatten(0, 1), 12, 0.9, 0.8).softmax(-1)
        expected = torch.multinomial(rows, 1, generator=theirs)
        assert torch.equal(draw(logits).flatten(), expected.flatten())
    assert torch.equal(ours.get_state(), theirs.get_state())


def test_what_was_left_out_is_never_drawn() -> None:
    logits = torch.full((1, 4, 68), -torch.inf)
    logits[..., 7] = 0.0
    draw = sampler(0, 1.0, 1.0, torch.Generator().manual_seed(0))
    assert all((draw(logits) == 7).all() for _ in range(200))


def test_many_draws_follow_the_probabilities() -> None:
    probabilities = torch.tensor([0.1, 0.2, 0.3, 0.4])
    draw = sampler(0, 1.0, 1.0, torch.Generator().manual_seed(0))
    drawn = torch.cat([draw(probabilities.log().expand(50, 4, 4)).flatten() for _ in range(100)])
    shares = torch.bincount(drawn, minlength=4) / len(drawn)
    torch.testing.assert_close(shares, probabilities, atol=0.02, rtol=0)
