"""Microsoft SQL Server: PRELOGIN, whose answer holds the exact build and the wish to encrypt.

Where both sides can, a handshake of TLS follows, inside of TDS (``tls/tds.py``), and shows the certificate; TDS 8.0 is
inside TLS from its start, and its server chooses ``tds/8.0`` by ALPN. Nobody logs in: full mode begins a login with
NTLM's message that names nobody (``_ntlm.py``), hears the server's names and leaves.
Source: [MS-TDS] 2.2.3.1 (packet header), 2.2.6.5 (PRELOGIN and who encrypts what), 2.2.6.4 (LOGIN7), 2.2.7.21 (SSPI);
the years of the major versions are from Microsoft's "Determine the version, edition, and update level of SQL Server".
"""

from __future__ import annotations

import struct
from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._cursor import Cursor, CutShortError
from ._ntlm import NEGOTIATE, challenge
from ._product import named
from ._text import opens

RELEASES = {
    (8, 0): "2000", (9, 0): "2005", (10, 0): "2008", (10, 50): "2008 R2", (11, 0): "2012", (12, 0): "2014",
    (13, 0): "2016", (14, 0): "2017", (15, 0): "2019", (16, 0): "2022", (17, 0): "2025",
}  # fmt: skip
OFF, ON, NOT_SUPPORTED = 0, 1, 2
ENCRYPTION = {OFF: "off", ON: "on", NOT_SUPPORTED: "not supported", 3: "required"}
VERSION, ENCRYPT, INSTANCE, THREAD, MARS, LAST = 0, 1, 2, 3, 4, 0xFF


def request(encryption: int) -> bytes:
    """PRELOGIN in one TDS packet: option tokens with offsets and lengths, then their data: no client version, our wish
    to encrypt, the default instance."""
    options = (
        (VERSION, bytes(6)), (ENCRYPT, bytes([encryption])), (INSTANCE, b"\0"), (THREAD, bytes(4)), (MARS, b"\0"),
    )  # fmt: skip
    table, data, start = b"", b"", 5 * len(options) + 1
    for token, value in options:
        table += struct.pack(">BHH", token, start + len(data), len(value))
        data += value
    return _packet(0x12, table + bytes([LAST]) + data)


def login() -> bytes:
    """LOGIN7 of TDS 7.4 with integrated security: every name empty, and NTLM's first message at byte 94."""
    sizes = struct.pack("<6I4BiI", 94 + len(NEGOTIATE), 0x74000004, 4096, 0, 0, 0, 0, 0x80, 0, 0, 0, 0)
    names = struct.pack("<HH", 94, 0) * 9 + bytes(6)
    security = struct.pack("<HHHHHHI", 94, len(NEGOTIATE), 94, 0, 94, 0, 0)
    return _packet(0x10, sizes + names + security + NEGOTIATE)


def _packet(kind: int, payload: bytes) -> bytes:
    return struct.pack(">BBHHBB", kind, 1, 8 + len(payload), 0, 1, 0) + payload


def talk(wire: Wire) -> Talk:
    wire.send(request(_wish(wire)))
    length = yield from _length(wire)
    if not length or not (yield from opens(wire, b"\0")):  # VERSION always stands first
        return None
    payload = yield from wire.exactly(length)
    try:
        options = _options(payload)
        version = options[VERSION]
    except (CutShortError, KeyError):
        return None
    if len(version) != 6:
        return None
    encryption = options.get(ENCRYPT, b"")
    if len(encryption) == 1:
        wire.details["encryption"] = ENCRYPTION.get(encryption[0], str(encryption[0]))
    wire.claim(_product(version))
    as_it_is = wire.tls or encryption in (b"", bytes([NOT_SUPPORTED]))
    if not as_it_is and not (wire.may_secure and (yield from wire.start_tls())):
        return wire.found
    if wire.deep:
        wire.send(login())
        wire.details.update(challenge((yield from wire.exactly((yield from _length(wire))))))
    return wire.found


def _wish(wire: Wire) -> int:
    """With OFF the login alone would be encrypted, and the answer tells whether more has to be; with ON, which full
    mode says, all that follows, the server's names among it. Inside TLS nothing is left to encrypt."""
    if wire.tls or not wire.may_secure:
        return NOT_SUPPORTED
    return ON if wire.deep else OFF


def _length(wire: Wire) -> Generator[Want, None, int]:
    """How much follows the header of an answer in one packet; 0 where it is none."""
    if not (yield from opens(wire, b"\x04\x01")):
        return 0
    length = int.from_bytes((yield from wire.exactly(8))[2:4], "big")
    return length - 8 if 8 < length <= wire.limit else 0


def _options(payload: bytes) -> dict[int, bytes]:
    cursor, found = Cursor(payload), dict[int, bytes]()
    while (token := cursor.number(1)) != LAST:
        start, length = cursor.number(2), cursor.number(2)
        found[token] = payload[start : start + length]
    return found


def _product(version: bytes) -> Service:
    major, minor, build = version[0], version[1], int.from_bytes(version[2:4], "big")
    number = f"{major}.{minor}.{build}.{int.from_bytes(version[4:], 'little')}"
    release = RELEASES.get((major, minor))
    return named("ms-sql-s", "Microsoft", "SQL Server", number, cpe="microsoft:sql_server", info=release)


PROBE = Probe("mssql", ports=(1433,), starttls=True, talk=talk, limit=4096)
