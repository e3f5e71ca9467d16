"""vsftpd: tells its version in its greeting; AUTH TLS. Its package and ProFTPD's exclude each other."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
listen=YES
listen_address=127.0.0.1
listen_port={ports[ftp]}
background=NO
run_as_launching_user=YES
anonymous_enable=YES
secure_chroot_dir={folder}/empty
max_per_ip=0
ssl_enable=YES
allow_anon_ssl=YES
rsa_cert_file={folder}/certificate.pem
rsa_private_key_file={folder}/key.pem
"""


def start(site: Site) -> Sequence[object]:
    site.make("empty")
    return ["/usr/sbin/vsftpd", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "vsftpd",
    "vsftpd",
    "vsftpd",
    (
        Door(
            "ftp",
            "ftp",
            21,
            "vsftpd",
            versioned=True,
            greeting=rb"220 \(vsFTPd \d[^\n]*\)\r\n",
            starttls=True,
        ),
    ),
    start,
    asked=("dpkg-query", "--show", "--showformat=${Version}", "vsftpd"),
    rival="proftpd",
)
