from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.addresses.ports import COMMON, COMMON_UDP, UDP, format_ports, left_out, parse_port, parse_ports

port_numbers = st.integers(1, 65535)
carried_ports = st.one_of(port_numbers, port_numbers.map(UDP.__add__))


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("22", (22,)),
        ("22,80", (22, 80)),
        ("80,22", (80, 22)),
        ("8000-8003", (8000, 8001, 8002, 8003)),
        ("22,22,20-23", (22, 20, 21, 23)),
        (" 22 , 80 - 81 ", (22, 80, 81)),
        ("top:3", COMMON[:3]),
        ("9999,top:2", (9999, *COMMON[:2])),
        ("1-65535", tuple(range(1, 65536))),
    ],
)
def test_lists(text: str, ports: tuple[int, ...]) -> None:
    assert parse_ports(text) == ports


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing"),
        ("22,", "missing"),
        ("-22", "missing"),
        ("22-", "missing"),
        ("0", "between 1 and 65535"),
        ("65536", "between 1 and 65535"),
        ("9" * 5000, "between 1 and 65535"),
        ("022", "zero"),
        ("nothing", "'nothing' is not a port"),
        ("２２", "is not a port"),
        ("+22", "is not a port"),
        ("2_2", "is not a port"),
        ("90-80", "backwards"),
        ("1-2-3", "is not a port"),
        ("top:0", "top:200"),
        ("top:201", "top:200"),
        ("top:", "top:200"),
        ("top:" + "9" * 5000, "top:200"),
        ("top-udp:0", "top-udp:80"),
        ("53/", "tcp or udp is expected"),
        ("53/icmp", "tcp or udp is expected, not 'icmp'"),
        ("53/udp/udp", "tcp or udp is expected"),
        ("/udp", "missing"),
        ("T:53/udp", "contradict"),
        ("snmp", "snmp/udp"),
        ("22\x1b[2J", r"'22\x1b[2J' is not a port"),
    ],
)
def test_what_is_no_list(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is checked below
        parse_ports(text)
    assert reason in str(raised.value)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 200


def test_the_work_of_one_text_is_bounded() -> None:
    assert len(parse_ports("1-65535,1-65535,U:-,-")) == 2 * 65535
    with pytest.raises(ValueError, match="twice over"):
        parse_ports("1-65535,1-65535,U:-,-,1")


def test_the_common_ports_are_ports_and_each_once() -> None:
    assert len(COMMON) == len(set(COMMON)) == 200
    assert len(COMMON_UDP) == len(set(COMMON_UDP)) == 80
    assert all(0 < port < 65536 for port in COMMON + COMMON_UDP)


@given(st.lists(carried_ports, unique=True, min_size=1, max_size=40))
def test_a_list_comes_back_from_its_text(ports: list[int]) -> None:
    assert parse_ports(format_ports(ports)) == tuple(ports)


@given(st.text(alphabet="0123456789,- top:xUT/ud", max_size=30))
def test_any_text_gives_ports_or_a_reason(text: str) -> None:
    try:
        ports = parse_ports(text)
    except ValueError as error:
        assert str(error)
    else:
        assert ports
        assert all(0 < port % UDP < 65536 and port < 2 * UDP for port in ports)
        assert len(ports) == len(set(ports))


@given(port_numbers)
def test_a_port_is_its_decimal_number(port: int) -> None:
    assert parse_port(str(port)) == port


def test_nmaps_ways_to_write_ports() -> None:
    assert len(parse_ports("-")) == 65535
    assert parse_ports("ssh,https,8080") == (22, 443, 8080)
    assert parse_ports("T:80,U:53,161,T:22") == (80, UDP + 53, UDP + 161, 22)
    assert parse_ports("S:80,U:53") == (UDP + 53,)
    assert left_out("T:80,S:53,161,T:22") == 2


@pytest.mark.parametrize(
    ("text", "tcp", "udp"),
    [
        ("53/udp", [], [53]),
        ("53,161/udp", [], [53, 161]),
        ("22/tcp,53,161/udp,80", [22, 80], [53, 161]),
        ("U:53,161,T:22", [22], [53, 161]),
        ("22,U:53", [22], [53]),
        ("U:53/udp,1-3", [], [53, 1, 2, 3]),
        ("53/tcp,53/udp", [53], [53]),
        ("snmp/udp,dns", [53], [161]),
        ("U:snmp,ntp", [], [161, 123]),
        ("top-udp:2,22", [22], list(COMMON_UDP[:2])),
        ("top:2/udp", [], list(COMMON_UDP[:2])),
        ("U:top:3,T:top:1", [80], list(COMMON_UDP[:3])),
        ("22/sctp,53/UDP", [], [53]),
    ],
)
def test_what_carries_a_port_is_said_before_or_behind(text: str, tcp: list[int], udp: list[int]) -> None:
    ports = parse_ports(text)
    assert [port for port in ports if port < UDP] == tcp
    assert [port - UDP for port in ports if port > UDP] == udp


@pytest.mark.parametrize(
    ("ports", "text"),
    [
        ([UDP + 161], "161/udp"),
        ([UDP + 53, UDP + 161, UDP + 162], "53,161-162/udp"),
        ([22, 80, UDP + 53, 443], "22,80,U:53,T:443"),
        ([UDP + 53, 22], "U:53,T:22"),
        ([65535, UDP + 1], "65535,U:1"),
    ],
)
def test_ports_of_both_are_written(ports: list[int], text: str) -> None:
    assert format_ports(ports) == text
    assert parse_ports(text) == tuple(ports)
