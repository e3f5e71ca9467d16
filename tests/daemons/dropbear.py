"""Dropbear: an SSH server that tells its version, a year, in its identification."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    key = site.folder / "host_key"
    site.run("dropbearkey", "-t", "ecdsa", "-f", key)
    port = f"127.0.0.1:{site.ports['ssh']}"
    return ["dropbear", "-F", "-E", "-P", site.folder / "pid", "-p", port, "-r", key]


DAEMON = Daemon(
    "dropbear",
    "dropbear-bin",
    "dropbear",
    (
        Door(
            "ssh",
            "ssh",
            2222,
            "dropbear",
            versioned=True,
            # The key exchange's list of algorithms follows at once, in the same segment or in the next.
            greeting=rb"(?s)SSH-2\.0-dropbear_\d+\.\d+[^\n]*\r\n.*",
        ),
    ),
    start,
    asked=("dropbear", "-V"),
)
