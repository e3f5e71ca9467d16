"""Products that name themselves in a field of their protocol, and their CPE names (NISTIR 7695, section 6.2).

The version comes from the peer: it is lower-cased and quoted, and what no product's version looks like (too
long, not ASCII, with spaces or control characters) is left out.
"""

from __future__ import annotations

import re
from typing import Final

from ..models import Service
from ..recognition.cpe import filled
from ..recognition.cpe import formatted as well_formed

CERTAIN: Final = 0.95
"""Confidence in what a field says whose only purpose is to say it; a server can still be told to lie."""

_VERSION = re.compile(r"[!-~]{1,64}")


def named(
    name: str,
    vendor: str,
    product: str,
    version: str | None = None,
    *,
    cpe: str = "",
    os: str | None = None,
    info: str | None = None,
) -> Service:
    """`product` of `vendor`, speaking the protocol `name`; `cpe` is CPE's ``vendor:product`` if known."""
    names = (formatted(cpe, version),) if cpe else ()
    return Service(name, vendor, product, version, os=os, info=info, cpe=names, confidence=CERTAIN)


def formatted(key: str, version: str | None = None) -> str:
    """The name of the application `key` (``vendor:product``); any version where `version` is none."""
    known = version if version and _VERSION.fullmatch(version) and version not in ("-", "*") else None
    found = {"service.version": known} if known else {}
    return well_formed(filled(f"cpe:2.3:a:{key}:{{service.version}}:*:*:*:*:*:*:*", found)) or ""
