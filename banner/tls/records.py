"""A server's bytes handed to TLS up to where its certificate may end, so that a handshake can end there.

Under TLS 1.3 the certificate is encrypted: OpenSSL has to read it, but what follows, the server's signature and our
answer to it, shows nothing and is a quarter of the cost. What may have come before it is a question for a client's
certificate; that there was none is known where the records are too short to have held one.
"""

from __future__ import annotations

from collections.abc import Sequence

from .server_flight import APPLICATION_DATA, CHANGE_CIPHER_SPEC, LARGEST_RECORD

_SEAL = 1 + 16
"""An encrypted record's octets beside what it holds: its inner type and a tag (RFC 8446, section 5.2)."""
_SHORT_SEAL = 1 + 8
"""The same with the suites of CCM_8 (RFC 6655, section 4)."""
_NO_EXTENSIONS = 4 + 2
"""EncryptedExtensions without any: a message's header and a length (RFC 8446, section 4.3.1)."""
_ALPN = 2 + 2 + 2 + 1
"""The extension that names what was chosen, without the name (RFC 7301, section 3.1)."""
_CERTIFICATE, _ENTRY = 4 + 1 + 3, 3 + 2
"""The message Certificate without its entries, and an entry without its certificate (RFC 8446, section 4.4.2)."""
_SHORTEST = 128
"""Octets of an encrypted record below which it is not looked for a certificate: the shortest take some 200, and a piece
of one that is missed costs us no more than a whole handshake."""
_SHORTEST_REQUEST = 4 + 1 + 2 + 8
"""CertificateRequest with one signature algorithm, which it must have (RFC 8446, section 4.3.2)."""


class Records:
    """What came and was not handed on yet."""

    __slots__ = ("_came", "_encrypted", "_lengths")

    def __init__(self) -> None:
        self._came = bytearray()
        self._encrypted = 0
        self._lengths = 0

    def feed(self, data: bytes) -> None:
        """`data` came."""
        self._came += data

    def take(self) -> bytes:
        """The next records up to one that may hold a certificate; empty where none is whole. What is no record of TLS
        comes as it is."""
        came, at = self._came, 0
        while at + 5 <= len(came):
            kind, length = came[at], came[at + 3] << 8 | came[at + 4]
            known = came[at + 1] == 3 and CHANGE_CIPHER_SPEC <= kind <= APPLICATION_DATA
            if not known or length > LARGEST_RECORD:
                at = at or len(came)
                break
            if at + 5 + length > len(came):
                break
            at += 5 + length
            if kind == APPLICATION_DATA:
                self._encrypted += 1
                self._lengths += length
                if length >= _SHORTEST:
                    break
        if at == 0 and came and not CHANGE_CIPHER_SPEC <= came[0] <= APPLICATION_DATA:
            return self.rest()
        taken = bytes(came[:at])
        del came[:at]
        return taken

    def rest(self) -> bytes:
        """All of it."""
        rest = bytes(self._came)
        self._came.clear()
        return rest

    def asked_nothing(self, chain: Sequence[bytes], alpn: str | None, cipher: str | None) -> bool:
        """Whether what was taken, up to the certificates of `chain`, has no room for a question for ours.

        `alpn` is what the server chose, with `cipher`, under TLS 1.3.
        """
        seal = _SHORT_SEAL if cipher is None or "CCM_8" in cipher else _SEAL
        extensions = _NO_EXTENSIONS + (0 if alpn is None else _ALPN + len(alpn))
        certificates = _CERTIFICATE + sum(_ENTRY + len(one) for one in chain)
        held = self._lengths - seal * self._encrypted
        return bool(chain) and held - extensions - certificates < _SHORTEST_REQUEST


def encrypted(data: bytes) -> int:
    """The octets of all encrypted records in `data`, which holds whole ones (RFC 8446, section 5.1)."""
    octets, at = 0, 0
    while at + 5 <= len(data):
        length = int.from_bytes(data[at + 3 : at + 5])
        octets += length if data[at] == APPLICATION_DATA else 0
        at += 5 + length
    return octets
