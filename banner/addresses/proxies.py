"""Proxies by their URLs: ``socks5://``, ``socks5h://`` and ``http://``, with who asks and where names are resolved."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec

from ..text.taken import check_text
from .names import check_host

USUAL: Final = {"socks5": 1080, "socks5h": 1080, "http": 8080}
"""Schemes, as curl has them, and the ports where none is named."""


class Proxy(msgspec.Struct, frozen=True):
    """One proxy."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str = ""

    @property
    def names(self) -> bool:
        """Whether it is told names, and resolves them; else it is told addresses."""
        return self.scheme == "socks5h"

    def __str__(self) -> str:
        """Without the password: it stands in records and messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


@lru_cache(256)
def parse_proxy(url: str) -> Proxy:
    """The proxy of ``SCHEME://[USER:PASSWORD@]HOST[:PORT]``; letters of user and password may stand as ``%3A``.

    Raises `ValueError` with a reason that does not repeat the password.
    """
    from urllib.parse import unquote, urlsplit

    try:
        parts = urlsplit(check_text("a proxy", url))
        port = parts.port
    except ValueError:
        raise ValueError(
            "a proxy is socks5://host:port, socks5h://... or http://...; this is no URL"
        ) from None
    if parts.scheme not in USUAL:
        given = f"{parts.scheme[:20]}://" if parts.scheme and "://" in url else "one without its scheme"
        raise ValueError(f"a proxy is socks5://, socks5h:// or http://host:port, not {given}")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"a proxy is {parts.scheme}://[user:password@]host:port, and nothing behind that")
    if port == 0:
        raise ValueError("a proxy's port is a number from 1 to 65535")
    user = None if parts.username is None else unquote(parts.username)
    password = unquote(parts.password or "")
    if any(len(text.encode()) > 255 for text in (user or "", password)) or user == "":
        raise ValueError("a proxy's user and password have 1 to 255 bytes each (RFC 1929, section 2)")
    if any(ord(letter) < 32 for letter in (user or "") + password) or ":" in (user or ""):
        raise ValueError("a proxy's user and password have no control characters, and a user no colon")
    return Proxy(
        parts.scheme,
        check_host(parts.hostname),
        USUAL[parts.scheme] if port is None else port,
        user,
        password,
    )
