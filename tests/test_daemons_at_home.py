"""Daemons that are asked at their usual ports, or by name, are told for what they are there."""

from __future__ import annotations

import asyncio

import pytest

from banner import Grab, Target, scan
from tests.daemons.at_home import DAEMONS
from tests.daemons.daemon import Daemon, Door
from tests.daemons.field import Field
from tests.daemons.telling import complaints

pytestmark = [pytest.mark.daemon, pytest.mark.timeout(120)]

DOORS = [(daemon, door) for daemon in DAEMONS for door in daemon.doors]
LED_THERE = [(daemon, door) for daemon, door in DOORS if daemon.name != "epmd"]
"""Those whose usual port may lead to another: a mapper without nodes is known by its own port alone."""


def label(value: object) -> str:
    return value.name if isinstance(value, Daemon | Door) else ""


def grabbed(host: str, port: int, *named: str) -> Grab:
    """The one record of a scan of one port."""

    async def run() -> Grab:
        async with scan([Target(host, port)], probes=named) as results:
            (grab,) = [grab async for grab in results]
            return grab

    return asyncio.run(run())


@pytest.mark.parametrize(("daemon", "door"), LED_THERE, ids=label)
def test_a_daemon_is_told_at_its_usual_port(field: Field, daemon: Daemon, door: Door) -> None:
    grab = grabbed(*field.usual(daemon, door))
    assert not complaints(daemon, door, grab), f"{grab}\n{field[daemon].log()}"
    assert grab.connections == 1


@pytest.mark.parametrize(("daemon", "door"), DOORS, ids=label)
def test_a_daemon_is_told_anywhere_by_name(field: Field, daemon: Daemon, door: Door) -> None:
    named = (door.service, "tls") if daemon.name == "nrpe" else (door.service,)
    grab = grabbed("127.0.0.1", field[daemon].port(door), *named)
    assert not complaints(daemon, door, grab), f"{grab}\n{field[daemon].log()}"
