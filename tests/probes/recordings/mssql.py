"""SQL Server."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "SQL Server 2005",
        "[MS-TDS], section 4.2",
        turns=(
            client(
                b'\x12\x01\x00/\x00\x00\x01\x00\x00\x00\x1a\x00\x06\x01\x00 \x00\x01\x02\x00!\x00\x01\x03\x00"'
                b"\x00\x04\x04\x00&\x00\x01\xff\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00"
            ),
            server(
                b'\x04\x01\x00+\x00\x00\x01\x00\x00\x00\x1a\x00\x06\x01\x00 \x00\x01\x02\x00!\x00\x01\x03\x00"'
                b'\x00\x00\x04\x00"\x00\x01\xff\t\x00\x00\x00\x00\x00\x01\x00\x01'
            ),
        ),
        service=Service(
            "ms-sql-s",
            vendor="Microsoft",
            product="SQL Server",
            version="9.0.0.0",
            info="2005",
            cpe=("cpe:2.3:a:microsoft:sql_server:9.0.0.0:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"encryption": "on"},
    ),
    Recording(
        "SQL Server 2022, encryption required",
        "[MS-TDS], section 4.2, with the version and the wish of a newer server",
        turns=(
            client(
                b'\x12\x01\x00/\x00\x00\x01\x00\x00\x00\x1a\x00\x06\x01\x00 \x00\x01\x02\x00!\x00\x01\x03\x00"'
                b"\x00\x04\x04\x00&\x00\x01\xff\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00"
            ),
            server(
                b'\x04\x01\x00+\x00\x00\x01\x00\x00\x00\x1a\x00\x06\x01\x00 \x00\x01\x02\x00!\x00\x01\x03\x00"'
                b'\x00\x00\x04\x00"\x00\x01\xff\x10\x00\x03\xe8\x00\x00\x03\x00\x00'
            ),
        ),
        service=Service(
            "ms-sql-s",
            vendor="Microsoft",
            product="SQL Server",
            version="16.0.1000.0",
            info="2022",
            cpe=("cpe:2.3:a:microsoft:sql_server:16.0.1000.0:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"encryption": "required"},
    ),
)
