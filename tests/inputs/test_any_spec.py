"""Whatever is written as a spec comes back, or is refused with a reason, one line or a file of them."""

from __future__ import annotations

import ipaddress
import itertools
import tracemalloc
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from banner.addresses.blocks import parse_address
from banner.addresses.names import check_name
from banner.addresses.ports import UDP
from banner.inputs.spec import BadLine, Spec, parse, read_lines
from banner.models import Target, Transport

# -- properties ------------------------------------------------------------------------------------

label = st.text(alphabet="abcXYZ019_-", min_size=1, max_size=12).filter(lambda s: s[0] != "-" != s[-1])
names = st.lists(label, min_size=1, max_size=4).map(lambda labels: ".".join([*labels, "example"]))
ip4 = st.integers(0, 2**32 - 1).map(lambda n: str(ipaddress.IPv4Address(n)))
ip6 = (
    st.integers(0, 2**128 - 1)
    .filter(lambda n: n >> 32 != 0xFFFF)
    .map(lambda n: str(ipaddress.IPv6Address(n)))
)
ports = st.integers(1, 65535)
port_lists = st.lists(ports, unique=True, min_size=1, max_size=6)
tags = st.sampled_from(["", " dmz", "  front door", " 日本"])


@given(st.one_of(names, ip4, ip6), port_lists, tags)
def test_a_host_comes_back(host: str, ports: list[int], tag: str) -> None:
    listed = ",".join(map(str, ports))
    where = f"[{host}]" if ":" in host else host
    spec = parse(f"{where}:{listed}{tag}")
    assert list(spec) == [Target(host, port, tag.strip() or None) for port in ports]
    assert parse(str(spec)) == spec
    assert list(parse(host, ports)) == [Target(host, port) for port in ports]
    assert list(parse(f"{host},{listed}")) == [Target(host, port) for port in ports]


@given(
    st.one_of(names, ip4, ip6),
    st.lists(st.one_of(ports, ports.map(UDP.__add__)), unique=True, min_size=1, max_size=6),
    tags,
)
def test_a_host_comes_back_with_ports_of_both(host: str, listed: list[int], tag: str) -> None:
    spec = Spec(host, tuple(listed), " ".join(tag.split()) or None)
    assert parse(str(spec)) == spec
    assert [target.port for target in spec] == [port % UDP for port in listed]
    assert [target.transport is Transport.UDP for target in spec] == [port > UDP for port in listed]


@given(st.integers(0, 2**32 - 1), st.integers(24, 32), port_lists)
def test_a_network_comes_back(number: int, prefix: int, ports: list[int]) -> None:
    text = f"{ipaddress.IPv4Address(number)}/{prefix}"
    spec = parse(f"{text}:{','.join(map(str, ports))}")
    hosts = [str(host) for host in ipaddress.ip_network(text, strict=False)]
    assert list(spec) == [Target(host, port) for host in hosts for port in ports]
    assert list(parse(str(spec))) == list(spec)


@given(st.integers(0, 2**128 - 1), st.integers(112, 128))
def test_an_ipv6_network_comes_back(number: int, prefix: int) -> None:
    text = f"{ipaddress.IPv6Address(number)}/{prefix}"
    network = ipaddress.ip_network(text, strict=False)
    spec = parse(f"[{text}]:22")
    assert spec.size == network.num_addresses
    assert parse_address(spec[0].host) == int(network.network_address)
    assert parse_address(spec[spec.size - 1].host) == int(network.broadcast_address)
    assert list(itertools.islice(parse(str(spec)), 50)) == list(itertools.islice(spec, 50))


def acceptable(target: Target) -> bool:
    """Whether a host is an address by the standard library's judgement, or looks like nothing but a name."""
    try:
        ipaddress.ip_address(target.host)
    except ValueError:
        return check_name(target.host) == target.host and target.host.isascii() and ":" not in target.host
    return True


grammar = st.lists(
    st.sampled_from(
        [
            *"0123456789abfx.:-/,[]%# \t_",
            "1.2.3.4",
            "10.0.0.0/8",
            "::",
            "fe80::1",
            "%eth0",
            ":22",
            "/udp",
            "U:",
            "host",
            "0x",
            "ü",
            "。",
        ]
    ),
    max_size=12,
).map("".join)


@given(st.one_of(st.text(max_size=60), grammar))
def test_any_text_gives_acceptable_targets_or_a_reason(text: str) -> None:
    try:
        spec = parse(text, (7,))
    except ValueError as error:
        assert str(error).isprintable()
        return
    for target in (spec[0], spec[spec.size - 1]):
        assert acceptable(target), target
        assert 0 < target.port < 65536
    if spec.host in text and ":" not in spec.host and not spec.block:  # not rewritten: so it stands in front
        assert text.split()[0].startswith(spec.host)


@given(st.lists(st.one_of(st.binary(max_size=40), st.text(max_size=40), grammar), max_size=12))
def test_any_lines_give_specs_or_bad_lines(lines: list[bytes | str]) -> None:
    found = list(read_lines(lines, (7,)))
    assert len(found) <= len(lines)
    for item in found:
        if isinstance(item, BadLine):
            assert 1 <= item.number <= len(lines)
            assert item.text.isprintable()
            assert item.reason.isprintable()
            assert len(item.text) <= 300


@given(grammar)
def test_the_fast_way_agrees_with_the_slow_one(text: str) -> None:
    try:
        slow: list[Spec] | None = [parse(text, (7,))]
    except ValueError:
        slow = None
    fast = list(read_lines([text.split("#")[0]], (7,)))
    if fast and isinstance(fast[0], Spec) and "#" not in text:
        assert fast == slow


# -- files -----------------------------------------------------------------------------------------


def test_a_file() -> None:
    lines = [
        b"\xef\xbb\xbf# targets\r\n",
        b"1.2.3.4:22\r\n",
        b"\r\n",
        b"host.example  mail # the old one\n",
        b"10.0.0.300:22\n",
        b"\x1b[2Jevil\n",
        b"1.2.3.4:22 dmz\n",
        b"\xff\xff\n",
        b"1.2.3.4:99999\n",
        b"[::1]:22",
    ]
    assert list(read_lines(lines, [25])) == [
        Spec("1.2.3.4", (22,)),
        Spec("host.example", (25,), "mail"),
        BadLine(
            5,
            "10.0.0.300:22\\n",
            "'10.0.0.300' is no address: four numbers from 0 to 255, without leading zeros",
        ),
        BadLine(6, r"\x1b[2Jevil\n", r"'\x1b[2Jevil' is neither an address nor a name"),
        Spec("1.2.3.4", (22,), "dmz"),
        BadLine(8, r"��\n", "not UTF-8 at byte 1"),
        BadLine(9, r"1.2.3.4:99999\n", "port '99999' is not between 1 and 65535"),
        Spec("::1", (22,)),
    ]


def test_many_lines_cost_the_memory_of_one() -> None:
    def lines() -> Iterator[bytes]:
        for number in range(40_000):
            yield b"10.%d.%d.%d:%d\n" % (number >> 16, number >> 8 & 255, number & 255, 1 + number % 65535)

    tracemalloc.start()
    try:
        count = sum(spec.size for spec in read_lines(lines()) if isinstance(spec, Spec))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 40_000
    assert peak < 2_000_000  # the cache of port numbers among it
