"""The options of ``banner targets``."""

from __future__ import annotations

import argparse

from .values import Once
from .visiting import add_exclusions

EXAMPLES = """examples:
  banner targets nmap.xml hosts.txt -p 22,443
  banner targets scan.nessus --exclude-file never.txt --list > targets.txt
  shodan download x; banner targets x.json.gz"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "What banner scan -i would visit, without a packet: how each file is understood, how many targets, "
        "networks and ports. Exit status 2 where a line is no good."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="files of targets; - is standard input")
    parser.add_argument(
        "-p",
        "--ports",
        action=Once,
        metavar="PORTS",
        help="22,80,8000-8010, top:100, 53,161/udp or top-udp:20, for targets that name none",
    )
    add_exclusions(parser)
    parser.add_argument(
        "--list", action="store_true", help="the targets themselves, as banner scan -i reads them"
    )
