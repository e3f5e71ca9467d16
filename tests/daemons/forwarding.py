"""Usual ports for daemons that run on others: relays from addresses of 127.0.0.0/8 to the real ports.

Ports below 1024 need a privilege that the daemons do not have and a test run may have; and two daemons of
one kind want the same port. So each daemon has a loopback address of its own, where the test process itself
listens, in a thread, and passes on bytes, ends and resets in both directions.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading


class Forwarder:
    """A thread whose event loop holds the relays; `close` ends it and every connection."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._relays: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name="forwarder", daemon=True)
        self._thread.start()

    def open(self, address: str, usual: int, port: int, source: str | None = None) -> None:
        """Let `address` and `usual` lead to `port` on 127.0.0.1, which sees `source` as the client.

        Raises `PermissionError` where `usual` is a privileged port, and other `OSError` where it is taken or
        the system has no such address.
        """
        asyncio.run_coroutine_threadsafe(self._open(address, usual, port, source), self._loop).result()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self, address: str, usual: int, port: int, source: str | None) -> None:
        def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = self._loop.create_task(_relay(reader, writer, port, source))
            self._relays.add(task)
            task.add_done_callback(self._relays.discard)

        self._servers.append(await asyncio.start_server(accepted, address, usual))

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._relays:
            task.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)


async def _relay(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, source: str | None
) -> None:
    writers = [writer]
    try:
        there, back = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(source, 0) if source else None
        )
        writers.append(back)
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))
    except OSError:
        _reset(writer)
    finally:
        for end in writers:
            end.close()
        for end in writers:
            with contextlib.suppress(OSError):
                await end.wait_closed()


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Everything from `source` to `sink`, and then its end."""
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        sink.write_eof()
    except OSError:
        _reset(sink)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a linger time of zero, which sends RST (socket(7))."""
    if not writer.transport.is_closing():
        sock: socket.socket = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
