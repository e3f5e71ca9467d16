"""NetBIOS' name service: the names of a host, its workgroup or domain, and its MAC address.

Sources: RFC 1001, section 14.1 (how names are written); RFC 1002, sections 4.2.17 and 4.2.18 (NBSTAT).
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .. import _dns
from .._cursor import Cursor, CutShortError
from .._text import MOST, text
from ._asking import ask

NBSTAT = 0x21
ANY = "CK" + "A" * 30
"""The name ``*``, each half of a byte as a letter."""
_WORKSTATION, _SERVER = 0x00, 0x20
_GROUP = 0x8000


def talk(wire: Datagrams) -> Talk:
    number = wire.nonce[:2]
    question = _dns.query(number, ANY, NBSTAT, _dns.IN)
    told = yield from ask(wire, question, lambda data: _status(data, number))
    if told is None:
        return None
    service = wire.claim(Service("netbios-ns"))
    cursor, names = Cursor(told), list[str]()
    try:
        for _ in range(min(cursor.number(1), MOST)):
            name, suffix, flags = text(cursor.take(15)), cursor.number(1), cursor.number(2)
            names.append(f"{name}<{suffix:02x}>")
            if flags & _GROUP and suffix == _WORKSTATION:
                wire.details.setdefault("domain", name)
            elif not flags & _GROUP and suffix in (_WORKSTATION, _SERVER):
                wire.details.setdefault("hostname", name)
        wire.details["names"] = names
        if any(address := cursor.take(6)):
            wire.details["mac"] = address.hex(":")
        elif not any(cursor.take(cursor.left())):  # no address and no statistics: of all, only Samba says so
            service = wire.claim(Service("netbios-ns", vendor="Samba", product="Samba", confidence=0.75))
    except CutShortError:
        pass
    return service


def _status(data: bytes, number: bytes) -> bytes | None:
    """The status in an answer to our question."""
    if not _dns.answers(data, number):
        return None
    found = (record.data for record in _dns.records(data) if record.kind == NBSTAT)
    return next(found, None)


PROBE = Probe("netbios-ns", ports=(137,), talk=talk, limit=4096, transport=Transport.UDP)
