"""The servers as fixtures for pytest, off unless they are asked for: ``pytest_plugins = ["banner.testing.fixtures"]``.

Each fixture (``banner_greeter``, ``banner_silent``, ...; ``banner_udp_answerer``, ...) is the function of
`banner.testing` or of `banner.testing.udp` that it is named after, and what it starts is stopped when the test is over:
``server = await banner_greeter(b"hi")``. Needs pytest-asyncio, in either of its modes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest_asyncio

from .. import testing
from . import udp
from .server import Server

Start = Callable[..., Awaitable[Server | udp.Server]]
"""Starts a server, with the arguments of its function."""


def _of(make: Callable[..., Any], kind: str = "") -> Any:
    """The fixture of one function."""

    async def started() -> AsyncIterator[Start]:
        async with AsyncExitStack() as stack:

            async def start(*arguments: Any, **options: Any) -> Server | udp.Server:
                server: Server | udp.Server = await stack.enter_async_context(make(*arguments, **options))
                return server

            yield start

    return pytest_asyncio.fixture(name=f"banner_{kind}{make.__name__}")(started)


greeter = _of(testing.greeter)
closer = _of(testing.closer)
resetter = _of(testing.resetter)
silent = _of(testing.silent)
dripper = _of(testing.dripper)
flooder = _of(testing.flooder)
refuser = _of(testing.refuser)
overloaded = _of(testing.overloaded)
conversation = _of(testing.conversation)
serve = _of(testing.serve)
udp_answerer = _of(udp.answerer, "udp_")
udp_echo = _of(udp.echo, "udp_")
udp_silent = _of(udp.silent, "udp_")
udp_flooder = _of(udp.flooder, "udp_")
udp_from_another_port = _of(udp.from_another_port, "udp_")
udp_from_another_address = _of(udp.from_another_address, "udp_")
udp_refuser = _of(udp.refuser, "udp_")
udp_serve = _of(udp.serve, "udp_")
