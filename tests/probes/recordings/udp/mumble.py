"""mumble over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Mumble 1.3.4, Debian 12",
        "recorded",
        turns=(
            client(b"\x00\x00\x00\x00banner a"),
            server(b"\x00\x01\x03\x04banner a\x00\x00\x00\x00\x00\x00\x03\xe8\x00\x01\x19@"),
        ),
        service=Service(
            name="mumble",
            vendor="Mumble",
            product="Mumble",
            version="1.3.4",
            cpe=("cpe:2.3:a:mumble:mumble:1.3.4:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"users": 0, "max_users": 1000, "bandwidth": 72000},
    ),
)
