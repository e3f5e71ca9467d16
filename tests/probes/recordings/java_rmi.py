"""Conversations of java-rmi."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "rmiregistry of OpenJDK 17.0.15, Debian 12",
        "recorded",
        turns=(
            client(b"JRMI\x00\x02K"),
            server(b"N\x00\t127.0.0.1\x00\x00\xe2\xbc"),
        ),
        service=Service(name="java-rmi"),
        details={},
    ),
)
