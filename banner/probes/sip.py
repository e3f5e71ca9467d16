"""SIP over TCP or TLS: ``OPTIONS``, which asks what a server can do and starts no call.

The names in it are those of a fixed transaction: nothing is kept between two grabs. Provisional
answers are passed over, and one without the fields of our request is none of SIP. Source: RFC 3261,
sections 11 (OPTIONS), 18.2.1 and 20.42 (Via), 8.1.1.7 (branch), 8.2.6.2 (what an answer takes over).
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._head import Head, read_head
from ._text import opens

PROVISIONAL = 4
"""How many 1xx answers may come before the last one; a proxy sends one or two."""
TAKEN_OVER = (("via", "v"), ("cseq", "cseq"), ("call-id", "i"))
"""Fields of the request that every answer carries (RFC 3261, section 8.2.6.2), and their short names (7.3.3)."""


def request(wire: Wire) -> bytes:
    """OPTIONS for the target itself."""
    host = f"[{wire.host.partition('%')[0]}]" if ":" in wire.host else wire.host
    us, transport = wire.manners.ehlo, "TLS" if wire.tls else "TCP"
    return (
        f"OPTIONS sip:{host}:{wire.port} SIP/2.0\r\n"
        f"Via: SIP/2.0/{transport} {us};branch=z9hG4bKbanner;rport\r\n"
        f"From: <sip:banner@{us}>;tag=banner\r\nTo: <sip:{host}:{wire.port}>\r\n"
        f"Call-ID: banner@{us}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
        f"User-Agent: {wire.manners.user_agent}\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n"
    ).encode("utf-8", "replace")


def talk(wire: Wire) -> Talk:
    wire.send(request(wire))
    for _ in range(PROVISIONAL):
        if not (yield from opens(wire, b"SIP/2.0 ")):
            return wire.found
        head = Head((yield from read_head(wire)))
        if not all(head.get(name) or head.get(short) for name, short in TAKEN_OVER):
            return wire.found  # HTTP servers that repeat the protocol of the request
        wire.claim(Service("sip"))
        _describe(wire, head)
        if head.status is None or head.status >= 200:
            break
    return wire.found


def _describe(wire: Wire, head: Head) -> None:
    if head.status is not None:
        wire.details["status"] = head.status
    for name in ("server", "user-agent", "www-authenticate", "proxy-authenticate", "warning"):
        if value := head.get(name):
            wire.details[name.replace("-", "_")] = value
    if methods := [word.strip() for word in (head.get("allow") or "").split(",")[:32] if word.strip()]:
        wire.details["methods"] = methods


PROBE = Probe("sip", ports=(5060,), tls_ports=(5061,), talk=talk, limit=8192)
