"""Conversations of the identification protocol."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "oidentd 2.5.1, Debian 12",
        "recorded",
        turns=(client(b"0, 0\r\n"), server(b"0,0:ERROR:INVALID-PORT\r\n")),
        service=Service("ident"),
        details={"error": "INVALID-PORT"},
    ),
    Recording(
        "oidentd 2.5.1, Debian 12, which tells no errors (-e)",
        "recorded",
        turns=(client(b"0, 0\r\n"), server(b"0,0:ERROR:UNKNOWN-ERROR\r\n")),
        service=Service("ident"),
        details={"error": "UNKNOWN-ERROR"},
    ),
    Recording(
        "the same owner of everything",
        "RFC 1413, section 4",
        turns=(client(b"0, 0\r\n"), server(b"0, 0 : USERID : UNIX : nobody\r\n")),
        service=Service("ident"),
        details={"system": "UNIX"},
    ),
    Recording(
        "another pair than ours",
        "RFC 1413, section 4",
        turns=(client(b"0, 0\r\n"), server(b"6195, 23 : ERROR : NO-USER\r\n")),
        service=None,
    ),
)
