"""SOCKS proxies."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Dante 1.4.2, no authentication",
        "recorded",
        turns=(
            client(b"\x05\x01\x00"),
            server(b"\x05\x00"),
        ),
        service=Service("socks"),
        details={"method": "none"},
    ),
    Recording(
        "Dante 1.4.2 with user names",
        "recorded",
        turns=(
            client(b"\x05\x01\x00"),
            server(b"\x05\xff"),
        ),
        service=Service("socks"),
        details={"method": "refused"},
    ),
)
