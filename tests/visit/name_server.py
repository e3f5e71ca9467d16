"""A name server of the tests' own, in a thread: for those that start commands, or keep the loop busy."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def name_server(address: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Knows 127.0.0.1 for every name; its port. Raises `OSError` where it may not listen there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address, port))

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    query, client = sock.recvfrom(512)
                    if query == b"over":
                        return
                    end = query.index(b"\0", 12) + 5
                    is_a = query[end - 4 : end - 2] == b"\0\1"
                    head = query[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_a else b"\0\0") + bytes(4)
                    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1" if is_a else b""
                    sock.sendto(head + query[12:end] + record, client)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            sock.sendto(b"over", sock.getsockname())
            thread.join()
