"""The table of an attempt's states: nothing ends twice, and every state can be left and reached."""

from __future__ import annotations

import pytest

from banner.sweep.states import LIVE, TABLE, Event, Misstep, State, after


def test_an_outcome_is_told_once() -> None:
    assert all(Event.TELL in events for state, events in TABLE.items() if state is not State.OVER)
    assert TABLE[State.OVER] == {}
    with pytest.raises(Misstep, match="tell where an attempt is over"):
        after(after(State.READING, Event.TELL), Event.TELL)


def test_only_what_is_there_is_parted_with_or_heard() -> None:
    for event in (Event.PART, Event.HEAR, Event.CONNECT, Event.EXPECT):
        for state in set(State) - set(LIVE):
            with pytest.raises(Misstep):
                after(state, event)


def test_a_second_connection_begins_after_the_first_was_parted_with() -> None:
    for state in LIVE:
        assert after(after(state, Event.PART), Event.BEGIN) is State.CONNECTING
        with pytest.raises(Misstep):
            after(state, Event.BEGIN)


def test_every_state_is_reached() -> None:
    reached = {State.IDLE}
    for _ in State:
        reached |= {state for one in reached for state in TABLE[one].values()}
    assert reached == set(State)
