"""Which results of a scan a person is shown as they come: what is open. The rest is counted, for it drowns the finds.

``--all``, ``--only`` and ``--hide`` say otherwise. The records in files are whole in any case.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from ...formats.record import decode
from ...formats.terminal import line_of
from ...models import Grab, Status
from ...sweep.results import Block
from ...text.nearest import nearest_or_all
from . import running
from .summary import counted

OPEN: Final = frozenset({Status.BANNER, Status.TLS_ERROR, Status.LOCAL_ERROR, Status.FAULT})
"""Who said something, and what is wrong here; besides whoever speaks TLS, whatever came of it."""
_TLS: Final = b'"tls":{'


class Shown:
    """Writes the results that are looked for, a line each, on standard output, and counts the others."""

    def __init__(
        self,
        statuses: frozenset[Status] = OPEN,
        *,
        usual: bool = True,
        besides: bool = False,
        colour: bool = False,
    ) -> None:
        """`usual`: nothing else was asked for. `besides`: the records go elsewhere, and that nobody looks on ends
        nothing."""
        self._statuses = statuses
        self._usual = usual
        self._besides = besides
        self._words = tuple(f'"status":"{status}"'.encode() for status in statuses)
        self._colour = colour
        self._left_out: Counter[str] = Counter()

    def found(self, grabs: Iterable[Grab]) -> list[Grab]:
        """Those of `grabs` that are shown; the others are counted."""
        wanted = []
        for grab in grabs:
            if grab.status in self._statuses or (self._usual and grab.tls is not None):
                wanted.append(grab)
            else:
                self._left_out[grab.status] += 1
        return wanted

    def found_in(self, block: Block) -> list[Grab]:
        """The same of records that are encoded: only what may be shown is read, for a scan may find millions."""
        marks = (*self._words, _TLS) if self._usual else self._words
        some = [line for line in block.lines.splitlines() if any(mark in line for mark in marks)]
        self._left_out.update(block.statuses)
        read = [decode(line) for line in some]
        self._left_out.subtract(grab.status for grab in read)
        return self.found(read)

    def write(self, grabs: Sequence[Grab]) -> None:
        """A line for each. Raises `BrokenPipeError` where the lines are the scan's output."""
        width = running.columns(sys.stdout)
        try:
            sys.stdout.write("".join(line_of(grab, width, colour=self._colour) + "\n" for grab in grabs))
            sys.stdout.flush()
        except OSError:
            if not self._besides:
                raise
            with contextlib.suppress(OSError):
                sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - it stays for the rest of the run

    def rest(self) -> str:
        """What was not shown, in words; nothing where all was."""
        left = counted(self._left_out)
        if not left:
            return ""
        return f"Not shown: {left}" + (" (--all shows them)" if self._usual else "")


def shown(options: argparse.Namespace, *, besides: bool) -> Shown:
    """What `options` ask to be shown. Raises `UsageError`."""
    only, hide = named("--only", options.only), named("--hide", options.hide)
    if options.all and only:
        raise running.UsageError("--all shows every status, --only those that it names: give one of them")
    if both := sorted(only & hide):
        raise running.UsageError(f"{', '.join(both)}: with --only and with --hide at once")
    everything = frozenset(Status)
    colour = running.coloured(options.color)
    if only or hide or options.all:
        return Shown((only or everything) - hide, usual=False, besides=besides, colour=colour)
    return Shown(besides=besides, colour=colour)


def named(option: str, texts: Iterable[str]) -> frozenset[Status]:
    """The statuses that `option` names, with commas or repeated. Raises `UsageError`."""
    words = [word for text in texts for word in text.split(",") if word]
    words_there = [status.value for status in Status]
    for word in words:
        if word not in words_there:
            advice = nearest_or_all(word, words_there)
            raise running.UsageError(f"{option}: no status {word!r}{advice}")
    return frozenset(map(Status, words))
