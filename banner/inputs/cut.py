"""A slice of what `banner.targets` names: as lazy as the whole, it holds positions alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from ..models import Target

if TYPE_CHECKING:
    from ..addresses.judge import Exclusions
    from .named import NamedTargets


class Cut(Sequence[Target]):
    """The targets at some positions of `whole`: what ``whole[10:20]`` is."""

    def __init__(self, whole: NamedTargets, positions: range) -> None:
        self._whole = whole
        self._positions = positions

    @property
    def policy(self) -> Exclusions | None:
        """Forbids what is excluded from the whole."""
        return self._whole.policy

    @property
    def size(self) -> int:
        """How many, also beyond ``sys.maxsize``."""
        there = self._positions
        return there.index(there[-1]) + 1 if there else 0

    def identity(self) -> dict[str, Any]:
        """What tells these targets from others."""
        selection = self._whole.select()
        selection.route(self._whole.told)
        there = self._positions
        return selection.identity() | {"positions": [there.start, there.stop, there.step]}

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, number: int) -> Target: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Target]: ...
    def __getitem__(self, number: int | slice) -> Target | Sequence[Target]:
        """One target, or a slice of these."""
        if isinstance(number, slice):
            return Cut(self._whole, self._positions[number])
        return self._whole[self._positions[number]]

    def __iter__(self) -> Iterator[Target]:
        """One after the other."""
        return map(self._whole.__getitem__, self._positions)
