"""What is proposed to a gateway that shall not agree: IKE's first messages, of version 2 and of version 1.

Sources: RFC 7296, sections 1.2, 3.3, 3.4 and 3.9; RFC 2408, sections 3.4 to 3.6; RFC 2409, section 5 and appendix A.
"""

from __future__ import annotations

from ._isakmp import IKE_SA_INIT, INITIATOR, KE_2, MAIN_MODE, NONCE_2, SA_1, SA_2, header, payload


def version_2(initiator: bytes, nonce: bytes) -> bytes:
    """IKE_SA_INIT: AES-CBC-256, HMAC-SHA-256, Curve25519 with a key that nobody has, and a nonce."""
    transforms = (b"\1\0\0\x0c\x80\x0e\1\0", b"\2\0\0\5", b"\3\0\0\x0c", b"\4\0\0\x1f")
    listed = b"".join(
        bytes([0 if one is transforms[-1] else 3, 0]) + (4 + len(one)).to_bytes(2, "big") + one
        for one in transforms
    )
    proposal = payload(0, bytes([1, 1, 0, len(transforms)]) + listed)
    return header(
        initiator,
        SA_2,
        2,
        IKE_SA_INIT,
        INITIATOR,
        payload(KE_2, proposal),
        payload(NONCE_2, b"\0\x1f\0\0" + nonce),
        payload(0, nonce),
    )


def version_1(initiator: bytes) -> bytes:
    """Main mode, with a pre-shared key that nobody has: ciphers, hashes and groups that most gateways took."""
    wanted = [
        (cipher, hashed, group)
        for cipher in (
            b"\x80\1\0\7\x80\x0e\1\0",
            b"\x80\1\0\7\x80\x0e\0\x80",
            b"\x80\1\0\5",
        )  # AES of two sizes, 3DES
        for hashed in (b"\4", b"\2")  # SHA-256, SHA-1
        for group in (b"\x0e", b"\2")  # of 2,048 and of 1,024 bits
    ]
    listed = b""
    for number, (cipher, hashed, group) in enumerate(wanted, 1):
        attributes = (
            cipher + b"\x80\2\0" + hashed + b"\x80\3\0\1\x80\4\0" + group + b"\x80\x0b\0\1\x80\x0c\x70\x80"
        )
        following = 3 if number < len(wanted) else 0
        listed += payload(following, bytes([number, 1, 0, 0]) + attributes)
    proposal = payload(0, bytes([1, 1, 0, len(wanted)]) + listed)
    association = payload(0, b"\0\0\0\1\0\0\0\1" + proposal)
    return header(initiator, SA_1, 1, MAIN_MODE, 0, association)
