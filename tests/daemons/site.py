"""Where a daemon runs: a folder, ports, a certificate and an unprivileged account of its own."""

from __future__ import annotations

import grp
import os
import pwd
import random
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from banner import Transport, probes
from banner.plan.hellos import MUTE

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games"
"""Where Debian's packages put their programs; a user's own PATH often lacks the sbin folders."""

_KNOWN = MUTE.union(*(one.ports + one.tls_ports for kind in Transport for one in probes.all(kind)))
_PORTS = sorted(set(range(27000, 32768)) - _KNOWN)
"""Where daemons listen: below the ephemeral ports, where no service is usual, and none of those at which the tests' own
servers do (`banner.testing.server.PORTS`): these come and go while daemons start."""

_PREPARATION = 60
"""Seconds for a program that prepares a folder, such as PostgreSQL's initdb (2 s when nothing else runs)."""


class Credentials(TypedDict, total=False):
    """How `subprocess` is told of an account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """Who runs the daemons: nobody, or we ourselves where we are not root."""

    name: str
    group: str
    uid: int
    gid: int

    @classmethod
    def unprivileged(cls) -> Account:
        entry = pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("nobody")
        return cls(entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name, entry.pw_uid, entry.pw_gid)

    @property
    def credentials(self) -> Credentials:
        return {} if os.getuid() else {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True)
class Site:
    """One daemon's place."""

    folder: Path
    ports: Mapping[str, int]
    """A free port of 127.0.0.1 for each door, by its name: where the daemon listens."""
    address: str
    """A loopback address that no other daemon has, where its usual ports may lead to it (`Field.usual`)."""
    account: Account

    @property
    def certificate(self) -> Path:
        """The server's certificate followed by its issuer's, PEM."""
        return self.folder / "certificate.pem"

    @property
    def key(self) -> Path:
        return self.folder / "key.pem"

    def write(self, name: str, text: str) -> Path:
        """A file with that text, which the daemon's account alone may read."""
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        os.chown(path, self.account.uid, self.account.gid)
        return path

    def make(self, name: str) -> Path:
        """A subfolder for the daemon's account alone."""
        path = self.folder / name
        path.mkdir(0o700)
        os.chown(path, self.account.uid, self.account.gid)
        return path

    @property
    def environment(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "PATH": PATH,
            "HOME": folder,
            "TMPDIR": folder,
            "LC_ALL": "C.UTF-8",
            "USER": self.account.name,
        }

    def run(self, *command: object) -> None:
        """Run a program that prepares the folder, to its end; `RuntimeError` with its words if it fails."""
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_PREPARATION,
            check=False,
            **self.account.credentials,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stdout.decode(errors='replace')}")


def own_address() -> str:
    """An address of 127.0.0.0/8, of 16 million: no two daemons of no two test runs have the same."""
    return ".".join(["127", *(str(random.SystemRandom().randint(1, 254)) for _ in range(3))])


def free_ports(count: int) -> list[int]:
    """Ports that were free on 127.0.0.1 just now, in an order that no seed decides.

    Each is given out once on this machine, to one process of tests, for a daemon takes its port seconds later, and
    some (BIND) share one without a word.
    """
    ports: list[int] = []
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        if len(ports) == count:
            return ports
        if _is_free(port) and _is_ours(port):
            ports.append(port)
    raise OSError("too few free ports on 127.0.0.1")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def _is_ours(port: int) -> bool:
    """Whether nobody was given it before: who was holds a name (unix(7), abstract) for as long as they run."""
    with socket.socket(socket.AF_UNIX) as holder:
        try:
            holder.bind(f"\0banner's tests: port {port}")
        except OSError:
            return False
        holder.detach()
    return True
