"""DNS messages (RFC 1035, section 4.1), as DNS itself, mDNS and NetBIOS' name service have them.

Names are read with their pointers (4.1.4), each of which leads to an earlier place: no message makes a loop of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ._cursor import Cursor, CutShortError
from ._text import MOST, text

PTR, TXT, SRV = 12, 16, 33
IN, CHAOS = 1, 3
RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")
"""RFC 6895, section 2.3."""
HEADER = 12
LONGEST_NAME = 255
"""Bytes of a name (RFC 1035, section 2.3.4)."""


class Record(NamedTuple):
    """A resource record; `at` is where its data begins in the message."""

    name: str
    kind: int
    at: int
    data: bytes


def query(number: bytes, name: str, kind: int, group: int) -> bytes:
    """A question for one name, without recursion; `number` has two bytes, `group` is the class."""
    return number + b"\0\0\0\1\0\0\0\0\0\0" + _asked(name, kind, group)


@lru_cache(64)  # a scan asks the same few of everybody
def _asked(name: str, kind: int, group: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return labels + b"\0" + kind.to_bytes(2, "big") + group.to_bytes(2, "big")


def answers(message: bytes, number: bytes) -> bool:
    """Whether `message` answers a query of that number: QR is set, the opcode is QUERY (RFC 1035, section 4.1.1)."""
    return len(message) >= HEADER and message[:2] == number and message[2] & 0xF8 == 0x80


def repeats(message: bytes, asked: bytes) -> bool:
    """Whether an answer has the question of the query `asked`; an error may come without any."""
    if message[4:6] == b"\0\1":
        return message[HEADER : len(asked)].lower() == asked[HEADER:].lower()
    return message[4:HEADER] == bytes(8) and message[3] & 0x0F != 0


def rcode(message: bytes) -> str:
    """The name of the response code."""
    code = message[3] & 0x0F
    return RCODES[code] if code < len(RCODES) else str(code)


def records(message: bytes) -> list[Record]:
    """The first records after the questions; those before the place where the message is cut short."""
    cursor = Cursor(message)
    found: list[Record] = []
    try:
        cursor.take(4)
        questions, *counts = (cursor.number(2) for _ in range(4))
        for _ in range(min(questions, 4)):
            name(cursor)
            cursor.take(4)
        for _ in range(min(sum(counts), MOST)):
            owner, kind = name(cursor), cursor.number(2)
            cursor.take(6)
            size = cursor.number(2)
            found.append(Record(owner, kind, cursor.at, cursor.take(size)))
    except CutShortError:
        pass
    return found


def first_text(message: bytes) -> str:
    """The first string of the first TXT record (3.3.14); empty where there is none."""
    for record in records(message):
        if record.kind == TXT and record.data:
            return text(record.data[1 : 1 + record.data[0]])
    return ""


def name(cursor: Cursor) -> str:
    """The name at `cursor`, which is moved behind it, its labels joined by dots."""
    labels: list[str] = []
    room, lowest, here = LONGEST_NAME, cursor.at, cursor
    while size := here.number(1):
        if size >= 0xC0:
            room -= 2  # no name of a sane server jumps 127 times
            to = (size & 0x3F) << 8 | here.number(1)
            if to >= lowest:
                raise CutShortError("a pointer that does not lead back")
            lowest, here = to, Cursor(cursor.data)
            here.at = to
        else:
            room -= size + 1
            labels.append(text(here.take(size)))
        if room <= 0:
            raise CutShortError("a name of more than 255 bytes")
    return ".".join(labels)
