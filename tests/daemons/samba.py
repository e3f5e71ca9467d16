"""Samba's smbd: answers SMB2's negotiation; tells no version."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
[global]
smb ports = {ports[smb]}
interfaces = 127.0.0.1
bind interfaces only = yes
disable netbios = yes
private dir = {folder}/private
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
pid directory = {folder}/pid
ncalrpc dir = {folder}/ncalrpc
log file = {folder}/smbd.log
load printers = no
printing = bsd
"""


def start(site: Site) -> Sequence[object]:
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
        site.make(name)
    config = site.write("smb.conf", _CONFIG.format(**vars(site)))
    return ["/usr/sbin/smbd", "--foreground", "--no-process-group", "--debug-stdout", "-s", config]


DAEMON = Daemon("samba", "samba", "smbd", (Door("smb", "microsoft-ds", 445),), start)
