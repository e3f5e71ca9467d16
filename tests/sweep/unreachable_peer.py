"""A scan of hosts in another network namespace: prints what each port is told as.

``python -m tests.sweep.unreachable_peer DRIVER HOST:PORT...`` needs root. Of its addresses 10.2.0.3 to 10.2.0.5
answer at port 7 and refuse elsewhere as Linux does (`icmp_ratelimit`); others lead nowhere. From 10.2.1.0/24 to
10.2.4.0/24 they say ICMP of the type and the code that the third and the fourth number name; see `storms` for the rest.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from pathlib import Path

from tests.namespaces import PORT, UNREACHABLE, Asked, Heard, Ready, ip, joined

NETS = ("10.2.0.0/16", "10.3.0.0/24", "10.4.0.0/24", "10.5.0.0/24")
KINDS = {1: UNREACHABLE, 2: 11, 3: 12, 4: 4}
"""ICMP's types by the third number of an address: unreachable, time exceeded, parameter problem, source quench."""
STORM = 300


def peer(ready: Ready) -> None:
    for number in (3, 4, 5):
        ip(f"addr add 10.2.0.{number}/32 dev lo")
    for number in (*KINDS, 9):
        ip(f"route add local 10.2.{number}.0/24 dev lo")
    ip("route add unreachable 10.3.0.0/24")
    ip("route add prohibit 10.4.0.0/24")
    ip("route add blackhole 10.5.0.0/24")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    heard = Heard(7)
    ready()
    for asked in heard:
        _, _, kind, code = asked.host
        if kind in KINDS:
            heard.refuse(asked, KINDS[kind], code)
        elif kind == 9:
            storms(heard, asked)
        else:
            heard.say(asked, b"answer")


def storms(heard: Heard, asked: Asked) -> None:
    """More than was asked for, by the last number of the address."""
    elsewhere = socket.inet_aton("10.2.0.3")
    match asked.host[3]:
        case 1:  # refusals without an end
            for number in range(STORM):
                heard.refuse(asked, UNREACHABLE, (PORT, 0, 1, 13)[number % 4])
        case 2:  # refusals of what others asked, and an answer
            for number in range(STORM):
                heard.refuse(asked, port=1024 + number)
            heard.say(asked, b"answer")
        case 3:  # datagrams of another address, and an answer
            for _ in range(STORM):
                heard.say(asked, b"forged", elsewhere)
            heard.say(asked, b"answer")
        case 4:  # datagrams of another address alone
            for _ in range(STORM):
                heard.say(asked, b"forged", elsewhere)
        case 5:  # answers without an end, as large as IP permits
            for _ in range(STORM // 10):
                heard.say(asked, b"x" * 65507)
        case 6:  # empty answers without an end
            for _ in range(STORM):
                heard.say(asked, b"")


async def main(driver: str, *asked: str) -> None:
    from banner import Target, Transport, scan

    pairs = (one.split(":") for one in asked)
    targets = [Target(host, int(port), transport=Transport.UDP) for host, port in pairs]
    async with scan(targets, driver=driver) as results:  # type: ignore[arg-type]
        found = [grab async for grab in results]
    print(json.dumps([[f"{g.host}:{g.port}", g.status, g.banner[:8].decode()] for g in found]))


if __name__ == "__main__":
    with joined(peer, *NETS):
        asyncio.run(main(*sys.argv[1:]))
