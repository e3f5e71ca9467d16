"""Who is asked over UDP: at a usual port, at an unknown one, by name, and who is left in peace."""

from __future__ import annotations

import pytest

from banner.dialogue import Probe
from banner.models import Mode, Settings, Status, Target, Transport
from banner.plan.exchange import Exchange
from banner.plan.hellos import MUTE
from banner.plan.questions import MOST, MUTE_OVER_UDP, questions
from tests.plan.talks import ONE, OTHER, begun, played


def test_a_port_of_no_usual_service_gets_one_empty_datagram() -> None:
    exchange = begun(ONE, port=7001)
    assert played(exchange) == [(0.0, [b""])]
    assert (exchange.said, exchange.sent, exchange.datagrams) == (["empty"], 0, 1)


def test_the_empty_answer_of_somebody_is_an_answer() -> None:
    exchange = begun(ONE, port=7001)
    exchange.arrived(b"", 0.1)
    assert (exchange.over, exchange.status, exchange.answers, exchange.received) == (
        True,
        Status.BANNER,
        1,
        0,
    )


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_is_sent_to_printers_controllers_and_generators(mode: Mode) -> None:
    assert MUTE | {17, 19} <= MUTE_OVER_UDP
    for port in MUTE_OVER_UDP:
        exchange = begun(ONE, port=port, mode=mode)
        assert exchange.over
        assert exchange.leaving() == []
        assert exchange.said == []
        assert exchange.status is Status.SILENT
        assert exchange.error is not None


def test_a_fragile_one_is_asked_when_it_is_named_in_full_mode() -> None:
    fragile = Probe("bacnet", ONE.talk, ports=(47808,), transport=Transport.UDP, fragile=True)
    asked = {
        (mode, named): begun(fragile, port=47808, mode=mode, probes=named).said
        for mode in (Mode.LIGHT, Mode.FULL)
        for named in ((), ("bacnet",))
    }
    assert {key for key, said in asked.items() if said} == {(Mode.FULL, ("bacnet",))}


def test_where_bytes_do_harm_only_whose_port_it_is_is_asked() -> None:
    anywhere = Probe("own", ONE.talk, ports=tuple(MUTE_OVER_UDP), transport=Transport.UDP)
    elsewhere = Probe("snmp", ONE.talk, ports=(161,), transport=Transport.UDP)
    bacnet = Probe("bacnet", ONE.talk, ports=(47808,), transport=Transport.UDP, fragile=True)
    everybody = ("own", "snmp", "bacnet")
    for port in MUTE_OVER_UDP:
        said = begun(anywhere, elsewhere, bacnet, port=port, mode=Mode.FULL, probes=everybody).said
        assert said == (["bacnet"] if port == 47808 else [])


def test_what_asks_for_more_is_asked_in_full_mode_or_by_name() -> None:
    full = Probe("deep", ONE.talk, ports=(7000,), transport=Transport.UDP, full=True)
    assert begun(full).said == ["empty"]
    assert begun(full, mode=Mode.FULL).said == ["deep"]
    assert begun(full, probes=("deep",)).said == ["deep"]
    assert begun(full, mode=Mode.FULL, without=("deep",)).said == ["empty"]


def test_named_ones_are_asked_at_any_port() -> None:
    assert begun(ONE, OTHER, port=9999, probes=("other",)).said == ["other"]


def test_in_full_mode_an_unknown_port_is_asked_by_those_who_are_met_most() -> None:
    exchange = Exchange(
        Target("192.0.2.1", 33000, transport=Transport.UDP),
        settings := Settings(mode=Mode.FULL),
        questions(settings),
        bytes(32),
        20.0,
    )
    exchange.begin(0.0)
    played(exchange)
    assert len(exchange.said) == MOST
    assert exchange.said[0] == "dns"


def test_listening_alone_asks_nothing() -> None:
    exchange = begun(ONE, mode=Mode.LISTEN)
    assert exchange.over
    assert exchange.leaving() == []
    assert exchange.status is Status.SILENT
    assert "listens" in (exchange.error or "")
