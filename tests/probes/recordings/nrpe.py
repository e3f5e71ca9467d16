"""Conversations of nrpe."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "NRPE 4.1.0, Debian 12",
        "recorded",
        turns=(
            client(b"\x00\x02\x00\x01\xd4g?\x00\x00\x00_NRPE_CHECK" + bytes(1015)),
            server(b"\x00\x02\x00\x02\xa6Qf\x7f\x00\x00NRPE v4.1.0" + bytes(1013) + b"TY"),
        ),
        service=Service(name="nrpe"),
        details={"result": 0, "output": "NRPE v4.1.0"},
        tls=True,
    ),
)
