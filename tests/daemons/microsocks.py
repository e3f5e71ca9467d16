"""microsocks: a SOCKS5 proxy; answers the offer of methods (RFC 1928, 3) and tells no name."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    return ["microsocks", "-i", "127.0.0.1", "-p", site.ports["socks"]]


DAEMON = Daemon("microsocks", "microsocks", "microsocks", (Door("socks", "socks", 1080),), start)
