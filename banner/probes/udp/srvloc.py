"""SLP: which types of service an agent knows. Nothing is registered.

Sources: RFC 2608, sections 8 (header), 10.1 (service type request) and 10.2 (its reply). A request for the services
themselves, after registering some, has been misused to multiply traffic 2,200 times (CVE-2023-29552): it is not sent.
"""

from __future__ import annotations

from ...dialogue import Datagrams, Probe, Talk
from ...models import Service, Transport
from .._cursor import Cursor
from .._text import texts
from ._asking import ask

_REQUEST, _REPLY = 9, 10
_EVERY_AUTHORITY = b"\xff\xff"
_SCOPE = b"DEFAULT"


def talk(wire: Datagrams) -> Talk:
    number = wire.nonce[:2]
    body = b"\0\0" + _EVERY_AUTHORITY + len(_SCOPE).to_bytes(2, "big") + _SCOPE
    head = b"\0\0" + bytes(3) + number + b"\0\2en"
    question = bytes([2, _REQUEST]) + (5 + len(head) + len(body)).to_bytes(3, "big") + head + body
    told = yield from ask(wire, question, lambda data: _reply(data, number))
    if told is None:
        return None
    code, types = told
    wire.details["error_code"] = code
    if names := texts(types.split(b",", 64)[:64]):
        wire.details["services"] = names
    return wire.claim(Service("srvloc"))


def _reply(data: bytes, number: bytes) -> tuple[int, bytes] | None:
    """Error code and list of types; None for what is no reply to ours."""
    cursor = Cursor(data)
    if cursor.take(2) != bytes([2, _REPLY]) or cursor.number(3) > len(data):
        return None
    cursor.take(5)
    if cursor.take(2) != number:
        return None
    cursor.counted(2)  # the language
    code = cursor.number(2)
    return code, cursor.counted(2) if cursor.left() >= 2 else b""


PROBE = Probe("srvloc", ports=(427,), talk=talk, limit=8192, transport=Transport.UDP, full=True)
