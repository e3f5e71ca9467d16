"""UDP targets in a network namespace of their own: ``python tests/bench/datagrams.py [targets] [concurrency]``.

Of the targets, addresses of 10.66.0.0/16 on the other side of a veth pair, 60 in 100 are silent, 25 refuse (a router
there says port unreachable), 15 answer with a DNS reply. Every record is compared with what its address does; the wall
is compared with the greedy schedule, which starts a target as soon as one of `concurrency` places is free; CPU is told
for each target, beside ``--mode listen`` over TCP to as many that refuse or say nothing. Needs root. Not run by pytest.
"""

from __future__ import annotations

import asyncio
import ctypes
import heapq
import os
import resource
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from banner import Target, Transport, scan
from banner.plan.exchange import ANSWER, REPEAT

CLONE_NEWNET = 0x40000000
SILENT, REFUSED, BANNER = "silent", "refused", "banner"


def of(number: int) -> str:
    """What the target of that number does."""
    return (SILENT, BANNER, SILENT, REFUSED, SILENT, SILENT, REFUSED, SILENT, BANNER, SILENT,
            SILENT, REFUSED, SILENT, REFUSED, SILENT, SILENT, BANNER, SILENT, REFUSED, SILENT)[number % 20]  # fmt: skip


def address(number: int) -> str:
    return f"10.{66 + number // 65536}.{number // 256 % 256}.{number % 256}"


def ip(line: str) -> None:
    subprocess.run(["ip", *line.split()], check=True)


def peer(ready: int, go: int) -> None:
    """The other side: answers, refuses (nobody is bound: the kernel does it), or drops."""
    ctypes.CDLL(None).unshare(CLONE_NEWNET)
    os.write(ready, b"1")
    os.read(go, 1)
    ip("addr add 10.1.0.2/30 dev far")
    ip("link set far up")
    ip("link set lo up")
    ip("route add default via 10.1.0.1")
    for net in ("10.66.0.0/16", "10.67.0.0/16"):
        ip(f"route add local {net} dev lo")
    for name in ("icmp_ratelimit", "icmp_msgs_per_sec", "icmp_msgs_burst"):
        value = {"icmp_ratelimit": "0"}.get(name, "1000000")
        try:
            Path(f"/proc/sys/net/ipv4/{name}").write_text(value)
        except OSError as error:
            print(f"{name}: {error}", file=sys.stderr)
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        sock.setsockopt(socket.SOL_IP, 8, 1)  # IP_PKTINFO: which of the addresses was asked
        sock.bind(("", 53))
        os.write(ready, b"2")
        while True:
            data, notes, _, source = sock.recvmsg(2048, 64)
            asked = notes[0][2][8:12]
            number = (asked[1] - 66) * 65536 + asked[2] * 256 + asked[3]
            kind = of(number)
            if kind == BANNER:
                reply = bytearray(data)
                reply[2] |= 0x80
                info = bytes(4) + asked + bytes(4)
                sock.sendmsg([bytes(reply)], [(socket.SOL_IP, 8, info)], 0, source)
            elif kind == REFUSED:
                refuse(raw, source, asked, data)


def refuse(raw: socket.socket, source: tuple[str, int], asked: bytes, data: bytes) -> None:
    """ICMP port unreachable (RFC 792) with the beginning of what was sent, as a kernel does it."""
    length = 28 + len(data)
    inner = bytes([0x45, 0]) + length.to_bytes(2) + bytes([0, 0, 0x40, 0, 64, 17, 0, 0])
    inner += socket.inet_aton(source[0]) + asked
    inner += source[1].to_bytes(2) + (53).to_bytes(2) + (8 + len(data)).to_bytes(2) + bytes(2)
    message = bytes([3, 3, 0, 0, 0, 0, 0, 0]) + inner
    message += bytes(len(message) % 2)
    total = sum(int.from_bytes(message[at : at + 2]) for at in range(0, len(message), 2))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    raw.sendto(message[:2] + (total ^ 0xFFFF).to_bytes(2) + message[4:], (source[0], 0))


def schedule(count: int, places: int) -> float:
    """Seconds of the greedy schedule: a silent target takes its two waits, the others nothing."""
    free = [0.0] * places
    for number in range(count):
        began = heapq.heappop(free)
        heapq.heappush(free, began + (REPEAT + ANSWER if of(number) == SILENT else 0.0))
    return max(free)


def used() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


async def main(count: int, places: int) -> None:
    async with scan([Target(address(0), 53, transport=Transport.UDP)]) as results:  # rules are loaded
        async for _ in results:
            pass
    for transport in (Transport.UDP, Transport.TCP):
        targets = (Target(address(n), 53, transport=transport) for n in range(count))
        mode = "light" if transport is Transport.UDP else "listen"
        began, cpu = time.monotonic(), used()
        wrong: Counter[str] = Counter()
        told: Counter[str] = Counter()
        async with scan(targets, concurrency=places, mode=mode) as results:
            async for grab in results:
                told[grab.status] += 1
                a, b, c = (int(part) for part in grab.host.split(".")[1:])
                expected = of((a - 66) * 65536 + b * 256 + c)
                if transport is Transport.UDP and grab.status != expected:
                    wrong[f"{expected} told as {grab.status}"] += 1
        wall, cpu = time.monotonic() - began, used() - cpu
        print(f"{transport} ({mode}): {dict(told)}, wrong: {dict(wrong)}")
        greedy = f", greedy {schedule(count, places):.1f} s" if transport is Transport.UDP else ""
        print(f"  {wall:.1f} s{greedy}; CPU {cpu / count * 1e6:.0f} us a target")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")


if __name__ == "__main__":
    count, places = (int(word) for word in (*sys.argv[1:], *("20000", "2000")[len(sys.argv) - 1 :]))
    ctypes.CDLL(None).unshare(CLONE_NEWNET)
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
        for net in ("10.66.0.0/16", "10.67.0.0/16"):
            ip(f"route add {net} via 10.1.0.2")
        os.write(go_in, b"1")
        os.read(ready_out, 1)
        asyncio.run(main(count, places))
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
