"""Conversations of epmd."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Erlang/OTP 25.2.3, Debian 12, with a node",
        "recorded",
        turns=(
            client(b"\x00\x01n"),
            server(b"\x00\x00_1name rabbit at port 46741\n"),
        ),
        service=Service(
            name="epmd",
            vendor="Ericsson",
            product="Erlang/OTP",
            cpe=("cpe:2.3:a:erlang:erlang\\/otp:*:*:*:*:*:*:*:*",),
        ),
        details={"nodes": ["rabbit:46741"]},
    ),
)
