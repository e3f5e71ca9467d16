"""xrdp: negotiates TLS in its answer to the X.224 connection request; tells no version."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
[Globals]
ini_version=1
port=tcp://127.0.0.1:{ports[rdp]}
security_layer=negotiate
crypt_level=high
certificate={folder}/certificate.pem
key_file={folder}/key.pem
ssl_protocols=TLSv1.2, TLSv1.3
[Logging]
LogFile={folder}/xrdp.log
LogLevel=INFO
EnableSyslog=false
[Channels]
[Session]
name=Session
lib=libxup.so
"""


def start(site: Site) -> Sequence[object]:
    return ["xrdp", "--nodaemon", "--config", site.write("xrdp.ini", _CONFIG.format(**vars(site)))]


DAEMON = Daemon("xrdp", "xrdp", "xrdp", (Door("rdp", "ms-wbt-server", 3389, starttls=True),), start)
