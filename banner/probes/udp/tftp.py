"""TFTP: a request for a file that is not there. The error tells that a server is.

Each answer comes from a port of its own (RFC 1350, section 4). Sources: RFC 1350, section 5 (packets) and its
appendix (error codes).
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._text import text
from ._asking import ask

FILE = b"banner-asks-for-no-file"
_DATA, _ERROR = b"\0\3\0\1", b"\0\5\0"
_LAST_CODE = 8
"""RFC 2347, section 3."""


def talk(wire: Datagrams) -> Talk:
    answer = yield from ask(wire, b"\0\1" + FILE + b"\0octet\0", _answer)
    if answer is None:
        return None
    if answer.startswith(_ERROR):
        wire.details["error_code"] = answer[3]
        if said := text(answer[4:].partition(b"\0")[0]):
            wire.details["error"] = said
    return wire.claim(Service("tftp"))


def _answer(data: bytes) -> bytes | None:
    """An error whose text ends, or the first block of a file."""
    if data.startswith(_ERROR):
        return data if len(data) > 4 and data[3] <= _LAST_CODE and b"\0" in data[4:] else None
    return data if data.startswith(_DATA) and len(data) <= 516 else None


PROBE = Probe("tftp", ports=(69,), talk=talk, limit=2048, transport=Transport.UDP)
