"""The sweep's queues, without a socket: who is due when, and that nobody waits in two places."""

from __future__ import annotations

import pytest

from banner import Target
from banner.sweep.attempts import Attempt
from banner.sweep.phases import Phases
from banner.sweep.states import Event, Misstep, State


def begun(
    phases: Phases, fd: int, now: float, patience: float | None = None, began: float | None = None
) -> Attempt:
    attempt = Attempt(Target("192.0.2.1", fd), ("192.0.2.1",))
    attempt.began, attempt.patience = now if began is None else began, patience
    phases.begin(fd, attempt, now, 0.5)
    return attempt


@pytest.fixture
def phases() -> Phases:
    return Phases(read=4.0, total=20.0)


def test_those_who_began_together_are_due_together_a_batch_at_a_time(phases: Phases) -> None:
    attempts = [begun(phases, fd, 100.0) for fd in range(3, 8)]
    assert phases.to_look_at(100.4, 9) == []
    assert phases.to_look_at(100.5, 3) == attempts[:3]
    assert phases.behind


def test_patience_counts_from_the_connection_and_reading_from_the_first_byte(phases: Phases) -> None:
    patient, usual = begun(phases, 3, 100.0, patience=1.0), begun(phases, 4, 100.0)
    for attempt in (patient, usual):
        phases.connected(attempt, 101.0)
    assert phases.late(102.0, 9) == [patient]
    phases.heard(patient, 102.0)
    assert (phases.late(104.9, 9), phases.late(105.0, 9)) == ([], [usual])
    assert sorted(one.fd for one in phases.late(106.0, 9)) == [3, 4]


def test_who_is_not_found_is_looked_for_until_the_time_for_connecting_is_over(phases: Phases) -> None:
    first, second = begun(phases, 3, 100.0), begun(phases, 4, 100.03)
    for attempt in phases.to_look_at(100.55, 9):  # late, as a busy loop is
        phases.missed(attempt, 4.5)
    assert phases.to_look_at(104.99, 9) == []
    assert phases.to_look_at(105.0, 9) == [first]
    assert phases.to_look_at(105.03, 9) == [first, second]


def test_who_was_found_connected_has_his_time_from_when_he_was(phases: Phases) -> None:
    early, late, spoken_to = (
        begun(phases, 3, 100.0),
        begun(phases, 4, 100.0),
        begun(phases, 5, 100.0, patience=1.0),
    )
    phases.connected(early, 100.5, 0.48)
    phases.connected(late, 100.5, 0.01)
    phases.connected(spoken_to, 100.5, 0.48)  # how long he may say nothing is counted from now on
    assert phases.late(101.5, 9) == [spoken_to]
    assert phases.late(104.0, 9) == [spoken_to]
    assert set(phases.late(104.1, 9)) == {spoken_to, early}  # to a tenth, and never too soon
    assert set(phases.late(104.5, 9)) == {spoken_to, early, late}


def test_a_pause_ends_when_something_comes(phases: Phases) -> None:
    attempt = begun(phases, 3, 100.0)
    phases.heard(attempt, 100.1)
    phases.pause(attempt, 100.6)
    assert phases.paused(100.6, 9) == [attempt]
    phases.stir(attempt)
    assert not phases.is_paused(attempt, 200.0)


def test_the_end_of_the_whole_time_is_the_targets_own(phases: Phases) -> None:
    plain, named = begun(phases, 3, 100.0), begun(phases, 4, 100.0, began=98.0)
    assert phases.overdue(117.9, 9) == []
    assert phases.overdue(118.0, 9) == [named]
    assert set(phases.overdue(120.0, 9)) == {plain, named}


def test_whoever_left_is_nowhere_and_leaves_once(phases: Phases) -> None:
    attempt = begun(phases, 3, 100.0, began=99.0)
    phases.heard(attempt, 100.0)
    phases.pause(attempt, 100.5)
    phases.leave(attempt, Event.TELL)
    assert (len(phases), attempt.state) == (0, State.OVER)
    assert phases.paused(200.0, 9) == phases.late(200.0, 9) == phases.overdue(200.0, 9) == []
    with pytest.raises(Misstep):
        phases.leave(attempt, Event.TELL)
