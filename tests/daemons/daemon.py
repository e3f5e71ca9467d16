"""What the tests know about a daemon: its package, its doors, how it is started, and what it tells.

A daemon's module says how its configuration is written and its command line built for a `Site`: a folder,
ports and an account of its own. Nothing in it depends on one release: versions are asked of the installed
program.
"""

from __future__ import annotations

import glob
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .site import PATH, Site

_VERSION = rb"(\d+(?:\.\d+)+(?:p\d+)?)"


@dataclass(frozen=True)
class Door:
    """One port of a daemon, and what a stranger may learn there."""

    name: str
    """As the daemon's configuration knows it, ``imaps`` say; unique within the daemon."""
    service: str
    """The service expected, the same inside TLS as outside."""
    usual: int
    """Where it usually listens."""
    product: str | None = None
    """A word, in small letters, of vendor or product as the daemon tells them; None where it tells neither."""
    versioned: bool = False
    """True where it tells its version without a login."""
    greeting: bytes | None = None
    """A pattern for all of its greeting, where the server speaks first."""
    tls: bool = False
    """Inside TLS from the first byte."""
    starttls: bool = False
    """TLS may be started on the way."""
    udp: bool = False
    """Datagrams are heard there, and no connections."""

    @property
    def certified(self) -> bool:
        """Whether the certificate of `Site` is shown here."""
        return self.tls or self.starttls


@dataclass(frozen=True)
class Daemon:
    """A daemon of a Debian package."""

    name: str
    package: str
    """The package that the program is of, one word; what else is needed is one of the `parts`."""
    program: str
    """The package's program, by name or path (see `located`): where it is missing, the daemon is."""
    doors: tuple[Door, ...]
    start: Callable[[Site], Sequence[object]]
    """Writes the configuration and returns the command line of a process that stays in the foreground."""
    asked: tuple[str, ...] = ()
    """The command line that prints the program's version."""
    parts: tuple[tuple[str, str], ...] = ()
    """Further packages that its configuration needs, each with a file of it (see `located`)."""
    rival: str | None = None
    """The program of a package that cannot be installed together with this one's."""
    inner: tuple[str, ...] = ()
    """Names for further ports that it needs, and that are nobody else's business."""
    patience: float = 60
    """Seconds until every door must be open; several daemons start at once on a small machine."""
    farewell: signal.Signals = signal.SIGTERM

    @property
    def missing(self) -> bool:
        return bool(self.lacking)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The packages to install."""
        needed = ((self.package, self.program), *self.parts)
        return tuple(package for package, file in needed if not _installed(file))

    @property
    def excluded(self) -> bool:
        """The program is missing because the package that excludes its own is there."""
        return not _installed(self.program) and self.rival is not None and _installed(self.rival)

    def version(self) -> str:
        """What the installed program says of its version: the first number with a point in it."""
        return _version(self.asked)

    def __str__(self) -> str:
        return self.name


def located(program: str) -> Path:
    """A program by its name, or the last file by a path with wildcards; `FileNotFoundError` without any."""
    found = shutil.which(program, path=PATH)
    paths = [found] if found else sorted(glob.glob(program)) if "/" in program else []
    if not paths:
        raise FileNotFoundError(program)
    return Path(paths[-1])


def _installed(program: str) -> bool:
    try:
        located(program)
    except FileNotFoundError:
        return False
    return True


@cache
def _version(asked: tuple[str, ...]) -> str:
    done = subprocess.run(asked, env={"PATH": PATH}, capture_output=True, timeout=120, check=False)
    found = re.search(_VERSION, done.stdout + done.stderr)
    if found is None:
        raise RuntimeError(f"{' '.join(asked)} tells no version")
    return found.group(1).decode()
