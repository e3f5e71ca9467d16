"""rpcbind (the port mapper): DUMP over TCP, which lists the programs registered on the host.

Sources: RFC 1833, section 3 (version 2, procedure 4); RFC 5531, sections 9 (messages), 11 (record marking)
and 13.3 (program numbers); RFC 4506 for the numbers' form.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from . import _rpc
from ._cursor import Cursor, CutShortError

NUMBER = b"bann"
_CALL = _rpc.call(NUMBER, _rpc.DUMP)
REQUEST = (0x80000000 | len(_CALL)).to_bytes(4, "big") + _CALL
"""One last fragment: CALL, RPC 2, program 100000 version 2, procedure 4, neither credentials nor verifier."""

PROGRAMS = {
    100000: "rpcbind", 100001: "rstatd", 100002: "rusersd", 100003: "nfs", 100004: "ypserv", 100005: "mountd",
    100007: "ypbind", 100008: "walld", 100009: "yppasswdd", 100011: "rquotad", 100012: "sprayd",
    100021: "nlockmgr", 100024: "status", 100026: "bootparam", 100068: "cmsd", 100083: "ttdbserverd",
    100227: "nfs_acl", 100300: "nisd", 391002: "sgi_fam",
}  # fmt: skip
"""Names by IANA's "RPC program numbers"."""
TRANSPORTS = {6: "tcp", 17: "udp"}
MOST = 128
"""Programs that are kept; an NFS server registers about thirty."""


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    mark = int.from_bytes((yield from wire.exactly(4)), "big")
    if not 12 <= mark & 0x7FFFFFFF <= wire.limit:
        return None
    start = yield from wire.exactly(12)
    if start[:8] != NUMBER + b"\0\0\0\1":  # our number, REPLY
        return None
    wire.claim(Service("rpcbind"))
    if start[8:] != bytes(4):
        wire.details["access"] = "refused"
        return wire.found
    message = yield from _message(wire, mark)
    with suppress(CutShortError):
        _describe(wire, Cursor(message))
    return wire.found


def _message(wire: Wire, mark: int) -> Generator[Want, None, bytes]:
    """The rest of the message whose first 12 bytes were taken, over as many fragments as it has."""
    message = yield from wire.exactly((mark & 0x7FFFFFFF) - 12)
    while not mark >> 31:
        mark = int.from_bytes((yield from wire.exactly(4)), "big")
        message += yield from wire.exactly(mark & 0x7FFFFFFF)
    return message


def _describe(wire: Wire, cursor: Cursor) -> None:
    cursor.take(4)
    cursor.counted(4)  # the verifier, of a multiple of four bytes
    state = cursor.number(4)
    wire.details["access"] = _rpc.access(state)
    programs: list[str] = []
    wire.details["programs"] = programs
    while not state and cursor.number(4) and len(programs) < MOST:
        program, version, transport, port = (cursor.number(4) for _ in range(4))
        name, via = PROGRAMS.get(program, str(program)), TRANSPORTS.get(transport, str(transport))
        programs.append(f"{name} {version} {via} {port}")


PROBE = Probe("rpcbind", ports=(111,), talk=talk, limit=8192)
