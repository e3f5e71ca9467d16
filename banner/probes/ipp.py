"""IPP: Get-Printer-Attributes, which asks a printer what it is and prints nothing.

Only at IPP's own port: at the raw ports of printers (9100 and others) all that comes is printed. CUPS, which has
queues with names of their own, refuses in IPP and names itself in the head.
Sources: RFC 8011, 4.2.5 (Get-Printer-Attributes); RFC 8010, 3.1 (encoding); RFC 7472 and PWG 5100.14 (``/ipp/print``).
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Final

from ..dialogue import Ended, Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._http import CLOSE, read_answer, read_body, request
from ._product import named
from ._text import MOST, text

OPERATION: Final = 0x000B
_PATH: Final = "/ipp/print"
_OPERATION_GROUP, _END, _LAST_GROUP = 1, 3, 0x0F
_NUMBERS: Final = (0x21, 0x23)
_BINARY: Final = range(0x30, 0x38)
"""Values that are no text, such as dates and resolutions."""
WANTED: Final = {
    "printer-make-and-model": "make_and_model",
    "printer-name": "printer_name",
    "printer-info": "printer_info",
    "printer-location": "location",
    "printer-device-id": "device_id",
    "printer-dns-sd-name": "dns_sd_name",
    "printer-uuid": "uuid",
    "printer-firmware-name": "firmware_name",
    "printer-firmware-string-version": "firmware_version",
    "ipp-versions-supported": "versions",
}
"""What is asked for -> its field in the details."""
_CUPS = re.compile(r"(?:^| )CUPS/(\d[\w.]*)")


def talk(wire: Wire) -> Talk:
    body = _request(wire)
    fields = f"Content-Type: application/ipp\r\nContent-Length: {len(body)}\r\n{CLOSE}"
    wire.send(request(wire, _PATH, fields, method="POST") + body)
    answer = yield from read_answer(wire)
    if answer is None:
        return None
    server = answer.head.get("server") or ""
    ours = answer.head.kind.partition(";")[0].strip().lower() == "application/ipp"
    if not ours and "IPP/" not in server:
        return None
    wire.claim(Service("ipp"))
    if server:
        wire.details["server"] = server
    if found := _CUPS.search(server):
        wire.claim(named("ipp", "Apple", "CUPS", found[1], cpe="apple:cups"))
    if ours:
        with suppress(Ended):  # what came of it counts
            yield from read_body(wire, answer)
        _learn(wire, answer.content())
    return wire.found


def _request(wire: Wire) -> bytes:
    host = f"[{wire.host.partition('%')[0]}]" if ":" in wire.host else wire.host
    wanted = list(WANTED)
    attributes = [
        (0x47, "attributes-charset", "utf-8"),
        (0x48, "attributes-natural-language", "en"),
        (0x45, "printer-uri", f"ipp://{host}:{wire.port}{_PATH}"),
        (0x44, "requested-attributes", wanted[0]),
        *((0x44, "", name) for name in wanted[1:]),  # a further value has no name
    ]
    head = b"\x02\x00" + OPERATION.to_bytes(2, "big") + (1).to_bytes(4, "big") + bytes([_OPERATION_GROUP])
    return head + b"".join(map(_attribute, attributes)) + bytes([_END])


def _attribute(one: tuple[int, str, str]) -> bytes:
    tag, *words = one
    counted = (len(word := each.encode("utf-8", "replace")).to_bytes(2, "big") + word for each in words)
    return bytes([tag]) + b"".join(counted)


def _learn(wire: Wire, body: bytes) -> None:
    """Keep the status and what was wanted, as far as it came."""
    answer = Cursor(body)
    with suppress(CutShortError):
        answer.take(2)
        wire.details["status"] = answer.number(2)
        answer.take(4)
        _attributes(answer, wire.details)
    model = wire.details.get("make_and_model")
    if model and wire.found and not wire.found.product:
        wire.claim(Service("ipp", device="printer", info=model))


def _attributes(answer: Cursor, details: dict[str, Any]) -> None:
    field = None
    while (tag := answer.number(1)) != _END:
        if tag <= _LAST_GROUP:
            continue
        name, value = answer.counted(2), answer.counted(2)
        if name:
            field = WANTED.get(name.decode("ascii", "replace"))
        if field is None or not value or tag in _NUMBERS or tag in _BINARY or tag < 0x20:
            continue
        if field != "versions":
            details.setdefault(field, text(value))
        elif len(found := details.setdefault(field, [])) < MOST:
            found.append(text(value))


PROBE = Probe("ipp", ports=(631,), talk=talk, at_home=True)
