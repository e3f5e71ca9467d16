"""DRDA (Db2, Derby, Informix): EXCSAT exchanges what both sides are, before anybody says who he is.

Source: The Open Group, "DRDA, Version 5, Volume 3: Distributed Data Management Architecture": DSS, EXCSAT, EXCSATRD,
EXTNAM, MGRLVLLS, SRVCLSNM, SRVNAM, SRVRLSLV. Texts are EBCDIC (code page 500) until a CCSID manager is agreed on.
"""

from __future__ import annotations

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._text import opens, text

REQUEST_DSS, REPLY_DSS = b"\xd0\x01", b"\xd0\x02"
"""The magic byte, and the type, which is not chained to another."""
EXCSAT, EXCSATRD = 0x1041, 0x1443
EXTNAM, SRVCLSNM, SRVNAM, SRVRLSLV, MGRLVLLS = 0x115E, 0x1147, 0x116D, 0x115A, 0x1404
FIELDS = {SRVCLSNM: "server_class", SRVNAM: "server_name", SRVRLSLV: "release", EXTNAM: "external_name"}
MANAGERS = ((0x1403, 3), (0x2407, 7), (0x1474, 5), (0x240F, 7), (0x1440, 7))
"""AGENT, SQLAM, CMNTCPIP, RDB and SECMGR, and the levels at which every server of this century speaks them."""
LONGEST = 2048
CODE_PAGE = "cp500"


def _object(code: int, *content: bytes) -> bytes:
    """A DDM object: its length, itself included, its code point, and what it holds."""
    body = b"".join(content)
    return (len(body) + 4).to_bytes(2, "big") + code.to_bytes(2, "big") + body


def _request() -> bytes:
    name = "banner".encode(CODE_PAGE)
    levels = (code.to_bytes(2, "big") + level.to_bytes(2, "big") for code, level in MANAGERS)
    said = _object(
        EXCSAT,
        *(_object(EXTNAM, name), _object(MGRLVLLS, *levels), _object(SRVCLSNM, name)),
        *(_object(SRVNAM, name), _object(SRVRLSLV, "1".encode(CODE_PAGE))),
    )
    return (len(said) + 6).to_bytes(2, "big") + REQUEST_DSS + b"\x00\x01" + said


REQUEST = _request()


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    length = int.from_bytes((yield from wire.exactly(2)), "big")
    if not 10 <= length <= LONGEST or not (yield from opens(wire, REPLY_DSS)):
        return None
    dss = Cursor((yield from wire.exactly(length - 2)))
    dss.take(4)
    try:
        inner = Cursor(dss.take(dss.number(2) - 2))
        if inner.number(2) != EXCSATRD:
            return None
        service = wire.claim(Service("drda"))
        while inner.left():
            size, code = inner.number(2), inner.number(2)
            said = inner.take(size - 4).decode(CODE_PAGE, "replace").strip("\0 ")
            if said and (field := FIELDS.get(code)):
                wire.details[field] = text(said.encode())
    except CutShortError:
        return wire.found
    return service


PROBE = Probe("drda", ports=(446, 1527, 50000), tls_ports=(448, 50001), talk=talk, limit=LONGEST)
