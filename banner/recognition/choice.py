"""The patterns that may match a text, and which of them are tried within the budget: no text makes searches cost more.

What a pattern costs at most in texts of one length is known beforehand (`need`). In nearly every text all candidates
together are within the budget. Where they are not, the dearest few are counted in the text itself (`products`), each
when its turn comes: most texts are known by then.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from .need import LENGTHS, Price
from .products import LOOKING, Text

BUDGET = 5e6
"""Nanoseconds that the searches in one text may cost at most, by the formulas of their patterns (`cost`)."""
_UNCOUNTED = BUDGET / 4
"""What those may cost together that are tried without being counted, where others are counted."""


class Choice:
    """Patterns by their numbers, in the order in which they are tried."""

    __slots__ = ("_dear", "_prices", "fits", "patterns")

    def __init__(self, patterns: Sequence[int], prices: Mapping[int, Price]) -> None:
        """`prices` are those of the patterns that have any."""
        self.patterns: Sequence[int] = patterns
        self.fits: int = _fitting([price.worst for price in prices.values()])
        """Characters of a text up to which all of them are within the budget."""
        self._prices = prices
        self._dear: dict[int, tuple[dict[int, Price], float]] = {}

    def affordable(self, text: str) -> Iterator[int]:
        """The patterns that are tried on `text`, one that is longer than `fits`. All others cannot match, or would cost
        more than is left of the budget: that is so in texts made for it alone."""
        at = bisect_left(LENGTHS, len(text))
        if (known := self._dear.get(at)) is None:
            known = self._dear[at] = self._counted(at)
        dear, left = known
        counted = Text(text) if dear else None
        for index in self.patterns:
            if counted is not None and (price := dear.get(index)) is not None:
                cost = counted.bound(price.cost)
                if cost > left / 4:
                    cost = counted.cost(price.cost)
                if cost > left or (price.takes and cost <= LOOKING * len(text)):
                    continue  # where it begins nowhere in this text, it need not even be compiled
                left -= cost
            yield index

    def _counted(self, at: int) -> tuple[dict[int, Price], float]:
        """What is counted in texts that are no longer than `LENGTHS` at `at`, and what is left for it."""
        if at == len(LENGTHS):
            return dict(self._prices), BUDGET
        cheapest_first = sorted(self._prices.items(), key=lambda item: item[1].worst[at])
        spent = 0.0
        for number, (_, price) in enumerate(cheapest_first):
            if spent + price.worst[at] > _UNCOUNTED:
                return dict(cheapest_first[number:]), BUDGET - spent
            spent += price.worst[at]
        return {}, BUDGET


def _fitting(costs: list[list[float]]) -> int:
    """The longest of `LENGTHS` in which all `costs` together are within the budget; 0 where that is none."""
    if not costs:
        return LENGTHS[-1]
    within = bisect_right([sum(of_length) for of_length in zip(*costs, strict=True)], BUDGET)
    return LENGTHS[within - 1] if within else 0
