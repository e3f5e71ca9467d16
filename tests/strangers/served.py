"""A crowd that listens: in this loop, or in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import cache
from multiprocessing.connection import Connection as Pipe

from banner import testing

from .acts import attend
from .crowd import Stranger, strangers


@cache
def lowest_port() -> int:
    """The first port that this process may listen on: 1, or the first without a privilege (1024, usually)."""
    with socket.socket() as sock:
        try:
            sock.bind(("127.64.0.1", 1))
        except PermissionError:
            return 1024
    return 1


@asynccontextmanager
async def served(crowd: Iterable[Stranger]) -> AsyncIterator[list[Stranger]]:
    """Let them listen, but for those whose port another process has."""
    async with AsyncExitStack() as stack:
        listening = []
        for stranger in crowd:
            try:
                await stack.enter_async_context(_serve(stranger))
            except OSError:
                continue
            listening.append(stranger)
        yield listening


def _serve(stranger: Stranger) -> testing.Serving:
    async def handle(connection: testing.Connection) -> None:
        await attend(connection, stranger.acts)

    return testing.serve(handle, host=stranger.host, port=stranger.port)


@contextmanager
def elsewhere(seed: int, numbers: range) -> Iterator[list[Stranger]]:
    """Those of `seed` in another process, so that what they cost is not counted among the scanner's cost."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_keep, args=(theirs, seed, numbers, os.getpid()), daemon=True)
    process.start()
    try:
        listening = set(ours.recv())
        yield [one for one in strangers(seed, numbers, lowest_port(), os.getpid()) if one.number in listening]
    finally:
        ours.send(None)
        process.join(20)
        process.kill()


def _keep(pipe: Pipe, seed: int, numbers: range, street: int) -> None:
    async def listen() -> None:
        async with served(strangers(seed, numbers, lowest_port(), street)) as listening:
            pipe.send([stranger.number for stranger in listening])
            await asyncio.to_thread(pipe.recv)

    asyncio.run(listen())
