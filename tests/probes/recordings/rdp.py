"""RDP servers."""

from banner.models import Service

from ..conversation import TLS, Recording, client, server

RECORDINGS = (
    Recording(
        "xrdp 0.9.21, Debian 12",
        "recorded",
        turns=(
            client(b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x0b\x00\x00\x00"),
            server(b"\x03\x00\x00\x13\x0e\xd0\x00\x00\x124\x00\x02\x01\x08\x00\x01\x00\x00\x00"),
            TLS,
        ),
        service=Service("ms-wbt-server"),
        details={"protocol": "tls", "flags": ["extended-client-data"]},
    ),
)
