"""NATS: greets with one line of JSON that holds its version; the client then starts TLS."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    tls = ["--tls", "--tlscert", site.certificate, "--tlskey", site.key]
    return ["nats-server", "--addr", "127.0.0.1", "--port", site.ports["nats"], *tls]


DAEMON = Daemon(
    "nats",
    "nats-server",
    "nats-server",
    (
        Door(
            "nats",
            "nats",
            4222,
            "nats",
            versioned=True,
            starttls=True,
            greeting=rb'INFO \{"server_id":[^\n]*\} ?\r\n',
        ),
    ),
    start,
    asked=("nats-server", "--version"),
)
