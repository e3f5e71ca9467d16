"""A crowd of strange peers, scanned by both drivers and by grab(): what is wrong, what differs, and who was dearest.

    python -m tests.bench.strangers [--seed N] [--crowd N] [--connections N] [--mode MODE] [--only NUMBER]

Each round is a crowd of the seed's next peers (tests/strangers: cut, mixed, repeated, slowed, half-closed, answered
before asked, with lengths that lie, bombs) in a process of its own, and one mode; it goes on until so many connections
were made. Printed are the records that are missing, there twice, a `fault`, late or against the schema; what is logged
or left open; in which fields the drivers' answers differ, each time that both visit the peer; and the peers on which
grab() spent the most CPU. The exit status is 1 where anything was wrong. ``--only`` visits one peer and shows its acts.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import itertools
import random
import sys
import time

import uvloop

from banner import Mode, Settings, Timeouts
from tests.strangers.served import elsewhere
from tests.strangers.visiting import Tally, Watch, compared, grabbed

MODES = (Mode.LIGHT, Mode.LIGHT, Mode.FULL, Mode.LISTEN, Mode.LIGHT, Mode.TLS)
LIMITS = (1024, 1024, 1024, 100, 65536)
TIMEOUTS = Timeouts(connect=5, read=3, total=12.3)
DEAREST = 10
SHOWN = 2000
"""Letters that are printed of what is wrong: greetings may be long."""


async def visited(seed: int, numbers: range, settings: Settings, tally: Tally, only: bool) -> None:
    """One round."""
    with elsewhere(seed, numbers) as crowd:
        if only:
            print(*(f"{one}\n{one.acts}" for one in crowd), sep="\n")
        if not crowd:
            sys.exit("none of the crowd's ports is free: does another run of this seed have them?")
        await asyncio.sleep(0)  # what the loop opens for itself is open by now
        async with Watch(tally):
            tally.wrong += await compared(crowd, settings, tally)
            found = await grabbed(crowd, settings, tally)
        if only:
            print(*found.values(), sep="\n")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--crowd", type=int, default=1000, help="peers in a round")
    parser.add_argument("--connections", type=int, default=30_000)
    parser.add_argument("--mode", type=Mode, choices=list(Mode), help="one mode for all rounds")
    parser.add_argument("--only", type=int, help="this peer of the seed alone")
    given = parser.parse_args()
    tally, shown = Tally(), 0
    print(f"seed {given.seed}", flush=True)
    for number in itertools.count():
        began = time.monotonic()
        first = given.only if given.only is not None else number * given.crowd
        peers = range(first, first + (1 if given.only is not None else given.crowd))
        mode, limit = given.mode or MODES[number % len(MODES)], LIMITS[number % len(LIMITS)]
        settings = Settings(timeouts=TIMEOUTS, limit=limit, mode=mode)
        run = asyncio.run if number % 2 else uvloop.run
        run(visited(given.seed, peers, settings, tally, given.only is not None))
        print(*(told[:SHOWN] for told in tally.wrong[shown:]), sep="\n", flush=True)
        shown = len(tally.wrong)
        took = time.monotonic() - began
        print(
            f"round {number}: {mode}, {limit} bytes, {run.__module__}: {tally.connections} connections, {took:.0f} s",
            flush=True,
        )
        if given.only is not None or tally.connections >= given.connections:
            break
    print(f"{tally.visits} visits, {tally.connections} connections, {time.process_time():.0f} s of CPU")
    print(f"the loop was held for {tally.heartbeat.held:.2f} s at most")
    for cost, peer in heapq.nlargest(DEAREST, tally.costs):
        print(f"{cost * 1000:8.1f} ms  {peer}")
    print(f"{len(tally.wrong)} wrong")
    return bool(tally.wrong)


if __name__ == "__main__":
    sys.exit(main())
