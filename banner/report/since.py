"""An earlier scan beside a later one on its page: what it counted, and what changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..addresses.ports import carried_port
from ..models import Grab
from .columns import cell, numbers
from .difference import Change, Kind
from .findings import RULES, When, found
from .sides import HOSTS, listed, once, port_number, sides


class Since(NamedTuple):
    """The earlier scan."""

    name: str
    grabs: Sequence[Grab]
    changes: Sequence[Change]
    """From it to the scan of the page."""


KINDS = tuple(Kind)


def since_page(
    rows: Sequence[Grab], since: Since, charted: Mapping[str, Callable[[Grab], str | None]], now: float
) -> dict[str, Any]:
    """What charts counted, whose texts `charted` reads, what rules found, and the changes beside their rows."""
    told = list(once(since.changes))
    known = Counter(rule.name for grab in since.grabs for rule, _ in found(grab, When(now)))
    ports = Counter(carried_port(grab.port, grab.transport) for grab in since.grabs)
    counts = {
        name: {cell(text): number for text, number in Counter(map(read, since.grabs)).items() if text}
        for name, read in charted.items()
    }
    return {
        "name": cell(since.name),
        "counts": counts
        | {"finding": {rule.title: known[rule.name] for rule in RULES}}
        | {"port": {str(port): number for port, number in ports.items()}},
        "kinds": [str(kind) for kind in KINDS],
        "masks": _masks(rows, told),
        "changes": listed(told, sides(since.grabs, rows))
        | {"numbers": {"port": numbers(port_number(one) for one in told)}},
    }


def _masks(rows: Sequence[Grab], changes: Sequence[Change]) -> list[int]:
    """A bit for each kind of change at the rows that it concerns."""
    bits: Counter[object] = Counter()
    for change in changes:
        place = change.host if change.kind in HOSTS else (change.host, change.port, change.transport)
        bits[place] |= 1 << KINDS.index(change.kind)
    return [bits[row.host] | bits[row.host, row.port, row.transport] for row in rows]
