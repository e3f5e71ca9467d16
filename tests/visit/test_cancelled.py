"""A grab that is cancelled, wherever it waits, leaves nothing open."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

import banner
from banner import testing
from tests.tls_peer import lax_context

pytestmark = pytest.mark.skipif(
    not os.path.exists("/proc/self/fd"), reason="looks at the descriptors of Linux"
)
SOCKS = [(b"\x05\x02\x00\x02", b"\x05\x02"), (b"\x01\x01u\x01p", b"\x01\x00"), (b"\x05\x01\x00", b"\x05\x00")]
REACHED = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00hello\r\n"
SCRIPTS: dict[str, Any] = {
    "socks5": [*SOCKS[:2], (b"\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x16", REACHED)],
    "socks5h": [*SOCKS[:2], (b"\x05\x01\x00\x03\x01h\x00\x16", REACHED)],
    "http": [(b"CONNECT", b"HTTP/1.1 200 OK\r\n\r\nhello\r\n")],
}


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.fixture
async def place(way: str) -> AsyncIterator[dict[str, Any]]:
    """What is visited that way: the arguments of `banner.grab`."""
    async with AsyncExitStack() as stack:
        if way in SCRIPTS:
            server = await stack.enter_async_context(testing.conversation(SCRIPTS[way]))
        else:
            context = lax_context() if way == "tls" else None
            server = await stack.enter_async_context(testing.closer(b"hello\r\n", ssl=context))
        told: dict[str, Any] = {"host": server.host, "port": server.port}
        if way in ("socks5", "socks5h", "http"):
            url = f"{way}://u:p@{server.host}:{server.port}"
            told = {"host": "h" if way == "socks5h" else "127.0.0.1", "port": 22, "proxy": url}
        more: dict[str, dict[str, Any]] = {
            "name": {"host": "localhost"},
            "source": {"source": banner.source("127.0.0.1")},
            "tls": {"mode": "tls"},
            "udp": {"transport": "udp", "mode": "light"},
        }
        yield {"mode": "listen", "timeouts": banner.Timeouts(read=0.2)} | told | more.get(way, {})


@pytest.mark.parametrize("way", ["plain", "name", "source", "tls", "udp", *SCRIPTS])
async def test_a_grab_that_is_cancelled_leaves_nothing_open(place: dict[str, Any]) -> None:
    whole = await banner.grab(**place)
    assert whole.status != "local-error", whole
    before = descriptors()
    for turns in range(60):
        task = asyncio.ensure_future(banner.grab(**place))
        for _ in range(turns):
            await asyncio.sleep(0)
        if task.done():
            await task
            break
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while descriptors() > before:  # the server closes its side a little later
            await asyncio.sleep(0.001)
    assert turns > 2, "it was cancelled somewhere"
