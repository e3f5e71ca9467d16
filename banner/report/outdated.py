"""Versions of protocols that should be spoken no more."""

from __future__ import annotations

from typing import Final

from ..models import Grab

OUTDATED_TLS: Final = {"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"}
"""RFC 6176, RFC 7568 and RFC 8996 forbid them."""


def outdated(grab: Grab) -> str | None:
    """The protocol version that should be spoken no more, or None."""
    return old_tls(grab) or old_ssh(grab)


def old_tls(grab: Grab) -> str | None:
    """The version of TLS or SSL that was spoken, where it is forbidden."""
    return grab.tls.version if grab.tls is not None and grab.tls.version in OUTDATED_TLS else None


def old_ssh(grab: Grab) -> str | None:
    """``SSH 1.5``, ``SSH 1.99``, where the server speaks the first version of the protocol."""
    told = grab.details.get("protocol_version") if is_ssh(grab) else None
    version = told if isinstance(told, str) else grab.banner[4:8].decode("latin-1")
    # RFC 4253, section 5.1: 1.99 says that 2.0 is spoken, and what came before it as well.
    return f"SSH {version.rstrip('-')}" if is_ssh(grab) and version.startswith("1.") else None


def is_ssh(grab: Grab) -> bool:
    """Whether it greeted as SSH does, or was told to be it."""
    return grab.banner.startswith(b"SSH-") or (grab.service is not None and grab.service.name == "ssh")
