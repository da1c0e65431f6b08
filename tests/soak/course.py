"""The course of a soak: rounds of triggers at random times, each settled before the next begins."""

from __future__ import annotations

import math
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.desktop import Desktop
from tests.desktop.processes import WaitedTooLong, wait_until
from tests.e2e.running import RunningProgram
from tests.soak.account import Account, End, Trigger, Witness, match
from tests.soak.hands import REGION, SAMPLES, WARMING, Hands

MOST_MB = 10.0
"""So much may the memory be larger at the end than it was when warm."""
_TAKEN_S = 20.0
_END_S = 90.0
_OBEYED_S = 5.0
_WRITTEN_S = 10.0
_LOOKS, _LOOK_S = 9, 0.3
_CANCELLED = 0.45
_AGAIN = 0.5
_ROUND = (1, 1, 2, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Costs:
    """What the program holds while it does nothing."""

    triggers: int
    memory_mb: float
    threads: int
    files: int


class Course:
    """One soak.

    Args:
        pause_s: The longest pause between two triggers; short ones are more frequent.
    """

    def __init__(self, desktop: Desktop, seed: int, pause_s: float) -> None:
        self._chance = random.Random(seed)
        self._pause_s = pause_s
        self._folder = Path(tempfile.mkdtemp(prefix="soak-", dir=desktop.env["HOME"]))
        for name, value in {"region": REGION, "unload_after_min": "0"}.items():
            desktop.run(desktop.command("settings", "set", name, value))
        self.program = RunningProgram(desktop)
        self._hands = Hands(desktop, self.program, self._folder, self._chance)
        data = Path(desktop.env["XDG_DATA_HOME"]) / "imagecraft-desktop"
        self._witness = Witness(desktop, data / "history" / "history.db")
        self._warm_up()
        self.account = Account()
        self.costs: list[Costs] = []

    def _warm_up(self) -> None:
        """Have every network loaded: a cancel may come before that again and again."""
        for name, part in WARMING:
            self.program.ask("file", path=str(SAMPLES / name))
            self.program.wait_described(part)
            wait_until(lambda: self.program.status()["state"] == "idle", "silence", 60)

        def are_kept() -> bool:
            self._witness.look()
            return len(self._witness.kept) == len(WARMING)

        wait_until(are_kept, "the history", 20)
        self._witness.clear()

    def run(
        self,
        count: int,
        warm: int,
        told: Callable[[str], None] = lambda _: None,
        most_min: float = math.inf,
    ) -> None:
        """Give so many triggers, or as many as the time allows.

        Args:
            warm: How many come before the first measuring, and between two.
        """
        measure_at, end = warm, time.monotonic() + most_min * 60
        is_over = False
        while not is_over and self.program.process.is_running():
            self._round(count - self.account.count)
            is_over = self.account.count >= count or time.monotonic() > end
            if self.account.count >= measure_at or is_over:
                measure_at += warm
                self.measure()
                told(f"{self.costs[-1]}, {dict(self.account.ends)}")
        if not self.program.process.is_running():
            self.account.wrong.append(f"the program ended: {self.program.process.errors[-500:]}")

    def _round(self, most: int) -> None:
        self._hands.change_window()
        triggers: list[Trigger] = []
        length = min(self._chance.choice(_ROUND), most)
        while len(triggers) < length:
            triggers.append(self._take(self._hands.give))
            self._pause()
            if len(triggers) < length and self._chance.random() < _AGAIN:
                triggers += self._again(triggers[-1])
        is_stopped = self._chance.random() < _CANCELLED
        if is_stopped:
            self._cancel()
        self._settle(triggers, is_stopped)
        if self._hands.has_list:
            self._hands.clear_list()

    def _pause(self) -> None:
        time.sleep(self._chance.random() ** 2 * self._pause_s)

    def _again(self, trigger: Trigger) -> list[Trigger]:
        if trigger.source != "hotkey: window":
            return []
        again = self._take(lambda: self._hands.again(trigger) or trigger)
        self._pause()
        return [again]

    def _state(self) -> dict[str, Any]:
        return self.program.status()

    def _take(self, give: Callable[[], Trigger]) -> Trigger:
        """Give a trigger and wait for the first sign of what comes of it."""
        before = self._state()["request"]
        self._witness.look()
        statuses, texts = self._witness.statuses(), len(self._witness.shown)
        trigger = give()

        def has_sign() -> bool:
            self._witness.look()
            if self._state()["request"] != before:
                return True
            if self._witness.statuses() > statuses:
                trigger.end = End.STATUS
            elif trigger.told and any(trigger.told in text for text in self._witness.shown[texts:]):
                trigger.end = End.TOLD
            return trigger.end is not None

        try:
            wait_until(has_sign, "a sign", _TAKEN_S, step_s=0.02)
        except WaitedTooLong:
            trigger.end = End.LOST
        return trigger

    def _cancel(self) -> None:
        way = self._hands.cancel()
        try:
            wait_until(lambda: self._state()["state"] != "describing", "the end", _OBEYED_S)
        except WaitedTooLong:
            self.account.wrong.append(f"not cancelled by {way}")

    def _settle(self, triggers: list[Trigger], is_stopped: bool) -> None:
        """Wait until the last is over, and find what became of each."""
        taken = [trigger for trigger in triggers if trigger.end is None]
        if taken:
            with suppress(WaitedTooLong):
                wait_until(lambda: self._is_over(taken, is_stopped), "the end", _END_S, step_s=0.04)
            answers = [trigger.told for trigger in triggers if trigger.told]
            with suppress(WaitedTooLong):
                wait_until(lambda: self._is_kept(answers), "the history", _WRITTEN_S)
            self._give_ends(taken)
        self._check_shown(triggers)
        self.account.add(triggers)
        self._witness.clear()

    def _is_over(self, taken: list[Trigger], is_stopped: bool) -> bool:
        is_working = self._state()["state"] == "describing"
        self._witness.look()
        last = taken[-1]
        if is_working:
            return False
        if is_stopped and self._witness.cancels():
            return True
        if last.told:
            return self._witness.has(last.told)
        # of several for the same thing the entries must have come as well
        same = sum(trigger.name == last.name for trigger in taken)
        if same > 1:
            time.sleep(0.3)
            self._witness.look()
        return last.name in self._witness.kept

    def _is_kept(self, answers: list[str]) -> bool:
        """Whether all that is shown is in the history: on a slow disk it comes there later."""
        self._witness.look()
        return len(self._witness.kept) >= len(self._witness.descriptions(answers))

    def _give_ends(self, taken: list[Trigger]) -> None:
        if self._witness.cancels():
            taken[-1].end = End.CANCELLED
        for trigger in taken:
            if trigger.told and self._witness.has(trigger.told):
                trigger.end = End.TOLD
        for name in match(self._witness.kept, taken):
            self.account.wrong.append(f"described once too often: {name}")
        if taken[-1].end is None:
            taken[-1].end = End.LOST
            seen = f"shown {self._witness.shown}, kept {self._witness.kept}"
            self.account.wrong.append(f"{[(t.source, t.name) for t in taken]}: {seen}")
        for trigger in taken:
            trigger.end = trigger.end or End.REPLACED

    def _check_shown(self, triggers: list[Trigger]) -> None:
        """What was described is shown once."""
        count = sum(trigger.end is End.DESCRIBED for trigger in triggers)
        told = sum(trigger.end is End.TOLD for trigger in triggers)
        answers = [trigger.told for trigger in triggers if trigger.told]

        def shown() -> list[str]:
            self._witness.look()
            return self._witness.descriptions(answers)

        def is_all() -> bool:
            # the last of two equal sentences else comes into the next round
            return len(shown()) == count and self._witness.count(answers) >= told

        with suppress(WaitedTooLong):
            wait_until(is_all, "the notifications", 5)
        if len(found := shown()) != count:
            ends = [(t.source, t.name, str(t.end)) for t in triggers]
            self.account.wrong.append(f"{count} described, but shown: {found}; {ends}")

    # --- what it holds ---

    def measure(self) -> None:
        """Note what the program holds when it has described the same small window and is idle."""
        triggers = [self._take(self._hands.calm)]
        self._settle(triggers, is_stopped=False)
        self.program.ask("stop")
        self.program.wait_state("idle")
        # the least of some seconds: the sound device is let go a while after the last sound
        looks = []
        for _ in range(_LOOKS):
            time.sleep(_LOOK_S)
            program = self.program
            looks.append((program.resident_mb(), program.threads(), program.open_files()))
        memory_mb, threads, files = map(min, zip(*looks, strict=True))
        self.costs.append(Costs(self.account.count, round(memory_mb, 1), threads, files))

    def check_costs(self, most_mb: float = MOST_MB) -> list[str]:
        """What the program holds at the end and did not hold when it was warm."""
        first, last = self.costs[0], self.costs[-1]
        wrong = []
        if last.memory_mb > first.memory_mb + most_mb:
            wrong.append(f"memory grew from {first.memory_mb:.1f} to {last.memory_mb:.1f} MB")
        if last.threads > first.threads:
            wrong.append(f"threads: {first.threads}, then {last.threads}")
        if last.files > first.files:
            wrong.append(f"file handles: {first.files}, then {last.files}")
        return wrong
