"""How much a sweep does before others in the same loop get their turn."""

from __future__ import annotations

from typing import NamedTuple


class Stint(NamedTuple):
    """How much is done in one go."""

    batch: int
    """Ready sockets handled at most, at some 10 us each."""
    burst: int
    """Connections started between two looks at what is ready and at the clock, at some 20 us each."""
    seconds: float
    """What one callback may take before others get their turn."""


SHORT = Stint(32, 16, 0.0005)
"""In an application, whose timer of 10 ms then fires within 15: it waits for one callback, and what the timer wakes up
for another one."""
LONG = Stint(128, 64, 0.004)
"""In a process that has little else to do; a tenth cheaper."""
