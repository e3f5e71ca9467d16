"""What a worker of Dask does where one target is poison: imported by the workers."""

from __future__ import annotations

from banner.fleet import sweeper
from banner.fleet.shards import Found, decoded

POISON = "127.0.0.37"


def visit(order: bytes) -> Found:
    """Fail where the poison is among the targets."""
    if any(target.host == POISON for target in decoded(order).targets):
        raise RuntimeError("poison")
    return sweeper.visit(order)


def fail(order: bytes) -> Found:
    """Fail always."""
    raise RuntimeError("nothing works here")
