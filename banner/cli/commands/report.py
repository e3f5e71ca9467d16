"""``banner report``: scans as one self-contained page."""

from __future__ import annotations

import argparse
import os
import sys
import time
from itertools import chain

from ...formats.files import OverwritesInputError, check_inputs
from ...report.assemble import page
from ...report.overview import scan_page
from ...report.scans import ScanError, read_scan
from ...text.files import create_beside
from . import running


class Complaints:
    """Says each on standard error, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, text: str) -> None:
        self.count += 1
        running.complain(text)


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done, 2 where a file or a line was no good, 3 where the page could not be written."""
    complaints = Complaints()
    try:
        check_inputs([options.output], options.scans)
        grabs = list(chain.from_iterable(read_scan(path, complaints) for path in options.scans))
    except (ScanError, OverwritesInputError) as error:
        running.complain(str(error))
        return 2
    names = [os.path.basename(path) if path != "-" else "standard input" for path in options.scans]
    status = write(options.output, page(scan_page(grabs, names, time.time(), complaints.count)))
    return status or (2 if complaints.count else 0)


def write(path: str, text: str) -> int:
    """Write a page: 0, or 3 where that fails. A file appears whole or not at all."""
    try:
        if path == "-":
            sys.stdout.write(text)
            sys.stdout.flush()
            return 0
        begun = f"{path}.part"
        with open(create_beside(begun), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(begun, path)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    except OSError as error:
        running.complain(f"cannot write {path}: {error.strerror}")
        return 3
    return 0
