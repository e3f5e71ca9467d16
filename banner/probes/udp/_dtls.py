"""DTLS' records and the fragments of its handshake, put together to what TLS would have sent.

Sources: RFC 6347, sections 4.1 (records) and 4.2.2 (fragments); RFC 9147, section 4 (what version 1.3 keeps of them).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from ...tls.client_hello import server_name
from ...tls.server_flight import Flight
from .._cursor import Cursor, CutShortError

ALERT, HANDSHAKE = 21, 22
CLIENT_HELLO, SERVER_HELLO, HELLO_VERIFY_REQUEST = 1, 2, 3
VERSIONS = {0xFEFF: "DTLSv1.0", 0xFEFD: "DTLSv1.2"}
_LIKE_TLS = {0xFEFF: b"\3\2", 0xFEFD: b"\3\3"}
_SUITES = bytes.fromhex("c02b c02f c02c c030 c00a c014 c009 c013 009c 009d 002f 0035 00ff")
_GROUPS = bytes.fromhex("001d 0017 0018 0019")
_SIGNATURES = bytes.fromhex("0403 0503 0603 0804 0805 0806 0401 0501 0601 0203 0201")
MOST_MESSAGES = 8
"""Messages of a first flight; ServerHelloDone is the fifth or sixth."""
LONGEST = 65536
"""Bytes of one message that are put together."""


def client_hello(host: str, random: bytes, cookie: bytes, number: int) -> bytes:
    """A ClientHello of version 1.2 with that cookie (RFC 6347, section 4.2.1), message and record of that number."""
    body = (
        b"\xfe\xfd"
        + random
        + b"\0"
        + _sized(cookie, 1)
        + _sized(_SUITES, 2)
        + b"\1\0"
        + _sized(_extensions(host), 2)
    )
    size, sequence = len(body).to_bytes(3, "big"), number.to_bytes(2, "big")
    message = bytes([CLIENT_HELLO]) + size + sequence + bytes(3) + size + body
    return bytes([HANDSHAKE]) + b"\xfe\xff" + number.to_bytes(8, "big") + _sized(message, 2)


def _extensions(host: str) -> bytes:
    name = server_name(host)
    data = b"\0\0" + _sized(_sized(b"\0" + _sized(name.encode(), 2), 2), 2) if name else b""
    data += b"\0\x0a" + _sized(_sized(_GROUPS, 2), 2) + b"\0\x0b" + _sized(b"\1\0", 2)
    return data + b"\0\x0d" + _sized(_sized(_SIGNATURES, 2), 2) + b"\0\x17\0\0"


def _sized(data: bytes, octets: int) -> bytes:
    return len(data).to_bytes(octets, "big") + data


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and content of the records of a datagram that nobody encrypted."""
    cursor = Cursor(data)
    with suppress(CutShortError):
        while cursor.left():
            kind, version, epoch = cursor.number(1), cursor.number(2), cursor.number(2)
            cursor.take(6)
            content = cursor.counted(2)
            if version not in VERSIONS or epoch:
                return
            yield kind, content


def cookie(data: bytes) -> bytes | None:
    """The cookie of a HelloVerifyRequest; None for anything else."""
    for kind, content in records(data):
        if kind == HANDSHAKE and content[:1] == bytes([HELLO_VERIFY_REQUEST]):
            with suppress(CutShortError):
                cursor = Cursor(content)
                cursor.take(14)
                return cursor.counted(1)
    return None


class Reassembly:
    """A server's first flight from datagrams in any order, and what it shows."""

    def __init__(self) -> None:
        self.flight = Flight()
        self._messages: dict[int, dict[int, bytes]] = {}
        self._heads: dict[int, bytes] = {}
        self._next: int | None = None

    def feed(self, data: bytes) -> None:
        """The records of one datagram."""
        for kind, content in records(data):
            if kind == ALERT:
                self.flight.feed(b"\x15\3\3" + _sized(content, 2))
            elif kind == HANDSHAKE:
                with suppress(CutShortError):
                    self._fragments(Cursor(content))
        self._give()

    def _fragments(self, cursor: Cursor) -> None:
        while cursor.left():
            head, number, at = cursor.take(4), cursor.number(2), cursor.number(3)
            fragment = cursor.take(cursor.number(3))
            if head[0] == SERVER_HELLO and self._next is None:
                self._next = number  # 0 or 1, whether or not there was a cookie
            if number < MOST_MESSAGES:
                self._heads.setdefault(number, head)
                self._messages.setdefault(number, {}).setdefault(at, fragment)

    def _give(self) -> None:
        """What is whole and in its turn goes on as TLS."""
        while self._next is not None and (head := self._heads.get(self._next)):
            size = int.from_bytes(head[1:], "big")
            body = self._together(self._next, size)
            if body is None:
                return
            version = int.from_bytes(body[:2], "big")
            if head[0] == SERVER_HELLO:
                body = _LIKE_TLS.get(version, body[:2]) + body[2:]
            for at in range(0, 4 + size, 16384):
                self.flight.feed(b"\x16\3\3" + _sized((head + body)[at : at + 16384], 2))
            if head[0] == SERVER_HELLO:
                self.flight.version = VERSIONS.get(version, self.flight.version)
            self._next += 1

    def _together(self, number: int, size: int) -> bytes | None:
        """The message of that number; None where some of it has not come."""
        parts, at = list[bytes](), 0
        while at < min(size, LONGEST) and (part := self._messages[number].get(at)):
            parts.append(part)
            at += len(part)
        return b"".join(parts) if at == size else None
