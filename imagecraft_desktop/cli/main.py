"""The entry of `imagecraft-desktop`: reads the command line and hands over to one command.

Only the standard library is imported here, so that `status` and `trigger` answer at once; each
command imports what it needs when it runs.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence

from imagecraft_desktop import strings
from imagecraft_desktop.cli.parser import Parser
from imagecraft_desktop.errors import EXIT_BAD_INPUT, EXIT_CANCELLED, Cancelled, ImageCraftError
from imagecraft_desktop.strings import say
from imagecraft_desktop.trigger.actions import INTERNAL, Action
from imagecraft_desktop.values import Detail

_SCREENS_ALL = "all"
_SCREEN_CURRENT = "current"


class _VersionAction(argparse.Action):
    """`--version`, looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib import metadata  # 40 ms that no other command needs to spend

        print(metadata.version("imagecraft-desktop"))
        parser.exit()


def _number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(say(strings.CLI_NOT_A_NUMBER, low=low, high=high))
        return value

    return read


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(say(strings.CLI_NOT_WHOLE)) from None


def _entry(text: str) -> int:
    """The number of a description in the history."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(say(strings.CLI_NOT_AN_ENTRY)) from None


def _seed(text: str) -> int:
    """Any whole number; what draws with it takes no more than these bits."""
    return _whole(text) % (1 << 63)


def _region(text: str) -> tuple[int, int, int, int]:
    try:
        left, top, width, height = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(say(strings.CLI_NOT_A_REGION)) from None
    if width <= 0 or height <= 0:
        raise argparse.ArgumentTypeError(say(strings.CLI_EMPTY_REGION))
    return left, top, width, height


def _screen(text: str) -> str:
    if text not in {_SCREENS_ALL, _SCREEN_CURRENT} and not (
        text.isascii() and text.isdigit() and int(text) > 0
    ):
        raise argparse.ArgumentTypeError(say(strings.CLI_NOT_A_SCREEN))
    return text


def _add_voice_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--voice", metavar="NAME", help=say(strings.CLI_VOICE))
    _add_sound_options(parser)


def _add_sound_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rate", type=_number(0.5, 4.0), metavar="0.5..4.0", help=say(strings.CLI_RATE)
    )
    parser.add_argument(
        "--pitch", type=_number(-12.0, 12.0), metavar="-12..12", help=say(strings.CLI_PITCH)
    )
    parser.add_argument(
        "--volume", type=_number(0.0, 1.0), metavar="0..1", help=say(strings.CLI_VOLUME)
    )
    parser.add_argument("--seed", type=_seed, default=0, help=say(strings.CLI_SEED))
    parser.add_argument("--out", metavar="FILE", help=say(strings.CLI_OUT))
    parser.add_argument("--no-speak", action="store_true", help=say(strings.CLI_NO_SPEAK))


def _add_describe(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = commands.add_parser(
        "describe",
        help=say(strings.CLI_DESCRIBE),
        description=say(strings.CLI_DESCRIBE_LONG),
    )
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help=say(strings.CLI_SOURCE))
    parser.add_argument(
        "--screen",
        nargs="?",
        const=_SCREEN_CURRENT,  # argparse sends it through `_screen`, too
        type=_screen,
        metavar="N|all",
        help=say(strings.CLI_SCREEN),
    )
    parser.add_argument("--window", action="store_true", help=say(strings.CLI_WINDOW))
    parser.add_argument("--region", type=_region, metavar="X,Y,W,H", help=say(strings.CLI_REGION))
    parser.add_argument("--clipboard", action="store_true", help=say(strings.CLI_CLIPBOARD))
    parser.add_argument("--allow-private", action="store_true", help=say(strings.CLI_PRIVATE))
    much = parser.add_mutually_exclusive_group()
    for detail in Detail:
        much.add_argument(
            f"--{detail.value}",
            dest="detail",
            action="store_const",
            const=detail,
            help=say(strings.CLI_DETAIL[detail.value]),
        )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--text", action="store_true", help=say(strings.CLI_TEXT))
    what.add_argument(
        "--ask", metavar="QUESTION", action="append", default=[], help=say(strings.CLI_ASK)
    )
    parser.add_argument("--json", action="store_true", help=say(strings.CLI_JSON))
    parser.add_argument("--no-history", action="store_true", help=say(strings.CLI_NO_HISTORY))
    parser.add_argument("--captioner", metavar="NAME", help=say(strings.CLI_CAPTIONER))
    _add_voice_options(parser)


def _add_speak(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = commands.add_parser("speak", help=say(strings.CLI_SPEAK))
    parser.add_argument("text", nargs="+", metavar="TEXT", help=say(strings.CLI_SPEAK_TEXT))
    parser.add_argument("--language", metavar="TAG", help=say(strings.CLI_LANGUAGE))
    parser.add_argument("--json", action="store_true", help=say(strings.CLI_JSON))
    _add_voice_options(parser)


def _add_remote(commands: argparse._SubParsersAction[Parser]) -> None:
    trigger = commands.add_parser("trigger", help=say(strings.CLI_TRIGGER))
    words = [action.value for action in Action if action not in INTERNAL]
    trigger.add_argument(
        "action",
        choices=words,
        metavar="ACTION",
        help=say(strings.CLI_ACTION, actions=", ".join(words)),
    )
    trigger.add_argument("path", nargs="?", metavar="FILE", help=say(strings.CLI_ACTION_FILE))
    trigger.add_argument("--question", metavar="QUESTION", help=say(strings.CLI_ACTION_QUESTION))
    trigger.add_argument("--start", action="store_true", help=say(strings.CLI_START))
    window = commands.add_parser("window", help=say(strings.CLI_WINDOW_OPEN))
    window.add_argument("files", nargs="*", metavar="FILE", help=say(strings.CLI_WINDOW_FILES))
    window.add_argument("--start", action="store_true", help=say(strings.CLI_START))
    commands.add_parser("stop", help=say(strings.CLI_STOP))
    commands.add_parser("repeat", help=say(strings.CLI_REPEAT))
    status = commands.add_parser("status", help=say(strings.CLI_STATUS))
    status.add_argument("--json", action="store_true", help=say(strings.CLI_JSON))


def _add_settings(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = commands.add_parser("settings", help=say(strings.CLI_SETTINGS))
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="get|set|list|path|window|reset|ask-again|export|import"
    )
    get = verbs.add_parser("get", help=say(strings.CLI_SETTINGS_GET))
    get.add_argument("name")
    change = verbs.add_parser("set", help=say(strings.CLI_SETTINGS_SET))
    change.add_argument("name")
    change.add_argument("value")
    verbs.add_parser("list", help=say(strings.CLI_SETTINGS_LIST))
    verbs.add_parser("path", help=say(strings.CLI_SETTINGS_PATH))
    verbs.add_parser("window", help=say(strings.CLI_SETTINGS_WINDOW))
    reset = verbs.add_parser("reset", help=say(strings.CLI_SETTINGS_RESET))
    reset.add_argument("name", metavar="NAME|all")
    verbs.add_parser("ask-again", help=say(strings.CLI_SETTINGS_ASK_AGAIN))
    for verb, text in {
        "export": strings.CLI_SETTINGS_EXPORT,
        "import": strings.CLI_SETTINGS_IMPORT,
    }.items():
        verbs.add_parser(verb, help=say(text)).add_argument("file", metavar="FILE")


def _add_server(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = commands.add_parser("server", help=say(strings.CLI_SERVER))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="allow|forget|test")
    allow = verbs.add_parser("allow", help=say(strings.CLI_SERVER_ALLOW))
    allow.add_argument("host", metavar="HOST", help=say(strings.CLI_SERVER_HOST))
    allow.add_argument("--accept", action="store_true", help=say(strings.CLI_SERVER_ACCEPT))
    forget = verbs.add_parser("forget", help=say(strings.CLI_SERVER_FORGET))
    forget.add_argument("host", nargs="?", metavar="HOST", help=say(strings.CLI_SERVER_HOST))
    verbs.add_parser("test", help=say(strings.CLI_SERVER_TEST))


def _add_voice(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = commands.add_parser("voice", help=say(strings.CLI_VOICE_OWN))
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="add|list|remove|test|model|licence"
    )
    add = verbs.add_parser(
        "add", help=say(strings.CLI_VOICE_ADD), description=say(strings.CLI_VOICE_ADD_LONG)
    )
    add.add_argument("name", metavar="NAME", help=say(strings.CLI_VOICE_NAME))
    add.add_argument("--audio", metavar="FILE", required=True, help=say(strings.CLI_VOICE_AUDIO))
    add.add_argument("--transcript", metavar="TEXT", help=say(strings.CLI_VOICE_TRANSCRIPT))
    add.add_argument(
        "--cut", type=_number(0, 600), metavar="SECONDS", help=say(strings.CLI_VOICE_CUT)
    )
    add.add_argument("--replace", action="store_true", help=say(strings.CLI_VOICE_REPLACE))
    add.add_argument("--speaker-agreed", action="store_true", help=say(strings.CLI_VOICE_AGREED))
    verbs.add_parser("list", help=say(strings.CLI_VOICE_LIST))
    remove = verbs.add_parser("remove", help=say(strings.CLI_VOICE_REMOVE))
    remove.add_argument("name", metavar="NAME", help=say(strings.CLI_VOICE_NAME))
    test = verbs.add_parser("test", help=say(strings.CLI_VOICE_TEST))
    test.add_argument("name", metavar="NAME", help=say(strings.CLI_VOICE_NAME))
    test.add_argument("text", nargs="*", metavar="TEXT", help=say(strings.CLI_VOICE_TEXT))
    _add_sound_options(test)
    model = verbs.add_parser("model", help=say(strings.CLI_VOICE_MODEL))
    model.add_argument("folder", metavar="FOLDER", help=say(strings.CLI_VOICE_MODEL_FOLDER))
    model.add_argument("--accept", action="store_true", help=say(strings.CLI_VOICE_ACCEPT))
    licence = verbs.add_parser("licence", help=say(strings.CLI_VOICE_LICENCE))
    licence.add_argument("--accept", action="store_true", help=say(strings.CLI_VOICE_ACCEPT))


def _add_history(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = commands.add_parser("history", help=say(strings.CLI_HISTORY))
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="list|search|show|repeat|export|forget"
    )
    for verb, text in {
        "list": strings.CLI_HISTORY_LIST,
        "search": strings.CLI_HISTORY_SEARCH,
        "show": strings.CLI_HISTORY_SHOW,
        "repeat": strings.CLI_HISTORY_REPEAT,
        "export": strings.CLI_HISTORY_EXPORT,
        "forget": strings.CLI_HISTORY_FORGET,
    }.items():
        one = verbs.add_parser(verb, help=say(text))
        if verb == "search":
            one.add_argument(
                "words", nargs="+", metavar="WORDS", help=say(strings.CLI_HISTORY_WORDS)
            )
        if verb in {"show", "repeat", "forget"}:
            n_numbers = "?" if verb == "forget" else None
            one.add_argument(
                "number",
                type=_entry,
                nargs=n_numbers,
                metavar="N",
                help=say(strings.CLI_HISTORY_NUMBER),
            )
        if verb == "forget":
            one.add_argument("--all", action="store_true", help=say(strings.CLI_HISTORY_FORGET_ALL))
        if verb in {"list", "search"}:
            one.add_argument(
                "--most", type=_whole, default=20, metavar="N", help=say(strings.CLI_HISTORY_MOST)
            )
        if verb in {"list", "search", "show"}:
            one.add_argument("--json", action="store_true", help=say(strings.CLI_JSON))
        if verb == "show":
            one.add_argument("--picture", metavar="FILE", help=say(strings.CLI_HISTORY_PICTURE))
        if verb == "export":
            one.add_argument("file", metavar="FILE", help=say(strings.CLI_HISTORY_FILE))
        if verb == "repeat":
            _add_voice_options(one)


def _add_models(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = commands.add_parser("models", help=say(strings.CLI_MODELS))
    verbs = parser.add_subparsers(
        dest="verb",
        required=True,
        metavar="list|show|install|pause|resume|remove|verify|import|calibrate|login|logout",
    )
    verbs.add_parser("login", help=say(strings.CLI_MODELS_LOG_IN))
    verbs.add_parser("logout", help=say(strings.CLI_MODELS_LOG_OUT))
    listing = verbs.add_parser("list", help=say(strings.CLI_MODELS_LIST))
    listing.add_argument("--json", action="store_true", help=say(strings.CLI_JSON))
    for verb, text in {
        "show": strings.CLI_MODELS_SHOW,
        "install": strings.CLI_MODELS_INSTALL,
        "pause": strings.CLI_MODELS_PAUSE,
        "resume": strings.CLI_MODELS_RESUME,
        "remove": strings.CLI_MODELS_REMOVE,
        "verify": strings.CLI_MODELS_VERIFY,
        "import": strings.CLI_MODELS_IMPORT,
        "calibrate": strings.CLI_MODELS_CALIBRATE,
    }.items():
        one = verbs.add_parser(verb, help=say(text))
        n_names = "?" if verb == "verify" else None
        one.add_argument("name", nargs=n_names, metavar="NAME", help=say(strings.CLI_MODELS_NAME))
        if verb == "import":
            one.add_argument("folder", metavar="FOLDER", help=say(strings.CLI_MODELS_FOLDER))
        if verb == "install":
            one.add_argument("--login", action="store_true", help=say(strings.CLI_MODELS_LOGIN))
            one.add_argument(
                "--say", dest="is_aloud", action="store_true", help=say(strings.CLI_MODELS_SAY)
            )
        if verb in {"install", "import"}:
            one.add_argument("--accept", action="store_true", help=say(strings.CLI_MODELS_ACCEPT))
            one.add_argument(
                "--no-calibrate",
                dest="is_measured",
                action="store_false",
                help=say(strings.CLI_MODELS_NO_CALIBRATE),
            )
        if verb in {"show", "calibrate"}:
            one.add_argument("--json", action="store_true", help=say(strings.CLI_JSON))


def _add_bench(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = commands.add_parser("bench", help=say(strings.CLI_BENCH))
    parser.add_argument("pictures", nargs="*", metavar="FOLDER", help=say(strings.CLI_BENCH_FOLDER))
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="FILE", help=say(strings.CLI_BENCH_JSON)
    )
    parser.add_argument("--only", metavar="PART", help=say(strings.CLI_BENCH_ONLY))
    parser.add_argument("--size", choices=("330", "830"), help=say(strings.CLI_BENCH_SIZE))
    modes = ("fp32", "bf16", "fp16", "int8", "int4")
    parser.add_argument("--mode", choices=modes, help=say(strings.CLI_BENCH_MODE))
    devices = ("cpu", "cuda", "mps")
    parser.add_argument("--device", choices=devices, help=say(strings.CLI_BENCH_DEVICE))
    parser.add_argument("--checkpoint", metavar="FOLDER", help=say(strings.CLI_BENCH_CHECKPOINT))
    parser.add_argument(
        "--random", action="store_const", const=True, help=say(strings.CLI_BENCH_RANDOM)
    )
    parser.add_argument(
        "--keep", action="store_const", const=True, help=say(strings.CLI_BENCH_KEEP)
    )
    parser.add_argument("--forget", action="store_true", help=say(strings.CLI_BENCH_FORGET))


def make_parser() -> argparse.ArgumentParser:
    """The whole command line, in the language of now."""
    parser = Parser(
        prog="imagecraft-desktop",
        description=say(strings.CLI_FIRST),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", nargs=0, action=_VersionAction, help=say(strings.CLI_VERSION))
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_describe(commands)
    _add_speak(commands)
    _add_voice(commands)
    commands.add_parser("voices", help=say(strings.CLI_VOICES))
    commands.add_parser("captioners", help=say(strings.CLI_CAPTIONERS))
    _add_models(commands)
    _add_history(commands)
    _add_server(commands)
    test = commands.add_parser("self-test", help=say(strings.CLI_SELF_TEST))
    test.add_argument("--offline", action="store_true", help=say(strings.CLI_OFFLINE))
    commands.add_parser("app", help=say(strings.CLI_APP))
    _add_remote(commands)
    _add_settings(commands)
    _add_bench(commands)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    """Import the command's module and run it; its exit status."""
    command = arguments.command
    if command == "describe":
        from imagecraft_desktop.cli.describe import describe

        return describe(arguments)
    if command == "speak":
        from imagecraft_desktop.cli.describe import speak

        return speak(arguments)
    if command == "voice":
        from imagecraft_desktop.cli.voice import voice

        return voice(arguments)
    if command in {"voices", "captioners"}:
        from imagecraft_desktop.cli import lists

        return lists.voices() if command == "voices" else lists.captioners()
    if command == "models":
        from imagecraft_desktop.cli.models import models

        return models(arguments)
    if command == "history":
        from imagecraft_desktop.cli.history import history

        return history(arguments)
    if command == "server":
        from imagecraft_desktop.cli.server import server

        return server(arguments)
    if command == "self-test":
        from imagecraft_desktop.cli.selftest import prove_offline, self_test

        return prove_offline() if arguments.offline else self_test()
    if command == "app":
        from imagecraft_desktop.app import main as run_app

        return run_app()
    if command == "settings":
        from imagecraft_desktop.cli.change_settings import settings

        return settings(arguments)
    if command == "bench":
        from imagecraft_desktop.bench.run import bench

        return bench(arguments)
    from imagecraft_desktop.cli.remote import remote

    return remote(arguments)


def set_language() -> None:
    """Speak the language of the settings, or the system's; tell what is wrong with the settings."""
    from imagecraft_desktop.settings import store
    from imagecraft_desktop.system import paths
    from imagecraft_desktop.system.language import chosen

    loaded = store.load()
    strings.use_language(chosen(loaded.settings.language), paths.resources() / "locale")
    for problem in loaded.problems:
        print(problem, file=sys.stderr)


def _open_closed_streams() -> None:
    """Put an empty stream where the caller closed one, so that the command does its work all the same."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115
            os.set_inheritable(stream.fileno(), True)  # a child of ours begins with it, too
            setattr(sys, name, stream)


def _end_on_term(*_: object) -> None:
    raise KeyboardInterrupt


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (see `errors.py`)."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that lacks a letter gets its number instead, not an error of ours
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _end_on_term)
    try:
        set_language()
        status = _run(make_parser().parse_args(argv))
        sys.stdout.flush()
        return status
    except ImageCraftError as error:
        print(error.spoken, file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, Cancelled):
        print(say(strings.CANCELLED), file=sys.stderr)
        return EXIT_CANCELLED
    except BrokenPipeError:
        _drop_output()
        return EXIT_CANCELLED  # whoever read our output has gone: nobody is left to tell
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _drop_output()
        print(say(strings.CLI_DISK_FULL), file=sys.stderr)
        return EXIT_BAD_INPUT


def _drop_output() -> None:
    """Let go what could not be printed; else Python tries again when it ends, and complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
