"""A scan of a host in another network namespace, with the kernel's own refusals: prints what each port is told as.

``unreachable_peer.py DRIVER HOST:PORT...`` makes two namespaces joined by a veth pair; needs root, and ends both. The
peer answers at 10.2.0.3 port 7, refuses elsewhere as Linux does (`icmp_ratelimit`), and routes to nowhere.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

CLONE_NEWNET = 0x40000000


def ip(line: str) -> None:
    subprocess.run(["ip", *line.split()], check=True)


def apart() -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")


def peer(ready: int, go: int) -> None:
    apart()
    os.write(ready, b"1")
    os.read(go, 1)
    ip("addr add 10.1.0.2/30 dev far")
    ip("link set far up")
    ip("link set lo up")
    for number in (3, 4, 5):
        ip(f"addr add 10.2.0.{number}/32 dev lo")
    ip("route add unreachable 10.3.0.0/24")
    ip("route add prohibit 10.4.0.0/24")
    ip("route add blackhole 10.5.0.0/24")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("10.2.0.3", 7))
        os.write(ready, b"2")
        while True:
            sock.sendto(b"answer", sock.recvfrom(999)[1])


async def main(driver: str, *asked: str) -> None:
    from banner import Target, Transport, scan

    pairs = (one.split(":") for one in asked)
    targets = [Target(host, int(port), transport=Transport.UDP) for host, port in pairs]
    async with scan(targets, driver=driver) as results:  # type: ignore[arg-type]
        print(json.dumps([[f"{g.host}:{g.port}", g.status] async for g in results]))


if __name__ == "__main__":
    apart()
    (ready_out, ready_in), (go_out, go_in) = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            peer(ready_in, go_out)
        finally:
            os._exit(1)
    try:
        os.read(ready_out, 1)
        ip("link set lo up")
        ip(f"link add near type veth peer name far netns {child}")
        ip("addr add 10.1.0.1/30 dev near")
        ip("link set near up")
        for number in (2, 3, 4, 5):
            ip(f"route add 10.{number}.0.0/24 via 10.1.0.2")
        os.write(go_in, b"1")
        os.read(ready_out, 1)
        asyncio.run(main(*sys.argv[1:]))
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
