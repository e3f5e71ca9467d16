"""Conversations of bolt, put together from its documentation's examples."""

from banner.models import Service
from banner.probes.bolt import GREETING, REQUEST

from ..conversation import Recording, client, server

SUCCESS = b"\xb1\x70\xa3\x86server\x8cNeo4j/5.13.0\x8dconnection_id\x87bolt-61\x85hints\xa1\xd0\x1fconnection.recv_timeout_seconds\x00\x78"
FAILURE = b"\xb1\x7f\xa2\x84code\xd0\x25Neo.ClientError.Request.InvalidFormat\x87message\x82no"


def chunked(message: bytes) -> bytes:
    """A message in one chunk, and its end."""
    return len(message).to_bytes(2, "big") + message + b"\0\0"


RECORDINGS = (
    Recording(
        "Neo4j 5.13",
        "Bolt protocol, Message specification, HELLO",
        turns=(
            client(REQUEST),
            server(b"\0\0\4\5"),
            client(GREETING),
            server(chunked(SUCCESS)),
            client(b"\0\2\xb0\x02\0\0"),
        ),
        service=Service("bolt"),
        details={"server": "Neo4j/5.13.0", "protocol_version": "5.4"},
    ),
    Recording(
        "a server that does not like HELLO",
        "Bolt protocol, Message specification, FAILURE",
        turns=(
            client(REQUEST),
            server(b"\0\0\1\5"),
            client(GREETING),
            server(chunked(FAILURE)),
            client(b"\0\2\xb0\x02\0\0"),
        ),
        service=Service("bolt"),
        details={"error": "Neo.ClientError.Request.InvalidFormat", "protocol_version": "5.1"},
    ),
    Recording(
        "Neo4j 4.4, which would take HELLO for a login",
        "Bolt protocol, Handshake specification",
        turns=(client(REQUEST), server(b"\0\0\4\4")),
        service=Service("bolt"),
        details={"protocol_version": "4.4"},
    ),
)
