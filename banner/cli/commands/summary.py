"""How a scan stands, in words: counts, times, and a line of parts of which the least important goes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ...models import Status
from ...text.width import clip, columns_of

GAP: Final = "  "


def counted(statuses: Mapping[Status, int] | Mapping[str, int]) -> str:
    """How many of each status, the most frequent first: ``2,536 refused, 20 silent``."""
    ranked = sorted(statuses.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{number:,} {status}" for status, number in ranked if number)


def duration(seconds: float) -> str:
    """Seconds as a person says them: ``3.2 s``, ``4 min 10 s``, ``2 h 5 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def fitted(parts: Iterable[str], width: int) -> str:
    """As many of `parts`, which stand in the order of what matters most, as fit whole into `width` columns."""
    line = ""
    for part in filter(None, parts):
        longer = f"{line}{GAP}{part}" if line else part
        if columns_of(longer) <= width:
            line = longer
        elif not line:
            return clip(part, width)
    return line


def left_over(expected: float, done: int, in_flight: int, spent: float) -> float | None:
    """Seconds until the last of `expected` targets is begun, by what `spent` seconds were enough for; None where
    nothing can be said yet, or all are begun."""
    waiting = expected - done - in_flight
    if waiting <= 0 or not done or spent < 1:
        return None
    return waiting * spent / done
