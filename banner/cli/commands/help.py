"""``banner help``: the same as ``--help``, of the whole or of one command."""

from __future__ import annotations

import argparse

from ..options import build_parser


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done; a command that is not there is a usage error, 2."""
    parser = build_parser()
    if options.topic is not None:
        parser = parser.command_parser(options.topic)
        for name in options.below:
            try:
                parser = parser.command_parser(name)
            except KeyError:
                options.parser.error(f"{parser.prog} has no command {name}")
    parser.print_help()
    return 0
