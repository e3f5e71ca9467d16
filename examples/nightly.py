"""A nightly inventory: scan what a file names, keep it under the day's name, and say what is new since the last night.

    python examples/nightly.py hosts.txt inventory/

Run it from cron, and again after whatever stopped it: a scan that was broken off goes on where it ended.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import banner

Services = dict[tuple[str, int], str]


def services(path: Path) -> Services:
    """What each place was that answered."""
    return {
        (grab.host, grab.port): grab.service.name if grab.service else "unknown"
        for grab in banner.read(
            path, lambda number, reason: print(f"{path}: {number}: {reason}", file=sys.stderr)
        )
        if grab.status is banner.Status.BANNER
    }


async def visit(hosts: Path, today: Path) -> None:
    """Scan what `hosts` names, and keep it."""
    async with banner.scan(banner.targets(hosts, ports="top:20", seed=0), keep=today, per_net=20) as results:
        async for _ in results:
            pass
        print(f"{results.progress().done} visited, {results.progress().done_before} before")


def compare(today: Path) -> None:
    """Say what differs from the night before."""
    earlier = sorted(path for path in today.parent.glob("*.jsonl") if path < today)
    before, now = services(earlier[-1]) if earlier else {}, services(today)
    for (host, port), name in sorted(now.items()):
        if before.get((host, port)) != name:
            print(f"+ {host}:{port} {name}")
    for host, port in sorted(before.keys() - now.keys()):
        print(f"- {host}:{port} {before[host, port]}")


if __name__ == "__main__":
    day = sys.argv[3] if len(sys.argv) > 3 else f"{datetime.now(UTC):%Y-%m-%d}"
    folder = Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    asyncio.run(visit(Path(sys.argv[1]), folder / f"{day}.jsonl"))
    compare(folder / f"{day}.jsonl")
