"""XMPP: open a stream, read the server's stream header and features, and start TLS where it is offered.

RFC 6120: the header (section 4.7), the features (4.3.2), an error instead (4.9), STARTTLS (5.4). Inside TLS
a stream is opened again in full mode alone. The software is told only by entity capabilities in the
features (XEP-0115, section 6.3). The stream is closed and nobody authenticates. What comes is searched, not
parsed: a stranger's XML is not worth a parser's entity expansion.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Final

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._text import MOST, text, texts

CLIENT_PORTS: Final = (5222,)
SERVER_PORTS: Final = (5269,)
STREAMS: Final = b"http://etherx.jabber.org/streams"
"""The namespace of streams (RFC 6120, section 4.8.1)."""
STARTTLS: Final = b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
_HEADER = re.compile(rb"<stream:stream\b[^<>]{0,2048}>")
_END = re.compile(rb"</stream:features>|<stream:features/>|</stream:error>|</stream:stream>")
_ATTRIBUTE = re.compile(rb"\b(from|id|version|xml:lang)=(?:'([^']*)'|\"([^\"]*)\")")
_FEATURE = re.compile(rb"<([\w:.-]{1,64}+)\s[^<>]{0,256}?xmlns=['\"]([^'\"]{1,128}+)")
_MECHANISM = re.compile(rb"<mechanism>([\w-]{1,64})</mechanism>")
_ERROR = re.compile(rb"<stream:error>\s*<([\w-]{1,64})[\s/>]")
_ERROR_TEXT = re.compile(rb"<text xmlns=[^>]{1,64}>([^<]{1,256})<")
_NOT_SERVED = re.compile(rb">This (?:server|host) does not serve ")
"""Prosody's words for host-unknown (mod_c2s.lua, mod_s2s.lua)."""
_EJABBERD = re.compile(rb"<stream:stream id='\d{12,20}' version='1\.0' xml:lang='")
"""The header as ejabberd alone writes it: a number as its id, in this order (xmpp_stream_in.erl, p1_rand.erl)."""
_ADDRESS = re.compile(r"[0-9.]+|[0-9A-Fa-f:.%]*:.*")
_NODE = re.compile(rb"<c\s[^<>]{0,256}?\bnode=['\"]([^'\"]{1,128})")
_SOFTWARE: Final = {
    "prosody.im": ("Prosody", "Prosody", "cpe:2.3:a:prosody:prosody:*:*:*:*:*:*:*:*"),
    "process-one.net/en/ejabberd": (
        "ProcessOne",
        "ejabberd",
        "cpe:2.3:a:process-one:ejabberd:*:*:*:*:*:*:*:*",
    ),
    "igniterealtime.org": (
        "Ignite Realtime",
        "Openfire",
        "cpe:2.3:a:igniterealtime:openfire:*:*:*:*:*:*:*:*",
    ),
    "tigase": ("Tigase", "Tigase XMPP Server", ""),
}
"""A part of a capability node -> vendor, product, CPE."""


def talk(wire: Wire) -> Talk:
    answer = yield from _open(wire)
    header = _HEADER.search(answer)
    if not header or not _is_servers(wire, header[0]):
        return None
    for found in _ATTRIBUTE.finditer(header[0]):
        if found[1] in (b"from", b"version", b"xml:lang"):
            name = found[1].decode().replace("xml:", "").replace("from", "domain")
            wire.details[name] = text(found[2] or found[3] or b"")
    service = wire.claim(_software(_name(header[0]), answer))
    if error := _ERROR.search(answer):
        wire.details["error"] = text(error[1])
        if words := _ERROR_TEXT.search(answer):
            wire.details["error_text"] = text(words[1])
        return service
    _learn(wire, answer, "mechanisms")
    features = (found[1] for found in _FEATURE.finditer(answer[header.end() :]))
    wire.details["features"] = texts(dict.fromkeys(features))
    if b"urn:ietf:params:xml:ns:xmpp-tls" in answer and not wire.tls:
        wire.send(STARTTLS)
        if b"<proceed" in (yield from wire.until(b">", 2048)):
            if not (yield from wire.start_tls()):
                return service
            if wire.deep:
                _learn(wire, (yield from _open(wire)), "mechanisms_in_tls")
    wire.send(b"</stream:stream>")
    return service


def _open(wire: Wire) -> Generator[Want, None, bytes]:
    """Open a stream; what the server answers, up to the end of its features or of its error."""
    kind = b"server" if wire.port in SERVER_PORTS else b"client"
    wire.send(
        b"<?xml version='1.0'?><stream:stream to='%s' version='1.0' xmlns='jabber:%s' "
        b"xmlns:stream='http://etherx.jabber.org/streams'>" % (_domain(wire.host), kind)
    )
    start = seek = len(wire.received) - len(wire.unread)
    while not _END.search(wire.received, seek):
        if _foreign(bytes(wire.received[start : start + 256])):
            return b""
        header = _HEADER.search(wire.received, start, start + 4096) if wire.found is None else None
        if header and _is_servers(wire, header[0]):
            wire.claim(Service(_name(header[0])))
        seek = max(start, len(wire.received) - len(b"</stream:features>"))
        yield from wire.more()
    return wire.take(len(wire.received))


def _is_servers(wire: Wire, header: bytes) -> bool:
    """Whether `header` opens a stream, and is not ours, sent back by an echo."""
    return STREAMS in header and header not in wire.sent


def _foreign(start: bytes) -> bool:
    """Whether what begins with `start` is no stream: neither an XML declaration nor a tag of streams."""
    start = start.lstrip()
    if start.startswith(b"<?xml"):
        start = start.partition(b"?>")[2].lstrip()
        return not b"<stream:".startswith(start[:8])
    return not (b"<?xml".startswith(start) or b"<stream:".startswith(start[:8]))


def _domain(host: str) -> bytes:
    """What to ask for: the target's name. No server serves an address as a domain; ``localhost`` is served by
    default (Prosody's and ejabberd's configurations as installed)."""
    plain = ("localhost" if _ADDRESS.fullmatch(host) else host).encode("utf-8", "replace")[:255]
    return plain.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b"'", b"&apos;")


def _learn(wire: Wire, answer: bytes, field: str) -> None:
    if mechanisms := texts(found[1] for found in _MECHANISM.finditer(answer)):
        wire.details[field] = mechanisms[:MOST]


def _name(header: bytes) -> str:
    """IANA's name for the stream (RFC 6120, section 14.7)."""
    return "xmpp-server" if b"jabber:server" in header else "xmpp-client"


def _software(name: str, answer: bytes) -> Service:
    node = _NODE.search(answer)
    told = node[1].decode(errors="replace").lower() if node else ""
    if _NOT_SERVED.search(answer):
        told = "prosody.im"
    elif not told and _EJABBERD.search(answer):
        told = "process-one.net/en/ejabberd"
    for part, (vendor, product, cpe) in _SOFTWARE.items():
        if part in told:
            return Service(name, vendor=vendor, product=product, cpe=(cpe,) if cpe else ())
    return Service(name)


PROBE = Probe("xmpp", ports=CLIENT_PORTS + SERVER_PORTS, tls_ports=(5223, 5270), starttls=True, talk=talk)
