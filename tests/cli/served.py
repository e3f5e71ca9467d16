"""What the servers say that the command is tried on, and where they stand."""

from __future__ import annotations

from banner import testing

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
HOSTILE = b"220 \x1b]0;owned\x07 \xe2\x80\xaeevil\xc2\x9b2J\0\r\n"


def at(server: testing.Server) -> str:
    return f"{server.host}:{server.port}"
