"""The options of ``banner grab``."""

from __future__ import annotations

import argparse

from .visiting import add_visiting

EXAMPLES = """examples:
  banner grab mail.example:25
  banner grab https://www.example/ mail.example:465
  banner grab 192.0.2.7 192.0.2.8 -p 443 --json
  banner grab ns.example:53/udp
  banner grab [2001:db8::7]:22 --timeout 5
  banner grab web.example:8080 --mode full --probe http"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "A few targets, for a person: what each is, what TLS showed, what it said. "
        "Exit status 1 where one gave nothing."
    )
    parser.add_argument(
        "targets", nargs="+", metavar="HOST[:PORT]", help="or a URL, such as https://www.example/"
    )
    parser.add_argument("-p", "--port", metavar="PORT", help="for targets that name none (22); 161/udp")
    parser.add_argument("--json", action="store_true", help="the records, as JSON lines")
    add_visiting(parser)
