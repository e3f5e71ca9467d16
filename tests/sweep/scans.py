"""The drivers of a scan and what it is told."""

from __future__ import annotations

from typing import Literal

Driver = Literal["sweep", "streams"]
SSH = b"SSH-2.0-OpenSSH_9.2p1\r\n"
