"""Conversations without I/O: what a probe may say and wait for, and when a greeting is whole.

A probe is a generator over a `Wire`: it speaks with a plain call and waits with ``yield from``. It sees no
socket, no clock and no event loop; whoever drives it holds the byte limit and the deadline. So one probe runs
over streams, in a sweep, over TLS, and in a test.
"""

from .datagrams import Datagrams
from .probe import Probe
from .wholeness import QUIET, SSH_PORTS, Wholeness, whole
from .wire import ROOM, Ended, Talk, Want, Wire, hear_out, listen

__all__ = [
    "QUIET", "ROOM", "SSH_PORTS", "Datagrams", "Ended", "Probe", "Talk", "Want", "Wholeness", "Wire", "hear_out",
    "listen", "whole",
]  # fmt: skip
