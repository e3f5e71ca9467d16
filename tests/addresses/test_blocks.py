from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.addresses.blocks import (
    LAST,
    MAPPED_LAST,
    AddressSet,
    Block,
    format_address,
    parse_address,
    parse_block,
)
from banner.addresses.forms import MAPPED, embedded

v4 = st.integers(0, 2**32 - 1)
v6 = st.one_of(
    st.integers(0, LAST),
    st.builds(
        lambda groups: sum(g << 16 * i for i, g in enumerate(groups)),
        st.lists(st.sampled_from([0, 1, 0xFFFF]), min_size=8, max_size=8),
    ),
)


@given(v4)
def test_ipv4_text_and_number(number: int) -> None:
    text = str(ipaddress.IPv4Address(number))
    assert parse_address(text) == MAPPED | number
    assert format_address(MAPPED | number) == text


@given(v6)
def test_ipv6_text_and_number(number: int) -> None:
    text = format_address(number)
    assert parse_address(text) == number
    if not MAPPED <= number <= MAPPED_LAST:
        assert text == ipaddress.IPv6Address(number).compressed


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"),
        ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
        ("::", "::"),
        ("1::", "1::"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::ffff:a00:1", "10.0.0.1"),
        ("64:ff9b::10.0.0.1", "64:ff9b::a00:1"),
    ],
)
def test_the_canonical_text(text: str, same: str) -> None:
    assert format_address(parse_address(text)) == same


NO_ADDRESSES = """1 127.1 0x7f.1 0x7f.0.0.1 010.0.0.1 1.2.3.256 1.2.3.4.5 1.2.3. １.2.3.4 1.2.3.-4 1.2.3.+4
    a.b.c.d : ::: 1::2::3 12345:: ::g fe80::1%eth0 [::1]"""


@pytest.mark.parametrize("text", [*NO_ADDRESSES.split(), "", " 1.2.3.4", "1.2.3.4\n"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="not an IPv"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("10.0.0.0/8", "10.0.0.0-10.255.255.255"),
        ("10.0.0.5/8", "10.0.0.0-10.255.255.255"),
        ("0.0.0.0/0", "0.0.0.0-255.255.255.255"),
        ("1.2.3.4/32", "1.2.3.4"),
        ("10.0.0.1-10.0.0.9", "10.0.0.1-10.0.0.9"),
        ("10.0.0.1-9", "10.0.0.1-10.0.0.9"),
        ("10.0.0.9-9", "10.0.0.9"),
        ("2001:db8::/126", "2001:db8::-2001:db8::3"),
        ("2001:db8::1-2001:db8::ff", "2001:db8::1-2001:db8::ff"),
        ("::ffff:10.0.0.0/104", "10.0.0.0-10.255.255.255"),
    ],
)
def test_blocks(text: str, block: str) -> None:
    assert str(parse_block(text)) == block


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10.0.0.0/33", "between 0 and 32"),
        ("10.0.0.0/", "between 0 and 32"),
        ("10.0.0.0/-1", "between 0 and 32"),
        ("10.0.0.0/255.0.0.0", "between 0 and 32"),
        ("10.0.0.0/8/8", "between 0 and 32"),
        ("10.0.0.0/" + "9" * 5000, "between 0 and 32"),
        ("::/129", "between 0 and 128"),
        ("10.0.0.9-8", "backwards"),
        ("10.0.0.9-10.0.0.8", "backwards"),
        ("10.0.0.9-256", "not an IPv4"),
        ("10.0.0.9-", "not an IPv4"),
        ("1.2.3.4-2001:db8::1", "family"),
        ("2001:db8::1-1.2.3.4", "family"),
        ("example.com/24", "not an IPv4"),
    ],
)
def test_what_is_no_block(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        parse_block(text)
    assert len(str(raised.value)) < 200


@given(v4, st.integers(0, 32))
def test_a_cidr_block_is_what_the_standard_library_says(number: int, prefix: int) -> None:
    text = f"{ipaddress.IPv4Address(number)}/{prefix}"
    network = ipaddress.ip_network(text, strict=False)
    block = parse_block(text)
    assert (block.first, block.size) == (MAPPED | int(network.network_address), network.num_addresses)


# -- sets ------------------------------------------------------------------------------------------

SET = AddressSet.of(["10.0.0.0/8", "2001:db8::/32", "1.2.3.4", "10.0.0.1-10.0.0.9", "11.0.0.0-11.0.0.3"])


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.0.0.0", True),
        ("10.255.255.255", True),
        ("11.0.0.3", True),
        ("11.0.0.4", False),
        ("9.255.255.255", False),
        ("1.2.3.4", True),
        ("1.2.3.5", False),
        ("2001:db8::", True),
        ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", True),
        ("2001:db9::", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", True),  # IPv4-mapped
        ("::10.0.0.1", True),  # IPv4-compatible
        ("64:ff9b::10.0.0.1", True),  # NAT64
        ("64:ff9b::9.0.0.1", False),
        ("64:ff9b:1:a00:0:100::", True),  # NAT64, local: 10.0.0.1 behind /48
        ("64:ff9b:1:a:0:1::", True),  # behind /56
        ("64:ff9b:1:0:a:0:100:0", True),  # behind /64
        ("64:ff9b:1:ffff::10.0.0.1", True),  # behind /96
        ("64:ff9b:1:ffff::9.0.0.1", False),
        ("2002:a00:1::1", True),  # 6to4
        ("2002:900:1::1", False),
        ("2001:0:a00:1::", True),  # Teredo's server
        ("2001:0:900:1:0:0:f5ff:fffe", True),  # Teredo's client: the inverse of 10.0.0.1
        ("2001:0:900:1:0:0:f6ff:fffe", False),
    ],
)
def test_membership(address: str, inside: bool) -> None:
    assert (address in SET) is inside
    assert (parse_address(address.partition("%")[0]) in SET) is inside


def test_blocks_are_merged() -> None:
    last = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"
    assert [str(block) for block in SET] == ["1.2.3.4", "10.0.0.0-11.0.0.3", f"2001:db8::-{last}"]
    assert SET.size == 1 + 2**24 + 4 + 2**96


def test_all_of_ipv6_is_not_ipv4() -> None:
    everything = AddressSet.of(["::/0"])
    assert "2001:db8::1" in everything
    assert "::" in everything
    assert "1.2.3.4" not in everything
    assert "::ffff:1.2.3.4" not in everything
    assert everything | AddressSet.of(["0.0.0.0/0"]) == AddressSet([Block(0, LAST)]) | AddressSet.of(
        ["0.0.0.0/0"]
    )


blocks = st.tuples(st.integers(0, 60), st.integers(0, 12)).map(
    lambda b: Block(MAPPED + b[0] - 20, MAPPED + b[0] + b[1] - 20)
)


@given(st.lists(blocks, max_size=8), st.lists(blocks, max_size=4), blocks)
def test_sets_are_sets(first: list[Block], second: list[Block], block: Block) -> None:
    def numbers(some: list[Block]) -> set[int]:
        every = {n for b in some for n in range(b.first, b.last + 1)}
        crossing = {n for b in some if b.first < MAPPED for n in range(MAPPED, b.last + 1)}
        whole = {n for b in some if b.first >= MAPPED for n in range(b.first, b.last + 1)}
        return every - crossing | whole

    one, other, line = AddressSet(first), AddressSet(second), range(MAPPED - 30, MAPPED + 60)
    assert {n for n in line if n in one} == numbers(first)
    assert one.size == len(numbers(first))
    assert {n for n in line if n in one | other} == numbers(first) | numbers(second)
    rest = one.complement()  # 0.0.0.0 stands for 127.0.0.1, which is in it
    assert {n for n in line if n not in rest} | {MAPPED} == numbers(first) | {MAPPED}
    left = one.subtract_from(block)
    assert [n for b in left for n in range(b.first, b.last + 1)] == sorted(
        set(range(block.first, block.last + 1)) - numbers(first)
    )
    assert AddressSet([*one]) == one
    assert bool(one) == bool(first)


@given(v6)
def test_what_stands_for_an_ipv4_address_is_one_number_of_ipv4(number: int) -> None:
    assert all(MAPPED <= inner <= MAPPED_LAST for inner in embedded(number) if number)


def test_a_file_of_networks() -> None:
    lines: list[bytes | str] = [
        b"\xef\xbb\xbf# office\r\n",
        b"10.0.0.0/8   # all of it\r\n",
        b"\n",
        "2001:db8::/32",
    ]
    assert AddressSet.read(lines) == AddressSet.of(["10.0.0.0/8", "2001:db8::/32"])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"example.com", "line 2: 'example.com' is a name, not an IPv4 address"),
        (b"10.0.0.0/8 10.0.0.1", "line 2: "),
        (b"\xff", "line 2: not UTF-8 at byte 1"),
        (b"1" * 20000, "line 2: longer than 16384 characters"),
        (b"# a\r192.0.2.1\r", "line 2: a line ends within it"),
    ],
)
def test_a_bad_line_of_a_file_is_named(line: bytes, reason: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is checked below
        AddressSet.read([b"10.0.0.0/8", line])
    assert str(raised.value).startswith(reason)
