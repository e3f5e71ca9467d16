"""Addresses and ports as values: blocks of addresses, port lists, and which of them may be connected to.

No name is ever looked up here, and nothing is connected to. ``socket_address`` alone asks the system, for the
number of an interface.
"""

from ..text import lean  # noqa: F401 - before whatever here imports msgspec

__all__ = ["blocks", "choice", "forms", "judge", "names", "policy", "ports", "proxies", "socket_address"]
