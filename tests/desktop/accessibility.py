"""What a screen reader gets, over AT-SPI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.desktop.processes import Child, Family, WaitedTooLong, wait_until

_READER = Path(__file__).with_name("accessibility_reader.py")


class Accessible:
    """Asks a reader process. The system's Python runs it, because AT-SPI's bindings are built for
    that one."""

    def __init__(self, family: Family, env: Mapping[str, str]) -> None:
        self._child: Child = family.spawn(
            ["/usr/bin/python3", "-I", str(_READER)], env, name="accessibility", talks=True
        )
        self._child.wait_event("ready")
        self._asked = 0

    def close(self) -> None:
        self._child.stop()

    def _ask(self, timeout_s: float = 30.0, **question: object) -> Any:
        self._asked += 1
        self._child.send(number=self._asked, **question)
        return self._child.wait_event("answer", timeout_s, number=self._asked)["answer"]

    def tree(
        self, *, app: str = "", role: str = "", state: str = "", only_shown: bool = False
    ) -> list[dict[str, Any]]:
        """Every accessible object, parents first.

        Each has `app`, `role`, `name`, `description`, `states`, `text`, `actions`, `labels` (what
        it is labelled by), `children` (how many). Each of these is a question to the program, and a
        window has hundreds of objects: say what you want.

        Args:
            app: Only of this program.
            role: Only those of this role.
            state: Only those in this state.
            only_shown: Leave out what is not on the screen, with all that is in it; but not the lines
                of a list that is.
        """
        answer: list[dict[str, Any]] = self._ask(
            30.0, do="tree", app=app, role=role, state=state, only_shown=only_shown
        )
        return answer

    def focused(self, app: str, but_not: Sequence[str] = ()) -> dict[str, Any] | None:
        """What has the focus in a program, as in `tree`; None when nothing of another role has."""
        answer: dict[str, Any] | None = self._ask(do="focused", app_name=app, but_not=list(but_not))
        return answer

    def shown(self, app: str) -> list[dict[str, Any]]:
        """What is shown in a program's windows, as in `tree`."""
        return self.tree(app=app, only_shown=True)

    def nameless(self, app: str) -> list[dict[str, Any]] | None:
        """What can have the keyboard in the windows that a program shows and has no name, as in `tree`;
        None when the program is not there."""
        answer: list[dict[str, Any]] | None = self._ask(do="nameless", app_name=app)
        return answer

    def count_events(self) -> dict[str, int]:
        """How many events of each kind that Orca listens to all programs sent since this was asked last;
        the first time it begins to count."""
        answer: dict[str, int] = self._ask(do="count")
        return answer

    def find(self, role: str, name: str, timeout_s: float = 10.0) -> dict[str, Any]:
        """Wait until an object with this role ("push button") and name ("Describe") is shown."""

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] | None = self._ask(do="find", role=role, name=name)
            return found

        try:
            found: dict[str, Any] = wait_until(look, f"{role} {name!r}", timeout_s, step_s=0.1)
        except WaitedTooLong as late:
            seen = [(o["role"], o["name"]) for o in self.tree()]
            raise WaitedTooLong(f"{late}; there are {seen}") from None
        return found

    def press(self, role: str, name: str) -> None:
        """Do the first action of an object."""
        self.find(role, name)
        if not self._ask(do="press", role=role, name=name):
            raise AssertionError(f"{role} {name!r} has no action")

    def set_text(self, role: str, name: str, text: str) -> None:
        self.find(role, name)
        if not self._ask(do="set-text", role=role, name=name, text=text):
            raise AssertionError(f"the text of {role} {name!r} cannot be set")

    @property
    def focus(self) -> tuple[str, str]:
        """Role and name of what got the keyboard last, since the reader was started; it may be a line
        of a list."""
        told = [e for e in self._child.events if e["event"] == "focus"]
        return (told[-1]["role"], told[-1]["name"]) if told else ("", "")

    @property
    def focuses(self) -> int:
        """How often something got the keyboard since the reader was started."""
        return sum(e["event"] == "focus" for e in self._child.events)

    def told_of(self, name: str) -> list[str]:
        """What was told of what has this name since the reader was started, in order: "focus", "caret"."""
        events = [e for e in self._child.events if e["event"] in {"focus", "caret"}]
        return [str(e["event"]) for e in events if e["name"] == name]

    @property
    def announcements(self) -> list[tuple[int, str]]:
        """What programs announced since the reader was started: (1 polite or 2 assertive, text)."""
        return [(e["level"], e["text"]) for e in self._child.events if e["event"] == "announcement"]

    def wait_announcement(self, part: str, timeout_s: float = 10.0) -> tuple[int, str]:
        found: tuple[int, str] = wait_until(
            lambda: next((a for a in self.announcements if part in a[1]), None),
            f"an announcement with {part!r}",
            timeout_s,
        )
        return found
