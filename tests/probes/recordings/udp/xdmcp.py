"""xdmcp over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "a host that is willing",
        "XDMCP 1.1, section 4, Willing",
        turns=(
            client(b"\x00\x01\x00\x02\x00\x01\x00"),
            server(b"\x00\x01\x00\x05\x00!\x00\x00\x00\x05field\x00\x16Linux 6.1.0, load 0.12"),
        ),
        service=Service(name="xdmcp"),
        details={"willing": True, "hostname": "field", "status_text": "Linux 6.1.0, load 0.12"},
    ),
    Recording(
        "a host that is not",
        "XDMCP 1.1, section 4, Unwilling",
        turns=(
            client(b"\x00\x01\x00\x02\x00\x01\x00"),
            server(b"\x00\x01\x00\x06\x00*\x00\x05field\x00!Display not authorized to connect"),
        ),
        service=Service(name="xdmcp"),
        details={"willing": False, "hostname": "field", "status_text": "Display not authorized to connect"},
    ),
)
