"""Binary greetings that a few fixed bytes give away. Each function answers None where it is not its own.

Sources: BGP-4 (RFC 4271, section 4); ZMTP (ZeroMQ RFC 23, "Greeting"); the NBD protocol ("Handshake"); MySQL's X
Protocol ("Notices"); ActiveMQ's OpenWire 2 specification ("WireFormatInfo"); NDMP 4 (section 2.3.1.2).
Two answers as well: Apple's "AFP Reference" (FPGetSrvrInfo), and The Open Group's C706 (12.6.4). MikroTik's and icecc's
few bytes are from a router's greeting and from the scheduler of icecc 1.4.
"""

from __future__ import annotations

from collections.abc import Callable

from .fields import Reading, as_text

_MARKER = b"\xff" * 16
_OPEN, _NOTIFICATION = 1, 3
_NDMP_NOTIFY_CONNECTED = 0x502
_OLDEST_ICECC = 21
"""The oldest protocol that it speaks (MIN_PROTOCOL_VERSION)."""


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


def afp(data: bytes) -> Reading | None:
    """An answer to DSIGetStatus: a header of 16 bytes, then offsets, the first that of the machine's type."""
    if not data.startswith(b"\1\3") or data[4:8] != bytes(4) or len(data) < 28:
        return None
    at = 16 + int.from_bytes(data[16:18])
    machine = as_text(data[at + 1 : at + 1 + data[at]]) if at < len(data) else ""
    return Reading("afp", [("afp.machine_type", machine)] if machine.isprintable() and machine else [])


def msrpc(data: bytes) -> Reading | None:
    """A PDU of version 5.0 that answers a bind (C706, 12.6.4.4): its length and its order fit."""
    if data[:2] != b"\5\0" or data[2:3] not in (b"\x0c", b"\x0d") or data[4:8] != b"\x10\0\0\0":
        return None
    return Reading("msrpc", []) if int.from_bytes(data[8:10], "little") in range(18, 8192) else None


def bandwidth_test(data: bytes) -> Reading | None:
    """MikroTik's bandwidth test: the greeting of four bytes."""
    return Reading("bandwidth-test", [("at_home", "bandwidth-test")]) if data == b"\1\0\0\0" else None


def icecc(data: bytes) -> Reading | None:
    """An icecc scheduler: the number of its protocol, of four bytes (services/comm.h, PROTOCOL_VERSION)."""
    if len(data) != 4 or data[1:] != bytes(3) or data[0] < _OLDEST_ICECC:
        return None
    return Reading("icecc", [("at_home", "icecc")], info=f"protocol {data[0]}")


def winbox(data: bytes) -> Reading | None:
    """A message to Winbox (see its dialogue): a chunk's length, 1, the message's length, and ``M2``."""
    return Reading("winbox", [("at_home", "winbox")]) if data[1:2] == b"\1" and data[4:6] == b"M2" else None


AT_HOME: dict[int, Callable[[bytes], Reading | None]] = {2000: bandwidth_test, 8291: winbox, 8765: icecc}
"""Forms of so few bytes that they mean something at their own ports alone."""
