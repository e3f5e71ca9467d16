"""One change in words: where, what was, what is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..formats.terminal import safe, where
from ..models import Transport
from .columns import cell
from .difference import Change, Kind, ports_of

_DATES = ("subject", "not_after", "sha256")


def place_of(change: Change) -> str:
    """The host, or the target."""
    if change.port is None:
        return safe(change.host)
    return where(change.host, change.port, change.transport)


def port_text(port: int, transport: Transport) -> str:
    """``22``, ``161/udp``."""
    return str(port) if transport is Transport.TCP else f"{port}/{transport}"


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
        words = ["ports", ", ".join(port_text(*each) for each in ports_of(half))]
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
