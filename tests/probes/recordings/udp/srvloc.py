"""srvloc over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "an agent with two types",
        "RFC 2608, section 10.2",
        turns=(
            client(b"\x02\t\x00\x00\x1d\x00\x00\x00\x00\x00ba\x00\x02en\x00\x00\xff\xff\x00\x07DEFAULT"),
            server(
                b"\x02\n"
                b"\x00\x00C\x00\x00\x00\x00\x00ba\x00\x02en\x00\x00\x00/service:VMwareInfrastructure,service:wbem:https"
            ),
        ),
        service=Service(name="srvloc"),
        details={"error_code": 0, "services": ["service:VMwareInfrastructure", "service:wbem:https"]},
    ),
    Recording(
        "a scope that is not there",
        "RFC 2608, sections 7 and 10.2",
        turns=(
            client(b"\x02\t\x00\x00\x1d\x00\x00\x00\x00\x00ba\x00\x02en\x00\x00\xff\xff\x00\x07DEFAULT"),
            server(b"\x02\n\x00\x00\x14\x00\x00\x00\x00\x00ba\x00\x02en\x00\x04\x00\x00"),
        ),
        service=Service(name="srvloc"),
        details={"error_code": 4},
    ),
)
