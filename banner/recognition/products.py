"""Costs as sums of products, and what they come to in a text.

A product is a number of nanoseconds and the factors by which it is multiplied:

- ``=literal``, how often a literal occurs (in lower case);
- ``|literal``, how many lines begin with it; ``^literal``, whether the text does;
- ``[set]``, how long the longest run of the set is, and 1 at least; ``#[set]``, how many of its characters there are;
- `TEXT`, how long the text is.

Each may have a number before it, which it does not exceed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from math import factorial

Product = tuple[float, tuple[str, ...]]
Sum = dict[tuple[str, ...], float]

TEXT = "[*"
LINES = "|"
LOOKING = 2.0
"""Nanoseconds for each character of a text in which a search begins nowhere."""
_UNLIMITED = float("inf")
_DIGITS = "0123456789"
_PRODUCTS = 48
"""Products of one sum; beyond, the cheaper are rounded up to few."""


def plus(one: Sum, two: Sum) -> Sum:
    """Both costs together."""
    total = dict(one)
    for factors, cost in two.items():
        total[factors] = total.get(factors, 0.0) + cost
    return _fewer(total) if len(total) > _PRODUCTS else total


def larger(one: Sum, two: Sum) -> Sum:
    """At least either cost: where only one of them can arise."""
    total = dict(one)
    for factors, cost in two.items():
        total[factors] = max(total.get(factors, 0.0), cost)
    return _fewer(total) if len(total) > _PRODUCTS else total


def times(one: Sum, factor: str | None) -> Sum:
    """A cost once for each of `factor`."""
    return one if factor is None else {tuple(sorted((*own, factor))): cost for own, cost in one.items()}


def _fewer(total: Sum) -> Sum:
    """The dearest products, and the others with the text's length in the place of each of their factors."""
    ordered = sorted(total.items(), key=lambda item: -at_most([(item[1], item[0])], 256))
    kept = dict(ordered[: _PRODUCTS - 8])
    for factors, cost in ordered[_PRODUCTS - 8 :]:
        free = 0
        for factor in factors:
            limit, _ = _parts(factor)
            cost *= limit if limit < 256 else 1.0
            free += limit >= 256
        plain = (TEXT,) * free
        kept[plain] = kept.get(plain, 0.0) + cost
    return kept


def _by_line(factors: tuple[str, ...]) -> tuple[str, ...]:
    """As many lines as there are, times a run within each, are the text."""
    lines = next((factor for factor in factors if factor[0] == LINES), None)
    if lines is None:
        return factors
    run = next((f for f in factors if f[-1] == "]" and not _run(_parts(f)[1].lstrip("#")).match("\n")), None)
    if run is None:
        return factors
    rest = list(factors)
    rest.remove(lines)
    rest.remove(run)
    return (TEXT, *rest)


def at_most(products: Iterable[Product], length: int) -> float:
    """Nanoseconds in the worst text of `length` characters. The places that factors count come in their order along the
    text: hence the division."""
    total = 0.0
    for cost, factors in products:
        free = 0
        for factor in _by_line(factors):
            limit, of = _parts(factor)
            if of[0] == "^":
                continue
            value = length / (period(of[1:]) if of[0] == "=" else len(of) if of[0] == LINES else 1)
            free += value < limit
            cost *= max(1.0, min(limit, value))
        total += cost / factorial(free)
    return total


def roughly(products: Iterable[Product]) -> list[Product]:
    """No less than `products` in any text, and sooner counted: every run is taken to be as long as the text, or as long
    as it may be."""
    total: Sum = {}
    for cost, factors in products:
        kept = []
        for factor in factors:
            limit, of = _parts(factor)
            if of[0] not in "[#":
                kept.append(factor)
            elif limit < _UNLIMITED:
                cost *= limit
            else:
                kept.append(TEXT)
        _add(total, kept, cost)
    return [(cost, factors) for factors, cost in total.items()]


def within(products: Iterable[Product], length: int) -> list[Product]:
    """No less than `products` in any text of up to `length` characters: fewer, since its length is counted already."""
    total: Sum = {}
    for cost, factors in products:
        _add(total, [factor for factor in factors if factor != TEXT], cost * length ** factors.count(TEXT))
    return [(cost, factors) for factors, cost in total.items()]


def _add(total: Sum, factors: list[str], cost: float) -> None:
    own = tuple(sorted(factors))
    total[own] = total.get(own, 0.0) + cost


class Together:
    """Products by a literal that each counts: most are nothing in most texts, since it does not occur in them."""

    __slots__ = ("_by_literal", "_each_line", "_fixed", "_others")

    def __init__(self, products: Iterable[Product]) -> None:
        of_literal: dict[str, float] = {}
        with_literal: dict[str, list[Product]] = {}
        fixed = dict.fromkeys(((), (LINES,)), 0.0)
        for cost, factors in products:
            literals = [_parts(factor)[1][1:] for factor in factors if factor.lstrip(_DIGITS)[0] in "=|^"]
            literal = max(literals, key=len, default="")
            if factors in fixed:
                fixed[factors] += cost
                continue
            others = with_literal.setdefault(literal, [])
            if factors == ("=" + literal,):
                of_literal[literal] = cost * -(-len(literal) // period(literal))
            else:
                others.append((cost, factors))
        self._fixed, self._each_line = fixed.values()
        self._others = with_literal.pop("", [])
        self._by_literal = [(text, of_literal.get(text, 0.0), own) for text, own in with_literal.items()]

    def cost(self, text: Text) -> float:
        """`Text.cost` of all of them."""
        lower = text.lower
        total = self._fixed + self._each_line * lower.count("\n")
        if self._others:
            total += text.cost(self._others)
        for literal, each, others in self._by_literal:
            if literal in lower:
                if each:
                    total += each * lower.count(literal)
                if others:
                    total += text.cost(others)
        return total


class Text:
    """One text, and what was counted in it so far."""

    __slots__ = ("_known", "_text", "lower")

    def __init__(self, text: str) -> None:
        self._text = text
        self.lower: str = text.lower() + "\n"  # the text ends a line, too: what `$` stands for
        self._known: dict[str, float] = {TEXT: len(text) or 1, LINES: text.count("\n") + 1}

    def cost(self, products: Iterable[Product]) -> float:
        """Nanoseconds that a search in this text takes at most."""
        total = 0.0
        known = self._known
        for cost, factors in products:
            for factor in factors:
                value = known.get(factor)
                cost *= self._count(factor) if value is None else value
                if not cost:
                    break
            total += cost
        return total

    def _count(self, factor: str) -> float:
        limit, of = _parts(factor)
        if limit < _UNLIMITED:
            whole = self._known.get(of)
            value = min(limit, self._count(of) if whole is None else whole)
        elif of[0] == "=":
            literal = of[1:]
            value = float(self.lower.count(literal) * -(-len(literal) // period(literal)))
        elif of[0] == "^":
            value = float(self.lower.startswith(of[1:]))
        elif of[0] == "#":
            value = float(sum(map(len, _run(of[1:]).findall(self._text))))
        elif of[0] == LINES:
            value = float(self.lower.startswith(of[1:]) + self.lower.count("\n" + of[1:]))
        else:
            value = float(max(map(len, _run(of).findall(self._text)), default=1))
        self._known[factor] = value
        return value


@lru_cache(1024)
def _run(characters: str) -> re.Pattern[str]:
    return re.compile(characters + "+")


@lru_cache(16384)
def _parts(factor: str) -> tuple[float, str]:
    digits = re.match(r"\d*", factor, re.ASCII)
    end = digits.end() if digits else 0
    return float(factor[:end]) if end else _UNLIMITED, factor[end:]


@lru_cache(16384)
def period(literal: str) -> int:
    """How many characters apart two occurrences of `literal` can be."""
    return next(n for n in range(1, len(literal) + 1) if literal.startswith(literal[n:]))
