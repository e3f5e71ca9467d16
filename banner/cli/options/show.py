"""The options of ``banner show``."""

from __future__ import annotations

import argparse

from .values import count

EXAMPLES = """examples:
  banner show scan.jsonl
  banner show scan.jsonl --where service=ssh 'version=~^8' --sort ip
  banner show scan.jsonl --where service=ssh 'version<9.6' --count version
  banner show scan.sqlite -w status!=banner port=1-1023 --columns host,error
  banner show scan.jsonl -w any~apache --columns host,port,title,cert_names
  banner show scan.jsonl -s cert_not_after --columns cert_not_after,host,port
  banner show scan.jsonl -w ip=192.0.2.0/24 --json | jq .service.version"""


def fill(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "A scan as a table. Exit status 1 where nothing matches. "
        "Off a terminal the cells are whole, with tabs between."
    )
    parser.add_argument("scan", metavar="SCAN", help="records in any of the formats; - is standard input")
    parser.add_argument(
        "-w",
        "--where",
        nargs="+",
        action="extend",
        default=[],
        metavar="TEST",
        help="service=ssh, status!=banner, banner~debian (contains), version=~^8 (a regular expression), 'port<1024', "
        "'version>=9.6', port=8000-8100, ip=192.0.2.0/24; all must hold; quote < and > in a shell",
    )
    parser.add_argument(
        "--columns",
        default="host,port,status,service,product,version,banner",
        metavar="NAMES",
        help="those of docs/formats.md, in your order (host,port,status,service,product,version,banner)",
    )
    parser.add_argument(
        "-s", "--sort", metavar="NAMES", help="by these columns; versions, dates and addresses in their order"
    )
    parser.add_argument("-r", "--reverse", action="store_true", help="the last first")
    parser.add_argument(
        "--count", metavar="NAMES", help="how many there are of each in these columns: service,version"
    )
    parser.add_argument("-n", "--limit", type=count, metavar="N", help="the first N that match")
    parser.add_argument("--json", action="store_true", help="the records themselves, as JSON lines")
