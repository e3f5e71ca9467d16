"""The outputs that ``banner scan`` names, and ``--resume``: options for what `journal` and `formats` decide.

Nothing that is there already is overwritten unless that is asked for.
"""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Callable
from typing import Any, Final

from ...addresses.proxies import parse_proxy
from ...fleet.slices import OWED
from ...formats.destinations import Destination, UnknownFormatError, destinations
from ...formats.destinations import opened as opened_sink
from ...formats.registry import names
from ...inputs.selection import Selection
from ...journal import journal, resuming
from ...journal.scan_output import KeptOutput, Output
from ...text.nearest import nearest_or_all
from . import running

PER_RUN: Final = frozenset(
    {"parser", "version", "output", "resume", "force", "quiet", "max_time", "metrics", "workers", "dask"}
    | {"all", "only", "hide", "live", "log_file", "trace", "verbose", "color", "no_config"}
)
"""Options that say how this run goes, not which scan it is."""
PATHS: Final = ("input", "exclude_file")


class Resumption:
    """What ``--resume`` finds; fills `options` with what the scan began with.

    Raises `UsageError`, `OSError`, or `JournalError` with nothing changed.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        main = named(options)[0]
        if not main.journalled:
            raise running.UsageError("--resume goes with -o FILE, a file of JSON lines or an SQLite database")
        self.path: str = main.path
        self.besides: list[str] = []
        """The scan's other files."""
        try:
            self.found: resuming.Found | None = resuming.find(self.path)
        except resuming.JournalLostError as error:
            raise running.UsageError(f"{error}: --force begins anew") from None
        """The journal; None where the scan had not begun."""
        self.nothing_to_do: bool = self.found is None and resuming.holds_records(self.path)
        """There are records and no journal: the scan is complete."""
        if self.found is None:
            if not self.nothing_to_do and not options.targets and not options.input:
                raise running.UsageError(
                    f"{self.path} has no records and no journal: there is no scan to resume"
                )
            return
        self.besides = self.found.besides
        take_over(options, self.found.arguments)
        given = {os.path.abspath(one) for one in options.output}
        options.output = [*options.output, *(one for one in self.besides if one not in given)]


def named(options: argparse.Namespace) -> list[Destination]:
    """Where the records go, the one with the journal first. Raises `UsageError`, `ValueError`."""
    try:
        return destinations(options.output or ["-"], options.format)
    except UnknownFormatError as error:
        name = error.args[0]
        advice = nearest_or_all(name, names())
        raise running.UsageError(f"no format {name!r}{advice}") from None


def arguments(options: argparse.Namespace) -> dict[str, Any]:
    """What of the command line makes the scan what it is."""
    found = {name: value for name, value in vars(options).items() if name not in PER_RUN}
    for name in PATHS:
        found[name] = [path if path == "-" else os.path.abspath(path) for path in found[name]]
    if found.get("proxy"):
        found["proxy"] = str(parse_proxy(found["proxy"]))  # the journal is no place for a password
    return found


def take_over(options: argparse.Namespace, begun: dict[str, Any]) -> None:
    """Fill `options` with those that the scan began with. Raises `OtherScanError` with what differs.

    Without targets on the command line, an option that is not given is taken over; with targets, all have to
    be the same, but for a seed that the scan chose by itself.
    """
    given = arguments(options)
    usual = {name: options.parser.get_default(name) for name in given}
    resuming.check_arguments(
        given, begun, usual, whole=bool(options.targets or options.input), called=_option
    )
    for name, value in begun.items():
        if name == "proxy" and options.proxy:
            continue  # it is the same, and may say who asks
        setattr(options, name, value)


def _option(name: str) -> str:
    return name if name == "targets" else f"--{name.replace('_', '-')}"


def remainder(output: Output, selection: Selection) -> str:
    """How one gets what a scan that was cut short has left."""
    if output.path is None:
        return "which ones is not kept: with -o FILE.jsonl it would be"
    from shlex import quote  # for who was cut short

    piped = "" if selection.seekable else ", with the same targets piped in from the first on,"
    return f"banner scan --resume -o {quote(output.path)}{piped} goes on"


def opened(options: argparse.Namespace, resumption: Resumption | None, warn: Callable[[str], None]) -> Output:
    """The outputs that `options` name; `warn` is told what ends nothing.

    Raises `UsageError`, `ValueError`, `OSError`, `OutputError`."""
    found = named(options)
    main, *others = found
    known = [main.path, *resumption.besides] if resumption else []
    for one in found:
        if not options.force and not any(
            os.path.abspath(one.path) == os.path.abspath(path) for path in known
        ):
            refuse_to_overwrite(one)
    if not main.journalled:
        shown = not options.output and options.format is None and os.isatty(1)
        return Output(opened_sink(found), shows=shown, terminal=any(map(_is_terminal, found)))
    return KeptOutput(
        main,
        others,
        arguments=arguments(options),
        found=resumption.found if resumption else None,
        # In flight, read and not started, found and not written, with any number of workers.
        most=4 * options.concurrency + OWED,
        warn=warn,
        terminal=any(map(_is_terminal, found)),
    )


def refuse_to_overwrite(one: Destination) -> None:
    """Raise `UsageError` where `one` holds something."""
    if one.lasts and os.path.exists(one.path) and os.path.getsize(one.path) > 0:
        begun = one.journalled and os.path.exists(journal.path_of(one.path))
        raise running.UsageError(
            f"{one.path} holds records already: "
            + ("--resume goes on with its scan, " if begun else "")
            + "--force begins anew in it"
        )


def _is_terminal(one: Destination) -> bool:
    if one.path == "-":
        return os.isatty(1)
    if not (os.path.exists(one.path) and stat.S_ISCHR(os.stat(one.path).st_mode)):
        return False
    fd = os.open(one.path, os.O_RDONLY | getattr(os, "O_NOCTTY", 0))
    try:
        return os.isatty(fd)
    finally:
        os.close(fd)
