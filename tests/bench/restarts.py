"""Scan real daemons, restart all of them, scan again: `banner diff` must find nothing.

    restarts.py [--greetings N] [--mode listen|light|full] [--only NAME ...] [--keep FOLDER]

Every installed daemon of `tests/daemons` is started once and is visited at its usual ports, at as many loopback
addresses of its own as it takes for N greetings. Told are the greetings, how many of them differ byte for byte
between the two scans (times, ids, salts), and what `banner diff` says of them; the exit status is its.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from banner.formats.record import decode
from banner.models import Grab, Status
from tests.daemons import DAEMONS
from tests.daemons.daemon import Daemon
from tests.daemons.field import Field
from tests.daemons.forwarding import Forwarder

BANNER = str(Path(sys.executable).with_name("banner"))


def doors(field: Field, forwarder: Forwarder, daemons: Iterable[Daemon], greetings: int) -> list[str]:
    """As many ``address:port`` as greetings are wanted, all leading to the daemons' doors."""
    daemons = list(daemons)
    a_door = -(-greetings // sum(len(daemon.doors) for daemon in daemons))
    targets: list[str] = []
    for daemon, network in zip(daemons, random.sample(range(256, 65000), len(daemons)), strict=True):
        running = field[daemon]
        for number in range(a_door):
            address = f"127.{network // 256}.{network % 256}.{number + 1}"
            for door in daemon.doors:
                # Several daemons (dropbear) serve few strangers at once from one address.
                forwarder.open(address, door.usual, running.port(door), source=address)
                targets.append(f"{address}:{door.usual}")
    return targets


def scan(targets: Sequence[str], out: Path, mode: str) -> list[Grab]:
    """One scan as a user runs it: in shuffled order, few at a time."""
    listed = out.with_suffix(".txt")
    listed.write_text("\n".join(targets))
    command = [BANNER, "scan", "-i", str(listed), "-o", str(out), "--mode", mode, "-c", "32", "--quiet"]
    subprocess.run([*command, "--force"], check=True)
    return sorted(map(decode, out.read_bytes().splitlines()), key=lambda grab: (grab.host, grab.port))


def diff(old: Path, new: Path) -> subprocess.CompletedProcess[str]:
    """`banner diff`, in pipes."""
    return subprocess.run([BANNER, "diff", str(old), str(new)], capture_output=True, text=True, check=False)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--greetings", type=int, default=10_000)
    parser.add_argument("--mode", default="light")
    parser.add_argument("--only", nargs="+", default=[daemon.name for daemon in DAEMONS], metavar="NAME")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="restarts-"))
    folder.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    daemons = [daemon for daemon in DAEMONS if not daemon.missing and daemon.name in given.only]
    old, new = folder / "old.jsonl", folder / "new.jsonl"
    with closing(Field()) as field, closing(Forwarder()) as forwarder:
        field.start(daemons)
        targets = doors(field, forwarder, daemons, given.greetings)
        begun = time.monotonic()
        before = scan(targets, old, given.mode)
        print(f"scanned in {time.monotonic() - begun:.0f} s", flush=True)
        field.restart(daemons)
        begun = time.monotonic()
        after = scan(targets, new, given.mode)
        print(f"scanned again in {time.monotonic() - begun:.0f} s", flush=True)
    statuses = Counter(grab.status for grab in before)
    other = sum(a.banner != b.banner for a, b in zip(before, after, strict=True))
    print(f"{len(daemons)} daemons, {len(targets):,} targets; first scan: ", end="")
    print(", ".join(f"{number:,} {status}" for status, number in statuses.most_common()))
    print(f"{statuses[Status.BANNER]:,} greetings, {other:,} of them other bytes after the restart")
    found = diff(old, new)
    print(f"banner diff: exit {found.returncode}")
    print(*found.stdout.splitlines()[:40], found.stderr, sep="\n")
    return found.returncode


if __name__ == "__main__":
    sys.exit(main())
