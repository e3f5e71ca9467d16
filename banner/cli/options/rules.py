"""The options of ``banner rules``."""

from __future__ import annotations

import argparse

EXAMPLES = """examples:
  banner rules check recog/xml
  banner rules check nmap-service-probes my-rules.xml"""


def fill(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="check")
    check = commands.add_parser(
        "check", help="how many rules of a collection load, and which do not, and why"
    )
    check.add_argument("paths", nargs="+", metavar="PATH")
