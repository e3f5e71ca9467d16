"""``banner findings``: what the owner of a network has to act on, a line each."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import msgspec

from ...formats.terminal import safe, safe_json, where
from ...report.findings import RULES, Finding, When, findings
from ...report.scans import ScanError, read_scan
from ...text.nearest import nearest
from . import running
from .complaints import Complaints

BAD = "31"
"""The ANSI colour (SGR) of a finding's name."""
NAMES = tuple(rule.name for rule in RULES)


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 nothing was found, 1 something was, 2 usage, or a file or a line was no good."""
    try:
        only, without = (named(words) for words in (options.only or [",".join(NAMES)], options.without))
    except ValueError as error:
        options.parser.error(str(error))
    complaints = Complaints(running.complain, each=3)
    told: Counter[str] = Counter()
    grabs = chain.from_iterable(read_scan(path, complaints) for path in options.scans)
    wanted = (
        one for one in findings(grabs, When(time.time(), options.days)) if one.finding in only - without
    )
    try:
        for text in map(_written(options.json, running.coloured(options.color)), counted(wanted, told)):
            sys.stdout.write(text)
        sys.stdout.flush()
    except ScanError as error:
        running.complain(str(error))
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2 if complaints.count else 1  # the reader has what it wanted
    complaints.end()
    if not options.json and not options.quiet:
        print(summary(told), file=sys.stderr)
    return 2 if complaints.count else 1 if told else 0


def named(words: Iterable[str]) -> set[str]:
    """The names of rules in lists with commas. Raises `ValueError` for one that is not there."""
    names = {name for word in words for name in word.split(",") if name}
    for name in sorted(names - set(NAMES)):
        raise ValueError(f"there is no finding {name!r}" + nearest(name, NAMES))
    return names


def counted(some: Iterable[Finding], told: Counter[str]) -> Iterator[Finding]:
    """`some`, each counted in `told` by its kind."""
    for one in some:
        told[one.finding] += 1
        yield one


def summary(told: Counter[str]) -> str:
    """How many of each kind, in one line."""
    return ", ".join(f"{told[name]:,} {name}" for name in NAMES if told[name]) or "nothing was found"


def _written(as_json: bool, shade: bool) -> Callable[[Finding], str]:
    if as_json:
        return lambda one: safe_json(msgspec.json.encode(one)).decode() + "\n"

    def line(one: Finding) -> str:
        name = f"{one.finding:<25}"
        shaded = f"\x1b[{BAD}m{name}\x1b[0m" if shade else name
        return f"{where(one.host, one.port, one.transport):<22} {shaded} {safe(one.evidence)}\n"

    return line
