"""Every daemon behind every other service's usual port: what is told, with how many connections, in which time.

    doors.py [--daemon NAME ...] [--port PORT ...] [--usual] [--trace] [--out FILE]

Each door of each installed daemon (tests/daemons) is led to from the usual ports of all probes, one port for each
set of probes that the plan treats alike, from one that tells nothing and from a printer's; one scan in the default
mode for every few ports. Printed is what is not right, and the figures. With ``--trace`` each wrong one is visited
once more, alone, and its plan's steps are shown. With ``--usual`` each door is led to from its own usual port and from
the one that tells nothing, all in one scan, and what each cost is printed as a table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import uvloop

from banner import Grab, Mode, Target, Timeouts, grab, probes, scan
from banner.plan.hellos import MUTE
from banner.plan.planner import Planner
from banner.plan.steps import Hold, Plan, Step
from tests.daemons import DAEMONS
from tests.daemons.daemon import Daemon, Door
from tests.daemons.field import Field
from tests.daemons.forwarding import Forwarder
from tests.daemons.telling import complaints

TOGETHER = 6
"""Ports scanned at a time: each daemon meets as many clients per door at once, and a small machine is not busy."""
TELLS_NOTHING, PRINTER = 31007, 9100
MOST_CONNECTIONS, MOST_SECONDS = 4, 8.0
MOST_AFTER_WAITING = Timeouts().read + 4
"""Seconds where another service is usual, which is waited for first, or answers slowly."""


class Pair(NamedTuple):
    """A daemon's door behind a port."""

    daemon: Daemon
    door: Door
    port: int

    def __str__(self) -> str:
        return f"{self.daemon.name}/{self.door.name} at {self.port}"


def representatives() -> list[int]:
    """One port for each set of probes that have it, in the clear or inside TLS."""
    clear: dict[int, set[str]] = defaultdict(set)
    inside: dict[int, set[str]] = defaultdict(set)
    for probe in probes.all():
        for port in probe.ports:
            clear[port].add(probe.name)
        for port in probe.tls_ports:
            inside[port].add(probe.name)
    chosen: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    for port in sorted(clear.keys() | inside.keys()):
        chosen.setdefault((frozenset(clear[port]), frozenset(inside[port])), port)
    return sorted([*chosen.values(), TELLS_NOTHING, PRINTER])


def addresses() -> Iterator[str]:
    """One for each pair: what is limited by host is limited for none of them."""
    for number in range(1, 1 << 16):
        yield f"127.77.{number >> 8}.{number & 255}"


def judged(pair: Pair, grab: Grab) -> list[str]:
    """What is wrong."""
    if pair.port in MUTE:  # listened to: a greeting tells, and else nothing can
        told = grab.service is not None and grab.service.name != pair.door.service
        return [f"service {grab.service}"] * told + ["spoken to"] * (grab.connections != 1)
    wrong = complaints(pair.daemon, pair.door, grab)
    if grab.connections > MOST_CONNECTIONS:
        wrong.append(f"{grab.connections} connections")
    most = MOST_SECONDS if pair.port == TELLS_NOTHING else MOST_AFTER_WAITING
    if (grab.timings.total or 0) > most:
        wrong.append("slow")
    return wrong


def scanned(field: Field, pairs: list[Pair], hosts: Iterator[str]) -> dict[Pair, Grab]:
    """One scan of `pairs`."""
    everything = {}
    with closing(Forwarder()) as forwarder:
        for pair, host in zip(pairs, hosts, strict=False):
            forwarder.open(host, pair.port, field[pair.daemon].port(pair.door))
            everything[host, pair.port] = pair

        async def run() -> dict[Pair, Grab]:
            async with scan([Target(*where) for where in everything], mode=Mode.LIGHT) as results:
                return {everything[grab.host, grab.port]: grab async for grab in results}

        return uvloop.run(run())


def traced(field: Field, pair: Pair, host: str) -> list[str]:
    """The steps of a visit of `pair`, alone."""
    steps: list[str] = []
    under_way = Planner.plan

    def told(plan: Planner, port: int) -> Plan:
        inner = under_way(plan, port)
        step: Step = next(inner)
        began = time.monotonic()
        while True:
            name = step.probe.name if isinstance(step, Hold) else type(step).__name__.lower()
            where = "+" * step.fresh + name + "/tls" * getattr(step, "tls", False)
            heard = yield step
            what = f"alpn {heard.alpn}" if heard.secured else str(heard.data[:60] or heard.reaction.value)
            found = f" = {heard.service.name}" if heard.service else ""
            steps.append(f"{time.monotonic() - began:5.2f} {where}: {what}{found}")
            try:
                step = inner.send(heard)
            except StopIteration:
                return

    Planner.plan = told  # type: ignore[method-assign, assignment]
    try:
        with closing(Forwarder()) as forwarder:
            forwarder.open(host, pair.port, field[pair.daemon].port(pair.door))
            asyncio.run(grab(host, pair.port))
    finally:
        Planner.plan = under_way  # type: ignore[method-assign]
    return steps


def kind(complaint: str) -> str:
    """A complaint without its particulars."""
    if complaint.endswith("connections"):
        return "many connections"
    if complaint.endswith("service None"):
        return "no service, " + complaint.split(",")[0]
    words = complaint.split()
    return (
        "another service"
        if ", service " in complaint
        else " ".join(words[:2] if words[0] == "no" else words[:1])
    )


def figures(seen: dict[Pair, Grab], wrong: dict[Pair, list[str]]) -> str:
    """All in a few lines."""
    kinds = Counter(kind(one) for said in wrong.values() for one in said)
    connections = [grab.connections for grab in seen.values()]
    seconds = [grab.timings.total or 0.0 for grab in seen.values()]
    hellos = [len(grab.said) for grab in seen.values()]
    return (
        f"{len(seen)} pairs, {len(seen) - len(wrong)} right, {len(wrong)} not: "
        + ", ".join(f"{name} {count}" for name, count in kinds.most_common())
        + f"\nconnections: mean {statistics.mean(connections):.2f}, median {statistics.median(connections)}, "
        + f"max {max(connections)}; hellos: mean {statistics.mean(hellos):.2f}, max {max(hellos)}"
        + f"\nseconds: mean {statistics.mean(seconds):.2f}, median {statistics.median(seconds):.2f}, "
        + f"max {max(seconds):.2f}"
    )


def table(seen: dict[Pair, Grab]) -> Iterator[str]:
    """What each door cost, at its usual port and at one that tells nothing."""
    yield f"{'':24} usual: connections, hellos, seconds   elsewhere"
    for pair, at_home in seen.items():
        if pair.port == TELLS_NOTHING:
            continue
        elsewhere = seen[pair._replace(port=TELLS_NOTHING)]
        cost = [(one.connections, len(one.said), one.timings.total or 0.0) for one in (at_home, elsewhere)]
        columns = "      ".join(f"{count} {hellos} {seconds:6.2f}" for count, hellos, seconds in cost)
        yield f"{pair.daemon.name + '/' + pair.door.name:24} {columns}"
    for name, nothing in (("usual", False), ("elsewhere", True)):
        kept = {pair: grab for pair, grab in seen.items() if (pair.port == TELLS_NOTHING) is nothing}
        yield f"{name}: " + figures(kept, {})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--daemon", nargs="*", default=[], help="only these")
    parser.add_argument("--port", nargs="*", type=int, default=[], help="only these")
    parser.add_argument(
        "--usual", action="store_true", help="at its usual port and at one that tells nothing"
    )
    parser.add_argument("--trace", action="store_true", help="show the steps of the wrong ones")
    parser.add_argument("--out", type=Path, help="a JSON line for each pair")
    options = parser.parse_args()
    daemons = [d for d in DAEMONS if not d.missing and (not options.daemon or d.name in options.daemon)]
    ports = options.port or representatives()
    hosts = addresses()
    seen: dict[Pair, Grab] = {}
    with closing(Field()) as field:
        field.start(daemons)
        if options.usual:
            ports, both = [], [(d, door) for d in daemons if field[d] for door in d.doors]
            pairs = [Pair(*one, port) for one in both for port in (one[1].usual, TELLS_NOTHING)]
            began = time.monotonic()
            seen = scanned(field, pairs, hosts)
            print(f"{len(pairs)} pairs in one scan: {time.monotonic() - began:.2f} s of wall time")
            print(*table(seen), sep="\n")
        for start in range(0, len(ports), TOGETHER):
            some = ports[start : start + TOGETHER]
            pairs = [Pair(one, door, port) for one in daemons for door in one.doors for port in some]
            seen |= scanned(field, pairs, hosts)
            print(f"{len(seen)} pairs", flush=True)
        wrong = {pair: said for pair, found in seen.items() if (said := judged(pair, found))}
        for pair, said in wrong.items():
            found = seen[pair]
            print(f"{pair!s:32} {found.connections:2} {found.timings.total:6.2f} s  {'; '.join(said)}")
            for step in traced(field, pair, next(hosts)) if options.trace else ():
                print(f"    {step}")
        for one in daemons:
            if field[one].process.poll() is not None:
                print(f"{one} ended:\n{field[one].log()}")
    if options.out:
        with options.out.open("w") as file:
            for pair, found in seen.items():
                service = found.service and found.service.name
                cost = found.connections, found.timings.total
                row = [str(pair), found.status, service, *cost, wrong.get(pair), repr(found.banner[:80])]
                file.write(json.dumps(row) + "\n")
    print(figures(seen, wrong))


if __name__ == "__main__":
    main()
