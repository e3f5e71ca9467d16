"""Erlang's port mapper: NAMES_REQ lists the nodes of a host, each with the port where it is reached.

Source: Erlang/OTP, "Distribution Protocol", section "EPMD Protocol" (NAMES_REQ, NAMES_RESP).
"""

from __future__ import annotations

import re

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import MOST, opens, text

NAMES_REQ = b"\x00\x01n"
USUAL = 4369
EPMD = Service(
    "epmd", vendor="Ericsson", product="Erlang/OTP", cpe=("cpe:2.3:a:erlang:erlang\\/otp:*:*:*:*:*:*:*:*",)
)
"""The protocol is the product's own: nobody else serves it."""
_NODE = re.compile(rb"name ([!-~]{1,255}) at port (\d{1,5})")


def talk(wire: Wire) -> Talk:
    wire.send(NAMES_REQ)
    if not (yield from opens(wire, b"\0\0")):
        return None
    port = int.from_bytes((yield from wire.exactly(4)), "big")
    found = [_NODE.fullmatch(line) for line in (yield from wire.rest()).splitlines()]
    # Its own port alone, where no node is up, is little: it has to be the one that was asked.
    if not (found[0] if found else port in (USUAL, wire.port)):
        return None
    wire.claim(EPMD)
    wire.details["nodes"] = [f"{text(node[1])}:{int(node[2])}" for node in found[:MOST] if node]
    return wire.found


PROBE = Probe("epmd", ports=(USUAL,), talk=talk, limit=8192)
