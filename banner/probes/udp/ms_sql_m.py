"""Microsoft SQL Server's browser: which instances there are, and where they listen.

Source: [MC-SQLR], sections 2.2.2 (the question, one byte) and 2.2.5 (the answer).
"""

from __future__ import annotations

from itertools import pairwise

from ...dialogue import Datagrams, Probe, Talk
from ...models import Transport
from .._product import named
from .._text import MOST, text
from ._asking import ask

_ALL_INSTANCES, _RESPONSE = b"\3", 5


def talk(wire: Datagrams) -> Talk:
    instances = yield from ask(wire, _ALL_INSTANCES, _instances)
    if not instances:
        return None
    wire.details["hostname"] = instances[0]["ServerName"]
    wire.details["instances"] = [
        " ".join(
            (one["InstanceName"], one.get("Version", ""), *(["tcp", one["tcp"]] if "tcp" in one else []))
        ).strip()
        for one in instances
    ]
    version = instances[0].get("Version")
    return wire.claim(
        named("ms-sql-m", "Microsoft", "SQL Server", version, cpe="microsoft:sql_server", os="Windows")
    )


def _instances(data: bytes) -> list[dict[str, str]] | None:
    """Each instance's words and values, of which ``;;`` is the end; None for what is no answer."""
    if len(data) < 3 or data[0] != _RESPONSE or int.from_bytes(data[1:3], "little") > len(data) - 3:
        return None
    found = []
    for part in data[3:].split(b";;", MOST)[:MOST]:
        words = [text(word) for word in part.split(b";", 32)[:32]]
        told = {name: value for name, value in list(pairwise(words))[::2] if value}
        if "ServerName" in told and "InstanceName" in told:
            found.append(told)
    return found or None


PROBE = Probe("ms-sql-m", ports=(1434,), talk=talk, limit=16384, transport=Transport.UDP, full=True)
