from __future__ import annotations

import copy
import ipaddress
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner import Policy
from banner.addresses.blocks import LAST, AddressSet, format_address
from banner.addresses.forms import MAPPED, embedded
from banner.addresses.special import WORDS, word_sets

GUARD = Policy(deny=["private", "loopback", "link-local", "multicast", "reserved"])
INTERNET = Policy(allow=["global"])

INSIDE = """
    127.0.0.1 127.255.255.254 ::1 0.0.0.0 0.1.2.3 :: 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1
    100.64.0.1 100.100.100.200 169.254.169.254 fe80::1 fe80::1%eth0 fd00:ec2::254 fc00::1 fec0::1 224.0.0.1 239.1.1.1
    ff02::1 240.0.0.1 255.255.255.255 192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 192.0.0.1 192.88.99.1
    2001:db8::1 3fff::1 2001:2::1 2001:10::1 100::1 5f00::1 4000::1 e000::1
    ::ffff:10.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::10.0.0.1 ::127.0.0.1 ::2
    64:ff9b::10.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::8.8.8.8 64:ff9b:1:a00:0:100::
    2002:a00:1::1 2002:7f00:1:: 2002:a9fe:a9fe::1 2001:0:808:808::f5ff:fffe 2001:0:a00:1::f7f7:f7f7
    ::ffff:0.0.0.0 ::ffff:0:0 64:ff9b:: 2002:: 2001:0:808:808::ffff:ffff 64:ff9b:1:: ::ffff:0:127.0.0.1
    ::ffff:0:10.0.0.1 2001:4860::5efe:10.0.0.1 2001:4860::200:5efe:127.0.0.1 100:0:0:1::1
"""
OUTSIDE = """
    8.8.8.8 1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.167.1.1
    192.169.0.0 223.255.255.255 2606:4700::1 2a00::1 2001:4860:4860::8888 2001:200::1 2400::1 3ffe::1
    ::8.8.8.8 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1 2001:0:808:808::f7f7:f7f7
    2001:4860::5efe:8.8.8.8 192.31.196.1 192.52.193.1 192.175.48.1 2620:4f:8000::1
"""


@pytest.mark.parametrize("ip", INSIDE.split())
@pytest.mark.parametrize("policy", [GUARD, INTERNET])
def test_the_inside_is_out_of_reach(ip: str, policy: Policy) -> None:
    assert not policy.permits(ip, 80)
    assert policy.refusal(ip, 80)


@pytest.mark.parametrize("ip", OUTSIDE.split())
@pytest.mark.parametrize("policy", [GUARD, INTERNET, Policy()])
def test_the_internet_is_within_reach(ip: str, policy: Policy) -> None:
    assert policy.permits(ip, 80)
    assert policy.refusal(ip, 80) is None


LOOPBACK = """
    127.0.0.1 127.255.0.9 0.0.0.0 ::ffff:0.0.0.0 ::ffff:127.0.0.1 ::127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::0.0.0.0
    64:ff9b:1:7f00:0:100:: 2002:7f00:1::1 2002::1 2001:0:808:808::80ff:fffe 2001:0:808:808::ffff:ffff
    ::ffff:0:127.0.0.1 ::ffff:0:0.0.0.0 2001:4860::5efe:127.0.0.1 :: ::1
"""


@pytest.mark.parametrize("ip", LOOPBACK.split())
def test_fault_11_every_form_of_loopback_is_loopback(ip: str) -> None:
    policy, excluded = Policy(deny=["loopback"]), AddressSet.of(["127.0.0.0/8", "::1"])
    assert not policy.permits(ip, 80)
    assert "loopback" in str(policy.refusal(ip, 80))
    assert ip in excluded
    assert Policy(deny=["127.0.0.0/8", "::1"]).refusal(ip, 80)
    assert not Policy(allow=["8.0.0.0/5", "2000::/3", "global"]).permits(ip, 80)


@pytest.mark.parametrize("ip", INSIDE.split())
def test_without_words_everything_is_permitted(ip: str) -> None:
    assert Policy().permits(ip, 1)


def test_each_address_falls_under_one_word() -> None:
    sets = word_sets()
    assert sorted(sets) == sorted(WORDS)
    assert sum(addresses.size for addresses in sets.values()) == LAST + 1
    union = AddressSet()
    for addresses in sets.values():
        union |= addresses
    assert union.size == LAST + 1


DIFFERENT = AddressSet.of(
    [
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "224.0.0.0/4",
        "fec0::/10",
        "ff00::/8",
        "2001::/23",
        "3fff::/20",
    ]
)
"""Where the standard library's words of some version say otherwise than ours: shared space and site-local are private
here, multicast is not global, and what carries IPv4 is judged by that."""


@given(
    st.one_of(
        st.integers(0, 2**32 - 1).map(lambda n: MAPPED | n),
        st.integers(0, LAST),
        st.integers(1 << 125, 2 << 125),
    )
)
def test_global_is_what_the_standard_library_calls_global(number: int) -> None:
    if number in DIFFERENT or embedded(number):
        return
    address = ipaddress.ip_address(format_address(number))
    # Outside 2000::/3 nothing is assigned to hosts (IANA); Python calls much of it global.
    unassigned = address.version == 6 and number >> 125 != 1
    assert (number in word_sets()["global"]) is (address.is_global and not unassigned)


def test_deny_wins_over_allow() -> None:
    policy = Policy(allow=["10.0.0.0/8", "2001:db8::/32"], deny=["10.1.0.0/16", "10.2.0.1-9"])
    assert policy.permits("10.0.0.1", 1)
    assert policy.permits("::ffff:10.0.0.1", 1)
    assert policy.permits("64:ff9b::10.0.0.1", 1)  # what it stands for is allowed
    assert policy.permits("2001:db8::1", 1)
    for ip in ("10.1.0.1", "10.2.0.5", "::ffff:10.1.0.1", "64:ff9b::10.1.0.1", "11.0.0.1", "2001:db9::1"):
        assert not policy.permits(ip, 1)


def test_an_allowed_prefix_is_no_way_around() -> None:
    policy = Policy(allow=["64:ff9b::/96", "2001::/32", "8.8.8.8"])
    assert policy.permits("64:ff9b::8.8.8.8", 1)
    assert policy.permits("2001:0:808:808::f7f7:f7f7", 1)
    assert not policy.permits("64:ff9b::10.0.0.1", 1)
    assert not policy.permits("2001:0:808:808::f5ff:fffe", 1)  # its server is allowed, its client is not


def test_an_empty_allowance_allows_nothing() -> None:
    assert not Policy(allow=[]).permits("8.8.8.8", 1)
    assert not Policy(ports=[]).permits("8.8.8.8", 1)


def test_ports() -> None:
    policy = Policy(ports="22,80,8000-8010", deny_ports=[8005])
    assert [port for port in range(1, 65536) if policy.permits("8.8.8.8", port)] == [
        22, 80, *range(8000, 8005), *range(8006, 8011)
    ]  # fmt: skip
    assert policy.refusal("8.8.8.8", 25) == "the policy does not allow port 25"
    assert policy == Policy(ports=[80, 22, *range(8000, 8011)], deny_ports="8005")


@pytest.mark.parametrize(
    ("ip", "reason"),
    [
        ("10.0.0.1", "10.0.0.1 is private"),
        ("169.254.169.254", "169.254.169.254 is link-local"),
        ("fe80::1%eth0", "fe80::1%eth0 (fe80::1) is link-local"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1 (10.0.0.1) is private"),
        ("64:ff9b::a00:1", "64:ff9b::a00:1 (10.0.0.1) is private"),
        ("9.9.9.9", "9.9.9.9 is in 9.0.0.0/8"),
        ("8.8.8.8", "the policy does not allow 8.8.8.8"),
        ("1.1.1.1", None),
    ],
)
def test_reasons(ip: str, reason: str | None) -> None:
    policy = Policy(allow=["0.0.0.0-8.8.8.7", "1.1.1.1"], deny=["private", "link-local", "9.0.0.0/8"])
    assert policy.refusal(ip, 80) == reason


@given(
    st.integers(0, LAST),
    st.sampled_from([GUARD, INTERNET, Policy(allow=["8.0.0.0/5", "private"], deny=["9.0.0.0/8"])]),
)
def test_a_reason_is_given_where_it_is_due(number: int, policy: Policy) -> None:
    for address in (number, MAPPED | number & 0xFFFFFFFF, 0x64FF9B << 96 | number & 0xFFFFFFFF):
        ip = format_address(address)
        assert policy.permits(ip, 1) is (policy.refusal(ip, 1) is None)


def test_a_policy_is_a_value() -> None:
    policy = Policy(allow=["global"], deny="9.9.9.9", ports="22", deny_ports="23")
    assert repr(policy) == "Policy(allow=['global'], deny=['9.9.9.9'], ports='22', deny_ports='23')"
    assert eval(repr(policy)) == policy
    assert pickle.loads(pickle.dumps(policy)) == copy.deepcopy(policy) == policy
    assert hash(copy.copy(policy)) == hash(policy)
    assert (
        pickle.loads(pickle.dumps(policy)).refusal("9.9.9.9", 22) == policy.refusal("9.9.9.9", 22) is not None
    )
    assert policy != Policy()
    with pytest.raises(AttributeError, match="never changes"):
        policy.deny = ()
    with pytest.raises(AttributeError, match="never changes"):
        del policy.deny


@pytest.mark.parametrize("word", ["intranet", "PRIVATE", "", "10.0.0.0/33", "example.com"])
def test_what_is_no_network(word: str) -> None:
    with pytest.raises(ValueError, match="not"):
        Policy(deny=[word])
    with pytest.raises(ValueError, match="not"):
        Policy(allow=[word])


@pytest.mark.parametrize("ports", ["", "nosuchservice", [0], [65536], "70000", "53/udp", "22,U:53", "S:22"])
def test_what_is_no_port(ports: str | list[int]) -> None:
    with pytest.raises(ValueError, match="port"):
        Policy(ports=ports)


def test_a_name_is_no_address() -> None:
    with pytest.raises(ValueError, match="not an IPv4 address"):
        GUARD.permits("localhost", 80)
