"""Questions over UDP, without a socket: what leaves, when, and what is told of whatever comes."""

from __future__ import annotations

import pytest

from banner import Transport, probes
from banner.dialogue import Probe
from banner.models import End, Mode, Status, Timeouts
from banner.plan.exchange import ANSWER, FLOOD, REPEAT, STRANGE
from banner.plan.questions import EMPTY, MOST
from tests.plan.talks import ONE, OTHER, begun, played, talk_of

TWO = talk_of((b"question", b"answer"), (b"more", b"rest"))
FOUR = talk_of(*((b"q%d" % n, b"a%d" % n) for n in range(4)))


def test_one_datagram_and_one_repeat_not_before_a_second() -> None:
    exchange = begun(ONE)
    assert played(exchange) == [(0.0, [b"question"]), (REPEAT, [b"question"])]
    assert REPEAT >= 1.0  # RFC 8085, section 3.1.1
    assert exchange.until == REPEAT + ANSWER
    assert (exchange.status, exchange.service, exchange.said) == (Status.SILENT, None, ["toy"])
    assert (exchange.datagrams, exchange.sent, exchange.answers) == (2, 16, 0)


def test_two_usual_services_are_asked_in_turn() -> None:
    exchange = begun(ONE, OTHER)
    assert played(exchange) == [(0.0, [b"question"]), (REPEAT, [b"other?"]), (2 * REPEAT, [b"question"])]
    assert exchange.said == ["toy", "other"]
    assert exchange.until == REPEAT + ANSWER  # silence takes no longer than where one is asked


def test_the_last_of_three_questions_has_its_time_after_a_wait_for_a_turn() -> None:
    exchange = begun(ONE, OTHER)
    exchange.stand_still(7.0)
    assert [when for when, _ in played(exchange)] == [0.0, 7.0 + REPEAT, 7.0 + 2 * REPEAT]
    assert exchange.until == 7.0 + REPEAT + ANSWER


@pytest.mark.parametrize("probes", [(), (ONE,), (TWO,), (FOUR,), (ONE, OTHER), (ONE, TWO, FOUR, OTHER)])
@pytest.mark.parametrize("mode", list(Mode))
def test_never_more_than_three_datagrams(probes: tuple[Probe, ...], mode: Mode) -> None:
    """Whatever answers, and at however many addresses."""
    for answers in ((), (b"answer",), (b"a0", b"a1", b"a2", b"a3"), (b"?", b"??"), (b"other!",)):
        exchange = begun(*probes, mode=mode)
        left = 0
        for address in range(4):
            if address and (exchange.status is Status.BANNER or not exchange.may_ask):
                break
            exchange.begin(address * 5.0)
            coming = list(answers)
            while not exchange.over:
                left += len(exchange.leaving())
                if coming:
                    exchange.arrived(coming.pop(0), exchange.until - 0.5)
                else:
                    exchange.due(exchange.until)
        assert left == exchange.datagrams <= MOST == 3


def test_an_answer_is_whole() -> None:
    exchange = begun(ONE)
    exchange.arrived(b"answer", 0.25)
    assert exchange.over
    assert exchange.status is Status.BANNER
    assert (exchange.banner, exchange.end, exchange.probe) == (b"answer", End.COMPLETE, "toy")
    assert exchange.service is not None
    assert exchange.service.product == "Toy0"
    assert (exchange.began, exchange.first) == (0.0, 0.25)


def test_a_second_question_is_repeated_too_and_its_loss_costs_only_its_answer() -> None:
    exchange = begun(TWO)
    exchange.leaving()
    exchange.arrived(b"answer", 0.25)
    assert exchange.leaving() == [b"more"]
    assert exchange.until == 0.25 + REPEAT
    exchange.due(1.25)
    assert exchange.leaving() == [b"more"]
    exchange.due(exchange.until)
    assert exchange.over
    assert exchange.banner == b"answer"
    assert exchange.service is not None
    assert exchange.service.product == "Toy0"


def test_after_three_datagrams_what_is_known_is_told() -> None:
    exchange = begun(FOUR)
    for number in range(3):
        exchange.arrived(b"a%d" % number, number * 0.1)
    assert exchange.over
    assert exchange.banner == b"a0a1a2"
    assert exchange.service is not None
    assert exchange.service.product == "Toy2"


@pytest.mark.parametrize("garbage", [b"", b"guess", b"a" * 100])
def test_what_is_no_answer_ends_no_question(garbage: bytes) -> None:
    """A forger's guess comes first, and the answer after it."""
    exchange = begun(ONE)
    exchange.arrived(garbage, 0.1)
    assert not exchange.over
    exchange.arrived(b"answer", 0.2)
    assert exchange.banner == b"answer"
    assert exchange.service is not None


def test_an_answer_may_be_late_and_to_the_question_before() -> None:
    exchange = begun(ONE, OTHER)
    exchange.due(exchange.until)
    assert exchange.said == ["toy", "other"]
    exchange.arrived(b"answer", 1.2)
    assert exchange.banner == b"answer"
    assert exchange.probe == "toy"


def test_what_was_no_answer_is_told_without_a_service() -> None:
    exchange = begun(ONE)
    exchange.leaving()
    exchange.arrived(b"\xfe\xed", 0.1)
    assert exchange.until == pytest.approx(0.1 + STRANGE)
    exchange.due(exchange.until)
    assert exchange.over
    assert exchange.leaving() == []
    assert (exchange.status, exchange.banner, exchange.service) == (Status.BANNER, b"\xfe\xed", None)


def test_an_echo_is_no_answer_of_the_service() -> None:
    exchange = begun(ONE, OTHER)
    exchange.arrived(b"question", 0.1)
    assert exchange.over
    assert exchange.service is not None
    assert exchange.service.name == "echo"


def test_a_refusal_is_told_and_ends_it() -> None:
    exchange = begun(ONE)
    exchange.failed(Status.REFUSED, "ECONNREFUSED: Connection refused")
    assert (exchange.over, exchange.status, exchange.service) == (True, Status.REFUSED, None)
    exchange.begin(1.0)  # at its next address
    assert not exchange.over
    assert exchange.error is None
    assert len(exchange.leaving()) == 1


def test_a_refusal_after_an_answer_takes_nothing_away() -> None:
    exchange = begun(TWO)
    exchange.arrived(b"answer", 0.1)
    exchange.failed(Status.UNREACHABLE, "EHOSTUNREACH")
    assert (exchange.status, exchange.banner) == (Status.BANNER, b"answer")


def test_a_flood_is_left_after_a_few_datagrams() -> None:
    exchange = begun(ONE)
    for number in range(FLOOD):
        assert not exchange.over
        exchange.arrived(b"flood", 0.01 * number)
    assert exchange.over
    assert exchange.banner == b"flood"
    assert exchange.end is End.LIMIT
    assert exchange.answers == FLOOD


def test_reading_stops_after_as_many_bytes_as_were_asked_for() -> None:
    exchange = begun(ONE, max_bytes=1000, limit=4096)
    exchange.arrived(b"x" * 65000, 0.1)
    assert exchange.over
    assert exchange.banner == b"x" * 1000
    assert exchange.end is End.LIMIT
    assert exchange.received == 65000  # what came, for the amplification


def test_what_is_longer_than_is_kept_is_cut_and_said_so() -> None:
    exchange = begun(EMPTY, port=7001, limit=10)
    exchange.arrived(b"x" * 11, 0.1)
    assert (exchange.banner, exchange.end) == (b"x" * 10, End.LIMIT)


def test_what_comes_from_elsewhere_is_counted_and_another_port_told() -> None:
    exchange = begun(ONE)
    exchange.from_elsewhere()
    assert not exchange.over
    assert exchange.elsewhere == 1
    assert exchange.answers == 0
    exchange.arrived(b"answer", 0.1, 40000)
    assert exchange.other_port == 40000


@pytest.mark.parametrize("question", [ONE, EMPTY], ids=["asked", "empty"])
def test_what_another_port_says_besides_takes_nothing_from_the_answer(question: Probe) -> None:
    """A stranger at the same host, or who forges its address: no turn ends, and no budget is used up."""
    exchange = begun(question, max_bytes=1000)
    until = exchange.until
    for _ in range(300):
        exchange.arrived(b"f" * 100, 0.1, 40000)
    assert (exchange.over, exchange.until, exchange.received) == (False, until, 0)
    exchange.arrived(b"answer", 0.2)
    exchange.due(exchange.until)
    assert (exchange.banner, exchange.end, exchange.first) == (b"answer", End.COMPLETE, 0.2)
    assert (exchange.elsewhere, exchange.received, exchange.other_port) == (300, 6, None)


def test_what_another_port_says_is_told_where_nobody_else_says_anything() -> None:
    exchange = begun(EMPTY)
    exchange.arrived(b"first", 0.1, 40000)
    exchange.arrived(b"second", 0.2, 40001)
    exchange.due(exchange.until)
    assert (exchange.status, exchange.banner, exchange.other_port) == (Status.BANNER, b"first", 40000)
    assert (exchange.elsewhere, exchange.received, exchange.first) == (1, 5, 0.1)


def test_what_another_port_says_is_no_answer_of_a_port_that_refuses() -> None:
    exchange = begun(ONE)
    exchange.arrived(b"forged", 0.1, 40000)
    exchange.failed(Status.REFUSED, "ECONNREFUSED: Connection refused")
    assert (exchange.status, exchange.banner, exchange.elsewhere) == (Status.REFUSED, b"", 1)


def test_what_is_known_elsewhere_ends_no_dialogue_that_is_under_way() -> None:
    exchange = begun(probes.get("ntp", Transport.UDP), mode=Mode.FULL, port=123)
    exchange.leaving()
    time = b"\x24\x03" + bytes(22) + bytes(8) + b"\xe8" + bytes(15)
    exchange.arrived(time, 0.1)
    assert len(exchange.leaving()) == 1
    exchange.arrived(b"SIP/2.0 200 OK\r\nServer: Forged/1.0\r\n\r\n", 0.2)
    assert not exchange.over
    played(exchange)
    assert (exchange.banner, exchange.probe) == (time, "ntp")
    assert exchange.service is not None
    assert exchange.service.name == "ntp"


@pytest.mark.parametrize(("read", "total"), [(0.3, 20.0), (7.0, 0.3)])
def test_no_time_is_taken_that_was_not_given(read: float, total: float) -> None:
    exchange = begun(ONE, until=total, timeouts=Timeouts(read=read, total=20.0))
    assert played(exchange) == [(0.0, [b"question"])]
    assert exchange.until == 0.3


def test_waiting_for_a_turn_is_not_the_targets_time() -> None:
    exchange = begun(ONE, until=3.0)
    exchange.stand_still(2.0)
    assert exchange.until == 3.0
    assert exchange.deadline == 5.0
