"""beanstalkd: ``stats`` is answered with ``OK``, a length and a dictionary in YAML, where its version stands.

Source: beanstalkd, doc/protocol.txt ("stats"). Nothing is put on a queue, and no job is taken.
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ._product import named
from ._text import opens

_HEAD = re.compile(rb"OK (\d{2,5})\r?\n?")
_VERSION = re.compile(rb'^version: "?(\d[\w.+~-]{0,31})"?\r?$', re.MULTILINE)
_MOST = 8192


def talk(wire: Wire) -> Talk:
    wire.send(b"stats\r\n")
    if not (yield from opens(wire, b"OK ")):
        return None
    head = _HEAD.fullmatch((yield from wire.line()))
    if head is None or not (yield from opens(wire, b"---\n")):
        return None
    stats = yield from wire.exactly(min(int(head[1]), _MOST))
    if not stats.startswith(b"---\ncurrent-jobs-urgent: "):
        return None
    version = _VERSION.search(stats)
    release = version[1].decode() if version else None
    wire.claim(named("beanstalkd", "beanstalkd", "beanstalkd", release, cpe="beanstalkd_project:beanstalkd"))
    wire.send(b"quit\r\n")
    return wire.found


PROBE = Probe("beanstalkd", ports=(11300,), at_home=True, talk=talk, limit=_MOST + 64)
