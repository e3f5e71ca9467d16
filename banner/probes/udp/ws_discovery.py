"""WS-Discovery: a probe for devices, sent to one host, as Windows writes it.

Source: Web Services Dynamic Discovery of April 2005, sections 5.2.1 and 5.3.1.
"""

from __future__ import annotations

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
MOST = 256
"""Elements that are read; an answer of one device has about twenty."""


def talk(wire: Datagrams) -> Talk:
    number = wire.nonce[:16].hex()
    uuid = "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:]))
    told = yield from ask(wire, _QUESTION.format(uuid).encode(), lambda data: _match(data, uuid.encode()))
    if told is None:
        return None
    if endpoint := text(told.get(b"Address", b"")):
        wire.details["endpoint"] = endpoint
    for name, field in ((b"Types", "types"), (b"XAddrs", "addresses")):
        if words := texts(told.get(name, b"").split(None, 64)):
            wire.details[field] = words
    return wire.claim(Service("ws-discovery"))


def _match(data: bytes, uuid: bytes) -> dict[bytes, bytes] | None:
    """The texts of the first match's elements, in an answer that relates to our message; None for any other."""
    if not data[:64].lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<"):
        return None
    related, found = False, dict[bytes, bytes]()
    for part in data.split(b"<", MOST)[:MOST]:
        tag, _, said = part.partition(b">")
        if tag.startswith(b"/"):
            continue
        name = tag.partition(b" ")[0].rpartition(b":")[2]
        related = related or (name == b"RelatesTo" and uuid in said.lower())
        if name == b"ProbeMatches":
            found = {name: b""}  # what stood before is of the message, not of the device
        elif found and said.strip():
            found.setdefault(name, said.strip()[:1024])
    return found if related and found else None


PROBE = Probe("ws-discovery", ports=(3702,), talk=talk, limit=16384, transport=Transport.UDP, full=True)
