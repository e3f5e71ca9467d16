"""PostgreSQL: TLS after an SSLRequest; tells its version to nobody without a login."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from .daemon import Daemon, Door, located
from .site import Site

_CONFIG = """\
listen_addresses = '127.0.0.1'
port = {ports[postgresql]}
unix_socket_directories = '{folder}'
ssl = on
ssl_cert_file = '{folder}/certificate.pem'
ssl_key_file = '{folder}/key.pem'
fsync = off
"""

SERVER = "/usr/lib/postgresql/*/bin/postgres"


def start(site: Site) -> Sequence[object]:
    server = located(SERVER)
    data = site.folder / "data"
    site.run(server.with_name("initdb"), "--no-sync", "--auth=reject", "--username=nobody", data)
    config = site.write("conf", _CONFIG.format(**vars(site)))
    return [server, "-D", data, "-c", f"config_file={config}"]


DAEMON = Daemon(
    "postgresql",
    "postgresql",
    SERVER,
    (Door("postgresql", "postgresql", 5432, "postgresql", starttls=True),),
    start,
    farewell=signal.SIGINT,  # SIGTERM would wait for the clients
)
