from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.journal.ledger import ForeignRecordError, Ledger, Positions, reconcile
from banner.models import Grab, Status, Target


def target(number: int) -> Target:
    return Target(f"10.0.0.{number}", 22, "odd" if number % 2 else None)


def grab(target: Target) -> Grab:
    return Grab(0.0, target.host, target.port, Status.REFUSED, tag=target.tag)


def follow(ledger: Ledger, records: list[Target], targets: list[Target], most: int = 1000) -> None:
    step, rest = reconcile(ledger, records, most), iter(targets[ledger.following :])
    with contextlib.suppress(StopIteration):
        next(step)
        while True:
            step.send(next(rest, None))


# Few different targets, so that many are the same.
lists = st.lists(st.integers(0, 9).map(target), max_size=40)


@given(lists, st.data())
def test_a_ledger_written_at_any_moment_leads_to_every_target_once(
    targets: list[Target], data: st.DataObject
) -> None:
    ledger, flying, done = Ledger(), [], []
    handed = ledger.hand_out(targets)
    written = (0, list[int](), 0)
    for _ in range(data.draw(st.integers(0, 100))):
        step = data.draw(st.sampled_from(["start", "start", "end", "write"]))
        if step == "start" and (following := next(handed, None)) is not None:
            flying.append(following)
        elif step == "end" and flying:
            done.append(flying.pop(data.draw(st.integers(0, len(flying) - 1))))
            ledger.settle([grab(done[-1])])
        elif step == "write":
            written = ledger.following, ledger.pending(), len(done)
        assert ledger.done == len(done)
        assert len(ledger) == len(flying)
    # Killed here: what the ledger said last, and the records since, are all there is.
    next_one, pending, so_far = written
    again = Ledger(next_one, {at: targets[at] for at in pending})
    follow(again, done[so_far:], targets)
    assert again.done == len(done)
    rest = list(again.hand_out(targets[again.following :]))
    assert Counter(done + rest) == Counter(targets)
    again.settle(map(grab, rest))
    assert (len(again), again.pending(), again.done) == (0, [], len(targets))


@given(st.integers(0, 60), st.data())
def test_positions_alone_are_kept_as_a_ledger_of_different_targets_keeps_them(
    size: int, data: st.DataObject
) -> None:
    targets = [target(number) for number in range(size)]
    following = data.draw(st.integers(0, size))
    pending = data.draw(st.sets(st.integers(0, following - 1))) if following else set()
    ledger = Ledger(following, {at: targets[at] for at in pending})
    positions = Positions(following, pending)
    handed, numbers, flying = ledger.hand_out(targets[following:]), positions.hand_out_to(size), list[int]()
    for start in data.draw(st.lists(st.booleans(), max_size=150)):
        if start and (number := next(numbers, None)) is not None:
            assert next(handed) == targets[number]
            flying.append(number)
        elif flying:
            done = [flying.pop(data.draw(st.integers(0, len(flying) - 1)))]
            positions.settle_positions(done)
            ledger.settle_targets([targets[number] for number in done])
        assert positions.done == ledger.done
        assert [at for at in positions.pending() if at < ledger.following] == ledger.pending()
        assert ledger.following <= positions.following <= size
    left = [*flying, *numbers]
    assert sorted(left) == positions.pending()
    positions.settle_positions(left)
    assert (len(positions), positions.done) == (0, size)


def test_a_record_of_another_scan_is_no_part_of_this_one() -> None:
    with pytest.raises(ForeignRecordError, match=r"10\.0\.0\.200 port 22"):
        follow(Ledger(), [target(1), target(200)], list(map(target, range(100))))
    with pytest.raises(ForeignRecordError):  # looked for no further than what can have been in flight
        follow(Ledger(), [target(90)], list(map(target, range(100))), most=50)
    with pytest.raises(KeyError):
        Ledger().settle([grab(target(1))])


async def test_an_asynchronous_source_is_handed_out_alike() -> None:
    async def source() -> AsyncIterator[Target]:
        for number in (3, 3, 4):
            yield target(number)

    ledger = Ledger(7, {2: target(1), 5: target(3)})
    handed = [item async for item in ledger.hand_out_later(source())]
    assert handed == list(map(target, (1, 3, 3, 3, 4)))
    assert ledger.pending() == [2, 5, 7, 8, 9]
    ledger.settle(map(grab, handed[1:3]))
    assert ledger.pending() == [2, 8, 9]
