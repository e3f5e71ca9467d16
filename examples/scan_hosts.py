"""Visit a list of hosts at once, and print what each one says as soon as it has said it.

    python examples/scan_hosts.py HOST:PORT ...

A scan takes any iterable of targets (a list, a generator, rows of a database) and keeps at most so many
connections open. A target that fails costs its own line and nothing else.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterable

import banner


async def main(texts: Iterable[str]) -> Counter[banner.Status]:
    """Scan; returns how many targets came to each status."""
    statuses: Counter[banner.Status] = Counter()
    timeouts = banner.Timeouts(connect=3, read=5, total=10)
    async with banner.scan(
        map(banner.Target.parse, texts), concurrency=100, per_host=4, timeouts=timeouts
    ) as results:
        async for grab in results:
            statuses[grab.status] += 1
            product = f" [{grab.service.product or grab.service.name}]" if grab.service else ""
            # `text` has the peer's control characters escaped, which would act on the terminal.
            said = grab.text.strip().replace("\n", " | ")
            print(f"{grab.where} {grab.status}{product} {said}")
    print(", ".join(f"{number} {status}" for status, number in statuses.items()))
    return statuses


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
