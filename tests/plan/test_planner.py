"""What is tried at a port, told by hand what the peer does: no sockets, no clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from banner import probes
from banner.models import End, Mode, Service, Settings
from banner.plan.hellos import AGAIN, ANSWER, CONTROLLERS, MOMENT, MOST, MUTE, PREVALENCE, PRINTERS, SPOKEN_TO
from banner.plan.planner import Planner
from banner.plan.reactions import ECHO, NEXT, echoes, pointed_at, returns, speaks_tls
from banner.plan.steps import LATE, Heard, Hold, Listen, Secure, Step
from banner.recognition.identify import built_in_rules

UNKNOWN = 31007
CLOSED, RESET, SILENT = Heard(), Heard(reset=True), Heard(open=True)
SECURED = Heard(secured=True, open=True)
ALERT = Heard(b"\x15\x03\x01\x00\x02\x02\x28")


def planner(**settings: object) -> Planner:
    return Planner(Settings(**settings), built_in_rules(), probes.all())  # type: ignore[arg-type]  # by name


def named(step: Step) -> str:
    """A step in one word, with ``+`` before it on a fresh connection and ``/tls`` after it inside TLS."""
    match step:
        case Hold(probe=probe, fresh=fresh, tls=tls):
            return "+" * fresh + probe.name + "/tls" * tls
        case Secure(fresh=fresh):
            return "+" * fresh + "secure"
        case _:
            return "+" * step.fresh + "listen" + "/tls" * step.tls


def follow(plan: Planner, port: int, answer: Callable[[str], Heard], most: int = 100) -> list[str]:
    """The steps of a under_way whose peer reacts as `answer` says."""
    under_way, taken = plan.plan(port), []
    try:
        step = next(under_way)
        for _ in range(most):
            taken.append(named(step))
            step = under_way.send(answer(taken[-1]))
    except StopIteration:
        pass
    return taken


def service_at(name: str, otherwise: Heard = CLOSED) -> Callable[[str], Heard]:
    """A peer that knows one hello and takes all others in one way."""
    known = Heard(b"an answer", open=True, service=Service(name))
    return lambda step: known if step.strip("+").split("/")[0] == name else _unless_listening(step, otherwise)


def _always(heard: Heard) -> Callable[[str], Heard]:
    return lambda _: heard


def _unless_listening(step: str, otherwise: Heard) -> Heard:
    return SILENT if "listen" in step else otherwise


@pytest.mark.parametrize("port", [21, 22, 23, 25, 110, 143, 587, 873, 3306, 4190, 4222, 5900, 6667])
def test_where_the_service_greets_it_is_listened_to_with_all_patience(port: int) -> None:
    assert planner().opening(port) == Listen()


@pytest.mark.parametrize(("port", "name"), [(80, "http"), (6379, "redis"), (5432, "postgresql"), (53, "dns")])
def test_where_it_never_does_we_speak_at_once(port: int, name: str) -> None:
    assert follow(planner(), port, service_at(name)) == [name]


@pytest.mark.parametrize(("port", "name"), [(443, "http"), (636, "ldap"), (8883, "mqtt"), (853, "dns")])
def test_at_a_port_of_tls_that_comes_first_and_then_the_service_inside(port: int, name: str) -> None:
    steps = follow(planner(), port, lambda step: SECURED if step == "secure" else service_at(name)(step))
    assert steps == ["secure", f"{name}/tls"]


@pytest.mark.parametrize("port", [993, 995, 465, 990, 992])
def test_inside_tls_too_a_greeting_is_waited_for(port: int) -> None:
    plan = planner()
    assert plan.opening(port) == Secure(alpn=False)
    assert follow(plan, port, lambda step: SECURED if step == "secure" else SILENT, most=2)[1] == "listen"


def test_an_unknown_port_is_listened_to_for_a_moment_only() -> None:
    assert planner().opening(UNKNOWN) == Listen(MOMENT)


def test_who_closes_on_every_hello_gets_each_once_the_likely_ones_first() -> None:
    steps = follow(planner(mode=Mode.FULL), UNKNOWN, service_at("nobody"))
    assert steps[:6] == ["listen", "secure", "+http", "+zookeeper", "+postgresql", "+ldap"]
    assert len(set(steps)) == len(steps)
    said = [step.strip("+") for step in steps[2:]]
    by_prevalence = [
        name for name in said if name not in ("zookeeper", "postgresql", "ldap", "mqtt", "redis")
    ]
    expected = [name for name in PREVALENCE if name in by_prevalence]
    assert by_prevalence[: len(expected)] == expected


@pytest.mark.parametrize("otherwise", [CLOSED, RESET, SILENT])
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.FULL])
def test_connections_are_numbered(otherwise: Heard, mode: Mode) -> None:
    steps = follow(planner(mode=mode), UNKNOWN, service_at("nobody", otherwise))
    assert 1 + sum(step.startswith("+") for step in steps) <= MOST[mode]
    if mode is Mode.LIGHT:
        assert 1 + sum(step.startswith("+") for step in steps) == MOST[mode] == 4
        assert len([step for step in steps if "listen" not in step]) <= MOST[mode]


@pytest.mark.parametrize(
    ("reactions", "name", "expected"),
    [
        ({}, "http", ["listen", "secure", "+http"]),
        ({}, "dns", ["listen", "secure", "+http", "+dns"]),
        ({"+dns": CLOSED}, "smb2", ["listen", "secure", "+http", "+dns", "+smb2"]),
        ({"+http": CLOSED}, "redis", ["listen", "secure", "+http", "+redis"]),
        ({"+http": CLOSED, "+redis": CLOSED}, "sip", ["listen", "secure", "+http", "+redis", "+sip"]),
        ({"secure": RESET, "+http": RESET}, "mqtt", ["listen", "secure", "+http", "+mqtt"]),
        ({"secure": CLOSED, "+http": CLOSED}, "zookeeper", ["listen", "secure", "+http", "+zookeeper"]),
        ({"secure": CLOSED, "+http": CLOSED}, "ldap", ["listen", "secure", "+http", "+zookeeper", "+ldap"]),
        ({"secure": CLOSED, "+http": CLOSED, "+zookeeper": CLOSED}, "postgresql",
         ["listen", "secure", "+http", "+zookeeper", "+postgresql"]),
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
        "listen", "secure", "listen", "http/tls", "+redis/tls", "+mqtt/tls",
    ]  # fmt: skip


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
    assert steps == ["memcached", "+secure", "+listen", "http", "+zookeeper"]
    assert steps.count("+listen") == 1


def test_who_is_silent_to_everything_is_listened_to_in_the_end() -> None:
    greeting = Heard(b"220 mail.example ESMTP Postfix\r\n", open=True)
    steps = follow(planner(), UNKNOWN, lambda step: greeting if step == "+listen" else SILENT)
    assert steps == ["listen", "secure", "+http", "+dns", "+listen", "smtp"]
    assert follow(planner(), UNKNOWN, _always(SILENT)) == steps[:-1]
    in_full = follow(planner(mode=Mode.FULL), UNKNOWN, _always(SILENT))
    assert in_full.index("+listen") == 1 + SPOKEN_TO[Mode.FULL]
    assert len(in_full) > 20


@pytest.mark.parametrize("port", [25, 587, 2525])
def test_nothing_is_said_to_a_mail_server_that_holds_its_greeting_back(port: int) -> None:
    assert follow(planner(), port, _always(SILENT)) == ["listen", "listen"]
    under_way = planner().plan(port)
    assert (next(under_way), under_way.send(SILENT)) == (Listen(), Listen(through=True))


def test_who_resets_at_once_hears_one_hello() -> None:
    assert follow(planner(), UNKNOWN, _always(RESET)) == ["listen", "+http"]
    assert follow(planner(), UNKNOWN, _always(CLOSED)) == ["listen"]
    assert follow(planner(), 22, _always(RESET)) == ["listen"]
    plan = planner()
    assert plan.goes_on(b"", End.RESET, UNKNOWN, 0.1)
    assert not plan.goes_on(b"", End.EOF, UNKNOWN, 0.1)
    assert not plan.goes_on(b"", End.RESET, 22, 0.1)


def test_who_was_waited_for_with_all_patience_is_not_waited_for_again() -> None:
    steps = follow(planner(), 6379, _always(SILENT))
    assert "+listen" not in steps


def test_who_was_silent_has_been_listened_to() -> None:
    assert not [step for step in follow(planner(), 11211, _always(SILENT)) if "listen" in step]


def test_at_a_port_of_tls_the_reaction_to_its_hello_decides_too() -> None:
    silent = {"secure": SILENT, "+http": CLOSED}
    steps = follow(planner(), 443, lambda step: silent.get(step) or service_at("sip", SILENT)(step))
    assert steps == ["secure", "+http", "+redis", "+sip"]
    closes = follow(planner(), 443, service_at("postgresql"))
    assert closes == ["secure", "+listen", "http", "+zookeeper", "+postgresql"]


def test_who_refuses_the_ports_usual_hello_hears_that_of_tls_before_others() -> None:
    assert follow(planner(), 80, service_at("mqtt", RESET)) == [
        "http", "+secure", "+listen", "mqtt",
    ]  # fmt: skip


def test_what_tls_and_http_met_counts_in_either_order() -> None:
    steps = follow(planner(), 80, lambda step: SILENT if "http" not in step else CLOSED)
    assert steps == ["http", "+secure", "+listen", "redis", "+sip"]
    steps = follow(planner(), UNKNOWN, lambda step: CLOSED if "http" in step else SILENT)
    assert steps == ["listen", "secure", "+http", "+redis", "+sip"]


def test_who_hangs_up_when_only_listened_to_hears_no_more() -> None:
    steps = follow(planner(), 80, _always(CLOSED))
    assert steps == ["http", "+secure", "+listen"]


def test_inside_tls_too_http_tells_more_than_the_ports_usual_service() -> None:
    heard = {"postgresql": CLOSED, "+secure": SECURED, "+listen/tls": SILENT}
    steps = follow(planner(), 5432, lambda step: heard.get(step) or service_at("mqtt")(step))
    assert steps == ["postgresql", "+secure", "listen", "http/tls", "+redis/tls"]


def test_what_the_server_chose_comes_before_what_is_usual_where_tls_is_not() -> None:
    chosen = Heard(secured=True, open=True, alpn="http/1.1")
    heard = {"postgresql": CLOSED, "+secure": chosen, "secure": chosen}
    steps = follow(planner(), 5432, lambda step: heard.get(step) or service_at("http")(step))
    assert steps == ["postgresql", "+secure", "http/tls"]
    steps = follow(planner(), 22, lambda step: heard.get(step) or service_at("http")(step))
    assert steps == ["listen", "secure", "http/tls"]
    steps = follow(planner(), 853, lambda step: heard.get(step) or service_at("dns")(step))
    assert steps == ["secure", "dns/tls"]


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
        planner(), 22, lambda step: Heard(late=True) if step == "listen" else service_at("zookeeper")(step)
    )
    assert steps == ["listen", "+secure", "+http", "+zookeeper"]
    plan = planner()
    assert plan.goes_on(b"", End.EOF, 22, LATE)
    assert not plan.goes_on(b"", End.EOF, 22, LATE / 2)
    assert not plan.goes_on(b"", End.EOF, 9100, LATE)
    assert not plan.goes_on(b"220", End.EOF, 25, LATE)


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
    assert follow(planner(), 80, _always(same)) == ["http", "+secure", "+redis"]
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


def test_patience_is_short_with_those_whose_haste_is_known() -> None:
    under_way = planner().plan(UNKNOWN)
    assert next(under_way) == Listen(MOMENT)
    assert under_way.send(SILENT) == Secure(patience=ANSWER)
    step = under_way.send(CLOSED)
    assert isinstance(step, Hold)
    assert step.patience == AGAIN


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.FULL])
def test_nothing_is_written_to_printers_and_controllers(mode: Mode) -> None:
    assert {515, *range(9100, 9117)} <= PRINTERS
    assert {
        102,
        502,
        1200,
        4840,
        10001,
        11740,
        19999,
        20000,
        20256,
        44818,
        47808,
        48898,
    } <= CONTROLLERS.keys()
    for port in MUTE:
        for heard in (SILENT, Heard(b"220 printer\r\n", open=True), Heard(b"\x15\x03\x01\0\x02\x02\x28")):
            assert follow(planner(mode=mode), port, _always(heard)) == ["listen"]


def test_only_full_mode_with_a_name_breaks_that_silence() -> None:
    assert follow(planner(probes=("http",)), 9100, service_at("http", SILENT)) == ["listen"]
    steps = follow(planner(mode=Mode.FULL, probes=("http",)), 9100, service_at("http", SILENT))
    assert steps == ["listen", "http"]


def test_nothing_is_ever_said_in_mode_listen() -> None:
    plan = planner(mode=Mode.LISTEN)
    for port in (22, 80, 443, 9100, UNKNOWN):
        for heard in (
            SILENT,
            Heard(b"SSH-2.0-x\r\n", open=True),
            Heard(b"\x15\x03\x01\0\x02\x02\x28", open=True),
        ):
            assert follow(plan, port, _always(heard)) == ["listen"]


def test_only_the_named_dialogues_are_held() -> None:
    said = {step.strip("+") for step in follow(planner(probes=("redis", "dns")), UNKNOWN, lambda _: SILENT)}
    assert said == {"listen", "redis", "dns"}


def test_a_dialogue_may_be_left_out() -> None:
    said = {s.strip("+") for s in follow(planner(without=("tls", "http")), UNKNOWN, lambda _: SILENT)}
    assert not said & {"secure", "http", "newline"}
    assert "redis" in said


def test_the_table_names_existing_dialogues() -> None:
    known = {probe.name for probe in probes.all()} | {"tls", "newline", "filling"}
    assert {name for name, _ in NEXT} <= known
    assert {name for names in NEXT.values() for name in names} <= known
    assert set(PREVALENCE) <= known


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
    assert follow(planner(), 443, _always(gone)) == ["secure"]
