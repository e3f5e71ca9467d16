"""Moments and lengths of time as a page says them."""

from __future__ import annotations

from collections.abc import Iterable

from ..formats.record import timestamp
from ..models import Grab


def duration(seconds: float) -> str:
    """A length of time in its two largest units."""
    whole = round(seconds)
    for size, unit, smaller, name in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            return f"{whole // size} {unit} {whole % size // smaller} {name}"
    return f"{seconds:.1f} s"


def moment(seconds: float) -> str:
    """A POSIX time to the second."""
    return timestamp(seconds)[:19].replace("T", " ")


def span(grabs: Iterable[Grab]) -> str:
    """From when on, and how long, in a few words; ``no records`` where there is none."""
    times = [grab.time for grab in grabs]
    return f"{moment(min(times))} UTC, {duration(max(times) - min(times))}" if times else "no records"
