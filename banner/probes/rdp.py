"""RDP: the X.224 connection request with a negotiation, then TLS where the server chooses it.

The handshake yields the certificate, whose name is mostly the computer's. In full mode a server that chose CredSSP
hears inside an NTLM message that names nobody, and answers with its names (``_ntlm.py``). Nobody logs in.
Sources: [MS-RDPBCGR] 2.2.1.1 and 2.2.1.2 (request, confirm, failure codes), 5.4.2 (negotiation); [MS-CSSP] 2.2.1
(TSRequest); RFC 1006, section 6 (TPKT); ITU-T X.224, sections 13.3 and 13.4 (CR, CC).
"""

from __future__ import annotations

from collections.abc import Generator

from ..dialogue import Probe, Talk, Want, Wire
from ..models import Service
from ._ber import encode, head, integer
from ._ntlm import NEGOTIATE, challenge
from ._text import opens

PROTOCOLS = {0: "rdp", 1: "tls", 2: "credssp", 4: "rdstls", 8: "credssp-ex", 16: "aad"}
FAILURES = {
    1: "ssl required", 2: "ssl not allowed", 3: "ssl certificate not on server", 4: "inconsistent flags",
    5: "hybrid required", 6: "ssl with user authentication required",
}  # fmt: skip
FLAGS = {1: "extended-client-data", 2: "graphics-pipeline", 8: "restricted-admin", 16: "credential-guard"}
"""What the confirm's flags offer ([MS-RDPBCGR] 2.2.1.2.1)."""

CREDSSP = (2, 8)
_VERSION = 6
"""Of CredSSP: that of updated clients since 2018 ([MS-CSSP] 2.2.1)."""
_OFFERED = 1 | 2 | 8
REQUEST = b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00" + _OFFERED.to_bytes(4, "little")
_CONFIRM = b"\x03\x00\x00\x13\x0e\xd0"
_BARE = b"\x03\x00\x00\x0b\x06\xd0\x00\x00\x12\x34\x00"
"""The confirm of servers that know no negotiation (before Windows Server 2003 SP1), 0x1234 their reference;
without it any other service on ISO transport, such as a controller, would be taken for RDP."""


def talk(wire: Wire) -> Talk:
    wire.send(REQUEST)
    if not (yield from opens(wire, _CONFIRM, _BARE)):
        return None
    if wire.unread.startswith(_BARE):
        wire.details["protocol"] = PROTOCOLS[0]
        return wire.claim(Service("ms-wbt-server"))
    negotiation = (yield from wire.exactly(19))[11:]
    kind, flags, size = negotiation[0], negotiation[1], negotiation[2:4]
    number = int.from_bytes(negotiation[4:], "little")
    if size != b"\x08\x00" or kind not in (2, 3):
        return None
    wire.claim(Service("ms-wbt-server"))
    if kind == 3:
        wire.details["failure"] = FAILURES.get(number, str(number))
        return wire.found
    wire.details["protocol"] = PROTOCOLS.get(number, str(number))
    wire.details["flags"] = [name for bit, name in FLAGS.items() if flags & bit]
    if number and (yield from wire.start_tls()) and wire.deep and number in CREDSSP:
        yield from _names(wire)
    return wire.found


def first_token() -> bytes:
    """TSRequest: the version, and one token."""
    token = encode(0x30, encode(0x30, encode(0xA0, encode(4, NEGOTIATE))))
    return encode(0x30, encode(0xA0, integer(_VERSION)), encode(0xA1, token))


def _names(wire: Wire) -> Generator[Want, None, None]:
    """What the server calls itself in its challenge."""
    wire.send(first_token())
    if not (yield from opens(wire, b"\x30")):
        return
    try:
        while (measured := head(wire.unread[:6])) is None:
            yield from wire.more()
    except ValueError:
        return
    wire.details.update(challenge((yield from wire.exactly(sum(measured)))))


PROBE = Probe("rdp", ports=(3389,), starttls=True, talk=talk, limit=4096)
