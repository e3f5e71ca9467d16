"""Scans of real daemons, compared: restarts change nothing, and every real change is found.

`tests/bench/restarts.py` does the first with all daemons and ten thousand greetings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from banner import Status, testing
from tests.bench.restarts import diff, doors, scan
from tests.command import Servers, run
from tests.daemons import dovecot, exim, nats, nginx, ngircd, openssh, redis
from tests.daemons.field import Field
from tests.daemons.forwarding import Forwarder
from tests.daemons.site import Site, own_address

NOISY = [openssh.DAEMON, exim.DAEMON, dovecot.DAEMON, nginx.DAEMON, ngircd.DAEMON, redis.DAEMON, nats.DAEMON]
"""They show times, ids, counters, salts and what they find out about the client, and start quickly."""


@pytest.fixture
def places() -> Iterator[tuple[Field, Forwarder]]:
    """Daemons of this test's own, which it may restart, and usual ports that lead to them."""
    with closing(Field()) as field, closing(Forwarder()) as forwarder:
        yield field, forwarder


def usual(field: Field, forwarder: Forwarder, daemons: list[Any], greetings: int) -> list[str]:
    try:
        return doors(field, forwarder, daemons, greetings)
    except PermissionError as error:
        pytest.skip(f"usual ports on loopback addresses: {error}")


@pytest.mark.daemon
def test_a_restart_changes_nothing(places: tuple[Field, Forwarder], tmp_path: Path) -> None:
    field, forwarder = places
    targets = usual(field, forwarder, NOISY, 300)
    before = scan(targets, tmp_path / "old.jsonl", "full")
    field.restart(NOISY)
    after = scan(targets, tmp_path / "new.jsonl", "full")
    assert {grab.status for grab in before} == {Status.BANNER}
    assert len(before) == len(targets) >= 300
    assert sum(a.banner != b.banner for a, b in zip(before, after, strict=True)) > 50  # there is noise
    found = diff(tmp_path / "old.jsonl", tmp_path / "new.jsonl")
    assert (found.returncode, found.stdout) == (0, "")


def change(other: Site, site: Site) -> None:
    """Other algorithms for sshd, another certificate for nginx."""
    for source, name in ((other.certificate, site.certificate.name), (other.key, site.key.name)):
        site.write(name, source.read_text())
    config = site.folder / "sshd_config"
    if config.exists():
        site.write(config.name, config.read_text() + "KexAlgorithms curve25519-sha256\n")


@pytest.mark.daemon
def test_other_algorithms_and_another_certificate_are_found(
    places: tuple[Field, Forwarder], tmp_path: Path
) -> None:
    field, forwarder = places
    daemons = [openssh.DAEMON, nginx.DAEMON]
    targets = usual(field, forwarder, daemons, 3)
    scan(targets, tmp_path / "old.jsonl", "full")
    with closing(Field()) as another:
        field.restart(daemons, partial(change, another[nginx.DAEMON].site))
    scan(targets, tmp_path / "new.jsonl", "full")
    found = run("diff", str(tmp_path / "old.jsonl"), str(tmp_path / "new.jsonl"), "--json")
    changes = {(one["kind"], one["port"]): one for one in map(json.loads, found.stdout.splitlines())}
    assert set(changes) == {("algorithms-changed", 22), ("certificate-changed", 443)}
    algorithms = changes["algorithms-changed", 22]["after"]["kex_algorithms"]
    assert [name for name in algorithms if not name.startswith("kex-strict")] == ["curve25519-sha256"]
    assert found.returncode == 1


Make = Callable[..., Any] | None
"""A server of `banner.testing`, or nobody."""

OPENSSH = partial(testing.greeter, b"SSH-2.0-OpenSSH_9.2p1\r\n")
CHANGES: dict[str, tuple[Make, Make, list[str]]] = {
    "appears": (None, OPENSSH, ["host-appeared", "service-appeared"]),
    "vanishes": (OPENSSH, None, ["host-vanished", "service-vanished"]),
    "is another status": (OPENSSH, testing.silent, ["status-changed"]),
    "is another service": (
        OPENSSH,
        partial(testing.greeter, b"220 mail.example ESMTP Postfix\r\n"),
        ["product-changed", "service-changed", "version-changed"],
    ),
    "is another product": (
        OPENSSH,
        partial(testing.greeter, b"SSH-2.0-dropbear\r\n"),
        ["product-changed", "version-changed"],
    ),
    "is another version": (
        OPENSSH,
        partial(testing.greeter, b"SSH-2.0-OpenSSH_9.6p1\r\n"),
        ["version-changed"],
    ),
    "says other words": (
        partial(testing.greeter, b"220 host one\r\n"),
        partial(testing.greeter, b"220 host two\r\n"),
        ["banner-changed"],
    ),
    "stays": (OPENSSH, OPENSSH, []),
}


def visit(servers: dict[str, Make], addresses: dict[str, tuple[str, int]], out: Path) -> None:
    """Scan, without a word, those that are there and the places of those that are not."""
    with ExitStack() as stack:
        there = stack.enter_context(Servers())
        for what, make in servers.items():
            if make is not None:
                there.start(partial(make, host=addresses[what][0], port=addresses[what][1]))
        targets = [f"{host}:{port}" for host, port in addresses.values()]
        done = run("scan", *targets, "--mode", "listen", "--read-timeout", "2", "-o", str(out), "--quiet")
        assert (done.returncode, done.stderr) == (0, b"")


def test_each_kind_of_change_is_found(tmp_path: Path) -> None:
    addresses = {what: (own_address(), 2022) for what in CHANGES}
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    visit({what: before for what, (before, _, _) in CHANGES.items()}, addresses, old)
    visit({what: after for what, (_, after, _) in CHANGES.items()}, addresses, new)
    found = run("diff", str(old), str(new), "--json")
    changes = [json.loads(line) for line in found.stdout.splitlines()]
    for what, (_, _, kinds) in CHANGES.items():
        assert sorted(one["kind"] for one in changes if one["host"] == addresses[what][0]) == kinds, what
    assert found.returncode == 1
    same = run("diff", str(old), str(old))
    assert (same.returncode, same.stdout) == (0, b"")
