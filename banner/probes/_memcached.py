"""What memcached answers to ``version``, over TCP and UDP (its protocol.txt, "Version" and "Authentication")."""

from __future__ import annotations

import re
from typing import Any

from ..models import Service
from ._product import named
from ._text import text

OPENERS = (b"VERSION ", b"CLIENT_ERROR unauthenticated")
_VERSION = re.compile(rb"VERSION (\d[\w.+~-]{0,63})(?: (mcrouter))?")


def service(line: bytes, details: dict[str, Any]) -> Service | None:
    """Who says `line`, which begins with one of `OPENERS`; None for what is none of memcached."""
    if line.startswith(b"CLIENT_ERROR"):
        details["auth_required"] = True
        return Service("memcached")
    if not (found := _VERSION.match(line)):
        return None
    version = text(found[1])
    details["auth_required"] = False
    if found[2]:
        return named("memcached", "Meta", "mcrouter", version)
    return named("memcached", "Memcached", "Memcached", version, cpe="memcached:memcached")
