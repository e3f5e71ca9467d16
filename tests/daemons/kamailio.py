"""Kamailio: a SIP server; the Server header of its answers tells its version."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
#!KAMAILIO
fork = yes
children = 1
tcp_children = 1
log_stderror = yes
dns = no
rev_dns = no
auto_aliases = no
enable_tls = no
listen = tcp:127.0.0.1:{ports[sip]}
loadmodule "sl.so"
request_route {{
  sl_send_reply("200", "OK");
}}
"""


def start(site: Site) -> Sequence[object]:
    config = site.write("conf", _CONFIG.format(**vars(site)))
    return ["kamailio", "-DD", "-E", "-f", config, "-m", "32", "-Y", site.folder, "-w", site.folder]


DAEMON = Daemon(
    "kamailio",
    "kamailio",
    "kamailio",
    (Door("sip", "sip", 5060, "kamailio", versioned=True),),
    start,
    asked=("kamailio", "-v"),
)
