"""Lets a dialogue be usual at a port that a test has: at the real ones a test may not listen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import msgspec

from banner import probes
from banner.plan.planner import plans


@contextmanager
def usual(name: str, **facts: object) -> Iterator[None]:
    """Give the probe `name` other `facts`: ``ports``, ``tls_ports``."""
    known = tuple(msgspec.structs.replace(p, **facts) if p.name == name else p for p in probes.all())
    plans.cache_clear()
    with mock.patch.object(probes, "all", return_value=known):
        yield
    plans.cache_clear()
