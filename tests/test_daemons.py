"""Real daemons greet as their protocols say, each at a door of its own."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from banner import End, Status
from banner.formats.record import decode
from tests.command import run
from tests.daemons import DAEMONS
from tests.daemons.daemon import Daemon, Door
from tests.daemons.field import Field

pytestmark = pytest.mark.daemon

DOORS = [(daemon, door) for daemon in DAEMONS for door in daemon.doors]
GREETERS = [(daemon, door) for daemon, door in DOORS if door.greeting]
GREET_FIRST = {
    *("openssh", "exim", "proftpd", "vsftpd", "dovecot", "mariadb"),
    *("rsync", "ngircd", "telnetd"),
}


def label(value: object) -> str:
    return value.name if isinstance(value, Daemon | Door) else ""


@asynccontextmanager
async def opened(
    field: Field, door: Door, host: str, port: int
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a door, inside TLS where it is, verified by the field's authority."""
    context = field.client_context() if door.tls else None
    reader, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


@pytest.mark.parametrize("usual", [False, True], ids=["random", "usual"])
@pytest.mark.parametrize(("daemon", "door"), GREETERS, ids=label)
async def test_a_daemon_greets(field: Field, daemon: Daemon, door: Door, usual: bool) -> None:
    running = field[daemon]
    address = field.usual(daemon, door) if usual else ("127.0.0.1", running.port(door))
    greeting = b""
    async with opened(field, door, *address) as (reader, _), asyncio.timeout(40):
        while not re.fullmatch(door.greeting or b"", greeting):
            data = await reader.read(1024)
            assert data, f"{greeting!r} ended without a match; {running.log()}"
            greeting += data
    if door.versioned:
        assert daemon.version().encode() in greeting


FIRST = [(daemon, door) for daemon, door in GREETERS if daemon.name in GREET_FIRST and not door.tls]


@pytest.mark.parametrize(("daemon", "door"), FIRST, ids=label)
def test_a_scan_gets_the_greeting(field: Field, tmp_path: Path, daemon: Daemon, door: Door) -> None:
    port, out = field[daemon].port(door), tmp_path / "out.jsonl"
    done = run("scan", f"127.0.0.1:{port}", "--mode", "listen", "-o", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    (line,) = out.read_bytes().splitlines()
    grab = decode(line)
    assert (grab.status, grab.end, grab.port, grab.connections) == (Status.BANNER, End.COMPLETE, port, 1)
    assert re.fullmatch(door.greeting or b"", grab.banner), grab.banner
    if door.versioned:
        assert daemon.version().encode() in grab.banner


def test_daemons_of_every_kind_are_scanned() -> None:
    assert {daemon.name for daemon, _ in FIRST} == GREET_FIRST


@pytest.mark.parametrize("daemon", DAEMONS, ids=str)
async def test_a_daemon_opens_every_door(field: Field, daemon: Daemon) -> None:
    running = field[daemon]
    if daemon.asked:
        assert re.match(r"\d", daemon.version())
    for door in daemon.doors:
        async with opened(field, door, "127.0.0.1", running.port(door)) as (_, writer):
            if door.tls:
                tls: ssl.SSLObject = writer.get_extra_info("ssl_object")
                assert tls.getpeercert(binary_form=True) == field.certificate_der()
