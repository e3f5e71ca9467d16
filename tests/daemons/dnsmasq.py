"""dnsmasq: tells its version as version.bind of class CHAOS."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    return [
        *("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts"),
        *("--pid-file=", "--bind-interfaces", "--listen-address=127.0.0.1", "--log-facility=-"),
        *(f"--port={site.ports['domain']}", f"--user={site.account.name}", f"--group={site.account.group}"),
    ]


DAEMON = Daemon(
    "dnsmasq",
    "dnsmasq-base",
    "dnsmasq",
    (Door("domain", "dns", 53, "dnsmasq", versioned=True),),
    start,
    asked=("dnsmasq", "--version"),
)
