"""``banner identify``: files and exit codes around pure code; the network is never touched."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext

from ...formats import identify_records
from ...formats.terminal import safe_json
from ...recognition.identify import Rules

DONE, USAGE, UNWRITABLE = 0, 2, 3


def rules_of(paths: list[str] | None) -> Rules:
    """The rules that ``--rules`` names, or else BANNER_RULES. Raises `OSError` and `ValueError`."""
    if paths is None:
        paths = [path for path in os.environ.get("BANNER_RULES", "").split(os.pathsep) if path]
    return Rules(*paths)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0, or 2 where a line or an argument was no good, or 3 where nothing can be
    written."""
    try:
        rules = rules_of(args.rules)
        opened = nullcontext(sys.stdin.buffer) if args.file == "-" else open(args.file, "rb")  # noqa: SIM115
        if args.port is not None and not 1 <= args.port <= 65535:
            raise ValueError(f"port {args.port} is not between 1 and 65535")
    except OSError as error:
        print(f"banner identify: {error.filename or args.file}: {error.strerror}", file=sys.stderr)
        return USAGE
    except ValueError as error:
        print(f"banner identify: {error}", file=sys.stderr)
        return USAGE
    complaints = 0

    def complain(number: int, reason: str) -> None:
        nonlocal complaints
        complaints += 1
        print(f"banner identify: line {number}: {reason}", file=sys.stderr)

    with opened as file:
        lines = identify_records.lines_of(file)
        if args.text:
            shown = identify_records.identified_text(lines, rules, args.port)
        else:
            shown = identify_records.identified(lines, rules, complain)
        written = _write(shown)
    if complaints:
        left = (
            "1 line was no record and was"
            if complaints == 1
            else f"{complaints} lines were no records and were"
        )
        print(f"banner identify: {left} left out", file=sys.stderr)
    return UNWRITABLE if not written else USAGE if complaints else DONE


def _write(lines: Iterator[bytes]) -> bool:
    """Write `lines` to standard output; False where that fails."""
    out = sys.stdout.buffer
    at_once = sys.stdout.isatty()
    try:
        for line in lines:
            if at_once:
                out.write(safe_json(line))
                out.flush()
            else:
                out.write(line)
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    except OSError as error:
        print(f"banner identify: cannot write: {error}", file=sys.stderr)
        return False
    return True
