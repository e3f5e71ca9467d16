"""Where a daemon runs: a folder, ports, a certificate and an unprivileged account of its own."""

from __future__ import annotations

import grp
import os
import pwd
import random
import socket
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from banner.testing.server import PORTS

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games"
"""Where Debian's packages put their programs; a user's own PATH often lacks the sbin folders."""

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


_given: set[int] = set()
_giving = threading.Lock()


def free_ports(count: int) -> list[int]:
    """Ports that were free on 127.0.0.1 just now, in an order that no seed decides, each given out once.

    Daemons that start at the same time must not get the same: some (BIND) share a port without a word.
    """
    with _giving:
        ports = _free_ports(count)
        _given.update(ports)
    return ports


def _free_ports(count: int) -> list[int]:
    sockets: list[socket.socket] = []
    for port in random.SystemRandom().sample(sorted(set(PORTS) - _given), 200):
        sock = socket.socket()
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            sock.close()
            continue
        sockets.append(sock)
        if len(sockets) == count:
            break
    ports: list[int] = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    if len(ports) < count:
        raise OSError("too few free ports on 127.0.0.1")
    return ports
