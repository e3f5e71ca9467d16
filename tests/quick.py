"""Whether work is quick, on a machine that is busy with other things as well."""

from __future__ import annotations

import time
import timeit
from collections.abc import Awaitable, Callable

from banner import Grab


def quick(work: Callable[[], object], seconds: float) -> bool:
    """Whether it can take so much of a thread's time at most: one run of ten shows it, and what is slow never does."""
    return any(timeit.timeit(work, time.thread_time, number=1) <= seconds for _ in range(10))


async def once(visit: Callable[[], Awaitable[Grab]], holds: Callable[[Grab], bool]) -> bool:
    """Whether it holds of a visit: one of ten shows it, though the machine may have stood still in the others."""
    for _ in range(10):
        if holds(await visit()):
            return True
    return False
