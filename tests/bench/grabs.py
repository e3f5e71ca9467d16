"""What a grab costs beside the limit and beside other tools, in one run: the table of performance.

    python -m tests.bench.grabs [--count N] [--rounds N] [SECTION ...]

Sections: start, greeting, unique, delay, http, pages, tls, tls13, workers, mixed, dask, identify; all of them if
none is named, in a quarter of an hour. Every round runs a first command and then each other one against the same
server, so that the ratios hold on a machine that does other work too. The first is the limit (limit.c: plain
sockets in C, nothing parsed or written); of tls and tls13 (nginx, RSA 2048) it is the full visit, of workers one
worker, of start, which is one target, a bare interpreter, and of mixed the one that listens. Printed are medians:
CPU microseconds per grab (user and system, child processes included), grabs per second, peak memory, the ratio to
the first command of the same round, and how many greetings are missing in the output. The client has core 0 and the
server core 1, where there are two; several workers have both. dask and identify print what `cluster.py` and
`identify.py` do. Other tools run where they are installed; nmap takes so long that it gets a fiftieth of the
targets. masscan is not here: it has a TCP of its own, which the loopback interface does not carry.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from .measured import PLACES_OF_FIELD, TOLD, Command, Run, commands, run
from .peers import compile_all, greedy, greeter, mixed, nginx, server

LIST = "/usr/share/nmap/nmap-service-probes"
"""Where nmap's list is, if nmap is installed."""


class Section(NamedTuple):
    """What is measured, and against whom."""

    label: str
    """After the number of targets."""
    peer: Callable[[Path], AbstractContextManager[None]]
    of: int = 1
    """The part of the targets that it has."""


def greets(*words: str) -> Callable[[Path], AbstractContextManager[None]]:
    return lambda work: server(*greeter(work, *words))


def serves(work: Path) -> AbstractContextManager[None]:
    return server(*nginx(Path(tempfile.mkdtemp(dir=work))))


SECTIONS: dict[str, list[Section]] = {
    "greeting": [Section("targets that greet", greets())],
    "unique": [Section("targets that greet, each differently", greets("unique"))],
    "delay": [Section(f"targets that greet after {ms} ms", greets(ms), 2) for ms in ("50", "100", "300")],
    "http": [Section("targets of nginx, a small page", serves)],
    "pages": [Section("targets of nginx, small pages, no two alike", serves)],
    "tls": [Section("targets of nginx, a small page inside TLS 1.2", serves, 4)],
    "tls13": [Section("targets of nginx, a small page inside TLS 1.3", serves, 4)],
    "workers": [Section("targets that greet", greets())],
    "mixed": [Section("targets, 25 % of which drop, 20 % refuse, 5 % are silent", mixed, 2)],
}


def measure(name: str, label: str, commands: list[Command], rounds: int) -> None:
    """Print the table of a section."""
    runs: dict[str, list[Run]] = {command.name: [] for command in commands}
    for _ in range(rounds):
        for command in commands:
            runs[command.name].append(run(command, TOLD.get(name, b"OpenSSH")))
    print(
        f"\n{label}\n\n| | CPU us/grab | grabs/s | MB | times the first | missing |\n|---|---|---|---|---|---|"
    )
    first = commands[0]
    for command in commands:
        done = runs[command.name]
        each = [one.cpu / one.grabs * 1e6 for one in done]
        base = [one.cpu / first.targets * 1e6 for one in runs[first.name]]
        ratio = statistics.median(a / b for a, b in zip(each, base, strict=True))
        speed = statistics.median(one.grabs / one.wall for one in done)
        memory = statistics.median(one.memory for one in done)
        missing = sum(one.missing for one in done)
        cost = statistics.median(each)
        print(
            f"| {command.name} | {cost:.1f} | {speed:,.0f} | {memory:.0f} | {ratio:.2f} | {missing} |",
            flush=True,
        )
    if name == "mixed":
        least, wall = (
            greedy(first.targets, PLACES_OF_FIELD),
            statistics.median(one.wall for one in runs[first.name]),
        )
        print(f"\nListening takes {wall:.1f} s, {wall / least:.3f} of the greedy schedule's {least:.1f}.")


def other(name: str, count: int, rounds: int, work: Path) -> None:
    """The sections that are no table of commands."""
    if name == "start":
        with server(*greeter(work)):
            measure(name, "1 target that greets", commands(name, 1, work), 4 * rounds + 1)
    elif name == "dask":
        from . import cluster

        print("\nTwo workers, alone and as a cluster of Dask\n", flush=True)
        with cluster.greeting():
            cluster.compared(None, 5 * count, rounds)
    else:
        from . import identify

        for rules in (None, *([LIST] if Path(LIST).exists() else [])):
            print(f"\nbanner identify{f' --rules {rules}' if rules else ''}\n", flush=True)
            identify.measure(count, rules, rounds=rounds)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("sections", nargs="*", metavar="SECTION", default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="banner-bench-") as folder:
        work = Path(folder)
        compile_all(work)
        for name in options.sections or ["start", *SECTIONS, "dask", "identify"]:
            for section in SECTIONS.get(name, ()):
                count = options.count // section.of
                with section.peer(work):
                    label = f"{count:,} {section.label}"
                    measure(name, label, commands(name, count, work), options.rounds)
            if name not in SECTIONS:
                other(name, options.count, options.rounds, work)


if __name__ == "__main__":
    main()
