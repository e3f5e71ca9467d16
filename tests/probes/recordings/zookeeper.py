"""ZooKeeper."""

from banner.models import Service

from ..conversation import Recording, client, server

RECORDINGS = (
    Recording(
        "ZooKeeper 3.8.0, Debian 12",
        "recorded",
        turns=(
            client(b"srvr"),
            server(
                b"Zookeeper version: 3.8.0-${mvngit.commit.id}, built on 2024-12-29 17:54 UTC\n"
                b"Latency min/avg/max: 0/0.0/0\n"
                b"Received: 3\n"
                b"Sent: 2\n"
                b"Connections: 1\n"
                b"Outstanding: 0\n"
                b"Zxid: 0x0\n"
                b"Mode: standalone\n"
                b"Node count: 5\n"
            ),
        ),
        service=Service(
            "zookeeper",
            vendor="Apache",
            product="ZooKeeper",
            version="3.8.0",
            cpe=("cpe:2.3:a:apache:zookeeper:3.8.0:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={
            "build": "${mvngit.commit.id}",
            "built": "2024-12-29 17:54 UTC",
            "connections": "1",
            "outstanding": "0",
            "zxid": "0x0",
            "mode": "standalone",
            "node_count": "5",
        },
    ),
    Recording(
        "ZooKeeper whose whitelist lacks srvr",
        "ZooKeeper Administrator's Guide, 4lw.commands.whitelist",
        turns=(
            client(b"srvr"),
            server(b"srvr is not executed because it is not in the whitelist.\n"),
        ),
        service=Service(
            "zookeeper",
            vendor="Apache",
            product="ZooKeeper",
            cpe=("cpe:2.3:a:apache:zookeeper:*:*:*:*:*:*:*:*",),
            confidence=0.95,
        ),
        details={"error": "srvr is not executed because it is not in the whitelist."},
    ),
)
