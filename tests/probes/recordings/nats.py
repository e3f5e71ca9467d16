"""Conversations of nats."""

from banner.models import Service

from ..conversation import TLS, Recording, server

RECORDINGS = (
    Recording(
        "NATS 2.9.10, Debian 12",
        "recorded",
        turns=(
            server(
                b'INFO {"server_id":"NDJRHL3ES5ZIGCAMV45GP4KMMTZ6PWZONKN3TIGYHQJO5BSXB2MWJI3Q","server_name":"NDJRHL3ES5ZIGCAMV45GP4KMMTZ6PWZONKN3TIGYHQJO5BSXB2MWJI3Q","version":"2.9.10","proto":1,"go":"go1.19.8","host":"127.0.0.1","port":24222,"headers":true,"max_payload":1048576,"client_id":7,"client_ip":"127.0.0.1"} \r\n'
            ),
        ),
        service=Service(
            name="nats",
            vendor="NATS",
            product="NATS Server",
            version="2.9.10",
            cpe=("cpe:2.3:a:linuxfoundation:nats-server:2.9.10:*:*:*:*:*:*:*",),
        ),
        details={
            "server_id": "NDJRHL3ES5ZIGCAMV45GP4KMMTZ6PWZONKN3TIGYHQJO5BSXB2MWJI3Q",
            "server_name": "NDJRHL3ES5ZIGCAMV45GP4KMMTZ6PWZONKN3TIGYHQJO5BSXB2MWJI3Q",
            "version": "2.9.10",
            "go": "go1.19.8",
            "proto": 1,
            "max_payload": 1048576,
            "headers": True,
        },
    ),
    Recording(
        "NATS 2.9.10, Debian 12, TLS required",
        "recorded",
        turns=(
            server(
                b'INFO {"server_id":"NA2MB6KLOKA7FHNOWU2U3TZZRJZE5CZ664TYRDMLJGFVC6IYAPQWBHEE","server_name":"NA2MB6KLOKA7FHNOWU2U3TZZRJZE5CZ664TYRDMLJGFVC6IYAPQWBHEE","version":"2.9.10","proto":1,"go":"go1.19.8","host":"127.0.0.1","port":24223,"headers":true,"tls_required":true,"max_payload":1048576,"client_id":7,"client_ip":"127.0.0.1"} \r\n'
            ),
            TLS,
        ),
        service=Service(
            name="nats",
            vendor="NATS",
            product="NATS Server",
            version="2.9.10",
            cpe=("cpe:2.3:a:linuxfoundation:nats-server:2.9.10:*:*:*:*:*:*:*",),
        ),
        details={
            "server_id": "NA2MB6KLOKA7FHNOWU2U3TZZRJZE5CZ664TYRDMLJGFVC6IYAPQWBHEE",
            "server_name": "NA2MB6KLOKA7FHNOWU2U3TZZRJZE5CZ664TYRDMLJGFVC6IYAPQWBHEE",
            "version": "2.9.10",
            "go": "go1.19.8",
            "proto": 1,
            "max_payload": 1048576,
            "tls_required": True,
            "headers": True,
        },
    ),
)
