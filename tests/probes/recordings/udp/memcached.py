"""memcached over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "memcached 1.6.18, Debian 12",
        "recorded",
        turns=(
            client(b"ba\x00\x00\x00\x01\x00\x00version\r\n"),
            server(b"ba\x00\x00\x00\x01\x00\x00VERSION 1.6.18\r\n"),
        ),
        service=Service(
            name="memcached",
            vendor="Memcached",
            product="Memcached",
            version="1.6.18",
            cpe=("cpe:2.3:a:memcached:memcached:1.6.18:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"auth_required": False},
    ),
)
