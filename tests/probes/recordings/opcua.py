"""OPC UA."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "asyncua 1",
        "recorded",
        turns=(
            client(
                b"HELF;\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x1b\x00\x00\x00opc.tcp://host.example:4840"
            ),
            server(
                b"ACKF\x1c\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\xff\xff\x00\x00\x00\x00@\x06A\x06\x00\x00"
            ),
        ),
        service=Service(name="opcua"),
        details={
            "protocol_version": "0",
            "receive_buffer": 65535,
            "send_buffer": 65535,
            "max_message": 104857600,
            "max_chunks": 1601,
        },
    ),
    Recording(
        "a server that knows no such endpoint",
        "OPC 10000-6, 7.1.2.5",
        turns=(
            client(
                b"HELF;\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x1b\x00\x00\x00opc.tcp://host.example:4840"
            ),
            server(b"ERRF\x10\x00\x00\x00\x00\x00\x83\x80\xff\xff\xff\xff"),
        ),
        service=Service(name="opcua"),
        details={"error": "endpoint url invalid"},
    ),
)
