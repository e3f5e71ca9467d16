"""ngIRCd: looks up its client before it says anything, and tells its version after a registration only."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
[Global]
Name = irc.example
Info = test
AdminInfo1 = test
Listen = 127.0.0.1
Ports = {ports[irc]}
ServerUID = {account.uid}
ServerGID = {account.gid}
[Limits]
MaxConnectionsIP = 0
[Options]
DNS = yes
Ident = no
PAM = no
NoticeBeforeRegistration = yes
[SSL]
CertFile = {folder}/certificate.pem
KeyFile = {folder}/key.pem
Ports = {ports[ircs]}
"""

NOTICE = rb"(?:(?::irc\.example )?NOTICE \S+ [^\n]*\r\n)+"


def start(site: Site) -> Sequence[object]:
    return ["/usr/sbin/ngircd", "--nodaemon", "--config", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "ngircd",
    "ngircd",
    "ngircd",
    (
        Door("irc", "irc", 6667, greeting=NOTICE),
        Door("ircs", "irc", 6697, greeting=NOTICE, tls=True),
    ),
    start,
)
