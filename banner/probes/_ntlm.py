"""NTLM's first two messages: one that names nobody, and the challenge in which a server names itself.

Whoever begins NTLM hears the server's names, its domain's, its build and its clock before he has said who he is
([MS-NLMP] 2.2.1.1 and 2.2.1.2). No third message, the one with a name and a proof, is ever made here: there is no
login, and nothing to guess with.
"""

from __future__ import annotations

import re
import struct
from binascii import Error, a2b_base64
from collections.abc import Iterable
from typing import Any, Final

from ._ber import encode
from ._cursor import Cursor, CutShortError
from ._filetime import moment
from ._text import LONGEST

_UNICODE, _TARGET, _NTLM, _SIGN, _EXTENDED, _VERSION = 1, 4, 0x200, 0x8000, 0x80000, 0x2000000
_BITS: Final = 0xA0000000
"""128-bit and 56-bit keys, which some servers insist on."""
NEGOTIATE: Final = (
    struct.pack(
        "<8sII", b"NTLMSSP", 1, _UNICODE | _TARGET | _NTLM | _SIGN | _EXTENDED | _VERSION | _BITS
    )  # no domain, no workstation, and no version but that of the message's form
    + bytes(16)
    + b"\0\0\0\0\0\0\0\x0f"
)
_CHALLENGE: Final = b"NTLMSSP\0\x02\0\0\0"

MECHANISM: Final = bytes.fromhex("060a2b06010401823702020a")
"""NTLM's object identifier, 1.3.6.1.4.1.311.2.2.10, in BER ([MS-SPNG] 1.9)."""
_SPNEGO: Final = bytes.fromhex("06062b0601050502")

NAMES: Final = {
    1: "ntlm_hostname",
    2: "ntlm_domain",
    3: "ntlm_dns_hostname",
    4: "ntlm_dns_domain",
    5: "ntlm_dns_forest",
}
"""The details of a challenge's names ([MS-NLMP] 2.2.2.1)."""
_TIME: Final = 7


def spnego() -> bytes:
    """`NEGOTIATE` as the first token of a negotiation that offers nothing else (RFC 4178, section 4.2.1)."""
    offer = encode(0xA0, encode(0x30, MECHANISM)) + encode(0xA2, encode(4, NEGOTIATE))
    return encode(0x60, _SPNEGO, encode(0xA0, encode(0x30, offer)))


def challenge(data: bytes) -> dict[str, Any]:
    """The details of the challenge that `data` holds, wrapped in whatever; empty where there is none.

    What is cut short or out of bounds is left out, the rest stays.
    """
    start = data.find(_CHALLENGE)
    if start < 0:
        return {}
    message = data[start:]
    found = _names(message)
    if len(message) >= 56 and int.from_bytes(message[20:24], "little") & _VERSION:
        major, minor, build = struct.unpack_from("<BBH", message, 48)
        found["ntlm_build"] = f"{major}.{minor}.{build}"
    return found


def challenge_in(text: str | bytes) -> dict[str, Any]:
    """The same of base64."""
    try:
        return challenge(a2b_base64(text))
    except (Error, ValueError):  # no base64, or characters outside of ASCII
        return {}


def _names(message: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    try:
        place = Cursor(message[40:48], "little")
        length, _, offset = place.number(2), place.number(2), place.number(4)
        pairs = Cursor(message[offset : offset + length], "little")
        while kind := pairs.number(2):
            value = pairs.counted(2)
            if name := NAMES.get(kind):
                if text := value[: 2 * LONGEST].decode("utf-16-le", "replace").strip():
                    found[name] = text
            elif kind == _TIME and len(value) == 8 and (clock := moment(int.from_bytes(value, "little"))):
                found["ntlm_time"] = clock
    except CutShortError:
        pass
    return found


TOKENS = {"NTLM": NEGOTIATE, "Negotiate": spnego()}
"""What the schemes of an offer are asked with; NTLM by itself is the shorter way."""
_OFFER = re.compile(r"(?i)(?:^|,) ?(NTLM|Negotiate)(?=,|$)")
"""One of several challenges without parameters (RFC 9110, section 11.6.1)."""


def offered(challenges: Iterable[str]) -> str | None:
    """The scheme of `TOKENS` that is among the `challenges` of an answer of HTTP."""
    found = {scheme.lower() for value in challenges for scheme in _OFFER.findall(value)}
    return next((scheme for scheme in TOKENS if scheme.lower() in found), None)
