"""A cancel between two operations of a network leaves torch as it was."""

from __future__ import annotations

import pytest
import torch

from imagecraft_desktop.errors import Cancelled
from imagecraft_desktop.nets.captioners.generate import TickingFinely
from tests.cancelling import Ticks


def work(ticks: Ticks) -> None:
    with TickingFinely(ticks), torch.no_grad():
        torch.add(torch.ones(2), 1)


def test_a_cancel_at_any_operation_leaves_gradients_as_they_were() -> None:
    whole = Ticks()
    work(whole)
    assert whole.count >= 2
    for at in range(1, whole.count + 1):
        with pytest.raises(Cancelled):
            work(Ticks(at))
        is_on = torch.is_grad_enabled()
        torch.set_grad_enabled(True)
        assert is_on, f"cancelled at {at}"
