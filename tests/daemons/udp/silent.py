"""Who says nothing to a stranger: a RADIUS server knows its clients by their addresses (RFC 2865, section 3)."""

from __future__ import annotations

from collections.abc import Sequence

from ..daemon import Daemon, Door
from ..site import Site

_RADIUS = """\
prefix = /usr
name = radiusd
logdir = {folder}
run_dir = {folder}
libdir = /usr/lib/freeradius
pidfile = {folder}/pid
log {{
  destination = stdout
}}
security {{
  allow_vulnerable_openssl = yes
}}
modules {{
}}
server field {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = {ports[radius]}
    proto = udp
  }}
  client elsewhere {{
    ipaddr = 192.0.2.1
    secret = field
  }}
  authorize {{
  }}
}}
"""


def _radius(site: Site) -> Sequence[object]:
    site.write("radiusd.conf", _RADIUS.format(**vars(site)))
    return ["freeradius", "-f", "-l", "stdout", "-d", site.folder, "-D", "/usr/share/freeradius"]


RADIUS = Daemon(
    "freeradius", "freeradius", "freeradius", (Door("radius", "radius", 1812, udp=True),), _radius
)
