"""Windows' clock: 100 ns since 1601 ([MS-DTYP] 2.3.3, FILETIME)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def moment(ticks: int) -> str | None:
    """A FILETIME in RFC 3339; None where it is zero or beyond the calendar."""
    try:
        found = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return found.strftime("%Y-%m-%dT%H:%M:%SZ") if ticks else None
