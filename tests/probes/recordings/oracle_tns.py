"""Conversations of oracle-tns: the packets' layout is python-oracledb's, the texts are of Oracle's documents."""

from banner.models import Service
from banner.probes.oracle_tns import REQUEST

from ..conversation import Recording, client, server


def packet(kind: int, body: bytes) -> bytes:
    """A packet of the listener's."""
    return (len(body) + 8).to_bytes(2, "big") + b"\0\0" + bytes((kind, 0, 0, 0)) + body


REFUSAL = b"(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=1189)(ERROR_STACK=(ERROR=(CODE=1189)(EMFI=4))))"
WORDS = b"TNSLSNR for Linux: Version 9.2.0.1.0 - Production"
RECORDINGS = (
    Recording(
        "a listener of 19c, which does not know us",
        "Error Messages, TNS-01189",
        turns=(
            client(REQUEST),
            server(packet(4, b"\x22\0" + len(REFUSAL).to_bytes(2, "big") + REFUSAL)),
        ),
        service=Service("oracle-tns"),
        details={"error_code": 1189, "version": "19.0.0.0.0"},
    ),
    Recording(
        "a listener of 9i, which tells, and wants the question again",
        "Net Services Reference, lsnrctl version",
        turns=(
            client(REQUEST),
            server(packet(11, b"")),
            client(REQUEST),
            server(
                packet(2, b"\x01\x36\0\0\x08\0\x7f\xff\x01\0\0\0\0\x20" + bytes(10))
                + packet(6, b"\0\0" + WORDS + b"\n")
            ),
        ),
        service=Service("oracle-tns"),
        details={"version": "9.2.0.1.0", "listener": WORDS.decode()},
    ),
)
