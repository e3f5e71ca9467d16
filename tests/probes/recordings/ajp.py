"""Servlet containers."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Tomcat 10.1, Debian 12",
        "recorded",
        turns=(
            client(b"\x124\x00\x01\n"),
            server(b"AB\x00\x01\t"),
        ),
        service=Service("ajp13"),
        details={},
    ),
)
