"""DNP3."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "an outstation at address 10",
        "IEEE 1815-2012, 9.2",
        turns=(
            client(b"\x05d\x05\xc9\xfc\xff\x01\x00\x8c\x0e"),
            server(b"\x05d\x05\x0b\x01\x00\n\x00m\xed"),
        ),
        service=Service(name="dnp3"),
        details={"address": 10, "function": "link status"},
    ),
)
