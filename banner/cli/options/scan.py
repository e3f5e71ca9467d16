"""The options of ``banner scan``."""

from __future__ import annotations

import argparse

from .values import Once, count, positive, seed, workers
from .visiting import add_visiting

EXAMPLES = """examples:
  banner scan 192.0.2.0/28 -p 22,25,80 -o scan.jsonl
  banner scan 192.0.2.0/28 -p 22,25,80 -o scan.jsonl --resume
  banner scan -i hosts.txt -p top:100 --exclude-file never.txt -o scan.sqlite
  banner scan 192.0.2.0/28 -p T:22,U:53,161 -o scan.jsonl
  banner scan -i hosts.txt -p 22 --rate 200 --per-net 20 --max-time 3600
  nmap -p- --open -oX - 192.0.2.7 | banner scan -i - -o services.jsonl
  banner scan -i hosts.txt -p 443 -o scan.jsonl -o scan.csv -o -
  banner scan -i hosts.txt -p 22 --seed 7 --shard 1/4 -o first.jsonl
  cat hosts.txt | banner scan -i - -p 22 | jq -r '.banner // empty'"""


def fill(parser: argparse.ArgumentParser) -> None:
    add_targets(parser)
    add_outputs(parser)
    add_order(parser.add_argument_group("order"))
    add_pace(parser.add_argument_group("pace"))
    add_visiting(parser)
    parser.add_argument(
        "--metrics",
        metavar="PORT|FILE",
        help="Prometheus metrics of the scan: at 127.0.0.1:PORT (or ADDRESS:PORT), or in FILE every 5 seconds",
    )
    add_display(parser.add_argument_group("on a terminal"))
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress and no summary")
    parser.add_argument(
        "--log-file", metavar="FILE", help="add what is told beside the records to FILE, with the time"
    )


def add_targets(parser: argparse.ArgumentParser) -> None:
    """Who is visited."""
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help="host, host:port, [v6]:port, net/prefix, a.b.c.d-e, host:22,80,8000-8010, host:53,161/udp",
    )
    parser.add_argument(
        "-i",
        "--input",
        action="append",
        default=[],
        metavar="FILE",
        help="targets, one per line; - is standard input",
    )
    parser.add_argument(
        "-p",
        "--ports",
        action=Once,
        metavar="PORTS",
        help="22,80,8000-8010, top:100, 53,161/udp or top-udp:20, for targets that name none",
    )


def add_outputs(parser: argparse.ArgumentParser) -> None:
    """Where the records go."""
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="FILE",
        help="where the records go, in the format of the name: .jsonl .jsonl.gz .jsonl.zst .csv .sqlite .parquet "
        ".xml; - is standard output; repeatable",
    )
    parser.add_argument(
        "--format",
        metavar="NAME",
        help="another format, such as zgrab2; of several outputs that of names that do not tell one",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with the scan that was writing FILE (.jsonl or .sqlite), however it ended",
    )
    parser.add_argument("--force", action="store_true", help="begin anew although FILE holds something")


def add_order(group: argparse._ActionsContainer) -> None:
    """In which order, and which part."""
    group.add_argument(
        "--order",
        choices=("shuffled", "given"),
        default="shuffled",
        help="in which targets are visited (shuffled; what comes through a pipe is visited as it comes)",
    )
    group.add_argument("--seed", type=seed, metavar="N", help="which shuffled order (one at random)")
    group.add_argument(
        "--shard", metavar="I/N", help="only part I of N, for as many runs with equal targets and seed (0)"
    )


def add_pace(group: argparse._ActionsContainer) -> None:
    """How fast, how many at once, and how long."""
    group.add_argument(
        "-c", "--concurrency", type=count, default=1000, metavar="N", help="targets in flight (1000)"
    )
    group.add_argument(
        "--workers", type=workers, metavar="N", help="processes (one; for 20,000 targets as many as cores)"
    )
    group.add_argument(
        "--dask", metavar="ADDRESS", help="visit from a Dask cluster's workers; local starts some here"
    )
    group.add_argument("-r", "--rate", type=positive, metavar="RATE", help="connections started per second")
    group.add_argument(
        "--per-host",
        type=count,
        metavar="N",
        help="connections open at once to one address (4; 100 on many ports)",
    )
    group.add_argument("--per-net", type=count, metavar="N", help="the same for one /24 (IPv6: /64)")
    group.add_argument(
        "--max-time", type=positive, metavar="S", help="seconds after which nothing is started"
    )


def add_display(group: argparse._ActionsContainer) -> None:
    """Which results are shown, and how."""
    group.add_argument(
        "--all", action="store_true", help="show every result (what is open; the rest is counted)"
    )
    group.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="STATUS",
        help="show these alone: banner,silent (repeatable)",
    )
    group.add_argument(
        "--hide",
        action="append",
        default=[],
        metavar="STATUS",
        help="show all but these: refused,timeout (repeatable)",
    )
    group.add_argument(
        "--live", action="store_true", help="a table of the services found so far, instead of a line for each"
    )
