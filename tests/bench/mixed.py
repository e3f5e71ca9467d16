"""Do silent and senseless targets slow the quick ones down?

    python -m tests.bench.mixed [--quick 10000] [--odd 300]

A server in another process greets on every address of 127.0.0.0/8; as many silent peers and as many that
answer anything with nonsense stand on two more ports. Printed: the median total of the quick targets alone,
and of the same among the others, with their ratio.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
from collections.abc import Iterator

import uvloop

from banner import Target, scan

SERVER = """
import asyncio, sys
async def main():
    async def greet(reader, writer):
        writer.write(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\\r\\n")
        await reader.read(); writer.close()
    async def silent(reader, writer):
        await reader.read(); writer.close()
    async def nonsense(reader, writer):
        while await reader.read(4096):
            writer.write(bytes(range(128, 160)))
        writer.close()
    ports = map(int, sys.argv[1:])
    servers = [await asyncio.start_server(serve, "0.0.0.0", port, backlog=4096)
               for serve, port in zip((greet, silent, nonsense), ports)]
    print("ready", flush=True)
    await asyncio.Event().wait()
import uvloop; uvloop.run(main())
"""
PORTS = (21022, 21023, 21024)


def addresses(count: int) -> Iterator[str]:
    for number in range(0x101, 0x101 + count):
        yield f"127.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


async def median(targets: list[Target]) -> float:
    async with scan(targets, concurrency=1000) as results:
        totals = [grab.timings.total or 0 async for grab in results if grab.port == PORTS[0]]
    return statistics.median(totals)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--quick", type=int, default=10_000)
    options.add_argument("--odd", type=int, default=300)
    chosen = options.parse_args()
    server = subprocess.Popen([sys.executable, "-c", SERVER, *map(str, PORTS)], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        server.stdout.readline()
        quick = [Target(ip, PORTS[0]) for ip in addresses(chosen.quick)]
        mixed = quick + [Target(ip, port) for port in PORTS[1:] for ip in addresses(chosen.odd)]
        random.Random(1).shuffle(mixed)
        for _ in range(3):
            alone, among = uvloop.run(median(quick)), uvloop.run(median(mixed))
            print(f"alone {alone * 1000:.1f} ms, among the others {among * 1000:.1f} ms: {among / alone:.2f}")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
