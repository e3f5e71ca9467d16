"""``banner report``: scans as one self-contained page."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from itertools import chain

from ...formats.files import OverwritesInputError, check_inputs
from ...models import Grab
from ...report.assemble import page
from ...report.difference import compare
from ...report.overview import scan_page
from ...report.scans import ScanError, read_scan
from ...report.since import Since
from ...text.files import whole_file
from . import running
from .complaints import Complaints


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done, 2 where a file or a line was no good, 3 where the page could not be written."""
    complaints = Complaints(running.complain, each=3)
    try:
        check_inputs([options.output], [*options.scans, *([options.since] if options.since else [])])
        grabs = list(chain.from_iterable(read_scan(path, complaints) for path in options.scans))
        since = earlier(options.since, grabs, complaints) if options.since else None
    except (ScanError, OverwritesInputError) as error:
        running.complain(str(error))
        return 2
    complaints.end()
    names = list(map(name_of, options.scans))
    if not (grabs or complaints.count):
        running.complain(f"{' and '.join(options.scans)}: no records, and a page of nothing")
    status = write(
        options.output, page(scan_page(grabs, names, time.time(), complaints.count, since, options.note))
    )
    return status or (2 if complaints.count else 0)


def name_of(path: str) -> str:
    """What a scan is called on a page."""
    return os.path.basename(path) if path != "-" else "standard input"


def earlier(path: str, grabs: Sequence[Grab], complaints: Complaints) -> Since:
    """The scan at `path`, and what changed from it to `grabs`. Raises `ScanError`."""
    old = list(read_scan(path, complaints))
    return Since(name_of(path), old, compare(old, grabs))


def write(path: str, text: str) -> int:
    """Write a page: 0, or 3 where that fails. A file appears whole or not at all."""
    try:
        if path == "-":
            sys.stdout.write(text)
            sys.stdout.flush()
            return 0
        with whole_file(path) as file:
            file.write(text.encode())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    except OSError as error:
        where = "standard output" if path == "-" else path
        running.complain(f"cannot write {where}: {error.strerror}")
        return 3
    return 0
