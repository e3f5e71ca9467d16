"""TigerVNC's X server: greets with the version of the RFB protocol (RFC 6143, 7.1.1), not its own."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    port = site.ports["rfb"]
    return [
        *(
            "Xtigervnc",
            f":{port}",
            "-rfbport",
            port,
            "-interface",
            "127.0.0.1",
            "-SecurityTypes",
            "None,TLSNone",
        ),
        *("-geometry", "64x64", "-nolisten", "unix", "-BlacklistThreshold", "1000000"),
    ]


DAEMON = Daemon(
    "tigervnc",
    "tigervnc-standalone-server",
    "Xtigervnc",
    (Door("rfb", "vnc", 5900, greeting=rb"RFB 003\.008\n"),),
    start,
)
