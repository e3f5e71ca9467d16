"""ProFTPD: names itself and no version; AUTH TLS on its usual port, implicit TLS on another."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
ModulePath /usr/lib/proftpd
LoadModule mod_tls.c
ServerName "Debian"
ServerType standalone
DefaultAddress 127.0.0.1
Port {ports[ftp]}
UseIPv6 off
DefaultServer on
User {account.name}
Group {account.group}
WtmpLog off
AuthPAM off
PidFile {folder}/proftpd.pid
ScoreboardFile {folder}/scoreboard
DelayEngine off
MaxInstances 200
TLSEngine on
TLSLog {folder}/tls.log
TLSRSACertificateFile {folder}/certificate.pem
TLSRSACertificateKeyFile {folder}/key.pem
TLSECCertificateFile {folder}/certificate.pem
TLSECCertificateKeyFile {folder}/key.pem
<VirtualHost 127.0.0.1>
  Port {ports[ftps]}
  TLSEngine on
  TLSOptions UseImplicitSSL
  TLSLog {folder}/tls.log
  TLSECCertificateFile {folder}/certificate.pem
  TLSECCertificateKeyFile {folder}/key.pem
</VirtualHost>
"""

GREETING = rb"220 ProFTPD Server [^\n]*\r\n"


def start(site: Site) -> Sequence[object]:
    return ["/usr/sbin/proftpd", "--nodaemon", "--config", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "proftpd",
    "proftpd-core",
    "proftpd",
    (
        Door("ftp", "ftp", 21, "proftpd", greeting=GREETING, starttls=True),
        Door("ftps", "ftp", 990, "proftpd", greeting=GREETING, tls=True),
    ),
    start,
    parts=(("proftpd-mod-crypto", "/usr/lib/proftpd/mod_tls.so"),),
    rival="vsftpd",
)
