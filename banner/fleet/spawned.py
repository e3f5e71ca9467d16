"""A local worker that is begun anew, and has from the scan's process what can be pickled."""

from __future__ import annotations

import io
import pickle
import socket
import subprocess
import sys
from typing import Any

from ..models import Settings
from .messages import message
from .process import Worker, begin
from .slices import Share


class Spawned(Worker):
    """The same, begun anew: in a program that has threads, or a loop that runs, a fork may hang (fork(2))."""

    def _start(self, theirs: socket.socket, settings: Settings, share: Share) -> int:
        self._orders = _portable((settings, share))
        fd = theirs.fileno()
        code = f"import sys; sys.path[:] = {sys.path!r}; from {begin.__module__} import begin; begin({fd})"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code], pass_fds=[fd], stdin=subprocess.DEVNULL
        )
        return self._process.pid

    async def connect(self) -> None:
        await super().connect()
        if self.outbox is not None and self.listens:
            self.outbox.write(message(self._orders))

    def _ended(self) -> int:
        return self._process.wait()


def _portable(orders: tuple[Settings, Share]) -> bytes:
    """`orders` for a process that was begun anew. Raises `ValueError` for what cannot go there."""

    class Met(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            if module == "__main__":
                raise ValueError(f"several workers do not have the program itself: put {name} into a module")
            return super().find_class(module, name)

    try:
        pickled = pickle.dumps(orders)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ValueError(
            f"several workers cannot have what a policy, probe or rules hold: {error}"
        ) from error
    if b"__main__" in pickled:
        Met(io.BytesIO(pickled)).load()
    return pickled
