"""Conversations of SANE's daemon."""

from banner.models import Service

from ..conversation import Recording, client, server

INIT = bytes.fromhex("00000000 01000003 0000000a") + b"anonymous\0"
EXIT = bytes.fromhex("0000000a")

RECORDINGS = (
    Recording(
        "saned of sane-backends 1.2.1, Debian 12",
        "recorded",
        turns=(client(INIT), server(bytes.fromhex("00000000 01010003")), client(EXIT)),
        service=Service("sane-port"),
        details={"status": "good", "protocol_version": "1.1.3"},
    ),
    Recording(
        "who is not in saned.conf",
        "SANE Standard 1.06, sections 4.2.7 and 5.2.1",
        turns=(client(INIT), server(bytes.fromhex("0000000b 01000003")), client(EXIT)),
        service=Service("sane-port"),
        details={"status": "access-denied", "protocol_version": "1.0.3"},
    ),
    Recording(
        "a version of the protocol that is none",
        "SANE Standard 1.06, section 4.1",
        turns=(client(INIT), server(bytes.fromhex("00000000 01000000"))),
        service=None,
    ),
)
