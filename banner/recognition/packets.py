"""Greetings of binary protocols, cut by their fixed structure. Each function answers None where it is not
its own.

Sources: MySQL client/server protocol (Protocol::HandshakeV10, ERR_Packet); X Window System Protocol,
section 8
(connection setup); RFC 1035 (4.1, 4.2.2); RFC 4511; AMQP 0-9-1 (4.2.3, 1.4.2.1); MongoDB wire protocol;
PostgreSQL 55.7 (ErrorResponse); RFC 8446 (5.1); MQTT 3.1.1 (3.2); RFC 854 and 855 (telnet).
"""

from __future__ import annotations

import re

from ..text.patterns import lazily
from ..text.utf16 import is_utf16
from . import frames
from .fields import BY_STRUCTURE, BY_WORDS, LIMIT, Reading, as_text

_TELNET = lazily(
    rb"\xff(?:[\xfb-\xfe].|\xfa(?:[^\xff]++|\xff\xff){0,64}+\xff\xf0|[^\xfa-\xff]|[\xfa-\xfe]\Z|\Z)",
    re.DOTALL,
)
_STRINGS = lazily(rb"[\x20-\x7e]{3,}")
_SQLSTATE = lazily(r"#[0-9A-Z]{5}")


def telnet(data: bytes) -> Reading | None:
    """Negotiation (IAC WILL, WONT, DO, DONT, SB), and the text around it."""
    if (len(data) > 1 and not 0xF0 <= data[1] <= 0xFE) or is_utf16(data):
        return None
    return telnet_text(data)


def telnet_text(data: bytes) -> Reading:
    """The text between commands."""
    text = _TELNET.sub(b"", data).replace(b"\0", b"").lstrip(b"\r\n")
    return Reading("telnet", [("telnet.banner", as_text(text))] if text.strip() else [])


def mysql(data: bytes) -> Reading | None:
    """A server's handshake, or the error that it sends in its place."""
    if len(data) < 5 or data[3] not in (0, 1) or data[4] not in (9, 10, 255):
        return None
    length = int.from_bytes(data[:3], "little")
    if data[4] == 255:
        return _mysql_error(data, length)
    end = data.find(b"\0", 5)
    if end < 0 or length < end - 3 or not 0 < end - 5 <= 128:
        return None
    version = as_text(data[5:end])
    if not version.isprintable() or not any(c.isdigit() for c in version):
        return None
    # A MariaDB server calls itself 5.5.5 first, for the sake of replicas that take 10 for a protocol's end
    return Reading("mysql", [("mysql.banner", version.removeprefix("5.5.5-"))])


def _mysql_error(data: bytes, length: int) -> Reading | None:
    if not 3 <= length <= 1024 or len(data) < 8:
        return None
    message = as_text(data[7 : 4 + length])
    if _SQLSTATE.match(message):
        message = message[6:]
    return Reading("mysql", [("mysql.error", message)])


def http2(data: bytes) -> Reading | None:
    """The SETTINGS frame with which an HTTP/2 server greets."""
    found = frames.settings(data)
    if found is None:
        return None
    return Reading("http", [], info="HTTP/2, gRPC" if frames.grpc(found) else "HTTP/2")


def x11(data: bytes) -> Reading | None:
    """The answer to a connection setup: accepted with a vendor, or refused with a reason."""
    if len(data) < 8 or data[0] not in (0, 1, 2):
        return None
    for order in ("little", "big"):
        major = int.from_bytes(data[2:4], order)
        if major != 11:
            continue
        if data[0] == 1 and len(data) >= 40:
            length = int.from_bytes(data[24:26], order)
            release = int.from_bytes(data[8:12], order)
            return Reading(
                "x11", [("x11.banner", as_text(data[40 : 40 + length]))], info=f"release {release}"
            )
        if data[0] in (0, 2) and not any(
            data[4:6]
        ):  # the minor version: a length of 11 and a text are another's
            reason = as_text(data[8 : 8 + data[1]]).strip("\0 \n")
            return Reading("x11", [], info=reason or None)
    return None


def tls(data: bytes) -> Reading | None:
    """A TLS record: an alert, or a handshake that nobody asked for."""
    if len(data) < 5 or data[0] not in (0x15, 0x16) or data[1] != 3 or data[2] > 4:
        return None
    length = int.from_bytes(data[3:5], "big")
    return Reading("tls", []) if (length == 2 if data[0] == 0x15 else 4 <= length <= 16384) else None


def dns(data: bytes) -> Reading | None:
    """An answer over TCP (two bytes of length first) or UDP; its first TXT string in the CHAOS class."""
    framed = len(data) >= 14 and _frames(data)
    message = data[2:] if framed else data
    if len(message) < 12 or not message[2] & 0x80 or message[2] & 0x70 or message[3] & 0x40:
        return None
    counts = [int.from_bytes(message[at : at + 2], "big") for at in (4, 6, 8, 10)]
    if counts[0] > 1 or max(counts) > 32 or (not framed and counts[0] != 1):
        return None
    at = 12
    for _ in range(counts[0]):
        at = _name_end(message, at) + 4
        if at > len(message) or int.from_bytes(message[at - 2 : at], "big") not in (1, 3):
            return None
    for _ in range(counts[1]):
        at = _name_end(message, at)
        kind, length = message[at : at + 2], int.from_bytes(message[at + 8 : at + 10], "big")
        if kind == b"\0\x10" and length > 1 and at + 10 < len(message):
            text = message[at + 11 : at + 11 + message[at + 10]]
            return Reading("dns", [("dns.versionbind", as_text(text))])
        at += 10 + length
    return Reading("dns", [])


def _frames(data: bytes) -> bool:
    """Whether `data` is answers over TCP (RFC 1035, section 4.2.2), the last of which may be cut."""
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        if size < 12 or (at + 4 < len(data) and not data[at + 4] & 0x80):
            return False
        at += 2 + size
    return True


def _name_end(message: bytes, at: int) -> int:
    while at < len(message):
        length = message[at]
        if length >= 0xC0:
            return at + 2
        at += 1 + length
        if length == 0:
            return at
    return len(message) + 4


def ldap(data: bytes) -> Reading | None:
    """An LDAPMessage with a search result, a bind answer or an extended answer."""
    if len(data) < 7 or data[0] != 0x30:
        return None
    at = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
    if data[1] & 0x80 and not 0x81 <= data[1] <= 0x84:
        return None
    if data[at : at + 1] != b"\x02" or not 1 <= data[at + 1] <= 4:
        return None
    operation = data[at + 2 + data[at + 1] : at + 3 + data[at + 1]]
    if operation not in (b"\x61", b"\x64", b"\x65", b"\x73", b"\x78"):
        return None
    if operation != b"\x64":
        return Reading("ldap", [])
    entry = data.decode("latin-1")  # Recog's rules know the attributes by the bytes around their names
    return Reading("ldap", [("ldap.banner", printable(data)), ("ldap.search_result", entry)])


def amqp(data: bytes) -> Reading | None:
    """A protocol header, or Connection.Start with its server properties (AMQP 0-9-1)."""
    if data.startswith(b"AMQP") and len(data) >= 8:
        return Reading("amqp", [], info=f"protocol {data[5]}-{data[6]}-{data[7]}")
    if data[:3] != b"\x01\0\0" or data[7:11] != b"\0\x0a\0\x0a":
        return None
    found = []
    for name in (b"product", b"version", b"platform", b"cluster_name"):
        at = data.find(bytes((len(name),)) + name + b"S")
        if at >= 0:
            at += len(name) + 2
            length = int.from_bytes(data[at : at + 4], "big")
            found.append(f"{name.decode()}={as_text(data[at + 4 : at + 4 + min(length, 128)])}")
    return Reading("amqp", [("amqp.banner", ";".join(found))] if found else [])


def mongodb(data: bytes) -> Reading | None:
    """An OP_REPLY or OP_MSG."""
    if len(data) < 20 or int.from_bytes(data[12:16], "little") not in (1, 2013):
        return None
    if not 16 < int.from_bytes(data[:4], "little") < 50_000_000 or data[3]:
        return None
    return Reading("mongodb", [("mongodb.banner", printable(data[16:]))])


def postgresql(data: bytes) -> Reading | None:
    """An ErrorResponse: 'E', a length, and fields of a letter and a string each; after the letter that answers
    SSLRequest, if that was asked first (PostgreSQL, "Message Formats")."""
    if data[:2] in (b"NE", b"SE"):
        data = data[1:]
    if len(data) < 8 or data[:1] != b"E" or not 8 <= int.from_bytes(data[1:5], "big") <= 8192:
        return None
    parts = [part for part in data[5:LIMIT].split(b"\0") if part]
    if (
        not parts
        or parts[0][:1] not in b"SVCM"
        or not any(part[:1] == b"C" and len(part) == 6 for part in parts)
    ):
        return None
    text = ";".join(f"{chr(part[0])}={as_text(part[1:])}" for part in parts)
    return Reading("postgresql", [("postgresql.banner", text)])


def rsh(data: bytes) -> Reading | None:
    """A byte 1 (or 0), then an error's text (BSD rcmd(3), rexec(3))."""
    text = data[1:].strip(b"\0\r\n")
    if (
        len(text) < 8
        or not text.isascii()
        or not as_text(text).replace("\n", "").replace("\r", "").replace("\t", "").isprintable()
    ):
        return None
    return Reading("rsh", [("rsh.response", as_text(text))], BY_WORDS)


def mqtt(data: bytes) -> Reading | None:
    """CONNACK: 0x20, length 2 (or more in version 5), flags, return code."""
    if not 4 <= len(data) <= 256 or data[0] != 0x20 or data[1] != len(data) - 2 or data[2] > 1:
        return None
    return Reading("mqtt", [], BY_STRUCTURE if data[1] == 2 and data[3] <= 5 else BY_WORDS)


def printable(data: bytes) -> str:
    """The printable runs of `data`, joined by LF."""
    return "\n".join(run.decode() for run in _STRINGS.findall(data[:LIMIT]))
