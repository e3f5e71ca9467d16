"""HTTP's dialogue, asked for what it makes of an answer."""

from __future__ import annotations

from banner import probes
from banner.models import End

from .conversation import Played, play, server

HTTP = probes.get("http")
OK = b"HTTP/1.1 200 OK\r\n"


def get(*said: bytes, size: int = 0, end: End = End.EOF, limit: int | None = None) -> Played:
    return play(HTTP, [server(part) for part in said], strict=False, size=size, end=end, limit=limit)
