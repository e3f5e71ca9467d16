"""Changes for a person: a line each on a terminal, and the data of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ..formats.record import timestamp
from ..formats.terminal import safe, where
from ..models import __version__
from .columns import cell, coded, numbers
from .difference import Change, Kind
from .overview import BLOCK, packed

COLOURS = {"appeared": "32", "vanished": "31", "changed": "33"}
"""ANSI colours (SGR) by the end of a kind's name."""
SIGNS = {"appeared": "+", "vanished": "-", "changed": "~"}
_DATES = ("subject", "not_after", "sha256")
_encode = msgspec.json.Encoder().encode


def line_of(change: Change, *, colour: bool) -> str:
    """`change` in one line: sign, place, kind, before and after."""
    way = change.kind.rpartition("-")[2]
    place = safe(change.host) if change.port is None else where(change.host, change.port)
    kind = f"{change.kind:<19}"
    if colour:
        kind = f"\x1b[{COLOURS[way]}m{kind}\x1b[0m"
    return f"{SIGNS[way]} {place:<22} {kind} {story(change)}".rstrip()


def story(change: Change) -> str:
    """What was and what is, in one line that is safe on a terminal."""
    if change.kind is Kind.ALGORITHMS:
        return "; ".join(_lists(change))
    before, after = brief(change, change.before), brief(change, change.after)
    if change.kind.endswith("-changed"):
        return f"{before or 'none'} -> {after or 'none'}"
    return before or after


def brief(change: Change, half: dict[str, Any]) -> str:
    """One half of `change` in a few words."""
    if change.kind is Kind.CERTIFICATE:
        half = {
            name: str(half[name])[:16] if name == "sha256" else half[name] for name in _DATES if name in half
        }
    words = [", ".join(map(str, value)) if isinstance(value, list) else str(value) for value in half.values()]
    if change.kind in (Kind.HOST_APPEARED, Kind.HOST_VANISHED) and words:
        words[0] = f"ports {words[0]}"
    if change.kind is Kind.TLS and "tls" in half:
        words = ["TLS" if half["tls"] else "no TLS"]
    return cell(" ".join(words))


def _lists(change: Change) -> Iterator[str]:
    """Which algorithms came and went; a new order is told as such."""
    for name in dict.fromkeys((*change.before, *change.after)):
        old, new = change.before.get(name), change.after.get(name)
        if not isinstance(old, list) or not isinstance(new, list):
            yield cell(f"{name} {old} -> {new}")
            continue
        moved = [f"-{one}" for one in old if one not in new] + [f"+{one}" for one in new if one not in old]
        yield cell(f"{name} {' '.join(moved) or 'in another order'}")


def summary(changes: Sequence[Change]) -> str:
    """How many changes of each kind, in one line."""
    if not changes:
        return "nothing changed"
    told = Counter(change.kind for change in changes)
    return ", ".join(f"{told[kind]:,} {kind}" for kind in Kind if told[kind])


def changes_page(changes: Sequence[Change], names: Sequence[str], now: float) -> dict[str, Any]:
    """The data of the page of `changes` between the scans `names`, at the POSIX time `now`."""
    hosts = {change.host for change in changes}
    places = [safe(one.host) if one.port is None else where(one.host, one.port) for one in changes]
    made = timestamp(now)[:19].replace("T", " ")
    return {
        "view": "diff",
        "title": "What changed",
        "facts": [
            ["Before", cell(names[0])],
            ["After", cell(names[1])],
            ["Changes", f"{len(changes):,}"],
            ["Hosts", f"{len(hosts):,}"],
            ["Page made", f"{made} UTC, banner {__version__}"],
        ],
        "notes": [] if changes else ["Nothing changed."],
        "rows": len(changes),
        "columns": {
            "target": {"values": [cell(place) for place in places], "codes": list(range(len(places)))},
            "kind": coded([str(one.kind) for one in changes]),
            "service": coded([one.service for one in changes]),
            "before": coded([brief(one, one.before) for one in changes]),
            "after": coded([brief(one, one.after) for one in changes]),
        },
        "numbers": {"port": numbers(change.port for change in changes)},
        "block": BLOCK,
        "blocks": packed([_encode(change) for change in changes]),
    }
