"""Scans from chosen sources, between two namespaces; the peer tells each whom it sees.

``python -m tests.visit.source_peer DRIVER TRANSPORT`` prints what the peer saw, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from typing import Any

from tests.namespaces import Ready, ip, joined

PORT = 7
MODES = {"tcp": "listen", "udp": "light"}


def peer(ready: Ready) -> None:
    """At 10.1.0.2 and fd01::2: says to each who connects, or sends a datagram, where he comes from."""
    ip("-6 addr add fd01::2/64 dev far nodad")
    ip("-6 route add default via fd01::1")
    server = socket.create_server(("::", PORT), family=socket.AF_INET6, dualstack_ipv6=True, backlog=200)
    door = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    door.bind(("::", PORT))
    threading.Thread(target=datagrams, args=(door,), daemon=True).start()
    ready()
    while True:
        connection, (host, port, *_) = server.accept()
        with connection:
            connection.sendall(greeting(host, port))


def datagrams(door: socket.socket) -> None:
    while True:
        _, asker = door.recvfrom(2048)
        door.sendto(greeting(*asker[:2]), asker)


def greeting(host: str, port: int) -> bytes:
    return f"SEEN {host.removeprefix('::ffff:')} {port}\r\n".encode()


async def main(driver: str, transport: str) -> None:
    import banner

    for line in (
        "addr add 10.9.0.7/32 dev near",
        "-6 addr add fd01::1/64 dev near nodad",
        "-6 addr add fd09::7/128 dev near nodad",
    ):
        ip(line)

    async def seen(host: str, *place: str | None, many: int = 1) -> list[Any]:
        targets = [banner.Target(host, PORT, transport=banner.Transport(transport)) for _ in range(many)]
        how: Any = {"driver": driver, "mode": MODES[transport], "timeouts": banner.Timeouts(connect=3)}
        for _ in range(3):  # a busy machine may answer late
            async with banner.scan(targets, source=banner.source(*place), **how) as results:
                grabs = [grab async for grab in results]
            if not any(grab.status in ("timeout", "silent") for grab in grabs):
                break
        return [(grab.status, grab.banner.decode().split()[1:]) for grab in grabs]

    found: dict[str, Any] = {
        "usual": await seen("10.1.0.2"),
        "address": await seen("10.1.0.2", "10.9.0.7"),
        "address, IPv6": await seen("fd01::2", "fd09::7"),
        "interface": await seen("10.1.0.2", None, "near"),
        "another interface": await seen("10.1.0.2", None, "lo"),
        "address and interface": await seen("10.1.0.2", "10.9.0.7", "near"),
        "the other family": await seen("fd01::2", "10.9.0.7"),
        "the other family, IPv6": await seen("10.1.0.2", "fd09::7"),
        "by command": command("10.1.0.2", "10.9.0.7", transport),
    }
    for name, host, place in (
        ("ports", "10.1.0.2", "10.9.0.7:40000-40049"),
        ("ports, IPv6", "fd01::2", "[fd09::7]:40000-40049"),
    ):
        try:
            found[name] = await seen(host, place, many=30)
        except ValueError as error:
            found[name] = str(error)
    print(json.dumps(found))


def command(host: str, place: str, transport: str) -> list[Any]:
    """The same as a person asks for it."""
    target, mode = f"{host}:{PORT}/{transport}", MODES[transport]
    line = [sys.executable, "-m", "banner", "scan", target, "--source", place, "--mode", mode]
    done = subprocess.run([*line, "-o", "-"], capture_output=True, check=False)
    record = json.loads(done.stdout)
    return [(record["status"], record["banner"].split()[1:])]


if __name__ == "__main__":
    with joined(peer):
        asyncio.run(main(*sys.argv[1:]))
