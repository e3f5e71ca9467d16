"""What a person sees of a scan: its results, how it stands, bad lines and a summary.

On a terminal a line is drawn four times a second from counters, with ``--live`` a table above it; elsewhere there is a
line a minute. Results go to standard output and the line to standard error: where both are one terminal, the line is
wiped before anything else is written, and drawn again after it.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Final, Protocol

from ...formats.files import OutputError
from ...inputs.spec import BadLine
from ...models import Grab, Status
from ...sweep.results import Block
from . import running
from .complaints import Complaints
from .live import Services
from .log import Log
from .metrics import Metrics
from .shown import Shown
from .summary import counted, duration, fitted, left_over

INTERVAL: Final = 0.25
"""Seconds between two drawings: quick enough to look alive, too slow to cost anything."""
MINUTE: Final = 60.0
"""Seconds between two lines where nobody looks on."""
WONDER: Final = 1.0
"""Seconds after which a peer that has not answered is silent for a person."""


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

    def __init__(
        self,
        extent: Extent,
        metrics: Metrics,
        shown: Shown | None,
        *,
        quiet: bool,
        log: Log | None = None,
        live: bool = False,
        longest: float = math.inf,
    ) -> None:
        """`shown`: what a person is shown of the results, None where nobody is there. `longest`: seconds that a target
        may take."""
        self.extent = extent
        self.metrics = metrics
        """What Prometheus sees of the same."""
        metrics.counts = self
        self._quiet = quiet
        self._log = log or Log(None)
        self._drawn_on = sys.stderr.isatty() and not quiet
        self._services = Services() if live and self._drawn_on else None
        self._shown = shown if self._services is None else None
        self._longest = longest
        self.statuses: Counter[Status] = Counter()
        self.done: int = 0
        """How many targets are."""
        self._complaints = Complaints(self.complain)
        self._drawn = 0
        """Lines that stand on the screen and will be drawn again."""
        self._began = time.monotonic()
        self._all_begun: float | None = None
        """Since when no target waits to be begun."""
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Display:
        self._began = time.monotonic()
        start = asyncio.get_running_loop().create_task
        if self._drawn_on:
            self._tasks.append(start(_every(INTERVAL, self._draw, at_once=True)))
        self._tasks.append(start(_every(MINUTE, self._report)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._complaints.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.wipe()
        if not isinstance(error, OutputError | BrokenPipeError):  # which are told by themselves
            self._conclude(interrupted=error is not None)

    def _conclude(self, *, interrupted: bool) -> None:
        """The last words: the table as it is in the end, what was not shown, the summary."""
        summary = self._summary(interrupted=interrupted)
        self._log.note(summary)
        if self._quiet:
            return
        if not self._drawn_on:
            self._write(f"banner: {summary}\n")
            return
        table = (
            self._services.lines(running.columns(sys.stderr), running.rows(sys.stderr))
            if self._services
            else []
        )
        rest = self._shown.rest() if self._shown is not None else ""
        self._write("".join(f"{line}\n" for line in (*table, rest, summary) if line))

    # -- what is told to it --------------------------------------------------------------------------

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
        if self._services is not None:
            self._services.count(grabs)
        elif self._shown is not None:
            self._write_found(self._shown, self._shown.found(grabs))

    def show_block(self, block: Block) -> None:
        """The same of encoded results."""
        if self._services is not None:
            self._services.count_block(block)
        elif self._shown is not None:
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

    def complain(self, text: str) -> None:
        """Tell what is wrong, in a line of its own."""
        self.wipe()
        self._log.complain(text)

    # -- how it stands -------------------------------------------------------------------------------

    def _draw(self) -> None:
        width = running.columns(sys.stderr)
        table = self._services.lines(width, running.rows(sys.stderr) - 1) if self._services else []
        drawn = [*table, fitted(self.parts(time.monotonic()), width - 1)]
        self._write((self._wiped() or "\r\x1b[2K") + "\n".join(drawn))
        self._drawn = len(drawn)

    def _report(self) -> None:
        """A line a minute, where no line is drawn."""
        text = "  ".join(filter(None, self.parts(time.monotonic())))
        self._log.note(text)
        if not (self._drawn_on or self._quiet):
            self._write(f"banner: {text}\n")

    def parts(self, now: float) -> list[str]:
        """How it stands, in the order of what matters most: how far it is, how long it still takes, what was found."""
        spent = max(now - self._began, 1e-9)
        total = self.extent.total
        of = f"/{total:,} ({self.done / total:.0%})" if total else ""
        in_flight = self.metrics.in_flight()
        found = self.statuses[Status.BANNER]
        others: Mapping[Status, int] = {
            status: number for status, number in self.statuses.items() if status != Status.BANNER
        }
        return [
            f"{self.done:,}{of}",
            self._left(now, in_flight),
            f"{found:,} {Status.BANNER}" if found else "",
            f"{self.done / spent:,.0f}/s",
            f"{in_flight:,} in flight" if in_flight and self._all_begun is None else "",
            counted(others),
        ]

    def _left(self, now: float, in_flight: int) -> str:
        """How long it still takes: until all are begun, then as long as the last of them may."""
        expected = self.extent.expected
        if expected is None:
            return ""
        if in_flight and self.done + in_flight >= expected:
            if self._all_begun is None:
                self._all_begun = now
            waited = now - self._all_begun
            peers = f"{'silent ' if waited >= WONDER else ''}peer{'s' if in_flight > 1 else ''}"
            most = self._longest - waited
            return f"waiting for {in_flight:,} {peers}" + (
                f", up to {math.ceil(most)} s" if 0 < most < math.inf else ""
            )
        self._all_begun = None
        left = left_over(expected, self.done, in_flight, now - self._began)
        return "" if left is None else f"{duration(left)} left"

    def _summary(self, *, interrupted: bool) -> str:
        spent = time.monotonic() - self._began
        rate = f"{self.done / spent:,.0f}/s" if spent > 0 else ""
        targets = "target" if self.done == 1 else "targets"
        text = f"{self.done:,} {targets} in {duration(spent)} ({rate})"
        if self.statuses:
            text += f": {counted(self.statuses)}"
        if self.bad_lines:
            text += f"; {self.bad_lines:,} bad line{'s' if self.bad_lines > 1 else ''}"
        return text + self.extent.note + (" - interrupted" if interrupted else "")

    def wipe(self) -> None:
        """Take what is drawn away, so that something else can be written."""
        if self._drawn:
            self._write(self._wiped())
            self._drawn = 0

    def _wiped(self) -> str:
        """What a terminal is told to wipe what is drawn."""
        if not self._drawn:
            return ""
        return f"\r\x1b[{self._drawn - 1}A\x1b[J" if self._drawn > 1 else "\r\x1b[2K"

    @staticmethod
    def _write(text: str) -> None:
        with contextlib.suppress(OSError):  # a scan outlives the one who watches it
            sys.stderr.write(text)
            sys.stderr.flush()


async def _every(seconds: float, do: Callable[[], None], *, at_once: bool = False) -> None:
    if at_once:
        do()
    while True:
        await asyncio.sleep(seconds)
        do()
