"""Munin's node: it greets with the name of its host, and answers ``version`` with its own.

Source: Munin's guide, "Data exchange between master and node" (munin-node's commands).
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ._product import named
from ._text import opens

_VERSION = re.compile(rb"munins? node on \S{1,255} version: (\d[\w.+~-]{0,31})\r?\n?")
_CPE = "munin-monitoring:munin"


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"# munin node at ")):
        return None
    yield from wire.line()
    service = wire.claim(named("munin", "Munin", "Munin node", cpe=_CPE))
    wire.send(b"version\n")
    if found := _VERSION.fullmatch((yield from wire.line())):
        service = wire.claim(named("munin", "Munin", "Munin node", found[1].decode(), cpe=_CPE))
    wire.send(b"quit\n")
    return service


PROBE = Probe("munin", ports=(4949,), greets=True, talk=talk, limit=1024)
