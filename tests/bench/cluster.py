"""What does Dask cost beside local worker processes?

    python -m tests.bench.cluster [--targets 200000] [--rounds 3] [--rate SECONDS]

A server in another process greets on every address of 127.0.0.0/8; a scheduler and two workers run already. Printed:
CPU seconds of the command and of all that visit for it, in pairs: the command with ``--workers 2``, the same with
``--dask``; and their ratio. The imports of the command (it ends at once without a target) are told apart. With
--rate, instead, how many connections ``--rate 500`` starts in its busiest second and in all over that time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path

from tests.bench.mixed import PORTS, SERVER
from tests.command import BANNER, ENVIRONMENT, records
from tests.dask_cluster import Cluster


def range_of(count: int) -> str:
    last = (127 << 24) + count - 1
    return "127.0.0.0-" + ".".join(str(last >> shift & 255) for shift in (24, 16, 8, 0)) + f":{PORTS[0]}"


def spent(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def scanned(count: int, *arguments: str) -> float:
    """CPU seconds of the command and its children."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.jsonl")
        before = os.times()
        command = [BANNER, "scan", range_of(count), "--mode", "listen", "-o", str(out), *arguments]
        subprocess.run(command, check=True, env=ENVIRONMENT)
        after = os.times()
        assert out.read_bytes().count(b'"banner":"SSH-2.0') == count
    return after.children_user + after.children_system - before.children_user - before.children_system


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


def compared(cluster: Cluster, count: int, rounds: int) -> None:
    processes = [cluster.scheduler.pid, *(worker.pid for worker in cluster.workers)]
    bare = [scanned(1, "--workers", "1"), scanned(1, "--dask", cluster.address)]
    print(f"one target: {bare[0]:.2f} s of CPU without Dask, {bare[1]:.2f} s with it")
    ratios = []
    for _ in range(rounds):
        local = scanned(count, "--workers", "2")
        before = list(map(spent, processes))
        command = scanned(count, "--dask", cluster.address)
        parts = [spent(pid) - then for pid, then in zip(processes, before, strict=True)]
        ratios.append((command - bare[1] + sum(parts)) / (local - bare[0]))
        print(
            f"--workers 2: {local:.2f} s; --dask: {command + sum(parts):.2f} s (command {command:.2f}, "
            f"scheduler {parts[0]:.2f}, workers {sum(parts[1:]):.2f}); without starting {ratios[-1]:.3f} to 1",
            flush=True,
        )
    print(f"{count:,} targets, {rounds} pairs: {statistics.median(ratios):.3f} to 1")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--targets", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=int, metavar="SECONDS")
    options = parser.parse_args()
    with subprocess.Popen([sys.executable, "-c", SERVER, *map(str, PORTS)], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            with Cluster() as cluster:
                if options.rate:
                    paced(cluster, options.rate)
                else:
                    compared(cluster, options.targets, options.rounds)
        finally:
            server.kill()


if __name__ == "__main__":
    main()
