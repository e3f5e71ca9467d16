"""Which targets of a scan are done: all that were handed out, but for those that are pending.

A scan hands out its targets in the order of their positions and gets them back in any. A `Ledger` keeps the next
position and what is between, so it is as large as what is in flight. Records tell host, port and tag, not
positions: where two targets are the same, it does not matter which of them a record is of. A ledger that was
written down earlier is brought up to date by `reconcile`, from the records that were written since. Pure.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator, Mapping

from ..models import Grab, Target

AT_ONCE = 256
"""Positions that are noted together."""


class ForeignRecordError(ValueError):
    """A record that no target of the scan can have led to."""


class Ledger:
    """The positions handed out and not done, each under its target."""

    def __init__(self, following: int = 0, pending: Mapping[int, Target] | None = None) -> None:
        """`following` is the first position that was not handed out; `pending` those before it that are not
        done."""
        self.following: int = following
        self._positions: dict[Target, int] = {}
        self._same: dict[Target, list[int]] = {}  # further positions of a target that is pending already
        self._again = dict(sorted((pending or {}).items()))
        for position, target in self._again.items():
            self._enter(position, target)

    def __len__(self) -> int:
        """How many are pending."""
        return len(self._positions) + sum(map(len, self._same.values()))

    @property
    def done(self) -> int:
        """How many are done."""
        return self.following - len(self)

    def pending(self) -> list[int]:
        """The positions that are pending, in order."""
        same = [position for positions in self._same.values() for position in positions]
        return sorted([*self._positions.values(), *same])

    def hand_out(self, targets: Iterable[Target]) -> Iterator[Target]:
        """What is pending from before, then `targets`, which begin at the position `following`."""
        yield from self._take_again()
        positions, number = self._positions, self.following
        for target in targets:
            if target.via is not None or positions.setdefault(target, number) is not number:
                self._enter(number, target)
            self.following = number = number + 1
            yield target

    async def hand_out_later(self, targets: AsyncIterable[Target]) -> AsyncIterator[Target]:
        """The same of an asynchronous source."""
        for target in self._take_again():
            yield target
        async for target in targets:
            self.enter(target)
            yield target

    def _take_again(self) -> list[Target]:
        again, self._again = list(self._again.values()), {}
        return again

    def enter(self, target: Target) -> None:
        """`target` is handed out at the next position."""
        self._enter(self.following, target)
        self.following += 1

    def enter_all(self, positions: Iterable[int], targets: Iterable[Target]) -> list[Target]:
        """`targets` are handed out, each at its position."""
        entered, found = self._positions, list(targets)
        for position, target in zip(positions, found, strict=True):
            if target.via is not None or entered.setdefault(target, position) is not position:
                self._enter(position, target)
        return found

    def settle(self, grabs: Iterable[Grab]) -> list[int]:
        """These are done. Returns their positions; raises `KeyError` for what is not pending."""
        return self.settle_targets(
            Target(grab.host, grab.port, grab.tag, grab.ip, grab.transport) for grab in grabs
        )

    def settle_targets(self, targets: Iterable[Target]) -> list[int]:
        """The same by their targets, which may know an address that was looked up."""
        positions, same = self._positions, self._same
        asked = [target if target.ip is None else self._asked(target) for target in targets]
        if not same:  # nearly always: then it is a look into one table
            return list(map(positions.pop, asked))
        return [self._settle_one_of(target) if target in same else positions.pop(target) for target in asked]

    def settled(self, target: Target) -> bool:
        """Settle `target`, of a ledger that is being reconciled; False where it is not pending."""
        target = self._asked(target)
        if target in self._same:
            self._settle_one_of(target)
            return True
        return self._positions.pop(target, None) is not None

    def forget_turn(self) -> None:
        """All that is pending has to be handed out again."""
        found = [(position, target) for target, position in self._positions.items()]
        found += [(position, target) for target, positions in self._same.items() for position in positions]
        self._again = dict(sorted(found))

    def _asked(self, target: Target) -> Target:
        """`target` as it was handed out: with its address only where that was given."""
        if target.ip is None or target in self._positions:
            return target
        return Target(target.host, target.port, target.tag, transport=target.transport)

    def _enter(self, position: int, target: Target) -> None:
        if target.via is not None:  # which records do not tell
            target = Target(target.host, target.port, target.tag, target.ip, target.transport)
        if self._positions.setdefault(target, position) != position:
            self._same.setdefault(target, []).append(position)

    def _settle_one_of(self, target: Target) -> int:
        further = self._same[target]
        position, self._positions[target] = self._positions[target], further.pop(0)
        if not further:
            del self._same[target]
        return position


class Positions(Ledger):
    """The same by positions alone, for who tells which of them are done: no target is made or compared."""

    following: int

    def __init__(self, following: int = 0, pending: Iterable[int] = ()) -> None:
        super().__init__(following)
        self._left = set(pending)

    def __len__(self) -> int:
        return len(self._left)

    def pending(self) -> list[int]:
        return sorted(self._left)

    def hand_out_to(self, end: int) -> Iterator[int]:
        """What is pending from before, then the positions from `following` to before `end`."""
        yield from self.pending()
        while self.following < end:
            some = range(self.following, min(self.following + AT_ONCE, end))
            self._left.update(some)  # those that are not handed out yet are pending as well
            self.following = some.stop
            yield from some

    def settle_positions(self, positions: Iterable[int]) -> None:
        """These are done."""
        self._left.difference_update(positions)


def reconcile(ledger: Ledger, records: Iterable[Target], most: int) -> Generator[None, Target | None, None]:
    """Settle what `records` name. Whenever it yields it is sent the target at ``ledger.following``, or None.

    Raises `ForeignRecordError` where a record's target is not found while at most `most` are pending.
    """
    for target in records:
        while not ledger.settled(target):
            following = (yield) if len(ledger) < most else None
            if following is None:
                raise ForeignRecordError(f"{target.host} port {target.port}")
            ledger.enter(following)
    ledger.forget_turn()
