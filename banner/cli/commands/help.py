"""``banner help``: the same as ``--help``, of the whole or of one command."""

from __future__ import annotations

import argparse

from ..options import COMMANDS, build_parser, nearest


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done, 2 where there is no such command."""
    if options.topic is not None and options.topic not in COMMANDS:
        options.parser.error(f"there is no {options.topic!r}{nearest(options.topic, COMMANDS)}")
    parser = build_parser()
    if options.topic is not None:
        parser = parser.command_parser(options.topic)
    parser.print_help()
    return 0
