"""``banner demo``: greeting servers on loopback, scanned in front of you."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import AsyncIterator

from ... import testing
from ...fleet.scanning import scan
from ...formats.terminal import line_of
from ...models import Target, Timeouts
from . import running
from .summary import duration

MYSQL = (
    b"\x4a\x00\x00\x00\x0a8.0.36\x00\x0b\x00\x00\x00abcdefgh\x00\xff\xff\xff\x02\x00\xff\xdf\x15"
    + bytes(10)
    + b"ijklmnopqrst\x00caching_sha2_password\x00"
)
"""A handshake of protocol version 10, as MySQL 8 sends it (MySQL Internals, "Protocol::HandshakeV10")."""

GREETINGS: dict[str, bytes | list[bytes]] = {
    "ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n",
    "smtp": [b"220-mail.example ESMTP Postfix (Debian/GNU)\r\n", b"220 No unsolicited mail, please\r\n"],
    "ftp": b"220 ProFTPD 1.3.8 Server (Demo) [127.0.0.1]\r\n",
    "pop3": b"+OK Dovecot (Debian) ready.\r\n",
    "imap": b"* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE] Dovecot (Debian) ready.\r\n",
    "mysql": MYSQL,
    "telnet": b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27\r\nDebian GNU/Linux 12\r\nlogin: ",
    "tutorial": b"Connection Established",
}
"""What the servers say, by the name that becomes the record's tag."""


def run(options: argparse.Namespace) -> int:
    """Start the servers, scan them, show what a user of ``banner scan`` would see."""
    return running.run(lambda: show(colour=running.coloured(options.color)))


async def show(*, colour: bool) -> int:
    """The demonstration; under five seconds."""
    width = running.columns(sys.stdout)
    began = time.monotonic()
    async with contextlib.AsyncExitStack() as stack:
        targets = [target async for target in servers(stack)]
        print(f"{len(targets)} servers on loopback; banner scan --all says:\n", flush=True)
        # Loopback answers at once, so one second of silence says enough here.
        async with scan(targets, timeouts=Timeouts(connect=1, read=1, total=3)) as results:
            done = 0
            async for grab in results:
                done += 1
                print(line_of(grab, width, colour=colour), flush=True)
    print(f"\n{done} targets, {done} records, in {duration(time.monotonic() - began)}. Try your own:")
    print("  banner scan 127.0.0.1 -p 22,25,80 -o scan.jsonl")
    return 0


async def servers(stack: contextlib.AsyncExitStack) -> AsyncIterator[Target]:
    """Start every server within `stack`."""
    for tag, greeting in GREETINGS.items():
        server = await stack.enter_async_context(testing.greeter(greeting))
        yield Target(server.host, server.port, tag)
    silent = await stack.enter_async_context(testing.silent())
    yield Target(silent.host, silent.port, "silent")
    closer = await stack.enter_async_context(testing.closer())
    yield Target(closer.host, closer.port, "closes")
    refuser = await stack.enter_async_context(testing.refuser())
    yield Target(refuser.host, refuser.port, "refuses")
