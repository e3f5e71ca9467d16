"""Zabbix' agents: the item ``agent.version`` is asked for, which every agent knows and which reads nothing of its host.

An agent answers to the servers and proxies of its configuration alone; it hangs up on all others without a word.
Source: Zabbix manual, "Protocols", "Header" and "Zabbix agent protocol" (passive checks).
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text

MAGIC = b"ZBXD\x01"
"""Four letters, and the flags of a packet that is neither compressed nor large."""
KEY = b"agent.version"
LONGEST = 1024
_VERSION = re.compile(r"\d{1,3}\.\d[\w.]{0,31}")
_NOT_SUPPORTED = b"ZBX_NOTSUPPORTED"


def talk(wire: Wire) -> Talk:
    wire.send(MAGIC + len(KEY).to_bytes(8, "little") + KEY)
    if not (yield from opens(wire, MAGIC)):
        return None
    header = yield from wire.exactly(len(MAGIC) + 8)
    length = int.from_bytes(header[5:9], "little")
    if not 1 <= length <= LONGEST:
        return None
    answer = yield from wire.exactly(length)
    if answer == KEY or answer.startswith(b"{"):  # an echo; a server's or a proxy's JSON
        return None
    service = wire.claim(Service("zabbix-agent"))
    if answer.startswith(_NOT_SUPPORTED):
        wire.details["error"] = text(answer.replace(b"\0", b": "))
    elif _VERSION.fullmatch(said := text(answer)):
        wire.details["version"] = said
    return service


PROBE = Probe("zabbix-agent", ports=(10050,), at_home=True, talk=talk, limit=LONGEST + 13)
