"""The forms in which one address stands for another: what the system, or a translator on the way, connects to instead.

Addresses are numbers as in ``addresses.py``. Whoever forbids 10.0.0.0/8 means 64:ff9b::10.0.0.1 too, and whoever
forbids 127.0.0.0/8 means 0.0.0.0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

MAPPED: Final = 0xFFFF << 32
"""::ffff:0.0.0.0, where the IPv4 addresses begin (IPv4-mapped, RFC 4291, section 2.5.5.2)."""

_LOW: Final = 0xFFFFFFFF
_LOOPBACK: Final = MAPPED | 0x7F000001

Reached = Callable[[int], tuple[int, ...]]


def _last(number: int) -> tuple[int, ...]:
    return (MAPPED | number & _LOW,)


def _six_to_four(number: int) -> tuple[int, ...]:
    return (MAPPED | number >> 80 & _LOW,)


def _teredo(number: int) -> tuple[int, ...]:
    return MAPPED | number >> 64 & _LOW, MAPPED | ~number & _LOW


def _local_nat64(number: int) -> tuple[int, ...]:
    # Bits 64 to 71 are always zero and not part of the address (RFC 6052, section 2.2): cut them out.
    high, low = number >> 64, number & (1 << 56) - 1
    joined = high << 56 | low
    starts = (joined >> 40, joined >> 32, joined >> 24, number)  # prefixes of 48, 56, 64 and 96 bits
    return tuple(MAPPED | start & _LOW for start in starts)


_FORMS: Final[tuple[tuple[int, int, Reached], ...]] = (
    # Bits of the prefix, the prefix, and what is reached.
    (16, 0x2002, _six_to_four),  # 6to4, RFC 3056, section 2
    (32, 0x20010000, _teredo),  # its server, and its client with the bits inverted: RFC 4380, section 4
    (48, 0x0064FF9B0001, _local_nat64),  # the length in use is not known: RFC 8215; RFC 6052, section 2.2
    (96, 0x0064FF9B << 64, _last),  # NAT64's well-known prefix, RFC 6052, section 2.1
    (96, 0xFFFF0000, _last),  # IPv4-translated, ::ffff:0:a.b.c.d: RFC 2765, section 2.1
)  # fmt: skip


def embedded(number: int) -> tuple[int, ...]:
    """The addresses that `number` may stand for; empty where it is plain.

    Besides `_FORMS`: ISATAP's interface identifiers (RFC 5214, section 6.1), IPv4-compatible ::/96 (RFC 4291,
    section 2.5.5.1), and the unspecified addresses, which stand for this machine (`_reached`).
    """
    if number > MAPPED | _LOW:
        for bits, prefix, reached in _FORMS:
            if number >> 128 - bits == prefix:
                return _with_this_host(reached(number))
        return _with_this_host(_last(number)) if number >> 32 & 0xFDFFFFFF == 0x5EFE else ()
    if number == MAPPED:
        return (_LOOPBACK,)
    if number < 1 << 32:
        return _last(number) if number > 1 else (1,) if number == 0 else ()
    return ()


def _with_this_host(reached: tuple[int, ...]) -> tuple[int, ...]:
    """Linux connects 0.0.0.0 to 127.0.0.1 and :: to ::1 (ip_route_output_key_hash_rcu, ip6_datagram_dst_update's
    callers); "this host on this network", RFC 1122, section 3.2.1.3, and RFC 4291, section 2.5.2."""
    return (*reached, _LOOPBACK) if MAPPED in reached else reached
