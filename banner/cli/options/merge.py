"""The options of ``banner merge``."""

from __future__ import annotations

import argparse

EXAMPLES = """examples:
  banner scan -i hosts.txt -p 22 --seed 7 --shard 1/2 -o first.jsonl
  banner scan -i hosts.txt -p 22 --seed 7 --shard 2/2 -o second.jsonl
  banner merge whole.jsonl first.jsonl second.jsonl"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "out", metavar="OUT", help="where the records go, as JSON lines; - is standard output"
    )
    parser.add_argument("shards", nargs="+", metavar="SHARD", help="what banner scan --shard -o SHARD wrote")
    parser.add_argument("--force", action="store_true", help="replace OUT")
