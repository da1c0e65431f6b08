"""The parser of the command line: help and wrong usage in short sentences of ours.

Only the standard library is imported here; see `cli.main`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from imagecraft_desktop import strings
from imagecraft_desktop.errors import EXIT_USAGE
from imagecraft_desktop.strings import say

# what argparse says, which tells its parts in no other way
_MISSING = re.compile(r"the following arguments are required: (?P<names>.*)")
_AMBIGUOUS = re.compile(r"ambiguous option: (?P<word>\S+) could match (?P<names>.*)")
_ARGUMENT = re.compile(r"argument (?P<name>.+?): (?P<reason>.*)")
_NO_VALUE = re.compile(r"expected (one|at least one|\d+) arguments?")
_NOT_TOGETHER = re.compile(r"not allowed with argument (?P<other>.*)")


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong; its help is in the user's language down to argparse's words.

    A few rare messages of argparse itself stay English.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, **options)
        self._positionals.title = say(strings.CLI_ARGUMENTS)
        self._optionals.title = say(strings.CLI_OPTIONS)
        self.add_argument("-h", "--help", action="help", help=say(strings.CLI_HELP))

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", say(strings.CLI_USAGE) + " ", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", say(strings.CLI_USAGE) + " ", 1)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse does, but each command refuses what it does not know: it can name what is near."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            options = [name for name in self._option_string_actions if name.startswith("--")]
            self.error(self._unknown(unknown[0], strings.did_you_mean(unknown[0], options)))
        return found, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        if action.option_strings:
            name, allowed = action.option_strings[-1], ", ".join(action.choices)
            text = say(strings.ERR_BAD_SETTING, name=name, value=value, allowed=allowed)
        else:
            text = self._unknown(value, strings.did_you_mean(value, action.choices))
        raise argparse.ArgumentError(None, text)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, without the usage, which would be heard first, and end."""
        self.exit(EXIT_USAGE, self._sentence(message) + "\n")

    def _sentence(self, message: str) -> str:
        if (found := _MISSING.fullmatch(message)) is not None:
            names = found["names"]
            form = strings.CLI_MISSING_ONE if "|" in names else strings.CLI_MISSING
            return f"{say(form, names=names.replace('|', ', '))} {self._see_help()}"
        if (found := _AMBIGUOUS.fullmatch(message)) is not None:
            return self._unknown(found["word"], say(strings.DID_YOU_MEAN, names=found["names"]))
        if (found := _ARGUMENT.fullmatch(message)) is not None:
            reason = _reason(found["reason"])
            return say(strings.CLI_ARGUMENT_WRONG, name=found["name"], reason=reason)
        return message

    def _unknown(self, word: str, hint: str) -> str:
        said = say(strings.CLI_UNKNOWN_WORD, word=word or '""')
        return " ".join(part for part in (said, hint, self._see_help()) if part)

    def _see_help(self) -> str:
        return say(strings.CLI_SEE_HELP, command=f"{self.prog} --help")


def _reason(said: str) -> str:
    """The clause of ours for one of argparse's."""
    if _NO_VALUE.fullmatch(said):
        return say(strings.CLI_VALUE_NEEDED)
    if (found := _NOT_TOGETHER.fullmatch(said)) is not None:
        return say(strings.CLI_NOT_TOGETHER, other=found["other"])
    return said
