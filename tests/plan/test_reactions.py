"""How what a peer does to one hello decides who is asked next: resets, silence, echoes, alerts, a port of TLS."""

from __future__ import annotations

from functools import partial

import pytest

from banner.models import End, Mode, Service
from banner.plan.hellos import ANSWER
from banner.plan.reactions import ECHO, echoes, pointed_at, returns, speaks_tls
from banner.plan.steps import Heard, Secure
from tests.plan.heard import (
    ALERT,
    CLOSED,
    RESET,
    SECURED,
    SILENT,
    UNKNOWN,
    always,
    follow,
    planner,
    service_at,
)


@pytest.mark.parametrize(
    ("reactions", "name", "expected"),
    [
        ({}, "http", ["listen", "secure", "+http"]),
        ({}, "dns", ["listen", "secure", "+http", "+dns"]),
        ({"+dns": CLOSED}, "smb2", ["listen", "secure", "+http", "+dns", "+smb2"]),
        ({"+http": CLOSED}, "redis", ["listen", "secure", "+http", "+redis"]),
        ({"+http": CLOSED, "+redis": CLOSED}, "sip", ["listen", "secure", "+http", "+redis", "+sip"]),
        ({"secure": RESET, "+http": RESET}, "mqtt", ["listen", "secure", "+http", "+secure", "+mqtt"]),
        ({"secure": CLOSED, "+http": CLOSED}, "postgresql", ["listen", "secure", "+http", "+postgresql"]),
        ({"secure": CLOSED, "+http": CLOSED}, "zookeeper",
         ["listen", "secure", "+http", "+postgresql", "+zookeeper"]),
        ({"secure": CLOSED, "+http": CLOSED, "+postgresql": CLOSED}, "ldap",
         ["listen", "secure", "+http", "+postgresql", "+ldap"]),
        ({"+http": Heard(b"-ERR unknown command 'GET'\r\n")}, "redis", ["listen", "secure", "+http", "+redis"]),
        ({"+http": Heard(b"<html><title>x</title>")}, "nobody", ["listen", "secure", "+http"]),
        ({"secure": Heard(b"ERROR\r\nERROR\r\n", open=True)}, "memcached", ["listen", "secure", "+memcached"]),
        ({"secure": Heard(b"\x05\xff")}, "socks5", ["listen", "secure", "+socks5"]),
        ({"secure": Heard(b"AMQP\0\0\x09\x01")}, "amqp", ["listen", "secure", "+amqp"]),
        ({"secure": Heard(b"\x03\0\0\x09\x02\xf0\x80\x21\x80")}, "rdp", ["listen", "secure", "+rdp"]),
        ({"secure": Heard(b"HTTP/1.1 400 Bad Request\r\n\r\n")}, "http", ["listen", "secure", "+http"]),
    ],
)  # fmt: skip
def test_a_reaction_decides_who_is_asked_next(
    reactions: dict[str, Heard], name: str, expected: list[str]
) -> None:
    known = service_at(name, SILENT)
    assert follow(planner(), UNKNOWN, lambda step: reactions.get(step) or known(step)) == expected


def test_inside_tls_the_reaction_to_http_decides() -> None:
    def closes(step: str) -> Heard:
        return SECURED if step == "secure" else service_at("mqtt")(step)

    assert follow(planner(), UNKNOWN, closes) == [
        "listen", "secure", "listen", "http/tls", "+redis/tls",
    ]  # fmt: skip
    assert follow(planner(mode=Mode.FULL), UNKNOWN, closes)[-2:] == ["+redis/tls", "+mqtt/tls"]


def test_what_the_server_chose_by_alpn_is_spoken_inside() -> None:
    chosen = Heard(secured=True, open=True, alpn="mqtt")
    steps = follow(planner(), UNKNOWN, lambda step: chosen if step == "secure" else service_at("mqtt")(step))
    assert steps == ["listen", "secure", "mqtt/tls"]


def test_a_tls_alert_on_an_unknown_port_ends_the_search() -> None:
    assert follow(planner(), UNKNOWN, lambda step: ALERT if step == "secure" else SILENT) == [
        "listen",
        "secure",
    ]


def test_a_plain_request_refused_by_a_tls_port_leads_to_tls() -> None:
    refusal = Heard(
        b"HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port",
        service=Service("http"),
    )
    steps = follow(
        planner(), 80, lambda step: {"http": refusal, "+secure": SECURED}.get(step, CLOSED), most=3
    )
    assert steps == ["http", "+secure", "http/tls"]


def test_a_greeting_that_our_hello_met_is_listened_to_anew() -> None:
    spoilt = Heard(b"220 mail.example ESMTP Postfix\r\n500 command unrecognized\r\n")
    greeting = Heard(b"220 mail.example ESMTP Postfix\r\n", open=True)
    steps = follow(planner(), 443, lambda step: {"secure": spoilt, "+listen": greeting}.get(step, CLOSED))
    assert steps == ["secure", "+listen", "smtp"]


def test_so_it_is_inside_tls() -> None:
    spoilt = Heard(b"220 mail.example ESMTP Postfix\r\n500 command unrecognized\r\n")
    greeting = Heard(b"220 mail.example ESMTP Postfix\r\n", open=True)
    heard = {"memcached": ALERT, "+secure": SECURED, "memcached/tls": spoilt, "+listen/tls": greeting}
    steps = follow(planner(), 11211, lambda step: heard.get(step, CLOSED))
    assert steps == ["memcached", "+secure", "memcached/tls", "+listen/tls", "smtp/tls"]


def test_at_a_port_of_tls_the_reaction_to_its_hello_decides_too() -> None:
    silent = {"secure": SILENT, "+http": CLOSED}
    steps = follow(planner(), 443, lambda step: silent.get(step) or service_at("sip", SILENT)(step))
    assert steps == ["secure", "+http", "+redis", "+sip"]
    closes = follow(planner(), 443, service_at("postgresql"))
    assert closes == ["secure", "+listen", "http", "+postgresql"]


def test_who_refuses_the_ports_usual_hello_hears_that_of_tls_before_others() -> None:
    assert follow(planner(), 80, service_at("mqtt", RESET)) == [
        "http", "+secure", "+listen", "secure", "+mqtt",
    ]  # fmt: skip


def _as(heard: dict[str, Heard], step: str) -> Heard:
    return heard.get(step) or SILENT


def test_an_answer_whose_service_is_known_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    plans, page = planner(), b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n<title>It works</title>"
    assert plans.hint(page) == "http"
    monkeypatch.setattr(plans, "rules", None)
    assert plans.hint(page, Service("http")) is None
    heard = {"secure": SECURED, "http/tls": Heard(page, service=Service("http"))}
    assert follow(plans, 443, lambda step: heard.get(step, CLOSED), most=3) == ["secure", "http/tls"]


@pytest.mark.parametrize("met", [CLOSED, RESET, SILENT])
@pytest.mark.parametrize(
    "asks",
    [
        ALERT,
        Heard(
            b"HTTP/1.1 400 No\r\n\r\nThe plain HTTP request was sent to HTTPS port", service=Service("http")
        ),
    ],
)
def test_who_asks_for_tls_and_does_not_bear_todays_hello_hears_that_of_long_ago(
    met: Heard, asks: Heard
) -> None:
    for port, first in ((UNKNOWN, ["listen", "secure", "+http"]), (80, ["http", "+secure"])):
        heard = {"secure": met, "+secure": met, "http": asks, "+http": asks}
        steps = follow(planner(), port, partial(_as, heard), most=len(first) + 1)
        assert steps == [*first, "+secure"]
        under_way = planner().plan(port)
        step = next(under_way)
        for name in first:
            step = under_way.send(heard.get(name) or SILENT)
        assert step == Secure(fresh=True, alpn=False, patience=ANSWER, modest=True)


@pytest.mark.parametrize(("tls", "http"), [(RESET, RESET), (RESET, CLOSED), (CLOSED, RESET)])
def test_who_resets_may_be_too_old_for_todays_tls_and_is_spoken_to_inside_that_of_long_ago(
    tls: Heard, http: Heard
) -> None:
    heard = {"secure": tls, "+http": http, "+secure": SECURED}
    steps = follow(planner(), UNKNOWN, lambda step: heard.get(step) or service_at("http")(step))
    assert steps == ["listen", "secure", "+http", "+secure", "listen", "http/tls"]


def test_an_old_hello_is_not_said_where_none_is_left_for_inside() -> None:
    assert follow(planner(), 5432, service_at("mqtt", RESET)) == [
        "postgresql", "+secure", "+listen", "http", "+mqtt",
    ]  # fmt: skip


def test_what_tls_and_http_met_counts_in_either_order() -> None:
    steps = follow(planner(), 80, lambda step: SILENT if "http" not in step else CLOSED)
    assert steps == ["http", "+secure", "+listen", "redis", "+sip"]
    steps = follow(planner(), UNKNOWN, lambda step: CLOSED if "http" in step else SILENT)
    assert steps == ["listen", "secure", "+http", "+redis", "+sip"]


def test_inside_tls_too_http_tells_more_than_the_ports_usual_service() -> None:
    heard = {"postgresql": CLOSED, "+secure": SECURED, "+listen/tls": SILENT}
    steps = follow(planner(), 5432, lambda step: heard.get(step) or service_at("mqtt")(step))
    assert steps == [
        "postgresql",
        "+secure",
        "listen",
        "http/tls",
    ]  # four hellos, had it to shake hands once more
    steps = follow(planner(mode=Mode.FULL), 5432, lambda step: heard.get(step) or service_at("mqtt")(step))
    assert steps[4:] == ["+redis/tls", "+mqtt/tls"]


def test_what_the_server_chose_comes_before_what_is_usual_where_tls_is_not() -> None:
    chosen = Heard(secured=True, open=True, alpn="http/1.1")
    heard = {"postgresql": CLOSED, "+secure": chosen, "secure": chosen}
    steps = follow(planner(), 5432, lambda step: heard.get(step) or service_at("http")(step))
    assert steps == ["postgresql", "+secure", "http/tls"]
    steps = follow(planner(), 22, lambda step: heard.get(step) or service_at("http")(step))
    assert steps == ["listen", "secure", "http/tls"]
    steps = follow(planner(), 853, lambda step: heard.get(step) or service_at("dns")(step))
    assert steps == ["secure", "dns/tls"]


def test_who_says_tls_and_hangs_up_hears_its_hello() -> None:
    alert = b"\x15\x03\x01\x00\x02\x02\x28"
    for end in End:
        under_way = planner().plan(UNKNOWN)
        next(under_way)
        assert isinstance(under_way.send(Heard(alert, open=end is End.COMPLETE)), Secure)
        assert planner().goes_on(alert, end, UNKNOWN), end


def test_an_echo_ends_the_search() -> None:
    echoed = Heard(b"\x16\x03\x01\x02\x00\x01", service=ECHO)
    assert follow(planner(), UNKNOWN, lambda step: echoed if step == "secure" else SILENT) == [
        "listen",
        "secure",
    ]


def test_who_says_the_same_to_everybody_is_asked_three_times() -> None:
    same = Heard(b"Too many connections\r\n")
    assert follow(planner(), 80, always(same)) == ["http", "+secure", "+redis"]
    assert follow(planner(), 443, lambda step: SILENT if step == "secure" else same) == [
        "secure", "+http", "+redis", "+postgresql",
    ]  # fmt: skip
    refusal = Heard(b"\x84\0\0\0\0\0\0\0\x50\0\0\0\x0a\0\x4aInvalid or unsupported protocol version (71)")
    known = service_at("cassandra")
    steps = follow(planner(), 80, lambda step: known(step) if "cassandra" in step else refusal)
    assert steps == ["http", "+cassandra"]


def test_whoever_returns_what_was_said_is_known_by_eight_bytes() -> None:
    assert returns(b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a.example\r\n")
    assert not returns(b"GET / H", b"GET / HTTP/1.1\r\n")
    assert not returns(b"GET / HTTP/1.1\r\n\r\nlogin: ", b"GET / HTTP/1.1\r\n\r\n")


def test_a_clients_hello_is_no_tls_server() -> None:
    client, server = b"\x16\x03\x01\x00\x40\x01\x00", b"\x16\x03\x03\x00\x40\x02\x00"
    assert echoes(client)
    assert not speaks_tls(client)
    assert speaks_tls(server)
    assert pointed_at(server) == "tls"
    assert pointed_at(b"\x00\x01\x02") is None


def test_who_cannot_be_reached_any_more_is_left_in_peace() -> None:
    gone = Heard(reached=False)
    at_first = {"listen": SILENT, "secure": CLOSED}
    steps = follow(planner(), UNKNOWN, lambda step: at_first.get(step, gone))
    assert steps == ["listen", "secure", "+http"]
    assert follow(planner(), 443, always(gone)) == ["secure"]
