"""The crowd's judge says what is wrong, and a seed always gives the same crowd."""

from __future__ import annotations

import asyncio
import logging
import os
import time

import msgspec
import pytest

from banner import End, Grab, Status, Target, Timeouts, Timings

from . import acts, visiting
from .acts import Hear, Say
from .crowd import Stranger, stranger, strangers
from .heartbeat import BEAT, Heartbeat
from .judging import complaints, differences, uncounted
from .visiting import Tally, Watch


def test_a_seed_gives_the_same_strangers() -> None:
    crowd = [stranger(5, number) for number in range(30)]
    assert crowd == list(strangers(5, range(30)))
    assert crowd != list(strangers(6, range(30)))
    assert all(one.port >= 1024 and one.acts for one in crowd)
    beside = list(strangers(5, range(30), street=4711))
    assert [(one.port, one.acts) for one in beside] == [(one.port, one.acts) for one in crowd]
    assert not {one.host for one in beside} & {one.host for one in crowd}


GRAB = Grab(1.0, "h", 1, Status.BANNER, end=End.EOF, banner=b"one", connections=1, timings=Timings(total=1.0))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({}, None),
        ({"status": Status.FAULT, "error": "KeyError"}, "fault: KeyError"),
        ({"timings": Timings(total=99.0)}, "late: 99.0 s"),
        ({"probe": "smtp", "details": {"extensions": 1}}, "against the schema: 1 is not of type 'array'"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_record_is_said(changes: dict[str, object], complaint: str | None) -> None:
    said = complaints(msgspec.structs.replace(GRAB, **changes), Timeouts())
    assert len(said) == (complaint is not None)
    assert complaint is None or said[0].startswith(complaint)


def test_late_is_who_was_passed_over_not_who_waited_for_the_loop() -> None:
    overdue = msgspec.structs.replace(GRAB, time=100.0, timings=Timings(total=19.0))
    busy, idle = Heartbeat(), Heartbeat()
    for moment in (99.9, 110.0, 115.0, 118.9):
        busy.note(moment)
    for number in range(1000):
        idle.note(99.0 + number * BEAT)
    kept = Timeouts(total=10.0)
    assert complaints(overdue, kept, busy.elapsed) == []
    assert complaints(overdue, kept, idle.elapsed)[0].startswith("late: 19.0 s, and for 9.0 s")
    assert complaints(overdue, Timeouts(total=18.0), idle.elapsed) == []


async def test_a_loop_that_is_held_has_one_beat() -> None:
    heartbeat, began = Heartbeat(), time.time()
    heartbeat.start()
    time.sleep(8 * BEAT)  # noqa: ASYNC251 (the loop is to be held)
    for _ in range(3):
        await asyncio.sleep(0)
    assert heartbeat.elapsed(began - 1, began + 60) == pytest.approx(2 * BEAT)
    assert heartbeat.held > 6 * BEAT
    heartbeat.stop()


def test_records_are_counted() -> None:
    asked = [Target("h", 1), Target("i", 1)]
    assert uncounted(asked[:1], [GRAB]) == []
    assert uncounted(asked, [GRAB]) == ["i:1: no record"]
    assert uncounted(asked[:1], [GRAB, GRAB]) == ["h:1: too many records"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"time": 2.0, "timings": Timings(total=2.0)}, set()),
        ({"banner": b"on"}, {"banner"}),
        ({"status": Status.SILENT, "connections": 2}, {"status", "connections"}),
        ({"end": End.DEADLINE}, {"end"}),
    ],
)
def test_what_differs_between_two_records_is_said(changes: dict[str, object], fields: set[str]) -> None:
    assert differences(GRAB, msgspec.structs.replace(GRAB, **changes), 9.0).keys() == fields


def test_who_had_no_more_time_may_have_heard_a_hello_less() -> None:
    overdue = msgspec.structs.replace(GRAB, timings=Timings(total=9.01))
    one_more = msgspec.structs.replace(overdue, connections=2)
    assert differences(overdue, one_more, 9.0) == {}
    assert differences(GRAB, msgspec.structs.replace(GRAB, connections=2), 9.0).keys() == {"connections"}
    assert differences(overdue, msgspec.structs.replace(overdue, connections=3), 9.0).keys() == {
        "connections"
    }
    said = msgspec.structs.replace(overdue, said=("tls", "dns"))
    further = msgspec.structs.replace(one_more, said=("tls", "dns", "tls", "smb2"))
    assert differences(said, further, 9.0) == {}
    assert differences(said, msgspec.structs.replace(further, said=("dns",)), 9.0).keys() == {"said"}
    late = msgspec.structs.replace(GRAB, timings=Timings(total=8.6), status=Status.SILENT, banner=b"")
    assert differences(overdue, late, 9.0) == {}
    early = msgspec.structs.replace(late, timings=Timings(total=7.0))
    assert differences(overdue, early, 9.0).keys() == {"status", "banner"}


def test_a_banner_that_a_deadline_cut_short_may_be_shorter() -> None:
    cut = msgspec.structs.replace(GRAB, end=End.DEADLINE)
    assert differences(cut, msgspec.structs.replace(cut, banner=b"on"), 9.0) == {}
    assert differences(cut, msgspec.structs.replace(cut, banner=b"no"), 9.0).keys() == {"banner"}
    assert differences(cut, msgspec.structs.replace(cut, banner=b""), 9.0).keys() == {"banner"}


async def test_what_is_logged_and_left_open_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "LEAVE", 0.05)
    tally = Tally()
    async with Watch(tally):
        logging.getLogger("banner").error("a fault of our own")
        left = os.open("/", os.O_RDONLY)
        task = asyncio.create_task(asyncio.Event().wait())
    os.close(left)
    task.cancel()
    logged, under_way, left_open = tally.wrong
    assert (logged, left_open) == ("logged: a fault of our own", f"left open: descriptor {left}")
    assert under_way.startswith("left under way: <Task pending")


async def test_what_ends_a_little_later_is_not_left() -> None:
    tally = Tally()
    async with Watch(tally):
        task = asyncio.create_task(asyncio.sleep(0.05))
    assert (tally.wrong, task.done()) == ([], True)


def test_of_who_speaks_in_pieces_more_may_have_been_read() -> None:
    more = msgspec.structs.replace(GRAB, banner=b"one and two", end=End.LIMIT)
    assert differences(GRAB, more, 9.0).keys() == {"banner", "end"}
    assert differences(GRAB, more, 9.0, slowed=True) == {}
    other = msgspec.structs.replace(GRAB, banner=b"two")
    assert differences(GRAB, other, 9.0, slowed=True).keys() == {"banner"}


def test_who_read_more_of_what_was_said_in_pieces_may_know_more_and_go_on_otherwise() -> None:
    less = msgspec.structs.replace(GRAB, banner=b"o", said=("tls", "http"), probe="tls")
    more = msgspec.structs.replace(
        GRAB, said=("tls", "amqp"), probe="amqp", connections=2, details={"product": "RabbitMQ"}
    )
    assert differences(less, more, 9.0).keys() == {
        "banner",
        "said",
        "probe",
        "connections",
        "details.product",
    }
    assert differences(less, more, 9.0, slowed=True) == differences(more, less, 9.0, slowed=True) == {}
    other = msgspec.structs.replace(less, said=("http",))
    assert differences(other, more, 9.0, slowed=True).keys() == {"said", "probe", "connections"}
    another = msgspec.structs.replace(less, details={"product": "Qpid"}, status=Status.SILENT)
    assert differences(another, more, 9.0, slowed=True).keys() == {"details.product", "status"}
    alike = msgspec.structs.replace(more, details=None, probe="tls")
    assert differences(alike, more, 9.0, slowed=True).keys() == {"details.product", "probe"}


def test_of_who_resets_at_once_one_hello_more_may_have_been_taken() -> None:
    reset = msgspec.structs.replace(GRAB, status=Status.RESET, banner=b"", end=None, said=())
    assert differences(reset, msgspec.structs.replace(reset, said=("http",)), 9.0) == {}
    assert differences(reset, msgspec.structs.replace(reset, said=("http", "tls")), 9.0).keys() == {"said"}
    one, other = (msgspec.structs.replace(reset, said=said) for said in (("http",), ("tls", "redis")))
    assert differences(one, other, 9.0).keys() == {"said"}
    assert differences(GRAB, msgspec.structs.replace(GRAB, said=("http",)), 9.0).keys() == {"said"}
    assert differences(GRAB, msgspec.structs.replace(GRAB, said=("http",)), 9.0, resets=True) == {}
    further = msgspec.structs.replace(GRAB, said=("http", "tls"))
    assert differences(GRAB, further, 9.0, resets=True).keys() == {"said"}


def test_a_peer_is_known_by_its_acts() -> None:
    greeting, hear = Say(b"220 mail.example ESMTP\r\n"), Hear()
    assert not Stranger(1, "", "h", 1, (greeting, acts.End("close"))).slowed
    assert not Stranger(1, "", "h", 1, (hear, greeting, hear, greeting)).slowed
    assert Stranger(
        1, "", "h", 1, (greeting, hear, greeting)
    ).slowed  # it may not have waited for what it heard
    assert Stranger(1, "", "h", 1, (greeting, acts.End("reset"))).resets
    assert not Stranger(1, "", "h", 1, (greeting, acts.End("close"))).resets
