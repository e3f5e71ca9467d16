"""Gearman's job server: the line ``version`` of its text protocol is answered with ``OK`` and the version.

It hangs up on TLS's hello and on HTTP's without a word, so that it is asked at its own port.
Source: Gearman, PROTOCOL ("Administrative Protocol").
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ._product import named
from ._text import opens

_VERSION = re.compile(rb"OK (\d{1,4}\.\d[\w.+~-]{0,31})\r?\n?")


def talk(wire: Wire) -> Talk:
    wire.send(b"version\r\n")
    if not (yield from opens(wire, b"OK ")):
        return None
    if (found := _VERSION.fullmatch((yield from wire.line()))) is None:
        return None
    return wire.claim(named("gearman", "Gearman", "Gearman", found[1].decode(), cpe="gearman:gearmand"))


PROBE = Probe("gearman", ports=(4730,), at_home=True, talk=talk, limit=512)
