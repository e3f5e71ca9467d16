"""Redis: INFO tells its version where no password is set; the second door is inside TLS."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
bind 127.0.0.1
port {ports[redis]}
tls-port {ports[rediss]}
tls-cert-file {folder}/certificate.pem
tls-key-file {folder}/key.pem
tls-auth-clients no
save ""
dir {folder}
"""


def start(site: Site) -> Sequence[object]:
    return ["redis-server", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "redis",
    "redis-server",
    "redis-server",
    (
        Door("redis", "redis", 6379, "redis", versioned=True),
        Door("rediss", "redis", 6380, "redis", versioned=True, tls=True),
    ),
    start,
    asked=("redis-server", "--version"),
)
