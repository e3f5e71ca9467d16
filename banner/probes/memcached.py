"""memcached: ``version``. Where it demands a login first, it says that it is not authenticated."""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from . import _memcached
from ._text import opens


def talk(wire: Wire) -> Talk:
    wire.send(b"version\r\n")
    if not (yield from opens(wire, *_memcached.OPENERS)):
        return None
    service = _memcached.service((yield from wire.line()), wire.details)
    return wire.claim(service) if service else None


PROBE = Probe("memcached", ports=(11211,), tls_ports=(11212,), talk=talk, limit=2048)
