"""Gearman's job servers."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "gearmand 1.1.20, Debian 12",
        "recorded",
        turns=(client(b"version\r\n"), server(b"OK 1.1.20+ds\n")),
        service=Service(
            "gearman",
            vendor="Gearman",
            product="Gearman",
            version="1.1.20+ds",
            cpe=("cpe:2.3:a:gearman:gearmand:1.1.20:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
    ),
)
