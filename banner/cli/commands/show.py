"""``banner show``: a scan as a table, or those of its records that are asked for.

On a terminal the columns are fitted to its width, by the first `SAMPLE` rows, so that a scan of any size is shown
from its first record on. Elsewhere the cells are whole and stand between tabs. A peer's bytes are escaped.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from ...formats.filters import all_of, check_column, texts_of
from ...formats.naming import product_of
from ...formats.reader import read_records
from ...formats.record import encode
from ...formats.terminal import COLOURS, clip, greeting, safe, safe_json
from ...models import Grab
from . import running
from .complaints import Complaints

SAMPLE = 500
"""Rows by which the widths are chosen: what fills several screens."""
WIDEST = 40
"""Columns (of the terminal) for any but the last column of the table."""

_SHADES = {status.value: shade for status, shade in COLOURS.items()}


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 something was shown, 1 nothing matched, 2 usage or something damaged in the file."""
    complaints = Complaints(running.complain, each=3)

    def bad(number: int, reason: str) -> None:
        complaints(options.scan, number, reason)

    try:
        wanted = all_of(options.where)
        columns = options.columns.split(",")
        for name in columns:
            check_column(name)
    except ValueError as error:
        options.parser.error(str(error))
    try:
        grabs = islice(filter(wanted, read_records(options.scan, bad)), options.limit)
        count = _write_json(grabs) if options.json else _write_table(grabs, columns)
    except BrokenPipeError:
        return 0  # the reader has what it wanted
    except OSError as error:
        options.parser.error(f"{options.scan}: {error.strerror or error}")
    except (ValueError, ImportError) as error:
        options.parser.error(f"{options.scan}: {error}")
    complaints.end()
    if not (count or complaints.count or options.where):
        running.complain(f"{options.scan} holds no records")
    return 2 if complaints.count else 0 if count else 1


def _write_json(grabs: Iterable[Grab]) -> int:
    count = 0
    escaped = sys.stdout.isatty()
    for grab in grabs:
        record = encode(grab)
        sys.stdout.write((safe_json(record) if escaped else record).decode())
        count += 1
    return count


def _write_table(grabs: Iterable[Grab], columns: list[str]) -> int:
    rows = ([cell(grab, name) for name in columns] for grab in grabs)
    if sys.stdout.isatty():
        return _write_fitted(rows, columns)
    first = list(islice(rows, 1))  # a file that cannot be read has no heading
    sys.stdout.write("\t".join(columns) + "\n")
    count = 0
    for row in chain(first, rows):
        sys.stdout.write("\t".join(row) + "\n")
        count += 1
    return count


def cell(grab: Grab, name: str) -> str:
    """What the table says of `grab` in the column `name`; nothing in it acts on a terminal or holds a tab."""
    if name == "banner":
        return greeting(grab) if grab.banner else ""
    if name == "product":
        return safe(product_of(grab.service) or "")
    return safe(" ".join(texts_of(grab, name)))


def _write_fitted(rows: Iterator[list[str]], columns: list[str]) -> int:
    sample = list(islice(rows, SAMPLE))
    widths = fit([columns, *sample], shutil.get_terminal_size().columns)
    colour = running.coloured()
    shaded = columns.index("status") if colour and "status" in columns else None
    heading = line(columns, widths)
    sys.stdout.write(f"\x1b[1m{heading}\x1b[0m\n" if colour else heading + "\n")
    count = 0
    for row in chain(sample, rows):
        sys.stdout.write(line(row, widths, shaded) + "\n")
        count += 1
    return count


def fit(rows: list[list[str]], width: int) -> list[int]:
    """How many columns of a terminal of `width` each column of the table takes; the last takes what is left."""
    *widths, _ = (max(map(_width, column)) for column in zip(*rows, strict=True))
    widths = [min(each, WIDEST) for each in widths]
    # The last column gets a third at least, if the others can be made that narrow.
    while widths and sum(widths) + 2 * len(widths) > width * 2 // 3 and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    return [*widths, max(8, width - sum(widths) - 2 * len(widths))]


def line(row: list[str], widths: list[int], shaded: int | None = None) -> str:
    """A row cut and padded to `widths`; the cell `shaded`, a status, in its colour."""
    cells = []
    for at, (text, width) in enumerate(zip(row, widths, strict=True)):
        shown = clip(text, width)
        padding = " " * (width - _width(shown))
        if at == shaded:
            shown = f"\x1b[{_SHADES.get(text, '2')}m{shown}\x1b[0m"
        cells.append(shown + padding)
    return "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal; East Asian wide characters take two (Unicode annex 11)."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(letter) in "WF" else not unicodedata.combining(letter)
        for letter in text
    )
