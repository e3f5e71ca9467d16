"""IMAP: the greeting, its capabilities, the ID that names the software, and the certificate behind STARTTLS.

Many servers put the capabilities into the greeting (RFC 3501, section 7.1); the others are asked. ID (RFC
2971) is asked where it is offered: it needs no login and is the one place where Dovecot, Cyrus and Courier
tell their name and, if they like, their version. We identify ourselves as NIL. LOGOUT ends it.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Final

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._replies import LINE
from ._text import MOST, opens, text, texts

_CAPABILITY = re.compile(rb"\[CAPABILITY ([^\]]*)\]|\A\* CAPABILITY (.*)", re.IGNORECASE)
_STRING = re.compile(rb'"((?:[^"\\]++|\\.){0,64}+)"|(NIL)', re.IGNORECASE)

SOFTWARE: Final = {
    "dovecot": ("Dovecot", "Dovecot", "dovecot:dovecot"),
    "cyrus imapd": ("Cyrus", "Cyrus IMAP", "cyrus:imap"),
    "cyrus imap": ("Cyrus", "Cyrus IMAP", "cyrus:imap"),
    "cyrus": ("Cyrus", "Cyrus IMAP", "cyrus:imap"),
    "courier-imap": ("Courier", "Courier IMAP", ""),
    "courier": ("Courier", "Courier IMAP", ""),
}
"""What ID calls itself, in lower case -> vendor, product, and vendor and product in NVD's CPE dictionary."""


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"* OK", b"* PREAUTH", b"* BYE")):
        return None
    greeting = yield from wire.line(LINE)
    service = wire.claim(Service("imap"))
    if greeting.startswith(b"* BYE"):
        return service
    offered = _capabilities([greeting]) or _capabilities((yield from _ask(wire, b"a1", b"CAPABILITY")))
    wire.details["capabilities"] = texts(offered)
    if b"ID" in offered:
        service = wire.claim(_identity(wire, (yield from _ask(wire, b"a2", b"ID NIL"))))
    if b"STARTTLS" in offered and not wire.tls:
        answer = (yield from _ask(wire, b"a3", b"STARTTLS"))[-1]
        if answer.upper().startswith(b"A3 OK"):
            if not (yield from wire.start_tls()):
                return service
            if wire.deep:
                inside = _capabilities((yield from _ask(wire, b"a4", b"CAPABILITY")))
                wire.details["capabilities_in_tls"] = texts(inside)
    wire.send(b"a5 LOGOUT\r\n")
    return service


def _ask(wire: Wire, tag: bytes, command: bytes) -> Generator[Want, None, list[bytes]]:
    """Send a command; the lines of its response, of which the tagged one is the last."""
    wire.send(tag + b" " + command + b"\r\n")
    lines: list[bytes] = []
    while True:
        line = yield from wire.line(2 * LINE)
        if line.lower().startswith(tag + b" "):
            return [*lines, line]
        if len(lines) < MOST:
            lines.append(line)


def _capabilities(lines: list[bytes]) -> list[bytes]:
    for line in lines:
        if found := _CAPABILITY.search(line):
            return (found[1] or found[2] or b"").upper().split()
    return []


def _identity(wire: Wire, lines: list[bytes]) -> Service:
    """The service as an ID response (RFC 2971, section 3.2: pairs of strings) describes it."""
    response = next((line for line in lines if line.upper().startswith(b"* ID ")), b"")
    strings = [text(found[1] or b"") for found in _STRING.finditer(response)][:MOST]
    pairs = {key.lower(): value for key, value in zip(strings[::2], strings[1::2], strict=False) if value}
    if not pairs:
        return Service("imap")
    wire.details["id"] = [f"{key}={value}" for key, value in pairs.items()]
    name, version = pairs.get("name"), pairs.get("version")
    if name is None:
        return Service("imap")
    vendor, product, known = SOFTWARE.get(name.lower(), (pairs.get("vendor"), name, ""))
    number = re.match(r"v?(\d[\w.]*)", version or "")
    release = number[1] if number else version
    cpe = (f"cpe:2.3:a:{known}:{number[1] if number else '*'}:*:*:*:*:*:*:*",) if known else ()
    return Service("imap", vendor=vendor, product=product, version=release, os=pairs.get("os"), cpe=cpe)


PROBE = Probe("imap", ports=(143,), tls_ports=(993,), greets=True, starttls=True, talk=talk)
