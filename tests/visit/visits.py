"""What the tests of whole visits say and await."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

from banner import Grab, Timeouts
from tests.usual import usual

Visitor = Callable[..., Awaitable[Grab]]
SOON = Timeouts(connect=5, read=1.2, total=20)
REQUEST = re.compile(rb"(?s)GET / HTTP/1\.1\r\n.*\r\n\r\n")
PAGE = b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def at_port_of_tls(port: int) -> AbstractContextManager[object]:
    """Let http's dialogue be usual inside TLS at `port`, which is free, and not 443."""
    return usual("http", tls_ports=(port,))
