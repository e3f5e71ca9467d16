"""The life of an attempt as a table: in which state it is, and where an event takes it.

No socket and no clock. What is not in the table cannot happen: an attempt is finished once, a connection is begun,
parted with or given away once. Whoever tries it otherwise gets a `Misstep`, which costs that attempt alone.
"""

from __future__ import annotations

from enum import IntEnum


class State(IntEnum):
    """What an attempt waits for."""

    IDLE = 0
    """It has no connection: not begun, backing off, or between two."""
    CONNECTING = 1
    """Its connection was begun. One that greets says by it that there is a connection."""
    UNANSWERED = 2
    """It was looked at, and there was none yet."""
    WAITING = 3
    """It is connected, and nothing was heard since."""
    READING = 4
    """Its first bytes came; more are to come."""
    GIVEN = 5
    """The streams driver has it."""
    OVER = 6
    """Its outcome is told."""


class Event(IntEnum):
    """What happens to an attempt."""

    BEGIN = 0
    """A connection is begun."""
    MISS = 1
    """It was looked for, and not found."""
    CONNECT = 2
    """It is there."""
    HEAR = 3
    """Bytes came."""
    EXPECT = 4
    """Another step begins on the same connection."""
    PART = 5
    """The connection is over."""
    GIVE = 6
    """It is the streams driver's from now on."""
    RETURN = 7
    """The streams driver reached nobody, and there is a further address."""
    TELL = 8
    """Its outcome is told, and its connection is over with it."""


# What every attempt meets, by names of their own: until Python 3.11 a member of an enumeration is looked up in 0.2 us.
BEGIN, CONNECT, HEAR, EXPECT, TELL = Event.BEGIN, Event.CONNECT, Event.HEAR, Event.EXPECT, Event.TELL
IDLE, CONNECTING, UNANSWERED, READING = State.IDLE, State.CONNECTING, State.UNANSWERED, State.READING

LIVE = (State.CONNECTING, State.UNANSWERED, State.WAITING, State.READING)
"""The states with a connection of the sweep's."""

TABLE: dict[State, dict[Event, State]] = {
    State.IDLE: {Event.BEGIN: State.CONNECTING, Event.GIVE: State.GIVEN, Event.TELL: State.OVER},
    State.CONNECTING: {
        Event.MISS: State.UNANSWERED,
        Event.CONNECT: State.WAITING,
        Event.HEAR: State.READING,
        Event.PART: State.IDLE,
        Event.GIVE: State.GIVEN,
        Event.TELL: State.OVER,
    },
    State.UNANSWERED: {
        Event.CONNECT: State.WAITING,
        Event.HEAR: State.READING,
        Event.PART: State.IDLE,
        Event.GIVE: State.GIVEN,
        Event.TELL: State.OVER,
    },
    State.WAITING: {
        Event.HEAR: State.READING,
        Event.EXPECT: State.WAITING,
        Event.PART: State.IDLE,
        Event.GIVE: State.GIVEN,
        Event.TELL: State.OVER,
    },
    State.READING: {
        Event.EXPECT: State.WAITING,
        Event.PART: State.IDLE,
        Event.GIVE: State.GIVEN,
        Event.TELL: State.OVER,
    },
    State.GIVEN: {Event.RETURN: State.IDLE, Event.TELL: State.OVER},
    State.OVER: {},
}


class Misstep(RuntimeError):  # noqa: N818 - a bug of ours, named as what it is
    """An event that cannot happen in this state."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"{event.name.lower()} where an attempt is {state.name.lower()}")


def after(state: State, event: Event) -> State:
    """The state to which `event` leads from `state`. Raises `Misstep`."""
    try:
        return TABLE[state][event]
    except KeyError:
        raise Misstep(state, event) from None
