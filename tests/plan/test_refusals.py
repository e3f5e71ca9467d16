"""When silence may be a refusal that was not sent, and who is asked once more."""

from __future__ import annotations

import pytest

from banner.models import Settings, Status, Target, Transport
from banner.plan.exchange import Exchange
from banner.plan.questions import questions
from banner.plan.refusals import BURST, HOSTS, MOST, PACE, Refusals

HOST = "192.0.2.1"


def used_up(ip: str = HOST, now: float = 0.0) -> Refusals:
    refusals = Refusals()
    for _ in range(int(BURST)):
        refusals.refused(ip, now)
    return refusals


def silent(port: int = 9999, began: float = 0.0) -> Exchange:
    settings = Settings()
    target = Target(HOST, port, transport=Transport.UDP)
    exchange = Exchange(target, settings, questions(settings), bytes(32), began + 20.0)
    exchange.begin(began)
    exchange.leaving()
    while not exchange.over:
        exchange.due(exchange.until)
        exchange.leaving()
    return exchange


def test_fewer_than_a_host_says_at_once_cast_no_doubt() -> None:
    refusals = Refusals()
    for _ in range(int(BURST) - 1):
        refusals.refused(HOST, 0.0)
    assert not refusals.doubtful(HOST, 0.0)
    refusals.refused(HOST, 0.0)
    assert refusals.doubtful(HOST, 0.0)
    assert not refusals.doubtful("192.0.2.2", 0.0)


def test_what_is_asked_when_there_is_room_again_is_not_doubtful() -> None:
    refusals = used_up()
    assert refusals.doubtful(HOST, PACE)
    assert not refusals.doubtful(HOST, PACE + 0.01)


def test_one_a_second_is_no_burst() -> None:
    refusals = Refusals()
    for second in range(50):
        refusals.refused(HOST, second * PACE)
    assert not refusals.doubtful(HOST, 49 * PACE)


@pytest.mark.parametrize(
    "ip", ["127.0.0.1", "127.9.9.9", "::1", "::1%lo", "::ffff:127.0.0.1", "::ffff:7f00:1", "0.0.0.0", "::"]
)
def test_a_machine_says_everything_to_itself(ip: str) -> None:
    refusals = used_up(ip)
    assert not refusals.doubtful(ip, 0.0)
    assert refusals.turn(ip, 0.0) is None


def test_turns_are_a_second_apart_and_bounded() -> None:
    refusals = used_up()
    turns = [refusals.turn(HOST, 2.5) for _ in range(MOST + 1)]
    assert turns[-1] is None
    assert turns[:MOST] == pytest.approx([number * PACE for number in range(MOST)])


def test_hosts_are_remembered_in_bounds() -> None:
    refusals = Refusals()
    for number in range(3 * HOSTS):
        refusals.refused(str(number), 0.0)
    assert len(refusals._young) + len(refusals._old) <= 2 * HOSTS


def test_a_doubtful_port_is_asked_once_more_and_then_believed() -> None:
    refusals, exchange = used_up(), silent()
    assert exchange.datagrams == 1
    wait = exchange.doubts(refusals, HOST, 2.0)
    assert wait == 0.0
    assert exchange.doubtful
    exchange.ask_again(2.0)
    assert not exchange.over
    assert exchange.leaving() == [b""]
    assert exchange.until == 3.0
    exchange.due(3.0)
    assert exchange.over
    assert exchange.doubts(refusals, HOST, 3.0) is None
    assert not exchange.doubtful  # there was room for a refusal
    assert (exchange.status, exchange.datagrams) == (Status.SILENT, 2)


def test_a_refusal_that_had_been_missing_is_told() -> None:
    refusals, exchange = used_up(), silent(53)
    assert exchange.datagrams == 2
    assert exchange.doubts(refusals, HOST, 2.5) is not None
    exchange.ask_again(2.5)
    assert len(exchange.leaving()) == 1
    exchange.failed(Status.REFUSED, "ECONNREFUSED")
    assert exchange.doubts(refusals, HOST, 2.6) is None
    assert (exchange.status, exchange.doubtful, exchange.datagrams) == (Status.REFUSED, False, 3)


def test_an_answer_to_the_second_question_counts() -> None:
    refusals, exchange = used_up(), silent(53)
    exchange.doubts(refusals, HOST, 2.5)
    exchange.ask_again(2.5)
    exchange.arrived(b"\xff\xfe", 2.6)
    exchange.due(exchange.until)
    assert (exchange.status, exchange.banner) == (Status.BANNER, b"\xff\xfe")


def test_where_nothing_may_leave_any_more_the_doubt_is_told() -> None:
    exchange = silent()
    exchange.datagrams = 3
    assert exchange.doubts(used_up(), HOST, 2.0) is None
    assert exchange.doubtful


def test_what_was_not_asked_is_not_doubtful() -> None:
    exchange = silent(502)  # Modbus
    assert exchange.doubts(used_up(), HOST, 2.0) is None
    assert not exchange.doubtful
