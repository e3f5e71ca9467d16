"""``banner scan``: many targets, to records."""

from __future__ import annotations

import argparse
import asyncio
import os

from ...fleet.slices import WorkersDiedError
from ...formats.files import OutputError, OutputInUseError, OverwritesInputError, check_inputs
from ...inputs.files import InputError
from ...inputs.selection import Selection, Targets
from ...journal.journal import JournalError
from ...journal.scan_output import Output
from ...models import Mode, Settings
from . import running
from .asked import beside, check_resuming, inputs, read_pipe, selected
from .clock import Clock
from .log import Log
from .metrics import Metrics, MetricsError
from .output import Resumption, opened, remainder
from .progress import Display
from .shown import Shown, shown
from .ways import InProcess, Way, check_dask, how


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done, 2 usage, a bad line or no way to resume, 3 the output could not be written, 130
    interrupted."""
    try:
        read_pipe(options)
        check_resuming(options)
        resumption = Resumption(options) if options.resume else None
        if resumption is not None and resumption.nothing_to_do:
            running.complain(
                f"{resumption.path} has no journal, as a scan that is complete: nothing left to resume"
            )
            return 0
        chosen, selection, metrics, log, output = _asked(options, resumption)
    except OutputInUseError as error:
        options.parser.error(str(error))
    except OutputError as error:
        running.complain(str(error))
        return 3
    except (ValueError, OSError, JournalError, OverwritesInputError, running.UsageError) as error:
        options.parser.error(str(error))
    with log:
        display = Display(
            selection,
            metrics,
            watched(options, output),
            quiet=options.quiet,
            log=log,
            live=options.live,
            longest=longest(chosen),
        )
        return _run(options, chosen, selection, output, display)


def _asked(
    options: argparse.Namespace, resumption: Resumption | None
) -> tuple[Settings, Selection, Metrics, Log, Output]:
    """What the words of the command come to: its files are open, and nobody was visited."""
    check_dask(options)
    chosen = running.settings(options)
    selection = selected(options, chosen)
    if selection.reads(options.output):
        raise running.UsageError("an output holds the targets: name another file for the records")
    check_inputs([*options.output, *beside(options)], inputs(options))
    for path in beside(options):
        check_inputs(options.output, [path])
    metrics = Metrics(options.metrics)
    shown(options, besides=False)
    log = Log(options.log_file)
    return chosen, selection, metrics, log, opened(options, resumption, log.complain)


def _run(
    options: argparse.Namespace, chosen: Settings, selection: Selection, output: Output, display: Display
) -> int:
    """Find the way to the targets, and go it."""
    try:
        targets = output.targets(selection, display.bad_line)
    except _FAILURES as error:
        display.complain(str(error))
        return _status(error)
    except OSError as error:
        display.complain(f"cannot write beside {output.name}: {error.strerror}")
        return 3
    per_host = options.per_host or selection.usual_per_host(options.concurrency)
    visiting, targets = how(options, chosen, selection, targets, per_host)
    swept = isinstance(visiting, InProcess) and chosen.proxy is None
    return running.run(
        lambda: scan(options, chosen, visiting, targets, output, display, selection),
        few=running.are_few(selection.total, swept=swept),
    )


_FAILURES = (InputError, OutputError, JournalError, MetricsError)
"""What ends a scan whose words were right: their texts are fit for a person."""


def _status(failure: Exception) -> int:
    """The exit status of one of them."""
    return 3 if isinstance(failure, OutputError) else 2


def watched(options: argparse.Namespace, output: Output) -> Shown | None:
    """What a person is shown of the results: on a terminal, where the records themselves do not go to it."""
    if output.shows:
        return shown(options, besides=False)
    if options.quiet or output.terminal or not os.isatty(1):
        return None
    return shown(options, besides=True)


def longest(chosen: Settings) -> float:
    """Seconds that one target may take."""
    times = chosen.timeouts
    if chosen.mode is Mode.LISTEN:  # one connection, one read
        return min(times.total, times.dns + times.connect + times.read)
    return times.total


async def scan(
    options: argparse.Namespace,
    chosen: Settings,
    visiting: Way,
    targets: Targets,
    output: Output,
    display: Display,
    selection: Selection,
) -> int:
    """Visit the targets; returns the exit status."""
    clock = Clock(targets, options.max_time, chosen.timeouts.total)
    try:
        async with display, display.metrics, output:
            await visiting.visit(clock, output, display)
            output.complete = not clock.cut(display.done)
    except BrokenPipeError:
        return 0  # the reader has what it wanted
    except asyncio.CancelledError:
        if not options.quiet:
            display.complain(f"not every target was visited; {remainder(output, selection)}")
        raise
    except WorkersDiedError as error:
        display.complain(f"{error}: not every target was visited; {remainder(output, selection)}")
        return 1
    except _FAILURES as error:
        display.complain(str(error))
        return _status(error)
    if clock.cut(display.done):
        display.complain(
            f"the time was up after {options.max_time:g} s: not every target was visited; "
            f"{remainder(output, selection)}"
        )
    if display.done or output.done_before or display.bad_lines or clock.cut(display.done):
        return 2 if display.bad_lines else 0
    return _without_targets(options, display, selection)


def _without_targets(options: argparse.Namespace, display: Display, selection: Selection) -> int:
    """Say why nobody was visited, where that is known; returns the exit status."""
    if selection.emptiness is not None:
        display.complain(f"no targets: {selection.emptiness}")
    if options.exclude and not options.targets:
        display.complain("no targets: --exclude takes all words up to the next option")
    return 0 if selection.shard != (1, 1) else 2
