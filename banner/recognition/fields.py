"""What structure alone tells: a `Reading` is a protocol, how sure that is, and the texts for the rules."""

from __future__ import annotations

import msgspec

BY_STRUCTURE = 0.5
"""Confidence of a protocol whose bytes leave no other reading."""
BY_WORDS = 0.4
"""... that the greeting's own words name (``220 ... ESMTP``)."""
BY_PORT = 0.2
"""... that only its port suggests."""

LIMIT = 2048
"""Bytes of a greeting that are read: servers name themselves in the first line or the first headers."""


NAMES = {
    "domain": "dns", "imap4": "imap", "pop": "pop3", "rfb": "vnc", "shell": "rsh", "memcache": "memcached",
    "sieve": "managesieve", "https": "http", "postgres": "postgresql",
}  # fmt: skip
"""What others call a protocol, and its name here: IANA's, or the common one where IANA's is not in use."""


class Reading(msgspec.Struct):
    """One way to read a greeting."""

    protocol: str
    fields: list[tuple[str, str]]
    """(``matches`` key, text), in the order in which they are asked."""
    confidence: float = BY_STRUCTURE
    info: str | None = None
    """What fixed fields of the protocol say beside the rules, such as ``protocol 31``."""
    greeted: bool = False
    """True where it came before anything was said: no answer to anybody's question."""
    datagram: bool = False
    """True where it came in a datagram."""
    version: str | None = None
    """A version that stands in a fixed field and needs no rule."""


def as_text(data: bytes) -> str:
    """UTF-8 where it is valid (a character cut at the end is left out), else Latin-1."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > len(data) - 4:
            return data[: error.start].decode()
        return data.decode("latin-1")
