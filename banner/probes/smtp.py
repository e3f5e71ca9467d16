"""SMTP: the greeting, EHLO's extensions, and the certificate behind STARTTLS.

We say EHLO only after a 220, since a server that refuses (421, 554) waits for nothing but QUIT (RFC 5321,
section 3.1); a greeting that talks of FTP is not greeted back. STARTTLS is RFC 3207; after it the
extensions are asked for again in full mode alone, where a server that offers NTLM (RFC 4954; [MS-SMTPNTLM]) also hears
the message that names nobody, and names itself (``_ntlm.py``); then we cancel. The name in EHLO is the caller's
(`Manners.ehlo`).
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Generator
from typing import Final

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._ntlm import NEGOTIATE, challenge_in
from ._replies import Reply, names, reply
from ._text import opens, text, texts

PORTS: Final = (25, 587, 2525, 26)
TLS_PORTS: Final = (465,)
_MAIL = re.compile(rb"\b(?:e?smtp|mail|postfix|exim|sendmail)|^[45]\.\d\.\d", re.IGNORECASE)
_NTLM = re.compile(rb"AUTH[ =](?:.* )?NTLM\b", re.IGNORECASE)
_OTHER = re.compile(rb"ftp|\blmtp\b", re.IGNORECASE)


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"220", b"421", b"554")):
        return None
    greeting = yield from reply(wire)
    mail = bool(_MAIL.search(greeting.text))
    if greeting.code == 0 or (_OTHER.search(greeting.text) and not re.search(rb"(?i)smtp", greeting.text)):
        return None
    if greeting.code != 220:
        certain = greeting.code == 554 or mail or wire.port in PORTS + TLS_PORTS
        return wire.claim(Service("smtp")) if certain else None
    wire.send(b"EHLO " + wire.manners.ehlo.encode("ascii", "replace") + b"\r\n")
    answer = yield from reply(wire)
    if answer.code == 250:
        service = wire.claim(Service("smtp"))
        _learn(wire, answer, "extensions")
        if b"STARTTLS" not in names(answer.lines[1:]) or wire.tls:
            yield from _names(wire, answer)
            wire.send(b"QUIT\r\n")
            return service
        yield from _secure(wire)
        return service
    if answer.code in (421, 500, 501, 502, 503, 504, 550, 554) and mail:
        if answer.code not in (421, 554):
            wire.send(b"QUIT\r\n")
        return wire.claim(Service("smtp"))
    return None


def _learn(wire: Wire, answer: Reply, field: str) -> None:
    """Keep what EHLO told: the server's name (RFC 5321, section 4.1.1.1), then one extension a line."""
    if name := answer.lines[0].split():
        wire.details["hostname"] = text(name[0])
    wire.details[field] = texts(answer.lines[1:])


def _secure(wire: Wire) -> Talk:
    wire.send(b"STARTTLS\r\n")
    if (yield from reply(wire)).code == 220:
        if not (yield from wire.start_tls()):
            return None
        if wire.deep:
            wire.send(b"EHLO " + wire.manners.ehlo.encode("ascii", "replace") + b"\r\n")
            if (answer := (yield from reply(wire))).code == 250:
                _learn(wire, answer, "extensions_in_tls")
                yield from _names(wire, answer)
    wire.send(b"QUIT\r\n")
    return None


def _names(wire: Wire, answer: Reply) -> Generator[Want, None, None]:
    """In full mode: what the server calls itself in NTLM's challenge, where its `answer` to EHLO offers NTLM."""
    if not wire.deep or not any(_NTLM.match(line) for line in answer.lines[1:]):
        return
    for word in (b"AUTH NTLM", b2a_base64(NEGOTIATE, newline=False)):
        wire.send(word + b"\r\n")
        answer = yield from reply(wire)
        if answer.code != 334:
            return
    wire.details.update(challenge_in(answer.text))
    wire.send(b"*\r\n")  # RFC 4954, section 4: the exchange is cancelled
    yield from reply(wire)


PROBE = Probe(
    "smtp", ports=PORTS, tls_ports=TLS_PORTS, greets=True, holds_back=True, starttls=True, talk=talk
)
