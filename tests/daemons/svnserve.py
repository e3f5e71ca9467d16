"""Subversion's svnserve: greets with its protocol's versions and its capabilities."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    port = site.ports["svn"]
    return [
        "svnserve",
        "-d",
        "--foreground",
        "--listen-host=127.0.0.1",
        f"--listen-port={port}",
        "-r",
        site.folder,
    ]


DAEMON = Daemon(
    "svnserve",
    "subversion",
    "svnserve",
    (Door("svn", "svn", 3690, greeting=rb"\( success \( \d \d \( .*\) \) \) "),),
    start,
)
