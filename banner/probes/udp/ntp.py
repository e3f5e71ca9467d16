"""NTP: a client's question for the time. In full mode also what the server calls itself (control message, mode 6).

The transmit timestamp of a question comes back as the origin of its answer: that tells it from an echo and from a
forgery (RFC 5905, section 8). The answer names neither product nor version. The list of clients (mode 7, monlist) is
never asked for: its answer is hundreds of times as long as its question (CVE-2013-5211).
Sources: RFC 5905, sections 7.3 (header) and 7.4 (kiss codes); RFC 9327, sections 2 and 3 (mode 6, readvar).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._text import text
from ._asking import ask

VARIABLES = b"version,processor,system"
_VARIABLE = re.compile(r'\b(version|processor|system)="([^"]{0,256})"')
_FIELDS = {"version": "version", "processor": "processor", "system": "os"}
_EPOCH, _ERA = datetime(1900, 1, 1), 1 << 32


def talk(wire: Datagrams) -> Talk:
    sent = wire.nonce[:8]
    answer = yield from ask(wire, b"\xe3" + bytes(39) + sent, lambda data: _answer(data, sent))
    if answer is None:
        return None
    service = wire.claim(Service("ntp"))
    _describe(wire, answer)
    if wire.deep:
        question = _readvar(wire.nonce[8:10])  # which most servers do not answer
        wire.details |= (yield from ask(wire, question, lambda data: _told(wire, data))) or {}
    return service


def _answer(data: bytes, sent: bytes) -> bytes | None:
    return data if len(data) >= 48 and data[0] & 7 == 4 and data[24:32] == sent else None


def _describe(wire: Datagrams, answer: bytes) -> None:
    stratum, reference = answer[1], answer[12:16]
    wire.details["protocol_version"] = str(answer[0] >> 3 & 7)
    wire.details["stratum"] = stratum
    wire.details["synchronised"] = answer[0] >> 6 != 3 and 0 < stratum < 16
    if stratum > 1:
        wire.details["reference"] = ".".join(map(str, reference))
    elif word := text(reference.rstrip(b"\0")):
        wire.details["reference"] = word
    seconds = int.from_bytes(answer[40:44], "big")
    if seconds:  # numbers below 2^31 are of the era that begins in 2036 (RFC 4330, section 3)
        clock = _EPOCH + timedelta(seconds=seconds if seconds >> 31 else seconds + _ERA)
        wire.details["server_time"] = f"{clock:%Y-%m-%dT%H:%M:%S}Z"


def _readvar(sequence: bytes) -> bytes:
    """Read these variables of the system itself: version 2, mode 6, operation 2, association 0."""
    return b"\x16\x02" + sequence + bytes(6) + len(VARIABLES).to_bytes(2, "big") + VARIABLES


def _told(wire: Datagrams, data: bytes) -> dict[str, str] | None:
    """The variables in an answer to `_readvar`; none where it is an error."""
    if len(data) < 12 or data[0] & 7 != 6 or data[1] & 0xDF != 0x82 or data[2:4] != wire.nonce[8:10]:
        return None
    said = text(data[12 : 12 + int.from_bytes(data[10:12], "big")], 1024)
    return {_FIELDS[name]: value.strip() for name, value in _VARIABLE.findall(said) if value.strip()}


PROBE = Probe("ntp", ports=(123,), talk=talk, limit=4096, transport=Transport.UDP)
