"""SSH's key exchange as far as the server's host key, and what that key is.

The reply holds the key before anything that needs our half of the exchange (RFC 4253, section 8; RFC 5656, section 4;
RFC 8731), and we go on reply. So our half is a constant of which nobody keeps a secret: nothing is ever encrypted
with what comes of it. The price: the signature beside the key is not verified, and a server could show a key that
it does not hold.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Sequence
from typing import Any, Final

from ._cursor import Cursor, CutShortError

KEXINIT: Final = 20
"""SSH_MSG_KEXINIT (RFC 4250, section 4.1.2), as the numbers below."""
REPLY: Final = 31
"""SSH_MSG_KEXDH_REPLY, and the same number of elliptic curves."""
SKIPPED: Final = (2, 4)
"""SSH_MSG_IGNORE and SSH_MSG_DEBUG may stand anywhere."""
_INIT, _DISCONNECT, _BY_APPLICATION = 30, 1, 11

_X25519: Final = (9).to_bytes(32, "little")
"""The base point (RFC 7748, section 4.1): the public key of the secret 1."""
_P256: Final = bytes.fromhex(
    "04"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
"""The same of NIST's curve (SEC 2, section 2.4.2), uncompressed."""
_GROUP: Final = b"\x55" * 32
"""A number of half ones, as OpenSSH wants it, in the range of every group of RFC 2409 and RFC 3526."""

EXCHANGES: Final = {
    "curve25519-sha256": _X25519,
    "curve25519-sha256@libssh.org": _X25519,
    "ecdh-sha2-nistp256": _P256,
    "diffie-hellman-group14-sha256": _GROUP,
    "diffie-hellman-group16-sha512": _GROUP,
    "diffie-hellman-group18-sha512": _GROUP,
    "diffie-hellman-group14-sha1": _GROUP,
    "diffie-hellman-group1-sha1": _GROUP,
}
"""Our half of each exchange, those that cost the server least first."""
HOST_KEYS: Final = (
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256",
    "ssh-rsa", "ssh-ed448", "ssh-dss",
)  # fmt: skip
"""Of which of its keys a server with several is asked for: as OpenSSH's client has it, plain keys alone."""


def packet(payload: bytes) -> bytes:
    """The binary packet before any encryption (RFC 4253, section 6): padded to eights, four bytes at least."""
    padding = 8 - (5 + len(payload)) % 8
    padding += 8 if padding < 4 else 0
    return (1 + len(payload) + padding).to_bytes(4) + bytes([padding]) + payload + bytes(padding)


def exchange(offered: Sequence[Sequence[bytes]]) -> bytes | None:
    """Our KEXINIT and our half of the exchange, for a server that has `offered` these eight lists.

    One name of each, so that nothing is left to agree upon. None where the server has nothing that we have.
    """
    kex = next((name for name in EXCHANGES if name.encode() in offered[0]), None)
    key = next((name for name in HOST_KEYS if name.encode() in offered[1]), None)
    others = [names[0] if names else b"" for names in offered[2:]]
    if kex is None or key is None or any(len(name) > 64 for name in others):
        return None
    lists = (kex.encode(), key.encode(), *others, b"", b"")
    opening = bytes([KEXINIT]) + bytes(16) + b"".join(map(_string, lists)) + bytes(5)
    half = EXCHANGES[kex]
    return packet(opening) + packet(bytes([_INIT]) + _string(half))


def disconnect() -> bytes:
    """The goodbye (RFC 4253, section 11.1)."""
    return packet(bytes([_DISCONNECT]) + _BY_APPLICATION.to_bytes(4) + _string(b"bye") + _string(b""))


def host_key(reply: bytes) -> dict[str, Any]:
    """The details of the key in a `reply`'s payload; empty where it is cut short or of no known form."""
    try:
        blob = Cursor(reply[1:]).counted(4)
        fields = Cursor(blob)
        kind = fields.counted(4).decode("ascii")
        bits = _bits(kind, fields)
    except (CutShortError, UnicodeDecodeError):
        return {}
    from hashlib import sha256  # with OpenSSL's half, for who asks in full mode

    digest = b2a_base64(sha256(blob).digest(), newline=False).rstrip(b"=").decode()
    return (
        {"host_key_type": kind, "host_key_bits": bits, "host_key_sha256": f"SHA256:{digest}"} if bits else {}
    )


def _bits(kind: str, fields: Cursor) -> int:
    """The size of a key as ssh-keygen tells it, from what follows its `kind`; 0 for another kind."""
    if kind in ("ssh-ed25519", "ssh-ed448"):  # RFC 8709, section 4
        return {32: 256, 57: 456}.get(len(fields.counted(4)), 0)
    if kind.startswith("ecdsa-sha2-nistp"):  # RFC 5656, section 3.1
        curve, point = fields.counted(4), fields.counted(4)
        return int(curve[5:]) if curve in (b"nistp256", b"nistp384", b"nistp521") and point else 0
    if kind == "ssh-rsa":  # RFC 4253, section 6.6: e, then n
        fields.counted(4)
    elif kind != "ssh-dss":  # p stands first
        return 0
    return int.from_bytes(fields.counted(4), "big").bit_length()


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
