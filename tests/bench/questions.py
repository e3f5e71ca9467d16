"""What real daemons over UDP cost to ask: ``python -m tests.bench.questions [addresses]``.

Every daemon of ``tests/daemons/udp`` that is installed is asked at its usual port, at so many loopback addresses that
lead to it; those that say nothing to a stranger are among them, and those that talk to one client at a time are asked
at one address alone. Then sixteen of them, each of another kind, at once. Printed: the wall, datagrams, bytes, and what
was told wrong. Needs root for the ports. Not run by pytest.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import ExitStack
from typing import cast

from banner import Grab, Target, Transport, scan
from tests.daemons.daemon import Daemon, Door
from tests.daemons.field import Field
from tests.daemons.site import own_address
from tests.daemons.udp import DAEMONS, SILENT
from tests.daemons.udp.relay import relayed

ONE_CLIENT = {"gnutls-dtls", "openssl-dtls", "openvpn"}
AT_ONCE = 16

Doors = dict[Target, tuple[Daemon, Door]]


async def asked(targets: list[Target]) -> tuple[list[Grab], float]:
    """The records, and the seconds that they took."""
    began = time.monotonic()
    async with scan(targets) as results:
        grabs = [grab async for grab in results]
    return grabs, time.monotonic() - began


def tell(doors: Doors, grabs: list[Grab], seconds: float) -> None:
    counts = [cast(int, grab.details["datagrams"]) for grab in grabs]
    sent, received = sum(grab.sent for grab in grabs), sum(grab.received for grab in grabs)
    kinds = {daemon.name for daemon, _ in doors.values()}
    print(
        f"{len(grabs)} targets of {len(kinds)} kinds in {seconds:.2f} s: {sum(counts) / len(counts):.2f} datagrams"
    )
    print(f"  on average, {max(counts)} at most; {sent} bytes there, {received} back")
    for grab in grabs:
        daemon, door = doors[Target(grab.host, grab.port, transport=Transport.UDP)]
        expected = None if daemon in SILENT else door.service
        found = grab.service.name if grab.service else None
        if found != expected:
            print(f"  wrong: {daemon} is told as {found} ({grab.status}, {grab.error})")


def main(addresses: int) -> None:
    field = Field()
    there = [daemon for daemon in (*DAEMONS, *SILENT) if not daemon.missing]
    field.start(there)
    doors: Doors = {}
    try:
        with ExitStack() as relays:
            for daemon in there:
                running, door = field[daemon], daemon.doors[0]
                for _ in range(1 if daemon.name in ONE_CLIENT else addresses):
                    host = own_address()
                    relays.enter_context(relayed(host, door.usual, running.port(door)))
                    doors[Target(host, door.usual, transport=Transport.UDP)] = daemon, door
            tell(doors, *asyncio.run(asked(list(doors))))
            each = {door.service: target for target, (_, door) in doors.items()}
            few = list(each.values())[:AT_ONCE]
            tell({target: doors[target] for target in few}, *asyncio.run(asked(few)))
    finally:
        field.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
