"""Usual ports for daemons over UDP that run on others: a relay of datagrams, a thread for each."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator

_LARGEST = 65535


class _Relay(threading.Thread):
    """Passes on what comes at `door` to `port` on 127.0.0.1, each client by a socket of its own, and what comes back.

    What the daemon says from another port than it was asked at comes from another port here as well.
    """

    def __init__(self, door: socket.socket, port: int) -> None:
        super().__init__(name="relay", daemon=True)
        self._door, self._daemon = door, ("127.0.0.1", port)
        self._elsewhere = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._elsewhere.bind((door.getsockname()[0], 0))
        self._over, self.stop = socket.socketpair()
        self._clients: dict[tuple[str, int], socket.socket] = {}

    def run(self) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self._door, selectors.EVENT_READ)
            ready.register(self._over, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    if key.fileobj is self._over:
                        self._close()
                        return
                    with contextlib.suppress(OSError):  # the client is gone
                        self._there(ready) if key.data is None else self._back(key.fileobj, key.data)  # type: ignore[arg-type]

    def _there(self, ready: selectors.BaseSelector) -> None:
        data, client = self._door.recvfrom(_LARGEST)
        if client not in self._clients:
            self._clients[client] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._clients[client].bind(("127.0.0.1", 0))
            ready.register(self._clients[client], selectors.EVENT_READ, client)
        self._clients[client].sendto(data, self._daemon)

    def _back(self, sock: socket.socket, client: tuple[str, int]) -> None:
        data, source = sock.recvfrom(_LARGEST)
        (self._door if source == self._daemon else self._elsewhere).sendto(data, client)

    def _close(self) -> None:
        for sock in (self._door, self._elsewhere, self._over, *self._clients.values()):
            sock.close()


@contextlib.contextmanager
def relayed(address: str, usual: int, port: int) -> Iterator[None]:
    """Let `address`, of loopback, and `usual` lead to the daemon at `port`.

    Raises `PermissionError` where `usual` is a privileged port, and other `OSError` where it is taken.
    """
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        door.bind((address, usual))
    except OSError:
        door.close()
        raise
    relay = _Relay(door, port)
    relay.start()
    try:
        yield
    finally:
        relay.stop.close()
        relay.join()
