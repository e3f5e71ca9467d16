"""rsync daemons."""

from banner.models import Service

from ..conversation import Recording, server

RECORDINGS = (
    Recording(
        "rsync 3.5.0, Debian 12",
        "recorded",
        turns=(server(b"@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\n"),),
        service=Service("rsync"),
        details={"protocol_version": "32.0", "digests": ["sha512", "sha256", "sha1", "md5", "md4"]},
    ),
    Recording(
        "rsync 3.1.3",
        "rsync's csprotocol.txt",
        turns=(server(b"@RSYNCD: 31.0\n"),),
        service=Service("rsync"),
        details={"protocol_version": "31.0"},
    ),
)
