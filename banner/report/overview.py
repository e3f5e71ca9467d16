"""A scan as the data of its page: facts, columns, certificates, networks, and every record in full.

Pure: grabs and a time in, JSON-able values out. Rows are sorted by address and port, so a row's number is its
place in the table. Whole records are packed by the hundred and inflated by the page when one is asked for:
greetings repeat, so a tenth of their size is left.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..addresses.ports import carried_port
from ..formats.naming import certificate_names, product_of, software, title_of
from ..formats.record import encode
from ..formats.terminal import greeting
from ..models import Certificate, Grab, Status, __version__
from .certificates import by_fingerprint, state, worst_first
from .columns import any_of, cell, coded, column, numbers
from .findings import RULES, When, found
from .outdated import is_ssh, outdated
from .packing import BLOCK, packed
from .since import Since, since_page
from .spans import duration, moment, span

NAMED = 2000
"""Characters of a certificate's names that the search looks at: some 80 names."""
SAID = 4
"""Hellos that the head of a page names."""
LONGEST_NOTE = 2000
"""Characters of a person's note: a long command line."""
BITS = {rule.name: bit for bit, rule in enumerate(RULES)}
"""A finding's bit in a row's mask; a script has 31 of them."""
PHASES = ("dns", "connect", "tls", "first_byte", "total")


def scan_page(
    grabs: Iterable[Grab],
    names: Sequence[str],
    now: float,
    damaged: int = 0,
    since: Since | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """The page's data for `grabs`, read from the files `names`, at the POSIX time `now`.

    `since` is an earlier scan, and `notes` is what a person says of this one.
    """
    rows = sorted(grabs, key=_place)
    certificates = by_fingerprint(rows)
    before = since.grabs if since else []
    return {
        "view": "scan",
        "title": f"{title(names)}: scan report",
        "name": title(names),
        "facts": [
            *_facts(rows, names, now),
            *([["Since", f"{cell(since.name)} ({span(before)})"]] if since else []),
        ],
        "notes": [
            *(cell(note, LONGEST_NOTE) for note in notes),
            *([f"{damaged:,} damaged lines were left out."] if damaged else []),
        ],
        "rows": len(rows),
        "columns": _columns(rows, before, certificates, now),
        "numbers": _numbers(rows),
        "found": _found(rows, When(now)),
        "certificates": worst_first(certificates, now),
        "findings": [[rule.name, rule.title] for rule in RULES],
        "seen": _seen(rows),
        "since": since_page(rows, since, _charted(now), now) if since else None,
        "block": BLOCK,
        "blocks": packed([encode(row).rstrip(b"\n") for row in rows]),
    }


def _seen(rows: Sequence[Grab]) -> dict[str, int]:
    """How many rows the findings look at."""
    return {
        "tls": sum(row.tls is not None for row in rows),
        "ssh": sum(is_ssh(row) for row in rows),
        "greeted": sum(row.status is Status.BANNER for row in rows),
    }


def _found(rows: Sequence[Grab], when: When) -> dict[str, Any]:
    """Which findings each row has: a bit for each rule, and their evidence beside the few rows that have any."""
    masks, told = [], {}
    for number, row in enumerate(rows):
        evidence = {BITS[rule.name]: cell(text) for rule, text in found(row, when)}
        masks.append(sum(1 << bit for bit in evidence))
        if evidence:
            told[number] = [[bit, text] for bit, text in evidence.items()]
    return {"masks": masks, "evidence": told}


def network(grab: Grab) -> str | None:
    """The /24 (of IPv6 the /64, what one site's link has: RFC 4291, section 2.5.1) that was visited."""
    if (address := _address(grab)) is None:
        return None
    prefix = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network((address.packed, prefix), strict=False))


def _address(grab: Grab) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address((grab.ip or grab.host).partition("%")[0])
    except ValueError:
        return None


def _place(grab: Grab) -> tuple[int, int, str, int, str, float]:
    address = _address(grab)
    if address is None:
        return 9, 0, grab.host, grab.port, grab.transport, grab.time
    return address.version, int(address), grab.host, grab.port, grab.transport, grab.time


def _facts(rows: Sequence[Grab], names: Sequence[str], now: float) -> list[list[str]]:
    times = [row.time for row in rows]
    networks = {text for row in rows if (text := network(row))}
    facts = [
        ["Scan", cell(", ".join(names))],
        ["Targets", f"{len(rows):,}"],
        ["With a greeting", f"{sum(row.status is Status.BANNER for row in rows):,}"],
        ["Hosts", f"{len({row.host for row in rows}):,}"],
        ["Networks", f"{len(networks):,}"],
        ["Ports", f"{len({(row.port, row.transport) for row in rows}):,}"],
    ]
    if times:
        lasted = duration(max(times) - min(times)).replace(" ", "\u00a0")  # 20 s stay on one line
        facts.append(["When", f"{moment(min(times))} UTC, {lasted}"])
    if rows:
        facts.append(["Said", _said(rows)])
    return [*facts, ["Page made", f"{moment(now)} UTC, banner {__version__}"]]


def _said(rows: Sequence[Grab]) -> str:
    """To how many targets which hellos were said: how the scan went about it, as far as its records tell."""
    told = Counter(hello for row in rows for hello in set(row.said))
    most = [f"{name} {number:,}" for name, number in told.most_common(SAID)]
    rest = f"{len(told) - SAID} more" if len(told) > SAID else ""
    silent = f"nothing to {sum(not row.said for row in rows):,}"
    return cell(", ".join(filter(None, (*most, rest, silent))))


def title(names: Sequence[str]) -> str:
    """The files' names in a few words, safe to be shown."""
    rest = f" and {len(names) - 2} more" if len(names) > 3 else ""
    return cell(", ".join(names[:2] if rest else names) + rest)


def _charted(now: float) -> dict[str, Callable[[Grab], str | None]]:
    """The texts of a row that charts count, by the names of their columns."""
    return {
        "status": lambda row: str(row.status),
        "service": lambda row: row.service.name if row.service else None,
        "product": lambda row: product_of(row.service),
        "version": lambda row: software(row.service) if row.service and row.service.version else None,
        "outdated": outdated,
        "expiry": lambda row: state(row.tls.certificate, now) if row.tls and row.tls.certificate else None,
    }


def _columns(
    rows: Sequence[Grab], before: Sequence[Grab], certificates: dict[str, Certificate], now: float
) -> dict[str, Any]:
    index = {sha256: code for code, sha256 in enumerate(certificates)}
    keys = [row.tls.certificate.sha256 if row.tls and row.tls.certificate else None for row in rows]
    counted = {
        name: coded([read(row) for row in rows], also=map(read, before))
        for name, read in _charted(now).items()
    }
    return {
        "target": {
            "values": [cell(row.where) for row in rows],
            "codes": list(range(len(rows))),
        },
        "ip": column(rows, lambda row: row.ip if row.ip != row.host else None),
        "tag": column(rows, lambda row: row.tag),
        **counted,
        "software": column(rows, lambda row: software(row.service)),
        "greeting": column(rows, greeting),
        "title": column(rows, title_of),
        "cpe": column(rows, lambda row: " ".join(row.service.cpe) if row.service else None),
        "maker": column(rows, lambda row: row.service.vendor if row.service else None),
        "names": column(rows, lambda row: "\n".join(certificate_names(row)), NAMED),
        "network": _networks(rows),
        "certificate": {
            "values": [key[:16] for key in index],
            "codes": [index[k] if k else -1 for k in keys],
        },
    }


def _networks(rows: Sequence[Grab]) -> dict[str, Any]:
    """Networks in the order of their addresses, which is the rows' order."""
    texts = [network(row) for row in rows]
    code_of = {text: code for code, text in enumerate(dict.fromkeys(text for text in texts if text))}
    return {"values": list(code_of), "codes": [code_of[text] if text else -1 for text in texts]}


def _numbers(rows: Sequence[Grab]) -> dict[str, list[float | None]]:
    found: dict[str, list[float | None]] = {
        "port": numbers(carried_port(row.port, row.transport) for row in rows)
    }
    for phase in PHASES:
        values = [getattr(row.timings, phase) for row in rows]
        if any_of(values):
            found[phase] = numbers(None if value is None else value * 1000 for value in values)
    found["last_octet"] = numbers(_last_octet(row) for row in rows)
    return found


def _last_octet(grab: Grab) -> int | None:
    address = _address(grab)
    return int(address) & 255 if address is not None and address.version == 4 else None
