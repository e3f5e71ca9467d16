"""Exim: names itself, its version and the time in its greeting, and offers STARTTLS."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
primary_hostname = mail.example
exim_user = {account.name}
exim_group = {account.group}
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {ports[smtp]} : {ports[smtps]}
tls_on_connect_ports = {ports[smtps]}
tls_advertise_hosts = *
tls_certificate = {certificate}
tls_privatekey = {key}
smtp_accept_max = 200
smtp_accept_queue_per_connection = 200
begin acl
begin routers
begin transports
"""

GREETING = rb"220 mail\.example ESMTP Exim \d[^\n]*\r\n"


def start(site: Site) -> Sequence[object]:
    site.make("spool")
    config = site.write("exim.conf", _CONFIG.format(**vars(site), certificate=site.certificate, key=site.key))
    return ["/usr/sbin/exim4", "-bdf", "-C", config]


DAEMON = Daemon(
    "exim",
    "exim4-daemon-light",
    "exim4",
    (
        Door("smtp", "smtp", 25, "exim", versioned=True, greeting=GREETING, starttls=True),
        Door("smtps", "smtp", 465, "exim", versioned=True, greeting=GREETING, tls=True),
    ),
    start,
    asked=("/usr/sbin/exim4", "--version"),
)
