"""Apache ZooKeeper: the four letters ``srvr``, the one command that is let in by default since 3.5.3.

ClickHouse Keeper answers the same word with its own name, at 9181 by default (9281 inside TLS).
Answered with the version and the server's figures, or with the sentence that the whitelist lacks it. The four
bytes stand alone: a line end would be left for the next command.
Source: ZooKeeper Administrator's Guide, "The Four Letter Words".
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._product import named
from ._text import opens, text

FIELDS = ("Mode", "Zxid", "Connections", "Outstanding", "Node count")
ZOOKEEPER, KEEPER = b"Zookeeper version: ", b"ClickHouse Keeper version: "
REFUSED = b"srvr is not executed because it is not in the whitelist"
IDLE = b"This ZooKeeper instance is not currently serving requests"

_VERSION = re.compile(r"v?(\d[\w.]{0,31})(?:-([^\s,]{1,64}))?(?:, built on (.{1,64}))?")


def talk(wire: Wire) -> Talk:
    wire.send(b"srvr")
    if not (yield from opens(wire, ZOOKEEPER, KEEPER, REFUSED, IDLE)):
        return None
    wire.claim(Service("zookeeper"))
    line = yield from wire.line()
    if line.startswith((REFUSED, IDLE)):
        wire.claim(named("zookeeper", "Apache", "ZooKeeper", cpe="apache:zookeeper"))
        wire.details["error"] = text(line)
        return wire.found
    keeper = line.startswith(KEEPER)
    found = _version(wire, text(line.partition(b": ")[2]))
    wire.claim(
        named("zookeeper", "ClickHouse", "ClickHouse Keeper", found, cpe="clickhouse:clickhouse")
        if keeper
        else named("zookeeper", "Apache", "ZooKeeper", found, cpe="apache:zookeeper")
    )
    for raw in (yield from wire.rest()).splitlines()[:16]:
        name, _, value = text(raw).partition(": ")
        if name in FIELDS and value:
            wire.details[name.lower().replace(" ", "_")] = value
    return wire.found


def _version(wire: Wire, said: str) -> str | None:
    """``3.8.0-5a02a05e..., built on 2022-02-25 08:49 UTC``: the release, its revision, its time."""
    if not (found := _VERSION.match(said)):
        return None
    if found[2]:
        wire.details["build"] = found[2]
    if found[3]:
        wire.details["built"] = found[3]
    return found[1]


PROBE = Probe("zookeeper", ports=(2181, 9181), tls_ports=(2281, 9281), talk=talk, limit=4096)
