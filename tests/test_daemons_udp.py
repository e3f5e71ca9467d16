"""Real daemons are recognised over UDP, at a door of their own; those that say nothing are no service."""

from __future__ import annotations

import asyncio
import re
from contextlib import ExitStack
from functools import cache
from typing import cast

import pytest

from banner import Grab, Status, Target, Timeouts, Transport, scan
from banner.models import Mode, Settings
from banner.visit.visit import Visit
from tests.daemons.daemon import Daemon, Door
from tests.daemons.field import Field
from tests.daemons.udp import DAEMONS, SILENT, secured
from tests.daemons.udp.management import DAEMONS as MANAGEMENT
from tests.daemons.udp.relay import relayed
from tests.daemons.udp.tunnels import DAEMONS as TUNNELS

pytestmark = pytest.mark.daemon

DOORS = [(daemon, door) for daemon in DAEMONS for door in daemon.doors]
PATIENT = Timeouts(read=20, total=30)


def label(value: object) -> str:
    return value.name if isinstance(value, Daemon | Door) else ""


@cache
def ask(
    field: Field, daemon: Daemon, *probes: str, mode: Mode = Mode.LIGHT, timeouts: Timeouts = PATIENT
) -> Grab:
    """What comes of these questions alone at the daemon's door; of the usual ones where none is named.

    Each is asked once: some daemons talk to one client at a time, and wait long for its next word.
    """
    target = Target("127.0.0.1", field[daemon].port(daemon.doors[0]), transport=Transport.UDP)
    settings = Settings(probes=probes, mode=mode, timeouts=timeouts, max_bytes=65536)
    return asyncio.run(Visit(target, settings).run(None))


@pytest.mark.parametrize(("daemon", "door"), DOORS, ids=label)
def test_a_daemon_is_recognised(field: Field, daemon: Daemon, door: Door) -> None:
    grab = ask(field, daemon, door.service)
    assert grab.status is Status.BANNER, field[daemon].log()
    service = grab.service
    assert service is not None
    assert (service.name, grab.probe) == (door.service, door.service)
    assert grab.details["datagrams"] in (1, 2, 3)
    if door.product:
        assert re.search(door.product, f"{service.vendor} {service.product}", re.IGNORECASE)
    if door.versioned:
        assert service.version is not None
        assert service.version in daemon.version() or daemon.version() in service.version


ONE_CLIENT = {"gnutls-dtls", "openvpn"}
"""Who talks to one client at a time, and still waits for the last one's next word."""
USUAL = [(daemon, door) for daemon, door in DOORS if daemon.name not in ONE_CLIENT]


@pytest.mark.parametrize(("daemon", "door"), USUAL, ids=label)
def test_a_daemon_is_recognised_at_its_usual_port(field: Field, daemon: Daemon, door: Door) -> None:
    """With nothing chosen: the port tells what to ask."""
    address = field[daemon].site.address
    target = Target(address, door.usual, transport=Transport.UDP)
    try:
        with relayed(address, door.usual, field[daemon].port(door)):
            grab = asyncio.run(Visit(target, Settings(timeouts=PATIENT)).run(None))
    except OSError as error:
        pytest.skip(f"port {door.usual} on a loopback address of its own: {error}")
    assert grab.status is Status.BANNER, field[daemon].log()
    assert grab.service is not None
    assert (grab.service.name, grab.probe) == (door.service, door.service)
    assert grab.details["datagrams"] in (1, 2, 3)
    assert ("from_port" in grab.details) == (door.service == "tftp")


def test_a_scan_of_all_asks_little(field: Field) -> None:
    """At their usual ports, with those who say nothing among them."""
    doors = {field[daemon].site.address: (daemon, door) for daemon, door in USUAL}
    doors |= {field[daemon].site.address: (daemon, daemon.doors[0]) for daemon in SILENT}

    def few(grabs: list[Grab]) -> bool:
        return sum(cast(int, grab.details["datagrams"]) for grab in grabs) <= 1.75 * len(grabs)

    async def scanned() -> list[Grab]:
        targets = [Target(host, door.usual, transport=Transport.UDP) for host, (_, door) in doors.items()]
        async with scan(targets, timeouts=Timeouts(read=5, total=30)) as results:
            return [grab async for grab in results]

    with ExitStack() as relays:
        for host, (daemon, door) in doors.items():
            try:
                relays.enter_context(relayed(host, door.usual, field[daemon].port(door)))
            except OSError as error:
                pytest.skip(f"port {door.usual} on a loopback address of its own: {error}")
        scans = [asyncio.run(scanned())]
        while not few(scans[-1]) and len(scans) < 3:  # who stands still for a second is asked again
            scans.append(asyncio.run(scanned()))
    for grab in scans[-1]:
        daemon, door = doors[grab.host]
        found = grab.service.name if grab.service else None
        assert found == (None if daemon in SILENT else door.service), daemon.name
        assert cast(int, grab.details["datagrams"]) <= 3
    assert len(scans[-1]) == len(doors)
    assert few(scans[-1])


@pytest.mark.parametrize("daemon", SILENT, ids=str)
def test_who_says_nothing_is_no_service(field: Field, daemon: Daemon) -> None:
    for probes in ((), ("openvpn",)):
        grab = ask(field, daemon, *probes, timeouts=Timeouts(read=0.3))
        assert (grab.status, grab.service, grab.banner) == (Status.SILENT, None, b"")


def test_full_mode_learns_more(field: Field) -> None:
    agent = next(daemon for daemon in MANAGEMENT if daemon.name == "snmpd")
    grab = ask(field, agent, "snmp", mode=Mode.FULL)
    assert grab.details["hostname"] == "field.example"
    assert str(grab.details["description"]).startswith("Linux field.example")


def test_a_tunnel_that_was_begun_is_closed(field: Field) -> None:
    """With a third datagram the server would have begun to repeat itself."""
    tunnel = next(daemon for daemon in TUNNELS if daemon.name == "xl2tpd")
    grab = ask(field, tunnel, "l2tp")
    assert grab.details["datagrams"] == 2


@pytest.mark.parametrize("daemon", secured.DTLS, ids=str)
def test_a_certificate_over_dtls(field: Field, daemon: Daemon) -> None:
    grab = ask(field, daemon, "dtls")
    assert grab.tls is not None
    assert grab.tls.version == "DTLSv1.2"
    assert grab.tls.certificate is not None
    assert "localhost" in grab.tls.certificate.names
    assert grab.details["datagrams"] == 2
