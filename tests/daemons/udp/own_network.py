"""Daemons that want ports below 1024, multicast or the kernel's policies, each asked in a network of its own.

``unshare --net --mount --pid --fork --kill-child python -m tests.daemons.udp.own_network FOLDER`` starts all of them,
asks each at its usual ports once it listens, and writes the records to stdout as JSON lines. It needs root; whatever
it started ends with it, and neither another network nor /run sees it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import trustme

from banner import Target, Timeouts, Transport
from banner.formats.record import encode
from banner.models import Mode, Settings
from banner.visit.visit import Visit

from ..daemon import located
from .own_kinds import ADDRESS, FILES, KINDS, OTHER, OUTER, Kind

PATIENCE = 40
"""Seconds for all of them to listen."""

_CARDS = f"""\
mount -t tmpfs none /run
ip link set lo up
ip link add inner type veth peer name outer
ip link set inner address 02:00:5e:00:53:01
ip addr add {ADDRESS}/24 dev inner
ip addr add {OTHER}/32 dev lo
ip addr add {OUTER}/24 dev outer
ip link set inner up
ip link set outer up
ip route add default dev inner"""

APART = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child")
"""The command that whatever is started here is run by."""


def there(kind: Kind) -> bool:
    """Whether it is installed."""
    if "{python}" in kind.command:
        return importlib.util.find_spec(kind.program) is not None
    try:
        located(kind.program)
    except FileNotFoundError:
        return False
    return True


def start(folder: Path) -> list[Kind]:
    """Start those that are installed, and wait until they listen. `TimeoutError` where one does not."""
    for command in _CARDS.splitlines():
        subprocess.run(command.split(), check=True, capture_output=True)
    for path in ("/run/avahi-daemon", "/run/rpcbind", folder / "ncalrpc", folder / "nmbd"):
        os.makedirs(path, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text.format(folder=folder))
    certificate = trustme.CA().issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    kinds = [kind for kind in KINDS if there(kind)]
    for kind in kinds:
        log = (folder / f"{kind.name}.log").open("wb")
        words = [word.format(folder=folder, python=sys.executable) for word in kind.command.split()]
        subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    deadline = time.monotonic() + PATIENCE
    while deaf := [kind.name for kind in kinds for port in kind.ports if not _bound(kind.address, port)]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"who does not listen: {deaf}")
        time.sleep(0.1)
    return kinds


def _bound(address: str, port: int) -> bool:
    """Whether somebody listens there, or at every address."""
    own = (
        socket.inet_aton(address)[::-1].hex().upper()
    )  # as the kernel writes it here; mapped to IPv6 it ends so
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            host, _, number = line.split()[1].partition(":")
            if int(number, 16) == port and (host.endswith(own) or not host.strip("0")):
                return True
    return False


async def _asked(kind: Kind, port: int) -> bytes:
    """The record, once an answer came: some listen before they would answer."""
    mode = Mode.FULL if kind.full else Mode.LIGHT
    settings = Settings(mode=mode, timeouts=Timeouts(read=10, total=15))
    target = Target(kind.address, port, kind.name, transport=Transport.UDP)
    for _ in range(3):
        grab = await Visit(target, settings).run(None)
        if grab.service is not None or kind.ports[port] is None:
            break
    return encode(grab)


def main() -> None:
    """Start, wait, ask."""
    for kind in start(Path(sys.argv[1])):
        for port in kind.ports:
            sys.stdout.buffer.write(asyncio.run(_asked(kind, port)))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
