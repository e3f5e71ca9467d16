"""Real daemons are recognised over UDP, at a door of their own; those that say nothing are no service."""

from __future__ import annotations

import re
import socket

import pytest

from banner import Service, Transport, identify, probes
from banner.dialogue import Datagrams, Ended
from banner.models import End
from tests.daemons.daemon import Daemon, Door
from tests.daemons.field import Field
from tests.daemons.udp import DAEMONS, SILENT

pytestmark = pytest.mark.daemon

WAIT = 5.0
"""Seconds for one answer of a daemon on this machine, before the question is sent once more."""
DOORS = [(daemon, door) for daemon in DAEMONS for door in daemon.doors]


def label(value: object) -> str:
    return value.name if isinstance(value, Daemon | Door) else ""


def hold(
    name: str, port: int, wait: float = WAIT, *, deep: bool = False
) -> tuple[Service | None, Datagrams, int]:
    """The dialogue of that name with whoever is at `port`: what came of it, and how many datagrams were sent."""
    probe = probes.get(name, Transport.UDP)
    wire, sent, service = Datagrams("127.0.0.1", port, limit=probe.limit, deep=deep), 0, None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(wait)
        talk, last, again = probe.talk(wire), list[bytes](), 1
        try:
            while next(talk):
                last = wire.leaving() or last
                while True:
                    for data in last:
                        line.sendto(data, ("127.0.0.1", port))
                        sent += 1
                    try:
                        data, peer = line.recvfrom(65535)
                    except TimeoutError:
                        if again:
                            again -= 1
                            continue
                        wire.close(End.DEADLINE)
                    else:
                        wire.arrived(data, None if peer[1] == port else peer[1])
                        last = []
                    break
        except StopIteration as done:
            service = done.value
        except Ended:
            service = wire.found
        for data in wire.leaving():
            line.sendto(data, ("127.0.0.1", port))
            sent += 1
    return service, wire, sent


@pytest.mark.parametrize(("daemon", "door"), DOORS, ids=label)
def test_a_daemon_is_recognised(field: Field, daemon: Daemon, door: Door) -> None:
    service, wire, sent = hold(door.service, field[daemon].port(door))
    assert service is not None, field[daemon].log()
    assert service.name == door.service
    assert sent <= 3
    found = identify(bytes(wire.received), protocol=door.service) if service.product is None else service
    if door.product:
        assert found is not None
        assert re.search(door.product, f"{service.vendor} {found.vendor} {found.product}", re.IGNORECASE)
    if door.versioned:
        assert found is not None
        assert found.version is not None
        assert found.version in daemon.version() or daemon.version() in found.version


@pytest.mark.parametrize("daemon", SILENT, ids=str)
def test_who_says_nothing_is_no_service(field: Field, daemon: Daemon) -> None:
    (door,) = daemon.doors
    service, wire, sent = hold(door.service, field[daemon].port(door), 0.3)
    assert (service, bytes(wire.received), sent) == (None, b"", 2)


def test_full_mode_learns_more(field: Field) -> None:
    daemon = next(daemon for daemon in DAEMONS if daemon.name == "snmpd")
    _, wire, _ = hold("snmp", field[daemon].port(daemon.doors[0]), deep=True)
    assert wire.details["hostname"] == "field.example"
    assert wire.details["description"].startswith("Linux field.example")
