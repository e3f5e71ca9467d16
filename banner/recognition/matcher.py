"""Many patterns in order, at the cost of few: an automaton over their literals picks the candidates.

The answer is the same as trying every pattern in its order, within a budget: no text makes the searches cost more.
Which literals occur, the first character and the length decide who is a candidate; greetings of one kind agree in
these, so each such choice is made once and remembered.
Patterns compile when they are first tried.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter

from ahocorasick_rs import BytesAhoCorasick

from .need import LENGTHS, Need, Price
from .products import LOOKING, Text
from .table import Decoded

_Try = Callable[[str], re.Match[str] | None]

BUDGET = 5e6
"""Nanoseconds that the searches in one text may cost at most, by the formulas of their patterns (`cost`)."""

_CHOICES = 2048
"""Choices of candidates that are remembered; a scan of many kinds of servers makes some hundreds."""
_HITS = 24
"""Occurrences of literals up to which a choice is remembered: longer lists are those of pages, each with its own."""

_literal = itemgetter(0)


_Choice = tuple[list[int], int, list[Price]]
"""The patterns that may match a text, in order; up to which length of the text all are within the budget; and what each
costs, where longer ones come."""


class Matcher:
    """`patterns` (Python's syntax, with flags) in order, and what each needs (`literals.needs`)."""

    def __init__(
        self, patterns: Sequence[tuple[str, int]], needs: Sequence[Need], encoding: str = "utf-8"
    ) -> None:
        self._patterns = patterns
        self._encoding = encoding
        self._needs = needs
        self._prices = Decoded([need.priced for need in needs], Price)
        self._compiled: list[re.Pattern[str] | None] = [None] * len(needs)
        # How each pattern is tried on a single line and on several: one that begins with ^ is held against the
        # beginning alone where no other line can begin.
        self._on_line: list[_Try | None] = [None] * len(needs)
        self._on_lines: list[_Try | None] = [None] * len(needs)
        self._unnamed = [index for index, need in enumerate(needs) if not need.literals]
        self._lengths = sorted({n for i in self._unnamed for n in (needs[i].least, needs[i].most + 1)})
        owners: dict[bytes, list[int]] = {}
        for index, need in enumerate(needs):
            for literal in need.literals:
                owners.setdefault(literal, []).append(index)
        self._owners = list(owners.values())
        self._find = BytesAhoCorasick(list(owners)).find_matches_as_indexes if owners else _nothing
        self._choices: dict[object, _Choice] = {}

    def candidates(self, text: str) -> Iterable[int]:
        """The patterns that are tried on `text`, in order. All others cannot match, or would cost more than is left of
        the budget: that is so in texts made for it alone.
        """
        patterns, fits, prices = self._chosen(text)
        return patterns if len(text) <= fits else self._affordable(text, patterns, prices)

    def _affordable(self, text: str, patterns: list[int], prices: list[Price]) -> Iterator[int]:
        left, counted = BUDGET, Text(text)
        nowhere = LOOKING * len(text)
        at = bisect_left(LENGTHS, len(text))
        for index, price in zip(patterns, prices, strict=True):
            if not price.cost:
                yield index
                continue
            cost = price.worst[at] if at < len(LENGTHS) else left
            if cost > left / 16:  # counting takes longer than to charge the worst of what costs little
                cost = counted.cost(price.cost)
                if self._needs[index].least and cost <= nowhere:
                    continue  # it begins nowhere in this text, and need not even be compiled
            if cost <= left:
                left -= cost
                yield index

    def _chosen(self, text: str) -> _Choice:
        hits = self._find(text.encode(self._encoding, "replace").lower(), True)
        if len(hits) > _HITS:
            return self._choose(text, {hit[0] for hit in hits})
        key = (bisect_right(self._lengths, len(text)), text[:1], "\n" in text, *map(_literal, hits))
        chosen = self._choices.get(key)
        return self._remember(key, text, hits) if chosen is None else chosen

    def _remember(self, key: object, text: str, hits: list[tuple[int, int, int]]) -> _Choice:
        if len(self._choices) >= _CHOICES:
            self._choices.clear()
        chosen = self._choices[key] = self._choose(text, {hit[0] for hit in hits})
        return chosen

    def _choose(self, text: str, literals: set[int]) -> _Choice:
        needs = self._needs
        length = len(text)
        found = {i for i in self._unnamed if needs[i].least <= length <= needs[i].most}
        for literal in literals:
            found.update(self._owners[literal])
        first, lines = text[:1], "\n" in text
        patterns = sorted(i for i in found if needs[i].may_begin(first, lines))
        prices = [self._prices[i] for i in patterns]
        return patterns, self._fits(prices), prices

    def _fits(self, prices: list[Price]) -> int:
        costs = [price.worst for price in prices if price.worst]
        within = [n for at, n in enumerate(LENGTHS) if sum(cost[at] for cost in costs) <= BUDGET]
        return within[-1] if within else 0

    def matches(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Every pattern that matches `text`, in order, by its number."""
        tries = self._on_lines if "\n" in text else self._on_line
        for index in self.candidates(text):
            if (match := (tries[index] or self._prepared(tries, index))(text)) is not None:
                yield index, match

    def first(self, text: str) -> tuple[int, re.Match[str]] | None:
        """The first pattern that matches `text`."""
        tries = self._on_lines if "\n" in text else self._on_line
        patterns, fits, prices = self._chosen(text)
        for index in patterns if len(text) <= fits else self._affordable(text, patterns, prices):
            if (match := (tries[index] or self._prepared(tries, index))(text)) is not None:
                return index, match
        return None

    def every(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """`matches` without the automaton: what it must agree with."""
        for index in range(len(self._needs)):
            match = (self._compiled[index] or self._compile(index)).search(text)
            if match is not None:
                yield index, match

    def _prepared(self, tries: list[_Try | None], index: int) -> _Try:
        compiled = self._compiled[index] or self._compile(index)
        alone = tries is self._on_line or not compiled.flags & re.MULTILINE
        tried = tries[index] = compiled.match if alone and self._needs[index].anchored else compiled.search
        return tried

    def _compile(self, index: int) -> re.Pattern[str]:
        # one by one and kept here: re's own cache holds 512 patterns and would only be churned
        compiled = self._compiled[index] = re.compile(*self._patterns[index])
        return compiled


def _nothing(text: bytes, overlapping: bool) -> list[tuple[int, int, int]]:
    return []
