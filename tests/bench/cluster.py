"""What does Dask cost beside local worker processes?

    python -m tests.bench.cluster [--targets 200000] [--rounds 4] [--local] [--rate SECONDS]

A server in another process greets on every address of 127.0.0.0/8; a scheduler and two workers run already, or, with
--local, are started by the command. Printed: seconds of CPU of the command and of all that visit for it, and of the
clock, in pairs: the command with ``--workers 2``, the same with ``--dask``; and the ratios. What either takes for one
target is told apart, and taken off. With --rate, instead, how many connections ``--rate 500`` starts in its busiest
second and in all over that time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.bench.mixed import PORTS, SERVER
from tests.command import BANNER, ENVIRONMENT, records
from tests.dask_cluster import Cluster


@contextmanager
def greeting() -> Iterator[None]:
    """A server of its own greets at every address of this machine."""
    with subprocess.Popen([sys.executable, "-c", SERVER, *map(str, PORTS)], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            yield
        finally:
            server.kill()


def range_of(count: int) -> str:
    last = (127 << 24) + count - 1
    return "127.0.0.0-" + ".".join(str(last >> shift & 255) for shift in (24, 16, 8, 0)) + f":{PORTS[0]}"


def spent(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def scanned(count: int, *arguments: str) -> tuple[float, float]:
    """Seconds of CPU of the command and its children, and of the clock."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.jsonl")
        before = os.times()
        command = [BANNER, "scan", range_of(count), "--mode", "listen", "-o", str(out), *arguments]
        subprocess.run(command, check=True, env=ENVIRONMENT)
        after = os.times()
        assert out.read_bytes().count(b'"banner":"SSH-2.0') == count
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent, after.elapsed - before.elapsed


def paced(cluster: Cluster, seconds: int) -> None:
    for how in (["--workers", "1"], ["--workers", "2"], ["--dask", cluster.address]):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "out.jsonl")
            command = [
                BANNER,
                "scan",
                range_of(500 * seconds),
                "--mode",
                "listen",
                "-r",
                "500",
                "-o",
                str(out),
            ]
            subprocess.run([*command, *how], check=True, env=ENVIRONMENT)
            found = records(out.read_bytes())
        times = sorted(datetime.fromisoformat(record["time"]).timestamp() for record in found)
        busiest = max(sum(at <= other < at + 1 for other in times[i : i + 700]) for i, at in enumerate(times))
        whole = Counter(int(at - times[0]) for at in times)
        reached = sum(whole[second] for second in range(seconds))
        print(f"{how[0]} {how[1][:5]}: {busiest} in the busiest second, {reached} in {seconds} s")


def compared(cluster: Cluster | None, count: int, rounds: int) -> None:
    how = ["--dask", "local", "--workers", "2"] if cluster is None else ["--dask", cluster.address]
    processes = (
        [] if cluster is None else [cluster.scheduler.pid, *(worker.pid for worker in cluster.workers)]
    )
    for _ in range(2):  # the first time everything is read from the disk
        bare = scanned(1, "--workers", "2"), scanned(1, *how)
    (cpu, clock), (its_cpu, its_clock) = bare
    print(
        f"one target: {cpu:.2f} s of CPU in {clock:.2f} without Dask, {its_cpu:.2f} in {its_clock:.2f} with it"
    )
    ratios = []
    for _ in range(rounds):
        local = scanned(count, "--workers", "2")
        before = list(map(spent, processes))
        command, clock = scanned(count, *how)
        parts = [spent(pid) - then for pid, then in zip(processes, before, strict=True)]
        dask = command + sum(parts), clock
        ratios.append([(d - b) / (a - o) for d, b, a, o in zip(dask, bare[1], local, bare[0], strict=True)])
        print(
            f"--workers 2: {local[0]:.2f} s in {local[1]:.2f}; --dask: {dask[0]:.2f} s in {clock:.2f} "
            f"(command {command:.2f}, scheduler {sum(parts[:1]):.2f}, workers {sum(parts[1:]):.2f}); "
            f"without starting {ratios[-1][0]:.3f} to 1 in {ratios[-1][1]:.3f} to 1",
            flush=True,
        )
    cpu, clocks = map(statistics.median, zip(*ratios, strict=True))
    print(f"{count:,} targets, {rounds} pairs: CPU {cpu:.3f} to 1, clock {clocks:.3f} to 1")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--targets", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--local", action="store_true")
    parser.add_argument("--rate", type=int, metavar="SECONDS")
    options = parser.parse_args()
    with greeting():
        if options.local:
            compared(None, options.targets, options.rounds)
            return
        with Cluster() as cluster:
            if options.rate:
                paced(cluster, options.rate)
            else:
                compared(cluster, options.targets, options.rounds)


if __name__ == "__main__":
    main()
