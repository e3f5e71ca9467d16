"""The options of every command, one command a file with a `fill`, beside ``commands`` that obey them.

A command's file is imported when its options are asked for, so that ``banner --help`` and every other command
cost nothing for them. Nothing here imports more than argparse.
"""

from __future__ import annotations

import argparse
import os
import sys

from ...text.nearest import nearest, nearest_or_all
from .foreign import FOREIGN, TAKEN_APART

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn


EXAMPLES = """examples:
  banner grab mail.example:25
  banner scan 192.0.2.0/28 -p 22,25,80 -o scan.jsonl
  banner scan -i hosts.txt -p top:20 --exclude-file never.txt --rate 200
  some-tool | banner scan -i - -p 22 | jq -r '.banner // empty'
  banner demo"""

COMMANDS = {
    "grab": "one target, for a person",
    "scan": "many targets, to records",
    "targets": "what files of targets name; no network",
    "identify": "greetings in, services out; no network",
    "rules": "look into collections of rules",
    "convert": "records, from one format into another",
    "show": "a scan as a table",
    "findings": "what to act on, a line each",
    "sql": "a scan asked in SQL",
    "report": "scans as one page",
    "diff": "what changed between two scans",
    "merge": "the shards of one scan as one file",
    "config": "what banner.toml sets, and where",
    "completion": "what lets a shell complete all this",
    "demo": "greeting servers on loopback, scanned in front of you",
    "help": "the options of a command",
}
"""Each has its options in a file here and is run by its file in ``commands``."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Finds the width itself: argparse would import shutil for it, a tenth of the time of ``--help``."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            columns = 80
        super().__init__(prog, max_help_position=30, width=max(40, columns - 2))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Examples stay as they are; a description is wrapped."""
        if text.startswith("example"):
            return super()._fill_text(text, width, indent)
        return argparse.HelpFormatter._fill_text(self, text, width, indent)


class Parser(argparse.ArgumentParser):
    """A parser that is made, with the options of `command`, once something is asked of it."""

    epilog: str | None

    def __init__(self, *, command: str | None = None, **options: Any) -> None:
        self.command = command
        """What it is called in `COMMANDS`; None at the root and below a command."""
        # No abbreviations: a script that says --rat breaks once there is another option that begins so.
        self._made_of = {"formatter_class": _Formatter, "allow_abbrev": False, **options}
        self._made = False
        if command is None:
            self.fill()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or self.__dict__.get("_made", True):
            raise AttributeError(name)
        self.fill()
        return getattr(self, name)

    def fill(self) -> None:
        """Make it, with the command's options; a second call does nothing."""
        if self._made:
            return
        self._made = True
        super().__init__(**self._made_of)
        if self.command is not None:
            from importlib import import_module

            options = import_module(f"{__name__}.{self.command}")
            self.epilog = options.EXAMPLES
            options.fill(self)
            self.set_defaults(parser=self)
            self.add_argument(
                "-v",
                "--verbose",
                action="count",
                default=0,
                help="tell more on standard error: each decision and outcome; -vv also what crosses the wire",
            )
            self.add_argument(
                "--color",
                choices=("auto", "always", "never"),
                default="auto",
                help="colours: on a terminal (auto; also NO_COLOR, FORCE_COLOR), always, never",
            )
            self.add_argument("--no-config", action="store_true", help="read no banner.toml")

    def command_parser(self, name: str) -> Parser:
        """The parser of the command `name`, with its options."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                command: Parser = action.choices[name]
                command.fill()
                return command
        raise KeyError(name)

    def parse_known_args(  # type: ignore[override] # the namespace is always argparse's own here
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse does it, with the command's options."""
        self.fill()
        return super().parse_known_args(args, namespace)

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """As argparse does it, but that targets may stand on both sides of an option, and with better advice."""
        given = sys.argv[1:] if args is None else list(args)
        first = given[0].partition("=")[0] if given else ""
        if self.command is None and first.startswith("--") and first not in self._option_string_actions:
            advice = nearest(first, self._option_string_actions) or "; a command's options stand behind it"
            self.error(f"unrecognized option {first}{advice}")
        options, left = self.parse_known_args(given, namespace)
        habits = [text for text in given if text in TAKEN_APART]
        if habits and hasattr(options, "parser"):
            options.parser.error(options.parser._unrecognized(habits[0]))
        strange = [text for text in left if text.startswith("-")]
        if left and not strange and hasattr(options, "targets"):
            options.targets.extend(left)
        elif left:
            parser = getattr(options, "parser", self)
            parser.error(parser._unrecognized(strange[0]) if strange else f"unrecognized: {' '.join(left)}")
        return options

    def _print_message(self, message: str, file: Any = None) -> None:
        """As argparse does it, but that a help page which cannot be written is no success."""
        if message and file is sys.stdout:
            file.write(message)
        else:
            super()._print_message(message, file)

    def _unrecognized(self, text: str) -> str:
        name = text.partition("=")[0]
        if name in {"-o", "--output"} and self.command is not None:
            advice = self._output()
        else:
            advice = f"; {FOREIGN[name]}" if name in FOREIGN else nearest(name, self._option_string_actions)
        return f"unrecognized option {name}{advice}"

    def _output(self) -> str:
        """Where the output of a command goes that has no ``-o``, as half of them have one."""
        places = [str(action.metavar) for action in self._actions if not action.option_strings]
        if "OUT" in places:
            return f"; {self.prog} {' '.join(places)} says where it goes"
        return f"; {self.prog} writes to standard output, > FILE keeps that"

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            choices = list(action.choices)
            raise argparse.ArgumentError(action, f"there is no {value!r}{self._advice(str(value), choices)}")

    def _advice(self, value: str, choices: list[str]) -> str:
        if self.command is None and ("." in value or ":" in value):  # a target where a command is expected
            return f"; banner grab {value} visits that"
        return nearest_or_all(value, choices)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where more is told, and exit with 2."""
        form = _Formatter(self.prog)
        words = [
            form._format_args(action, form._get_default_metavar_for_positional(action))
            for action in self._get_positional_actions()
        ]
        self.exit(
            2,
            f"usage: {' '.join([self.prog, '[options]', *words])}   ({self.prog} --help tells more)\n"
            f"{self.prog}: error: {message}\n",
        )


def build_parser() -> Parser:
    """The whole command line; a command's own options are added once it is named."""
    parser = Parser(
        prog="banner",
        description="Collect the greetings of network services: every target in, one true record out.",
        epilog=EXAMPLES,
    )
    parser.add_argument("-V", "--version", action="store_true", help="show the version and exit")
    # With its name, which it would find by way of a help page's patterns.
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", prog=parser.prog)
    for name, purpose in COMMANDS.items():
        commands.add_parser(name, command=name, help=purpose, description=f"{purpose.capitalize()}.")
    return parser
