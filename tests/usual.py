"""Lets other dialogues be known for a while: at the real ports of the real ones a test may not listen.

What is planned with them is forgotten afterwards, over every transport, and so is what was planned before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import msgspec

from banner import Probe, Transport, probes
from banner.plan import planner, questions

REMEMBERED = (planner.plans, questions._questions)
"""Every table that outlives a scan and holds dialogues."""


@contextmanager
def known(*there: Probe) -> Iterator[None]:
    """Let these be all the dialogues over TCP that there are; those over UDP stay."""
    real = probes.all

    def known_over(transport: Transport = Transport.TCP) -> tuple[Probe, ...]:
        return there if transport is Transport.TCP else real(transport)

    _forget()
    try:
        with mock.patch.object(probes, "all", known_over):
            yield
    finally:
        _forget()


@contextmanager
def usual(name: str, **facts: object) -> Iterator[None]:
    """Give the probe `name` other `facts`: ``ports``, ``tls_ports``."""
    with known(*(msgspec.structs.replace(p, **facts) if p.name == name else p for p in probes.all())):
        yield


def _forget() -> None:
    for table in REMEMBERED:
        table.cache_clear()
