"""NATS: the server greets with ``INFO`` and a JSON object that tells its version; then TLS if offered.

Source: NATS documentation, "Client Protocol", INFO. A client that wants TLS starts the handshake right
after INFO, without a word; we do so where the server requires it or has it. No CONNECT is sent.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from ..dialogue import Probe, Talk, Wire
from ..models import Service
from ._text import opens, text

WORDS: Final = ("server_id", "server_name", "version", "go", "git_commit", "cluster", "domain")
NUMBERS: Final = ("proto", "max_payload")
FLAGS: Final = ("auth_required", "tls_required", "tls_available", "tls_verify", "jetstream", "headers", "ldm")
LONGEST: Final = 8192
"""Bytes of the INFO line: a big cluster's connect_urls make up most of it."""


def talk(wire: Wire) -> Talk:
    if not (yield from opens(wire, b"INFO {")):
        return None
    info = _decoded((yield from wire.line(LONGEST))[5:])
    if not isinstance(info.get("version"), str) or "server_id" not in info:
        return None
    _learn(wire, info)
    version = wire.details.get("version")
    cpe: tuple[str, ...] = ()
    if version and re.fullmatch(r"[\w.]+", version, re.ASCII):
        cpe = (f"cpe:2.3:a:linuxfoundation:nats-server:{version}:*:*:*:*:*:*:*",)
    service = wire.claim(Service("nats", vendor="NATS", product="NATS Server", version=version, cpe=cpe))
    if (info.get("tls_required") is True or info.get("tls_available") is True) and not wire.tls:
        yield from wire.start_tls()
    return service


def _decoded(data: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _learn(wire: Wire, info: dict[str, Any]) -> None:
    """Keep the fields of known names and types."""
    for name in WORDS:
        if isinstance(value := info.get(name), str) and value:
            wire.details[name] = text(value.encode(errors="replace"))
    for name in NUMBERS:
        if type(value := info.get(name)) is int and abs(value) < 2**53:
            wire.details[name] = value
    for name in FLAGS:
        if isinstance(value := info.get(name), bool):
            wire.details[name] = value


PROBE = Probe("nats", ports=(4222,), greets=True, starttls=True, talk=talk, limit=LONGEST)
