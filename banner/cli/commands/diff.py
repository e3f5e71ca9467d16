"""``banner diff``: what changed between two scans."""

from __future__ import annotations

import argparse
import sys
import time

import msgspec

from ...report.assemble import page
from ...report.changes import changes_page, line_of, summary
from ...report.difference import Change, Kind, compare
from ...report.scans import ScanError, read_scan
from ...report.sides import sides
from . import running
from .complaints import Complaints
from .report import name_of, write


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 nothing changed, 1 something did, 2 a file or a line was no good, 3 could not be written."""
    complaints = Complaints(running.complain, each=3)
    left_out = {Kind(name) for name in options.without}
    try:
        old, new = (list(read_scan(path, complaints)) for path in (options.old, options.new))
        changes = [one for one in compare(old, new, common=options.common) if one.kind not in left_out]
    except ScanError as error:
        running.complain(str(error))
        return 2
    complaints.end()
    names = [name_of(options.old), name_of(options.new)]
    written = 0
    if options.output:
        written = write(options.output, page(changes_page(changes, names, time.time(), sides(old, new))))
    if not written and options.output != "-":
        written = write("-", lines(changes, as_json=options.json, colour=running.coloured(options.color)))
        if not options.json and not options.quiet:
            print(summary(changes), file=sys.stderr)
    return written or (2 if complaints.count else 1 if changes else 0)


def lines(changes: list[Change], *, as_json: bool, colour: bool) -> str:
    """The changes, one a line."""
    if as_json:
        return "".join(f"{msgspec.json.encode(change).decode()}\n" for change in changes)
    return "".join(f"{line_of(change, colour=colour)}\n" for change in changes)
