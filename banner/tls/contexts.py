"""What a client's sessions offer, as contexts of OpenSSL, made once a process: one costs a third of a handshake."""

from __future__ import annotations

import ssl
from functools import lru_cache

_CIPHERS = "ALL:COMPLEMENTOFALL:+aNULL:+eNULL:@SECLEVEL=0"
"""Everything, with what shows no certificate at the end: Postfix, say, takes it if it comes first."""
_LEGACY_CONNECT = getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
"""Servers without RFC 5746 are spoken to; the constant has its name since Python 3.12."""
_MODEST = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:kRSA+AESGCM:kRSA+AES:kRSA+3DES:!CCM:!PSK:!SRP:@SECLEVEL=0"
"""For those who trip over a long hello: below 256 octets in all, and no finite-field Diffie-Hellman."""


@lru_cache(16)
def context(alpn: tuple[str, ...], modest: bool = False) -> ssl.SSLContext:
    """The context that offers `alpn`: no verification, every cipher and version that OpenSSL has.

    A `modest` one offers TLS 1.2 at most, and few ciphers.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    made.set_ciphers(_MODEST if modest else _CIPHERS)
    if modest:
        made.maximum_version = ssl.TLSVersion.TLSv1_2
    # A renegotiation in the middle of a reading would only cost; its request is refused with a warning.
    made.options |= _LEGACY_CONNECT | ssl.OP_NO_RENEGOTIATION
    if alpn:
        made.set_alpn_protocols(list(alpn))
    return made
