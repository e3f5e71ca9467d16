"""What a server shows of certificates: its own, those that it sent with it, and whether its own is for who was asked.

The chain is told as it was sent: nothing is sorted, completed or verified.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

import msgspec

from ..models import Certificate
from ..text.patterns import lazily
from . import certificate
from .server_flight import MOST_CERTIFICATES

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = lazily(rf"(?:{_OCTET}\.){{3}}{_OCTET}", re.ASCII)


def read(chain: Sequence[bytes], now: float, host: str) -> Certificate | None:
    """The first of `chain`, each in DER form, with all of them and whether it is for `host`; None where none came.

    `now` is POSIX seconds. Never raises for whatever the bytes are.
    """
    if not chain:
        return None
    own, _, not_after = found = certificate.read(chain[0])
    issued = (found.issued, *[certificate.read(data).issued for data in chain[1:MOST_CERTIFICATES]])
    expired = None if not_after is None else not_after < now
    matches = _is_for(own, host)
    return msgspec.structs.replace(own, expired=expired, name_matches=matches, chain=issued)


def _is_for(own: Certificate, host: str) -> bool | None:
    """None where that is not known: no host, nothing readable, or more names than are kept."""
    if not host or own.subject is None:
        return None
    if covers(own.names, host):
        return True
    return None if len(own.names) >= certificate.MOST_NAMES else False


def covers(names: Sequence[str], host: str) -> bool:
    """Whether `host`, a name or an address, is one of `names`; ``*`` stands for one whole label at the left.

    RFC 9525, sections 6.3 and 6.4; the subject's common name does not count (section 2).
    """
    if _IPV4.fullmatch(host):  # by far the commonest host, and written in one way
        return host in names
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    else:
        return str(address) in names
    try:
        name = host.removesuffix(".").encode("idna").decode().lower()
    except UnicodeError:
        return False
    _, dot, parent = name.partition(".")
    wanted = {name, f"*.{parent}"} if dot else {name}
    return any(one.lower().removesuffix(".") in wanted for one in names)
