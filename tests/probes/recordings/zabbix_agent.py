"""Conversations of zabbix-agent."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "Zabbix agent 6.0.14, Debian 12",
        "recorded",
        turns=(
            client(b"ZBXD\x01\r\x00\x00\x00\x00\x00\x00\x00agent.version"),
            server(b"ZBXD\x01\x06\x00\x00\x00\x00\x00\x00\x006.0.14"),
        ),
        service=Service(name="zabbix-agent"),
        details={"version": "6.0.14"},
    ),
)
