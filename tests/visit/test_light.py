"""In the default mode every real daemon is told for what it is, on its usual port and on any other.

Of its behaviour behind other services' usual ports this is a sample; `tests/bench/doors.py` has them all.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import uvloop

from banner import Grab, Target, scan
from tests.daemons import DAEMONS
from tests.daemons.daemon import Daemon, Door
from tests.daemons.field import Field
from tests.daemons.site import own_address
from tests.daemons.telling import complaints

pytestmark = [pytest.mark.daemon, pytest.mark.timeout(120)]

MOST_ANYWHERE = 4
"""Connections on a port that tells nothing, and where another service is usual."""

ELSEWHERE = {
    "xvfb/x11": 443, "postgresql/postgresql": 993, "zookeeper/zookeeper": 80, "mosquitto/mqtt": 636, "slapd/ldap": 6697,
    "kamailio/sip": 443, "rabbitmq/amqps": 22, "prosody/xmpps": 80, "memcached/memcaches": 80, "redis/rediss": 5432,
    "slapd/ldaps": 5432, "nginx/https": 25, "apache/https": 5432, "openssh/ssh": 443, "exim/smtp": 5432,
}  # fmt: skip
"""Doors that were hard to tell behind other services' usual ports: with many connections, after 15 s, or not at all."""

LOST = {
    "xvfb/x11 random", "xvfb/x11 elsewhere",  # waits for twelve bytes, as slapd for more, which comes first
    # Inside TLS a further connection takes a handshake, and so two of the four hellos: HTTP's was first, then Redis'.
    "mosquitto/mqtts random", "slapd/ldaps random", "memcached/memcaches random",
    "redis/rediss elsewhere",
    "slapd/ldap random",  # told, but no hello is left for the certificate
    "nginx/https elsewhere",  # at a port of mail nothing is said before a greeting came
    "memcached/memcaches elsewhere", "slapd/ldaps elsewhere",  # the port's usual hello and TLS's took two of the four
    # At ports that are usually inside TLS a hello of our own takes one connection more.
    "mosquitto/mqtt elsewhere", "postgresql/postgresql elsewhere", "slapd/ldap elsewhere",
}  # fmt: skip
"""What can't be told within four hellos; it takes mode full, and is never told wrong."""

DOORS = [(daemon, door) for daemon in DAEMONS for door in daemon.doors]


@dataclass(frozen=True)
class Place:
    """One door at one address."""

    daemon: Daemon
    door: Door
    kind: str
    """``usual``, ``random`` or ``elsewhere``."""
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.daemon.name}/{self.door.name} {self.kind}"

    @property
    def most(self) -> int:
        """Connections."""
        return 1 if self.kind == "usual" else MOST_ANYWHERE


def places(field: Field) -> list[Place]:
    """Every installed daemon's doors, in all ways."""
    found = []
    field.start(daemon for daemon in DAEMONS if not daemon.missing)
    for daemon, door in DOORS:
        if not daemon.missing:
            found.append(Place(daemon, door, "random", "127.0.0.1", field[daemon].port(door)))
            other = ELSEWHERE.get(f"{daemon.name}/{door.name}")
            try:
                found.append(Place(daemon, door, "usual", *field.usual(daemon, door)))
                if other is not None:
                    found.append(
                        Place(daemon, door, "elsewhere", *field.at(daemon, door, own_address(), other))
                    )
            except pytest.skip.Exception:
                continue  # not permitted here
    return found


@pytest.fixture(scope="module")
def seen(field: Field) -> dict[Place, Grab]:
    """One scan of them all, as a user makes it."""
    everything = {(place.host, place.port): place for place in places(field)}

    async def run() -> dict[Place, Grab]:
        targets = [Target(*where) for where in everything]
        async with scan(targets) as results:
            return {everything[grab.host, grab.port]: grab async for grab in results}

    return uvloop.run(run())


WAYS = [(*one, kind) for one in DOORS for kind in ("usual", "random")]
WAYS += [(*one, "elsewhere") for one in DOORS if f"{one[0].name}/{one[1].name}" in ELSEWHERE]


def test_the_sample_names_doors() -> None:
    assert len(WAYS) == 2 * len(DOORS) + len(ELSEWHERE)


@pytest.mark.parametrize(("daemon", "door", "kind"), WAYS, ids=lambda value: getattr(value, "name", value))
def test_a_daemon_is_told_for_what_it_is(
    seen: dict[Place, Grab], field: Field, daemon: Daemon, door: Door, kind: str
) -> None:
    _ = field[daemon]  # skips, or fails in CI, where it is missing
    place = next((one for one in seen if (one.daemon, one.door, one.kind) == (daemon, door, kind)), None)
    if place is None:
        pytest.skip(f"port {door.usual} may not be opened here")
    if str(place) in LOST:
        service = seen[place].service
        assert service is None or service.name in ("tls", door.service), seen[place]
        return
    wrong = complaints(place.daemon, place.door, seen[place])
    assert not wrong, f"{place}: {'; '.join(wrong)}\n{seen[place]}"


def test_it_takes_few_connections(seen: dict[Place, Grab]) -> None:
    for place, grab in seen.items():
        assert grab.connections <= place.most, f"{place}: {grab}"
        assert grab.timings.total is not None
        if str(place) not in LOST:
            assert grab.timings.total < 15, f"{place}: {grab}"


def test_the_table(seen: dict[Place, Grab], capsys: pytest.CaptureFixture[str]) -> None:
    """Prints what came of each door, for those who read the log; every door has a record."""
    with capsys.disabled():
        print()
        for place, grab in sorted(seen.items(), key=lambda item: str(item[0])):
            service = grab.service
            known = (
                " ".join(filter(None, (service.name, service.product, service.version))) if service else "-"
            )
            wrong = "; ".join(complaints(place.daemon, place.door, grab)) or "right"
            print(
                f"{place!s:31} {known:40} {grab.connections} connections {grab.timings.total:6.2f} s  {wrong}"
            )
    assert seen
