"""Targets that are dealt together and not done, and what is to be done when nothing comes of them. Pure but for logs.

A lot is dealt again when its worker is lost. One that costs worker after worker is cut in two, until the target
is found that ends whoever visits it: that one's record says `fault`, and the scan goes on.
"""

from __future__ import annotations

import logging
import time
from array import array
from collections import deque
from typing import TYPE_CHECKING, Any, Final, Generic

from msgspec.structs import replace

from ..inputs.route import Route
from ..models import Grab, Status, Target
from ..sweep.results import Block, as_row
from .shards import Found
from .slices import D

if TYPE_CHECKING:
    import asyncio

    from distributed import Future

    from .members import Worker

TRIES: Final = 4
"""Workers that a lot may cost before it is cut in two; chance hits the same one seldom."""
AGAIN: Final = 2
"""The same for a part of one."""

log: logging.Logger = logging.getLogger("banner")


class Lot(Generic[D]):
    """Targets that are dealt together, or their positions."""

    def __init__(self, targets: list[D], tries: int = TRIES) -> None:
        self.targets = targets
        self.tries = tries
        """How many more workers it may cost."""
        self.worker: Worker
        self.future: Future[Found]
        self.awaited: asyncio.Task[None]

    def block(self, found: Found) -> Block:
        """What came of it."""
        done: list[Any] = self.targets
        if found.partly is not None:
            done = [done[place] for place in array("Q", found.partly)]
        if isinstance(self.targets[0], Target):
            return Block(bytes(found.lines), found.statuses, done)
        return Block(bytes(found.lines), found.statuses, [], done)

    def fault(self, why: str, route: Route | None) -> Block:
        """The record of a single target that nobody can visit; `route` is that of its position."""
        (dealt,) = self.targets
        if isinstance(dealt, int):
            assert route is not None
            return replace(_fault(route[dealt], why), positions=(dealt,))
        assert isinstance(dealt, Target)
        return _fault(dealt, why)


def _fault(target: Target, why: str) -> Block:
    log.error("nothing comes of %s: %s", target, why)
    grab = Grab(
        host=target.host,
        port=target.port,
        status=Status.FAULT,
        error=why,
        time=time.time(),
        tag=target.tag,
        transport=target.transport,
    )
    return Block.of([as_row(grab)])


class Lost(Generic[D]):
    """Lots of which nothing came, to be dealt again before anything else."""

    def __init__(self) -> None:
        self._lots: deque[Lot[D]] = deque()

    def __bool__(self) -> bool:
        return bool(self._lots)

    def put_back(self, lot: Lot[D]) -> None:
        """Deal it again."""
        self._lots.append(lot)

    def repeat(self, lot: Lot[D]) -> bool:
        """It cost a worker: deal it again, whole or in two; False where it is one target that may cost no more."""
        lot.tries -= 1
        if lot.tries > 0:
            self._lots.append(lot)
        elif len(lot.targets) > 1:
            half = len(lot.targets) // 2
            self._lots += Lot(lot.targets[:half], AGAIN), Lot(lot.targets[half:], AGAIN)
        else:
            return False
        return True

    def take(self) -> Lot[D]:
        return self._lots.popleft()

    def clear(self) -> None:
        self._lots.clear()
