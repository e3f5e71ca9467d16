"""Servers of CQL's native protocol."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Cassandra 4.1",
        "native_protocol_v4.spec, sections 2 and 4.2.4",
        turns=(
            client(b"\x04\x00ba\x05\x00\x00\x00\x00"),
            server(
                b"\x84\x00ba\x06\x00\x00\x00[\x00\x03\x00\x11PROTOCOL_VERS"
                b"IONS\x00\x03\x00\x043/v3\x00\x044/v4\x00\x045/v5\x00\x0b"
                b"COMPRESSION\x00\x02\x00\x06snappy\x00\x03lz4"
                b"\x00\x0bCQL_VERSION\x00\x01\x00\x053.4.6"
            ),
        ),
        service=Service("cassandra"),
        details={
            "cql_version": ["3.4.6"],
            "compression": ["snappy", "lz4"],
            "protocol_versions": ["3/v3", "4/v4", "5/v5"],
        },
    ),
    Recording(
        "ScyllaDB",
        "ScyllaDB, protocol-extensions.md",
        turns=(
            client(b"\x04\x00ba\x05\x00\x00\x00\x00"),
            server(
                b"\x84\x00ba\x06\x00\x00\x00^\x00\x04\x00\x0cSCYLLA_SHARD\x00"
                b"\x01\x00\x010\x00\x0bCOMPRESSION\x00\x02\x00\x03lz4\x00\x06"
                b"snappy\x00\x10SCYLLA_NR_SHARDS\x00\x01"
                b"\x00\x014\x00\x0bCQL_VERSION\x00\x01\x00\x053.3.1"
            ),
        ),
        service=Service(
            "cassandra",
            vendor="ScyllaDB",
            product="ScyllaDB",
            cpe=("cpe:2.3:a:scylladb:scylladb:*:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"cql_version": ["3.3.1"], "compression": ["lz4", "snappy"]},
    ),
    Recording(
        "Cassandra 2.1, which knows version 3",
        "native_protocol_v3.spec, section 9, error 0x000A",
        turns=(
            client(b"\x04\x00ba\x05\x00\x00\x00\x00"),
            server(
                b"\x83\x00\x00\x00\x00\x00\x00\x00\\\x00\x00\x00\n\x00VInvalid or "
                b"unsupported protocol versi"
                b"on (4); supported versions"
                b" are (1/v1, 2/v2, 3/v3)"
            ),
        ),
        service=Service("cassandra"),
        details={
            "error": "Invalid or unsupported protocol version (4); supported versions are (1/v1, 2/v2, 3/v3)"
        },
    ),
)
