"""What the options of ``banner scan`` ask for together: its targets, and the files that it reads and writes."""

from __future__ import annotations

import argparse
import os
import stat
from typing import Final

from ...addresses.ports import left_out
from ...inputs import former
from ...inputs.files import InputError, Source
from ...inputs.selection import NoTargetsError, Selection
from ...models import Settings
from ...text.lines import shown
from . import running
from .complaints import Complaints

LISTS: Final = (".txt", ".lst", ".list", ".csv", ".json", ".jsonl", ".xml", ".gnmap")
"""How files of targets end, and no name of a host does."""


def selected(options: argparse.Namespace, chosen: Settings) -> Selection:
    """The targets that are asked for. Raises `UsageError`, `ValueError`."""
    if options.ports and (others := left_out(options.ports)):
        running.complain(f"-p: left out: {others:,} SCTP ports, which are not visited")
    for text in options.targets:
        check_no_file(text, ports=bool(options.ports))
    try:
        return Selection(
            options.targets,
            options.input,
            ports=options.ports,
            exclude=chosen.policy and chosen.policy.addresses,
            shuffled=options.order == "shuffled",
            seed=options.seed,
            shard=options.shard,
            opened=lambda path: opened(path)[0],
        )
    except NoTargetsError:
        raise running.UsageError(
            "no targets: name some, or give a file with -i (- is standard input)"
            + ("; --exclude takes all words up to the next option" if options.exclude else "")
        ) from None
    except InputError as error:
        raise running.UsageError(str(error)) from None
    except OSError as error:
        raise running.UsageError(f"{error.filename}: {error.strerror}") from None


def check_no_file(text: str, *, ports: bool) -> None:
    """Raise `UsageError` where the target `text` is a file of them: it ends like one, or could be no target."""
    like = text.lower().endswith(LISTS) or text.startswith(("/", "./", "../")) or not (ports or ":" in text)
    if like and os.path.exists(text) and not os.path.isdir(text):
        raise running.UsageError(f"{shown(text)} is a file: -i {shown(text)} reads the targets in it")


def opened(path: str) -> tuple[Source, str | None]:
    """The file of targets at `path`, and what it is where that is a database. Raises `OSError`, `InputError`,
    and `UsageError` where it cannot be read."""
    complaints = Complaints(running.complain, each=3)
    try:
        found = former.opened(path, lambda bad: complaints.bad_line(path, bad))
    except (ValueError, ImportError) as error:
        raise running.UsageError(f"{path}: {error}") from None
    complaints.end()
    return found


def read_pipe(options: argparse.Namespace) -> None:
    """Take targets from standard input where none are named and it is a pipe or a file."""
    if options.targets or options.input or options.resume:
        return
    try:
        mode = os.fstat(0).st_mode
    except OSError:  # it is closed
        return
    if stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode):
        options.input = ["-"]


def check_resuming(options: argparse.Namespace) -> None:
    """Raise `UsageError` for options that contradict each other."""
    if options.resume and options.force:
        raise running.UsageError("--resume goes on with a scan, --force begins it anew: give one of them")
    if options.seed is not None and options.order == "given":
        raise running.UsageError("--seed is of the shuffled order: it does not go with --order given")


def inputs(options: argparse.Namespace) -> list[str]:
    """The files that a scan reads."""
    rules = options.rules or os.environ.get("BANNER_RULES", "").split(os.pathsep)
    return [*options.input, *options.exclude_file, *filter(None, rules)]


def beside(options: argparse.Namespace) -> list[str]:
    """The files that a scan writes beside its records. Raises `UsageError` where one is among those."""
    if options.log_file and os.path.abspath(options.log_file) in map(os.path.abspath, options.output):
        raise running.UsageError(f"--log-file {options.log_file} is an output: it would be overwritten")
    metrics = [options.metrics] if options.metrics and os.path.isfile(options.metrics) else []
    return [*metrics, *filter(None, [options.log_file])]
