"""stun over UDP."""

from banner.models import Service

from ...conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "coturn 4.6.1, Debian 12",
        "recorded",
        turns=(
            client(b"\x00\x01\x00\x00!\x12\xa4Bbanner asks "),
            server(
                b"\x01\x01\x00<!\x12\xa4Bbanner asks \x00 \x00\x08\x00\x01\xe9\xf6^\x12\xa4C\x00\x01\x00\x08\x00\x01\xc8\xe4\x7f\x00\x00\x01\x80+\x00\x08\x00\x01O\xfe\x7f\x00\x00\x01\x80\"\x00\x14Coturn-4.6.1 'Gorst'"
            ),
        ),
        service=Service(name="stun"),
        details={"response_origin": "127.0.0.1:20478", "software": "Coturn-4.6.1 'Gorst'"},
    ),
)
