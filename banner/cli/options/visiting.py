"""What `banner grab` and `banner scan` share: how targets are visited, and by which rules they are named."""

from __future__ import annotations

import argparse

from .values import count, positive


def add_visiting(parser: argparse.ArgumentParser) -> None:
    """What `grab` and `scan` share."""
    group = parser.add_argument_group("visiting")
    add_patience(group)
    add_dialogues(group)
    add_rules(group)
    group.add_argument("--ehlo", metavar="NAME", help="how mail servers are greeted (banner.invalid)")
    group.add_argument("--user-agent", metavar="TEXT", help="how web servers are told who asks")
    add_exclusions(group)
    group.add_argument(
        "--trace",
        metavar="FILE",
        help="append every connection, decision and byte to FILE, for people (- is stderr)",
    )
    add_ways(parser)


def add_patience(group: argparse._ActionsContainer) -> None:
    """How long a target is waited for, and how much is read there."""
    group.add_argument("--timeout", type=positive, metavar="S", help="seconds for a whole target (20)")
    group.add_argument("--connect-timeout", type=positive, metavar="S", help="seconds to be accepted (5)")
    group.add_argument("--read-timeout", type=positive, metavar="S", help="seconds for the greeting (7)")
    group.add_argument(
        "--limit", type=count, default=1024, metavar="BYTES", help="bytes kept of a greeting (1024)"
    )
    group.add_argument(
        "--max-bytes",
        type=count,
        default=16384,
        metavar="BYTES",
        help="bytes read of what a UDP target sends (16384): a flood is left there",
    )


def add_dialogues(group: argparse._ActionsContainer) -> None:
    """Which dialogues are held."""
    group.add_argument(
        "--mode",
        choices=("listen", "light", "full", "tls"),
        default="light",
        help="listen: send nothing; light: speak where the port or the silence calls for it (the default); "
        "full: every dialogue that may tell something; tls: a handshake at once, for the certificate alone",
    )
    group.add_argument(
        "--probe", action="append", default=[], metavar="NAME", help="only this dialogue (repeatable)"
    )
    group.add_argument(
        "--no-probe", action="append", default=[], metavar="NAME", help="never this dialogue (repeatable)"
    )
    group.add_argument(
        "--probes",
        action="append",
        default=[],
        metavar="FOLDER|MODULE",
        help="dialogues of your own beside the built-in ones: a folder of files, a file, or a module's name",
    )


def add_exclusions(parser: argparse._ActionsContainer) -> None:
    """Which addresses nobody visits."""
    parser.add_argument(
        "--exclude",
        nargs="+",
        action="extend",
        default=[],
        metavar="NET",
        help="addresses never to be visited",
    )
    parser.add_argument(
        "--exclude-file", action="append", default=[], metavar="FILE", help="the same, one per line"
    )


def add_ways(parser: argparse.ArgumentParser) -> None:
    """The ways through the network."""
    group = parser.add_argument_group("network")
    group.add_argument(
        "--source",
        metavar="ADDRESS[:LOW-HIGH]",
        help="the address of this machine that connections begin at, and its range of ports (Linux 6.3)",
    )
    group.add_argument("--interface", metavar="NAME", help="the interface that they begin at (Linux)")
    group.add_argument(
        "--dns",
        metavar="SERVER[,SERVER]",
        help="addresses of the name servers that are asked (the system's)",
    )
    group.add_argument("--dns-timeout", type=positive, metavar="S", help="seconds for a name (5)")
    group.add_argument("--dns-rate", type=positive, metavar="RATE", help="names asked for per second")
    group.add_argument(
        "--proxy",
        metavar="URL",
        help="go through socks5://[user:password@]host:port, socks5h:// (names are resolved there) or http:// "
        "(CONNECT)",
    )


def add_rules(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--rules",
        action="append",
        metavar="PATH",
        help="more rules: Recog XML (a file or folder) or an nmap-service-probes file; also BANNER_RULES",
    )
    parser.add_argument(
        "--no-built-in-rules", action="store_true", help="only the rules of --rules (or BANNER_RULES)"
    )
