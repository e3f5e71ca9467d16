"""Prosody: an XMPP server; its stream features offer STARTTLS, to who asks for a host that it serves."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
pidfile = "{folder}/pid"
data_path = "{folder}"
log = {{ {{ levels = {{ min = "info" }}; to = "console" }} }}
interfaces = {{ "127.0.0.1" }}
local_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {ports[xmpp]} }}
c2s_direct_tls_ports = {{ {ports[xmpps]} }}
s2s_ports = {{ }}
modules_enabled = {{ "saslauth", "tls", "disco" }}
modules_disabled = {{ "s2s" }}
authentication = "internal_hashed"
certificates = "{folder}"
ssl = {{ certificate = "{folder}/certificate.pem"; key = "{folder}/key.pem" }}
c2s_direct_tls_ssl = {{ certificate = "{folder}/certificate.pem"; key = "{folder}/key.pem" }}
VirtualHost "localhost"
VirtualHost "127.0.0.1"
VirtualHost "{address}"
"""


def start(site: Site) -> Sequence[object]:
    return ["prosody", "-F", "--config", site.write("prosody.cfg.lua", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "prosody",
    "prosody",
    "prosody",
    (
        Door("xmpp", "xmpp-client", 5222, starttls=True),
        Door("xmpps", "xmpp-client", 5223, tls=True),
    ),
    start,
)
