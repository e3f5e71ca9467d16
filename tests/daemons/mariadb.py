"""MariaDB: a binary greeting with its version, after the ``5.5.5-`` that replication clients once needed."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
[mariadbd]
datadir = {folder}/data
socket = {folder}/socket
pid_file = {folder}/pid
tmpdir = {folder}
bind_address = 127.0.0.1
port = {ports[mysql]}
ssl_cert = {folder}/certificate.pem
ssl_key = {folder}/key.pem
skip_grant_tables
skip_name_resolve
innodb = OFF
default_storage_engine = Aria
aria_log_file_size = 8388608
max_connect_errors = 1000000
"""


def start(site: Site) -> Sequence[object]:
    site.make("data")
    config = site.write("my.cnf", _CONFIG.format(**vars(site)))
    return ["/usr/sbin/mariadbd", f"--defaults-file={config}"]


DAEMON = Daemon(
    "mariadb",
    "mariadb-server-core",
    "mariadbd",
    (
        Door(
            "mysql",
            "mysql",
            3306,
            "mariadb",
            versioned=True,
            starttls=True,
            greeting=rb"(?s)...\x00\x0a5\.5\.5-\d[^\0]*MariaDB.*",
        ),
    ),
    start,
    asked=("/usr/sbin/mariadbd", "--version"),
)
