"""H.323's gateways and terminals."""

from banner.models import Service

from ..conversation import Recording, client, server

ASKED = client(b"\3\0\0\x09\x08\2\x5a\x31\x75")

RECORDINGS = (
    Recording(
        "STATUS, with no call",
        "ITU-T Q.931, 3.1.16 and 5.8.10",
        turns=(ASKED, server(b"\3\0\0\x10\x08\2\xda\x31\x7d\x08\2\x80\x9e\x14\1\0")),
        service=Service("h323"),
        details={"message": "STATUS", "cause": 30, "call_state": 0},
    ),
    Recording(
        "RELEASE COMPLETE, version 4 of H.225.0",
        "ITU-T Q.931, 3.1.10 and 5.8.3.2; H.225.0 (2000), 7.3.11 and annex H",
        turns=(
            ASKED,
            server(
                b"\3\0\0\x1b\x08\2\xda\x31\x5a\x08\2\x80\xd1\x7e\0\x0b\x05\x25\x80\x06\0\x08\x91\x4a\0\4\1"
            ),
        ),
        service=Service("h323"),
        details={"message": "RELEASE COMPLETE", "cause": 81, "protocol_version": 4},
    ),
)
