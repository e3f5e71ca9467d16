"""How much a sweep does in one go: batches that shrink where each socket takes long, and grow where it does not."""

from __future__ import annotations

import pytest

from banner.sweep.stint import LONG, SHORT, Batch, Stint

GREETING, HANDSHAKE = 10e-6, 400e-6


def many(batch: Batch, each: float, times: int = 20) -> list[int]:
    """The sizes of so many full batches, whose sockets take so long `each`."""
    sizes = []
    for _ in range(times):
        sizes.append(batch.most)
        batch.took(batch.most * each, batch.most)
    return sizes


@pytest.mark.parametrize("stint", [SHORT, LONG])
def test_quick_ones_come_in_whole_batches(stint: Stint) -> None:
    assert many(Batch(stint), GREETING)[-1] == stint.batch


def test_handshakes_leave_a_timer_its_five_milliseconds() -> None:
    batch = Batch(SHORT)
    assert max(many(batch, HANDSHAKE)) * HANDSHAKE < 0.0025
    many(batch, GREETING)
    sizes = many(batch, HANDSHAKE)
    assert sizes[0] == SHORT.batch
    assert max(sizes[4:]) * HANDSHAKE < 0.0025


def test_a_few_quick_ones_among_handshakes_change_nothing() -> None:
    batch = Batch(SHORT)
    before = many(batch, HANDSHAKE)[-1]
    for _ in range(9):
        batch.took(GREETING, before - 1)
    assert batch.most == before


def test_one_at_least_is_handled() -> None:
    assert many(Batch(SHORT), 1.0)[-1] == 1
