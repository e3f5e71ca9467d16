"""SIP's ``OPTIONS``, which asks what a server can do and starts no call, and what its answer says.

Sources: RFC 3261, sections 11 (OPTIONS), 18.2.1 and 20.42 (Via), 8.1.1.7 (branch), 8.2.6.2 (what an answer takes
over); RFC 3581 (rport: the answer comes to the port that asked).
"""

from __future__ import annotations

from typing import Any

from ..dialogue import Wire
from ._head import Head

PROVISIONAL = 4
"""How many 1xx answers may come before the last one; a proxy sends one or two."""
TAKEN_OVER = (("via", "v"), ("cseq", "cseq"), ("call-id", "i"))
"""Fields of the request that every answer carries (RFC 3261, section 8.2.6.2), and their short names (7.3.3)."""


def request(wire: Wire, transport: str, call: str = "banner") -> bytes:
    """OPTIONS for the target itself; `call` is the name of branch, tag and call."""
    host = f"[{wire.host.partition('%')[0]}]" if ":" in wire.host else wire.host
    us = wire.manners.ehlo
    return (
        f"OPTIONS sip:{host}:{wire.port} SIP/2.0\r\n"
        f"Via: SIP/2.0/{transport} {us};branch=z9hG4bK{call};rport\r\n"
        f"From: <sip:banner@{us}>;tag={call}\r\nTo: <sip:{host}:{wire.port}>\r\n"
        f"Call-ID: {call}@{us}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
        f"User-Agent: {wire.manners.user_agent}\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n"
    ).encode("utf-8", "replace")


def answers(head: Head) -> bool:
    """Whether `head` has what an answer takes over; HTTP servers that repeat the protocol of a request have not."""
    return all(head.get(name) or head.get(short) for name, short in TAKEN_OVER)


def describe(details: dict[str, Any], head: Head) -> None:
    """What the head of an answer tells."""
    if head.status is not None:
        details["status"] = head.status
    for name in ("server", "user-agent", "www-authenticate", "proxy-authenticate", "warning"):
        if value := head.get(name):
            details[name.replace("-", "_")] = value
    if methods := [word.strip() for word in (head.get("allow") or "").split(",")[:32] if word.strip()]:
        details["methods"] = methods
