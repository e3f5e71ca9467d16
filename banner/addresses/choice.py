"""Which of a name's addresses are tried, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Final

OF_EACH_FAMILY: Final = 2
"""Addresses of each family that are tried. Whoever owns a name in somebody's list chooses its addresses: a few are
worth a try, as RFC 8305 wants it; hundreds would be a burst at a third party."""


def to_try(addresses: Sequence[str]) -> tuple[str, ...]:
    """At most two IPv4 and two IPv6 addresses of `addresses`, the families in turn, that of the first one first.

    Within a family the order stays (RFC 6724 made it); RFC 8305, section 4, takes the families in turn.
    """
    first = [ip for ip in addresses if (":" in ip) == (":" in addresses[0])]
    other = [ip for ip in addresses if (":" in ip) != (":" in addresses[0])]
    pairs = zip_longest(first[:OF_EACH_FAMILY], other[:OF_EACH_FAMILY])
    return tuple(ip for ip in chain.from_iterable(pairs) if ip is not None)
