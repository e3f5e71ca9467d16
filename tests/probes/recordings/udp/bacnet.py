"""bacnet over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "a controller",
        "ASHRAE 135, annex F.3.5",
        turns=(
            client(b"\x81\n\x00\x11\x01\x04\x00\x05b\x0c\x0c\x02?\xff\xff\x19K"),
            server(b"\x81\n\x00\x17\x01\x000b\x0c\x0c\x02\x00\x04\xd2\x19K>\xc4\x02\x00\x04\xd2?"),
            client(b"\x81\n\x00\x11\x01\x04\x00\x05a\x0c\x0c\x02\x00\x04\xd2\x19F"),
            server(b"\x81\n\x00&\x01\x000a\x0c\x0c\x02\x00\x04\xd2\x19F>u\x12\x00Room Controller 7?"),
        ),
        service=Service(name="bacnet", device="Room Controller 7"),
        details={"instance": 1234, "model": "Room Controller 7"},
    ),
    Recording(
        "a controller that refuses",
        "ASHRAE 135, clause 20.1.7",
        turns=(
            client(b"\x81\n\x00\x11\x01\x04\x00\x05b\x0c\x0c\x02?\xff\xff\x19K"),
            server(b"\x81\n\x00\r\x01\x00Pb\x0c\x91\x01\x91\x1f"),
        ),
        service=Service(name="bacnet"),
        details={},
    ),
)
