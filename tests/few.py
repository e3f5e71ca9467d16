"""A server that greets a few and keeps whoever comes after them waiting: so a scan of it is under way for as long as
its test needs, however slow the machine, and no rate has to see to that."""

from __future__ import annotations

import asyncio
import math

from banner import testing

from .command import Servers

UNHURRIED = ("--mode", "listen", "--connect-timeout", "60", "--read-timeout", "60", "--timeout", "120")
"""A scan's arguments with which it waits there."""


class Few:
    """A context manager. It listens at every address of loopback, in a thread of its own."""

    def __init__(self, greeting: bytes, few: int) -> None:
        self._greeting, self._allowed = greeting, float(few)
        self._met = 0
        self._more = asyncio.Event()
        self._servers = Servers()

    def greet_all(self) -> None:
        """Greet those who wait, and everybody from now on."""
        self._servers.call(lambda: self._allow(math.inf))

    def greet(self, more: int) -> None:
        """Greet so many more of them, in the order in which they came; who has gone in the meantime counts."""
        self._servers.call(lambda: self._allow(self._allowed + more))

    def _allow(self, number: float) -> None:
        self._allowed = number
        self._more.set()
        self._more = asyncio.Event()

    async def _attend(self, connection: testing.Connection) -> None:
        self._met += 1
        mine = self._met
        while mine > self._allowed:
            await self._more.wait()
        await connection.write(self._greeting)
        await connection.hold()

    def __enter__(self) -> Few:
        self._servers.__enter__()
        self.port = self._servers.start(lambda: testing.serve(self._attend, host="0.0.0.0")).port
        return self

    def __exit__(self, *_: object) -> None:
        self._servers.__exit__()
