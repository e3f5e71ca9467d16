"""URLs, of which host and port are taken."""

from __future__ import annotations

from ..addresses.ports import SERVICES, parse_port
from ..text.lines import shown
from ..text.patterns import lazily

_URL = lazily(
    r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#@]*@)?(\[[^\]/]*\]|[^/?#:@\[\]]+)(?::([0-9]*))?(?:[/?#].*)?"
)


def url_place(url: str) -> tuple[str, int]:
    """The host (without brackets) and the port of a URL (RFC 3986, section 3.2). Raises `ValueError`."""
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError(f"{shown(url)} is no URL with a host")
    port = found[3] or SERVICES.get(found[1].lower())
    if port is None:
        raise ValueError(
            f"{shown(url)} names no port, and the scheme {shown(found[1])} has none that is known"
        )
    return found[2].strip("[]"), parse_port(str(port))
