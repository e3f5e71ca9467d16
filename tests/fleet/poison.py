"""What a worker does where one target is poison: imported by Dask's, and before local ones are forked."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable

from banner import Target
from banner.fleet import sweeper
from banner.fleet.shards import Found, decoded
from banner.fleet.slices import Share
from banner.models import Settings
from banner.sweep.scanner import WrittenScan

POISON = "127.0.0.37"


def visit(order: bytes) -> Found:
    """Fail where the poison is among the targets."""
    if any(target.host == POISON for target in decoded(order).targets):
        raise RuntimeError("poison")
    return sweeper.visit(order)


def fail(order: bytes) -> Found:
    """Fail always."""
    raise RuntimeError("nothing works here")


def spoil(act: Callable[[], None]) -> None:
    """Have `act` called in whichever local worker comes to the poison."""
    plain = Share.written_scan

    async def spoiled(targets: AsyncIterator[Target]) -> AsyncIterator[Target]:
        async for target in targets:
            if target.host == POISON:
                act()
            yield target

    def written_scan(share: Share, targets: AsyncIterator[Target], settings: Settings) -> WrittenScan:
        return plain(share, spoiled(targets), settings)

    Share.written_scan = written_scan  # type: ignore[method-assign, assignment]


def hold() -> None:
    """Never end."""
    while True:
        pass


def die() -> None:
    """End the process."""
    os._exit(9)
