"""Which hellos a plan says, in which order, on which connection, and to whom none is said."""

from __future__ import annotations

import contextlib

import pytest

from banner import probes
from banner.dialogue import Probe
from banner.models import End, Mode, Service, Settings, Target
from banner.plan.conversation import wire_for
from banner.plan.hellos import CONTROLLERS, MOST, MUTE, PREVALENCE, PRINTERS
from banner.plan.planner import Planner
from banner.plan.reactions import NEXT
from banner.plan.steps import Heard, Hold, Listen
from banner.probes.postgresql import STARTUP
from banner.recognition.identify import built_in_rules
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

FOX = probes.get("fox")
PAGE = Heard(b"HTTP/1.0 200 OK\r\n\r\n", open=True, service=Service("http", "grafana"))


@pytest.mark.parametrize(("port", "name"), [(443, "http"), (636, "ldap"), (8883, "mqtt"), (853, "dns")])
def test_at_a_port_of_tls_that_comes_first_and_then_the_service_inside(port: int, name: str) -> None:
    steps = follow(planner(), port, lambda step: SECURED if step == "secure" else service_at(name)(step))
    assert steps == ["secure", f"{name}/tls"]


def test_who_closes_on_every_hello_gets_each_once_the_likely_ones_first() -> None:
    steps = follow(planner(mode=Mode.FULL), UNKNOWN, service_at("nobody"))
    assert steps[:6] == ["listen", "secure", "+http", "+postgresql", "+ldap", "+mqtt"]
    assert len(set(steps)) == len(steps)
    said = [step.strip("+") for step in steps[2:]]
    by_prevalence = [
        name for name in said if name not in ("zookeeper", "postgresql", "ldap", "mqtt", "redis", "secure")
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


def test_a_dialogue_is_told_where_no_hello_is_left_for_tls() -> None:
    under_way, steps = planner().plan(UNKNOWN), []
    step = next(under_way)
    with contextlib.suppress(StopIteration):
        while True:
            steps.append(step)
            step = under_way.send(SILENT if isinstance(step, Listen) else CLOSED)
    holds = [(step.probe.name, step.secures) for step in steps if isinstance(step, Hold)]
    assert holds == [("http", True), ("postgresql", True), ("ldap", False)]
    last = steps[-1]
    assert isinstance(last, Hold)
    wire = wire_for(last, Target("192.0.2.1", UNKNOWN), Settings())
    next(probes.get("postgresql").talk(wire))
    assert wire.sent == STARTUP  # the certificate costs a hello more, the name none


@pytest.mark.parametrize("port", [25, 587, 2525])
def test_nothing_is_said_to_a_mail_server_that_holds_its_greeting_back(port: int) -> None:
    assert follow(planner(), port, always(SILENT)) == ["listen", "listen"]
    under_way = planner().plan(port)
    assert (next(under_way), under_way.send(SILENT)) == (Listen(), Listen(through=True))


def test_who_resets_at_once_hears_one_hello() -> None:
    assert follow(planner(), UNKNOWN, always(RESET)) == ["listen", "+http"]
    assert follow(planner(), UNKNOWN, always(CLOSED)) == ["listen"]
    assert follow(planner(), 22, always(RESET)) == ["listen"]
    plan = planner()
    assert plan.goes_on(b"", End.RESET, UNKNOWN, 0.1)
    assert not plan.goes_on(b"", End.EOF, UNKNOWN, 0.1)
    assert not plan.goes_on(b"", End.RESET, 22, 0.1)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.FULL])
def test_fault_25_nothing_is_written_to_printers_and_controllers(mode: Mode) -> None:
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
            assert follow(planner(mode=mode), port, always(heard)) == ["listen"]


@pytest.mark.parametrize(
    "heard", [SILENT, CLOSED, RESET, SECURED, ALERT, Heard(b"220 ftp\r\n", open=True), PAGE]
)
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.FULL])
def test_there_only_whose_port_it_is_speaks_and_that_by_name_in_full_mode(mode: Mode, heard: Heard) -> None:
    own = Probe("own", probes.get("http").talk, ports=tuple(MUTE), tls_ports=tuple(MUTE), greets=True)
    everybody = (*(probe.name for probe in probes.all()), "own", "tls")
    some = ("http", "own", "tls", "ftp", "fox", "modbus")
    each = {name: _with(own, mode=mode, probes=(name,)) for name in some}
    together = _with(own, mode=mode, probes=everybody)
    spoke = set()
    for port in sorted(MUTE):
        owners = {probe.name for probe in probes.all() if port in (*probe.ports, *probe.tls_ports)}
        inside = {"secure"} if port in FOX.tls_ports else set()
        for plan, may in ((together, owners), *((plan, owners & {name}) for name, plan in each.items())):
            steps = follow(plan, port, always(heard))
            said = {step.strip("+").split("/")[0] for step in steps} - {"listen"}
            assert said <= (may | inside if may and mode is Mode.FULL else set()), (port, steps)
            spoke |= said
    assert (not spoke) is (mode is Mode.LIGHT)


def test_what_belongs_to_such_a_port_is_said_there_at_once() -> None:
    full = planner(mode=Mode.FULL, probes=("modbus", "fox", "http"))
    assert follow(full, 502, always(SILENT)) == ["modbus"]
    assert follow(full, 4911, lambda step: SECURED if step == "secure" else SILENT) == ["secure", "fox/tls"]
    assert follow(full, 4911, always(CLOSED)) == ["secure"]
    assert follow(full, 9600, always(SILENT)) == ["listen"]


def test_nothing_is_ever_said_in_mode_listen() -> None:
    plan = planner(mode=Mode.LISTEN)
    for port in (22, 80, 443, 9100, UNKNOWN):
        for heard in (
            SILENT,
            Heard(b"SSH-2.0-x\r\n", open=True),
            Heard(b"\x15\x03\x01\0\x02\x02\x28", open=True),
        ):
            assert follow(plan, port, always(heard)) == ["listen"]


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


@pytest.mark.parametrize(
    "name", [probe.name for probe in probes.all() if probe.at_home and not probe.fragile]
)
def test_what_is_at_home_somewhere_is_said_there_or_where_it_is_named(name: str) -> None:
    full, probe = planner(mode=Mode.FULL), probes.get(name)
    anywhere = follow(full, UNKNOWN, service_at("nobody"))
    assert "+stomp" in anywhere
    assert f"+{name}" not in anywhere
    (usual,) = probe.ports + probe.tls_ports
    said = follow(full, usual, lambda step: SECURED if step == "secure" else SILENT)
    assert name in {step.strip("+").split("/")[0] for step in said}
    meant = follow(planner(probes=(name,)), UNKNOWN, lambda _: SILENT)
    assert name in {step.strip("+") for step in meant}


def test_what_may_disturb_is_said_only_in_full_mode_and_by_name() -> None:
    fragile = Probe("plc", probes.get("rtmp").talk, ports=(7000,), fragile=True, at_home=True)
    asked = {
        (mode, named): set(follow(_with(fragile, mode=mode, probes=named), 7000, lambda _: SILENT))
        for mode in (Mode.LIGHT, Mode.FULL)
        for named in ((), ("plc",))
    }
    assert {key for key, said in asked.items() if "plc" in said} == {(Mode.FULL, ("plc",))}


def test_what_asks_for_more_than_presence_is_said_in_full_mode() -> None:
    full = Probe("deep", probes.get("rtmp").talk, ports=(7000,), full=True)
    said = {
        mode: follow(_with(full, mode=mode), 7000, service_at("deep")) for mode in (Mode.LIGHT, Mode.FULL)
    }
    assert said[Mode.FULL] == ["deep"]
    assert "deep" not in {step.strip("+") for step in said[Mode.LIGHT]}


def _with(probe: Probe, **settings: object) -> Planner:
    return Planner(Settings(**settings), built_in_rules(), (probe, *probes.all()))  # type: ignore[arg-type]  # by name
