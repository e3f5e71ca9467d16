"""Rows as a table.

On a terminal it is fitted to the width by the first `SAMPLE` rows, so that a scan of any size is shown from its first
record on, and addresses are never what is cut. Elsewhere the cells are whole and stand between tabs.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

from ...formats.terminal import COLOURS
from ...text.width import clip, columns_of

SAMPLE: Final = 500
"""Rows by which the widths are chosen: what fills several screens."""
WIDEST: Final = 40
"""Columns (of the terminal) for any but the last column of the table; an IPv6 address takes 39."""
NARROWEST: Final = 8
GAP: Final = "  "
WHOLE: Final = frozenset(("host", "ip", "port", "status", "count"))
"""Columns of the table that are never made narrower."""

_SHADES: Final = {status.value: shade for status, shade in COLOURS.items()}


def write_table(rows: Iterable[Sequence[str]], names: Sequence[str], *, colour: bool) -> int:
    """Write `rows` under their `names` on standard output; returns how many there were. A file that cannot be read has
    no heading."""
    some = iter(rows)
    if sys.stdout.isatty():
        return _write_fitted(some, names, colour=colour)
    first = list(islice(some, 1))
    sys.stdout.write("\t".join(names) + "\n")
    count = 0
    shaded = names.index("status") if colour and "status" in names else None
    for row in chain(first, some):
        cells = [_shade(text, text) if at == shaded else text for at, text in enumerate(row)]
        sys.stdout.write("\t".join(cells) + "\n")
        count += 1
    return count


def _write_fitted(rows: Iterator[Sequence[str]], names: Sequence[str], *, colour: bool) -> int:
    sample = list(islice(rows, SAMPLE))
    width = shutil.get_terminal_size().columns
    widths = fit([names, *sample], width, names)
    shaded = names.index("status") if colour and "status" in names else None
    heading = line(names, widths, width, names)
    sys.stdout.write(f"\x1b[1m{heading}\x1b[0m\n" if colour else heading + "\n")
    count = 0
    for row in chain(sample, rows):
        sys.stdout.write(line(row, widths, width, names, shaded) + "\n")
        count += 1
    return count


def fit(rows: Sequence[Sequence[str]], width: int, names: Sequence[str]) -> list[int]:
    """How many columns of a terminal of `width` each column of the table takes; the last takes what is left."""
    most = min(WIDEST, width // 2)
    *widths, last = (min(max(map(columns_of, column)), most) for column in zip(*rows, strict=True))
    yielding = [at for at, name in enumerate(names[:-1]) if name not in WHOLE and widths[at] > NARROWEST]
    # The last column gets a fifth at least, or all it wants, if the others can be made that narrow.
    room = width - min(last, width // 5) - len(GAP) * len(widths)
    while yielding and sum(widths) > room:
        widest = max(yielding, key=widths.__getitem__)
        widths[widest] -= 1
        yielding = [at for at in yielding if widths[at] > NARROWEST]
    return [*widths, max(0, width - sum(widths) - len(GAP) * len(widths))]


def line(
    row: Sequence[str], widths: Sequence[int], width: int, names: Sequence[str], shaded: int | None = None
) -> str:
    """A row cut and padded to `widths` and to `width`, never an address; the cell `shaded`, a status, in its colour."""
    cells: list[str] = []
    room = width
    for at, (text, wide) in enumerate(zip(row, widths, strict=True)):
        most = room if at == len(widths) - 1 else min(room, wide)
        shown = text if names[at] in WHOLE else clip(text, most) if most > 0 else ""
        padding = " " * (min(room, wide) - columns_of(shown))
        room -= columns_of(shown) + len(padding) + len(GAP)
        cells.append((_shade(shown, text) if at == shaded else shown) + padding)
    return GAP.join(cells).rstrip()


def _shade(shown: str, status: str) -> str:
    return f"\x1b[{_SHADES.get(status, '2')}m{shown}\x1b[0m"
