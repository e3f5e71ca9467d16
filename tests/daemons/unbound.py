"""Unbound: tells its version as version.bind of class CHAOS."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
server:
  interface: 127.0.0.1@{ports[domain]}
  interface: 127.0.0.1@{ports[domains]}
  tls-port: {ports[domains]}
  tls-service-pem: {folder}/certificate.pem
  tls-service-key: {folder}/key.pem
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  incoming-num-tcp: 1000
  module-config: "iterator"
remote-control:
  control-enable: no
"""


def start(site: Site) -> Sequence[object]:
    return ["unbound", "-d", "-p", "-c", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "unbound",
    "unbound",
    "unbound",
    (
        Door("domain", "dns", 53, "unbound", versioned=True),
        Door("domains", "dns", 853, "unbound", versioned=True, tls=True),
    ),
    start,
    asked=("unbound", "-V"),
)
