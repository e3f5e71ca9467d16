"""ms-sql-m over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "two instances",
        "[MC-SQLR], section 4.1",
        turns=(
            client(b"\x03"),
            server(
                b"\x05\xc0\x00ServerName;FIELD;InstanceName;MSSQLSERVER;IsClustered;No;Version;15.0.2000.5;tcp;1433;np;\\\\FIELD\\pipe\\sql\\query;;ServerName;FIELD;InstanceName;SQLEXPRESS;IsClustered;No;Version;14.0.1000.169;;"
            ),
        ),
        service=Service(
            name="ms-sql-m",
            vendor="Microsoft",
            product="SQL Server",
            version="15.0.2000.5",
            os="Windows",
            cpe=("cpe:2.3:a:microsoft:sql_server:15.0.2000.5:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={
            "hostname": "FIELD",
            "instances": ["MSSQLSERVER 15.0.2000.5 tcp 1433", "SQLEXPRESS 14.0.1000.169"],
        },
    ),
)
