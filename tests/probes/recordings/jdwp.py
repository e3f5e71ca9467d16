"""Java virtual machines with a debugger's door."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "OpenJDK 17",
        "recorded",
        turns=(
            client(b"JDWP-Handshake"),
            server(b"JDWP-Handshake"),
        ),
        service=Service("jdwp"),
        details={},
    ),
)
