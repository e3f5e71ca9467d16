"""How a UDP target's exchange ends: what leaves then, what does not any more, and when it all was."""

from __future__ import annotations

import pytest

from banner import Transport
from banner.dialogue import Datagrams, Probe, Talk
from banner.models import Service, Status
from tests.plan.talks import begun, talk_of

TWO = talk_of((b"question", b"answer"), (b"more", b"rest"))


def test_what_no_answer_is_awaited_of_does_not_leave_and_was_not_said() -> None:
    for ending in (b"answer" * 3000, b""):
        exchange = begun(TWO)
        exchange.leaving()
        exchange.arrived(b"answer", 0.5)
        if ending:
            exchange.arrived(ending, 0.5)  # too much, in the same breath
        else:
            exchange.failed(Status.REFUSED, "no more")
        assert (exchange.over, exchange.leaving(), exchange.status) == (True, [], Status.BANNER)
        assert (exchange.datagrams, exchange.sent, exchange.said) == (1, len(b"question"), ["toy"])


def test_an_answer_cut_at_the_limit_draws_no_further_question() -> None:
    def talk(wire: Datagrams) -> Talk:
        wire.send(b"question")
        yield from wire.datagram()
        wire.claim(Service("toy"))
        wire.send(b"more")
        yield from wire.datagram()
        return wire.found

    exchange = begun(Probe("toy", talk, ports=(7000,), transport=Transport.UDP, limit=100))
    exchange.leaving()
    exchange.arrived(b"x" * 200, 0.5)
    assert (exchange.over, exchange.leaving(), exchange.datagrams) == (True, [], 1)
    assert exchange.service is not None


def test_words_of_parting_leave_after_the_end() -> None:
    def talk(wire: Datagrams) -> Talk:
        wire.send(b"question")
        yield from wire.datagram()
        wire.send(b"goodbye")
        return wire.claim(Service("toy"))

    exchange = begun(Probe("toy", talk, ports=(7000,), transport=Transport.UDP))
    exchange.leaving()
    exchange.arrived(b"answer", 0.5)
    assert (exchange.over, exchange.leaving(), exchange.datagrams) == (True, [b"goodbye"], 2)


@pytest.mark.parametrize("port", [None, 40000])
def test_what_came_before_a_wait_for_a_turn_came_as_soon(port: int | None) -> None:
    exchange = begun(TWO)
    exchange.leaving()
    exchange.arrived(b"answer" if port is None else b"?", 0.25, port)
    exchange.stand_still(7.0)
    while not exchange.over:
        exchange.due(exchange.until)
    assert exchange.status is Status.BANNER
    assert exchange.began is not None
    assert exchange.first is not None
    assert exchange.first - exchange.began == 0.25
