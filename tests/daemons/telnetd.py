"""GNU inetutils' telnetd behind its inetd: negotiates options before it says anything to read.

This inetd sleeps for a second whenever a child has ended while it waited, so a greeting may come late.
"""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    service = f"127.0.0.1:{site.ports['telnet']} stream tcp nowait.1000 {site.account.name}"
    config = site.write("inetd.conf", f"{service} /usr/sbin/telnetd telnetd\n")
    return ["inetutils-inetd", "-d", config]


DAEMON = Daemon(
    "telnetd",
    "inetutils-inetd",
    "inetutils-inetd",
    (Door("telnet", "telnet", 23, greeting=rb"(?s)\xff[\xfb-\xfe].*"),),
    start,
    parts=(("inetutils-telnetd", "/usr/sbin/telnetd"),),
)
