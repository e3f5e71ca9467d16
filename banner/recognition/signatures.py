"""Binary greetings that a few fixed bytes give away. Each function answers None where it is not its own.

Sources: BGP-4 (RFC 4271, section 4); ZMTP (ZeroMQ RFC 23, "Greeting"); the NBD protocol ("Handshake"); MySQL's X
Protocol ("Notices"); ActiveMQ's OpenWire 2 specification ("WireFormatInfo"); NDMP 4 (section 2.3.1.2).
"""

from __future__ import annotations

from .fields import Reading, as_text

_MARKER = b"\xff" * 16
_OPEN, _NOTIFICATION = 1, 3
_NDMP_NOTIFY_CONNECTED = 0x502


def bgp(data: bytes) -> Reading | None:
    """A marker of 16 octets, a length and a type: OPEN says who speaks, NOTIFICATION that he does not want to."""
    if not data.startswith(_MARKER) or len(data) < 19:
        return None
    length, kind = int.from_bytes(data[16:18]), data[18]
    if kind == _OPEN and length >= 29 <= len(data):
        system, hold = int.from_bytes(data[20:22]), int.from_bytes(data[22:24])
        router = ".".join(map(str, data[24:28]))
        return Reading("bgp", [], info=f"AS {system}, router id {router}, hold time {hold} s")
    if kind == _NOTIFICATION and length >= 21 <= len(data):
        return Reading("bgp", [], info=f"notification {data[19]}.{data[20]}")
    return None


def zmtp(data: bytes) -> Reading | None:
    """The signature ``FF`` 8 octets ``7F``, then the version and, from 3.0 on, the mechanism."""
    if len(data) < 10 or data[0] != 0xFF or data[9] != 0x7F:
        return None
    if len(data) >= 32 and data[10] >= 3:
        mechanism = as_text(data[12:32].rstrip(b"\0"))
        if mechanism.isalnum():
            return Reading("zmtp", [], info=f"version {data[10]}.{data[11]}, {mechanism}")
    return Reading("zmtp", [], info=f"version {data[10]}" if len(data) > 10 else None)


def nbd(data: bytes) -> Reading | None:
    """``NBDMAGIC``, and ``IHAVEOPT`` (newstyle) or the oldstyle's own number."""
    if not data.startswith(b"NBDMAGIC"):
        return None
    return Reading("nbd", [], info="newstyle" if data[8:16] == b"IHAVEOPT" else None)


def mysqlx(data: bytes) -> Reading | None:
    """A Notice frame: length (little-endian), type 11, and the hello that a server sends since 8.0.16."""
    if len(data) < 5 or data[4] != 11 or int.from_bytes(data[:4], "little") not in range(1, 64):
        return None
    return Reading("mysqlx", []) if data[5:7] == b"\x08\x05" else None


def openwire(data: bytes) -> Reading | None:
    """A WireFormatInfo: length, type 1, ``ActiveMQ``, version, and properties in which the provider names itself."""
    if data[4:13] != b"\x01ActiveMQ" or len(data) < 17:
        return None
    found = [f"version={int.from_bytes(data[13:17])}"]
    for name in (b"ProviderName", b"ProviderVersion"):
        at = data.find(name + b"\x09")  # 9: a string, behind its length of two octets
        if at >= 0:
            at += len(name) + 1
            length = min(int.from_bytes(data[at : at + 2]), 64)
            found.append(f"{name.decode()}={as_text(data[at + 2 : at + 2 + length])}")
    return Reading("openwire", [("openwire.banner", ";".join(found))])


def ndmp(data: bytes) -> Reading | None:
    """A record of RPC's (RFC 5531, section 11) with NOTIFY_CONNECTED: sequence, time, request, 0x502."""
    if len(data) < 28 or not data[0] & 0x80 or int.from_bytes(data[12:16]) != 0:
        return None
    return Reading("ndmp", []) if int.from_bytes(data[16:20]) == _NDMP_NOTIFY_CONNECTED else None
