"""Changes for a person: a line each on a terminal, and the data of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..models import __version__
from .columns import cell, numbers
from .difference import Change, Kind
from .sides import Sides, listed, once, port_number, sides
from .spans import moment, span
from .story import place_of, story

COLOURS = {"appeared": "32", "vanished": "31", "changed": "33"}
"""ANSI colours (SGR) by the end of a kind's name."""
SIGNS = {"appeared": "+", "vanished": "-", "changed": "~"}


def line_of(change: Change, *, colour: bool) -> str:
    """`change` in one line: sign, place, kind, before and after."""
    way = change.kind.rpartition("-")[2]
    place = place_of(change)
    kind = f"{change.kind:<19}"
    if colour:
        kind = f"\x1b[{COLOURS[way]}m{kind}\x1b[0m"
    return f"{SIGNS[way]} {place:<22} {kind} {story(change)}".rstrip()


def summary(changes: Sequence[Change]) -> str:
    """How many changes of each kind, in one line."""
    if not changes:
        return "nothing changed"
    told = Counter(change.kind for change in changes)
    return ", ".join(f"{told[kind]:,} {kind}" for kind in Kind if told[kind])


def changes_page(
    changes: Sequence[Change], names: Sequence[str], now: float, both: Sides | None = None
) -> dict[str, Any]:
    """The data of the page of `changes` between the scans `names`, at the POSIX time `now`."""
    both = both or sides()
    told = list(once(changes))
    before, after = (
        cell(name) + (f" ({span(side.values())})" if side else "")
        for name, side in zip(names, both, strict=True)
    )
    return {
        "view": "diff",
        "title": f"{cell(names[0])} to {cell(names[1])}: what changed",
        "name": f"{cell(names[0])}-{cell(names[1])}",
        "facts": [
            ["Before", before],
            ["After", after],
            ["Changes", f"{len(told):,}"],
            ["Hosts", f"{len({change.host for change in told}):,}"],
            ["Page made", f"{moment(now)} UTC, banner {__version__}"],
        ],
        "notes": [] if told else ["Nothing changed."],
        **listed(told, both),
        "numbers": {"port": numbers(port_number(change) for change in told)},
    }
