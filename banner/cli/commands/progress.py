"""What a person sees of a scan: its results, a live line, bad lines and a summary.

On a terminal the line is drawn four times a second from counters; elsewhere nothing is shown but bad lines.
Results go to standard output and the line to standard error: where both are one terminal, the line is wiped
before results are written and drawn again after them.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Protocol

from ...formats.terminal import clip
from ...inputs.spec import BadLine
from ...models import Grab, Status
from ...sweep.results import Block
from . import running
from .complaints import Complaints
from .metrics import Metrics
from .shown import Shown, counted

INTERVAL = 0.25
"""Seconds between two drawings: quick enough to look alive, too slow to cost anything."""


class Extent(Protocol):
    """How much there is to do, as far as is known."""

    @property
    def total(self) -> int | None: ...

    @property
    def expected(self) -> float | None: ...

    @property
    def note(self) -> str: ...


class Display:
    """An async context manager around a scan."""

    def __init__(self, extent: Extent, metrics: Metrics, shown: Shown | None, *, quiet: bool) -> None:
        self.extent = extent
        self.metrics = metrics
        """What Prometheus sees of the same."""
        metrics.counts = self
        self._live = sys.stderr.isatty() and not quiet
        self._shown = shown
        """What a person is shown of the results; None where nobody is there."""
        self.statuses: Counter[Status] = Counter()
        self.done = 0
        """How many targets are."""
        self._complaints = Complaints(self._complain)
        self._drawn = False
        self._began = time.monotonic()
        self._drawing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Display:
        self._began = time.monotonic()
        if self._live:
            self._drawing = asyncio.get_running_loop().create_task(self._draw_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._complaints.end()
        if self._drawing is not None:
            self._drawing.cancel()
            await asyncio.gather(self._drawing, return_exceptions=True)
            self.wipe()
            if self._shown is not None and (rest := self._shown.rest()):
                self._write(rest + "\n")
            self._write(self._summary(interrupted=error is not None) + "\n")

    def count(self, grabs: Sequence[Grab]) -> None:
        """These are done."""
        self.done += len(grabs)
        self.statuses.update(grab.status for grab in grabs)

    def tally(self, statuses: Mapping[str, int]) -> None:
        """So many of each status are done."""
        self.done += sum(statuses.values())
        self.statuses.update({Status(status): number for status, number in statuses.items()})

    def show(self, grabs: Sequence[Grab]) -> None:
        """Show what a person looks for among results. Raises `BrokenPipeError`."""
        if self._shown is not None:
            self._write_found(self._shown, self._shown.found(grabs))

    def show_block(self, block: Block) -> None:
        """The same of encoded results."""
        if self._shown is not None:
            self._write_found(self._shown, self._shown.found_in(block))

    def _write_found(self, shown: Shown, grabs: list[Grab]) -> None:
        if grabs:
            self.wipe()
            shown.write(grabs)

    def bad_line(self, source: str, line: BadLine) -> None:
        """Tell of a line in `source` that names no target."""
        self._complaints.bad_line(source, line)

    @property
    def bad_lines(self) -> int:
        """How many lines were no good."""
        return self._complaints.count

    def _complain(self, text: str) -> None:
        self.wipe()
        self._write(f"banner: {text}\n")

    async def _draw_on(self) -> None:
        while True:
            self._draw()
            await asyncio.sleep(INTERVAL)

    def _draw(self) -> None:
        spent = max(time.monotonic() - self._began, 1e-9)
        of = f"/{self.extent.total:,}" if self.extent.total is not None else ""
        parts = [f"{self.done:,}{of}", f"{self.done / spent:,.0f}/s", self._counts()]
        if (left := self._left(spent)) is not None:
            parts.append(f"{duration(left)} left")
        width = running.columns(sys.stderr)
        self._write("\r\x1b[2K" + clip("  ".join(part for part in parts if part), width - 1))
        self._drawn = True

    def _left(self, spent: float) -> float | None:
        expected = self.extent.expected
        if expected is None or not self.done or spent < 1:
            return None
        return max(0.0, expected - self.done) * spent / self.done

    def _counts(self) -> str:
        return counted(self.statuses)

    def _summary(self, *, interrupted: bool) -> str:
        spent = time.monotonic() - self._began
        rate = f"{self.done / spent:,.0f}/s" if spent > 0 else ""
        targets = "target" if self.done == 1 else "targets"
        text = f"{self.done:,} {targets} in {duration(spent)} ({rate})"
        if self.statuses:
            text += f": {self._counts()}"
        if self.bad_lines:
            text += f"; {self.bad_lines:,} bad line{'s' if self.bad_lines > 1 else ''}"
        return text + self.extent.note + (" - interrupted" if interrupted else "")

    def wipe(self) -> None:
        """Take the live line away, so that something else can be written."""
        if self._drawn:
            self._write("\r\x1b[2K")
            self._drawn = False

    @staticmethod
    def _write(text: str) -> None:
        with contextlib.suppress(OSError):  # a scan outlives the one who watches it
            sys.stderr.write(text)
            sys.stderr.flush()


def duration(seconds: float) -> str:
    """Seconds as a person says them: ``3.2 s``, ``4 min 10 s``, ``2 h 5 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
