"""The event loop that we run on: asyncio's, or one that stands in for it (uvloop)."""

from __future__ import annotations

import asyncio


def running_loop() -> asyncio.AbstractEventLoop:
    """The running loop. Raises `RuntimeError` in words where there is none, as under trio."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "banner needs asyncio: no event loop of it is running (asyncio.run, anyio's asyncio backend, trio-asyncio)"
        ) from None


def is_cancelled() -> bool:
    """Whether somebody cancels the current task. A `CancelledError` while nobody does is the failure of a caller's
    code, which has awaited a task of its own that was cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
