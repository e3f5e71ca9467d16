"""Munin's nodes."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "munin-node 2.0.73, Debian 12",
        "recorded",
        turns=(
            server(b"# munin node at x.example\n"),
            client(b"version\n"),
            server(b"munins node on x.example version: 2.0.73\n"),
            client(b"quit\n"),
        ),
        service=Service(
            "munin",
            vendor="Munin",
            product="Munin node",
            version="2.0.73",
            cpe=("cpe:2.3:a:munin-monitoring:munin:2.0.73:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
    ),
)
