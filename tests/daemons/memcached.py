"""memcached: tells its version when asked for it; the second door is inside TLS."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    listen = f"notls:127.0.0.1:{site.ports['memcache']},127.0.0.1:{site.ports['memcaches']}"
    tls = f"ssl_chain_cert={site.certificate},ssl_key={site.key}"
    return ["memcached", "-U", "0", "-l", listen, "--enable-ssl", "-o", tls]


DAEMON = Daemon(
    "memcached",
    "memcached",
    "memcached",
    (
        Door("memcache", "memcached", 11211, "memcached", versioned=True),
        Door("memcaches", "memcached", 11212, "memcached", versioned=True, tls=True),
    ),
    start,
    asked=("memcached", "-V"),
)
