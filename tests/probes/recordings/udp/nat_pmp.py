"""nat-pmp over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "MiniUPnPd 2.3.1, Debian 12",
        "recorded",
        turns=(
            client(b"\x00\x00"),
            server(b"\x00\x80\x00\x00\x00\x008\xea\x0b\x00\x00\x01"),
        ),
        service=Service(name="nat-pmp"),
        details={"result": "ok", "uptime": 14570, "external_address": "11.0.0.1"},
    ),
)
