"""What changed is found, each kind of it; what did not is quiet."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banner.models import Certificate, Grab, Service, Status, Timings, Tls
from banner.probes import ssh
from banner.report.difference import Change, Kind, compare

from .sample import NOON, scan

SSH = Service("ssh", "OpenBSD", "OpenSSH", "9.2p1", os="Debian", info="Debian-2", rule="ssh/openssh")
LISTS = {"kex_algorithms": ["curve25519-sha256", "ecdh-sha2-nistp256"], "mac_to_client": ["hmac-sha2-256"]}


def grab(host: str = "192.0.2.1", port: int = 22, **fields: Any) -> Grab:
    usual: dict[str, Any] = {"status": Status.BANNER, "probe": "listen", "time": NOON, "service": SSH}
    usual["banner"] = b"SSH-2.0-OpenSSH_9.2p1\r\n"
    return Grab(host=host, port=port, **(usual | fields))


def silent(host: str = "192.0.2.1", port: int = 22, status: Status = Status.SILENT) -> Grab:
    return Grab(time=NOON, host=host, port=port, status=status)


def kinds(old: Grab | list[Grab], new: Grab | list[Grab]) -> list[Kind]:
    return [change.kind for change in changes(old, new)]


def changes(old: Grab | list[Grab], new: Grab | list[Grab]) -> list[Change]:
    return compare(old if isinstance(old, list) else [old], new if isinstance(new, list) else [new])


@pytest.mark.parametrize("name", ["protocol_version", *ssh.LISTS])
def test_of_ssh_every_list_is_compared(name: str) -> None:
    assert kinds(grab(details={name: ["a"]}), grab(details={name: ["b"]})) == [Kind.ALGORITHMS]


def service(**fields: Any) -> Service:
    values: dict[str, Any] = {name: getattr(SSH, name) for name in SSH.__struct_fields__} | fields
    return Service(**values)


def secured(**fields: Any) -> Grab:
    tls: dict[str, Any] = {"version": "TLSv1.3", "certificate": Certificate("aa", subject="CN=a")} | fields
    return grab(tls=Tls(**tls))


@pytest.mark.parametrize(
    ("old", "new", "kind", "before", "after"),
    [
        (silent(), grab(), Kind.STATUS, {"status": "silent"}, {"status": "banner"}),
        (
            silent(status=Status.REFUSED),
            silent(status=Status.TIMEOUT),
            Kind.STATUS,
            {"status": "refused"},
            {"status": "timeout"},
        ),
        (grab(), grab(service=service(name="telnet")), Kind.SERVICE, {"name": "ssh"}, {"name": "telnet"}),
        (
            grab(),
            grab(service=service(product="Dropbear")),
            Kind.PRODUCT,
            {"product": "OpenSSH"},
            {"product": "Dropbear"},
        ),
        (grab(), grab(service=service(os="Ubuntu")), Kind.PRODUCT, {"os": "Debian"}, {"os": "Ubuntu"}),
        (
            grab(),
            grab(service=service(version="9.6p1")),
            Kind.VERSION,
            {"version": "9.2p1"},
            {"version": "9.6p1"},
        ),
        (
            grab(),
            grab(service=service(info="Debian-3")),
            Kind.VERSION,
            {"info": "Debian-2"},
            {"info": "Debian-3"},
        ),
        (
            secured(),
            secured(certificate=Certificate("bb", subject="CN=b")),
            Kind.CERTIFICATE,
            {"sha256": "aa", "subject": "CN=a"},
            {"sha256": "bb", "subject": "CN=b"},
        ),
        (secured(), secured(version="TLSv1.2"), Kind.TLS, {"version": "TLSv1.3"}, {"version": "TLSv1.2"}),
        (secured(), grab(), Kind.TLS, {"tls": True}, {"tls": False}),
        (
            grab(details=LISTS),
            grab(details=LISTS | {"mac_to_client": ["hmac-sha1"]}),
            Kind.ALGORITHMS,
            {"mac_to_client": ["hmac-sha2-256"]},
            {"mac_to_client": ["hmac-sha1"]},
        ),
        (
            grab(details=LISTS),
            grab(details=LISTS | {"kex_algorithms": LISTS["kex_algorithms"][::-1]}),
            Kind.ALGORITHMS,
            {"kex_algorithms": LISTS["kex_algorithms"]},
            {"kex_algorithms": LISTS["kex_algorithms"][::-1]},
        ),
        (
            grab(banner=b"hello, I am Bob\r\n", service=None),
            grab(banner=b"hello, I am Eve\r\n", service=None),
            Kind.BANNER,
            {"banner": "hello, I am Bob\r\n"},
            {"banner": "hello, I am Eve\r\n"},
        ),
    ],
)
def test_each_kind_of_change(
    old: Grab, new: Grab, kind: Kind, before: dict[str, Any], after: dict[str, Any]
) -> None:
    (change,) = changes(old, new)
    assert (change.kind, change.host, change.port) == (kind, "192.0.2.1", 22)
    assert (change.before, change.after) == (before, after)
    (back,) = changes(new, old)
    assert (back.kind, back.before, back.after) == (kind, after, before)


@pytest.mark.parametrize("gone", [[], [silent(status=Status.REFUSED)], [silent(status=Status.TIMEOUT)]])
def test_a_host_and_its_services_appear_and_vanish(gone: list[Grab]) -> None:
    appeared = changes(gone, [grab(), grab(port=2222)])
    assert [(one.kind, one.port) for one in appeared if one.port != 22] == [
        (Kind.HOST_APPEARED, None),
        (Kind.SERVICE_APPEARED, 2222),
    ]
    assert appeared[0].after == {"ports": [22, 2222]}
    assert appeared[1].after == {"status": "banner", "product": "OpenSSH", "version": "9.2p1"}
    vanished = changes([grab()], gone)
    assert [one.kind for one in vanished] == [Kind.HOST_VANISHED, Kind.SERVICE_VANISHED]


def test_a_service_appears_and_vanishes_on_a_host_that_stays() -> None:
    assert kinds([grab()], [grab(), silent(port=80)]) == [Kind.SERVICE_APPEARED]
    assert kinds([grab(), silent(port=80)], [grab(), silent(port=80, status=Status.REFUSED)]) == [
        Kind.SERVICE_VANISHED
    ]


def test_several_changes_of_one_service_are_told_each() -> None:
    old = grab(tls=Tls(certificate=Certificate("aa")), details=LISTS)
    new = grab(
        tls=Tls(certificate=Certificate("bb")), details={}, service=service(version="9.9", product="X")
    )
    assert kinds(old, new) == [Kind.CERTIFICATE, Kind.PRODUCT, Kind.VERSION]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (grab(), grab(time=NOON + 86400, timings=Timings(total=9.0), connections=3, tag="again")),
        (grab(), grab(service=service(confidence=0.1, cpe=("cpe:2.3:a:x",)))),
        (
            grab(),
            grab(service=service(version="9", rule="other/rule")),
        ),  # the same bytes, read by other rules
        (grab(), silent(status=Status.LOCAL_ERROR)),
        (silent(status=Status.DENIED), grab()),
        (grab(), silent(status=Status.FAULT)),
        (grab(details=LISTS), grab()),  # asked for in full mode alone
        (
            grab(banner=b"a", service=None),
            grab(banner=b"b", service=None, probe="http"),
        ),  # asked in another way
        (grab(banner=b"\0\x01salt", service=None), grab(banner=b"\0\x01pepper", service=None)),  # binary
        (grab(service=service(info="started Mon Nov 23 10:00:00 2026")),) * 2,
        (secured(certificate=None), secured()),
    ],
)
def test_what_is_no_change(old: Grab, new: Grab) -> None:
    assert changes(old, new) == []
    assert changes(new, old) == []


def test_common_leaves_out_what_only_one_scan_visited() -> None:
    old, new = [grab(), grab("192.0.2.2")], [grab(service=service(version="10")), grab("192.0.2.3")]
    assert [change.kind for change in compare(old, new, common=True)] == [Kind.VERSION]
    assert len(compare(old, new)) == 5


def test_changes_come_in_the_order_of_addresses() -> None:
    hosts = ["b.example", "10.0.0.10", "2001:db8::1", "10.0.0.9"]
    found = compare([grab(host) for host in hosts], [silent(host) for host in hosts])
    assert [change.host for change in found] == ["10.0.0.9", "10.0.0.10", "2001:db8::1", "b.example"]


def noisy(one: Grab, chance: random.Random) -> Grab:
    """The same service a week later: other times, ids, nonces and durations."""
    texts = [
        (b"12:00:00", b"%02d:%02d:%02d" % (chance.randrange(24), chance.randrange(60), chance.randrange(60))),
        (b"22 Nov 2026", b"%02d Dec 2026" % chance.randrange(1, 29)),
        (b"Sun,", chance.choice((b"Mon,", b"Tue,", b"Fri,"))),
    ]
    banner = one.banner
    for old, new in texts:
        banner = banner.replace(old, new)
    if b"the machine" in banner:
        banner = b"welcome to the machine %016x\r\n" % (chance.getrandbits(60) | 1 << 60)
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    fields |= {"time": one.time + 604800, "banner": banner, "timings": Timings(total=chance.random())}
    return Grab(**fields)


def test_ten_thousand_records_and_themselves_a_week_later_with_other_noise() -> None:
    old = list(scan(10_000))
    chance = random.Random(3)
    new = [noisy(one, chance) for one in old]
    assert sum(a.banner != b.banner for a, b in zip(old, new, strict=True)) > 2000
    assert compare(old, new) == []
    assert compare(old, old) == []
    new[77] = grab(old[77].host, old[77].port, service=service(name="backdoor"))
    assert {change.host for change in compare(old, new)} == {old[77].host}


@given(st.lists(st.sampled_from(list(scan(60))), max_size=20), st.randoms())
def test_a_scan_does_not_differ_from_itself_in_any_order(grabs: list[Grab], chance: random.Random) -> None:
    grabs = list({(one.host, one.port): one for one in grabs}.values())
    assert compare(grabs, chance.sample(grabs, len(grabs))) == []
