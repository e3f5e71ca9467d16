"""The options of ``banner findings``."""

from __future__ import annotations

import argparse

from .values import positive

EXAMPLES = """examples:
  banner findings scan.jsonl
  banner findings scan.jsonl --only certificate-expires-soon --days 60
  banner findings scan.jsonl --without unnamed-product --json | jq -r .host
  banner findings new.jsonl > findings || mail -s findings root < findings"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "What the owner of a network has to act on, a line each, with what the record shows: certificates that end, "
        "outdated protocols, passwords in clear text, services that ask nobody for a login. "
        "Nothing is concluded from versions. Exit status 1 where anything was found."
    )
    parser.add_argument(
        "scans", nargs="+", metavar="SCAN", help="records in any of our formats; - is standard input"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a finding")
    parser.add_argument(
        "--only",
        action="append",
        metavar="NAMES",
        help="these kinds alone, such as old-tls,old-ssh; docs/findings.md names all (repeatable)",
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="NAMES", help="none of these kinds (repeatable)"
    )
    parser.add_argument(
        "--days",
        type=positive,
        default=30.0,
        metavar="N",
        help="a certificate ends soon where N days are left (30)",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no summary")
