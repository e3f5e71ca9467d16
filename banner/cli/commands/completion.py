"""``banner completion``: the script with which a shell completes the command line, made by shtab from the parsers.

What a value may be is told there by its metavar, or by the names that this version knows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final

import shtab

from ...formats.filters import COLUMN_NAMES
from ...formats.registry import FORMATS
from ...models import Status
from ...probes import all as all_probes
from ..options import COMMANDS, Parser, build_parser

FILES: Final = frozenset(("FILE", "IN", "OUT", "SCAN", "OLD", "NEW", "SHARD", "PATH"))
"""What names files is called so."""
STATUSES: Final = tuple(status.value for status in Status)
PROBES: Final = tuple(sorted(probe.name for probe in all_probes()))
VALUES: Final = {
    "probe": PROBES,
    "no_probe": PROBES,
    "format": tuple(FORMATS),
    "only": STATUSES,
    "hide": STATUSES,
    "columns": COLUMN_NAMES,
    "sort": COLUMN_NAMES,
    "count": COLUMN_NAMES,
    "where": tuple(f"{name}=" for name in COLUMN_NAMES),
}
"""What options take that check it themselves, with a better message than argparse's."""


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done."""
    parser = build_parser()
    for action in actions(parser):
        if action.metavar in FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined] # shtab's way to be told
        if action.dest in VALUES and action.option_strings:
            action.choices = VALUES[action.dest]
    print(shtab.complete(parser, options.shell))
    return 0


def actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every option and argument of `parser` and of its commands."""
    if isinstance(parser, Parser):
        parser.fill()
        if parser.command is not None:
            parser.description = COMMANDS[parser.command]  # one line: it stands beside the name
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in dict.fromkeys(action.choices.values()):
                yield from actions(command)
