"""iSCSI: the first step of a login to a discovery session, without a user; the target says whether it wants one.

In full mode the session is opened where the target wants none, and asked for its targets, and then closed. CHAP
(RFC 1994) is never offered.
Source: RFC 7143, sections 11.12 and 11.13 (Login Request and Response), 11.10 (Text Request), 11.14 (Logout Request), 6
(negotiation), 13.3 (SendTargets: appendix C), 13.21 (SessionType).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._text import opens, text, texts

LOGIN, TEXT, LOGOUT, LOGIN_RESPONSE, TEXT_RESPONSE = 0x03, 0x04, 0x06, 0x23, 0x24
IMMEDIATE, LAST = 0x40, 0x80
SECURITY, OPERATIONAL, FULL_FEATURE = 0, 1, 3
HEADER, LONGEST = 48, 8192
ISID = b"\x80ban\0\0"
"""Of the kind that needs no registration (0x80: random)."""
NAME = b"iqn.2000-01.invalid.banner:1"
STATUS = {
    0x0000: "success", 0x0101: "target moved", 0x0102: "target moved", 0x0201: "authentication failure",
    0x0202: "authorization failure", 0x0203: "not found", 0x0204: "target removed", 0x0207: "missing parameter",
    0x0209: "session type not supported", 0x0300: "target error", 0x0301: "service unavailable",
    0x0302: "out of resources",
}  # fmt: skip
"""Status class and detail (section 11.13.5)."""


class _Answer(NamedTuple):
    kind: int
    flags: int
    header: bytes
    keys: list[tuple[bytes, bytes]]

    def of(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.keys if key == name]

    @property
    def number(self) -> int:
        """StatSN, which is acknowledged with the next one."""
        return int.from_bytes(self.header[24:28], "big")


def talk(wire: Wire) -> Talk:
    wire.send(
        _login(SECURITY, OPERATIONAL, b"InitiatorName=" + NAME, b"SessionType=Discovery", b"AuthMethod=None")
    )
    answer = yield from _answer(wire, LOGIN_RESPONSE)
    if answer is None:
        return None
    service = wire.claim(Service("iscsi"))
    status = int.from_bytes(answer.header[36:38], "big")
    wire.details["status"] = STATUS.get(status, f"0x{status:04x}")
    wire.details["protocol_version"] = str(answer.header[3])
    for name, field in ((b"AuthMethod", "auth_method"), (b"TargetAlias", "target_alias")):
        for value in answer.of(name)[:1]:
            wire.details[field] = text(value)
    if wire.deep and not status and wire.details.get("auth_method") == "None" and answer.flags & LAST:
        yield from _discover(wire, answer.number)
    return service


def _discover(wire: Wire, number: int) -> Generator[Want, None, None]:
    """Open the session, ask for the targets, and leave."""
    wire.send(_login(OPERATIONAL, FULL_FEATURE, seen=number + 1))
    opened = yield from _answer(wire, LOGIN_RESPONSE)
    if opened is None or any(opened.header[36:38]) or opened.flags & (LAST | 3) != LAST | FULL_FEATURE:
        return
    wire.send(_pdu(TEXT, LAST, b"\xff" * 4, opened.number + 1, b"SendTargets=All"))
    told = yield from _answer(wire, TEXT_RESPONSE)
    if told is not None:
        wire.details["targets"] = texts(told.of(b"TargetName"))
        wire.details["addresses"] = texts(dict.fromkeys(told.of(b"TargetAddress")))
        wire.send(_pdu(LOGOUT, LAST, bytes(4), told.number + 1))


def _login(stage: int, following: int, *keys: bytes, seen: int = 0) -> bytes:
    """A Login Request that goes from one stage to the next; TSIH 0 for a new session, CID 0."""
    return _pdu(LOGIN, LAST | stage << 2 | following, bytes(4), seen, *keys, isid=ISID)


def _pdu(kind: int, flags: int, target: bytes, seen: int, *keys: bytes, isid: bytes = b"") -> bytes:
    """Task tag 1, CmdSN 1 (not counted on, for all is immediate), and ExpStatSN ``seen``."""
    data = b"".join(key + b"\0" for key in keys)
    start = bytes((kind | IMMEDIATE, flags, 0, 0, 0)) + len(data).to_bytes(3, "big") + isid.ljust(8, b"\0")
    numbers = (
        (1).to_bytes(4, "big") + target + (1).to_bytes(4, "big") + (seen & 0xFFFFFFFF).to_bytes(4, "big")
    )
    return (start + numbers).ljust(HEADER, b"\0") + data + bytes(-len(data) % 4)


def _answer(wire: Wire, kind: int) -> Generator[Want, None, _Answer | None]:
    if not (yield from opens(wire, bytes([kind]))):
        return None
    header = yield from wire.exactly(HEADER)
    length = int.from_bytes(header[5:8], "big")
    if header[4] or length > LONGEST or header[16:20] != (1).to_bytes(4, "big"):
        return None
    data = (yield from wire.exactly(length + -length % 4))[:length]
    pairs = (part.partition(b"=") for part in data.split(b"\0") if part)
    return _Answer(kind, header[1], header, [(name, value) for name, _, value in pairs])


PROBE = Probe("iscsi", ports=(3260,), at_home=True, talk=talk, limit=2 * LONGEST)
