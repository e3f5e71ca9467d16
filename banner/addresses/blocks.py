"""Addresses as numbers: text to integer and back, blocks of addresses, and sets of blocks.

One line of integers holds both families: an IPv6 address is its 128 bits, and an IPv4 address is its
IPv4-mapped form, ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2). So a number never needs its family beside it,
and the two spellings of one IPv4 address are one address everywhere: in a ceiling, an exclusion, a policy.
An `AddressSet` is a sorted list of bounds; membership is one bisection. It looks through the forms in which
an address stands for another one (``forms.py``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from ..text.lines import content, shown
from ..text.patterns import lazily
from .forms import MAPPED, embedded

MAPPED_LAST: Final = MAPPED | 0xFFFFFFFF
LAST: Final = (1 << 128) - 1
_BORDERS: Final = (MAPPED, MAPPED_LAST + 1)  # where no block goes on from one family into the other

_OCTET: Final = {
    str(value): value for value in range(256)
}  # no leading zeros, no hexadecimal, no other digits
_TEXTS: Final = tuple(_OCTET)
_ZEROS: Final = tuple(":0" * count + ":" for count in range(8, 1, -1))


class Block(msgspec.Struct, frozen=True, order=True):
    """Consecutive addresses, from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many addresses."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        first = format_address(self.first)
        return first if self.first == self.last else f"{first}-{format_address(self.last)}"


def parse_address(text: str) -> int:
    """The number of an IPv4 address (four decimal octets, nothing shorter) or IPv6 address without a zone.

    Raises `ValueError` for anything else, so for what ``inet_aton`` takes too: ``1``, ``0x7f.1``,
    ``010.0.0.1``.
    """
    if ":" not in text:
        return parse_ipv4(text)
    from ipaddress import AddressValueError, IPv6Address  # a large module, for those who have such addresses

    try:
        if "%" in text:
            raise AddressValueError
        return int(IPv6Address(text))
    except AddressValueError:
        raise ValueError(f"{shown(text)} is not an IPv6 address") from None


def parse_ipv4(text: str) -> int:
    """The number of an IPv4 address; `ValueError` for anything else."""
    try:
        a, b, c, d = text.split(".")
        return MAPPED | _OCTET[a] << 24 | _OCTET[b] << 16 | _OCTET[c] << 8 | _OCTET[d]
    except (ValueError, KeyError):
        named = text.rpartition(".")[2][:1].isalpha()  # no address ends so
        raise ValueError(f"{shown(text)} is {'a name, ' * named}not an IPv4 address") from None


def format_address(number: int) -> str:
    """The text of an address: dotted for IPv4, compressed as RFC 5952 asks for IPv6."""
    if number >> 32 == 0xFFFF:
        high, low = number >> 16 & 0xFFFF, number & 0xFFFF  # of small numbers the rest takes half the time
        return f"{_TEXTS[high >> 8]}.{_TEXTS[high & 255]}.{_TEXTS[low >> 8]}.{_TEXTS[low & 255]}"
    high, low = number >> 64, number & 0xFFFFFFFFFFFFFFFF
    text = (
        f":{high >> 48:x}:{high >> 32 & 0xFFFF:x}:{high >> 16 & 0xFFFF:x}:{high & 0xFFFF:x}"
        f":{low >> 48:x}:{low >> 32 & 0xFFFF:x}:{low >> 16 & 0xFFFF:x}:{low & 0xFFFF:x}:"
    )
    for zeros in _ZEROS:  # the longest run of zero groups, the first of equals (RFC 5952, section 4.2)
        if (at := text.find(zeros)) >= 0:
            return f"{text[1:at]}::{text[at + len(zeros) : -1]}"
    return text[1:-1]


def parse_block(text: str) -> Block:
    """The addresses that `text` names: one, a CIDR block, or a range.

    A CIDR block may be written with host bits (10.0.0.5/8 is 10.0.0.0/8, as nmap and masscan read it). A
    range is ``a.b.c.d-e`` (the last octet), or two addresses of one family. Raises `ValueError` with the
    reason.
    """
    head, slash, tail = text.partition("/")
    if slash:
        return _cidr(head, tail)
    head, dash, tail = text.partition("-")
    if not dash:
        number = parse_address(text)
        return Block(number, number)
    first = parse_address(head)
    short = first >> 32 == 0xFFFF and tail in _OCTET
    last = first & ~255 | _OCTET[tail] if short else parse_address(tail)
    if (first >> 32 == 0xFFFF) != (last >> 32 == 0xFFFF):
        raise ValueError(f"{shown(text)} goes from one address family to the other")
    if last < first:
        raise ValueError(f"the range {shown(text)} runs backwards")
    return Block(first, last)


def _cidr(head: str, tail: str) -> Block:
    if not head:
        raise ValueError(f"{shown('/' + tail)}: before the slash an address is expected")
    number = parse_address(head)
    bits = 128 if ":" in head else 32
    if not (tail.isascii() and tail.isdigit() and len(tail) <= 3 and int(tail) <= bits):
        raise ValueError(f"{shown(tail)} is not a prefix length between 0 and {bits}")
    hosts = (1 << (bits - int(tail))) - 1
    return Block(number & ~hosts, number | hosts)


_FAMILIES: Final = (Block(0, MAPPED - 1), Block(MAPPED, MAPPED_LAST), Block(MAPPED_LAST + 1, LAST))


class AddressSet:
    """A set of addresses as merged blocks. It never changes; `|` makes the union of two."""

    __slots__ = ("_bounds",)

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        bounds: list[int] = []  # first, last + 1, first, last + 1, ...: an odd rank is inside
        for block in sorted(part for whole in blocks for part in _of_one_family(whole)):
            if bounds and block.first < bounds[-1] + (block.first not in _BORDERS):
                bounds[-1] = max(bounds[-1], block.last + 1)
            else:
                bounds += (block.first, block.last + 1)
        self._bounds = bounds

    @classmethod
    def of(cls, networks: Iterable[str]) -> AddressSet:
        """The set of what `networks` name, each as `parse_block` reads it; `ValueError` for a bad one."""
        return cls([parse_block(text) for text in networks])

    @classmethod
    def read(cls, lines: Iterable[bytes | str]) -> AddressSet:
        """The set of a file's networks, one on a line, with ``#`` comments and blank lines.

        Raises `ValueError` with the number of the first bad line: an exclusion must not be lost in silence.
        """
        blocks = []
        for number, line in enumerate(lines, 1):
            try:
                if text := content(line):
                    blocks.append(parse_block(text))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
        return cls(blocks)

    def __contains__(self, address: int | str) -> bool:
        """Whether `address`, or another one that it stands for (`embedded`), is in the set.

        A text may carry a zone (``fe80::1%eth0``), which does not count. `ValueError` for a text that is no
        address.
        """
        number = address if isinstance(address, int) else parse_address(address.partition("%")[0])
        if bisect_right(self._bounds, number) & 1:
            return True
        if number >> 32 == 0xFFFF and number != MAPPED:
            return False
        for inner in embedded(number):  # noqa: SIM110 - a loop over nothing, mostly; any() costs twice as much
            if bisect_right(self._bounds, inner) & 1:
                return True
        return False

    def subtract_from(self, block: Block) -> list[Block]:
        """What is left of `block` without this set, in order.

        Only the addresses themselves are taken out, not those that `embedded` sees through: ask ``in`` for
        them.
        """
        low = bisect_right(self._bounds, block.first)
        high = bisect_left(self._bounds, block.last + 1)
        cuts = [block.first, *self._bounds[low:high], block.last + 1]
        if low & 1:  # the block begins inside the set
            del cuts[0]
        if high & 1:
            del cuts[-1]
        gaps = zip(cuts[::2], cuts[1::2], strict=True)  # an empty one lies where two families' blocks meet
        return [Block(start, end - 1) for start, end in gaps if start < end]

    def complement(self) -> AddressSet:
        """Every other address."""
        return AddressSet(rest for family in _FAMILIES for rest in self.subtract_from(family))

    @property
    def size(self) -> int:
        """How many addresses."""
        return sum(block.size for block in self)

    def __iter__(self) -> Iterator[Block]:
        firsts, ends = self._bounds[::2], self._bounds[1::2]
        return (Block(first, end - 1) for first, end in zip(firsts, ends, strict=True))

    def __or__(self, other: AddressSet) -> AddressSet:
        return AddressSet([*self, *other])

    def __bool__(self) -> bool:
        return bool(self._bounds)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AddressSet) and self._bounds == other._bounds

    def __hash__(self) -> int:
        return hash(tuple(self._bounds))

    def __repr__(self) -> str:
        return f"<AddressSet of {len(self._bounds) // 2} blocks, {self.size} addresses>"


def _of_one_family(block: Block) -> Iterator[Block]:
    """`block`, or its IPv6 parts: ::/0 holds the IPv4-mapped addresses, yet whoever writes it means IPv6."""
    if block.first >= MAPPED and block.last <= MAPPED_LAST:
        yield block
        return
    if block.first < MAPPED:
        yield Block(block.first, min(block.last, MAPPED - 1))
    if block.last > MAPPED_LAST:
        yield Block(max(block.first, MAPPED_LAST + 1), block.last)


_STARS = lazily(r"((?:[0-9]+\.){1,3})((?:\*\.)*\*)", re.ASCII)


def parse_starred(text: str) -> str:
    """``192.0.2.*`` as the text of a network. Raises `ValueError`."""
    found = _STARS.fullmatch(text)
    stars = text.count("*")
    if found is None or text.count(".") != 3:
        raise ValueError(f"{shown(text)}: a * stands for the last octets of an IPv4 address")
    return f"{found[1]}{'.'.join('0' * stars)}/{32 - 8 * stars}"
