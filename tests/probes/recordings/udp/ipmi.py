"""ipmi over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "OpenIPMI's simulator 2.0.33, Debian 12",
        "recorded",
        turns=(
            client(b"\x06\x00\xff\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\t \x18\xc8\x81`8\x8e\x04U"),
            server(
                b"\x06\x00\xff\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10\x81\x1cc `8\x00\x01\x97\x06\x03\x00\x00\x00\x00\xa7"
            ),
        ),
        service=Service(name="ipmi"),
        details={
            "authentication": ["none", "md2", "md5", "password"],
            "protocol_versions": ["1.5", "2.0"],
            "anonymous_login": False,
            "null_user_names": True,
        },
    ),
)
