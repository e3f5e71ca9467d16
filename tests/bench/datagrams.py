"""UDP targets in a network of their own: ``python -m tests.bench.datagrams [targets] [concurrency] [silent]``.

Of the targets, addresses of 10.66.0.0/16 on the other side of a veth pair, 60 in 100 are silent, 25 refuse (a router
there says port unreachable), 15 answer with a DNS reply. Every record is compared with what its address does; the wall
is compared with the greedy schedule, which starts a target as soon as one of `concurrency` places is free; CPU is told
for each target, beside ``--mode listen`` over TCP to as many that refuse or say nothing. With ``silent`` none of them
answers, as many as a million, at 10.128.0.0/9; what is told is the memory. Needs root. Not run by pytest.
"""

from __future__ import annotations

import asyncio
import heapq
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from banner import Target, Transport, scan
from banner.plan.exchange import ANSWER, REPEAT
from tests.namespaces import Heard, Ready, ip, joined

SILENT, REFUSED, BANNER = "silent", "refused", "banner"
NETS = ("10.66.0.0/16", "10.67.0.0/16")
NOBODY = "10.128.0.0/9"


def of(number: int) -> str:
    """What the target of that number does."""
    return (SILENT, BANNER, SILENT, REFUSED, SILENT, SILENT, REFUSED, SILENT, BANNER, SILENT,
            SILENT, REFUSED, SILENT, REFUSED, SILENT, SILENT, BANNER, SILENT, REFUSED, SILENT)[number % 20]  # fmt: skip


def address(number: int, first: int = 66) -> str:
    return f"10.{first + number // 65536}.{number // 256 % 256}.{number % 256}"


def peer(ready: Ready) -> None:
    """The other side: answers, refuses, or drops."""
    for net in NETS:
        ip(f"route add local {net} dev lo")
    ip(f"route add blackhole {NOBODY}")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    heard = Heard(53)
    ready()
    for asked in heard:
        number = (asked.host[1] - 66) * 65536 + asked.host[2] * 256 + asked.host[3]
        kind = of(number)
        if kind == BANNER:
            reply = bytearray(asked.data)
            reply[2] |= 0x80
            heard.say(asked, bytes(reply))
        elif kind == REFUSED:
            heard.refuse(asked)


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


def held() -> int:
    """MB that this process holds just now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 20


async def warm() -> None:
    async with scan([Target(address(0), 53, transport=Transport.UDP)]) as results:  # rules are loaded
        async for _ in results:
            pass


async def main(count: int, places: int) -> None:
    await warm()
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


async def silent(count: int, places: int) -> None:
    """Nobody answers: memory on the way, once all places are taken and at ten to the powers."""
    await warm()
    targets = (Target(address(n, 128), 53, transport=Transport.UDP) for n in range(count))
    began, cpu, told, before = time.monotonic(), used(), 0, held()
    async with scan(targets, concurrency=places) as results:
        async for grab in results:
            told += grab.status == SILENT
            if told in (1, 10**4, 10**5, 10**6) or told == count:
                print(f"{told} are silent: {held()} MB after {time.monotonic() - began:.1f} s", flush=True)
    print(f"before: {before} MB; {told} of {count}; CPU {(used() - cpu) / count * 1e6:.0f} us a target")


if __name__ == "__main__":
    count, places = (int(word) for word in (*sys.argv[1:3], *("20000", "2000")[len(sys.argv[1:3]) :]))
    with joined(peer, *NETS, NOBODY):
        asyncio.run((silent if "silent" in sys.argv else main)(count, places))
