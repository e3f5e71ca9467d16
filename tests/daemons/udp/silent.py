"""Who says nothing to a stranger: RADIUS knows its clients by their addresses (RFC 2865, section 3)."""

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
_RADSEC = """\
ListenUDP 127.0.0.1:{ports[radius]}
client 192.0.2.1 {{
  type udp
  secret field-of-a-test
}}
server elsewhere {{
  host 192.0.2.2
  type udp
  secret field-of-a-test
}}
realm * {{
  server elsewhere
}}
"""


def _radius(site: Site) -> Sequence[object]:
    site.write("radiusd.conf", _RADIUS.format(**vars(site)))
    return ["freeradius", "-f", "-l", "stdout", "-d", site.folder, "-D", "/usr/share/freeradius"]


def _radsecproxy(site: Site) -> Sequence[object]:
    config = site.write("conf", _RADSEC.format(**vars(site)))
    return ["radsecproxy", "-f", "-c", config, "-i", site.folder / "pid"]


DAEMONS = (
    Daemon("freeradius", "freeradius", "freeradius", (Door("radius", "radius", 1812, udp=True),), _radius),
    Daemon(
        "radsecproxy",
        "radsecproxy",
        "radsecproxy",
        (Door("radius", "radius", 1812, udp=True),),
        _radsecproxy,
    ),
)
