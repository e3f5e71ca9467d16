"""FTP: the greeting, FEAT (RFC 2389), SYST, and the certificate behind AUTH TLS (RFC 4217).

A 220 greeting may be SMTP's: one that says so is left alone, and a server that knows none of FTP's words is
not claimed unless its greeting or its port says FTP. SYST (RFC 959, section 4.1.3) is asked for where FEAT
told nothing, and in full mode. Nobody logs in: many servers answer 530 to either, which tells FTP by its
words.
"""

from __future__ import annotations

import re
from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._replies import reply
from ._text import opens, text, texts

PORTS: Final = (21, 2121)
TLS_PORTS: Final = (990,)
_FTP = re.compile(rb"ftp|filezilla|wu-2|\bUSER and PASS\b", re.IGNORECASE)
_LOGIN = re.compile(rb"\blog\W?(?:ged )?in\b|\bUSER\b|anonymous", re.IGNORECASE)
_MAIL = re.compile(rb"smtp|\bmail ?server|\blmtp", re.IGNORECASE)
_AUTH = re.compile(rb"\s*AUTH\b.*\b(?:TLS|SSL)", re.IGNORECASE)


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"120", b"220", b"421", b"530")):
        return None
    greeting = yield from reply(wire)
    if greeting.code == 120:  # not ready yet: 220 follows (RFC 959, section 5.4)
        greeting = yield from reply(wire)
    ours = bool(_FTP.search(greeting.text)) or wire.port in PORTS + TLS_PORTS
    if greeting.code == 0 or (_MAIL.search(greeting.text) and not _FTP.search(greeting.text)):
        return None
    if greeting.code != 220:
        return wire.claim(Service("ftp")) if ours else None
    wire.send(b"FEAT\r\n")
    features = yield from reply(wire)
    if features.code == 211:
        service = wire.claim(Service("ftp"))
        wire.details["features"] = texts(features.lines[1:-1])
    elif not 500 <= features.code <= 550:
        return None
    elif ours or _LOGIN.search(features.text):
        service = wire.claim(Service("ftp"))
    if wire.deep or features.code != 211:
        wire.send(b"SYST\r\n")
        system = yield from reply(wire)
        if system.code == 215:
            service = wire.claim(Service("ftp"))
            wire.details["system"] = text(system.lines[0])
    if wire.found is None:
        return None
    if any(map(_AUTH.match, features.lines)) and not wire.tls:
        yield from _secure(wire)
    else:
        wire.send(b"QUIT\r\n")
    return service


def _secure(wire: Wire) -> Talk:
    wire.send(b"AUTH TLS\r\n")
    if (yield from reply(wire)).code != 234 or (yield from wire.start_tls()):
        wire.send(b"QUIT\r\n")
    return None


PROBE = Probe("ftp", ports=PORTS, tls_ports=TLS_PORTS, greets=True, starttls=True, talk=talk)
