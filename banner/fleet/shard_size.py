"""How large the shards of a cluster are, and how many a worker has: from how long the last ones took. Pure.

Small at first, so that slow peers show early, and eight times as large with each that went fast; small again at the
end, so that no worker is idle for long while another one has a last large one. Few in all, for each costs.
"""

from __future__ import annotations

from typing import Final

from .shards import Found
from .slices import OWED, Share


class Cut:
    """How large shards are, and how many a worker has at once."""

    SECONDS: Final = 2.0
    """What a shard should take: at 10 ms for Dask's work on each, half a percent."""
    PACED: Final = 0.5
    """The same at a given rate, which is not kept up where only one worker has a last shard."""
    BYTES: Final = 8 << 20
    """Of records in a shard, so that its block fits in anybody's memory."""
    DEEP: Final = 10
    GROWTH: Final = 8.0
    LEAST: Final = 8
    """The last shards are smaller than the others, by this at most."""

    def __init__(self, share: Share, most: int) -> None:
        """`most` is how many targets a worker may have."""
        self._workers = share.workers
        self._most = most
        self._seconds = self.SECONDS if share.rate is None else self.PACED
        # So that all that may be in flight is, before anything is known.
        self.size: int = max(64, share.concurrency // 2)
        self.deep: int = 3
        """Shards that a worker has: one that is visited, one that is next, and those that wait for slow peers."""
        if share.rate is not None:
            self.size = min(self.size, int(share.rate * self._seconds))
        self.size = max(1, min(self.size, most // self.deep))

    @property
    def ahead(self) -> int:
        """Targets to be read ahead, so that the end is seen when the last shards are cut."""
        return min(2 * self._workers * self.size, OWED // 4)

    def following(self, left: int | None) -> int:
        """How large the next shard is, with `left` targets before the end; None while that is not in sight.

        With half of an equal part of what is left the workers end together, nearly: guided self-scheduling
        (Polychronopoulos and Kuck, 1987).
        """
        if left is None:
            return self.size
        return min(self.size, max(1, self.size // self.LEAST, -(-left // (2 * self._workers))))

    def learn(self, size: int, found: Found) -> None:
        """A shard of `size` came to this."""
        if 2 * size < self.size:
            return  # one of the last, or what a pipe had
        step = self._seconds / max(found.started, 0.001)
        lines = max(1.0, len(found.lines) / size)
        self.deep = min(self.DEEP, 3 + int(found.lagged / max(found.started, self._seconds / 2)))
        grown = min(size * min(self.GROWTH, max(0.5, step)), self.BYTES / lines, self._most / self.deep)
        self.size = max(1, int(grown))
