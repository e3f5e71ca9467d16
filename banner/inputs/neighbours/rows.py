"""Rows of CSV: zmap's, naabu's and ours, with a header that names the columns, and zgrab2's input without one."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ...addresses.ports import parse_ports
from ...text.lines import MAX_LINE
from ..spec import parse
from .place import Found, at, place

HOSTS: Final = ("host", "domain", "saddr", "ip")
"""Columns that name the host, the best first: a name leads to the right virtual host."""
PORTS: Final = ("port", "sport")

_NAME = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_DOMAIN = re.compile(r"[\w.-]+\.[^\W\d][\w-]+\.?")


def is_header(line: str) -> bool:
    """Whether `line` names columns, a host among them: zmap writes it with two fields and more."""
    names = [name.strip().strip('"').lower() for name in line.split(",")]
    there = set(names)
    if not all(map(_NAME.fullmatch, names)) or not there & set(HOSTS):
        return False
    return len(names) > 1 or names == ["saddr"]


def is_zgrab2(line: str) -> bool:
    """Whether `line` is a row of zgrab2's input and could not be a plain target: its first or second
    cell is empty, or its second one is a domain's name."""
    first, *others = [cell.strip() for cell in line.split(",")]
    if not others or "[" in first or " " in first:
        return False
    if not first or not others[0]:
        return len(others) > 1 or bool(others[0])
    return _DOMAIN.fullmatch(others[0]) is not None


def cells(line: str) -> list[str]:
    """The cells of one row. Raises `ValueError`."""
    try:
        found = next(csv.reader([line], skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        raise ValueError(str(error)) from None
    return [cell.strip() for cell in found]


def reader_by_header(ports: Sequence[int]) -> Callable[[str], Iterator[Found]]:
    """What reads a file whose first row is the header; `ports` for rows that name none."""
    names: list[str] = []

    def read(line: str) -> Iterator[Found]:
        if line.startswith("#"):
            return
        if not names:
            names.extend(name.lower() for name in cells(line))
            return
        found = cells(line)
        if len(found) != len(names):
            raise ValueError(f"{len(found)} cells where the header has {len(names)}")
        row = {name: cell for name, cell in zip(names, found, strict=True) if cell}
        if _answered(row):
            # Our own CSV marks what a spreadsheet could take for a formula.
            host = next((row[name].removeprefix("'") for name in HOSTS if name in row), None)
            ip = row.get("ip")
            port = next((row[name] for name in PORTS if name in row), None)
            if port is None:
                yield place(host, ports, row.get("tag"), ip=ip)
            else:
                yield from at(_carrier(row), host, port, row.get("tag"), ip=ip)

    return read


def _carrier(row: dict[str, str]) -> str | None:
    """naabu's column, ours, or zmap's."""
    carrier = row.get("protocol") or row.get("transport")
    return "udp" if row.get("classification") == "udp" else carrier


def _answered(row: dict[str, str]) -> bool:
    """Whether a row is of an open port, seen for the first time (zmap's fields)."""
    return (
        row.get("classification", "synack") in ("synack", "udp")
        and row.get("success", "1") in ("1", "true")
        and row.get("repeat", "0") in ("0", "false")
        and row.get("protocol", "tcp") in ("tcp", "udp")
    )


def zgrab2_reader(ports: Sequence[int]) -> Callable[[str], Iterator[Found]]:
    """What reads ``ip, domain, tag, port``: an address or network, a name, or both (the address is visited, by
    that name); plain targets between them are taken as well."""

    def read(line: str) -> Iterator[Found]:
        if line.startswith("#"):
            return
        if not is_zgrab2(line) and len(line) <= MAX_LINE:
            yield parse(line, ports)
            return
        ip, domain, tag, port = ([*cells(line), "", "", ""])[:4]
        chosen = parse_ports(port) if port else ports
        network = "/" in ip
        yield place(domain or ip, chosen, tag, ip=None if network else ip, several=True)

    return read
