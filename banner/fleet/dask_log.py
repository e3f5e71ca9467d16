"""What Dask says by itself of peers that it lost, and what of it is news to whoever scans."""

from __future__ import annotations

import asyncio
import logging
import os
import traceback
from typing import Any

log: logging.Logger = logging.getLogger("banner")


def tell(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Dask leaves tasks behind that nobody awaits, and that fail or never end when a peer is lost: that is no news
    here. What this package's own code did is told as ever."""
    if _ours(context):
        loop.default_exception_handler(context)
    else:
        log.debug("in Dask: %s", context.get("message"), exc_info=context.get("exception"))


def _ours(context: dict[str, Any]) -> bool:
    """Whether code of this package is involved: it is the task's, or the exception came through it."""
    package = os.path.dirname(__file__) + os.sep
    task = context.get("task") or context.get("future")
    if isinstance(task, asyncio.Task):
        code = getattr(task.get_coro(), "cr_code", None)
        if code is not None and code.co_filename.startswith(package):
            return True
    error = context.get("exception")
    frames = traceback.walk_tb(error.__traceback__ if error is not None else None)
    return any(frame.f_code.co_filename.startswith(package) for frame, _ in frames)


def hush() -> None:
    """Dask's loggers say on standard error what is told here in one line; unless somebody has configured them."""
    import dask

    if not dask.config.get("logging", None):
        for name in ("distributed", "distributed.client", "tornado", "tornado.application"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
