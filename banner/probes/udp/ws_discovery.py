"""WS-Discovery: a probe for devices, sent to one host, as Windows writes it.

Source: Web Services Dynamic Discovery of April 2005, sections 5.2.1 and 5.3.1.
"""

from __future__ import annotations

import re

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._text import text, texts
from ._asking import ask

_QUESTION = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof">'
    "<soap:Header><wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To>"
    "<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</wsa:Action>"
    "<wsa:MessageID>urn:uuid:{}</wsa:MessageID></soap:Header>"
    "<soap:Body><wsd:Probe><wsd:Types>wsdp:Device</wsd:Types></wsd:Probe></soap:Body></soap:Envelope>"
)
_TOLD = re.compile(rb"<(?:[\w.-]{1,32}:)?(Types|XAddrs|Address)(?:\s[^<>]{0,256})?>\s*([^<>]{1,1024})<")


def talk(wire: Datagrams) -> Talk:
    number = wire.nonce[:16].hex()
    uuid = "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:]))
    answer = yield from ask(wire, _QUESTION.format(uuid).encode(), lambda data: _matches(data, uuid.encode()))
    if answer is None:
        return None
    for found in _TOLD.finditer(answer.partition(b"ProbeMatches")[2]):
        kind, said = found[1], found[2]
        if kind == b"Address":
            wire.details.setdefault("endpoint", text(said))
        else:
            wire.details.setdefault("types" if kind == b"Types" else "addresses", texts(said.split()))
    return wire.claim(Service("ws-discovery"))


def _matches(data: bytes, uuid: bytes) -> bytes | None:
    """An answer that relates to our message."""
    start = data[:64].lstrip(b"\xef\xbb\xbf \r\n")
    related = re.search(rb"RelatesTo[^<>]{0,256}>[^<>]{0,64}" + uuid, data, re.IGNORECASE)
    return data if start.startswith(b"<") and related and b"ProbeMatches" in data else None


PROBE = Probe("ws-discovery", ports=(3702,), talk=talk, limit=16384, transport=Transport.UDP, full=True)
