"""SSDP: a search for root devices, sent to one host. The first answer is read.

A search for ``ssdp:all`` brings an answer for each device and service, and is not asked.
Source: UPnP Device Architecture 1.1, sections 1.3.2 (search) and 1.3.3 (answer).
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._head import Head
from ._asking import ask

QUESTION = (
    b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
    b'MAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n'
)


def talk(wire: Datagrams) -> Talk:
    head = yield from ask(wire, QUESTION, _answer)
    if head is None:
        return None
    for name in ("server", "location", "usn"):
        if value := head.get(name):
            wire.details[name] = value
    return wire.claim(Service("ssdp"))


def _answer(data: bytes) -> Head | None:
    """A head with the fields that an answer must have."""
    if not data.startswith(b"HTTP/1."):
        return None
    head = Head(data.partition(b"\r\n\r\n")[0])
    return head if head.status == 200 and head.get("st") and head.get("usn") else None


PROBE = Probe("ssdp", ports=(1900,), talk=talk, limit=4096, transport=Transport.UDP)
