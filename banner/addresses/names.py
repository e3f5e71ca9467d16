"""Host names as they are asked for, and what may stand in a target's place for one.

A name that ends in a number (``127.1``, ``0x7f.1``, ``1.2.3.256``) is neither a name nor an address: some resolvers
read it as another one. Names in other letters become their A-labels (RFC 5890, section 2.3.2.1) once, here, so that
DNS, SNI, a Host header and the record say the same.
"""

from __future__ import annotations

import re
from typing import Final

from ..text.lines import shown
from ..text.patterns import lazily
from .blocks import parse_address, parse_ipv4

MAX_NAME: Final = 253
"""Characters in a name: 255 octets on the wire (RFC 1035, section 2.3.4), less the root's and a length
octet."""

ZONE: Final = lazily(r"[\w.~-]{1,15}", re.ASCII)
"""An interface's name behind ``%``: Linux' IFNAMSIZ is 16 with its NUL; RFC 6874, section 2: unreserved."""


def check_host(host: object) -> str:
    """`host` as a target carries it: an address without brackets, or a name as `check_name` gives it.

    An ``ipaddress.IPv4Address`` or ``IPv6Address`` is taken by its text. Raises `TypeError` for other objects and
    `ValueError` for a text that is neither.
    """
    if not isinstance(host, str):
        from ipaddress import IPv4Address, IPv6Address

        if not isinstance(host, IPv4Address | IPv6Address):
            raise TypeError(f"a host is a name or an address, not {type(host).__name__}")
        return str(host)
    host = str(host)  # an enumeration's member becomes its text
    if ":" in host:
        address, mark, zone = host.partition("%")
        parse_address(address)
        if mark and not ZONE.fullmatch(zone):
            raise ValueError(f"{shown(host)}: behind % the name of an interface is expected")
        return host
    try:
        parse_ipv4(host)
    except ValueError:
        return check_name(host)
    return host


def check_address(ip: object) -> str:
    """The same where only an address will do."""
    text = check_host(ip)
    if ":" not in text:
        parse_ipv4(text)
    return text


_LABEL = lazily(r"\w(?:[\w-]{0,61}\w)?", re.ASCII)
_NUMBER = lazily(r"[0-9]+|0[xX][0-9a-fA-F]*")
_DEVIANT = lazily("[\xdf\u03c2\u200c\u200d]")


def check_name(text: str) -> str:
    """The name `text` as it is asked for in the DNS; `ValueError` where it is none.

    Letters, digits, hyphens inside labels, and underscores, which are no host names (RFC 952) but are in
    use; at most 63 characters a label and `MAX_NAME` in all, and a last dot stays. Other letters become
    their ``xn--`` form.
    """
    name = text if text.isascii() else _to_ascii(text)
    labels = name.removesuffix(".").split(".")
    if len(name.removesuffix(".")) > MAX_NAME:
        raise ValueError(f"{shown(text)} is longer than a name can be ({MAX_NAME} characters)")
    if not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(f"{shown(text)} is neither an address nor a name")
    if _NUMBER.fullmatch(labels[-1]):  # no top-level domain is a number (RFC 3696, section 2)
        raise ValueError(f"{shown(text)} is no address: four numbers from 0 to 255, without leading zeros")
    return name


def _to_ascii(text: str) -> str:
    """Python's codec follows IDNA 2003; the four characters that IDNA 2008 reads otherwise (RFC 5894, 7.2)
    would lead to another host, so they are refused. What that codec lets through is checked afterwards."""
    if _DEVIANT.search(text):
        raise ValueError(
            f"{shown(text)}: write this name in its xn-- form (it differs between IDNA versions)"
        )
    if len(text) > MAX_NAME:
        raise ValueError(f"{shown(text)} is longer than a name can be ({MAX_NAME} characters)")
    try:
        return text.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError(f"{shown(text)} is neither an address nor a name") from None
