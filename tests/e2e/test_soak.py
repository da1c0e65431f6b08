"""A short form of `python -m tests.soak`: every source, at random times, and nothing is left over."""

from __future__ import annotations

import pytest

from tests.desktop import Desktop
from tests.soak.course import Course

pytestmark = pytest.mark.desktop

_MOST_MB = 90.0
"""After thirty triggers not everything is warm, and the long form is strict. One picture of the screen that is
kept for each trigger would be 240."""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_sixty_triggers_end_in_one_way_each_and_leave_nothing(desktop: Desktop) -> None:
    course = Course(desktop, seed=5, pause_s=0.2)
    course.run(60, warm=30)
    assert course.account.count >= 60
    assert course.account.wrong + course.check_costs(_MOST_MB) == []
    assert {"hotkey: window", "image window: dropped"} <= set(course.account.sources)
    assert "Traceback" not in course.program.process.errors
