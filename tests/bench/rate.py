"""How well ``--rate`` is held: connections begun in the busiest second, and in all.

    python -m tests.bench.rate [--rate R] [--seconds S] [--workers W] [--dask ADDRESS]

Greeters answer on loopback, the moments at which visits began are read from the records.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import tempfile
from bisect import bisect_left
from pathlib import Path

from banner.formats.record import parse_timestamp
from tests.bench.kills import BANNER, serve


def busiest(moments: list[float]) -> int:
    """How many of them lie in one second, whichever that is."""
    return max(number - bisect_left(moments, moment - 1 + 1e-9) for number, moment in enumerate(moments, 1))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--workers", default="1")
    parser.add_argument("--dask", default=None)
    options = parser.parse_args()
    ready, told = os.pipe()
    if not (server := os.fork()):
        serve(told)
    port = int(os.read(ready, 16))
    work = Path(tempfile.mkdtemp(prefix="rate-"))
    number = round(options.rate * options.seconds)
    hosts = [f"127.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(0x101, 0x101 + number)]
    (work / "hosts").write_text("".join(f"{host}:{port}\n" for host in hosts))
    how = ["--dask", options.dask] if options.dask else ["--workers", options.workers]
    command = [BANNER, "scan", "-i", str(work / "hosts"), "-o", str(work / "out.jsonl"), "--mode", "listen"]
    try:
        subprocess.run([*command, "--rate", str(options.rate), *how], check=True)
    finally:
        os.kill(server, signal.SIGTERM)
        os.waitpid(server, 0)
    records = map(json.loads, (work / "out.jsonl").read_bytes().splitlines())
    moments = sorted(parse_timestamp(record["time"]) for record in records)
    spent = moments[-1] - moments[0]
    print(
        f"{len(moments):,} visits in {spent:.2f} s: {len(moments) / spent / options.rate:.1%} of the rate; "
        f"{busiest(moments)} in the busiest second, {busiest(moments) / options.rate:.1%}"
    )


if __name__ == "__main__":
    main()
