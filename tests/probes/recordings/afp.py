"""AFP."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Netatalk 3.1.12",
        "Apple, AFP Reference, FPGetSrvrInfo",
        turns=(
            client(b"\x00\x03\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
            server(
                b"\x01\x03\x00\x01\x00\x00\x00\x00\x00\x00\x00\x8d\x00\x00\x00\x00\x00\x18\x00'\x00=\x00\x00\x83y\x05FILES\x00M\x00]\x00\x00\x00{\x0eNetatalk3.1.12\x03\x06AFP2.2\x06AFPX03\x06AFP3.4\x02\x04DHX2\tDHCAST128\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x03\x08\x02\xc0\x00\x02\x01\x02$\x06\x01\xc0\x00\x02\x02\x0f\x04files.example\x00\x10Fichiers d'\xc3\xa9t\xc3\xa9"
            ),
        ),
        service=Service(name="afp"),
        details={
            "server_name": "Fichiers d'été",
            "machine_type": "Netatalk3.1.12",
            "versions": ["AFP2.2", "AFPX03", "AFP3.4"],
            "mechanisms": ["DHX2", "DHCAST128"],
            "flags": [
                "copy-file",
                "messages",
                "signature",
                "tcp",
                "notifications",
                "directory-services",
                "utf-8-name",
            ],
            "signature": "000102030405060708090a0b0c0d0e0f",
            "addresses": ["192.0.2.1:548", "192.0.2.2", "files.example"],
        },
    ),
    Recording(
        "a Time Capsule of few words",
        "Apple, AFP Reference, FPGetSrvrInfo",
        turns=(
            client(b"\x00\x03\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
            server(
                b"\x01\x03\x00\x01\x00\x00\x00\x00\x00\x00\x00;\x00\x00\x00\x00\x00\x1a\x00+\x003\x00\x00\x80\x00\x07Capsule\x00\x00\x008\x00\x00\x009\x10TimeCapsule8,119\x01\x06AFP3.3\x01\x03SRP\x00\x00\x00"
            ),
        ),
        service=Service(name="afp"),
        details={
            "server_name": "Capsule",
            "machine_type": "TimeCapsule8,119",
            "versions": ["AFP3.3"],
            "mechanisms": ["SRP"],
            "flags": [],
        },
    ),
)
