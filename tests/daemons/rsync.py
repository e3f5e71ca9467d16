"""rsync's daemon: greets with its protocol's version, not its own."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    config = site.write("rsyncd.conf", f"use chroot = no\npid file = {site.folder}/pid\n")
    port = site.ports["rsync"]
    return ["rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}", f"--config={config}"]


DAEMON = Daemon(
    "rsync",
    "rsync",
    "rsync",
    (Door("rsync", "rsync", 873, greeting=rb"@RSYNCD: \d+\.\d+[^\n]*\n"),),
    start,
)
