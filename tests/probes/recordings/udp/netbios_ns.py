"""netbios-ns over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Samba 4.17.12, Debian 12",
        "recorded",
        turns=(
            client(
                b"ba\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00 CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x00\x00!\x00\x01"
            ),
            server(
                b"ba\x84\x00\x00\x00\x00\x01\x00\x00\x00\x00 CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x00\x00!\x00\x01\x00\x00\x00\x00\x00\x89\x05FIELD          \x00\x04\x00FIELD          \x03\x04\x00FIELD           \x04\x00HELDOUT        \x00\x84\x00HELDOUT        \x1e\x84\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            ),
        ),
        service=Service(name="netbios-ns", vendor="Samba", product="Samba", confidence=0.75),
        details={
            "hostname": "FIELD",
            "domain": "HELDOUT",
            "names": ["FIELD<00>", "FIELD<03>", "FIELD<20>", "HELDOUT<00>", "HELDOUT<1e>"],
        },
    ),
)
