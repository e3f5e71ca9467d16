"""The options of ``banner identify``."""

from __future__ import annotations

import argparse

from .visiting import add_rules

EXAMPLES = """examples:
  banner identify scan.jsonl > named.jsonl
  banner identify --text --port 22 greetings.txt
  printf 'SSH-2.0-OpenSSH_9.2p1\\r\\n' | banner identify --text
  banner identify --rules recog/xml scan.jsonl"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="records; - is standard input")
    parser.add_argument("--text", action="store_true", help="FILE holds one raw greeting a line")
    parser.add_argument("--port", type=int, help="with --text: the port that greeted")
    add_rules(parser)
