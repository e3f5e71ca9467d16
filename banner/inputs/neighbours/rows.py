"""Rows of CSV: zmap's, naabu's and ours, with a header that names the columns, and zgrab2's input without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ...addresses.ports import parse_ports
from ...text.lines import LONGEST, MAX_LINE, content
from ...text.patterns import lazily
from ..spec import parse
from .place import NO_CARRIER, Found, Recent, at, place

HOSTS: Final = ("host", "domain", "saddr", "ip")
"""Columns that name the host, the best first: a name leads to the right virtual host."""
PORTS: Final = ("port", "sport", "ports")
_NAMES: Final = {
    "ip_str": "ip",
    "ip_address": "ip",
    "hostname": "host",
    "hostnames": "tag",
    "port_protocol": "protocol",
}
"""What Shodan, OpenVAS and people call columns, and what they are here."""
_FINDINGS: Final = ("plugin_id", "nvt_name")
"""Columns of Nessus and OpenVAS, who have a row for each finding, some of no port."""
MOST: Final = 2000
"""Lines that one row may have."""

_NAME = lazily(r"[A-Za-z_][\w .-]*", re.ASCII)
_DOMAIN = lazily(r"[\w.-]+\.[^\W\d][\w-]+\.?")


def is_header(line: str) -> bool:
    """Whether `line` names columns, a host among them: zmap writes it with two fields and more."""
    return _between(line) is not None


def _between(line: str) -> str | None:
    """What stands between the columns of a header; None where `line` is none."""
    for mark in (",", ";", "\t"):
        cut = [name.strip().strip('"') for name in line.split(mark)]
        names = _known(cut)
        if (
            all(map(_NAME.fullmatch, cut))
            and set(names) & set(HOSTS)
            and (len(cut) > 1 or names == ["saddr"])
        ):
            return mark
    return None


def _known(header: Sequence[str]) -> list[str]:
    """Names of columns as they are called here; none twice, and a name of ours goes before another's."""
    names = [name.strip().lower().replace(" ", "_") for name in header]
    there = {name for name in names if name not in _NAMES}
    return [name if _NAMES.get(name, name) in there else _NAMES.get(name, name) for name in names]


def is_zgrab2(line: str) -> bool:
    """Whether `line` is a row of zgrab2's input and could not be a plain target: its first or second
    cell is empty, or its second one is a domain's name."""
    first, *others = [cell.strip() for cell in line.split(",")]
    if not others or "[" in first or " " in first:
        return False
    if not first or not others[0]:
        return len(others) > 1 or bool(others[0])
    return _DOMAIN.fullmatch(others[0]) is not None


def cells(line: str, between: str = ",") -> list[str]:
    """The cells of one row. Raises `ValueError`."""
    import csv  # where a plain list was told from rows, nobody needs it

    try:
        found = next(csv.reader([line], delimiter=between, skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        raise ValueError(str(error)) from None
    return [cell.strip() for cell in found]


def whole_rows(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Rows with the numbers of their first lines. A cell in quotes may go on over lines; where what is joined so does
    not have the header's width, a quote is missing, and each line is a row."""
    ahead: list[bytes] = []
    number, width, between = 1, 0, ","
    while (line := ahead.pop(0) if ahead else next(lines, None)) is not None:
        if not width and line.strip() and not line.startswith(b"#"):
            header = line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
            between = _between(header) or ","
            width = header.count(between) + 1
        used, odd, size = 0, line.count(b'"') % 2, len(line)
        while odd and used < MOST and size < LONGEST:
            if used == len(ahead):
                if (following := next(lines, None)) is None:
                    break
                ahead.append(following)
            odd ^= ahead[used].count(b'"') % 2
            size += len(ahead[used])
            used += 1
        joined = b"".join([line, *ahead[:used]])
        if odd or (used and _width(joined, between) != width):
            used, joined = 0, line
        yield number, joined
        del ahead[:used]
        number += 1 + used


def _width(row: bytes, between: str) -> int:
    try:
        return len(cells(row.decode("utf-8", "replace").strip(), between))
    except ValueError:
        return 0


def reader_by_header(ports: Sequence[int]) -> Callable[[str], Iterator[Found]]:
    """What reads a file whose first row is the header; `ports` for rows that name none."""
    names: list[str] = []
    between, findings, seen = ",", False, Recent()

    def read(line: str) -> Iterator[Found]:
        nonlocal between, findings
        if line.startswith("#"):
            return
        if not names:
            between = _between(line) or ","
            names.extend(_known(cells(line, between)))
            findings = any(name in names for name in _FINDINGS)
            return
        found = cells(line, between)
        if len(found) != len(names):
            raise ValueError(f"{len(found)} cells where the header has {len(names)}")
        row = {name: cell for name, cell in zip(names, found, strict=True) if cell}
        if not _answered(row):
            return
        if not findings:
            yield from _row(row, ports)
        elif row.get("port", "0") != "0":
            finding = tuple(row.get(name) for name in ("host", "ip", "port", "protocol"))
            if not seen.again(finding):
                yield from _row(row, ports)

    return read


def _row(row: dict[str, str], ports: Sequence[int]) -> Iterator[Found]:
    # Our own CSV marks what a spreadsheet could take for a formula.
    host = next((row[name].removeprefix("'") for name in HOSTS if name in row), None)
    ip = row.get("ip")
    port = next((row[name] for name in PORTS if name in row), None)
    tag = row.get("tag")
    if port is None:
        yield place(host, ports, tag, ip=ip)
        return
    carrier = _carrier(row)
    for one in dict.fromkeys(_BETWEEN.split(port.strip(",;| "))):
        number, _, protocol = one.partition("/")
        yield from at(protocol or carrier, host, number, tag, ip=ip)


_BETWEEN = lazily(r"\s*[,;|]\s*|\s+")
"""What parts the ports of one cell, each a number or ``53/udp``."""


def _carrier(row: dict[str, str]) -> str | None:
    """naabu's column, ours, or zmap's; in some tools' rows the protocol is the service's."""
    carrier = (row.get("transport") or row.get("protocol") or "tcp").lower()
    if row.get("classification") == "udp":
        carrier = "udp"
    return carrier if carrier == "udp" or carrier in NO_CARRIER else "tcp"


def _answered(row: dict[str, str]) -> bool:
    """Whether a row is of an open port, seen for the first time (zmap's fields)."""
    return (
        row.get("classification", "synack") in ("synack", "udp")
        and row.get("success", "1") in ("1", "true")
        and row.get("repeat", "0") in ("0", "false")
    )


def zgrab2_reader(ports: Sequence[int]) -> Callable[[str], Iterator[Found]]:
    """What reads ``ip, domain, tag, port``: an address or network, a name, or both (the address is visited, by
    that name); plain targets between them are taken as well."""

    def read(line: str) -> Iterator[Found]:
        if line.startswith("#"):
            return
        if not is_zgrab2(line) and len(line) <= MAX_LINE:
            if text := content(line):
                yield parse(text, ports)
            return
        ip, domain, tag, port = ([*cells(line), "", "", ""])[:4]
        chosen = parse_ports(port) if port else ports
        network = "/" in ip
        yield place(domain or ip, chosen, tag, ip=None if network else ip, several=True)

    return read
