"""H.323's call signalling: STATUS ENQUIRY about a call that there is not. No call is set up.

Who keeps to Q.931 answers with STATUS and the state "null", or with RELEASE COMPLETE; both repeat our call reference.
Sources: ITU-T Q.931, 4.2 to 4.5 (messages, 4.5.8 cause, 4.5.7 call state) and 5.8.3.2 (call references that are not
known), 5.8.10 (status enquiry); H.225.0, 7.1 (the messages in TPKT, table 4) and annex H (protocolIdentifier); RFC
1006, section 6 (TPKT).
"""

from __future__ import annotations

from typing import Final

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._text import opens

Q931: Final = 0x08
REFERENCE: Final = 0x5A31
"""Our call reference; the highest bit says whose side speaks, and is another's in the answer."""
STATUS_ENQUIRY: Final = 0x75
MESSAGES: Final = {0x7D: "STATUS", 0x5A: "RELEASE COMPLETE", 0x4D: "RELEASE"}
CAUSE, CALL_STATE, USER_USER = 0x08, 0x14, 0x7E
_VERSION: Final = b"\x06\x00\x08\x91\x4a\x00"
"""protocolIdentifier in PER: six bytes, {itu-t (0) recommendation (0) h (8) 2250 version (0) n}; n is the number."""


def enquiry() -> bytes:
    """STATUS ENQUIRY from the side that has the call's flag 0, in one TPKT."""
    body = bytes([Q931, 2]) + REFERENCE.to_bytes(2) + bytes([STATUS_ENQUIRY])
    return b"\3\0" + (4 + len(body)).to_bytes(2) + body


def talk(wire: Wire) -> Talk:
    wire.send(enquiry())
    if not (yield from opens(wire, b"\3\0")):
        return None
    size = int.from_bytes((yield from wire.exactly(4))[2:]) - 4
    if not 5 <= size <= wire.limit or not (yield from opens(wire, bytes([Q931, 2]))):
        return None
    answer = Cursor((yield from wire.exactly(size)))
    answer.take(2)
    flagged, kind = answer.number(2), answer.number(1)
    if flagged != REFERENCE | 0x8000 or kind not in MESSAGES:
        return None
    wire.details["message"] = MESSAGES[kind]
    try:
        elements = _elements(answer)
    except CutShortError:
        elements = {}
    cause = elements.get(CAUSE) or b"\x80"
    if number := cause[1:2] if cause[0] & 0x80 else cause[2:3]:  # its recommendation may stand between
        wire.details["cause"] = number[0] & 0x7F
    if state := elements.get(CALL_STATE):
        wire.details["call_state"] = state[0] & 0x3F
    _, found, version = elements.get(USER_USER, b"").partition(_VERSION)
    if found and version:
        wire.details["protocol_version"] = version[0]
    return wire.claim(Service("h323"))


def _elements(answer: Cursor) -> dict[int, bytes]:
    """Information elements by their identifiers (4.5.1); those of one byte have the highest bit set."""
    found: dict[int, bytes] = {}
    while answer.left():
        name = answer.number(1)
        if not name & 0x80:
            found.setdefault(name, answer.counted(2 if name == USER_USER else 1))
    return found


PROBE = Probe("h323", ports=(1720,), talk=talk, limit=1024, at_home=True)
