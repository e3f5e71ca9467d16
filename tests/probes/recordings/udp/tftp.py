"""tftp over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "atftpd 0.8.0, Debian 12",
        "recorded",
        turns=(
            client(b"\x00\x01banner-asks-for-no-file\x00octet\x00"),
            server(b"\x00\x05\x00\x01File not found\x00", port=56931),
        ),
        service=Service(name="tftp"),
        details={"error_code": 1, "error": "File not found"},
    ),
)
