"""The table of ``--live``: which services a scan has found so far, the most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from ...formats.naming import product_of
from ...formats.terminal import safe
from ...models import Grab, Service
from ...sweep.results import Block
from ...text.width import clip, padded

MOST: Final = 10_000
"""Services that are told apart: a peer may call itself something else at every port."""
OTHERS: Final = ("others", "")
ROWS: Final = 15
"""Lines of the table, its heading among them."""
_WIDTHS: Final = (8, 14)
_MARK: Final = b'"service":{'


class _Named(msgspec.Struct):
    """Of a record what the table counts."""

    service: Service | None = None


@lru_cache(1)
def _decoder() -> msgspec.json.Decoder[_Named]:
    return msgspec.json.Decoder(_Named)


class Services:
    """Counts services by name and product."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def count(self, grabs: Iterable[Grab]) -> None:
        """These are found."""
        for grab in grabs:
            self._take(grab.service)

    def count_block(self, block: Block) -> None:
        """These are found, which are encoded."""
        decode = _decoder().decode
        for line in block.lines.splitlines():
            if _MARK in line:
                self._take(decode(line).service)

    def _take(self, service: Service | None) -> None:
        if service is None:
            return
        key = (service.name, product_of(service) or "")
        self._counts[key if key in self._counts or len(self._counts) < MOST else OTHERS] += 1

    def lines(self, width: int, height: int) -> list[str]:
        """The table in at most `height` lines; nothing where nothing was found."""
        rows = max(0, min(ROWS, height) - 1)
        if not self._counts or not rows:
            return []
        some = self._counts.most_common(rows)
        if rest := len(self._counts) - len(some):
            some = [
                *some[:-1],
                ((f"{rest + 1:,} others", ""), self._counts.total() - sum(n for _, n in some[:-1])),
            ]
        cells = [("count", "service", "product"), *((f"{number:,}", *key) for key, number in some)]
        return [clip(_line(*map(safe, row)), width) for row in cells]


def _line(count: str, service: str, product: str) -> str:
    return f"{count:>{_WIDTHS[0]}}  {padded(service, _WIDTHS[1])}  {product}".rstrip()
