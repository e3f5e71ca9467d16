"""Where the targets of a scan are visited from: this process, several, or a cluster's workers; and what is done with
what they find."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import AsyncIterator, Callable
from functools import partial
from types import TracebackType
from typing import Any, Final, Protocol, TypeVar

from ...fleet.slices import Share, shared
from ...inputs.route import Left
from ...inputs.selection import Selection, Targets
from ...journal.scan_output import Output
from ...models import Grab, Settings
from ...plan.planner import prepare
from ...sweep.results import Block
from ...sweep.scanner import Visiting
from . import running
from .clock import Clock
from .progress import Display

T = TypeVar("T")

MANY: Final = 20_000
"""Targets from which on a scan takes all cores: below, starting processes costs more than it saves."""


def how(
    options: argparse.Namespace,
    chosen: Settings,
    selection: Selection,
    targets: Targets,
    per_host: int | None,
) -> tuple[Way, Any]:
    """Where the targets are visited from, and these, or their positions where that is all that it needs."""
    divide = partial(
        shared,
        concurrency=options.concurrency,
        rate=options.rate,
        per_host=per_host,
        per_net=options.per_net,
    )
    if options.dask is not None:
        from ...fleet.cluster import Crew as Cluster
        from ...fleet.shards import sent

        route = targets.route if isinstance(targets, Left) and sent(targets.route) else None
        positions = targets.positions() if isinstance(targets, Left) and route else None
        cluster = Cluster(
            options.dask,
            chosen,
            divide,
            options.workers or cores(),
            None if positions is None else route,
        )
        return ByCrew(cluster), targets if positions is None else positions
    share = divide(workers(options, selection))
    if share.workers == 1:
        return InProcess(chosen, share), targets
    from ...fleet.workers import Crew  # of many parts, for scans large enough to be shared

    # What every process needs is loaded once, before they part.
    prepare(chosen)
    running.quickest()
    if isinstance(targets, Left) and (positions := targets.positions()) is not None:
        return ByCrew(Crew(chosen, share, route=targets.route)), positions
    return ByCrew(Crew(chosen, share)), targets


def check_dask(options: argparse.Namespace) -> None:
    """Raise `UsageError` where ``--dask`` cannot be."""
    if options.dask is None:
        return
    from importlib.util import find_spec

    from ...plan.own import is_file

    if options.workers is not None and options.dask != "local":
        raise running.UsageError("--workers goes with --dask local: a cluster's workers are there already")
    if files := list(filter(is_file, options.probes)):
        raise running.UsageError(f"--dask: its workers do not have {files[0]}: give --probes a module's name")
    if find_spec("distributed") is None:
        raise running.UsageError("--dask needs Dask: pip install 'aiobanner[dask]'")
    if options.trace is not None:
        raise running.UsageError("--trace does not go with --dask: the wire is another machine's")


def workers(options: argparse.Namespace, selection: Selection) -> int:
    """How many processes."""
    if not hasattr(os, "fork"):
        return 1
    if options.workers is not None:
        return int(options.workers)
    if selection.total is None or selection.total < MANY:
        return 1
    return cores()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Way(Protocol):
    """Has targets visited, and hands over what was found."""

    async def visit(self, clock: Clock, output: Output, display: Display) -> None: ...


class InProcess:
    """Visits targets in this process."""

    def __init__(self, chosen: Settings, share: Share) -> None:
        self._chosen = chosen
        self._share = share

    async def visit(self, clock: Clock, output: Output, display: Display) -> None:
        if output.takes_lines and not output.shows:
            scan = self._share.written_scan(clock.targets, self._chosen)
            await _follow(scan, clock, display, lambda rows: _write(Block.of(rows), output, display))
        else:
            await _follow(
                self._share.scan(clock.targets, self._chosen),
                clock,
                display,
                lambda grabs: _keep(grabs, output, display),
            )


async def _follow(scan: Visiting[T], clock: Clock, display: Display, keep: Callable[[list[T]], None]) -> None:
    """Keep what a scan finds, as it comes, also where it is broken off."""
    async with scan as results:
        clock.stop = results.stop
        display.metrics.in_flight = results.in_flight
        try:
            async with clock:
                async for found in results.batches():
                    keep(found)
        except asyncio.CancelledError:
            keep(results.unread())
            raise
        except TimeoutError:
            keep(results.unread())


def _keep(grabs: list[Grab], output: Output, display: Display) -> None:
    if not output.shows:
        if output.terminal:
            display.wipe()
        output.write(grabs)
    display.show(grabs)
    display.count(grabs)
    display.metrics.count(grabs)


def _write(block: Block, output: Output, display: Display) -> None:
    if not output.shows:
        if output.terminal:
            display.wipe()
        output.write_block(block)
    display.show_block(block)
    display.tally(block.statuses)
    display.metrics.count_lines(block.lines)


class Workers(Protocol):
    """Those that visit targets, an async context manager: processes of this machine, or a cluster's."""

    async def __aenter__(self) -> Workers: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def blocks(self, targets: Targets) -> AsyncIterator[Block]: ...

    def stop(self) -> None: ...

    def in_flight(self) -> int: ...

    def unread(self) -> list[Block]: ...


class ByCrew:
    """Has targets visited by workers."""

    def __init__(self, crew: Workers) -> None:
        self._crew = crew

    async def visit(self, clock: Clock, output: Output, display: Display) -> None:
        async with self._crew as crew:
            clock.stop = crew.stop
            display.metrics.in_flight = crew.in_flight
            try:
                async with clock:
                    async for block in crew.blocks(clock.targets):
                        _write(block, output, display)
            except (asyncio.CancelledError, TimeoutError) as error:
                for block in crew.unread():
                    _write(block, output, display)
                if isinstance(error, asyncio.CancelledError):
                    raise
