"""Bytes to `Service`: structure tells the protocol, fields go to the rules, rules tell the software.

``identify`` is what others need; ``rules/`` is the data (docs/rules.md is its contract), ``collections/``
reads the formats of others. Nothing here touches the network, and no greeting costs more than a bounded time.
"""

from ..text import lean  # noqa: F401 - before whatever here imports msgspec

__all__ = [
    "answers",
    "cache",
    "check",
    "cpe",
    "datagrams",
    "engine",
    "frames",
    "headers",
    "identify",
    "markup",
    "page",
]
