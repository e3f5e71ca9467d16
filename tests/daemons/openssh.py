"""OpenSSH's server: tells its version and Debian's revision in its identification (RFC 4253, 4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site


def start(site: Site) -> Sequence[object]:
    key = site.folder / "host_key"
    site.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    config = site.write(
        "sshd_config",
        f"ListenAddress 127.0.0.1\nPort {site.ports['ssh']}\nHostKey {key}\nPidFile none\n"
        "UsePAM no\nMaxStartups 1000\n",
    )
    return ["/usr/sbin/sshd", "-D", "-e", "-f", config]


DAEMON = Daemon(
    "openssh",
    "openssh-server",
    "sshd",
    (Door("ssh", "ssh", 22, "openssh", versioned=True, greeting=rb"SSH-2\.0-OpenSSH_\d+\.\d+\w*[^\n]*\r\n"),),
    start,
    asked=("ssh", "-V"),
)
