"""openvpn over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "OpenVPN 2.6.14, Debian 12",
        "recorded",
        turns=(
            client(b"8banner a\x00\x00\x00\x00\x00"),
            server(b'@\x0e\xcb"\xb9\xb2\xc4h\xf9\x01\x00\x00\x00\x00banner a\x00\x00\x00\x00'),
        ),
        service=Service(name="openvpn"),
        details={"tls_auth": False},
    ),
)
