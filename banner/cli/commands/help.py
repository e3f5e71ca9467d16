"""``banner help``: the same as ``--help``, of the whole or of one command."""

from __future__ import annotations

import argparse

from ..options import build_parser


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done."""
    parser = build_parser()
    if options.topic is not None:
        parser = parser.command_parser(options.topic)
    parser.print_help()
    return 0
