"""What a scan keeps to however large it is: fairness, memory, and time where half of the targets are dead.

    bounds.py [SECTION ...]

Sections: fair (how late a timer of the application comes while 2,000 sockets are in flight), memory (10,000 in
flight at peers that answer after 3 s), million (1,000,000 targets of a network beside 10,000), dead (20,000 targets,
half of which never answer). Each says what it demands.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from banner import Target, scan

from .measured import BANNER
from .peers import FULL_PORT, GREETER_PORT, addresses, compile_all, full, greeter, on_core, server


class Cost(NamedTuple):
    cpu: float
    wall: float
    memory: float


def cost(*arguments: str) -> Cost:
    began = time.perf_counter()
    process = subprocess.Popen([BANNER, "scan", *arguments, "--force"], preexec_fn=lambda: on_core(0))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"banner scan ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024)


def fair(work: Path) -> None:
    """A timer of 10 ms, while 2,000 sockets are in flight in the same loop."""
    import uvloop

    async def main() -> list[float]:
        late = []

        async def tick() -> None:
            while True:
                due = time.perf_counter() + 0.01
                await asyncio.sleep(0.01)
                late.append(time.perf_counter() - due + 0.01)

        ticking = asyncio.ensure_future(tick())
        targets = (Target(ip, GREETER_PORT) for ip in addresses(100_000))
        async with scan(targets, concurrency=2000, mode="listen") as results:
            async for _ in results:
                pass
        ticking.cancel()
        return sorted(late)

    on_core(0)
    for loop in ("uvloop", "asyncio"):
        # With peers that answer at once, far fewer would be in flight.
        with server(*greeter(work, "100")):
            late = uvloop.run(main()) if loop == "uvloop" else asyncio.run(main())
        at = {share: late[int(len(late) * share)] * 1000 for share in (0.5, 0.99)}
        print(f"fair, {loop}: 10 ms timers fire after {at[0.5]:.1f} ms, 99th percentile {at[0.99]:.1f} (15)")


def memory(work: Path) -> None:
    targets = work / "targets"
    targets.write_text("".join(f"{ip}:{GREETER_PORT}\n" for ip in addresses(20_000)))
    with server(*greeter(work, "3000")):
        out = work / "out.jsonl"
        arguments = ["-i", str(targets), "-o", str(out), "-c", "10000", "--workers", "1"]
        for mode in ("listen", "light"):
            found = cost(*arguments, "--mode", mode)
            got = sum(b"OpenSSH" in line for line in out.open("rb"))
            print(
                f"memory, {mode}: 10,000 in flight, {found.memory:.0f} MB (120), {got:,} of 20,000 greetings"
            )


def million(work: Path) -> None:
    with server(*greeter(work)):
        costs = {}
        for count, network in ((10_000, "127.0.0.0/18"), (1_000_000, "127.0.0.0/12")):
            words = [f"{network}:{GREETER_PORT}", "--mode", "listen", "-c", "1000", "--workers", "1"]
            size = 1 << (32 - int(network.partition("/")[2]))
            found = cost(*words, "-o", str(work / "out.jsonl"))
            costs[count] = found.cpu / size * 1e6, found.memory
            print(
                f"million: {size:,} targets, {found.cpu / size * 1e6:.1f} us CPU each, {found.memory:.0f} MB"
            )
    (few, few_memory), (many, many_memory) = costs.values()
    print(f"million: memory {many_memory - few_memory:+.1f} MB (10), CPU {many / few - 1:+.1%} (5 %)")


def dead(work: Path) -> None:
    """Half of the targets are listeners whose backlog is full: the kernel drops what comes."""
    targets = work / "targets"
    ips = addresses(20_000)
    lines = [f"{ip}:{FULL_PORT if number % 2 else GREETER_PORT}\n" for number, ip in enumerate(ips)]
    targets.write_text("".join(lines))
    with server(*greeter(work)), full(FULL_PORT):
        arguments = ["-i", str(targets), "-o", str(work / "out.jsonl"), "-c", "2000", "--workers", "1"]
        walls = []
        for _ in range(3):
            walls.append(cost(*arguments, "--mode", "listen", "--connect-timeout", "1").wall)
            lines = (work / "out.jsonl").read_text().splitlines()
            timeouts = sum('"status":"timeout"' in line for line in lines)
            banners = sum('"status":"banner"' in line for line in lines)
    ideal = 10_000 / 2000 * 1.0
    wall = statistics.median(walls)
    print(
        f"dead: {timeouts:,} timeouts, {banners:,} greetings in {wall:.2f} s: {wall / ideal:.2f} of the ideal (1.15)"
    )


SECTIONS: dict[str, Callable[[Path], None]] = {
    "fair": fair,
    "memory": memory,
    "million": million,
    "dead": dead,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], metavar="SECTION")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="banner-bench-") as folder:
        compile_all(Path(folder))
        for section in options.sections or SECTIONS:
            SECTIONS[section](Path(folder))


if __name__ == "__main__":
    main()
