"""How much a sweep does before others in the same loop get their turn."""

from typing import NamedTuple


class Stint(NamedTuple):
    """How much is done in one go."""

    batch: int
    """Ready sockets handled at most, at some 10 us each."""
    burst: int
    """Connections started between two looks at what is ready and at the clock, at some 20 us each."""
    seconds: float
    """What one callback may take before others get their turn."""
    slow: float
    """What a batch may take; else the next one is smaller."""


SHORT = Stint(32, 16, 0.0005, 0.002)
"""In an application, whose timer of 10 ms then fires within 15: it waits for one callback, and what the timer wakes up
for another one."""
LONG = Stint(128, 64, 0.004, 0.1)
"""In a process that has little else to do; a tenth cheaper. Handshakes too: 5 % cheaper where many of a kind come one
after the other."""


class Batch:
    """How many ready sockets are handled in one go now: fewer where each takes long, as a handshake for TLS does.

    One of those takes 0.4 ms, and may come among a thousand greetings of 10 us: it begins small and grows on batches
    that were full and quick.
    """

    __slots__ = ("_quick", "_slow", "_whole", "most")

    def __init__(self, stint: Stint) -> None:
        self._whole = stint.batch
        self._quick, self._slow = stint.slow / 4, stint.slow
        self.most: int = min(FEWEST, stint.batch)
        """Sockets handled at most."""

    def took(self, seconds: float, handled: int) -> None:
        """Handling so many took so many `seconds`."""
        if seconds > self._slow:
            self.most = max(1, self.most // 2)
        elif seconds < self._quick and handled == self.most:
            self.most = min(self._whole, 2 * self.most)


FEWEST = 4
"""Ready sockets with which it begins."""
