"""The manual page, made from the parser for the wheel: what ``--help`` says, in the words of man(7)."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from .options import COMMANDS, EXAMPLES, Parser, build_parser

FILES = (
    ("banner.toml", "options that a team sets once: beside the list of targets, or in the working folder"),
    ("$XDG_CONFIG_HOME/banner/banner.toml", "the same for the user"),
)
STATUSES = (
    ("0", "done"),
    ("1", "nothing was grabbed or matched, or something changed (diff)"),
    ("2", "the command line, or a line among the targets, is no good"),
    ("3", "the output could not be written"),
    ("130", "interrupted, with what was done kept"),
)


def page(version: str) -> str:
    """``banner.1``."""
    parser = build_parser()
    lines = [
        f'.TH BANNER 1 "" "banner {_text(version)}" "User Commands"',
        *(".SH NAME", "banner \\- collect the greetings of network services"),
        *(".SH SYNOPSIS", ".B banner", ".I COMMAND", "[options]"),
        *(".SH DESCRIPTION", _text(parser.description or "")),
        *(".SH COMMANDS", *(line for name in COMMANDS for line in _command(parser.command_parser(name)))),
        *(".SH EXIT STATUS", *_listed(STATUSES)),
        *(".SH FILES", *_listed(FILES)),
        *(".SH EXAMPLES", *_examples(EXAMPLES)),
    ]
    return "\n".join(lines) + "\n"


def _command(parser: Parser) -> Iterator[str]:
    yield f".SS {_text(parser.prog)}"
    yield _text(parser.description or "")
    for action in parser._actions:
        if action.help is not argparse.SUPPRESS and not isinstance(action, argparse._SubParsersAction):
            yield ".TP"
            yield _named(action)
            yield _text(action.help or "")
    yield from _examples(parser.epilog or "")


def _named(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else "|".join(map(str, action.choices or ()))
    if not action.option_strings:
        return f"\\fI{_text(value or action.dest.upper())}\\fR"
    names = ", ".join(f"\\fB{_text(name)}\\fR" for name in action.option_strings)
    return names if action.nargs == 0 else f"{names} \\fI{_text(value or action.dest.upper())}\\fR"


def _examples(text: str) -> Iterator[str]:
    yield from (".PP", ".nf", *map(_text, text.splitlines()[1:]), ".fi")


def _listed(rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, meaning in rows:
        yield from (".TP", f".B {_text(name)}", _text(meaning))


def _text(text: str) -> str:
    """Words as troff takes them: nothing in them is its command."""
    shown = text.replace("\\", "\\e").replace("-", "\\-").replace("%%", "%")
    return f"\\&{shown}" if shown[:1] in (".", "'") else shown
