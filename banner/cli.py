"""The command line: arguments to commands. Only what a command needs is imported, so ``--help`` is quick.

Exit status: 0 done, 1 nothing grabbed, 2 usage (or a bad line among the targets), 3 the output could not be
written, 130 interrupted. Standard output carries records and nothing else.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

EXAMPLES = """examples:
  banner grab mail.example:25
  banner scan 192.0.2.0/28 -p 22,25,80 -o scan.jsonl
  banner scan -i hosts.txt -p top:20 --exclude-file never.txt --rate 200
  some-tool | banner scan -i - -p 22 | jq -r '.banner // empty'
  banner demo"""

UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
"""How a write fails that no retry mends: a full disk or quota, a file too large, a broken or closed device."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Finds the width itself: argparse would import shutil for it, a tenth of the time of ``--help``."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            columns = 80
        super().__init__(prog, max_help_position=30, width=max(40, columns - 2))


class _Parser(argparse.ArgumentParser):
    """Parsers of commands and of their commands all use the formatter above."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Formatter, **options})


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _Parser(
        prog="banner",
        description="Collect the greetings of network services: every target in, one true record out.",
        epilog=EXAMPLES,
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    _add_grab(commands.add_parser("grab", help="one target, for a person", formatter_class=_Formatter))
    _add_scan(commands.add_parser("scan", help="many targets, to records", formatter_class=_Formatter))
    _add_identify(
        commands.add_parser(
            "identify", help="greetings in, services out; no network", formatter_class=_Formatter
        )
    )
    _add_rules(
        commands.add_parser("rules", help="look into collections of rules", formatter_class=_Formatter)
    )
    _add_convert(
        commands.add_parser(
            "convert", help="records, from one format into another", formatter_class=_Formatter
        )
    )
    _add_show(commands.add_parser("show", help="a scan as a table", formatter_class=_Formatter))
    _add_report(commands.add_parser("report", help="scans as one page", formatter_class=_Formatter))
    _add_diff(commands.add_parser("diff", help="what changed between two scans", formatter_class=_Formatter))
    merge = commands.add_parser(
        "merge", help="the shards of one scan as one file", formatter_class=_Formatter
    )
    merge.add_argument("out", metavar="OUT", help="where the records go, as JSON lines")
    merge.add_argument("shards", nargs="+", metavar="SHARD", help="what banner scan --shard -o SHARD wrote")
    merge.add_argument("--force", action="store_true", help="replace OUT")
    merge.set_defaults(run=_command("merge"), parser=merge)
    demo = commands.add_parser("demo", help="greeting servers on loopback, scanned in front of you")
    demo.set_defaults(run=_command("demo"))
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. What was printed is out, or its failure told, on return."""
    _settle_streams()
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        status = 0  # the reader has what it wanted
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        print(f"banner: cannot write standard output: {error.strerror}", file=sys.stderr)
        status = 3
    finally:
        try:
            sys.stderr.flush()
        except OSError:
            _abandon(2)
    _abandon(1)
    return status


def _abandon(fd: int) -> None:
    """Let what is still buffered for `fd` go nowhere: the interpreter flushes once more when it exits, and
    would complain of what is known already."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), fd)


def _settle_streams() -> None:
    """Let every text be printed, and keep the numbers of streams that the caller closed from other files."""
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            # For reading alone: what is written to a closed standard output fails as it should.
            os.open(os.devnull, os.O_RDONLY if fd < 2 else os.O_WRONLY)
            setattr(sys, name, open(fd, "r" if fd == 0 else "w", closefd=False))  # noqa: SIM115 - kept
        elif fd and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _run(arguments: Sequence[str] | None) -> int:
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.version:
        from .models import __version__

        print(f"banner {__version__}")
        return 0
    if not hasattr(options, "run"):
        parser.print_help(sys.stderr)
        return 2
    status: int = options.run(options)
    return status


def positive(text: str) -> float:
    """A number above 0, for argparse."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


def count(text: str) -> int:
    """A whole number from 1 on, for argparse."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def seed(text: str) -> int:
    """A whole number from 0 on, for argparse."""
    if not text.isascii() or not text.isdigit() or len(text) > 20:
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is not a whole number from 0 on")
    return int(text)


def _command(module: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        import gc
        from importlib import import_module

        # What is imported stays: looking through it for garbage, now and at every later collection, is in vain.
        gc.disable()
        command = import_module(f".commands.{module}", __package__)
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        gc.enable()
        status: int = command.run(options)
        return status

    return run


def _add_visiting(parser: argparse.ArgumentParser) -> None:
    """What `grab` and `scan` share."""
    group = parser.add_argument_group("visiting")
    group.add_argument("--timeout", type=positive, metavar="S", help="seconds for a whole target (20)")
    group.add_argument("--connect-timeout", type=positive, metavar="S", help="seconds to be accepted (5)")
    group.add_argument("--read-timeout", type=positive, metavar="S", help="seconds for the greeting (7)")
    group.add_argument(
        "--limit", type=count, default=1024, metavar="BYTES", help="bytes kept of a greeting (1024)"
    )
    group.add_argument(
        "--mode",
        choices=("listen", "light", "full"),
        default="light",
        help="listen: send nothing; light: speak where the port or the silence calls for it (the default); "
        "full: every dialogue that may tell something",
    )
    group.add_argument(
        "--probe", action="append", default=[], metavar="NAME", help="only this dialogue (repeatable)"
    )
    group.add_argument(
        "--no-probe", action="append", default=[], metavar="NAME", help="never this dialogue (repeatable)"
    )
    _add_rules_option(group)
    group.add_argument("--ehlo", metavar="NAME", help="how mail servers are greeted (banner.invalid)")
    group.add_argument("--user-agent", metavar="TEXT", help="how web servers are told who asks")
    group.add_argument(
        "--exclude",
        nargs="+",
        action="extend",
        default=[],
        metavar="NET",
        help="addresses never to be visited",
    )
    group.add_argument(
        "--exclude-file", action="append", default=[], metavar="FILE", help="the same, one per line"
    )


def _add_rules_option(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--rules",
        action="append",
        metavar="PATH",
        help="more rules: Recog XML (a file or folder) or an nmap-service-probes file; also BANNER_RULES",
    )


def _add_identify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="records; - is standard input")
    parser.add_argument("--text", action="store_true", help="FILE holds one raw greeting a line")
    parser.add_argument("--port", type=int, help="with --text: the port that greeted")
    _add_rules_option(parser)
    parser.set_defaults(run=_command("identify"))


def _add_rules(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="check")
    check = commands.add_parser(
        "check", help="how many rules of a collection load, and which do not, and why"
    )
    check.add_argument("paths", nargs="+", metavar="PATH")
    check.set_defaults(run=_command("rules"))


def _add_grab(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="HOST[:PORT]")
    parser.add_argument("-p", "--port", metavar="PORT", help="where the target names none (22)")
    parser.add_argument("--json", action="store_true", help="the record, as JSON")
    _add_visiting(parser)
    parser.set_defaults(run=_command("grab"), parser=parser)


def _add_convert(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Formats, by the output's name: .jsonl .jsonl.gz .jsonl.zst .csv .sqlite .parquet .xml; zgrab2 by --format. "
        "The input is recognised by its content."
    )
    parser.add_argument("source", metavar="IN", help="records in any of the formats; - is standard input")
    parser.add_argument("output", metavar="OUT", help="where they go; - is standard output")
    parser.add_argument("--format", metavar="NAME", help="the output's format, where its name does not tell")
    parser.set_defaults(run=_command("convert"), parser=parser)


def _add_show(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Exit status 1 where nothing matches. Off a terminal the cells are whole, with tabs between."
    )
    parser.add_argument("scan", metavar="SCAN", help="records in any of the formats; - is standard input")
    parser.add_argument(
        "-w",
        "--where",
        nargs="+",
        action="extend",
        default=[],
        metavar="CONDITION",
        help="service=ssh, status!=banner, banner~debian, port=8000-8100, ip=192.0.2.0/24; all must hold",
    )
    parser.add_argument(
        "--columns",
        default="host,port,status,service,product,version,banner",
        metavar="NAMES",
        help="those of docs/formats.md, in your order (host,port,status,service,product,version,banner)",
    )
    parser.add_argument("-n", "--limit", type=count, metavar="N", help="the first N that match")
    parser.add_argument("--json", action="store_true", help="the records themselves, as JSON lines")
    parser.set_defaults(run=_command("show"), parser=parser)


def _add_scan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help="host, host:port, [v6]:port, net/prefix, a.b.c.d-e, host:22,80,8000-8010",
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
        "-p", "--ports", metavar="PORTS", help="22,80,8000-8010 or top:100, for targets that name none"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="where the records go; - is standard output")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the scan that was writing FILE, however it ended"
    )
    parser.add_argument("--force", action="store_true", help="begin anew although FILE holds something")
    group = parser.add_argument_group("order")
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
    group = parser.add_argument_group("pace")
    group.add_argument(
        "-c", "--concurrency", type=count, default=1000, metavar="N", help="targets in flight (1000)"
    )
    group.add_argument(
        "--workers", type=count, metavar="N", help="processes (one; for 20,000 targets as many as cores)"
    )
    group.add_argument("-r", "--rate", type=positive, metavar="RATE", help="connections started per second")
    group.add_argument(
        "--per-host",
        type=count,
        metavar="N",
        help="connections open at once to one address (8; 100 on many ports)",
    )
    group.add_argument("--per-net", type=count, metavar="N", help="the same for one /24 (IPv6: /64)")
    group.add_argument(
        "--max-time", type=positive, metavar="S", help="seconds after which nothing is started"
    )
    _add_visiting(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary")
    parser.set_defaults(run=_command("scan"), parser=parser)


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write scans as one self-contained page, which needs no network to be read."
    parser.epilog = "example:\n  banner report monday.jsonl tuesday.jsonl -o page.html"
    parser.add_argument(
        "scans", nargs="+", metavar="SCAN", help="records in any of our formats; - is standard input"
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="where the page goes; - is standard output"
    )
    parser.set_defaults(run=_command("report"), parser=parser)


def _add_diff(parser: argparse.ArgumentParser) -> None:
    parser.description = "Show what changed between two scans; exit status 1 where anything did."
    parser.epilog = (
        "example:\n  banner diff monday.jsonl tuesday.jsonl || mail -s 'scan changed' root <changes.txt"
    )
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
    parser.add_argument("--quiet", action="store_true", help="no summary")
    parser.set_defaults(run=_command("diff"), parser=parser)


if __name__ == "__main__":
    sys.exit(main())
