"""The options of ``banner report``."""

from __future__ import annotations

import argparse

EXAMPLES = """examples:
  banner report scan.jsonl -o page.html
  banner report monday.jsonl tuesday.sqlite -o page.html
  banner report tuesday.jsonl --since monday.jsonl -o page.html
  banner report scan.jsonl -o page.html --note "the office, every night"
  zcat old.jsonl.gz | banner report - -o page.html"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write scans as one self-contained page, which needs no network to be read."
    parser.add_argument(
        "scans", nargs="+", metavar="SCAN", help="records in any of our formats; - is standard input"
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="where the page goes; - is standard output"
    )
    parser.add_argument(
        "--since", metavar="OLD", help="an earlier scan: what changed, and what it counted beside each bar"
    )
    parser.add_argument(
        "--note",
        action="append",
        default=[],
        metavar="TEXT",
        help="what stands above: how the scan was made, its command and seed (repeatable)",
    )
