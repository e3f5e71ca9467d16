"""Conversations of postgresql."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "PostgreSQL 15.18, Debian 12, without TLS",
        "recorded",
        turns=(
            client(b"\x00\x00\x00\x08\x04\xd2\x16/"),
            server(b"N"),
            client(b"\x00\x00\x00\t\x00\xff\x00\x00\x00"),
            server(
                b"E\x00\x00\x00\x85SFATAL\x00VFATAL\x00C0A000\x00Munsupported frontend protocol 255.0: server supports 3.0 to 3.0\x00Fpostmaster.c\x00L2222\x00RProcessStartupPacket\x00\x00"
            ),
        ),
        service=Service(
            name="postgresql",
            vendor="PostgreSQL",
            product="PostgreSQL",
            cpe=("cpe:2.3:a:postgresql:postgresql:*:*:*:*:*:*:*:*",),
        ),
        details={
            "tls": False,
            "severity": "FATAL",
            "sql_state": "0A000",
            "error": "unsupported frontend protocol 255.0: server supports 3.0 to 3.0",
            "file": "postmaster.c",
            "line": "2222",
            "routine": "ProcessStartupPacket",
        },
    ),
    Recording(
        "PostgreSQL 15.18, Debian 12, with TLS",
        "recorded",
        turns=(
            client(b"\x00\x00\x00\x08\x04\xd2\x16/"),
            server(b"S"),
            TLS,
            client(b"\x00\x00\x00\t\x00\xff\x00\x00\x00"),
            server(
                b"E\x00\x00\x00\x85SFATAL\x00VFATAL\x00C0A000\x00Munsupported frontend protocol 255.0: server supports 3.0 to 3.0\x00Fpostmaster.c\x00L2222\x00RProcessStartupPacket\x00\x00"
            ),
        ),
        service=Service(
            name="postgresql",
            vendor="PostgreSQL",
            product="PostgreSQL",
            cpe=("cpe:2.3:a:postgresql:postgresql:*:*:*:*:*:*:*:*",),
        ),
        details={
            "tls": True,
            "severity": "FATAL",
            "sql_state": "0A000",
            "error": "unsupported frontend protocol 255.0: server supports 3.0 to 3.0",
            "file": "postmaster.c",
            "line": "2222",
            "routine": "ProcessStartupPacket",
        },
    ),
)
