"""Specs: what each names, what is none, and what they cost."""

from __future__ import annotations

import sys

import pytest

from banner.addresses.blocks import parse_address
from banner.addresses.forms import MAPPED
from banner.addresses.ports import parse_ports
from banner.inputs.spec import parse
from banner.models import Target, Transport


def targets(spec: str, *ports: int) -> list[tuple[str, int]]:
    return [(target.host, target.port) for target in parse(spec, ports)]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("example.com", [("example.com", 1), ("example.com", 2)]),
        ("example.com:22", [("example.com", 22)]),
        ("example.com:ssh,http", [("example.com", 22), ("example.com", 80)]),
        ("example.com 22,80", [("example.com", 22), ("example.com", 80)]),
        ("192.0.2.7\t22", [("192.0.2.7", 22)]),
        ("example.com:T:22,S:53,T:80", [("example.com", 22), ("example.com", 80)]),
        ("example.com,T:22,S:53", [("example.com", 22)]),
        ("10.0.0.0/31:T:22", [("10.0.0.0", 22), ("10.0.0.1", 22)]),
        ("https://example.com/a?b#c", [("example.com", 443)]),
        ("http://u:p@[2001:db8::1]:8080", [("2001:db8::1", 8080)]),
        ("example.com:22,80,8000-8001", [("example.com", p) for p in (22, 80, 8000, 8001)]),
        ("example.com,22", [("example.com", 22)]),
        ("1.2.3.4", [("1.2.3.4", 1), ("1.2.3.4", 2)]),
        ("1.2.3.4:22", [("1.2.3.4", 22)]),
        ("1.2.3.4,22", [("1.2.3.4", 22)]),
        ("1.2.3.4,22,80", [("1.2.3.4", 22), ("1.2.3.4", 80)]),
        ("2001:db8::1", [("2001:db8::1", 1), ("2001:db8::1", 2)]),
        ("2001:DB8:0::1,22", [("2001:db8::1", 22)]),
        ("2001:db8::1:22", [("2001:db8::1:22", 1), ("2001:db8::1:22", 2)]),
        ("[2001:db8::1]", [("2001:db8::1", 1), ("2001:db8::1", 2)]),
        ("[2001:db8::1]:22", [("2001:db8::1", 22)]),
        ("[2001:db8::1]:22,80", [("2001:db8::1", 22), ("2001:db8::1", 80)]),
        ("[2001:db8::1],22", [("2001:db8::1", 22)]),
        ("[::ffff:10.0.0.1]:22", [("10.0.0.1", 22)]),
        ("[fe80::1%eth0]:22", [("fe80::1%eth0", 22)]),
        ("fe80::0:1%1", [("fe80::1%1", 1), ("fe80::1%1", 2)]),
        ("10.0.0.0/31:22", [("10.0.0.0", 22), ("10.0.0.1", 22)]),
        ("10.0.0.1/31,22", [("10.0.0.0", 22), ("10.0.0.1", 22)]),
        ("10.0.0.1/32", [("10.0.0.1", 1), ("10.0.0.1", 2)]),
        ("10.0.0.0/31", [("10.0.0.0", 1), ("10.0.0.0", 2), ("10.0.0.1", 1), ("10.0.0.1", 2)]),
        ("2001:db8::/127", [(f"2001:db8::{end}", port) for end in ("", "1") for port in (1, 2)]),
        ("[2001:db8::/127]:22", [("2001:db8::", 22), ("2001:db8::1", 22)]),
        ("[2001:db8::]/127:22", [("2001:db8::", 22), ("2001:db8::1", 22)]),
        ("2001:db8::/127:22", [("2001:db8::", 22), ("2001:db8::1", 22)]),
        ("2001:db8::/127:22,23", [(f"2001:db8::{end}", port) for end in ("", "1") for port in (22, 23)]),
        ("10.0.0.1-2:22", [("10.0.0.1", 22), ("10.0.0.2", 22)]),
        ("10.0.0.255-10.0.1.0:22", [("10.0.0.255", 22), ("10.0.1.0", 22)]),
        ("[2001:db8::1-2001:db8::2]:22", [("2001:db8::1", 22), ("2001:db8::2", 22)]),
        ("1.2.3.4-5.example:22", [("1.2.3.4-5.example", 22)]),
        ("_dmarc.a-b.example:22", [("_dmarc.a-b.example", 22)]),
        ("example.com.:22", [("example.com.", 22)]),
        ("BÜCHER.example:22", [("xn--bcher-kva.example", 22)]),
    ],
)
def test_what_a_spec_names(spec: str, expected: list[tuple[str, int]]) -> None:
    assert targets(spec, 1, 2) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("example.com:161/udp", ["example.com:161/udp"]),
        ("example.com,161/udp", ["example.com:161/udp"]),
        ("example.com 161/udp tag", ["example.com:161/udp tag"]),
        ("example.com:53,161/udp", ["example.com:53/udp", "example.com:161/udp"]),
        ("example.com:22/tcp,161/udp", ["example.com:22", "example.com:161/udp"]),
        ("example.com:T:22,U:53,T:80", ["example.com:22", "example.com:53/udp", "example.com:80"]),
        ("example.com,22,U:53", ["example.com:22", "example.com:53/udp"]),
        ("example.com:22,U:53", ["example.com:22", "example.com:53/udp"]),
        ("example.com:snmp/udp", ["example.com:161/udp"]),
        ("udp://example.com:1337/announce", ["example.com:1337/udp"]),
        ("tcp://example.com:1337", ["example.com:1337"]),
        ("snmp://public@example.com", ["example.com:161/udp"]),
        ("SNMP://example.com:1161/;800002b8", ["example.com:1161/udp"]),
        ("tftp://[2001:db8::1]/file;mode=octet", ["[2001:db8::1]:69/udp"]),
        ("coap://192.0.2.7/.well-known/core", ["192.0.2.7:5683/udp"]),
        ("coaps://192.0.2.7", ["192.0.2.7:5684/udp"]),
        ("memcached://192.0.2.7", ["192.0.2.7:11211"]),
        ("192.0.2.7:53/udp", ["192.0.2.7:53/udp"]),
        ("192.0.2.7:U:53", ["192.0.2.7:53/udp"]),
        ("[2001:db8::1]:53/udp", ["[2001:db8::1]:53/udp"]),
        ("[2001:db8::1],22,U:53", ["[2001:db8::1]:22", "[2001:db8::1]:53/udp"]),
        ("2001:db8::1,53/udp", ["[2001:db8::1]:53/udp"]),
        ("2001:db8::1,U:53", ["[2001:db8::1]:53/udp"]),
        ("2001:db8::/127:53/udp", ["[2001:db8::]:53/udp", "[2001:db8::1]:53/udp"]),
        ("[2001:db8::]/127:53/udp", ["[2001:db8::]:53/udp", "[2001:db8::1]:53/udp"]),
        ("10.0.0.0/31:53/udp", ["10.0.0.0:53/udp", "10.0.0.1:53/udp"]),
        ("10.0.0.0/31,53/udp", ["10.0.0.0:53/udp", "10.0.0.1:53/udp"]),
        ("10.0.0.0/31:53,U:53", [f"10.0.0.{host}:53{end}" for host in (0, 1) for end in ("", "/udp")]),
        ("10.0.0.1-2:53/udp", ["10.0.0.1:53/udp", "10.0.0.2:53/udp"]),
        ("ns.example@192.0.2.7:53/udp", ["ns.example@192.0.2.7:53/udp"]),
        ("ns.example@[2001:db8::1]:53/udp", ["ns.example@[2001:db8::1]:53/udp"]),
        ("fe80::1%eth0,53/udp", ["[fe80::1%eth0]:53/udp"]),
    ],
)
def test_ports_over_udp(spec: str, expected: list[str]) -> None:
    found = parse(spec, (1, 2))
    assert [str(parse(one)) for one in expected] == expected
    assert list(found) == [parse(one)[0] for one in expected]
    assert parse(str(found)) == found
    assert {str(target.transport) for target in found} == {
        "udp" if "/udp" in one else "tcp" for one in expected
    }


def test_a_port_over_udp_is_another_target_than_the_same_over_tcp() -> None:
    assert Target.parse("ns.example:53/udp") == Target("ns.example", 53, transport=Transport.UDP)
    assert Target.parse("ns.example:53/udp") != Target.parse("ns.example:53")
    with pytest.raises(ValueError, match="2 targets"):
        Target.parse("ns.example:53,U:53")


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("", "no target is named"),
        (" \t", "no target is named"),
        (":22", "neither an address nor a name"),
        ("host:", "a port is missing"),
        ("host:0", "between 1 and 65535"),
        ("host:70000", "between 1 and 65535"),
        ("host:nothing", "'nothing' is not a port"),
        ("host:top:10", "IPv6"),
        ("1.2.3.4, 22", "a port is missing"),
        ("https:///x", "is no URL"),
        ("what://example.com/", "names no port"),
        ("udp://example.com/", "names no port"),
        ("name@name.example:22", "one address is expected"),
        ("a.example@192.0.2.0/24:22", "one address is expected"),
        ("example.com/24", "not an IPv4 address"),
        ("1", "no address"),
        ("127.1:22", "no address"),
        ("0x7f.1", "no address"),
        ("0x7f000001", "no address"),
        ("010.0.0.1", "no address"),
        ("1.2.3.256:22", "no address"),
        ("1.2.3.4.5", "no address"),
        ("1.2.3.4.", "no address"),
        ("host.0x", "no address"),
        ("１２７.１", "no address"),
        ("1.2.3.4-3", "backwards"),
        ("1.2.3.4-256", "not an IPv4"),
        ("1.2.3.4/33", "between 0 and 32"),
        ("[::1", "brackets"),
        ("[1.2.3.4]:22", "brackets"),
        ("[host]:22", "brackets"),
        ("[::1]22", "a colon and the ports"),
        ("[::1]/64/64", "between 0 and 128"),
        ("::1::2", "not an IPv6 address"),
        ("::1:18080", "not an IPv6 address; with a port it is [::1]:18080"),
        ("1:2:3:4:5:6:7:8:22", "not an IPv6 address; with a port it is [1:2:3:4:5:6:7:8]:22"),
        ("1.2.3.4%eth0", "zone"),
        ("2001:db8::1%eth0", "zone"),
        ("fe80::1%", "zone"),
        ("fe80::/64%eth0", "not an IPv6"),
        ("fe80::1%eth0\x1b", "zone"),
        ("-host", "neither"),
        ("host-", "neither"),
        ("a..b", "neither"),
        (".", "neither"),
        ("ho st\x1b[2J", "control characters"),
        ("host\udc80", "neither"),
        ("host tag\udc80", "control characters"),
        ("straße.example", "xn--"),
        ("℀.example", "neither"),
        ("a" * 64, "neither"),
        (".".join(["a" * 63] * 4), "longer than a name"),
        ("ü" * 300, "longer than a name"),
        ("x" * 20000, "longer than 16384"),
    ],
)
def test_what_is_no_spec(spec: str, reason: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is checked below
        parse(spec, (1, 2))
    assert reason in str(raised.value)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 250


def test_a_target_without_ports_says_so() -> None:
    with pytest.raises(ValueError, match=r"'example\.com' names no port, and no ports were given \(-p\)"):
        parse("example.com")


def test_tags() -> None:
    assert parse("host:22").tag is None
    assert parse("host:22  front \t door\t").tag == "front door"
    assert {target.tag for target in parse("10.0.0.0/30:22,23 dmz")} == {"dmz"}
    assert parse("10.0.0.0/30:22,23 dmz")[5].tag == "dmz"


@pytest.mark.parametrize(
    "spec", ["10.0.0.0/29:22,80", "[2001:db8::/125]:22", "host:22,80-82", "10.0.0.250-10.0.1.3:1"]
)
def test_a_spec_is_a_sequence(spec: str) -> None:
    block = parse(spec)
    assert [block[i] for i in range(len(block))] == list(block)
    for index in (-1, len(block), len(block) + 1):
        with pytest.raises(IndexError):
            block[index]


def test_the_largest_spec_costs_nothing() -> None:
    everything = parse("[::/0]:1-65535")
    assert everything.size == 2**128 * 65535
    assert everything
    assert everything[everything.size - 1] == Target("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535)
    assert next(iter(everything)) == Target("::", 1)
    with pytest.raises(OverflowError):
        len(everything)
    assert len(parse("0.0.0.0/0:1-65535")) == 2**32 * 65535 < sys.maxsize


def test_ports_of_blocks_are_shared() -> None:
    ports = parse_ports("1-65535")
    assert parse("10.0.0.0/8", ports).ports is ports


def test_mapped_is_where_ipv4_begins() -> None:
    assert parse("0.0.0.0/0:1").block == parse("0.0.0.0-255.255.255.255:1").block
    assert parse_address("0.0.0.0") == MAPPED
