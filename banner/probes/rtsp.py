"""RTSP: ``OPTIONS *``, answered with the methods and, mostly, the server's name.

An HTTP server answers this request with an HTTP error: that is HTTP, as is a page of HTML with the protocol's name of
our request but without its CSeq. Source: RFC 2326, sections 10.1
(OPTIONS), 12.17 (CSeq), 12.36 (Server).
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._head import Head, read_head
from ._text import opens


def talk(wire: Wire) -> Talk:
    wire.send(f"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: {wire.manners.user_agent}\r\n\r\n".encode())
    if not (yield from opens(wire, b"RTSP/1.0 ", b"RTSP/2.0 ")):
        return None
    wire.claim(Service("rtsp"))
    head = Head((yield from read_head(wire)))
    if "text/html" in head.kind.lower() and head.get("cseq") is None:
        wire.found = None
        return None
    if head.status is not None:
        wire.details["status"] = head.status
    for name in ("server", "www-authenticate"):
        if value := head.get(name):
            wire.details[name.replace("-", "_")] = value
    if methods := [word.strip() for word in (head.get("public") or "").split(",")[:32] if word.strip()]:
        wire.details["methods"] = methods
    return wire.found


PROBE = Probe("rtsp", ports=(554, 8554, 5554), tls_ports=(322,), talk=talk, limit=8192)
