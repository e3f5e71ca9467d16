"""What a strange peer does with a connection: a list of acts, done one after the other.

Nothing here is near one of the scanner's own waits (0.25 s and more): a pause is either much shorter or for ever,
so that what comes of a peer does not depend on the clock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from typing import TypeAlias

from banner.testing import Connection, segments
from tests.tls_peer import lax_context

PAUSE = 0.02
"""Seconds before a reset, for what was said to be read: a reset takes it away from who has not."""

MOST_SEGMENTS = 200
"""Pieces of which what is said is made at most."""


@dataclass(frozen=True)
class Say:
    """Send `data`, in pieces of `size` bytes (0: at once) with `pause` seconds between them."""

    data: bytes
    size: int = 0
    pause: float = 0.001


@dataclass(frozen=True)
class Flood:
    """Send `data` again and again, until `most` bytes went out."""

    data: bytes
    most: int = 1 << 20


@dataclass(frozen=True)
class Hear:
    """Wait until the client says something. Where that does not begin with `first`, never say a word again."""

    first: bytes = b""


@dataclass(frozen=True)
class Secure:
    """Shake hands, with the highest version `version`."""

    version: str = "TLSv1.3"


@dataclass(frozen=True)
class End:
    """The last act: ``close`` both sides, ``half`` (our side, and read on), ``reset``, or ``hold``."""

    how: str = "hold"


Act: TypeAlias = Say | Flood | Hear | Secure | End


async def attend(connection: Connection, acts: tuple[Act, ...]) -> None:
    """Do `acts`; a client that leaves early ends them."""
    heard = b""
    for act in acts:
        match act:
            case Say(data, size, pause):
                await _say(connection, data, size, pause)
            case Flood(data, most):
                await _flood(connection, data, most)
            case Hear(first):
                if not (heard := await _heard(connection, first)):
                    break
            case Secure(version):
                # What a client says before TLS, and its hello of TLS, may come together.
                at = heard.find(b"\x16\x03\x01")
                await connection.start_tls(context(version), heard[at:] if at >= 0 else b"")
            case End(how):
                await _ENDS[how](connection)
                break


async def _say(connection: Connection, data: bytes, size: int, pause: float) -> None:
    size = max(size, -(-len(data) // MOST_SEGMENTS)) if size else len(data) or 1
    for number, piece in enumerate(segments(data, size)):
        if number:
            await asyncio.sleep(pause)
        await connection.write(piece)


async def _flood(connection: Connection, data: bytes, most: int) -> None:
    chunk = data * (65536 // len(data) + 1)
    for _ in range(0, most, len(chunk)):
        await connection.write(chunk)
        await asyncio.sleep(0)


async def _heard(connection: Connection, first: bytes) -> bytes:
    """What was said; nothing where that was nothing that one would answer to."""
    heard = await connection.read()
    if heard.startswith(first):
        return heard
    await connection.hold()
    return b""


async def _reset(connection: Connection) -> None:
    await asyncio.sleep(PAUSE)
    connection.reset()


async def _half(connection: Connection) -> None:
    connection.write_eof()
    await connection.hold()


_ENDS: dict[str, Callable[[Connection], Coroutine[None, None, None]]] = {
    "close": Connection.close,
    "half": _half,
    "hold": Connection.hold,
    "reset": _reset,
}


@cache
def context(version: str) -> SSLContext:
    """One for all: making one costs as much as a hundred handshakes."""
    return lax_context(version, alpn=("http/1.1",))
