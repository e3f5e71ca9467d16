"""snmp-v2c over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Net-SNMP 5.9.3, Debian 12",
        "recorded",
        turns=(
            client(
                b"0E\x02\x01\x01\x04\x06public\xa08\x02\x04er a\x02\x01\x00\x02\x01\x000*0\x0c\x06\x08+\x06\x01\x02\x01\x01\x01\x00\x05\x000\x0c\x06\x08+\x06\x01\x02\x01\x01\x02\x00\x05\x000\x0c\x06\x08+\x06\x01\x02\x01\x01\x05\x00\x05\x00"
            ),
            server(
                b"0\x81\xb9\x02\x01\x01\x04\x06public\xa2\x81\xab\x02\x04er a\x02\x01\x00\x02\x01\x000\x81\x9c0h\x06\x08+\x06\x01\x02\x01\x01\x01\x00\x04\\Linux host.example 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01) x86_640\x16\x06\x08+\x06\x01\x02\x01\x01\x02\x00\x06\n+\x06\x01\x04\x01\xbf\x08\x03\x02\n0\x18\x06\x08+\x06\x01\x02\x01\x01\x05\x00\x04\x0chost.example"
            ),
        ),
        service=Service(name="snmp"),
        details={
            "community": "public",
            "description": "Linux host.example 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01) x86_64",
            "object_id": "1.3.6.1.4.1.8072.3.2.10",
            "hostname": "host.example",
        },
    ),
)
