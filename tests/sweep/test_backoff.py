from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.models import Status
from banner.sweep.backoff import ANSWERED, Backoff, Postponed


def note(backoff: Backoff, ip: str, port: int, status: Status, now: float) -> bool:
    if status in ANSWERED:
        backoff.answered(ip, port)
        return False
    return backoff.turned_away(ip, port, status, now)


TROUBLE = [Status.REFUSED, Status.RESET, Status.CLOSED, Status.TIMEOUT, Status.UNREACHABLE]


@pytest.mark.parametrize("status", TROUBLE)
def test_a_host_that_never_answered_is_just_closed(status: Status) -> None:
    backoff = Backoff()
    assert not any(note(backoff, "10.0.0.1", port, status, 1.0) for port in range(1, 100))
    assert backoff.calm(1.0)
    assert len(backoff) == 0


@pytest.mark.parametrize("status", TROUBLE)
def test_a_port_that_answered_and_then_turns_away(status: Status) -> None:
    backoff = Backoff(first=1, strikes=4)
    assert not note(backoff, "10.0.0.1", 22, Status.BANNER, 0.0)
    assert backoff.calm(0.0)
    now, waits = 100.0, []
    for _ in range(4):
        assert note(backoff, "10.0.0.1", 22, status, now)
        assert not backoff.calm(now)
        waits.append(backoff.wait("10.0.0.1", now))
        now += waits[-1]
        assert backoff.wait("10.0.0.1", now) == 0  # this one goes ahead
        assert backoff.wait("10.0.0.1", now) == 1  # the next one does not
        assert backoff.wait("10.0.0.2", now) == 0
    assert waits == [1, 2, 4, 8]
    assert note(backoff, "10.0.0.1", 22, status, now)  # and now it is believed
    assert backoff.wait("10.0.0.1", now) == 0
    assert backoff.calm(now)
    assert not note(backoff, "10.0.0.1", 22, status, now)


def test_an_answer_ends_the_wait() -> None:
    backoff = Backoff(first=1)
    note(backoff, "10.0.0.1", 22, Status.BANNER, 0.0)
    note(backoff, "10.0.0.1", 22, Status.RESET, 0.0)
    assert backoff.wait("10.0.0.1", 0.5) == 0.5
    note(backoff, "10.0.0.1", 22, Status.SILENT, 0.6)
    assert backoff.wait("10.0.0.1", 0.6) == 0
    assert backoff.calm(0.6)
    note(backoff, "10.0.0.1", 22, Status.RESET, 1.0)
    assert backoff.wait("10.0.0.1", 1.0) == 1  # the first wait again


def test_a_crowd_that_was_under_way_together_is_one_strike() -> None:
    backoff = Backoff(first=1, strikes=3)
    note(backoff, "10.0.0.1", 22, Status.BANNER, 0.0)
    assert all(note(backoff, "10.0.0.1", 22, Status.RESET, 0.1 * n) for n in range(100))
    assert backoff.wait("10.0.0.1", 0.0) == 1
    assert backoff.wait("10.0.0.1", 1.0) == 0
    assert all(note(backoff, "10.0.0.1", 22, Status.RESET, 1.1) for _ in range(100))
    assert backoff.wait("10.0.0.1", 1.1) == 2


def test_closed_ports_of_a_host_that_answers_elsewhere() -> None:
    backoff = Backoff()
    note(backoff, "10.0.0.1", 22, Status.BANNER, 0.0)
    assert not any(note(backoff, "10.0.0.1", port, Status.REFUSED, 1.0) for port in range(23, 99))
    assert note(backoff, "10.0.0.1", 80, Status.RESET, 1.0)


def test_the_ports_of_one_host_that_are_remembered() -> None:
    backoff = Backoff()
    for port in range(100, 120):
        note(backoff, "10.0.0.1", port, Status.BANNER, 0.0)
    turned_away = [port for port in range(100, 120) if note(backoff, "10.0.0.1", port, Status.REFUSED, 1.0)]
    assert turned_away == list(range(104, 120))
    assert len(backoff) == 1


@pytest.mark.parametrize("status", [Status.DENIED, Status.DNS_ERROR, Status.LOCAL_ERROR, Status.FAULT])
def test_what_says_nothing_about_the_host(status: Status) -> None:
    backoff = Backoff()
    note(backoff, "10.0.0.1", 22, Status.BANNER, 0.0)
    assert not note(backoff, "10.0.0.1", 22, status, 1.0)
    assert not note(backoff, "10.0.0.2", 22, status, 1.0)
    assert len(backoff) == 1


def test_the_hosts_that_answered_last_are_remembered() -> None:
    backoff = Backoff(hosts=3)
    for last in (*range(20), 17, 2):
        note(backoff, f"10.0.0.{last}", 22, Status.BANNER, 0.0)
    assert 3 <= len(backoff) <= 6
    assert all(note(backoff, f"10.0.0.{last}", 22, Status.REFUSED, 0.0) for last in (18, 19, 17, 2))
    assert not note(backoff, "10.0.0.3", 22, Status.REFUSED, 0.0)


def test_a_host_that_turned_us_away_is_known_however_many_answer_meanwhile() -> None:
    backoff = Backoff(hosts=3, first=1)
    note(backoff, "10.0.0.1", 22, Status.BANNER, 0.0)
    note(backoff, "10.0.0.1", 22, Status.REFUSED, 0.0)
    for last in range(2, 100):
        note(backoff, f"10.0.0.{last}", 22, Status.BANNER, 0.0)
    assert backoff.wait("10.0.0.1", 1.0) == 0
    assert note(backoff, "10.0.0.1", 22, Status.REFUSED, 1.0)
    assert backoff.wait("10.0.0.1", 1.0) == 2


def test_who_is_not_visited_again_is_forgotten() -> None:
    backoff = Backoff(first=1, strikes=3)
    note(backoff, "10.0.0.1", 22, Status.BANNER, 0.0)
    note(backoff, "10.0.0.1", 22, Status.REFUSED, 0.0)
    assert [backoff.calm(now) for now in (0.5, 1.5, 4.9, 5.0)] == [False, False, False, True]


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.sampled_from([*TROUBLE, Status.BANNER]), st.floats(0, 1e6)),
        max_size=80,
    )
)
def test_memory_and_waits_are_bounded(events: list[tuple[int, Status, float]]) -> None:
    backoff = Backoff(first=0.5, strikes=6, hosts=4)
    for number, status, now in events:
        note(backoff, f"10.0.0.{number % 7}", number, status, now)
        assert 0 <= backoff.wait(f"10.0.0.{number % 7}", now) <= 16 + 1e6 - now
        backoff.calm(now)
    assert len(backoff) <= 8
    assert len(backoff.struck) <= 4
    assert all(len(ports) <= 16 for ports in _remembered(backoff))


def _remembered(backoff: Backoff) -> list[tuple[int, ...]]:
    values = [*backoff._young.values(), *backoff._old.values()]
    return [(ports,) if isinstance(ports, int) else ports for ports in values]


@pytest.mark.parametrize(
    ("first", "strikes", "hosts"), [(0, 1, 1), (1, 0, 2), (1, 2, 0), (float("nan"), 1, 1)]
)
def test_what_is_no_backoff(first: float, strikes: int, hosts: int) -> None:
    with pytest.raises(ValueError, match="back-off"):
        Backoff(first, strikes, hosts)


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
