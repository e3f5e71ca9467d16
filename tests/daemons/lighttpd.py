"""lighttpd: its Server header tells its version."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {ports[http]}
"""


def start(site: Site) -> Sequence[object]:
    return ["lighttpd", "-D", "-f", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "lighttpd",
    "lighttpd",
    "lighttpd",
    (Door("http", "http", 8000, "lighttpd", versioned=True),),
    start,
    asked=("lighttpd", "-v"),
)
