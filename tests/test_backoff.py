from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.backoff import Backoff, Postponed
from banner.models import Status

TROUBLE = [Status.REFUSED, Status.RESET, Status.CLOSED, Status.TIMEOUT, Status.UNREACHABLE]


@pytest.mark.parametrize("status", TROUBLE)
def test_a_host_that_never_answered_is_just_closed(status: Status) -> None:
    backoff = Backoff()
    assert [backoff.note("10.0.0.1", port, status, 1.0) for port in range(1, 100)] == [0.0] * 99
    assert len(backoff) == 0


@pytest.mark.parametrize("status", TROUBLE)
def test_a_port_that_answered_and_then_turns_away(status: Status) -> None:
    backoff = Backoff(first=1, longest=10)
    assert backoff.note("10.0.0.1", 22, Status.BANNER, 0.0) == 0
    assert [backoff.note("10.0.0.1", 22, status, 100.0) for _ in range(6)] == [1, 2, 4, 8, 10, 10]
    assert backoff.wait("10.0.0.1", 104.0) == 6
    assert backoff.wait("10.0.0.1", 110.0) == 0
    assert backoff.wait("10.0.0.2", 104.0) == 0
    backoff.note("10.0.0.1", 22, Status.BANNER, 111.0)
    assert backoff.wait("10.0.0.1", 104.0) == 0
    assert backoff.note("10.0.0.1", 22, status, 112.0) == 1


def test_closed_ports_of_a_host_that_answers_elsewhere() -> None:
    backoff = Backoff()
    backoff.note("10.0.0.1", 22, Status.BANNER, 0.0)
    assert [backoff.note("10.0.0.1", port, Status.REFUSED, 1.0) for port in range(23, 99)] == [0.0] * 76
    assert backoff.note("10.0.0.1", 80, Status.RESET, 1.0) == 1.0


@pytest.mark.parametrize("status", [Status.DENIED, Status.DNS_ERROR, Status.LOCAL_ERROR, Status.FAULT])
def test_what_says_nothing_about_the_host(status: Status) -> None:
    backoff = Backoff()
    backoff.note("10.0.0.1", 22, Status.BANNER, 0.0)
    assert backoff.note("10.0.0.1", 22, status, 1.0) == 0
    assert backoff.note("10.0.0.2", 22, status, 1.0) == 0
    assert len(backoff) == 1


def test_the_hosts_that_answered_last_are_remembered() -> None:
    backoff = Backoff(hosts=3)
    for last in (1, 2, 3, 1, 4):
        backoff.note(f"10.0.0.{last}", 22, Status.BANNER, 0.0)
    assert len(backoff) == 3
    turned_away = [backoff.note(f"10.0.0.{last}", 22, Status.REFUSED, 0.0) for last in (1, 2, 3, 4)]
    assert turned_away == [1, 0, 1, 1]


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.sampled_from([*TROUBLE, Status.BANNER]), st.floats(0, 1e6)),
        max_size=80,
    )
)
def test_memory_and_waits_are_bounded(events: list[tuple[int, Status, float]]) -> None:
    backoff = Backoff(first=0.5, longest=30, hosts=4)
    for number, status, now in events:
        wait = backoff.note(f"10.0.0.{number % 7}", number, status, now)
        assert 0 <= wait <= 30
        assert wait == 0 or wait <= backoff.wait(f"10.0.0.{number % 7}", now) + 1e-9
    assert len(backoff) <= 4
    assert all(len(host.ports) <= 16 for host in backoff._hosts.values())


@pytest.mark.parametrize(
    ("first", "longest", "hosts"), [(0, 1, 1), (2, 1, 1), (1, 2, 0), (float("nan"), 1, 1)]
)
def test_what_is_no_backoff(first: float, longest: float, hosts: int) -> None:
    with pytest.raises(ValueError, match="back-off"):
        Backoff(first, longest, hosts)


@given(st.lists(st.floats(0, 10)))
def test_what_is_postponed_comes_in_the_order_of_time(dues: list[float]) -> None:
    later: Postponed[int] = Postponed()
    for number, due in enumerate(dues):
        later.put(due, number)
    expected = sorted(range(len(dues)), key=lambda number: dues[number])
    assert later.next_due() == min(dues, default=None)
    assert later.pop(-1.0) is None
    early = [later.pop(5.0) for _ in range(sum(due <= 5 for due in dues))]
    assert later.pop(5.0) is None
    assert len(later) == len(dues) - len(early)
    assert early + later.drain() == expected
    assert len(later) == 0
