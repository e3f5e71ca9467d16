"""Servers' first flights put together by hand, from RFC 6101 and RFC 5246, for the tests."""

from __future__ import annotations

import ssl

from tests.tls_peer import leaf

DER = ssl.PEM_cert_to_DER_cert(leaf().cert_chain_pems[0].bytes().decode())
CHAIN = (DER, b"issuer")
"""What `flight` sends; the second is no certificate."""


def sized(data: bytes, octets: int) -> bytes:
    return len(data).to_bytes(octets) + data


def record(kind: int, payload: bytes, version: int = 0x0300) -> bytes:
    return bytes([kind]) + version.to_bytes(2) + sized(payload, 2)


def server_hello(
    version: int, suite: int, extensions: bytes | None = None, random: bytes = bytes(32)
) -> bytes:
    body = version.to_bytes(2) + random + sized(b"session", 1) + suite.to_bytes(2) + b"\0"
    return b"\2" + sized(body if extensions is None else body + sized(extensions, 2), 3)


def certificates(*chain: bytes) -> bytes:
    return b"\x0b" + sized(sized(b"".join(sized(one, 3) for one in chain), 3), 3)


REQUEST = b"\x0d" + sized(sized(b"\1\2", 1) + sized(b"", 2), 3)
KEY_EXCHANGE = b"\x0c" + sized(b"parameters", 3)
DONE = b"\x0e\0\0\0"


def flight(
    version: int = 0x0300, suite: int = 0x0005, *, asks: bool = False, together: bool = False
) -> bytes:
    """A whole flight: each message in its own record, or all in one."""
    messages = [server_hello(version, suite), certificates(*CHAIN), KEY_EXCHANGE]
    messages += [REQUEST, DONE] if asks else [DONE]
    if together:
        messages = [b"".join(messages)]
    return b"".join(record(22, message, version) for message in messages)


def sslv2_hello() -> bytes:
    """SSL 2.0's SERVER-HELLO with one cipher kind, RC4 128 with MD5."""
    body = b"\4\0\1\0\2" + b"".join(len(part).to_bytes(2) for part in (DER, b"\1\0\x80", b"connection id 16"))
    body += DER + b"\1\0\x80" + b"connection id 16"
    return (0x8000 | len(body)).to_bytes(2) + body
