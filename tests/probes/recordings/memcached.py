"""memcached."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "memcached 1.6.18, Debian 12",
        "recorded",
        turns=(
            client(b"version\r\n"),
            server(b"VERSION 1.6.18\r\n"),
        ),
        service=Service(
            "memcached",
            vendor="Memcached",
            product="Memcached",
            version="1.6.18",
            cpe=("cpe:2.3:a:memcached:memcached:1.6.18:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"auth_required": False},
    ),
    Recording(
        "memcached with ASCII authentication",
        "memcached, doc/protocol.txt, 'Authentication'",
        turns=(client(b"version\r\n"), server(b"CLIENT_ERROR unauthenticated\r\n")),
        service=Service("memcached"),
        details={"auth_required": True},
    ),
)
