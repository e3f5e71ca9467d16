"""Conversations of stomp."""

from banner.models import Service
from banner.probes.stomp import CONNECT, DISCONNECT

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "ActiveMQ 5.17.2, Debian 12",
        "recorded",
        turns=(
            client(b"CONNECT\naccept-version:1.0,1.1,1.2\nhost:/\n\n\x00"),
            server(
                b"CONNECTED\n"
                b"server:ActiveMQ/5.17.2\n"
                b"heart-beat:0,0\n"
                b"session:ID:vm-33037-1795782276050-3:4\n"
                b"version:1.2\n"
                b"\n"
                b"\x00\n"
            ),
            client(b"DISCONNECT\n\n\x00"),
        ),
        service=Service(name="stomp"),
        details={
            "server": "ActiveMQ/5.17.2",
            "protocol_version": "1.2",
            "heart_beat": "0,0",
            "access": "granted",
        },
    ),
    Recording(
        "RabbitMQ 3.10.8, Debian 12, where its default user may come from",
        "recorded",
        turns=(
            client(CONNECT),
            server(
                b"CONNECTED\nserver:RabbitMQ/3.10.8\nsession:session-sSti6cT_BbazfMQjy810DA\nheart-beat:0,0\nversion:1.2\n\n\0\n"
            ),
            client(DISCONNECT),
        ),
        service=Service("stomp"),
        details={
            "server": "RabbitMQ/3.10.8",
            "protocol_version": "1.2",
            "heart_beat": "0,0",
            "access": "granted",
        },
    ),
)
