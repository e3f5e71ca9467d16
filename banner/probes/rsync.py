"""rsync daemon: both sides send ``@RSYNCD: <version>``; the server goes first, and that is all we need.

Newer daemons (protocol 31 with negotiated checksums, rsync 3.2.0 and later) add the digests that they know
for the authentication. Source: rsync's csprotocol.txt and exchange_protocols() in its clientserver.c.
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, texts

_VERSION = re.compile(rb"\d{1,3}(?:\.\d{1,3})?")


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"@RSYNCD: ")):
        return None
    words = (yield from wire.line(most=512)).split()[1:]
    if not words or not _VERSION.fullmatch(words[0]):
        return None
    wire.details["protocol_version"] = words[0].decode()
    if digests := texts(words[1:]):
        wire.details["digests"] = digests
    return wire.claim(Service("rsync"))


PROBE = Probe("rsync", ports=(873,), greets=True, asks=False, talk=talk, limit=1024)
