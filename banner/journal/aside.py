"""Work that waits for a disk, done beside the loop.

``asyncio.to_thread`` does the same with a pool of threads, for which it imports ``concurrent.futures`` and ``logging``:
6 ms of a scan's start, for one call a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable


async def aside(work: Callable[[], object]) -> None:
    """Do `work` in a thread of its own; raises what it raises. Cancelled, leave it to its end alone, which a process
    awaits before its own."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle(error: Exception | None) -> None:
        if done.done():  # cancelled
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        problem = None
        try:
            work()
        except Exception as error:
            problem = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, problem)

    try:
        threading.Thread(target=run, name="banner-aside").start()
    except RuntimeError:  # none is to be had: a scan goes on without, and its loop waits for the disk
        run()
    await done
