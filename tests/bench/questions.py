"""What real daemons over UDP cost to ask: ``python -m tests.bench.questions [addresses]``.

Every daemon of ``tests/daemons/udp`` that is installed is asked at its usual port, at so many loopback addresses that
lead to it; those that say nothing to a stranger are among them, and those that talk to one client at a time, or want
a network of their own, are asked at one address alone. Then sixteen of them, each of another service, at once. Printed:
the wall, datagrams, bytes, and what was told wrong. All of it runs in a network of its own (`own_network`), which needs
root. Not run by pytest.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import cast

from banner import Grab, Service, Target, Transport, scan
from tests.daemons.field import Field
from tests.daemons.site import own_address
from tests.daemons.udp import DAEMONS, SILENT
from tests.daemons.udp.own_network import APART, start
from tests.daemons.udp.relay import relayed

ONE_CLIENT = {"gnutls-dtls", "openssl-dtls", "openvpn"}
AT_ONCE = 16

Doors = dict[Target, tuple[str, str | None]]
"""Each target's kind of server, and the service that it should be told as."""


async def asked(targets: list[Target]) -> tuple[list[Grab], float]:
    """The records, and the seconds that they took."""
    began = time.monotonic()
    async with scan(targets) as results:
        grabs = [grab async for grab in results]
    return grabs, time.monotonic() - began


def tell(doors: Doors, grabs: list[Grab], seconds: float) -> None:
    counts = [cast(int, grab.details["datagrams"]) for grab in grabs]
    sent, received = sum(grab.sent for grab in grabs), sum(grab.received for grab in grabs)
    kinds = {kind for kind, _ in doors.values()}
    print(
        f"{len(grabs)} targets of {len(kinds)} kinds in {seconds:.2f} s: {sum(counts) / len(counts):.2f} datagrams"
    )
    print(f"  on average, {max(counts)} at most; {sent} bytes there, {received} back")
    for grab in grabs:
        kind, expected = doors[Target(grab.host, grab.port, transport=Transport.UDP)]
        found = grab.service.name if grab.service else None
        if found != expected:
            print(f"  wrong: {kind} is told as {found} ({grab.status}, {grab.error})")


def table(doors: Doors, grabs: list[Grab]) -> list[str]:
    """A row for each kind of server, as docs/scale.md has them."""
    rows: dict[tuple[str, int], str] = {}
    for grab in grabs:
        kind, _ = doors[Target(grab.host, grab.port, transport=Transport.UDP)]
        service = grab.service or Service("")
        product = " ".join(filter(None, (service.product, service.version)))
        seconds = f"{grab.timings.total:.2f}" if grab.timings.total else ""
        told = service.name or f"*{grab.status}*"
        cells = kind, grab.port, told, product, grab.details["datagrams"], grab.sent, grab.received, seconds
        rows.setdefault((kind, grab.port), f"| {' | '.join(map(str, cells))} |")
    return [rows[key] for key in sorted(rows)]


def main(addresses: int) -> None:
    field = Field()
    there = [daemon for daemon in (*DAEMONS, *SILENT) if not daemon.missing]
    field.start(there)
    doors: Doors = {}
    try:
        with ExitStack() as stack:
            for kind in start(Path(stack.enter_context(tempfile.TemporaryDirectory()))):
                for port, service in kind.ports.items():
                    told = None if kind.full else service
                    doors[Target(kind.address, port, transport=Transport.UDP)] = kind.name, told
            for daemon in there:
                running, door = field[daemon], daemon.doors[0]
                for _ in range(1 if daemon.name in ONE_CLIENT else addresses):
                    host = own_address()
                    stack.enter_context(relayed(host, door.usual, running.port(door)))
                    expected = None if daemon in SILENT else door.service
                    doors[Target(host, door.usual, transport=Transport.UDP)] = daemon.name, expected
            grabs, seconds = asyncio.run(asked(list(doors)))
            tell(doors, grabs, seconds)
            print(*table(doors, grabs), sep="\n")
            each = {service: target for target, (_, service) in doors.items()}
            few = list(each.values())[:AT_ONCE]
            tell({target: doors[target] for target in few}, *asyncio.run(asked(few)))
    finally:
        field.close()


if __name__ == "__main__":
    if "apart" not in sys.argv:
        sys.exit(
            subprocess.call([*APART, sys.executable, "-m", "tests.bench.questions", *sys.argv[1:], "apart"])
        )
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    main(int(sys.argv[1]) if sys.argv[1].isdigit() else 3)
