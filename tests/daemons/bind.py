"""BIND's named: tells its version as version.bind of class CHAOS."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
tls field {{
  cert-file "{folder}/certificate.pem";
  key-file "{folder}/key.pem";
}};
options {{
  directory "{folder}";
  pid-file none;
  session-keyfile none;
  listen-on port {ports[domain]} {{ 127.0.0.1; }};
  listen-on port {ports[domains]} tls field {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  recursion no;
  dnssec-validation no;
}};
controls {{ }};
"""


def start(site: Site) -> Sequence[object]:
    return ["named", "-g", "-n", "1", "-c", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "bind",
    "bind9",
    "named",
    (
        Door("domain", "dns", 53, "bind", versioned=True),
        Door("domains", "dns", 853, "bind", versioned=True, tls=True),
    ),
    start,
    asked=("named", "-v"),
)
