"""A peer that a scan waits for until the test says so, so that what is under way can be looked at."""

from __future__ import annotations

import contextlib
import socket
import threading

from banner.testing.server import bind


class Gate:
    """A peer that keeps whoever comes waiting until it is opened: then they are sent away."""

    def __init__(self) -> None:
        self._sock = bind("127.0.2.1", 0)
        self._sock.setblocking(True)
        self.target = "{}:{}".format(*self._sock.getsockname())
        self._thread = threading.Thread(target=self._send_away)

    def open(self) -> None:
        self._thread.start()

    def _send_away(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._sock.accept()[0].close()

    def __enter__(self) -> Gate:
        return self

    def __exit__(self, *_: object) -> None:
        self._sock.shutdown(socket.SHUT_RDWR)  # wakes the thread up
        self._sock.close()
        if self._thread.ident:
            self._thread.join()
