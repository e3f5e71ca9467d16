"""``banner targets``: what files of targets name, without a packet."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ...addresses.blocks import AddressSet, format_address, parse_address
from ...addresses.ports import format_ports, left_out, parse_ports
from ...formats.terminal import safe
from ...inputs.files import InputError, understood
from ...inputs.order import remainder
from ...inputs.spec import BadLine, Spec, is_address
from . import running
from .asked import opened
from .complaints import Complaints

SHOWN: Final = 10
"""Networks and ports that are shown."""
KEPT: Final = 65536
"""Networks that are counted apart; what comes after these is one number."""


class Tally:
    """What was found, counted in bounded memory: by networks (/24, /48) and by ports."""

    def __init__(self) -> None:
        self.targets: int = 0
        self.names: int = 0
        self.pinned: int = 0
        self.others: int = 0
        self.excluded: int = 0
        self.networks: Counter[str] = Counter()
        self.ports: Counter[int] = Counter()

    def add(self, spec: Spec) -> None:
        self.targets += spec.size
        hosts = spec.size // len(spec.ports)
        for port in spec.ports:
            self.ports[port] += hosts
        network = str(spec.block) if spec.block else _network(spec.ip or spec.host)
        self.names += len(spec.ports) if spec.ip or network is None else 0
        self.pinned += len(spec.ports) if spec.ip else 0
        if network is None:
            return
        if network in self.networks or len(self.networks) < KEPT:
            self.networks[network] += spec.size
        else:
            self.others += spec.size

    def lines(self) -> Iterator[str]:
        """For a person."""
        yield f"{self.targets:,} targets"
        if self.excluded:
            yield f"{self.excluded:,} more are excluded"
        if self.names:
            known = f", of which {self.pinned:,} have their address" if self.pinned else ""
            yield f"{self.names:,} by name{known}"
        yield f"{len(self.networks):,} networks{_and_more(self.others)}: {_most(self.networks)}"
        named = Counter({format_ports([port]): number for port, number in self.ports.items()})
        yield f"{len(self.ports):,} ports: {_most(named)}"


def _network(host: str) -> str | None:
    if not (":" in host or host.rpartition(".")[2].isdigit()):
        return None
    if ":" not in host:
        return f"{host.rpartition('.')[0]}.0/24"
    number = parse_address(host.partition("%")[0])
    return f"{format_address(number >> 80 << 80)}/48"


def _most(counts: Counter[str]) -> str:
    shown = ", ".join(f"{what} ({number:,})" for what, number in counts.most_common(SHOWN))
    return shown + (", ..." if len(counts) > SHOWN else "")


def _and_more(others: int) -> str:
    return f" and {others:,} targets of further ones" if others else ""


def run(options: argparse.Namespace) -> int:
    """Exit status: 0, or 2 where a file or a line was no good."""
    tally = Tally()
    complaints = Complaints(running.complain)
    ports: Sequence[int] = ()
    try:
        excluded = running.exclusions(options)
        exclude = excluded.addresses if excluded else None
        if options.ports:
            ports = parse_ports(options.ports)
            if others := left_out(options.ports):
                running.complain(f"-p: left out: {others:,} SCTP ports, which are not visited")
        for path in options.files:
            _read(path, ports, exclude, tally, complaints, listing=options.list)
        if not options.list:
            print("\n".join(tally.lines()))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0  # the reader has what it wanted
    except (InputError, ValueError, running.UsageError) as error:
        running.complain(str(error))
        return 2
    except OSError as error:
        if error.filename is None:
            raise  # of standard output
        running.complain(f"{error.filename}: {error.strerror}")
        return 2
    complaints.end()
    return 2 if complaints.count else 0


def _read(
    path: str,
    ports: Sequence[int],
    exclude: AddressSet | None,
    tally: Tally,
    complaints: Complaints,
    *,
    listing: bool,
) -> None:
    source, former = opened(path)
    before, bad = tally.targets, complaints.count
    kind, found = understood(source, ports)
    for item in found:
        if isinstance(item, BadLine):
            complaints.bad_line(source.name, item)
            continue
        left = _left(item, exclude) if exclude else [item]
        tally.excluded += item.size - sum(part.size for part in left)
        for part in left:
            tally.add(part)
            if listing:
                print(part)
    if not listing:
        wrong = f", {complaints.count - bad:,} complaints" if complaints.count > bad else ""
        print(f"{safe(source.name)}: {former or kind}: {tally.targets - before:,} targets{wrong}")


def _left(spec: Spec, exclude: AddressSet) -> list[Spec]:
    """What is visited of `spec`. A scan gives a record, ``denied``, for an excluded host that was named by itself, and
    sends it nothing; names may still lead to such."""
    host = spec.ip or spec.host
    if spec.block is None and is_address(host):
        return [] if host.partition("%")[0] in exclude else [spec]
    return remainder(spec, exclude)
