"""Conversations of PulseAudio's native protocol."""

from banner.models import Service

from ..conversation import Recording, client, server

ASK = bytes.fromhex("0000000a ffffffff 0000000000000000 00000000 4c 00000014 4c 6261 6e6e")
HEAD = bytes.fromhex("ffffffff 0000000000000000 00000000 4c")

RECORDINGS = (
    Recording(
        "PulseAudio 16.1, Debian 12",
        "recorded",
        turns=(
            client(ASK),
            server(bytes.fromhex("0000000f") + HEAD + bytes.fromhex("00000000 4c 62616e6e 4c 00000001")),
        ),
        service=Service("pulseaudio"),
        details={"error": "access denied"},
    ),
    Recording(
        "PulseAudio 16.1, Debian 12, open to everybody",
        "recorded",
        turns=(
            client(ASK),
            server(
                bytes.fromhex("00000048")
                + HEAD
                + bytes.fromhex("00000002 4c 62616e6e")
                + b"tpulseaudio\0t16.1\0tnobody\0tvm\0a\x03\x02\0\0\xacDtnull\0tnull.monitor\0Lud\x05\xf6"
            ),
        ),
        service=Service(
            name="pulseaudio",
            vendor="PulseAudio",
            product="PulseAudio",
            version="16.1",
            cpe=("cpe:2.3:a:pulseaudio:pulseaudio:16.1:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"server_name": "pulseaudio", "version": "16.1", "user_name": "nobody", "host_name": "vm"},
    ),
)
