"""The servers as fixtures for pytest, off unless they are asked for: ``pytest_plugins = ["banner.testing.fixtures"]``.

Each fixture (``banner_greeter``, ``banner_silent``, ...) is the function of `banner.testing` that it is named after,
and what it starts is stopped when the test is over: ``server = await banner_greeter(b"hi")``. Needs pytest-asyncio,
in either of its modes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest_asyncio

from .. import testing
from .server import Server

Start = Callable[..., Awaitable[Server]]
"""Starts a server, with the arguments of its function."""


def _of(make: Callable[..., Any]) -> Any:
    """The fixture of one function."""

    async def started() -> AsyncIterator[Start]:
        async with AsyncExitStack() as stack:

            async def start(*arguments: Any, **options: Any) -> Server:
                server: Server = await stack.enter_async_context(make(*arguments, **options))
                return server

            yield start

    return pytest_asyncio.fixture(name=f"banner_{make.__name__}")(started)


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
