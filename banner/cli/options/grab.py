"""The options of ``banner grab``."""

from __future__ import annotations

import argparse

from .visiting import add_visiting

EXAMPLES = """examples:
  banner grab mail.example:25
  banner grab 192.0.2.7 -p 443 --json
  banner grab [2001:db8::7]:22 --timeout 5
  banner grab web.example:8080 --mode full --probe http"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="HOST[:PORT]")
    parser.add_argument("-p", "--port", metavar="PORT", help="where the target names none (22)")
    parser.add_argument("--json", action="store_true", help="the record, as JSON")
    add_visiting(parser)
