"""How long a plan listens, and to whom: who was silent, who closed, who was waited for already."""

from __future__ import annotations

import pytest

from banner.models import End, Mode
from banner.plan.hellos import AGAIN, ANSWER, MOMENT, SPOKEN_TO
from banner.plan.steps import LATE, Heard, Hold, Listen, Secure
from tests.plan.heard import ALERT, CLOSED, SECURED, SILENT, UNKNOWN, always, follow, planner, service_at


@pytest.mark.parametrize("port", [21, 22, 23, 25, 110, 143, 587, 873, 3306, 4190, 4222, 5900, 6667])
def test_where_the_service_greets_it_is_listened_to_with_all_patience(port: int) -> None:
    assert planner().opening(port) == Listen()


@pytest.mark.parametrize(("port", "name"), [(80, "http"), (6379, "redis"), (5432, "postgresql"), (53, "dns")])
def test_where_it_never_does_we_speak_at_once(port: int, name: str) -> None:
    assert follow(planner(), port, service_at(name)) == [name]


@pytest.mark.parametrize("port", [993, 995, 465, 990, 992])
def test_inside_tls_too_a_greeting_is_waited_for(port: int) -> None:
    plan = planner()
    assert plan.opening(port) == Secure(alpn=False)
    assert follow(plan, port, lambda step: SECURED if step == "secure" else SILENT, most=2)[1] == "listen"


def test_an_unknown_port_is_listened_to_for_a_moment_only() -> None:
    assert planner().opening(UNKNOWN) == Listen(MOMENT)


def test_who_closes_on_the_ports_usual_hello_is_listened_to_before_others_are_said() -> None:
    greeting = Heard(b"220 mail.example ESMTP Postfix\r\n", open=True)
    steps = follow(planner(), 11211, lambda step: greeting if "listen" in step else CLOSED)
    assert steps == ["memcached", "+secure", "+listen", "smtp"]


def test_and_inside_tls() -> None:
    greeting = Heard(b"220 mail.example ESMTP Postfix\r\n", open=True)
    heard = {"memcached": ALERT, "+secure": SECURED, "+listen/tls": greeting}
    steps = follow(planner(), 11211, lambda step: heard.get(step, CLOSED))
    assert steps == ["memcached", "+secure", "memcached/tls", "+listen/tls", "smtp/tls"]


def test_who_says_nothing_then_either_hears_the_next_hello_at_once() -> None:
    steps = follow(planner(), 11211, service_at("redis"))
    assert steps == ["memcached", "+secure", "+listen", "http", "+postgresql"]
    assert steps.count("+listen") == 1


def test_who_is_silent_to_everything_is_listened_to_in_the_end() -> None:
    greeting = Heard(b"220 mail.example ESMTP Postfix\r\n", open=True)
    steps = follow(planner(), UNKNOWN, lambda step: greeting if step == "+listen" else SILENT)
    assert steps == ["listen", "secure", "+http", "+dns", "+listen", "smtp"]
    assert follow(planner(), UNKNOWN, always(SILENT)) == steps[:-1]
    in_full = follow(planner(mode=Mode.FULL), UNKNOWN, always(SILENT))
    assert in_full.index("+listen") == 1 + SPOKEN_TO[Mode.FULL]
    assert len(in_full) > 20


def test_who_was_waited_for_with_all_patience_is_not_waited_for_again() -> None:
    steps = follow(planner(), 6379, always(SILENT))
    assert "+listen" not in steps


def test_who_was_silent_has_been_listened_to() -> None:
    assert not [step for step in follow(planner(), 11211, always(SILENT)) if "listen" in step]


def test_who_hangs_up_when_only_listened_to_hears_no_more() -> None:
    steps = follow(planner(), 80, always(CLOSED))
    assert steps == ["http", "+secure", "+listen"]


def _patiences(port: int, answers: list[Heard]) -> list[float | None]:
    """How long is waited for each answer, and for one more."""
    under_way = planner().plan(port)
    steps = [next(under_way), *(under_way.send(heard) for heard in answers)]
    return [step.patience for step in steps]


def test_all_patience_is_had_once() -> None:
    assert _patiences(22, [SILENT, SILENT, SILENT]) == [None, ANSWER, AGAIN, AGAIN]
    assert _patiences(22, [SILENT, SECURED]) == [None, ANSWER, MOMENT]
    assert _patiences(1883, [SILENT, SECURED]) == [None, ANSWER, AGAIN]
    assert _patiences(8080, [CLOSED, SECURED]) == [None, ANSWER, None]
    assert _patiences(993, [SECURED]) == [None, None]


def test_who_hung_up_after_a_long_silence_had_waited_for_us() -> None:
    steps = follow(
        planner(), 22, lambda step: Heard(late=True) if step == "listen" else service_at("postgresql")(step)
    )
    assert steps == ["listen", "+secure", "+http", "+postgresql"]
    plan = planner()
    assert plan.goes_on(b"", End.EOF, 22, LATE)
    assert not plan.goes_on(b"", End.EOF, 22, LATE / 2)
    assert not plan.goes_on(b"", End.EOF, 9100, LATE)
    assert not plan.goes_on(b"220", End.EOF, 25, LATE)


def test_patience_is_short_with_those_whose_haste_is_known() -> None:
    under_way = planner().plan(UNKNOWN)
    assert next(under_way) == Listen(MOMENT)
    assert under_way.send(SILENT) == Secure(patience=ANSWER)
    step = under_way.send(CLOSED)
    assert isinstance(step, Hold)
    assert step.patience == AGAIN
