"""ONC RPC's calls and replies (RFC 5531, section 9), as rpcbind is called over TCP and UDP (RFC 1833, section 3)."""

from __future__ import annotations

NULL, DUMP = 0, 4
ACCEPTED = {0: "granted", 1: "unavailable", 2: "version not supported", 3: "procedure not supported"}


def call(number: bytes, procedure: int) -> bytes:
    """A call of program 100000, version 2, with neither credentials nor verifier; `number` has four bytes."""
    return number + b"".join(word.to_bytes(4, "big") for word in (0, 2, 100000, 2, procedure, 0, 0, 0, 0))


def access(state: int) -> str:
    """What became of a call that was accepted."""
    return ACCEPTED.get(state, str(state))
