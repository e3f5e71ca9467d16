"""memcached: ``version``. Where it demands a login first, it says that it is not authenticated.

Source: memcached's protocol.txt, "Version" and "Authentication".
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._product import named
from ._text import opens, text

_VERSION = re.compile(rb"VERSION (\d[\w.+~-]{0,63})(?: (mcrouter))?")


def talk(wire: Wire) -> Talk:
    wire.send(b"version\r\n")
    if not (yield from opens(wire, b"VERSION ", b"CLIENT_ERROR unauthenticated")):
        return None
    line = yield from wire.line()
    if line.startswith(b"CLIENT_ERROR"):
        wire.details["auth_required"] = True
        return wire.claim(Service("memcached"))
    if not (found := _VERSION.match(line)):
        return None
    version = text(found[1])
    wire.details["auth_required"] = False
    if found[2]:
        return wire.claim(named("memcached", "Meta", "mcrouter", version))
    return wire.claim(named("memcached", "Memcached", "Memcached", version, cpe="memcached:memcached"))


PROBE = Probe("memcached", ports=(11211,), tls_ports=(11212,), talk=talk, limit=2048)
