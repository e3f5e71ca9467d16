"""The sweep's selector: an epoll object of its own that the running loop watches as a single reader.

So it works on asyncio's loop and on uvloop, inside any application, without a thread and without a callback for
each socket.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable

READABLE = 0
if hasattr(select, "epoll"):  # else `nestable` says no, and none of these is used
    _HEARING = select.EPOLLIN | select.EPOLLET
    _WATCHING = _HEARING | select.EPOLLOUT
    _DATAGRAMS = select.EPOLLIN
    READABLE = select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR


class Selector:
    """Tells of each socket's news once (edge-triggered): whoever is told reads until nothing is left."""

    def __init__(self, on_news: Callable[[], None]) -> None:
        """`on_news` is called by the running loop whenever there are some."""
        self._loop = asyncio.get_running_loop()
        self._epoll = select.epoll()
        self._register = self._epoll.register
        self.forget: Callable[[int], None] = self._epoll.unregister
        """Watch a descriptor no more; closing a socket does it as well."""
        self._loop.add_reader(self._epoll.fileno(), on_news)

    def watch(self, fd: int, *, connection: bool) -> None:
        """Tell of what comes at `fd`, and of its `connection` as well."""
        self._register(fd, _WATCHING if connection else _HEARING)

    def watch_datagrams(self, fd: int) -> None:
        """Tell of what comes at `fd`, and of what the network refused, for as long as some of it is not read."""
        self._epoll.register(fd, _DATAGRAMS)

    def watch_connection(self, fd: int) -> None:
        """Tell of the connection at `fd` too, from now on."""
        self._epoll.modify(fd, _WATCHING)

    def news(self, most: int) -> list[tuple[int, int]]:
        """At most `most` descriptors with news, and what these are: `READABLE` is something to read, or the end."""
        return self._epoll.poll(0, most)

    def close(self) -> None:
        """Watch nothing any more."""
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()


def nestable() -> bool:
    """Whether the running loop can watch a selector: not on Windows' proactor loop."""
    if not hasattr(select, "epoll"):
        return False
    try:
        Selector(lambda: None).close()
    except NotImplementedError:
        return False
    return True
