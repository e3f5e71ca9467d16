"""What the commands share: settings from options, exclusions, and running on the quickest loop there is."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from ...addresses.blocks import AddressSet
from ...addresses.judge import Exclusions
from ...addresses.socket_address import literal
from ...dialogue import Probe
from ...models import Manners, Mode, Settings, Timeouts
from ...recognition.identify import Rules
from ...text.lines import split_lines
from ...visit.descriptors import COMMAND, check_room
from ...visit.source import source
from ...visit.traffic import traced

if TYPE_CHECKING:
    from ...visit.source import Source
    from ...visit.tracing import Trace


class UsageError(Exception):
    """The command line asks for something that cannot be: exit status 2."""


def exclusions(options: argparse.Namespace) -> Exclusions | None:
    """What is excluded, or None. Raises `UsageError`."""
    try:
        addresses = AddressSet.of(options.exclude)
    except ValueError as error:
        raise UsageError(f"--exclude: {error}") from None
    for path in options.exclude_file:
        try:
            with open(path, "rb") as file:
                addresses |= AddressSet.read(split_lines(_chunks(file)))
        except OSError as error:
            raise UsageError(f"--exclude-file {path}: {error.strerror}") from None
        except ValueError as error:
            raise UsageError(f"--exclude-file {path}: {error}") from None
    return Exclusions(addresses) if addresses else None


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while data := file.read(65536):
        yield data


def settings(options: argparse.Namespace) -> Settings:
    """How targets are visited, as the options say. Raises `UsageError`."""
    if options.mode == "listen" and options.probe:
        raise UsageError("--mode listen sends nothing: it does not go with --probe")
    if options.mode == "tls" and "tls" in options.no_probe:
        raise UsageError("--mode tls shakes hands: it does not go with --no-probe tls")
    if both := sorted(set(options.probe) & set(options.no_probe)):
        raise UsageError(f"{', '.join(both)}: with --probe and with --no-probe at once")
    usual = Timeouts()
    connect = options.connect_timeout or usual.connect
    read = options.read_timeout or usual.read
    dns = options.dns_timeout or usual.dns
    # A longer phase asks for a longer whole, unless the whole was given.
    total = options.timeout or max(usual.total, connect + read + dns)
    own = _own(options.probes)
    try:
        return Settings(
            timeouts=Timeouts(
                connect=connect, read=read, total=total, dns=min(options.dns_timeout or usual.dns, total)
            ),
            limit=options.limit,
            max_bytes=options.max_bytes,
            mode=Mode(options.mode),
            policy=exclusions(options),
            manners=_manners(options),
            probes=_named("--probe", options.probe, own),
            without=_named("--no-probe", options.no_probe, own),
            own=own,
            rules=_rules(options),
            proxy=options.proxy,
            source=_source(options.source, options.interface),
            nameservers=_nameservers(options.dns),
            dns_rate=options.dns_rate,
            trace=_trace(options.trace),
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _source(place: str | None, interface: str | None) -> Source | None:
    """From where connections begin. Raises `ValueError`."""
    return None if place is None and interface is None else source(place, interface)


def _nameservers(listed: str | None) -> tuple[str, ...]:
    """The servers of ``--dns``. Raises `ValueError`."""
    servers = tuple(listed.split(",")) if listed else ()
    for server in servers:
        if not literal(server):
            raise ValueError(f"--dns takes addresses of name servers, such as 192.0.2.53, not {server!r}")
    return servers


def _trace(path: str | None) -> Trace | None:
    """What is told what happens on the wire. Raises `UsageError`."""
    if path is None:
        return traced(None)
    from ...visit.tracing import Lines, TraceFile

    try:
        return Lines(sys.stderr.write) if path == "-" else TraceFile(path)
    except OSError as error:
        raise UsageError(f"--trace {path}: {error.strerror}") from None


def _rules(options: argparse.Namespace) -> Rules | None:
    """The rules that were asked for, or None for the built-in ones."""
    if options.rules is None and not options.no_built_in_rules and not os.environ.get("BANNER_RULES"):
        return None
    from .identify import rules_of

    try:
        return rules_of(options.rules, built_in=not options.no_built_in_rules)
    except OSError as error:
        raise UsageError(f"--rules {error.filename}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"--rules: {error}") from None


def _own(names: list[str]) -> tuple[Probe, ...]:
    """The dialogues of ``--probes``. Raises `UsageError`."""
    if not names:
        return ()
    from ...plan.own import load

    try:
        return load(names)
    except ValueError as error:
        raise UsageError(f"--probes {error}") from None


def _named(option: str, names: list[str], own: tuple[Probe, ...]) -> tuple[str, ...]:
    """The dialogues that `option` names, and TLS. Raises `UsageError` for a name that does not exist."""
    if names:
        from ... import probes

        try:
            for name in names:
                if name != "tls" and all(name != probe.name for probe in own):
                    probes.check(name)
        except ValueError as error:
            raise UsageError(f"{option}: {error}") from None
    return tuple(names)


def _manners(options: argparse.Namespace) -> Manners:
    given = {"ehlo": options.ehlo, "user_agent": options.user_agent}
    try:
        return Manners(**{name: text for name, text in given.items() if text is not None})
    except ValueError as error:
        raise UsageError(f"--{error}".replace("_", "-", 1)) from None


_FEW = 32
"""Targets up to which uvloop costs more than it saves."""
_FEW_SWEPT = 20_000
"""The same of those that one process sweeps. A sweep has a selector of its own: the loop turns a hundred times for
10,000 that greet at once, some 500 times where they take 300 ms to, and saves by uvloop less than its import takes."""


def are_few(targets: int | None, *, swept: bool = False) -> bool:
    """Whether so many `targets` are visited as quickly on asyncio's own loop; None where nobody knows how many.
    `swept` says that one process does so, and directly."""
    return targets is not None and targets <= (_FEW_SWEPT if swept else _FEW)


def run(main: Callable[[], Coroutine[Any, Any, int]], *, few: bool = False) -> int:
    """Run a command on uvloop where there is one; SIGTERM and a hang-up end it as Ctrl-C does.

    With `few` connections (`are_few`) on asyncio's own: to import uvloop takes 15 ms, and 8 MB with what that imports.
    """

    async def until_told() -> int:
        told: list[bool] = []
        with _told_to_stop(lambda: told.append(True)):
            try:
                return await main()
            except asyncio.CancelledError:
                if told:
                    return 130
                raise

    try:
        # Before there is anything to clean up: what the loop, its signals, the selectors and the first target open.
        check_room(COMMAND)
    except OSError as error:
        complain(str(error.strerror))
        return 1
    try:
        with asyncio.Runner(loop_factory=None if few else quickest()) as runner:
            return runner.run(until_told())
    except KeyboardInterrupt:
        return 130


def quickest() -> Callable[[], asyncio.AbstractEventLoop]:
    """What makes the quickest loop that is here; imported now, so that processes that are forked share it."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


@contextlib.contextmanager
def _told_to_stop(note: Callable[[], None]) -> Iterator[None]:
    """Have SIGTERM and a hang-up end the current task, after `note`, in the way in which asyncio.run has SIGINT do so:
    `add_signal_handler` would import what looks into functions."""
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()

    def stop(number: int, frame: object) -> None:
        note()
        task.cancel()
        loop.call_soon_threadsafe(lambda: None)  # it may wait for long

    before = {}
    try:
        for number in {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup(1) ignores SIGHUP
                with contextlib.suppress(ValueError):  # not in the main thread
                    before[number] = signal.signal(number, stop)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def complain(text: str) -> None:
    """One line for a person on standard error."""
    with contextlib.suppress(OSError):  # nobody is there to be told
        print(f"banner: {text}", file=sys.stderr, flush=True)


def coloured(choice: str) -> bool:
    """Whether standard output is coloured: as ``--color`` says, else where a person looks on and wants it
    (https://no-color.org, https://force-color.org)."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (os.environ.get("TERM") != "dumb" and sys.stdout.isatty())


def rows(stream: TextIO) -> int:
    """The height of the terminal that `stream` is, or 24."""
    try:
        return os.get_terminal_size(stream.fileno()).lines or 24
    except (OSError, ValueError):
        return 24


def columns(stream: TextIO) -> int:
    """The width of the terminal that `stream` is, or 80."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
