"""How long commands take to start beside a bare interpreter: the median of 21 starts of each.

    python -m tests.bench.startup

Wanted of ``banner --help``: at most three times as long. ``identify`` loads the rules (from the cache, which its
first start fills) and reads one greeting.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BANNER = str(Path(sys.executable).with_name("banner"))
STARTS = 21


def seconds(*command: str) -> float:
    """How long one start takes."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def main() -> None:
    """Measure in turns, so that whatever else the machine does falls on each alike."""
    file = tempfile.NamedTemporaryFile("w")  # noqa: SIM115 - it goes when this ends
    print("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", file=file, flush=True)
    commands = {
        "bare interpreter": (sys.executable, "-c", ""),
        "import banner": (sys.executable, "-c", "import banner"),
        "banner --help": (BANNER, "--help"),
        "banner scan --help": (BANNER, "scan", "--help"),
        "banner identify": (BANNER, "identify", "--text", file.name),
    }
    subprocess.run(commands["banner identify"], stdout=subprocess.DEVNULL, check=True)
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(STARTS):
        for name, command in commands.items():
            spent[name].append(seconds(*command))
    bare = statistics.median(spent["bare interpreter"])
    for name, times in spent.items():
        median = statistics.median(times)
        print(f"{name:<20} {median * 1000:6.1f} ms  {median / bare:4.1f} x")


if __name__ == "__main__":
    main()
