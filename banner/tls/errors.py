"""How a handshake fails."""

from __future__ import annotations


class HandshakeError(Exception):
    """The handshake failed; ``reason`` is an alert's name (RFC 8446, section 6), ``eof``, ``reset``,
    ``deadline``, ``limit``, ``not_tls``, ``huge_modulus`` (`flight.LARGEST_MODULUS`), or the library's reason, in
    lower case."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
