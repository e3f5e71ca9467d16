"""ntp over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "chrony 4.3, Debian 12",
        "recorded",
        turns=(
            client(
                b"\xe3\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00banner a"
            ),
            server(
                b"$\x05\x00\xe7\x00\x00\x00\x00\x00\x00\x00\x00\x7f\x7f\x01\x01\xee\xb3\xcb}:\xf0\xc2\xa8banner a\xee\xb3\xcb~\x83q\x02\xb9\xee\xb3\xcb~\x83z\xc8`"
            ),
        ),
        service=Service(name="ntp"),
        details={
            "protocol_version": "4",
            "stratum": 5,
            "synchronised": True,
            "reference": "127.127.1.1",
            "server_time": "2026-11-27T09:27:26Z",
        },
    ),
)
