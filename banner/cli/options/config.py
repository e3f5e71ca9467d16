"""The options of ``banner config``."""

from __future__ import annotations

import argparse

EXAMPLES = """examples:
  banner config
  banner config -i hosts.txt
  banner config > ~/.config/banner/banner.toml"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "What holds for a scan, and from where: banner.toml in the configuration folder "
        "($XDG_CONFIG_HOME/banner), in the working folder, and beside a list of targets. "
        "The output is such a file."
    )
    parser.add_argument(
        "-i", "--input", action="append", default=[], metavar="FILE", help="the list beside which one may be"
    )
