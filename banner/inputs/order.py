"""In which order targets are visited: an index space, a seeded shuffle of it, and shards of the shuffle.

A `Space` counts the targets of many specs, less what is excluded, and finds the i-th by bisection. A
`Permutation` visits 0 to n - 1 in an order that only the seed decides: position i is computed, not stored,
so any slice can be visited, repeated, or handed to another machine. It is a Feistel network of four rounds
over a times b cells, with a and b next to the root of n (Black and Rogaway, "Ciphers with Arbitrary Finite
Domains", 2002); the few cells beyond n are walked past. It spreads the load over networks. It is no cipher:
who sees enough visits can tell the rest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from math import isqrt
from typing import Final

from ..addresses.blocks import AddressSet
from ..models import Target
from .spec import Spec

try:
    from _blake2 import blake2b  # hashlib's own, without OpenSSL, which that one loads for others: 4 ms
except ImportError:  # no CPython
    from hashlib import blake2b

_ODD: Final = 0x9E3779B1
"""The odd number nearest to 2^32 over the golden ratio: multiplying by it moves every bit of a small
number upwards and repeats nothing (Knuth, "The Art of Computer Programming", volume 3, section 6.4)."""

_SMALL: Final = 1 << 30
"""Up to here a side of the square is below 2^15 and every product below 2^30: one digit of an int, which takes half
the time (0.46 us a step instead of 1.05)."""
_SMALL_BITS: Final = 15
_SMALL_ODD: Final = 20251
"""The odd number nearest to 2^15 over the golden ratio."""
_SMALL_DOWN: Final = 9
"""Of 6 to 10 bits none is better than another: chi-squared 250 to 320 where chance has 255."""

_TABLED: Final = 1 << 24
"""Up to here what a round adds is looked up, in four tables of at most 4,096 numbers: they stay in the caches."""

_DOWN: Final = 15
"""Bits by which the product is folded onto itself. Without the fold the steps from one visit to the next fall
into patterns: their chi-squared over 256 classes is 20,000 to 230,000 where chance has 255; with it, 255 to
310 (``tests/bench/targets.py --spread``)."""


class Permutation:
    """The numbers from 0 to `n` - 1 in the order that `seed` makes, the same on every machine."""

    __slots__ = ("_down", "_keys", "_odd", "_sides", "_tables", "n", "seed")

    def __init__(self, n: int, seed: int | str) -> None:
        """`seed` counts by its decimal text: 7 and ``"7"`` are one seed."""
        if n < 0:
            raise ValueError(f"a permutation of {n} numbers")
        self.n: int = n
        self.seed: str = str(seed)
        high = isqrt(max(n, 1) - 1) + 1
        bits = _SMALL_BITS if n <= _SMALL else max(32, high.bit_length())
        digest = blake2b(self.seed.encode("utf-8", "surrogatepass"), digest_size=64, person=b"banner order 1")
        words = digest.digest()
        self._keys = [int.from_bytes(words[at : at + 16], "big") & (1 << bits) - 1 for at in (0, 16, 32, 48)]
        self._sides = high, -(-max(n, 1) // high)
        self._odd, self._down = (
            (_SMALL_ODD, _SMALL_DOWN) if n <= _SMALL else (_ODD, max(_DOWN, bits // 2 - 1))
        )
        self._tables: list[list[int]] | None = None

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, position: int) -> int:
        """The number that is visited at `position`; `IndexError` outside."""
        if not 0 <= position < self.n:
            raise IndexError(position)
        return next(self.walk(position, position + 1))

    def __iter__(self) -> Iterator[int]:
        return self.walk()

    def walk(self, start: int = 0, stop: int | None = None) -> Iterator[int]:
        """The numbers visited at the positions from `start` to before `stop` (or the end), in turn."""
        stop = self.n if stop is None else min(stop, self.n)
        return (self._looked_up if self.n <= _TABLED else self._computed)(max(start, 0), stop)

    def _looked_up(self, start: int, stop: int) -> Iterator[int]:
        """What each round adds is found in a table as long as a side: for a small part of what it takes to compute."""
        n, (high, low) = self.n, self._sides  # locals: this loop is walked once for every target
        if self._tables is None:
            self._tables = [
                [self._mixed(side, key) % to for side in range(of)]
                for (of, to), key in zip([(low, high), (high, low)] * 2, self._keys, strict=True)
            ]
        first, second, third, fourth = self._tables
        for number in range(start, stop):
            while True:
                left, right = divmod(number, low)
                left = (left + first[right]) % high
                right = (right + second[left]) % low
                left = (left + third[right]) % high
                number = left * low + (right + fourth[left]) % low
                if number < n:
                    break
            yield number

    def _computed(self, start: int, stop: int) -> Iterator[int]:
        """The same where the tables would be too long: `_mixed` written out four times, which calls would double."""
        n, down, odd = self.n, self._down, self._odd
        (high, low), (key1, key2, key3, key4) = self._sides, self._keys
        for number in range(start, stop):
            while True:
                left, right = divmod(number, low)
                mixed = (right ^ key1) * odd
                left = (left + (mixed ^ mixed >> down)) % high
                mixed = (left ^ key2) * odd
                right = (right + (mixed ^ mixed >> down)) % low
                mixed = (right ^ key3) * odd
                left = (left + (mixed ^ mixed >> down)) % high
                mixed = (left ^ key4) * odd
                right = (right + (mixed ^ mixed >> down)) % low
                number = left * low + right
                if number < n:
                    break
            yield number

    def _mixed(self, side: int, key: int) -> int:
        """What a round adds to one side for the other one."""
        product = (side ^ key) * self._odd
        return product ^ product >> self._down


class Space:
    """The targets of many specs as one indexable sequence, and nothing stored for each.

    What `exclude` holds is cut out of networks and ranges. A host that was named by itself stays even then:
    it was asked for, so it gets its answer, ``denied``, from the scanner, which asks the set again for
    every address.
    """

    __slots__ = ("_ends", "_specs", "excluded", "size")
    in_memory = True

    def __init__(self, specs: Iterable[Spec], exclude: AddressSet | None = None) -> None:
        self._specs: list[Spec] = []
        self.excluded: int = 0
        """How many targets were cut out."""
        for spec in specs:
            parts = remainder(spec, exclude) if exclude else [spec]
            self.excluded += spec.size - sum(part.size for part in parts)
            self._specs += parts
        self._ends = list(accumulate(spec.size for spec in self._specs))
        self.size: int = self._ends[-1] if self._ends else 0
        """How many targets; unlike ``len()``, beyond ``sys.maxsize`` as well."""

    def __len__(self) -> int:
        return self.size

    def __bool__(self) -> bool:
        return self.size > 0

    def __getitem__(self, index: int) -> Target:
        """The target at `index`, counted from 0 in the order of the specs; `IndexError` outside."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        at = bisect_right(self._ends, index)
        return self._specs[at].target(index - self._ends[at - 1] if at else index)

    def __iter__(self) -> Iterator[Target]:
        return (target for spec in self._specs for target in spec)


def remainder(spec: Spec, exclude: AddressSet) -> list[Spec]:
    """What is left of `spec` without the networks of `exclude`; a host named by itself is left as it is."""
    if spec.block is None:
        return [spec]
    left = exclude.subtract_from(spec.block)
    return [Spec(str(block), spec.ports, spec.tag, block if block.size > 1 else None) for block in left]


def shard(i: int, of: int, size: int) -> range:
    """The positions of shard `i` (from 1) of `of` in an order of `size` positions: disjoint slices, together
    the whole, equal in size within one. Raises `ValueError` where there is no such shard."""
    if not 1 <= i <= of:
        raise ValueError(f"there is no shard {i} of {of}: shards are numbered from 1")
    return range(size * (i - 1) // of, size * i // of)


def parse_shard(text: str) -> tuple[int, int]:
    """``I/N`` as two numbers, 1 <= I <= N; `ValueError` with the reason."""
    i, _, of = text.partition("/")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (i, of)):
        raise ValueError(f"{text[:30]!r} is not a shard: 2/7 is the second of seven")
    shard(int(i), int(of), 0)
    return int(i), int(of)
