"""The options of ``banner diff``."""

from __future__ import annotations

import argparse

EXAMPLES = """examples:
  banner diff monday.jsonl tuesday.jsonl
  banner diff monday.jsonl tuesday.jsonl --without banner-changed
  banner diff monday.jsonl tuesday.jsonl --common -o changes.html
  banner diff old.jsonl new.jsonl > changes || mail -s changed root < changes"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.description = "Show what changed between two scans; exit status 1 where anything did."
    parser.add_argument("old", metavar="OLD", help="records in any of our formats; - is standard input")
    parser.add_argument("new", metavar="NEW", help="the same, of a later time")
    parser.add_argument("--json", action="store_true", help="one JSON object a change")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="a page beside the lines; - is standard output"
    )
    parser.add_argument("--common", action="store_true", help="only targets that both scans visited")
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="KIND",
        choices=(
            *("host-appeared", "host-vanished", "service-appeared", "service-vanished", "status-changed"),
            *("service-changed", "product-changed", "version-changed", "certificate-changed", "tls-changed"),
            *("algorithms-changed", "banner-changed"),
        ),
        help="leave out a kind of change, such as banner-changed (repeatable)",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no summary")
