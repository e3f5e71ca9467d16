"""Kill a scan at random moments, resume it to the end, and look for every target exactly once.

    kills.py [--targets N] [--kills K] [--workers W] [--damage] [--sqlite] [--udp]

Greeters answer on loopback; each run is killed with SIGKILL after a random part of a second, the last one ends
by itself. With --damage the journal's end is cut off or overwritten with noise after each kill.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

GREETING = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
BANNER = str(Path(sys.executable).with_name("banner"))


def serve(ready: int) -> None:
    async def main() -> None:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(GREETING.encode())
            writer.close()

        server = await asyncio.start_server(greet, "0.0.0.0", 0, backlog=4096)
        os.write(ready, b"%d\n" % server.sockets[0].getsockname()[1])
        await server.serve_forever()

    import uvloop

    uvloop.run(main())


def serve_datagrams(ready: int) -> None:
    """Answer whatever comes, from the address that was asked (IP_PKTINFO, ip(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_IP, 8, 1)
        sock.bind(("0.0.0.0", 0))
        os.write(ready, b"%d\n" % sock.getsockname()[1])
        while True:
            _, notes, _, peer = sock.recvmsg(2048, 64)
            info = bytes(4) + notes[0][2][8:12] + bytes(4)
            sock.sendmsg([GREETING.encode()], [(socket.SOL_IP, 8, info)], 0, peer)


def damage(journal: Path, chance: random.Random) -> None:
    """Cut the end off the journal, or fill it with noise."""
    if not journal.exists():
        return
    size = journal.stat().st_size
    some = chance.randint(1, 300)
    with journal.open("r+b") as file:
        if chance.random() < 0.5:
            file.truncate(size - some)
        else:
            file.seek(size - some)
            file.write(chance.randbytes(some))


def places(out: Path) -> Iterator[tuple[str, str | None]]:
    """Every record's host and banner."""
    if out.suffix == ".sqlite":
        with closing(sqlite3.connect(out)) as db:
            yield from db.execute("SELECT host, banner FROM grabs")
    else:
        for line in out.read_bytes().splitlines():
            record = json.loads(line)
            yield record["host"], record.get("banner")


def check(out: Path, expected: set[str]) -> str:
    seen: Counter[str] = Counter()
    greeted = 0
    for host, banner in places(out):
        seen[host] += 1
        greeted += banner == GREETING
    twice = sum(1 for number in seen.values() if number > 1)
    missing, foreign = len(expected - set(seen)), len(set(seen) - expected)
    if twice or missing or foreign:
        sys.exit(f"{twice} twice, {missing} missing, {foreign} foreign")
    return f"{len(seen):,} targets, each once; {greeted:,} greetings"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--targets", type=int, default=60_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", default=None)
    parser.add_argument("--longest", type=float, default=1.2, help="seconds that a run is left alone at most")
    parser.add_argument("--rate", default="4000")
    parser.add_argument("--damage", action="store_true")
    parser.add_argument("--sqlite", action="store_true", help="write a database")
    parser.add_argument("--udp", action="store_true", help="ask over UDP")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    ready, told = os.pipe()
    if not (server := os.fork()):
        (serve_datagrams if options.udp else serve)(told)
    port = int(os.read(ready, 16))
    work = Path(tempfile.mkdtemp(prefix="kills-"))
    hosts = [f"127.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(0x101, 0x101 + options.targets)]
    (work / "hosts").write_text("".join(f"{host}:{port}{'/udp' if options.udp else ''}\n" for host in hosts))
    out = work / ("out.sqlite" if options.sqlite else "out.jsonl")
    journal = Path(f"{out}.journal")
    command = [BANNER, "scan", "-i", str(work / "hosts"), "-o", str(out), "--resume"]
    command += [] if options.udp else ["--mode", "listen"]
    command += ["--rate", options.rate]
    command += ["--workers", options.workers] if options.workers else []
    largest = kills = 0
    try:
        while True:
            process = subprocess.Popen(command)
            try:
                last = kills >= options.kills
                process.wait(None if last else chance.uniform(0.2, options.longest))
                print(f"ended by itself with {process.returncode} after {kills} kills", flush=True)
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
            if journal.exists():
                largest = max(largest, journal.stat().st_size)
            if options.damage:
                damage(journal, chance)
            time.sleep(chance.choice((0, 0.05)))
        print(check(out, set(hosts)), f"- journal at most {largest:,} bytes, left over: {journal.exists()}")
    finally:
        os.kill(server, signal.SIGTERM)
        os.waitpid(server, 0)


if __name__ == "__main__":
    main()
