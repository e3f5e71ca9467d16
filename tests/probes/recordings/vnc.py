"""RFB servers."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "TigerVNC 1.12.0, Debian 12",
        "recorded",
        turns=(server(b"RFB 003.008\n"), client(b"RFB 003.008\n"), server(b"\x04\x13\x01\x02\x13")),
        service=Service("vnc"),
        details={"protocol_version": "3.8", "security_types": ["vencrypt", "none", "vnc"]},
    ),
    Recording(
        "version 3.8, VNC authentication and Tight",
        "RFC 6143, section 7.1",
        turns=(server(b"RFB 003.008\n"), client(b"RFB 003.008\n"), server(b"\x02\x02\x10")),
        service=Service("vnc"),
        details={"protocol_version": "3.8", "security_types": ["vnc", "tight"]},
    ),
    Recording(
        "too many failures",
        "RFC 6143, section 7.1.2",
        turns=(
            server(b"RFB 003.008\n"),
            client(b"RFB 003.008\n"),
            server(b"\x00\x00\x00\x00\x16Too many auth failures"),
        ),
        service=Service("vnc"),
        details={"protocol_version": "3.8", "reason": "Too many auth failures"},
    ),
    Recording(
        "version 3.3",
        "RFC 6143, section 7.1.2",
        turns=(server(b"RFB 003.003\n"), client(b"RFB 003.003\n"), server(b"\x00\x00\x00\x01")),
        service=Service("vnc"),
        details={"protocol_version": "3.3", "security_types": ["none"]},
    ),
)
