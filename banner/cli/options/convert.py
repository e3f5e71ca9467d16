"""The options of ``banner convert``."""

from __future__ import annotations

import argparse

EXAMPLES = """examples:
  banner convert scan.jsonl scan.csv
  banner convert scan.jsonl.gz scan.parquet
  banner convert scan.sqlite - | jq .host
  banner convert scan.jsonl zgrab2.json --format zgrab2"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Records, from one format into another. "
        "Formats, by the output's name: .jsonl .jsonl.gz .jsonl.zst .csv .sqlite .parquet .xml; "
        "zgrab2 by --format. The input is recognised by its content."
    )
    parser.add_argument("source", metavar="IN", help="records in any of the formats; - is standard input")
    parser.add_argument("output", metavar="OUT", help="where they go; - is standard output")
    parser.add_argument("--format", metavar="NAME", help="the output's format, where its name does not tell")
