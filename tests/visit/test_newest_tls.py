"""A server that takes only groups that OpenSSL does not have yet tells them to a hello of our own."""

from __future__ import annotations

import pytest

from banner import Status, Timeouts, grab, testing
from banner.testing import Connection

REFUSAL = bytes.fromhex("15 0303 0002 0228")
"""The alert handshake_failure (RFC 8446, section 6.2)."""
RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
"""Says that a ServerHello is a HelloRetryRequest (RFC 8446, section 4.1.3)."""


def wants(group: str, hello: bytes) -> bytes:
    """The HelloRetryRequest with which a server asks for a key of `group`, in answer to `hello`."""
    session = hello[44 : 44 + hello[43]]
    extensions = bytes.fromhex(f"002b 0002 0304 0033 0002 {group}")
    body = bytes.fromhex("0303" + RETRY_RANDOM) + bytes([len(session)]) + session + bytes.fromhex("1301 00")
    body += len(extensions).to_bytes(2) + extensions
    message = b"\x02" + len(body).to_bytes(3) + body
    return b"\x16\x03\x03" + len(message).to_bytes(2) + message


@pytest.mark.parametrize(
    ("group", "name"), [("11ec", "X25519MLKEM768"), ("11ed", "SecP384r1MLKEM1024"), ("4588", None)]
)
async def test_a_server_that_takes_only_what_is_newest_is_told(group: str, name: str | None) -> None:
    async def handle(connection: Connection) -> None:
        hello = await connection.read()
        await connection.write(wants(group, hello) if bytes.fromhex(group) in hello[44 + 32 :] else REFUSAL)

    async with testing.serve(handle) as server:
        timeouts = Timeouts(read=5, total=20)
        told = await grab(server.host, server.port, mode="tls", timeouts=timeouts)
    assert (told.status, told.said, told.connections) == (Status.TLS_ERROR, ("tls",) * 3, 3)
    assert told.tls is not None
    assert told.tls.error == "handshake_failure"
    if name is None:
        assert told.tls.version is None
    else:
        assert (told.tls.version, told.tls.cipher, told.tls.group) == (
            "TLSv1.3",
            "TLS_AES_128_GCM_SHA256",
            name,
        )
