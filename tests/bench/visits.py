"""What order, pacing, ledger and journal cost, and keep in memory, over very many visits: no network.

    visits.py [--visits N] [--flight F]

F targets are in flight; they end in random order, and are settled `BATCH` at a time, as a busy scan does it. Every
100,000 visits stand for a second: a checkpoint is written, with its fsyncs. Then a journal that was left at the end
is resumed from.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import tempfile
import time
from pathlib import Path

from banner.inputs.order import Space
from banner.inputs.route import Route
from banner.inputs.spec import parse
from banner.journal import journal
from banner.journal.journal import Heading, Journal, checkpoint
from banner.journal.keeping import Keeping
from banner.journal.ledger import Ledger
from banner.models import Target
from banner.sweep.pacing import TokenBucket

SECOND = 100_000
BATCH = 64
"""What a scan reads in one go (`banner.sweep.stint.LONG`)."""
TOLD = 50_000_000


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=5_000_000)
    parser.add_argument("--flight", type=int, default=2000)
    options = parser.parse_args()
    route = Route([Space([parse("0.0.0.0/0:22,80,443")])], 7)
    chance = random.Random(1)
    work = Path(tempfile.mkdtemp(prefix="visits-"))
    out = str(work / "out.jsonl")
    keeping = Keeping(out, "jsonl", print)
    ledger = keeping.begin(Heading({}, {}))
    kept: Journal | None = keeping._journal
    assert kept is not None
    bucket = TokenBucket(1e9)
    flying: list[Target] = []
    ended: list[Target] = []
    before, began, largest, wrote = peak(), time.process_time(), 0, 0.0
    for number, target in enumerate(ledger.hand_out(route.walk())):
        bucket.take(number * 1e-5)
        if len(flying) < options.flight:
            flying.append(target)
        else:
            at = int(chance.random() * options.flight)
            ended.append(flying[at])
            flying[at] = target
            if len(ended) == BATCH:
                ledger.settle_targets(ended)
                ended.clear()
        if number % SECOND == 0:
            started = time.perf_counter()
            kept.record(checkpoint(0, ledger))
            wrote = max(wrote, time.perf_counter() - started)
            largest = max(largest, os.path.getsize(journal.path_of(out)))
        if number >= options.visits:
            break
        if number and number % TOLD == 0:
            spent = time.process_time() - began
            print(
                f"{number:,}: {spent / number * 1e6:.2f} us each, {peak() - before:.1f} MB more", flush=True
            )
    spent = time.process_time() - began
    kept.record(checkpoint(0, ledger))
    print(
        f"{options.visits:,} visits, {options.flight:,} in flight: {spent / options.visits * 1e6:.2f} us each"
    )
    print(f"memory grew by {peak() - before:.1f} MB; journal at most {largest:,} bytes")
    print(f"a checkpoint took at most {wrote * 1000:.1f} ms")
    started = time.perf_counter()
    _, last = journal.read(journal.path_of(out))
    pending = journal.pending(last)
    restored = Ledger(last.following, {at: route[at] for at in pending})
    following = next(restored.hand_out(route.walk(last.following)))
    took = time.perf_counter() - started
    print(
        f"resumed at {restored.following:,} with {len(pending):,} pending in {took * 1000:.0f} ms ({following.host})"
    )


if __name__ == "__main__":
    main()
