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
    """The fixture of one function, of whatever type this pytest gives its fixtures."""

    async def started() -> AsyncIterator[Start]:
        async with AsyncExitStack() as stack:

            async def start(*arguments: Any, **options: Any) -> Server | udp.Server:
                server: Server | udp.Server = await stack.enter_async_context(make(*arguments, **options))
                return server

            yield start

    return pytest_asyncio.fixture(name=f"banner_{kind}{make.__name__}")(started)


greeter: Any = _of(testing.greeter)
closer: Any = _of(testing.closer)
resetter: Any = _of(testing.resetter)
silent: Any = _of(testing.silent)
dripper: Any = _of(testing.dripper)
flooder: Any = _of(testing.flooder)
refuser: Any = _of(testing.refuser)
overloaded: Any = _of(testing.overloaded)
conversation: Any = _of(testing.conversation)
serve: Any = _of(testing.serve)
udp_answerer: Any = _of(udp.answerer, "udp_")
udp_echo: Any = _of(udp.echo, "udp_")
udp_silent: Any = _of(udp.silent, "udp_")
udp_flooder: Any = _of(udp.flooder, "udp_")
udp_from_another_port: Any = _of(udp.from_another_port, "udp_")
udp_from_another_address: Any = _of(udp.from_another_address, "udp_")
udp_refuser: Any = _of(udp.refuser, "udp_")
udp_serve: Any = _of(udp.serve, "udp_")
