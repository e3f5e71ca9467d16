"""Figures for targets, addresses, order and pacing: ``python tests/bench/targets.py`` (``--help`` for more).

CPU time of one process, not wall time; each figure is the best of three. Not run by pytest.
"""

from __future__ import annotations

import argparse
import itertools
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from time import process_time

from banner.addresses.blocks import AddressSet, Block, format_address
from banner.addresses.forms import MAPPED
from banner.inputs.listing import Listing
from banner.inputs.order import Permutation, Space
from banner.inputs.route import PlainFile, Route
from banner.inputs.spec import BadLine, Spec, parse, read_lines
from banner.journal.ledger import Ledger
from banner.models import Target
from banner.sweep.pacing import Ceilings, TokenBucket, Waiting

COUNT = 200_000


def ipv4_lines() -> Iterator[bytes]:
    return (b"10.%d.%d.%d:22\n" % (i >> 16 & 255, i >> 8 & 255, i & 255) for i in range(COUNT))


def measure(name: str, work: Callable[[], int]) -> None:
    best = 0.0
    for _ in range(3):
        start = process_time()
        done = work()
        best = max(best, done / (process_time() - start))
    print(f"{name:50} {best / 1e3:9,.0f} k/s")


def exhaust(items: Iterator[object]) -> int:
    return sum(1 for _ in items)


def targets() -> None:
    plain = list(ipv4_lines())
    names = [b"host%d.example.com:22 tag\n" % i for i in range(COUNT // 4)]
    six = [b"[2001:db8::%x]:22\n" % (i & 0xFFFF) for i in range(COUNT // 4)]
    measure("lines a.b.c.d:22", lambda: exhaust(read_lines(plain)))
    measure("lines a.b.c.d, port by default", lambda: exhaust(read_lines([x[:-4] for x in plain], (22,))))
    measure("lines name:22 tag", lambda: exhaust(read_lines(names)))
    measure("lines [v6]:22", lambda: exhaust(read_lines(six)))
    measure("targets of 10.0.0.0/14", lambda: exhaust(iter(parse("10.0.0.0/14:22"))))
    measure("targets of 2001:db8::/111", lambda: exhaust(iter(parse("[2001:db8::/111]:22"))))
    tracemalloc.start()
    exhaust(read_lines(ipv4_lines()))
    print(f"{'peak memory of reading those lines':50} {tracemalloc.get_traced_memory()[1] / 1e3:9,.0f} kB")
    tracemalloc.stop()


def addresses() -> None:
    six = 0x2001 << 112
    blocks = [Block(base + i * 5000, base + i * 5000 + 9) for base in (MAPPED, six) for i in range(10_000)]
    some = AddressSet(blocks)
    four = [MAPPED + (i * 2654435761 & 0xFFFFFFFF) for i in range(COUNT)]
    numbers = [six + (i * 2654435761 & 0xFFFFFFFF) for i in range(COUNT)]
    texts = [format_address(number) for number in four]
    measure("v4 number in 20,000 blocks", lambda: exhaust(map(some.__contains__, four)))
    measure("v6 number in 20,000 blocks", lambda: exhaust(map(some.__contains__, numbers)))
    measure("v4 text in 20,000 blocks", lambda: exhaust(map(some.__contains__, texts)))
    measure("blocks merged", lambda: len(blocks) if AddressSet(blocks) else 0)


def order() -> None:
    for bits in (16, 32, 48, 144):
        walk = Permutation(2**bits, 1).walk
        measure(
            f"steps of a permutation of 2^{bits}", partial(lambda steps: exhaust(steps(0, 1 << 16)), walk)
        )
    exclude = AddressSet.of([f"10.{i}.0.0/24" for i in range(256)])
    space = Space([parse("0.0.0.0/0:1-65535")], exclude)
    walk = Permutation(space.size, 1).walk
    measure(
        "targets of 2^48, 256 networks cut out",
        lambda: exhaust(map(space.__getitem__, walk(0, 1 << 16))),
    )


def listing() -> None:
    lines = list(ipv4_lines())
    data = b"".join(lines)

    def count() -> int:
        fresh = Listing()
        for line in lines:
            fresh.add(line)
        return fresh.lines

    def visit() -> int:
        for number in Permutation(indexed.size, 1).walk(0, 20_000):
            start, length, *where = indexed.locate(number)
            indexed.find(data[start : start + length], *where)
        return 20_000

    indexed = Listing()
    for line in lines:
        indexed.add(line)
    measure("lines of a file indexed", count)
    measure("targets of a file in shuffled order", visit)


def visits() -> None:
    data = b"".join(ipv4_lines())
    for text in ("10.0.0.0/8:22", "0.0.0.0/0:22"):
        walk = Route([Space([parse(text)])], 1).walk
        measure(
            f"shuffled visits of {text}", partial(lambda targets: exhaust(islice(targets(), COUNT)), walk)
        )
    listed = Route([PlainFile(data, (), bare=False)], 1)
    measure("shuffled visits of lines a.b.c.d:22", lambda: exhaust(listed.walk()))
    measure("visits of such lines as they come", lambda: exhaust(expand(read_lines(data.splitlines()))))
    chosen = list(listed.walk())
    measure("targets handed out and settled, 64 at a time", lambda: settle_all(chosen))


def expand(specs: Iterator[Spec | BadLine]) -> Iterator[Target]:
    return (target for spec in specs if isinstance(spec, Spec) for target in spec)


def settle_all(chosen: list[Target]) -> int:
    ledger = Ledger()
    handed_out = ledger.hand_out(chosen)
    while batch := list(islice(handed_out, 64)):
        ledger.settle_targets(batch)
    return ledger.done


def take_all(bucket: TokenBucket) -> int:
    for i in range(COUNT):
        bucket.take(i * 1e-3)
    return COUNT


def pass_all(waiting: Waiting[int], hosts: list[str]) -> int:
    for i, host in enumerate(hosts):
        if waiting.offer(host, i):
            waiting.release(host)
    return len(hosts)


def pacing() -> None:
    hosts = [f"10.0.{i >> 8 & 255}.{i & 255}" for i in range(COUNT)]
    measure("tokens taken", lambda: take_all(TokenBucket(1e9)))
    measure("offered and released, both ceilings", lambda: pass_all(Waiting(Ceilings(3, 64)), hosts))


def chi_squared(classes: list[int]) -> float:
    counts, expected = Counter(classes), len(classes) / 256
    return sum((counts[k] - expected) ** 2 / expected for k in range(256))


def spread(down: int | None) -> None:
    """Chi-squared (255 degrees of freedom) of networks visited and steps between them, worst of six."""
    print(f"fold: {'the usual' if down is None else down} bits; chance: 255, below 330 in 999 of 1,000")
    for n in (2**24, 2**32, 2**48, 10**7 + 19, 254_000, 1_000_000, 2**16 * 22):
        worst = [0.0, 0.0]
        for seed in range(6):
            permutation = Permutation(n, seed)
            if down is not None:
                permutation._down = down
            networks = [number * 256 // n for number in permutation.walk(0, 30_000)]
            steps = [(b - a) % 256 for a, b in itertools.pairwise(networks)]
            worst = [max(old, chi_squared(new)) for old, new in zip(worst, (networks, steps), strict=True)]
        print(f"{n:20,} networks {worst[0]:9,.0f} steps {worst[1]:9,.0f}")


def bijection() -> None:
    """Every size from 1 to 10,000, each walked whole."""
    for n in range(1, 10_001):
        assert sorted(Permutation(n, "bijection")) == list(range(n)), n
    print("every size from 1 to 10,000 is a bijection")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--spread", action="store_true", help="chi-squared instead, with and without the fold"
    )
    parser.add_argument(
        "--bijection", action="store_true", help="walk every size to 10,000 instead (a minute)"
    )
    arguments = parser.parse_args()
    if arguments.spread:
        spread(None)
        spread(200)  # more bits than the product has: no fold
    elif arguments.bijection:
        bijection()
    else:
        for figures in (targets, addresses, order, listing, visits, pacing):
            figures()
