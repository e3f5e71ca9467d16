"""The options of ``banner help``."""

from __future__ import annotations

import argparse

from . import COMMANDS

EXAMPLES = """examples:
  banner help
  banner help scan
  banner help rules check"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "topic",
        nargs="?",
        choices=tuple(COMMANDS),
        metavar="COMMAND",
        help="the same as banner COMMAND --help",
    )
    parser.add_argument(
        "below", nargs="*", metavar="COMMAND", help="of a command that has commands of its own"
    )
