"""Cisco's call managers."""

from banner.models import Service

from ..conversation import Recording, client, server

ASKED = client(b"\x04\0\0\0\0\0\0\0\0\0\0\0")

RECORDINGS = (
    Recording(
        "KeepAliveAck",
        "Cisco, SCCP Messaging Guide, KeepAliveAck (0x100)",
        turns=(ASKED, server(b"\x04\0\0\0\0\0\0\0\0\x01\0\0")),
        service=Service("sccp"),
        details={"message": "keep-alive acknowledged"},
    ),
    Recording(
        "Reset",
        "Cisco, SCCP Messaging Guide, Reset (0x9F), type 2: restart",
        turns=(ASKED, server(b"\x08\0\0\0\0\0\0\0\x9f\0\0\0\x02\0\0\0")),
        service=Service("sccp"),
        details={"message": "reset"},
    ),
)
