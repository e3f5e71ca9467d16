"""Niagara Fox: a hello, which stations of Tridium's framework answer with what they run on.

Held only where it is named, in full mode: it is a building's controller. Nothing more is said and nobody logs in.
Tridium has published no text on Fox; a frame is ``fox``, a kind, two numbers, a channel, a command, and lines of
``name=type:value`` between braces, as captures of its workbench show.
"""

from __future__ import annotations

import re
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text

HELLO: Final = b"fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n"
WANTED: Final = {
    b"hostName": "hostname",
    b"hostAddress": "host_address",
    b"app.name": "application",
    b"app.version": "application_version",
    b"vm.name": "vm_name",
    b"vm.version": "vm_version",
    b"os.name": "os_name",
    b"os.version": "os_version",
    b"station.name": "station",
    b"lang": "lang",
    b"timeZone": "time_zone",
    b"hostId": "host_id",
    b"brandId": "brand",
}
"""What a station tells -> its field in the details."""
_FRAME: Final = re.compile(rb"fox a \d{1,9} -?\d{1,9} fox [a-z]{1,32}")
_LINE: Final = re.compile(rb"([A-Za-z.]{1,32})=[a-z]:([^\n]{0,512})")


def talk(wire: Wire) -> Talk:
    wire.send(HELLO)
    if not (yield from opens(wire, b"fox a ")):
        return None
    head = yield from wire.line(128)
    if not _FRAME.fullmatch(head):
        return None
    if not HELLO.startswith(head):  # else it may be an echo of ours, until something follows that is not
        wire.claim(Service("fox"))
    said = yield from wire.until(b"};;", 4096)
    if HELLO.startswith(head + b"\n" + said):
        return None
    for line in said.splitlines():
        found = _LINE.fullmatch(line.strip())
        if found and (name := WANTED.get(found[1])) and (value := text(found[2].partition(b";")[0])):
            wire.details[name] = value
    product = "Niagara" if "application_version" in wire.details else None
    return wire.claim(
        Service(
            "fox",
            "Tridium" if product else None,
            product,
            wire.details.get("application_version"),
            os=wire.details.get("os_name"),
        )
    )


PROBE = Probe("fox", ports=(1911,), tls_ports=(4911,), talk=talk, limit=4096, full=True, fragile=True)
