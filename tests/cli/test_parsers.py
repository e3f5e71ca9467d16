"""A command's parser is made once something is asked of it, and is then as argparse makes it."""

from __future__ import annotations

import argparse
import copy
import subprocess
import sys

import pytest

from banner.cli.options import COMMANDS, Parser, build_parser


def made(parser: Parser) -> list[str]:
    """The commands whose parsers have been made."""
    (commands,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return [name for name, command in commands.choices.items() if "_actions" in vars(command)]


def test_only_the_parser_that_is_named_is_made() -> None:
    parser = build_parser()
    assert parser.format_help().count("\n    ") == len(COMMANDS)
    assert made(parser) == []
    options = parser.parse_args(["grab", "mail.example"])
    assert (made(parser), options.parser.command) == (["grab"], "grab")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_is_whole_whatever_is_asked_first(command: str) -> None:
    usual = build_parser().command_parser(command)
    (commands,) = (one for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction))
    first = commands.choices[command]
    assert first.prog == usual.prog == f"banner {command}"  # an attribute of argparse's
    assert first.format_help() == usual.format_help()
    assert copy.copy(first).format_help() == usual.format_help()
    with pytest.raises(AttributeError):
        first.nothing  # noqa: B018 - it is asked for


def test_garbage_is_collected_as_before_once_the_command_line_is_imported() -> None:
    code = "import gc; {}; before = gc.isenabled(); import banner.cli; assert gc.isenabled() is before"
    for first in ("pass", "gc.disable()"):
        subprocess.run([sys.executable, "-c", code.format(first)], check=True)
