"""URLs, of which host and port are taken."""

from __future__ import annotations

from ..addresses.ports import SERVICES, UDP, UDP_SERVICES, parse_port
from ..text.lines import shown
from ..text.patterns import lazily

_URL = lazily(
    r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#@]*@)?(\[[^\]/]*\]|[^/?#:@\[\]]+)(?::([0-9]*))?(?:[/?#].*)?"
)


def url_place(url: str) -> tuple[str, int]:
    """The host (without brackets) and the port of a URL (RFC 3986, section 3.2), as lists of ports hold it.

    It is over UDP where the scheme says so (``udp``), or names a service that UDP alone carries, as ``snmp`` (RFC
    4088), ``tftp`` (RFC 3617) and ``coap`` (RFC 7252, section 6.1). Raises `ValueError`.
    """
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError(f"{shown(url)} is no URL with a host")
    scheme = found[1].lower()
    over_udp = scheme == "udp" or (scheme in UDP_SERVICES and scheme not in SERVICES)
    port = found[3] or (UDP_SERVICES if over_udp else SERVICES).get(scheme)
    if port is None:
        raise ValueError(
            f"{shown(url)} names no port, and the scheme {shown(found[1])} has none that is known"
        )
    # RFC 6874, section 2: the % before a zone is written %25
    return found[2].strip("[]").replace("%25", "%", 1), parse_port(str(port)) + UDP * over_udp
