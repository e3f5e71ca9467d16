"""The patterns that may match a text, and which of them are tried within the budget: no text makes searches cost more.

What a pattern costs at most in texts of one length is known beforehand (`need`). In nearly every text all candidates
together are within the budget. Where they are not, the dearest few are counted in the text itself (`products`), roughly
and together, and one by one where that is too much; and not before their turn comes: most texts are known by then.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile

from .need import LENGTHS, Price
from .products import LOOKING, Text, Together, roughly, within

BUDGET = 5e6
"""Nanoseconds that the searches in one text may cost at most, by the formulas of their patterns (`cost`)."""
_SHARED = 512
"""Costs of several patterns together that are remembered."""
_UNCOUNTED = BUDGET / 4
"""What those may cost together that are tried without being counted, where others are counted."""


class Choice:
    """Patterns by their numbers, in the order in which they are tried."""

    __slots__ = ("_dear", "_prices", "_shared", "fits", "patterns")

    def __init__(
        self, patterns: Sequence[int], prices: Mapping[int, Price], shared: dict[object, Together]
    ) -> None:
        """`prices` are those of the patterns that have any; what several cost together is `shared` with other choices
        among the same patterns."""
        self.patterns: Sequence[int] = patterns
        self.fits: int = _fitting([price.worst for price in prices.values()])
        """Characters of a text up to which all of them are within the budget."""
        self._prices = prices
        self._shared = shared
        self._dear: dict[int, _Dear] = {}

    def affordable(self, text: str) -> Iterable[int]:
        """The patterns that are tried on `text`, one that is longer than `fits`. All others cannot match, or would cost
        more than is left of the budget: that is so in texts made for it alone."""
        at = bisect_left(LENGTHS, len(text))
        if (dear := self._dear.get(at)) is None:
            dear = self._dear[at] = self._counted(at)
        return chain(dear.before, self._within(text, dear)) if dear.prices else self.patterns

    def _within(self, text: str, dear: _Dear) -> Iterator[int]:
        """Those from the first on that could be dear: nothing is counted where one before it matches."""
        if (costs := dear.together) is None:
            costs = dear.together = self._together(dear.prices, bisect_left(LENGTHS, len(text)))
        counted, left = Text(text), dear.left
        after = self.patterns[len(dear.before) :]
        if costs.cost(counted) <= left:
            yield from after
            return
        for index in after:
            if (price := dear.prices.get(index)) is not None:
                cost = counted.cost(price.rough)
                if cost > left / 16:
                    cost = counted.cost(price.cost)
                if cost > left or (price.takes and cost <= LOOKING * len(text)):
                    continue  # where it begins nowhere in this text, it need not even be compiled
                left -= cost
            yield index

    def _counted(self, at: int) -> _Dear:
        """What is counted in texts that are no longer than `LENGTHS` at `at`."""
        if at == len(LENGTHS):
            return self._dearest(self._prices, BUDGET)
        cheapest_first = sorted(self._prices.items(), key=lambda item: item[1].worst[at])
        spent = 0.0
        for number, (_, price) in enumerate(cheapest_first):
            if spent + price.worst[at] > _UNCOUNTED:
                return self._dearest(dict(sorted(cheapest_first[number:])), BUDGET - spent)
            spent += price.worst[at]
        return self._dearest({}, BUDGET)

    def _dearest(self, prices: Mapping[int, Price], left: float) -> _Dear:
        return _Dear(prices, left, list(takewhile(lambda index: index not in prices, self.patterns)))

    def _together(self, prices: Mapping[int, Price], at: int) -> Together:
        key = at, *prices
        if (known := self._shared.get(key)) is None:
            if len(self._shared) >= _SHARED:
                self._shared.clear()
            rough = roughly(chain(*(price.rough for price in prices.values())))
            known = Together(within(rough, LENGTHS[at]) if at < len(LENGTHS) else rough)
            self._shared[key] = known
        return known


class _Dear:
    """Patterns that could be dear in texts of one length."""

    __slots__ = ("before", "left", "prices", "together")

    def __init__(self, prices: Mapping[int, Price], left: float, before: Sequence[int]) -> None:
        self.prices: Mapping[int, Price] = prices
        self.left: float = left
        """What all of them may cost."""
        self.before: Sequence[int] = before
        """The patterns that are tried before the first of them."""
        self.together: Together | None = None
        """What all of them cost, rounded up: equal products are counted once. None until that is asked."""


def _fitting(costs: list[list[float]]) -> int:
    """The longest of `LENGTHS` in which all `costs` together are within the budget; 0 where that is none."""
    if not costs:
        return LENGTHS[-1]
    within = bisect_right([sum(of_length) for of_length in zip(*costs, strict=True)], BUDGET)
    return LENGTHS[within - 1] if within else 0
